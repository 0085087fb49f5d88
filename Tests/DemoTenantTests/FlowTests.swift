import Cryptography
import DemoTenant
import OpenID
import Testing

@Suite struct FlowTests {
  @Test(arguments: [
    ("code id_token", ["code", "id_token"]),
    ("id_token code", ["code", "id_token"]),
    ("code token", ["code", "access_token", "token_type", "expires_in"]),
    (
      "code id_token token",
      ["code", "access_token", "token_type", "expires_in", "id_token"]
    ),
    (
      "token code id_token",
      ["code", "access_token", "token_type", "expires_in", "id_token"]
    ),
    ("code", ["code"]),
  ])
  func `each response type brings what Core promises, and tokens for the API`(
    type: String, names: [String]
  ) throws {
    var world = try World()
    let fields = try world.flow(["response_type": type])
    #expect(fields.map(\.name) == names + ["state", "iss"])
    #expect(fields["state"] == "the-state")
    #expect(fields["iss"] == "http://localhost:9000/")
    if names.contains("access_token") {
      #expect(fields["expires_in"] == "7200")
      #expect(fields["token_type"] == "Bearer")
    }
    let response = world.exchange(fields["code"])
    #expect(response.status == 200)
    #expect(response.headers["Cache-Control"] == "no-store")
    #expect(response.headers["Pragma"] == "no-cache")
    #expect(response.headers.mediaType == "application/json")
    let tokens = try json(response)
    #expect(tokens["expires_in"]?.integer == 86400)
    #expect(tokens["refresh_token"] == nil)
    let second = try world.verified(tokens["id_token"]?.string)
    #expect(second["email"] == "ada@demo.example")
    #expect(second["at_hash"]?.string == (try hashClaim(tokens["access_token"]?.string)))
    if names.contains("id_token") {
      let first = try world.verified(fields["id_token"])
      #expect(first["c_hash"]?.string == (try hashClaim(fields["code"])))
      for name in ["iss", "sub", "aud", "nonce", "auth_time", "amr", "sid", "name"] {
        #expect(first[name] != nil && first[name] == second[name], "\(name)")
      }
      #expect(first["email"] == nil)
      if names.contains("access_token") {
        #expect(first["at_hash"]?.string == (try hashClaim(fields["access_token"])))
      } else {
        #expect(first["at_hash"] == nil)
      }
    }
    let access = tokens["access_token"]?.string
    #expect(access != fields["access_token"])
    let data = world.call("/api/appointments", bearer: access)
    #expect(data.status == 200)
    #expect(try json(data)["sub"] == second["sub"])
    #expect(try json(data)["appointments"]?.elements?.count == 3)
    let info = try json(world.call("/userinfo", bearer: access))
    #expect(info["sub"] == second["sub"])
    #expect(info["family_name"] == "Lovelace")
    #expect(world.tenant.ledger.filter { !$0.passed } == [])
  }

  @Test func `an access token for an API is a JWT of RFC 9068`() throws {
    var world = try World()
    let token = try #require(try world.tokens()["access_token"]?.string)
    #expect(try CompactJWS(token).type == "at+jwt")
    let claims = try world.verified(token)
    #expect(
      claims["aud"]?.strings == ["https://api.demo.example/", "http://localhost:9000/userinfo"])
    #expect(claims["client_id"]?.string == TenantSettings.demoClientID)
    #expect(claims["scope"] == "openid profile email read:appointments")
    let issuedAt = try #require(claims["iat"]?.integer)
    #expect(claims["exp"]?.integer == issuedAt + 86400)
    #expect(claims["jti"] != nil)
  }

  @Test func `without an audience the access token is opaque and good for userinfo only`() throws {
    var world = try World()
    let tokens = try world.tokens(["audience": nil])
    let token = try #require(tokens["access_token"]?.string)
    #expect(!token.contains("."))
    #expect(tokens["scope"] == "openid profile email")
    #expect(world.call("/userinfo", bearer: token).status == 200)
    #expect(world.call("/api/appointments", bearer: token).status == 401)
    world.advance(seconds: 86400)
    #expect(world.call("/userinfo", bearer: token).status == 401)
  }

  @Test(arguments: [
    (SignatureAlgorithm.es256, DigestAlgorithm.sha256), (.es384, .sha384), (.edDSA, .sha512),
  ])
  func `hash claims follow the algorithm of the signature`(
    algorithm: SignatureAlgorithm, digest: DigestAlgorithm
  ) throws {
    let key = try SigningKey.generate(algorithm, keyID: "k")
    var world = try World(key: key) { $0.signingAlgorithm = algorithm }
    let fields = try world.flow(["response_type": "code id_token token"])
    let claims = try world.verified(fields["id_token"])
    #expect(claims["c_hash"]?.string == (try hashClaim(fields["code"], digest)))
    #expect(claims["at_hash"]?.string == (try hashClaim(fields["access_token"], digest)))
    #expect(world.call("/api/appointments", bearer: fields["access_token"]).status == 200)
  }

  @Test func `an authorization request may come as a form`() throws {
    var world = try World()
    let response = world.post("/authorize", authorizeFields())
    #expect(response.status == 303)
    let page = try world.follow(response)
    #expect(try world.title(page) == "Sign in")
  }

  @Test func `answers travel by the mode that was asked for`() throws {
    var world = try World()
    var page = try world.authorize(["response_mode": "fragment"])
    page = try world.submit(try world.signIn(page), pressing: "Allow")
    #expect(page.status == 303)
    #expect(page.headers["Location"]?.hasPrefix(callback + "#code=") == true)
    // The default of a hybrid type is the fragment, of the code alone the query.
    page = try world.authorize(["response_mode": nil])
    #expect(page.headers["Location"]?.hasPrefix(callback + "#code=") == true)
    page = try world.authorize(["response_mode": nil, "response_type": "code"])
    #expect(page.headers["Location"]?.hasPrefix(callback + "?code=") == true)
    page = try world.authorize([
      "response_mode": "query", "response_type": "code", "redirect_uri": callback + "?from=tenant",
    ])
    #expect(page.headers["Location"]?.hasPrefix(callback + "?from=tenant&code=") == true)
    page = try world.authorize(["response_mode": "fragment", "prompt": "none", "max_age": "0"])
    #expect(page.headers["Location"]?.hasPrefix(callback + "#error=login_required") == true)
  }

  @Test func `what the application sent cannot break out of the form-post page`() throws {
    let state = "\"><script>alert(1)</script>'&amp;\r\n\u{E9}"
    var world = try World()
    var page = try world.authorize(["state": state])
    page = try world.submit(try world.signIn(page), pressing: "Allow")
    #expect(try world.answer(page)["state"] == state)
    #expect(!page.bodyText.contains("<script>alert"))
    #expect(page.bodyText.components(separatedBy: "<script").count == 2)
    let policy = try #require(page.headers["Content-Security-Policy"])
    #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'nonce-"))
    #expect(!policy.contains("form-action"))
    #expect(page.headers["Referrer-Policy"] == "no-referrer")
    #expect(page.headers["Cache-Control"] == "no-cache, no-store")
    #expect(page.bodyText.contains("<noscript>"))
    // Only the page that posts itself runs a script.
    let login = try World.loginPage()
    #expect(login.headers["Content-Security-Policy"]?.contains("script-src") == false)
  }
}

extension String {
  fileprivate func components(separatedBy mark: String) -> [Substring] { split(separator: mark) }
}

extension World {
  static func loginPage(_ changes: [String: String?] = [:]) throws -> HTTPResponse {
    var world = try World()
    return try world.authorize(changes)
  }
}
