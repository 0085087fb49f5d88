import Cryptography
import OpenID
import Testing

@testable import DemoTenant

/// Access tokens that are bound to a key at the demo tenant: RFC 9449.
@Suite struct ProofTests {
  static let key = Result { try SigningKey.generate(.es256, keyID: "proof") }
  static let otherKey = Result { try SigningKey.generate(.edDSA, keyID: "other-proof") }

  /// A proof as a client makes it, with something about it changed.
  struct Proof {
    var key: SigningKey
    var header: JSONValue
    var claims: JSONValue

    init(
      _ method: String, _ path: String, _ world: World, key: SigningKey? = nil,
      with token: String? = nil
    ) throws {
      self.key = try key ?? ProofTests.key.get()
      let url = try WebURL(world.tenant.address(path))
      header = [
        "typ": .string(DPoP.type), "alg": .string(self.key.algorithm.rawValue),
        "jwk": try ProofTests.shown(self.key),
      ]
      claims = [
        "jti": .string(try Randomness.token()), "htm": .string(method),
        "htu": .string(DPoP.target(url)), "iat": .number(JSONNumber(world.now.seconds)),
      ]
      if let token {
        let digest = try Digest.hash(Array(token.utf8), .sha256)
        claims.set("ath", .string(Base64URL.encode(digest)))
      }
    }

    func text() throws -> String {
      try key.compactJWS(header: header, payload: Array(claims.compactText.utf8))
    }
  }

  /// The public key with the members of its kind alone.
  static func shown(_ key: SigningKey) throws -> JSONValue {
    try JSONParser.parse(try #require(key.publicJWK.thumbprintInput))
  }

  static func thumbprint(_ key: SigningKey) throws -> String {
    try #require(try Thumbprint.sha256(key.publicJWK))
  }

  static func headers(_ proofs: [String]) -> HTTPHeaders {
    HTTPHeaders(proofs.map { HTTPHeader(DPoP.header, $0) })
  }

  static func token(
    _ world: inout World, _ fields: [FormField], _ proofs: [String], isPublic: Bool = false
  ) -> HTTPResponse {
    var headers = headers(proofs)
    guard !isPublic else {
      return world.post(
        "/oauth/token", fields + [FormField("client_id", TenantSettings.demoClientID)],
        headers: headers)
    }
    headers.add(
      "Authorization",
      ClientAuthentication.basicHeader(
        clientID: TenantSettings.demoClientID, secret: World.secret))
    return world.post("/oauth/token", fields, headers: headers)
  }

  static func call(
    _ world: inout World, _ path: String, _ token: String, _ proofs: [String],
    scheme: String = "DPoP"
  ) -> HTTPResponse {
    var headers = headers(proofs)
    headers.add("Authorization", scheme + " " + token)
    return world.send(HTTPRequest(method: "GET", target: path, headers: headers))
  }

  /// A bound access token, by the key of this suite.
  static func boundToken(
    _ world: inout World, _ changes: [String: String?] = [:]
  ) throws -> String {
    let code = try world.flow(changes)["code"]
    let proof = try Proof("POST", "/oauth/token", world).text()
    let answer = try json(token(&world, exchangeFields(code), [proof]))
    #expect(answer["token_type"] == "DPoP", "\(answer["error_description"]?.string ?? "")")
    return try #require(answer["access_token"]?.string)
  }

  static func broken(_ world: World) -> [String] {
    let last = world.tenant.ledger.last?.request
    return world.tenant.ledger.filter { !$0.passed && $0.request == last }.map(\.rule)
  }

  // MARK: The rules, one by one

  /// A proof that is wrong in one way, and the rule that it breaks.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var breaks: String?
    var change: @Sendable (inout Proof, World) throws -> Void = { _, _ in }
    var sent: @Sendable (String) -> [String] = { [$0] }
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "as it should be"),
    Row(name: "typ in other letters", change: { proof, _ in proof.header.set("typ", "DPoP+JWT") }),
    Row(
      name: "htu with a query and large letters",
      change: { proof, world in
        let text = proof.claims["htu"]?.string ?? ""
        proof.claims.set(
          "htu", .string("HTTP://LOCALHOST" + text.dropFirst("http://localhost".count) + "?a=b#c"))
      }),
    Row(
      name: "made a minute ago",
      change: { $0.claims.set("iat", .number(JSONNumber($1.now.seconds - 60))) }),
    Row(name: "two headers", breaks: "dpop-one-header", sent: { [$0, $0] }),
    Row(name: "no JWT", breaks: "dpop-form", sent: { _ in ["proof"] }),
    Row(name: "no jti", breaks: "dpop-claims", change: { proof, _ in proof.claims.remove("jti") }),
    Row(name: "no iat", breaks: "dpop-claims", change: { proof, _ in proof.claims.remove("iat") }),
    Row(
      name: "another typ", breaks: "dpop-typ",
      change: {
        $0.header.set("typ", "JWT"); _ = $1
      }),
    Row(
      name: "a shared secret", breaks: "dpop-alg",
      change: { proof, _ in
        proof.key = try SigningKey.generate(.hs256, keyID: "shared")
        proof.header.set("alg", "HS256")
      }),
    Row(
      name: "no signature", breaks: "dpop-alg",
      change: { proof, _ in proof.header.set("alg", "none") }),
    Row(
      name: "the signature of another key", breaks: "dpop-signature",
      change: { proof, _ in
        proof.key = try SigningKey.generate(.es256, keyID: "stranger")
      }),
    Row(
      name: "crit", breaks: "dpop-signature",
      change: { proof, _ in proof.header.set("crit", ["b64"]) }),
    Row(
      name: "no key", breaks: "dpop-jwk", change: { proof, _ in proof.header.remove("jwk") }),
    Row(
      name: "a private key", breaks: "dpop-jwk",
      change: { proof, _ in
        var shown = proof.header["jwk"] ?? [:]
        shown.set("d", "AAAA")
        proof.header.set("jwk", shown)
      }),
    Row(
      name: "another method", breaks: "dpop-htm",
      change: { proof, _ in proof.claims.set("htm", "PUT") }),
    Row(
      name: "the method in small letters", breaks: "dpop-htm",
      change: { proof, _ in
        proof.claims.set("htm", .string((proof.claims["htm"]?.string ?? "").lowercased()))
      }),
    Row(
      name: "another address", breaks: "dpop-htu",
      change: { proof, _ in
        proof.claims.set("htu", .string((proof.claims["htu"]?.string ?? "") + "/other"))
      }),
    Row(
      name: "made long ago", breaks: "dpop-fresh",
      change: { $0.claims.set("iat", .number(JSONNumber($1.now.seconds - 301))) }),
    Row(
      name: "made in the future", breaks: "dpop-fresh",
      change: { $0.claims.set("iat", .number(JSONNumber($1.now.seconds + 61))) }),
  ]

  @Test(arguments: rows)
  func `a proof at the token endpoint has to keep every rule`(_ row: Row) throws {
    var world = try World()
    let code = try world.flow()["code"]
    var proof = try Proof("POST", "/oauth/token", world)
    try row.change(&proof, world)
    let response = Self.token(&world, exchangeFields(code), row.sent(try proof.text()))
    let answer = try json(response)
    guard let rule = row.breaks else {
      #expect(response.status == 200, "\(response.bodyText)")
      #expect(answer["token_type"] == "DPoP")
      #expect(Self.broken(world).isEmpty)
      let claims = try world.verified(answer["access_token"]?.string)
      #expect(DPoP.thumbprint(in: claims) == (try Self.thumbprint(Self.key.get())))
      return
    }
    #expect(response.status == 400)
    #expect(answer["error"] == "invalid_dpop_proof")
    #expect(Self.broken(world).contains(rule), "\(Self.broken(world))")
    // The code is still there for a proof that holds.
    let good = try Proof("POST", "/oauth/token", world).text()
    #expect(Self.token(&world, exchangeFields(code), [good]).status == 200)
  }

  @Test(arguments: rows)
  func `a proof at the API has to keep the same rules`(_ row: Row) throws {
    var world = try World()
    let token = try Self.boundToken(&world)
    for path in ["/userinfo", "/api/appointments"] {
      var proof = try Proof("GET", path, world, with: token)
      try row.change(&proof, world)
      let response = Self.call(&world, path, token, row.sent(try proof.text()))
      guard let rule = row.breaks else {
        #expect(response.status == 200, "\(path): \(response.bodyText)")
        continue
      }
      #expect(response.status == 401, "\(path)")
      let header = response.headers["WWW-Authenticate"]
      let challenge = header.flatMap(AuthenticationChallenge.init)
      #expect(challenge?.scheme == "DPoP")
      #expect(challenge?["error"] == "invalid_dpop_proof")
      #expect(challenge?["algs"]?.split(separator: " ").contains("ES256") == true)
      #expect(Self.broken(world).contains(rule), "\(Self.broken(world))")
    }
  }

  @Test func `at the API the proof is for this token, by the key to which it is bound`() throws {
    let other = try Self.otherKey.get()
    var world = try World()
    let token = try Self.boundToken(&world)
    let hex = try Digest.hash(Array(token.utf8), .sha256)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    var wrong: [(Proof, String, String)] = []
    for value in [nil, hex, "AAAA"] as [String?] {
      var proof = try Proof("GET", "/api/appointments", world)
      if let value { proof.claims.set("ath", .string(value)) }
      wrong.append((proof, "dpop-ath", "invalid_dpop_proof"))
    }
    wrong.append(
      (
        try Proof("GET", "/api/appointments", world, key: other, with: token), "token-key",
        "invalid_token"
      ))
    for (proof, rule, error) in wrong {
      let response = Self.call(&world, "/api/appointments", token, [try proof.text()])
      #expect(response.status == 401)
      let challenge = response.headers["WWW-Authenticate"].flatMap(AuthenticationChallenge.init)
      #expect(challenge?.scheme == "DPoP" && challenge?["error"] == error, "\(rule)")
      #expect(Self.broken(world) == [rule])
    }
  }

  @Test(arguments: [false, true])
  func `a bound token is no bearer token, and a bearer token is not bound`(
    _ isOpaque: Bool
  ) throws {
    let changes: [String: String?] = isOpaque ? ["audience": nil, "scope": "openid"] : [:]
    var world = try World()
    let bound = try Self.boundToken(&world, changes)
    let bearer = try #require(try world.tokens(changes)["access_token"]?.string)
    func proof(_ token: String) throws -> [String] {
      [try Proof("GET", "/userinfo", world, with: token).text()]
    }
    let rows: [(String, String, [String], String?, String)] = [
      ("Bearer", bound, [], "token-scheme", "invalid_token"),
      ("Bearer", bound, try proof(bound), "token-scheme", "invalid_token"),
      ("DPoP", bearer, try proof(bearer), "token-scheme", "invalid_token"),
      ("DPoP", bound, [], "token-key", "invalid_dpop_proof"),
      ("dpop", bound, try proof(bound), nil, ""), ("bearer", bearer, [], nil, ""),
    ]
    for (scheme, token, proofs, rule, error) in rows {
      let response = Self.call(&world, "/userinfo", token, proofs, scheme: scheme)
      #expect(response.status == (rule == nil ? 200 : 401), "\(scheme) \(rule ?? "")")
      guard let rule else { continue }
      #expect(Self.broken(world).contains(rule), "\(Self.broken(world))")
      let challenge = response.headers["WWW-Authenticate"].flatMap(AuthenticationChallenge.init)
      #expect(challenge?.scheme == "DPoP" && challenge?["error"] == error)
    }
    let all = world.call("/userinfo", bearer: nil).headers["WWW-Authenticate"] ?? ""
    #expect(AuthenticationChallenge.challenges(in: all).map(\.scheme) == ["Bearer", "DPoP"])
  }

  // MARK: Replay and nonces

  @Test func `a proof is good once`() throws {
    var world = try World()
    let token = try Self.boundToken(&world)
    let proof = [try Proof("GET", "/userinfo", world, with: token).text()]
    #expect(Self.call(&world, "/userinfo", token, proof).status == 200)
    #expect(Self.call(&world, "/userinfo", token, proof).status == 401)
    #expect(Self.broken(world) == ["dpop-once"])
    // As long as it is fresh; afterwards it is old.
    world.advance(seconds: ProofLimit.secondsMax)
    #expect(Self.call(&world, "/userinfo", token, proof).status == 401)
    #expect(Self.broken(world) == ["dpop-once"])
    world.advance(seconds: 1)
    #expect(Self.call(&world, "/userinfo", token, proof).status == 401)
    #expect(Self.broken(world).contains("dpop-fresh"))
  }

  @Test func `each server asks for a nonce of its own, and renews it`() throws {
    var world = try World { $0.demandsProofNonce = true }
    let code = try world.flow()["code"]
    func proof(_ path: String, _ nonce: String?, with token: String? = nil) throws -> [String] {
      var proof = try Proof(token == nil ? "POST" : "GET", path, world, with: token)
      if let nonce { proof.claims.set("nonce", .string(nonce)) }
      return [try proof.text()]
    }
    let refused = Self.token(&world, exchangeFields(code), try proof("/oauth/token", nil))
    #expect(refused.status == 400)
    #expect(try json(refused)["error"] == "use_dpop_nonce")
    #expect(Self.broken(world) == ["dpop-nonce"])
    let first = try #require(refused.headers["DPoP-Nonce"])
    let taken = Self.token(&world, exchangeFields(code), try proof("/oauth/token", first))
    #expect(taken.status == 200, "\(taken.bodyText)")
    #expect(taken.headers["DPoP-Nonce"] == nil)
    let token = try #require(try json(taken)["access_token"]?.string)

    let path = "/api/appointments"
    let wrong = Self.call(&world, path, token, try proof(path, first, with: token))
    #expect(wrong.status == 401)
    let challenge = wrong.headers["WWW-Authenticate"].flatMap(AuthenticationChallenge.init)
    #expect(challenge?["error"] == "use_dpop_nonce")
    #expect(
      world.tenant.ledger.last { $0.rule == "dpop-nonce" }?.found.contains("other side") == true)
    let own = try #require(wrong.headers["DPoP-Nonce"])
    #expect(own != first)
    #expect(Self.call(&world, path, token, try proof(path, own, with: token)).status == 200)

    // The old one is still taken for a while, and the answer brings the new one.
    world.advance(seconds: ProofLimit.nonceSeconds)
    let late = Self.call(&world, path, token, try proof(path, own, with: token))
    #expect(late.status == 200)
    let next = try #require(late.headers["DPoP-Nonce"])
    #expect(next != own)
    world.advance(seconds: ProofLimit.nonceSeconds)
    #expect(Self.call(&world, path, token, try proof(path, own, with: token)).status == 401)
    #expect(Self.call(&world, path, token, try proof(path, next, with: token)).status == 200)
    // A guess is no nonce, and a proof that breaks a rule as well gets no nonce.
    #expect(Self.call(&world, path, token, try proof(path, "guess", with: token)).status == 401)
    let both = Self.call(&world, path, token, try proof("/userinfo", nil, with: token))
    #expect(both.headers["DPoP-Nonce"] == nil)
  }

  // MARK: What is bound

  @Test func `a code is bound to the key that the request named`() throws {
    let (key, other) = (try Self.key.get(), try Self.otherKey.get())
    let jkt = try Self.thumbprint(key)
    for (used, isGood) in [(key, true), (other, false), (nil, false)] as [(SigningKey?, Bool)] {
      var world = try World()
      let code = try world.flow(["dpop_jkt": jkt])["code"]
      let proof = try used.map { try Proof("POST", "/oauth/token", world, key: $0).text() }
      let response = Self.token(&world, exchangeFields(code), [proof].compactMap(\.self))
      #expect(response.status == (isGood ? 200 : 400))
      guard !isGood else { continue }
      #expect(try json(response)["error"] == "invalid_grant")
      #expect(Self.broken(world) == ["code-key"])
    }
    var world = try World()
    let refused = try world.answer(world.authorize(["dpop_jkt": "short"]))
    #expect(refused["error"] == "invalid_request")
  }

  @Test func `a pushed request binds the code to the key of its proof`() throws {
    let (key, other) = (try Self.key.get(), try Self.otherKey.get())
    func push(_ world: inout World, _ changes: [String: String?]) throws -> HTTPResponse {
      var headers = Self.headers([try Proof("POST", "/oauth/par", world).text()])
      headers.add(
        "Authorization",
        ClientAuthentication.basicHeader(
          clientID: TenantSettings.demoClientID, secret: World.secret))
      return world.post("/oauth/par", authorizeFields(changes), headers: headers)
    }
    for (used, isGood) in [(key, true), (other, false)] {
      var world = try World()
      let pushed = try push(&world, isGood ? ["dpop_jkt": try Self.thumbprint(key)] : [:])
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
      let proof = try Proof("POST", "/oauth/token", world, key: used).text()
      #expect(
        Self.token(&world, exchangeFields(code), [proof]).status == (isGood ? 200 : 400))
    }
    var world = try World()
    let both = try push(&world, ["dpop_jkt": try Self.thumbprint(other)])
    #expect(both.status == 400)
    #expect(try json(both)["error"] == "invalid_request")
    #expect(Self.broken(world) == ["pushed-key"])
  }

  @Test(arguments: [true, false])
  func `the refresh token of a public client is bound to the key, another to the client`(
    _ isPublic: Bool
  ) throws {
    let other = try Self.otherKey.get()
    var world = try World {
      if isPublic { $0.clients[0].secret = nil }
    }
    func proof(_ key: SigningKey? = nil) throws -> [String] {
      [try Proof("POST", "/oauth/token", world, key: key).text()]
    }
    let code = try world.flow(["scope": "openid offline_access"])["code"]
    let first = try json(
      Self.token(&world, exchangeFields(code), try proof(), isPublic: isPublic))
    func fields(_ answer: JSONValue) -> [FormField] {
      [
        FormField("grant_type", "refresh_token"),
        FormField("refresh_token", answer["refresh_token"]?.string ?? ""),
      ]
    }
    for wrong in [try proof(other), []] where isPublic {
      let refused = Self.token(&world, fields(first), wrong, isPublic: true)
      #expect(try json(refused)["error"] == "invalid_grant")
      #expect(Self.broken(world) == ["refresh-key"])
    }
    let second = try json(
      Self.token(
        &world, fields(first), try proof(isPublic ? nil : other), isPublic: isPublic))
    #expect(second["token_type"] == "DPoP", "\(second["error_description"]?.string ?? "")")
    let claims = try world.verified(second["access_token"]?.string)
    #expect(
      DPoP.thumbprint(in: claims)
        == (try Self.thumbprint(isPublic ? Self.key.get() : other)))
    guard !isPublic else {
      let refused = Self.token(&world, fields(second), try proof(other), isPublic: true)
      #expect(refused.status == 400, "the next one is bound as well")
      return
    }
    let third = try json(Self.token(&world, fields(second), []))
    #expect(third["token_type"] == "Bearer")
  }

  @Test(arguments: [false, true])
  func `introspection tells the key, and the front channel binds nothing`(
    _ isOpaque: Bool
  ) throws {
    var world = try World()
    let changes: [String: String?] = isOpaque ? ["audience": nil, "scope": "openid"] : [:]
    let token = try Self.boundToken(&world, changes)
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
    #expect(DPoP.thumbprint(in: bound) == (try Self.thumbprint(Self.key.get())))
    let jkt = try Self.thumbprint(Self.key.get())
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
    #expect(Self.broken(world) == ["dpop-required"])
    let proof = try Proof("POST", "/oauth/token", world).text()
    #expect(Self.token(&world, exchangeFields(code), [proof]).status == 200)
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
