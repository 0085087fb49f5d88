import Cryptography
import DemoTenant
import OpenID
import Testing

/// A client that binds its tokens to a key, and proves the key with each request: RFC 9449.
enum ProofClient {
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
      self.key = try key ?? ProofClient.key.get()
      let url = try WebURL(world.tenant.address(path))
      header = [
        "typ": .string(DPoP.type), "alg": .string(self.key.algorithm.rawValue),
        "jwk": try ProofClient.shown(self.key),
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
}
