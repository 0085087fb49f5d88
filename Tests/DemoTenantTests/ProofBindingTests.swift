import Cryptography
import OpenID
import Testing

@testable import DemoTenant

/// What is bound to the key of a proof at the demo tenant: RFC 9449, sections 5 to 7 and 10.
@Suite struct ProofBindingTests {
  @Test func `at the API the proof is for this token, by the key to which it is bound`() throws {
    let other = try ProofClient.otherKey.get()
    var world = try World()
    let token = try ProofClient.boundToken(&world)
    let hex = try Digest.hash(Array(token.utf8), .sha256)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    var wrong: [(ProofClient.Proof, String, String)] = []
    for value in [nil, hex, "AAAA"] as [String?] {
      var proof = try ProofClient.Proof("GET", "/api/appointments", world)
      if let value { proof.claims.set("ath", .string(value)) }
      wrong.append((proof, "dpop-ath", "invalid_dpop_proof"))
    }
    wrong.append(
      (
        try ProofClient.Proof("GET", "/api/appointments", world, key: other, with: token),
        "token-key",
        "invalid_token"
      ))
    for (proof, rule, error) in wrong {
      let response = ProofClient.call(&world, "/api/appointments", token, [try proof.text()])
      #expect(response.status == 401)
      let challenge = response.headers["WWW-Authenticate"].flatMap(AuthenticationChallenge.init)
      #expect(challenge?.scheme == "DPoP" && challenge?["error"] == error, "\(rule)")
      #expect(ProofClient.broken(world) == [rule])
    }
  }

  @Test(arguments: [false, true])
  func `a bound token is no bearer token, and a bearer token is not bound`(
    _ isOpaque: Bool
  ) throws {
    let changes: [String: String?] = isOpaque ? ["audience": nil, "scope": "openid"] : [:]
    var world = try World()
    let bound = try ProofClient.boundToken(&world, changes)
    let bearer = try #require(try world.tokens(changes)["access_token"]?.string)
    func proof(_ token: String) throws -> [String] {
      [try ProofClient.Proof("GET", "/userinfo", world, with: token).text()]
    }
    let rows: [(String, String, [String], String?, String)] = [
      ("Bearer", bound, [], "token-scheme", "invalid_token"),
      ("Bearer", bound, try proof(bound), "token-scheme", "invalid_token"),
      ("DPoP", bearer, try proof(bearer), "token-scheme", "invalid_token"),
      ("DPoP", bound, [], "token-key", "invalid_dpop_proof"),
      ("dpop", bound, try proof(bound), nil, ""), ("bearer", bearer, [], nil, ""),
    ]
    for (scheme, token, proofs, rule, error) in rows {
      let response = ProofClient.call(&world, "/userinfo", token, proofs, scheme: scheme)
      #expect(response.status == (rule == nil ? 200 : 401), "\(scheme) \(rule ?? "")")
      guard let rule else { continue }
      #expect(ProofClient.broken(world).contains(rule), "\(ProofClient.broken(world))")
      let challenge = response.headers["WWW-Authenticate"].flatMap(AuthenticationChallenge.init)
      #expect(challenge?.scheme == "DPoP" && challenge?["error"] == error)
    }
    let all = world.call("/userinfo", bearer: nil).headers["WWW-Authenticate"] ?? ""
    #expect(AuthenticationChallenge.challenges(in: all).map(\.scheme) == ["Bearer", "DPoP"])
  }

  @Test func `a code is bound to the key that the request named`() throws {
    let (key, other) = (try ProofClient.key.get(), try ProofClient.otherKey.get())
    let jkt = try ProofClient.thumbprint(key)
    for (used, isGood) in [(key, true), (other, false), (nil, false)] as [(SigningKey?, Bool)] {
      var world = try World()
      let code = try world.flow(["dpop_jkt": jkt])["code"]
      let proof = try used.map {
        try ProofClient.Proof("POST", "/oauth/token", world, key: $0).text()
      }
      let response = ProofClient.token(&world, exchangeFields(code), [proof].compactMap(\.self))
      #expect(response.status == (isGood ? 200 : 400))
      guard !isGood else { continue }
      #expect(try json(response)["error"] == "invalid_grant")
      #expect(ProofClient.broken(world) == ["code-key"])
    }
    var world = try World()
    let refused = try world.answer(world.authorize(["dpop_jkt": "short"]))
    #expect(refused["error"] == "invalid_request")
  }

  @Test func `a pushed request binds the code to the key of its proof`() throws {
    let (key, other) = (try ProofClient.key.get(), try ProofClient.otherKey.get())
    func push(_ world: inout World, _ changes: [String: String?]) throws -> HTTPResponse {
      var headers = ProofClient.headers([try ProofClient.Proof("POST", "/oauth/par", world).text()])
      headers.add(
        "Authorization",
        ClientAuthentication.basicHeader(
          clientID: TenantSettings.demoClientID, secret: World.secret))
      return world.post("/oauth/par", authorizeFields(changes), headers: headers)
    }
    for (used, isGood) in [(key, true), (other, false)] {
      var world = try World()
      let pushed = try push(&world, isGood ? ["dpop_jkt": try ProofClient.thumbprint(key)] : [:])
      #expect(pushed.status == 201, "\(pushed.bodyText)")
      let reference = try #require(try json(pushed)["request_uri"]?.string)
      let page = try world.follow(
        world.get(
          "/authorize?"
            + FormEncoding.encode([
              FormField("client_id", TenantSettings.demoClientID),
              FormField("request_uri", reference),
            ])))
      var next = try world.signIn(page)
      if try world.title(next).hasPrefix("Allow") {
        next = try world.submit(next, pressing: "Allow")
      }
      let code = try world.answer(next)["code"]
      let proof = try ProofClient.Proof("POST", "/oauth/token", world, key: used).text()
      #expect(
        ProofClient.token(&world, exchangeFields(code), [proof]).status == (isGood ? 200 : 400))
    }
    var world = try World()
    let both = try push(&world, ["dpop_jkt": try ProofClient.thumbprint(other)])
    #expect(both.status == 400)
    #expect(try json(both)["error"] == "invalid_request")
    #expect(ProofClient.broken(world) == ["pushed-key"])
  }

  @Test(arguments: [true, false])
  func `the refresh token of a public client is bound to the key, another to the client`(
    _ isPublic: Bool
  ) throws {
    let other = try ProofClient.otherKey.get()
    var world = try World {
      if isPublic { $0.clients[0].secret = nil }
    }
    func proof(_ key: SigningKey? = nil) throws -> [String] {
      [try ProofClient.Proof("POST", "/oauth/token", world, key: key).text()]
    }
    let code = try world.flow(["scope": "openid offline_access"])["code"]
    let first = try json(
      ProofClient.token(&world, exchangeFields(code), try proof(), isPublic: isPublic))
    func fields(_ answer: JSONValue) -> [FormField] {
      [
        FormField("grant_type", "refresh_token"),
        FormField("refresh_token", answer["refresh_token"]?.string ?? ""),
      ]
    }
    for wrong in [try proof(other), []] where isPublic {
      let refused = ProofClient.token(&world, fields(first), wrong, isPublic: true)
      #expect(try json(refused)["error"] == "invalid_grant")
      #expect(ProofClient.broken(world) == ["refresh-key"])
    }
    let second = try json(
      ProofClient.token(
        &world, fields(first), try proof(isPublic ? nil : other), isPublic: isPublic))
    #expect(second["token_type"] == "DPoP", "\(second["error_description"]?.string ?? "")")
    let claims = try world.verified(second["access_token"]?.string)
    #expect(
      DPoP.thumbprint(in: claims)
        == (try ProofClient.thumbprint(isPublic ? ProofClient.key.get() : other)))
    guard !isPublic else {
      let refused = ProofClient.token(&world, fields(second), try proof(other), isPublic: true)
      #expect(refused.status == 400, "the next one is bound as well")
      return
    }
    let third = try json(ProofClient.token(&world, fields(second), []))
    #expect(third["token_type"] == "Bearer")
  }

  @Test(arguments: [false, true])
  func `introspection tells the key, and the front channel binds nothing`(
    _ isOpaque: Bool
  ) throws {
    var world = try World()
    let changes: [String: String?] = isOpaque ? ["audience": nil, "scope": "openid"] : [:]
    let token = try ProofClient.boundToken(&world, changes)
    let basic = ClientAuthentication.basicHeader(
      clientID: TenantSettings.demoClientID, secret: World.secret)
    func asked(_ token: String?) throws -> JSONValue {
      try json(
        world.post(
          "/oauth/introspect", [FormField("token", token ?? "")],
          headers: ["Authorization": basic]))
    }
    let bound = try asked(token)
    #expect(bound["active"] == true && bound["token_type"] == "DPoP")
    #expect(DPoP.thumbprint(in: bound) == (try ProofClient.thumbprint(ProofClient.key.get())))
    let jkt = try ProofClient.thumbprint(ProofClient.key.get())
    let front = try world.flow(
      ["response_type": "code token", "dpop_jkt": jkt].merging(changes) { $1 })
    #expect(front["token_type"] == "Bearer")
    let free = try asked(front["access_token"])
    #expect(free["active"] == true && free["token_type"] == "Bearer" && free["cnf"] == nil)
  }

  @Test func `a client that has registered bound tokens gets no others`() throws {
    var world = try World { $0.clients[0].demandsProof = true }
    let code = try world.flow()["code"]
    let refused = world.exchange(code)
    #expect(refused.status == 400)
    #expect(try json(refused)["error"] == "invalid_request")
    #expect(ProofClient.broken(world) == ["dpop-required"])
    let proof = try ProofClient.Proof("POST", "/oauth/token", world).text()
    #expect(ProofClient.token(&world, exchangeFields(code), [proof]).status == 200)
  }

  @Test func `the metadata list the algorithms, and no shared secret among them`() throws {
    var world = try World()
    let metadata = try json(world.get("/.well-known/openid-configuration"))
    let listed = try #require(metadata["dpop_signing_alg_values_supported"]?.strings)
    #expect(listed.contains("ES256") && listed.contains("EdDSA"))
    #expect(!listed.contains { $0.hasPrefix("HS") || $0 == "none" })
  }

  /// RFC 9449, sections 6.1 and 7.1.
  @Test func `thumbprint and ath are those of the RFC`() throws {
    let key = try #require(
      JSONWebKey([
        "kty": "EC", "crv": "P-256", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
      ]))
    #expect(try Thumbprint.sha256(key) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
    let digest = Base64URL.encode(try Digest.hash(Array(token.utf8), .sha256))
    #expect(digest == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo")
  }
}
