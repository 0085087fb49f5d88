import DemoTenant
import OpenID
import Testing

/// What an exchange looks like with one thing wrong, and which check catches it.
struct BadExchange: Sendable, CustomTestStringConvertible {
  var name: String
  var authorize: [String: String?] = [:]
  var changes: [String: String?] = [:]
  var after: Int64 = 0
  var error: String
  var rule: String?

  var testDescription: String { name }
}

@Suite struct TokenTests {
  @Test(arguments: [
    BadExchange(
      name: "no grant type", changes: ["grant_type": nil], error: "invalid_request",
      rule: "grant-type"),
    BadExchange(
      name: "the password grant", changes: ["grant_type": "password"],
      error: "unsupported_grant_type", rule: "grant-type"),
    BadExchange(name: "no code", changes: ["code": nil], error: "invalid_request"),
    BadExchange(
      name: "an unknown code", changes: ["code": "guess"], error: "invalid_grant",
      rule: "code-known"),
    BadExchange(
      name: "no redirect URI", changes: ["redirect_uri": nil], error: "invalid_grant",
      rule: "code-redirect-uri"),
    BadExchange(
      name: "another redirect URI, registered too",
      changes: ["redirect_uri": callback + "?from=tenant"], error: "invalid_grant",
      rule: "code-redirect-uri"),
    BadExchange(
      name: "no verifier", changes: ["code_verifier": nil], error: "invalid_grant",
      rule: "code-pkce"),
    BadExchange(
      name: "another verifier", changes: ["code_verifier": String(repeating: "a", count: 43)],
      error: "invalid_grant", rule: "code-pkce"),
    BadExchange(
      name: "the challenge as verifier", changes: ["code_verifier": challenge],
      error: "invalid_grant", rule: "code-pkce"),
    BadExchange(
      name: "a verifier without a challenge: downgrade",
      authorize: ["code_challenge": nil, "code_challenge_method": nil], error: "invalid_grant",
      rule: "code-pkce"),
    BadExchange(
      name: "a code too old", after: 61, error: "invalid_grant", rule: "code-unexpired"),
  ])
  func `a bad exchange is refused, and the ledger names the check`(row: BadExchange) throws {
    var world = try World()
    let fields = try world.flow(row.authorize)
    world.advance(seconds: row.after)
    let response = world.exchange(fields["code"], row.changes)
    #expect(response.status == 400)
    #expect(response.headers["Cache-Control"] == "no-store")
    #expect(try json(response)["error"]?.string == row.error)
    let failed = world.tenant.ledger.filter { $0.endpoint == .token && !$0.passed }
    #expect(failed.map(\.rule) == (row.rule.map { [$0] } ?? []))
  }

  @Test func `a code is good for sixty seconds to the last`() throws {
    var world = try World()
    let fields = try world.flow()
    world.advance(seconds: 60)
    #expect(world.exchange(fields["code"]).status == 200)
  }

  @Test(arguments: [61, 90 * 60, 11 * 3600] as [Int64])
  func `where codes wait for readers they are as good later`(seconds: Int64) throws {
    var world = try World { $0.waitForReaders() }
    let fields = try world.flow()
    world.advance(seconds: seconds)
    #expect(world.exchange(fields["code"]).status == 200)
    let age = try #require(world.tenant.ledger.last { $0.rule == "code-unexpired" })
    #expect(age.passed && age.expected == "at most 60 s")
    #expect(age.found == "0 s: in the demo the clock for codes waits while you read")
    // Once only, all the same.
    #expect(world.exchange(fields["code"]).status == 400)
    #expect(world.tenant.ledger.last { !$0.passed }?.rule == "code-unused")
  }

  @Test func `a code that is held up is refused, by the clock and without one`() throws {
    for waits in [true, false] {
      var world = try World {
        if waits { $0.waitForReaders() }
        $0.fault = Fault("late", [.codeDelay(seconds: 90)])
      }
      let fields = try world.flow()
      #expect(try json(world.exchange(fields["code"]))["error"] == "invalid_grant")
      let failed = world.tenant.ledger.filter { $0.endpoint == .token && !$0.passed }
      #expect(failed.map(\.rule) == ["code-unexpired"] && failed.map(\.found) == ["90 s"])
    }
  }

  @Test func `the honest exchange leaves every check in the ledger`() throws {
    var world = try World()
    let fields = try world.flow()
    _ = world.exchange(fields["code"])
    let entries = world.tenant.ledger.filter { $0.endpoint == .token }
    #expect(
      entries.map(\.rule) == [
        "parameters-once", "client-auth-once", "client-known", "client-authenticated",
        "grant-type", "code-known", "code-unexpired", "code-unused", "code-client",
        "code-redirect-uri", "code-pkce", "code-openid",
      ])
    #expect(entries.filter { !$0.passed } == [])
    #expect(Set(entries.map(\.request)) == [world.tenant.requestCount])
    let code = try #require(fields["code"])
    for entry in world.tenant.ledger {
      for secret in [code, verifier, World.secret.reveal()] {
        #expect(!entry.found.contains(secret) && !entry.expected.contains(secret))
      }
    }
  }

  @Test func `a code used twice is refused and takes its tokens with it`() throws {
    for audience in [TenantSettings.demoAudience, nil] {
      var world = try World()
      let fields = try world.flow([
        "audience": audience, "scope": "openid offline_access read:appointments",
      ])
      let tokens = try json(world.exchange(fields["code"]))
      let access = tokens["access_token"]?.string
      #expect(world.call("/userinfo", bearer: access).status == 200)
      let again = world.exchange(fields["code"])
      #expect(try json(again)["error"] == "invalid_grant")
      #expect(world.call("/userinfo", bearer: access).status == 401)
      let refresh = world.token([
        FormField("grant_type", "refresh_token"),
        FormField("refresh_token", tokens["refresh_token"]?.string ?? ""),
      ])
      #expect(try json(refresh)["error"] == "invalid_grant")
    }
  }

  @Test func `a failed attempt of its own client spends a code, one of another does not`() throws {
    var world = try World()
    let first = try world.flow()["code"]
    let other = world.token(
      exchangeFields(first), clientID: "other", secret: Secret("other-secret"))
    #expect(try json(other)["error"] == "invalid_grant")
    #expect(world.tenant.ledger.last { !$0.passed }?.rule == "code-client")
    #expect(world.exchange(first).status == 200)
    let second = try world.flow()["code"]
    #expect(world.exchange(second, ["code_verifier": nil]).status == 400)
    #expect(world.exchange(second).status == 400)
  }

  @Test func `a client may prove itself in the header or in the form`() throws {
    var world = try World()
    let form = [
      FormField("client_id", TenantSettings.demoClientID),
      FormField("client_secret", World.secret.reveal()),
    ]
    let byForm = world.token(exchangeFields(try world.flow()["code"]) + form, secret: nil)
    #expect(byForm.status == 200)
    let both = world.token(exchangeFields(try world.flow()["code"]) + form)
    #expect(both.status == 400)
    #expect(try json(both)["error"] == "invalid_request")
  }

  @Test(arguments: [
    (TenantSettings.demoClientID, "wrong"), ("nobody", "wrong"), ("other", "hybrid"), ("", ""),
  ])
  func `a client that is not who it says gets 401 and a challenge`(
    id: String, secret: String
  ) throws {
    var world = try World()
    let fields = exchangeFields(try world.flow()["code"])
    let byHeader = world.token(fields, clientID: id, secret: Secret(secret))
    let byForm = world.token(
      fields + [FormField("client_id", id), FormField("client_secret", secret)], secret: nil)
    for response in [byHeader, byForm, world.token(fields, secret: nil)] {
      #expect(response.status == 401)
      #expect(response.headers["WWW-Authenticate"]?.hasPrefix("Basic ") == true)
      #expect(try json(response)["error"] == "invalid_client")
    }
    // The code is still there: nobody who had it was let in.
    #expect(world.token(fields).status == 200)
  }

  @Test func `a client keeps to the method it is registered for`() throws {
    var world = try World { $0.clients[0].tokenEndpointAuthMethod = .post }
    let fields = exchangeFields(try world.flow()["code"])
    #expect(world.token(fields).status == 401)
    let form = [
      FormField("client_id", TenantSettings.demoClientID),
      FormField("client_secret", World.secret.reveal()),
    ]
    #expect(world.token(fields + form, secret: nil).status == 200)
  }

  @Test func `repeats, other media types and other methods are refused`() throws {
    var world = try World()
    let fields = exchangeFields(try world.flow()["code"])
    let repeated = world.token(fields + [FormField("redirect_uri", callback)])
    #expect(try json(repeated)["error"] == "invalid_request")
    let plain = world.send(
      HTTPRequest(
        method: "POST", target: "/oauth/token", headers: ["Content-Type": "text/plain"]))
    #expect(try json(plain)["error"] == "invalid_request")
    let get = world.get("/oauth/token")
    #expect(get.status == 405)
    #expect(get.headers["Allow"] == "POST")
  }

  @Test func `refresh tokens come with offline_access only, rotate, and keep the sign-in`() throws {
    var world = try World()
    #expect(try world.tokens()["refresh_token"] == nil)
    let fields = try world.flow(["scope": "openid email offline_access read:appointments"])
    let first = try json(world.exchange(fields["code"]))
    let original = try world.verified(first["id_token"]?.string)
    world.advance(seconds: 1000)
    let response = world.refresh(first["refresh_token"]?.string, scope: "openid email")
    #expect(response.status == 200)
    #expect(response.headers["Cache-Control"] == "no-store")
    let second = try json(response)
    #expect(second["refresh_token"] != nil && second["refresh_token"] != first["refresh_token"])
    #expect(second["scope"] == "openid email")
    let claims = try world.verified(second["id_token"]?.string)
    #expect(claims["nonce"] == nil)
    for name in ["iss", "sub", "aud", "auth_time"] { #expect(claims[name] == original[name]) }
    #expect(claims["iat"]?.integer == world.now.seconds)
    let narrow = second["access_token"]?.string
    #expect(world.call("/api/appointments", bearer: narrow).status == 403)
    // The right to all scopes stays with the chain.
    let third = try json(world.refresh(second["refresh_token"]?.string))
    let wide = third["access_token"]?.string
    #expect(world.call("/api/appointments", bearer: wide).status == 200)
    let greedy = world.refresh(third["refresh_token"]?.string, scope: "openid profile")
    #expect(try json(greedy)["error"] == "invalid_scope")
    // The first one again: in two hands, so all of the chain ends.
    #expect(try json(world.refresh(first["refresh_token"]?.string))["error"] == "invalid_grant")
    #expect(world.tenant.ledger.last { !$0.passed }?.rule == "refresh-unused")
    #expect(world.refresh(third["refresh_token"]?.string).status == 400)
    #expect(world.call("/api/appointments", bearer: wide).status == 401)
  }

  @Test func `a refresh token is bound to its client and to its chain's lifetime`() throws {
    var world = try World()
    let tokens = try world.tokens(["scope": "openid offline_access"])
    let refresh = tokens["refresh_token"]?.string ?? ""
    let fields = [
      FormField("grant_type", "refresh_token"), FormField("refresh_token", refresh),
    ]
    let other = world.token(fields, clientID: "other", secret: Secret("other-secret"))
    #expect(try json(other)["error"] == "invalid_grant")
    world.advance(seconds: 30 * 86400 - 1)
    let next = try json(world.token(fields))["refresh_token"]?.string
    world.advance(seconds: 1)
    #expect(world.refresh(next).status == 400)
    #expect(try json(world.refresh(nil))["error"] == "invalid_request")
  }

  @Test func `where offline access is not allowed it is ignored`() throws {
    var client = try World { $0.clients[0].allowsOfflineAccess = false }
    #expect(try client.tokens(["scope": "openid offline_access"])["refresh_token"] == nil)
    var api = try World { $0.apis[0].allowsOfflineAccess = false }
    let tokens = try api.tokens(["scope": "openid offline_access"])
    #expect(tokens["refresh_token"] == nil)
    #expect(tokens["scope"] == "openid")
  }
}

extension World {
  mutating func refresh(_ token: String?, scope: String? = nil) -> HTTPResponse {
    var fields = [FormField("grant_type", "refresh_token")]
    if let token { fields.append(FormField("refresh_token", token)) }
    if let scope { fields.append(FormField("scope", scope)) }
    return self.token(fields)
  }
}
