import DemoTenant
import OpenID
import Testing

/// What an authorization request looks like with one thing wrong, and what follows.
struct BadRequest: Sendable, CustomTestStringConvertible {
  var name: String
  var changes: [String: String?]
  var error: String
  var location = callback + "#"

  var testDescription: String { name }
}

@Suite struct AuthorizeTests {
  @Test(arguments: [
    BadRequest(
      name: "no response_type", changes: ["response_type": nil], error: "invalid_request",
      location: callback + "?"),
    BadRequest(
      name: "unknown word", changes: ["response_type": "code magic"],
      error: "unsupported_response_type", location: callback + "?"),
    BadRequest(
      name: "implicit", changes: ["response_type": "id_token token"],
      error: "unsupported_response_type"),
    BadRequest(
      name: "a word twice", changes: ["response_type": "code code id_token"],
      error: "unsupported_response_type"),
    BadRequest(name: "no scope", changes: ["scope": nil], error: "invalid_scope"),
    BadRequest(name: "no openid", changes: ["scope": "profile"], error: "invalid_scope"),
    BadRequest(name: "no nonce", changes: ["nonce": nil], error: "invalid_request"),
    BadRequest(name: "an empty nonce", changes: ["nonce": ""], error: "invalid_request"),
    BadRequest(
      name: "plain PKCE", changes: ["code_challenge_method": "plain"], error: "invalid_request"),
    BadRequest(
      name: "PKCE without method", changes: ["code_challenge_method": nil],
      error: "invalid_request"),
    BadRequest(
      name: "method without challenge", changes: ["code_challenge": nil],
      error: "invalid_request"),
    BadRequest(
      name: "a short challenge", changes: ["code_challenge": "abc"], error: "invalid_request"),
    BadRequest(
      name: "none with login", changes: ["prompt": "none login"], error: "invalid_request"),
    BadRequest(name: "unknown prompt", changes: ["prompt": "dance"], error: "invalid_request"),
    BadRequest(name: "negative age", changes: ["max_age": "-1"], error: "invalid_request"),
    BadRequest(name: "no number", changes: ["max_age": "soon"], error: "invalid_request"),
    BadRequest(
      name: "a huge number", changes: ["max_age": "99999999999999999999"],
      error: "invalid_request"),
    BadRequest(
      name: "unknown audience", changes: ["audience": "https://api.other.example/"],
      error: "invalid_target"),
    BadRequest(
      name: "a broken request object", changes: ["request": "a.b.c"],
      error: "invalid_request_object"),
    BadRequest(
      name: "a request by reference", changes: ["request_uri": "https://x.example/r"],
      error: "request_uri_not_supported"),
    BadRequest(
      name: "a registration", changes: ["registration": "{}"],
      error: "registration_not_supported"),
    BadRequest(
      name: "a hint that is no token", changes: ["id_token_hint": "x"],
      error: "invalid_request"),
    BadRequest(
      name: "silent and nobody here", changes: ["prompt": "none"], error: "login_required"),
  ])
  func `a bad request is answered at the redirect URI, with state and issuer`(
    request: BadRequest
  ) throws {
    var world = try World()
    let page = try world.authorize(request.changes)
    let fields = try world.answer(page)
    #expect(fields["error"] == request.error)
    #expect(fields["error_description"] != nil)
    #expect(fields["state"] == "the-state")
    #expect(fields["iss"] == "http://localhost:9000/")
    #expect(fields["code"] == nil)
    #expect(page.headers["Content-Security-Policy"] != nil)
    // Without a mode it takes the default way of its response type.
    let silent = try world.authorize(
      request.changes.merging(["response_mode": nil]) { _, new in new })
    #expect(silent.headers["Location"]?.hasPrefix(request.location + "error=") == true)
    let failed = world.tenant.ledger.filter { !$0.passed }
    #expect(!failed.isEmpty || request.changes.keys.contains("response_type"))
  }

  @Test(arguments: [
    BadRequest(name: "no client", changes: ["client_id": nil], error: "Unknown client"),
    BadRequest(name: "unknown client", changes: ["client_id": "who"], error: "Unknown client"),
    BadRequest(name: "no redirect URI", changes: ["redirect_uri": nil], error: "redirect_uri"),
    BadRequest(
      name: "another path", changes: ["redirect_uri": callback + "/"], error: "mismatch"),
    BadRequest(
      name: "another query", changes: ["redirect_uri": callback + "?x=1"], error: "mismatch"),
    BadRequest(
      name: "another case", changes: ["redirect_uri": "http://LOCALHOST:8910/callback"],
      error: "mismatch"),
    BadRequest(
      name: "another port", changes: ["redirect_uri": "http://localhost:8911/callback"],
      error: "mismatch"),
    BadRequest(
      name: "another client's", changes: ["redirect_uri": "http://localhost:8920/callback"],
      error: "mismatch"),
    BadRequest(
      name: "a foreign place", changes: ["redirect_uri": "https://evil.example/"],
      error: "mismatch"),
    BadRequest(
      name: "a script", changes: ["redirect_uri": "javascript:alert(1)"], error: "mismatch"),
    BadRequest(
      name: "query mode for a hybrid type", changes: ["response_mode": "query"],
      error: "response_mode=query"),
    BadRequest(
      name: "an unknown mode", changes: ["response_mode": "web_message"],
      error: "response mode"),
    BadRequest(
      name: "a giant state", changes: ["state": String(repeating: "x", count: 9000)],
      error: "longer than"),
  ])
  func `what cannot be trusted to a redirect URI stays at the tenant`(request: BadRequest) throws {
    var world = try World()
    let page = try world.authorize(request.changes)
    #expect(page.status == 400)
    #expect(page.headers["Location"] == nil)
    #expect(try world.readPage(page).forms.isEmpty)
    #expect(page.bodyText.contains(request.error))
  }

  @Test(arguments: ["scope", "nonce", "state", "response_type", "response_mode"])
  func `a repeated parameter is refused`(name: String) throws {
    var world = try World()
    let fields = authorizeFields() + [FormField(name, "again")]
    let page = world.get("/authorize?" + FormEncoding.encode(fields))
    #expect(try world.answer(page)["error"] == "invalid_request")
    #expect(try world.answer(page)["state"] == (name == "state" ? nil : "the-state"))
  }

  @Test(arguments: ["client_id", "redirect_uri"])
  func `a repeated client or redirect URI leads nowhere`(name: String) throws {
    var world = try World()
    let fields = authorizeFields() + [FormField(name, authorizeFields()[name] ?? "")]
    let page = world.get("/authorize?" + FormEncoding.encode(fields))
    #expect(page.status == 400)
    #expect(page.headers["Location"] == nil)
  }

  @Test func `without a nonce code token and code are fine`() throws {
    for type in ["code token", "code"] {
      var world = try World()
      let fields = try world.flow(["response_type": type, "nonce": nil])
      let tokens = try json(world.exchange(fields["code"]))
      #expect(try world.verified(tokens["id_token"]?.string)["nonce"] == nil)
    }
  }

  @Test func `unknown scopes and parameters are ignored, and the scope says so`() throws {
    var world = try World()
    let fields = try world.flow([
      "scope": "openid telepathy read:contacts", "response_type": "code token",
      "ui_locales": "de", "acr_values": "gold", "display": "popup", "claims": "{}",
    ])
    #expect(fields["scope"] == "openid read:contacts")
    #expect(world.call("/api/contacts", bearer: fields["access_token"]).status == 200)
    #expect(world.call("/api/appointments", bearer: fields["access_token"]).status == 403)
  }

  @Test func `the request of a form with another media type is refused`() throws {
    var world = try World()
    let response = world.send(
      HTTPRequest(
        method: "POST", target: "/authorize", headers: ["Content-Type": "application/json"],
        body: Array("{}".utf8)))
    #expect(response.status == 400)
  }

  @Test func `a public client must use PKCE`() throws {
    var world = try World {
      $0.clients.append(TenantClient(id: "public", secret: nil, redirectURIs: [callback]))
    }
    let changes: [String: String?] = ["client_id": "public"]
    let bare = changes.merging(["code_challenge": nil, "code_challenge_method": nil]) { $1 }
    #expect(try world.answer(world.authorize(bare))["error"] == "invalid_request")
    let fields = try world.flow(changes)
    let response = world.token(
      exchangeFields(fields["code"], ["client_id": "public"]), secret: nil)
    #expect(response.status == 200, "\(response.bodyText)")
  }
}
