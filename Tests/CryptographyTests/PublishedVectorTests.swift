import Cryptography
import OpenID
import TestSupport
import Testing

struct TokenVector: Sendable, CustomTestStringConvertible {
  let id: String
  let token: String
  let algorithm: SignatureAlgorithm
  let key: JSONWebKey
  var testDescription: String { id }

  static func all() throws -> [TokenVector] {
    let vectors = try Fixture.vectors()
    let entries = try vectors.list("rfc7515") + vectors.list("rfc7520_rfc8037")
    return try entries.filter { try $0.text("alg") != "none" }.map { entry in
      TokenVector(
        id: try entry.text("id"), token: try entry.text("jws"),
        algorithm: try #require(SignatureAlgorithm(rawValue: try entry.text("alg"))),
        key: try entry.key("key"))
    }
  }
}

struct WycheproofVector: Sendable, CustomTestStringConvertible {
  let name: String
  let token: String
  let key: JSONWebKey
  let isValid: Bool
  var testDescription: String { name }

  static func all() throws -> [WycheproofVector] {
    try Fixture.vectors().list("wycheproof_jws_subset.groups").flatMap { group in
      let key = try group.key("key")
      return try group.list("tests").map { test in
        WycheproofVector(
          name: "\(try test.at("tcId").integer ?? 0) \(try test.text("comment"))",
          token: try test.text("jws"), key: key, isValid: try test.text("result") == "valid")
      }
    }
  }
}

struct PublishedVectorTests {
  @Test func `the vectors are all there`() throws {
    #expect(try TokenVector.all().count == 9)
    let wycheproof = try WycheproofVector.all()
    #expect(wycheproof.count == 126)
    #expect(wycheproof.contains { $0.isValid })
  }

  @Test(arguments: try TokenVector.all())
  func `a published token verifies`(_ vector: TokenVector) throws {
    let jws = try CompactJWS(vector.token)
    #expect(jws.algorithm == vector.algorithm)
    #expect(try Signature.verify(jws, algorithm: vector.algorithm, key: vector.key))
  }

  @Test(arguments: try TokenVector.all())
  func `the published key signs again`(_ vector: TokenVector) throws {
    let isPrivate = !vector.key.privateMembers.isEmpty
    try #require(isPrivate, "every one of these keys was published whole")
    let jws = try CompactJWS(vector.token)
    let key = try SigningKey(privateJWK: vector.key, algorithm: vector.algorithm)
    let signature = try key.sign(jws.signingInput)
    switch vector.algorithm {
    case .ps256, .ps384, .ps512, .es256, .es384, .es512: #expect(signature != jws.signature)
    default: #expect(signature == jws.signature)
    }
    #expect(try key.verify(signature: jws.signature, of: jws.signingInput))
    if !vector.algorithm.isSymmetric {
      #expect(try Signature.verify(jws, algorithm: vector.algorithm, key: key.publicJWK))
      for name in ["kty", "crv", "n", "e", "x", "y"] {
        #expect(key.publicJWK.json[name] == vector.key.json[name])
      }
    }
  }

  @Test func `an unsecured token has no algorithm to check`() throws {
    let jws = try CompactJWS(try Fixture.vectors().text("rfc7515.4.jws"))
    #expect(jws.algorithmName == "none")
    #expect(jws.algorithm == nil)
    let key = try Fixture.vectors().key("oidc_core.public_jwk")
    #expect(throws: CryptoError.algorithmMismatch(header: "none", asked: .rs256)) {
      try Signature.verify(jws, algorithm: .rs256, key: key)
    }
  }

  @Test(arguments: try WycheproofVector.all())
  func `Wycheproof agrees`(_ vector: WycheproofVector) throws {
    #expect(try StrictVerifier.accepts(vector.token, keys: [vector.key]) == vector.isValid)
  }

  @Test func `the set of RFC 7517 has one key for RS256`() throws {
    let set = try JSONWebKeySet(try Fixture.vectors().at("rfc7517.jwks"))
    let keys = StrictVerifier.candidates(set.keys, algorithm: .rs256, keyID: nil)
    #expect(keys.map(\.keyID) == ["2011-04-29"])
    #expect(StrictVerifier.candidates(set.keys, algorithm: .es256, keyID: nil).isEmpty)
    // Both keys are real ones: each is taken and refuses a signature that is not its own.
    let zeros = [UInt8](repeating: 0, count: 256)
    #expect(
      try !Signature.verify(signature: zeros, of: [], algorithm: .rs256, key: set.keys[1]))
    #expect(
      try !Signature.verify(signature: [1], of: [], algorithm: .es256, key: set.keys[0]))
  }

  @Test(arguments: try Fixture.vectors().list("rfc7638"))
  func `a thumbprint is as published`(_ vector: JSONValue) throws {
    #expect(try Thumbprint.sha256(try vector.key("jwk")) == vector.text("expected"))
  }

  @Test func `a key without a required member has no thumbprint`() throws {
    let key = try Fixture.vectors().key("rfc7638.0.jwk")
    #expect(try Thumbprint.sha256(try key.with("e", nil)) == nil)
  }
}

struct CoreExampleTests {
  /// Appendix A.5 has no ID token.
  static func examples() throws -> [JSONValue] {
    try Fixture.vectors().list("oidc_core.examples").filter { $0["params"]?["id_token"] != nil }
  }

  @Test func `four of the five examples have an ID token`() throws {
    #expect(try Self.examples().count == 4)
  }

  @Test(arguments: try examples())
  func `an example of appendix A verifies and says what is printed`(
    _ example: JSONValue
  ) throws {
    let key = try Fixture.vectors().key("oidc_core.public_jwk")
    let jws = try CompactJWS(try example.text("params.id_token"))
    #expect(try Signature.verify(jws, algorithm: .rs256, key: key))
    let claims = try #require(try jws.claims().members)
    #expect(Set(claims) == Set(try example.at("claims").members ?? []))
    #expect(jws.header == (try example.at("header")))
  }

  @Test(arguments: try examples())
  func `the private key of appendix A makes the same bytes`(_ example: JSONValue) throws {
    let key = try SigningKey(
      privateJWK: try Fixture.vectors().key("oidc_core.private_jwk"), algorithm: .rs256)
    #expect(key.keyID == "1e9gdk7")
    let text = try example.text("params.id_token")
    let jws = try CompactJWS(text)
    #expect(try key.compactJWS(header: jws.header, payload: jws.payload) == text)
  }

  @Test(arguments: [("at_hash", "access_token"), ("c_hash", "code")])
  func `the hash claims are recomputed`(claim: String, parameter: String) throws {
    var seen = 0
    for example in try Self.examples() {
      guard let expected = example["claims"]?[claim]?.string else { continue }
      let value = try example.text("params." + parameter)
      #expect(try leftHalf(value, .sha256) == expected)
      seen += 1
    }
    #expect(seen == 2)
  }

  @Test func `the token response of section 3.1.3.3 verifies`() throws {
    let vectors = try Fixture.vectors()
    let jws = try CompactJWS(try vectors.text("oidc_core.token_response.id_token"))
    let key = try vectors.key("oidc_core.public_jwk")
    #expect(try Signature.verify(jws, algorithm: .rs256, key: key))
    #expect(try jws.claims()["iss"] == "http://server.example.com")
  }

  @Test(arguments: try Fixture.vectors().list("derived_negative.cases"))
  func `a faulty token has the signature the list says`(_ entry: JSONValue) throws {
    let key = try Fixture.vectors().key("oidc_core.public_jwk")
    let jws = try CompactJWS(try entry.text("id_token"))
    let isValid = try entry.at("signature_valid") == true
    if jws.algorithm == .rs256 {
      #expect(try Signature.verify(jws, algorithm: .rs256, key: key) == isValid)
    } else {
      #expect(!isValid)
      #expect(
        throws: CryptoError.algorithmMismatch(header: jws.algorithmName, asked: .rs256)
      ) {
        try Signature.verify(jws, algorithm: .rs256, key: key)
      }
    }
  }

  @Test func `an RSA key is never taken for a shared secret`() throws {
    let vectors = try Fixture.vectors()
    let entry = try #require(
      try vectors.list("derived_negative.cases").first { $0["id"] == "neg-alg-confusion" })
    let jws = try CompactJWS(try entry.text("id_token"))
    #expect(jws.algorithm == .hs256)
    #expect(throws: CryptoError.unusableKey("HS256 needs a key of type oct")) {
      try Signature.verify(
        jws, algorithm: .hs256, key: try vectors.key("oidc_core.public_jwk"))
    }
  }
}

/// The value of a hash claim.
func leftHalf(_ value: String, _ digest: DigestAlgorithm) throws -> String {
  let hash = try Digest.hash(Array(value.utf8), digest)
  return Base64URL.encode(hash.prefix(hash.count / 2))
}
