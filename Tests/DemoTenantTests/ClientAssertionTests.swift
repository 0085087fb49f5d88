import Cryptography
import DemoTenant
import OpenID
import Testing

/// A client's key in each algorithm, made once.
private let clientKeys: [SignatureAlgorithm: SigningKey] = {
  var keys: [SignatureAlgorithm: SigningKey] = [:]
  for algorithm: SignatureAlgorithm in [.rs256, .ps256, .es256, .es384, .edDSA] {
    keys[algorithm] = try? SigningKey.generate(algorithm, keyID: "client-\(algorithm.rawValue)")
  }
  return keys
}()

private func clientKey(_ algorithm: SignatureAlgorithm = .es256) throws -> SigningKey {
  try #require(clientKeys[algorithm])
}

/// An assertion with one thing wrong, and the rule that must say so.
struct BadAssertion: Sendable, CustomTestStringConvertible {
  typealias Change = @Sendable (inout Draft) throws -> Void

  var name: String
  var rules: [String]
  var change: Change
  var testDescription: String { name }

  init(_ name: String, _ rules: String..., change: @escaping Change) {
    self.name = name
    self.rules = rules
    self.change = change
  }
}

/// A token request in the making.
struct Draft {
  var header: JSONValue
  var claims: JSONValue
  var key: SigningKey
  var text: String?
  var type: String? = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
  var form: [FormField] = []

  init(at now: UnixTime, key: SigningKey) {
    self.key = key
    header = key.header(type: "JWT")
    claims = [
      "iss": .string(TenantSettings.demoClientID), "sub": .string(TenantSettings.demoClientID),
      "aud": "http://localhost:9000/", "jti": "an-identifier-of-its-own",
      "iat": .number(JSONNumber(now.seconds)), "exp": .number(JSONNumber(now.seconds + 60)),
    ]
  }

  func fields() throws -> [FormField] {
    let signed = try key.compactJWS(header: header, payload: Array(claims.compactText.utf8))
    return [FormField("client_assertion", text ?? signed)]
      + (type.map { [FormField("client_assertion_type", $0)] } ?? []) + form
  }
}

/// RFC 7523, section 3; OpenID Connect Core 1.0, section 9.
@Suite struct ClientAssertionTests {
  private func world(_ keys: [SigningKey], secret: Secret? = nil) throws -> World {
    try World {
      $0.clients[0].secret = secret
      $0.clients[0].keys = keys.map(\.publicJWK)
    }
  }

  private func send(
    _ world: inout World, _ code: String?, _ fields: [FormField],
    headers: HTTPHeaders = HTTPHeaders()
  ) -> HTTPResponse {
    world.post("/oauth/token", exchangeFields(code) + fields, headers: headers)
  }

  private func failed(_ world: World) -> [String] {
    world.tenant.ledger.filter { $0.endpoint == .token && !$0.passed }.map(\.rule)
  }

  @Test(arguments: [SignatureAlgorithm.rs256, .ps256, .es256, .es384, .edDSA])
  func `an honest assertion proves the client`(_ algorithm: SignatureAlgorithm) throws {
    let key = try clientKey(algorithm)
    for audience in ["http://localhost:9000/", "http://localhost:9000/oauth/token"] {
      var world = try world([key])
      let code = try world.flow()["code"]
      var draft = Draft(at: world.now, key: key)
      draft.claims.set("aud", .string(audience))
      let response = send(&world, code, try draft.fields())
      #expect(response.status == 200, "\(response.bodyText)")
      let lines = world.tenant.ledger.filter { $0.endpoint == .token }.map(\.rule)
      #expect(
        lines.prefix(13) == [
          "parameters-once", "client-auth-once", "client-known", "assertion-type",
          "assertion-jwt", "assertion-algorithm", "assertion-key", "assertion-signature",
          "assertion-client", "assertion-audience", "assertion-unexpired", "assertion-begun",
          "assertion-unused",
        ])
      #expect(lines.contains("client-authenticated") && failed(world).isEmpty)
    }
  }

  static let rows: [BadAssertion] = [
    BadAssertion("no type", "assertion-type") { $0.type = nil },
    BadAssertion("another type", "assertion-type") {
      $0.type = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
    },
    BadAssertion("no JWT", "assertion-jwt") { $0.text = "not.a-token" },
    BadAssertion("claims that are no object", "assertion-jwt") {
      $0.text = try $0.key.compactJWS(header: $0.header, payload: Array("[1]".utf8))
    },
    BadAssertion("a claim twice", "assertion-jwt") {
      let text = "{\"iss\":\"somebody\"," + $0.claims.compactText.dropFirst()
      $0.text = try $0.key.compactJWS(header: $0.header, payload: Array(text.utf8))
    },
    BadAssertion(
      "unsigned", "assertion-algorithm", "assertion-key", "assertion-signature"
    ) {
      $0.header.set("alg", "none")
      let parts = [$0.header, $0.claims].map { Base64URL.encode($0.compactText.utf8) }
      $0.text = parts.joined(separator: ".") + "."
    },
    BadAssertion(
      "the public key as a shared secret", "assertion-algorithm", "assertion-key",
      "assertion-signature"
    ) {
      let secret = Base64URL.encode($0.key.publicJWK.json.compactText.utf8)
      let jwk = try #require(JSONWebKey(["kty": "oct", "k": .string(secret)]))
      $0.header.set("alg", "HS256")
      $0.text = try SigningKey(privateJWK: jwk, algorithm: .hs256)
        .compactJWS(header: $0.header, payload: Array($0.claims.compactText.utf8))
    },
    BadAssertion("a stranger's key under our kid", "assertion-signature") {
      $0.key = try SigningKey.generate(.es256, keyID: $0.key.keyID)
    },
    BadAssertion("a kid that is not registered", "assertion-key", "assertion-signature") {
      $0.header.set("kid", "another")
    },
    BadAssertion("a key of another kind", "assertion-key", "assertion-signature") {
      $0.key = try clientKey(.rs256)
      $0.header = $0.key.header(type: "JWT")
    },
    BadAssertion("a critical extension", "assertion-signature") {
      $0.header.set("crit", ["b64"])
      $0.header.set("b64", true)
    },
    BadAssertion("claims changed afterwards", "assertion-signature") {
      let parts = try $0.key.compactJWS(
        header: $0.header, payload: Array($0.claims.compactText.utf8)
      ).split(separator: ".")
      $0.claims.set("jti", "another-identifier")
      $0.text = "\(parts[0]).\(Base64URL.encode($0.claims.compactText.utf8)).\(parts[2])"
    },
    BadAssertion("another issuer", "assertion-client") { $0.claims.set("iss", "other") },
    BadAssertion("no issuer", "assertion-client") { $0.claims.remove("iss") },
    BadAssertion("another subject", "assertion-client") { $0.claims.set("sub", "other") },
    BadAssertion("no audience", "assertion-audience") { $0.claims.remove("aud") },
    BadAssertion("another tenant", "assertion-audience") {
      $0.claims.set("aud", "https://other.example/")
    },
    BadAssertion("the issuer without its slash", "assertion-audience") {
      $0.claims.set("aud", "http://localhost:9000")
    },
    BadAssertion("another tenant beside us", "assertion-audience") {
      $0.claims.set("aud", ["http://localhost:9000/", "https://other.example/"])
    },
    BadAssertion("no end", "assertion-unexpired") { $0.claims.remove("exp") },
    BadAssertion("an end that is a text", "assertion-unexpired") {
      $0.claims.set("exp", "4102444800")
    },
    BadAssertion("expired", "assertion-unexpired") { $0.move("exp", -120) },
    BadAssertion("good for a day", "assertion-unexpired") { $0.move("exp", 86400) },
    BadAssertion("made in the future", "assertion-begun") { $0.move("iat", 600) },
    BadAssertion("not yet valid", "assertion-begun") {
      $0.claims.set("nbf", .number(JSONNumber(($0.claims["iat"]?.integer ?? 0) + 600)))
    },
    BadAssertion("no identifier", "assertion-unused") { $0.claims.remove("jti") },
    BadAssertion("an identifier that is a number", "assertion-unused") { $0.claims.set("jti", 7) },
  ]

  @Test(arguments: rows)
  func `each way to be wrong is refused, and the ledger names it`(_ row: BadAssertion) throws {
    var world = try world([try clientKey()])
    let code = try world.flow()["code"]
    var draft = Draft(at: world.now, key: try clientKey())
    draft.form = [FormField("client_id", TenantSettings.demoClientID)]
    try row.change(&draft)
    let response = send(&world, code, try draft.fields())
    #expect(response.status == 401)
    #expect(try json(response)["error"] == "invalid_client")
    #expect(response.headers["WWW-Authenticate"] != nil)
    #expect(failed(world) == row.rules + ["client-authenticated"])
    // What was refused has spent neither the code nor an identifier.
    var honest = Draft(at: world.now, key: try clientKey())
    honest.claims.set("jti", draft.claims["jti"] ?? "fresh")
    if honest.claims["jti"]?.string == nil { honest.claims.set("jti", "fresh") }
    #expect(send(&world, code, try honest.fields()).status == 200)
  }

  @Test func `without client_id the assertion itself names the client`() throws {
    var world = try world([try clientKey()])
    let code = try world.flow()["code"]
    var draft = Draft(at: world.now, key: try clientKey())
    draft.claims.set("sub", "other")
    #expect(send(&world, code, try draft.fields()).status == 401)
    #expect(failed(world).contains("assertion-client"), "other is a client without this key")
    draft.text = "not.a-token"
    #expect(send(&world, code, try draft.fields()).status == 401)
    #expect(failed(world).contains("client-known"))
  }

  @Test func `an assertion is good for one use, whatever it is used for`() throws {
    var world = try world([try clientKey()])
    let code = try world.flow()["code"]
    let fields = try Draft(at: world.now, key: try clientKey()).fields()
    #expect(send(&world, code, fields).status == 200)
    let again = world.post("/oauth/revoke", [FormField("token", "anything")] + fields)
    #expect(again.status == 401)
    let rules = world.tenant.ledger.filter { $0.endpoint == .revocation && !$0.passed }.map(\.rule)
    #expect(rules == ["assertion-unused", "client-authenticated"])
  }

  @Test func `two methods at once are an invalid request`() throws {
    let secret = World.secret
    for withHeader in [true, false] {
      var world = try world([try clientKey()], secret: secret)
      let code = try world.flow()["code"]
      var headers = HTTPHeaders()
      var fields = try Draft(at: world.now, key: try clientKey()).fields()
      if withHeader {
        headers.add(
          "Authorization",
          ClientAuthentication.basicHeader(clientID: TenantSettings.demoClientID, secret: secret))
      } else {
        fields.append(FormField("client_secret", secret.reveal()))
      }
      let response = send(&world, code, fields, headers: headers)
      #expect(response.status == 400)
      #expect(try json(response)["error"] == "invalid_request")
      #expect(failed(world) == ["client-auth-once"])
    }
  }

  @Test func `a client with a key must use it`() throws {
    var world = try world([try clientKey()])
    let code = try world.flow()["code"]
    let response = send(
      &world, code, [FormField("client_id", TenantSettings.demoClientID)])
    #expect(response.status == 401)
    #expect(failed(world) == ["client-authenticated"])
  }

  @Test func `a client that is registered for its secret cannot sign`() throws {
    var world = try World {
      $0.clients[0].keys = [try clientKey().publicJWK]
      $0.clients[0].tokenEndpointAuthMethod = .basic
    }
    let code = try world.flow()["code"]
    let fields = try Draft(at: world.now, key: try clientKey()).fields()
    #expect(send(&world, code, fields).status == 401)
    #expect(world.tenant.ledger.last?.found.hasSuffix("not registered for it") == true)
  }

  @Test func `what the tenant takes stands in its metadata`() throws {
    var honest = try World()
    let before = try json(honest.get("/.well-known/openid-configuration"))
    #expect(
      before["token_endpoint_auth_methods_supported"]
        == ["client_secret_basic", "client_secret_post"])
    #expect(before["token_endpoint_auth_signing_alg_values_supported"] == nil)
    var world = try world([try clientKey()])
    let after = try json(world.get("/.well-known/openid-configuration"))
    for endpoint in ["token", "revocation", "introspection"] {
      let methods = after["\(endpoint)_endpoint_auth_methods_supported"]?.strings ?? []
      #expect(methods.contains("private_key_jwt") && !methods.contains("none"))
      let algorithms = after["\(endpoint)_endpoint_auth_signing_alg_values_supported"]?.strings
      #expect(algorithms?.contains("ES256") == true)
      #expect(algorithms?.contains { $0.hasPrefix("HS") || $0 == "none" } == false)
    }
  }

  @Test func `a private key is not registered`() throws {
    let jwk: JSONValue = ["kty": "oct", "k": "c2VjcmV0"]
    let key = try #require(JSONWebKey(jwk))
    #expect(throws: TenantSettingsError.privateKey(clientID: TenantSettings.demoClientID)) {
      try World { $0.clients[0].keys = [key] }
    }
  }
}

extension Draft {
  fileprivate mutating func move(_ claim: String, _ seconds: Int64) {
    claims.set(claim, .number(JSONNumber((claims["iat"]?.integer ?? 0) + seconds)))
  }
}
