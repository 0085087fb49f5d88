import Cryptography
import DemoTenant
import OpenID
import Testing

/// A signed request with one thing wrong, and the rule that must say so.
struct BadObject: Sendable, CustomTestStringConvertible {
  var name: String
  var rule: String
  /// Whether the rule holds for every client, and not under FAPI 1.0 Advanced alone.
  var isAlways: Bool
  var change: @Sendable (inout ObjectDraft) throws -> Void
  var testDescription: String { name }

  init(
    _ name: String, _ rule: String, always isAlways: Bool = true,
    change: @escaping @Sendable (inout ObjectDraft) throws -> Void
  ) {
    (self.name, self.rule, self.isAlways, self.change) = (name, rule, isAlways, change)
  }
}

/// A request object in the making.
struct ObjectDraft {
  var header: JSONValue
  var claims: JSONValue
  var key: SigningKey
  var text: String?

  init(at now: UnixTime, key: SigningKey, _ changes: [String: String?] = [:]) {
    self.key = key
    header = key.header(type: "oauth-authz-req+jwt")
    claims = [
      "iss": .string(TenantSettings.demoClientID), "aud": "http://localhost:9000/",
      "iat": .number(JSONNumber(now.seconds)), "nbf": .number(JSONNumber(now.seconds)),
      "exp": .number(JSONNumber(now.seconds + 300)),
    ]
    for field in authorizeFields(changes) { claims.set(field.name, .string(field.value)) }
  }

  func object() throws -> String {
    try text ?? key.compactJWS(header: header, payload: Array(claims.compactText.utf8))
  }
}

/// Pushed and signed requests, for everybody and under FAPI 1.0 Advanced.
@Suite struct FAPITests {
  private static let key = Result { try rsaKey.get().withAlgorithm(.ps256, keyID: "client-ps256") }

  /// A tenant with these rules, or one whose client merely has a key.
  private func world(
    demanding: Bool = true, requestKeys: [DecryptionKey] = [], pushed: Bool = true
  ) throws -> World {
    let key = try Self.key.get()
    let own = try rsaKey.get()
    return try World(key: demanding ? own.withAlgorithm(.ps256) : own) {
      $0.requestKeys = requestKeys
      if demanding {
        $0.clients.removeLast()
        $0.demandFAPI(clientKey: key.publicJWK, pushed: pushed)
      } else {
        $0.clients[0].keys = [key.publicJWK]
      }
    }
  }

  private func assertion(_ world: World, audience: String = "http://localhost:9000/") throws
    -> [FormField]
  {
    let key = try Self.key.get()
    let claims: JSONValue = [
      "iss": .string(TenantSettings.demoClientID), "sub": .string(TenantSettings.demoClientID),
      "aud": .string(audience), "jti": .string(try Randomness.token()),
      "exp": .number(JSONNumber(world.now.seconds + 60)),
    ]
    return [
      FormField("client_id", TenantSettings.demoClientID),
      FormField(
        "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
      FormField(
        "client_assertion",
        try key.compactJWS(header: key.header(), payload: Array(claims.compactText.utf8))),
    ]
  }

  private func push(
    _ world: inout World, _ fields: [FormField], audience: String = "http://localhost:9000/"
  ) throws -> HTTPResponse {
    world.post("/oauth/par", try assertion(world, audience: audience) + fields)
  }

  private func pushed(_ world: inout World, _ changes: [String: String?] = [:]) throws -> String {
    let object = try ObjectDraft(at: world.now, key: Self.key.get(), changes).object()
    let response = try push(&world, [FormField("request", object)])
    #expect(response.status == 201, "\(response.bodyText)")
    let json = try JSONParser.parse(response.body)
    #expect(json["expires_in"]?.integer == 60)
    return try #require(json["request_uri"]?.string)
  }

  private func authorizeURL(_ fields: [FormField]) -> String {
    "/authorize?"
      + FormEncoding.encode([FormField("client_id", TenantSettings.demoClientID)] + fields)
  }

  private func finish(_ world: inout World, _ first: HTTPResponse) throws -> [FormField] {
    var page = try world.follow(first)
    if try world.title(page) == "Sign in" { page = try world.signIn(page) }
    if try world.title(page).hasPrefix("Allow") { page = try world.submit(page, pressing: "Allow") }
    return try world.answer(page)
  }

  private func failed(_ world: World) -> [String] {
    world.tenant.ledger.filter { !$0.passed }.map(\.rule)
  }

  @Test func `a pushed and signed request brings an answer that is signed as a whole`() throws {
    var world = try world()
    let reference = try pushed(
      &world,
      ["claims": #"{"id_token":{"openbanking_intent_id":{"value":"urn:intent:7"}}}"#])
    let fields = try finish(
      &world, world.get(authorizeURL([FormField("request_uri", reference)])))
    let claims = try world.verified(fields["id_token"])
    // Python, hashlib: the left half of SHA-256 of the state.
    let digest = try Digest.hash(Array("the-state".utf8), .sha256)
    #expect(claims["s_hash"]?.string == Base64URL.encode(digest.prefix(16)))
    #expect(claims["c_hash"] != nil && claims["name"] == nil && claims["email"] == nil)
    #expect(claims["openbanking_intent_id"]?.string == "urn:intent:7")
    let token = world.post(
      "/oauth/token", exchangeFields(fields["code"]) + (try assertion(world)))
    #expect(token.status == 200, "\(token.bodyText)")
    let back = try JSONParser.parse(token.body)
    #expect(try CompactJWS(back["id_token"]?.string ?? "").algorithm == .ps256)
    #expect(try world.verified(back["id_token"]?.string)["email"]?.string == "ada@demo.example")
    #expect(failed(world) == [])
  }

  @Test(arguments: [
    ("af0ifjsldkj", "bOhtX8F73IMjSPeVAqxyTQ"), ("xyz", "Ngi8oeROpsTSaOttsCJgJg"),
  ])
  func `s_hash is that of the published vectors`(state: String, hash: String) throws {
    var world = try world()
    let reference = try pushed(&world, ["state": state])
    let fields = try finish(
      &world, world.get(authorizeURL([FormField("request_uri", reference)])))
    #expect(try world.verified(fields["id_token"])["s_hash"]?.string == hash)
  }

  @Test(arguments: [
    BadObject("no JWT", "object-jwt") { $0.text = "a.b.c" },
    BadObject("unsigned", "object-algorithm") {
      $0.text =
        Base64URL.encode(#"{"alg":"none"}"#.utf8) + "."
        + Base64URL.encode($0.claims.compactText.utf8) + "."
    },
    BadObject("an extension", "object-crit") { $0.header.set("crit", ["x"]) },
    BadObject("another kid", "object-key") { $0.header.set("kid", "unknown") },
    BadObject("another key", "object-signature") {
      $0.key = try SigningKey.generate(.ps256, keyID: "client-ps256")
    },
    BadObject("of another client", "object-client") { $0.claims.set("iss", "other") },
    BadObject("about another client", "object-client") {
      $0.claims.set("client_id", "other")
    },
    BadObject("without client_id", "object-client") { $0.claims.remove("client_id") },
    BadObject("for another", "object-audience") {
      $0.claims.set("aud", "https://another.example/")
    },
    BadObject("for nobody", "object-audience", always: false) { $0.claims.remove("aud") },
    BadObject("an object inside", "object-flat") { $0.claims.set("request", "a.b.c") },
    BadObject("expired", "object-unexpired") { $0.claims.set("exp", 1_763_999_000) },
    BadObject("not yet", "object-begun") { $0.claims.set("nbf", 1_764_000_100) },
    BadObject("no nbf", "object-begun", always: false) { $0.claims.remove("nbf") },
    BadObject("no exp", "object-unexpired", always: false) { $0.claims.remove("exp") },
    BadObject("two hours", "object-lifetime", always: false) {
      $0.claims.set("exp", 1_764_007_200)
    },
    BadObject("begun long ago", "object-lifetime", always: false) {
      $0.claims.set("nbf", 1_763_996_000)
      $0.claims.set("exp", 1_763_999_990)
    },
    BadObject("a time like no number", "object-lifetime", always: false) {
      $0.claims.set("nbf", .number(JSONNumber(Int64.min)))
    },
    BadObject("RS256", "object-algorithm", always: false) {
      $0.key = try $0.key.withAlgorithm(.rs256, keyID: "client-ps256")
      $0.header = $0.key.header()
    },
  ])
  func `a wrong request object is refused, and the rule is named`(bad: BadObject) throws {
    for demanding in [true, false] {
      var world = try world(demanding: demanding)
      var draft = ObjectDraft(at: world.now, key: try Self.key.get())
      try bad.change(&draft)
      let response = try push(&world, [FormField("request", try draft.object())])
      guard demanding || bad.isAlways else {
        #expect(!failed(world).contains(bad.rule), "\(bad.name)")
        continue
      }
      #expect(response.status == 400)
      let json = try JSONParser.parse(response.body)
      #expect(json["error"]?.string == "invalid_request_object")
      #expect(failed(world).contains(bad.rule), "\(failed(world))")
    }
  }

  @Test(arguments: [KeyManagementAlgorithm.rsaOAEP, .ecdhES, .ecdhESA256KW])
  func `a request object that is encrypted for the tenant is opened, and no other`(
    algorithm: KeyManagementAlgorithm
  ) throws {
    let kind: DecryptionKey.Kind = algorithm.keyType == "RSA" ? .rsa : .ec
    let keys = try ["tenant-enc", "another"].map { try DecryptionKey.generate(kind, keyID: $0) }
    var world = try world(requestKeys: [keys[0]])
    let metadata = try JSONParser.parse(world.get("/.well-known/openid-configuration").body)
    let listed = metadata["request_object_encryption_alg_values_supported"]?.strings
    #expect(listed?.contains(algorithm.rawValue) == true)
    let published = try JSONParser.parse(world.get("/.well-known/jwks.json").body)
    let member = try #require(published["keys"]?.elements?.last)
    #expect(member["use"] == "enc" && member["d"] == nil)
    for (key, status) in [(keys[0], 201), (keys[1], 400)] {
      let object = try ObjectDraft(at: world.now, key: Self.key.get()).object()
      let encrypted = try JWE.encrypt(
        Array(object.utf8), TokenEncryption(algorithm, .a256GCM), for: .publicKey(key.publicJWK),
        members: [JSONMember("cty", "JWT")])
      let response = try push(&world, [FormField("request", encrypted)])
      #expect(response.status == status, "\(response.bodyText)")
      #expect(failed(world).contains("object-decrypts") == (status == 400))
    }
  }

  @Test func `by value, only what is inside counts, and no rule beyond wants it pushed`() throws {
    var world = try world(demanding: false)
    let object = try ObjectDraft(at: world.now, key: Self.key.get()).object()
    let first = world.get(
      authorizeURL([
        FormField("request", object), FormField("scope", "openid read:contacts"),
        FormField("state", "outside"),
      ]))
    let fields = try finish(&world, first)
    #expect(fields["state"] == "the-state")
    #expect(try world.verified(fields["id_token"])["s_hash"] == nil)
  }

  @Test func `a reference is good once, for its own client, for a minute`() throws {
    var world = try world(demanding: false)
    func ask(_ reference: String, as client: String? = nil) throws -> [FormField] {
      let response = world.get(
        "/authorize?"
          + FormEncoding.encode([
            FormField("client_id", client ?? TenantSettings.demoClientID),
            FormField("request_uri", reference),
          ]))
      return [FormField("status", String(response.status)), FormField("body", response.bodyText)]
    }
    let plain = authorizeFields().filter { $0.name != "client_id" }
    let body = try push(&world, plain).body
    let first = try #require(try JSONParser.parse(body)["request_uri"]?.string)
    #expect(try ask(first, as: "other")["status"] == "400")
    #expect(try ask(first)["status"] == "302")
    #expect(try ask(first)["body"]?.contains("used already") == true)
    let again = try push(&world, plain).body
    let late = try #require(try JSONParser.parse(again)["request_uri"]?.string)
    world.advance(seconds: 61)
    #expect(try ask(late)["body"]?.contains("unknown or has expired") == true)
    #expect(try ask("urn:ietf:params:oauth:request_uri:guess")["status"] == "400")
  }

  @Test func `what may not be pushed is refused at once`() throws {
    var world = try world(demanding: false)
    let plain = authorizeFields().filter { $0.name != "client_id" }
    let rows: [(fields: [FormField], error: String)] = [
      (plain + [FormField("request_uri", "urn:x")], "invalid_request"),
      (plain.filter { $0.name != "redirect_uri" }, "invalid_request"),
      (plain.filter { $0.name != "nonce" }, "invalid_request"),
      ([FormField("client_id", "other")] + plain, "invalid_request"),
      (plain.filter { $0.name != "response_type" }, "unsupported_response_type"),
    ]
    for row in rows {
      let response = try push(&world, row.fields)
      #expect(response.status == 400)
      #expect(try JSONParser.parse(response.body)["error"]?.string == row.error)
    }
    #expect(world.post("/oauth/par", plain).status == 401)
    #expect(world.get("/oauth/par").status == 405)
    let own = try push(&world, plain, audience: "http://localhost:9000/oauth/par")
    #expect(own.status == 201, "RFC 9126, section 2, names this audience")
  }

  @Test func `under the rules the browser may not bring a request of its own`() throws {
    var world = try world()
    let object = try ObjectDraft(at: world.now, key: Self.key.get()).object()
    let refused = try world.answer(world.get(authorizeURL([FormField("request", object)])))
    #expect(refused["error"] == "invalid_request" && refused["state"] == "the-state")
    #expect(
      refused["error_description"]
        == "Pushed Authorization Requests are required by the configured compliance level")
    #expect(try world.answer(world.authorize())["error"] == "invalid_request")
    #expect(failed(world).contains("par-required"))
    #expect(failed(world).contains("request-object-required"))
  }

  @Test func `under the rules a secret, another type and a request without PKCE are refused`()
    throws
  {
    var world = try world()
    let basic = world.token(exchangeFields("code"))
    #expect(basic.status == 401 && failed(world).contains("client-auth-profile"))
    let rows: [(changes: [String: String?], rule: String)] = [
      (["response_type": "code id_token token"], "response-type-profile"),
      (["code_challenge": nil, "code_challenge_method": nil], "pkce-method"),
      (["nonce": nil], "nonce-present"),
    ]
    for row in rows {
      let object = try ObjectDraft(at: world.now, key: Self.key.get(), row.changes)
      var draft = object
      for (name, value) in row.changes where value == nil { draft.claims.remove(name) }
      #expect(try push(&world, [FormField("request", draft.object())]).status == 400)
      #expect(failed(world).contains(row.rule), "\(row.rule)")
    }
  }

  @Test func `without PKCE the answer says that PKCE is missing, and not which method`() throws {
    var world = try world()
    var draft = ObjectDraft(at: world.now, key: try Self.key.get())
    draft.claims.remove("code_challenge_method")
    let half = try push(&world, [FormField("request", try draft.object())])
    #expect(half.bodyText.contains("code_challenge_method must be S256"), "\(half.bodyText)")
    draft.claims.remove("code_challenge")
    let none = try push(&world, [FormField("request", try draft.object())])
    #expect(none.bodyText.contains("PKCE is missing"), "\(none.bodyText)")
  }

  @Test func `with an agreed key the browser brings an encrypted object, or a reference`() throws {
    let keys = [try DecryptionKey.generate(.ec, keyID: "tenant-enc")]
    var world = try world(requestKeys: keys, pushed: false)
    let object = try ObjectDraft(at: world.now, key: Self.key.get()).object()
    let refused = try world.answer(world.get(authorizeURL([FormField("request", object)])))
    #expect(refused["error"] == "invalid_request_object")
    #expect(failed(world) == ["object-encrypted"])
    #expect(try push(&world, [FormField("request", object)]).status == 201)
  }

  @Test func `its metadata list what it takes, and nothing else`() throws {
    var world = try world()
    let metadata = try JSONParser.parse(world.get("/.well-known/openid-configuration").body)
    #expect(metadata["response_types_supported"]?.strings == ["code id_token"])
    #expect(metadata["token_endpoint_auth_methods_supported"]?.strings == ["private_key_jwt"])
    #expect(metadata["id_token_signing_alg_values_supported"]?.strings == ["PS256"])
    #expect(
      metadata["request_object_signing_alg_values_supported"]?.strings == ["PS256", "ES256"])
    #expect(metadata["require_pushed_authorization_requests"]?.bool == true)
    #expect(metadata["require_signed_request_object"]?.bool == true)
    #expect(metadata["claims_parameter_supported"]?.bool == true)
    #expect(
      metadata["pushed_authorization_request_endpoint"]?.string == "http://localhost:9000/oauth/par"
    )
  }

  @Test func `an API repeats the name of a call, and makes one up under the rules alone`() throws {
    let id = "0F8FAD5B-d9cb-469f-A165-70867728950E"
    for demanding in [true, false] {
      var world = try world(demanding: demanding)
      let header: HTTPHeaders = ["x-fapi-interaction-id": id]
      func ask(_ headers: HTTPHeaders) -> String? {
        world.send(HTTPRequest(method: "GET", target: "/userinfo", headers: headers))
          .headers["x-fapi-interaction-id"]
      }
      #expect(ask(header) == id)
      #expect(ask(["x-fapi-interaction-id": "<script>"]) == nil)
      #expect((ask(HTTPHeaders()) != nil) == demanding)
    }
  }

  @Test func `what is pushed is kept in a limited memory`() throws {
    var world = try world(demanding: false)
    let plain = authorizeFields()
    var references: [String] = []
    for _ in 0..<(TenantLimit.pushedRequests + 20) {
      // Basic is quicker than a signature, and no less a client.
      let response = world.post(
        "/oauth/par", plain,
        headers: [
          "Authorization": ClientAuthentication.basicHeader(
            clientID: TenantSettings.demoClientID, secret: World.secret)
        ])
      references.append(try #require(try JSONParser.parse(response.body)["request_uri"]?.string))
    }
    let first = world.get(authorizeURL([FormField("request_uri", references[0])]))
    let last = world.get(authorizeURL([FormField("request_uri", references[references.count - 1])]))
    #expect(first.status == 400 && last.status == 302)
  }
}
