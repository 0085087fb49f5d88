import COpenSSL
import Cryptography
import Foundation
import OpenID
import TestSupport
import Testing

struct KeyRefusalTests {
  @Test(arguments: SignatureAlgorithm.allCases)
  func `a key of another type or curve is no answer but a fault`(
    _ algorithm: SignatureAlgorithm
  ) throws {
    var refused = 0
    for other in [SignatureAlgorithm.rs256, .es256, .es384, .es512, .edDSA, .hs256] {
      let (_, key) = try TestKeys.pair(other)
      guard other.keyType != algorithm.keyType || other.curve != algorithm.curve else { continue }
      #expect(throws: CryptoError.self) {
        try Signature.verify(
          signature: [UInt8](repeating: 1, count: 64), of: [], algorithm: algorithm, key: key)
      }
      #expect(throws: CryptoError.self) {
        try SigningKey(privateJWK: key, algorithm: algorithm)
      }
      refused += 1
    }
    #expect(refused == 5)
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let source: String
    let algorithm: SignatureAlgorithm
    let member: String
    let value: JSONValue?
    let fault: CryptoError
    var testDescription: String { "\(source) \(member) \(value?.compactText.prefix(20) ?? "-")" }
  }

  static let damages: [Damage] = [
    Damage(
      source: "rfc7515.1.key", algorithm: .rs256, member: "n", value: nil,
      fault: .unusableKey("it has no n")),
    Damage(
      source: "rfc7515.1.key", algorithm: .rs256, member: "n", value: "AQ==",
      fault: .unusableKey("n is not base64url")),
    Damage(
      source: "rfc7515.1.key", algorithm: .rs256, member: "n", value: 3,
      fault: .unusableKey("n is not base64url")),
    Damage(
      source: "rfc7515.1.key", algorithm: .ps256, member: "e", value: "AQ",
      fault: .unusableKey("the RSA exponent is not an odd number above 1")),
    Damage(
      source: "rfc7515.1.key", algorithm: .rs256, member: "e", value: "AAAA",
      fault: .unusableKey("the RSA exponent is not an odd number above 1")),
    Damage(
      source: "rfc7515.1.key", algorithm: .rs256, member: "e", value: "AQAA",
      fault: .unusableKey("the RSA exponent is not an odd number above 1")),
    Damage(
      source: "rfc7515.1.key", algorithm: .rs256, member: "e", value: "AQAAAAAAAAAB",
      fault: .unusableKey("the RSA exponent has more than 8 bytes")),
    Damage(
      source: "rfc7515.1.key", algorithm: .rs256, member: "n",
      value: .string(Base64URL.encode([UInt8](repeating: 255, count: 2049))),
      fault: .unusableKey("the RSA modulus has 16392 bits, at most 16384 are taken")),
    Damage(
      source: "rfc7515.2.key", algorithm: .es256, member: "crv", value: "P-384",
      fault: .unusableKey("the curve is not P-256")),
    Damage(
      source: "rfc7515.2.key", algorithm: .es256, member: "y", value: nil,
      fault: .unusableKey("it has no y")),
    Damage(
      source: "rfc7515.2.key", algorithm: .es256, member: "x", value: "",
      fault: .unusableKey("x is not base64url")),
    Damage(
      source: "rfc7520_rfc8037.4.key", algorithm: .edDSA, member: "crv", value: "X25519",
      fault: .unusableKey("the curve is neither Ed25519 nor Ed448")),
    Damage(
      source: "rfc7520_rfc8037.4.key", algorithm: .edDSA, member: "x", value: "AAAA",
      fault: .unusableKey("x has 3 bytes, the curve needs 32")),
    Damage(
      source: "rfc7515.0.key", algorithm: .hs256, member: "k", value: "",
      fault: .unusableKey("k is not base64url")),
  ]

  @Test(arguments: damages)
  func `a damaged key is refused and the fault says why`(_ damage: Damage) throws {
    let key = try Fixture.vectors().key(damage.source).with(damage.member, damage.value)
    #expect(throws: damage.fault) {
      try Signature.verify(
        signature: [0], of: [], algorithm: damage.algorithm, key: key)
    }
  }

  @Test(arguments: ["x", "y"])
  func `a point off the curve is refused`(_ member: String) throws {
    let key = try Fixture.vectors().key("rfc7515.2.key")
    var bytes = try #require(key.bytes(member))
    bytes[31] ^= 1
    #expect(
      performing: {
        try Signature.verify(
          signature: [UInt8](repeating: 1, count: 64), of: [], algorithm: .es256,
          key: try key.with(member, bytes: bytes))
      }, throws: isUnusableKey)
  }

  @Test func `RSA under 2048 bits is refused`() throws {
    let fault = CryptoError.unusableKey(
      "the RSA modulus has 1024 bits, at least 2048 are needed")
    let key = try Fixture.vectors().key("rfc7515.1.key")
    let odd = [UInt8](repeating: 255, count: 128)
    let short = try key.with("n", bytes: odd)
    // Zeros in front do not make it longer.
    let padded = try key.with("n", bytes: [UInt8](repeating: 0, count: 128) + odd)
    for key in [short, padded] {
      #expect(throws: fault) {
        try Signature.verify(signature: odd, of: [], algorithm: .rs256, key: key)
      }
    }
    let pem = try Fixture.bytes("keys/rsa-1024.pkcs8.pem")
    #expect(throws: fault) { try SigningKey(pem: pem, algorithm: .rs256) }
  }

  static let halves: [(String, SignatureAlgorithm)] = [
    ("rfc7515.1.key", .rs256), ("rfc7515.2.key", .es256), ("rfc7515.3.key", .es512),
    ("rfc7520_rfc8037.4.key", .edDSA),
  ]

  @Test(arguments: halves)
  func `halves of two keys are no pair`(source: String, algorithm: SignatureAlgorithm) throws {
    var key = try Fixture.vectors().key(source)
    #expect(throws: Never.self) { try SigningKey(privateJWK: key, algorithm: algorithm) }
    for name in ["p", "q", "dp", "dq", "qi"] { key = try key.with(name, nil) }
    #expect(throws: Never.self) { try SigningKey(privateJWK: key, algorithm: algorithm) }
    var d = try #require(key.bytes("d"))
    d[20] ^= 1
    let broken = try key.with("d", bytes: d)
    #expect(
      throws: CryptoError.unusableKey("its private and public parts do not belong together")
    ) { try SigningKey(privateJWK: broken, algorithm: algorithm) }
    #expect(throws: CryptoError.unusableKey("it has no d")) {
      try SigningKey(privateJWK: try key.with("d", nil), algorithm: algorithm)
    }
  }

  @Test func `some of the remainder members are not enough`() throws {
    let key = try Fixture.vectors().key("rfc7515.1.key").with("dq", nil)
    #expect(throws: CryptoError.unusableKey("it has no dq")) {
      try SigningKey(privateJWK: key, algorithm: .rs256)
    }
  }

  @Test func `failures leave no error behind and repeat nothing of the key`() throws {
    let pem = Array("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n".utf8)
    do {
      _ = try SigningKey(pem: pem, algorithm: .rs256)
      Issue.record("this is no key")
    } catch {
      #expect(isUnusableKey(error))
      #expect(!error.description.contains("c2VjcmV0"))
      #expect(!error.description.contains("secret"))
    }
    #expect(crypto_take_reason() == nil)
    let key = try Fixture.vectors().key("rfc7515.2.key")
    #expect(
      try !Signature.verify(
        signature: [UInt8](repeating: 255, count: 64), of: [], algorithm: .es256, key: key))
    #expect(crypto_take_reason() == nil)
  }
}

struct SigningKeyTests {
  static let files: [(String, String, SignatureAlgorithm)] = [
    ("rfc7515-a2.pkcs8.pem", "rfc7515.1.key", .rs256),
    ("rfc7515-a2.pkcs1.pem", "rfc7515.1.key", .ps256),
    ("rfc7515-a3.pkcs8.pem", "rfc7515.2.key", .es256),
    ("rfc7515-a3.sec1.pem", "rfc7515.2.key", .es256),
    ("rfc8037.pkcs8.pem", "rfc7520_rfc8037.4.key", .edDSA),
  ]

  @Test(arguments: files)
  func `a PEM file gives the same key as its JWK`(
    file: String, source: String, algorithm: SignatureAlgorithm
  ) throws {
    let jwk = try Fixture.vectors().key(source)
    let key = try SigningKey(
      pem: try Fixture.bytes("keys/" + file), algorithm: algorithm, keyID: "file")
    #expect(key.keyID == "file")
    for name in ["n", "e", "crv", "x", "y"] {
      #expect(key.publicJWK.json[name] == jwk.json[name])
    }
    #expect(
      try Signature.verify(
        signature: try key.sign([5]), of: [5], algorithm: algorithm, key: jwk))
    for other in SignatureAlgorithm.allCases
    where other.keyType != algorithm.keyType || other.curve != algorithm.curve {
      #expect(
        performing: {
          try SigningKey(pem: try Fixture.bytes("keys/" + file), algorithm: other)
        }, throws: isUnusableKey)
    }
  }

  @Test func `an encrypted, an oversized and an empty PEM text are refused without a question`()
    throws
  {
    let texts = [
      try Fixture.bytes("keys/rfc7515-a3.encrypted.pem"), [],
      [UInt8](repeating: 10, count: SigningKey.pemLimitBytes + 1),
    ]
    for text in texts {
      #expect(performing: { try SigningKey(pem: text, algorithm: .es256) }, throws: isUnusableKey)
    }
  }

  @Test(arguments: SignatureAlgorithm.allCases)
  func `the public key has its members in order and no private one`(
    _ algorithm: SignatureAlgorithm
  ) throws {
    let key = try SigningKey.generate(algorithm, keyID: "k 1")
    let own: [String] =
      switch algorithm.keyType {
      case "RSA": ["n", "e"]
      case "EC": ["crv", "x", "y"]
      case "OKP": ["crv", "x"]
      default: []
      }
    let names = try #require(key.publicJWK.json.members).map(\.name)
    #expect(names == ["kty", "use", "alg", "kid"] + own)
    #expect(key.publicJWK.privateMembers.isEmpty)
    #expect(key.publicJWK.keyType == algorithm.keyType)
    #expect(key.publicJWK.algorithmName == algorithm.rawValue)
    #expect(key.publicJWK.keyID == "k 1")
    #expect(key.publicJWK.use == "sig")
    if algorithm.keyType == "RSA" { #expect(key.publicJWK.modulusBits == 2048) }
    #expect(try key.verify(signature: try key.sign([1]), of: [1]))
  }

  @Test func `a key without kid is named by its thumbprint, a secret is not`() throws {
    let vectors = try Fixture.vectors()
    let okp = try vectors.key("rfc7520_rfc8037.4.key").with("kid", nil)
    let key = try SigningKey(privateJWK: okp, algorithm: .edDSA)
    #expect(key.keyID == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    #expect(key.header(type: "JWT") == ["alg": "EdDSA", "kid": .string(key.keyID), "typ": "JWT"])
    let shared = try SigningKey(
      privateJWK: try vectors.key("rfc7515.0.key"), algorithm: .hs256)
    #expect(shared.keyID.isEmpty)
    #expect(shared.publicJWK.json["kid"] == nil)
    #expect(shared.header() == ["alg": "HS256"])
  }

  @Test func `a key changes its algorithm within its family only`() throws {
    let rsa = try TestKeys.make(.rs256)
    let pss = try rsa.withAlgorithm(.ps512, keyID: "other")
    #expect(pss.publicJWK.json["n"] == rsa.publicJWK.json["n"])
    #expect(pss.publicJWK.algorithmName == "PS512")
    #expect(pss.keyID == "other")
    #expect(try rsa.withAlgorithm(.rs384).keyID == rsa.keyID)
    #expect(performing: { try rsa.withAlgorithm(.es256) }, throws: isUnusableKey)
    let ec = try TestKeys.make(.es256)
    #expect(performing: { try ec.withAlgorithm(.es384) }, throws: isUnusableKey)
  }

  @Test func `a client secret is the key as it is written`() throws {
    #expect(JSONWebKey(clientSecret: Secret("")) == nil)
    let jwk = try #require(JSONWebKey(clientSecret: Secret("gX1fBat3bVé")))
    #expect(jwk.bytes("k") == Array("gX1fBat3bVé".utf8))
    let key = try SigningKey(privateJWK: jwk, algorithm: .hs256)
    let token = try key.compactJWS(header: key.header(), payload: Array("{}".utf8))
    #expect(try Signature.verify(try CompactJWS(token), algorithm: .hs256, key: jwk))
  }

  @Test func `the header and the payload are taken as they are`() throws {
    let key = try TestKeys.make(.es256)
    let payload: [UInt8] = [0x20, 0x7B, 0x0A, 0x7D, 0xFF]
    let jws = try CompactJWS(
      try key.compactJWS(header: ["typ": "x", "alg": "none"], payload: payload))
    #expect(jws.payload == payload)
    #expect(jws.header.compactText == #"{"typ":"x","alg":"none"}"#)
    #expect(
      try Signature.verify(
        signature: jws.signature, of: jws.signingInput, algorithm: .es256, key: key.publicJWK))
  }

  @Test func `a key does not print itself`() throws {
    let jwk = try #require(JSONWebKey(clientSecret: Secret("correct horse battery")))
    let key = try SigningKey(privateJWK: jwk, algorithm: .hs256)
    var dumped = ""
    dump(key, to: &dumped)
    for text in [dumped, "\(key)", String(reflecting: key)] {
      #expect(!text.contains("99"), "the first byte of the secret: \(text)")
      #expect(!text.contains("correct"))
      #expect(!text.contains(try #require(jwk.json["k"]?.string)))
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a key made on another thread signs on many at once`() async throws {
    let key = try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Result { try SigningKey.generate(.rs256, keyID: "thread") })
      }
    }
    let verified = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          let input = [UInt8(number)]
          return try Signature.verify(
            signature: try key.sign(input), of: input, algorithm: .rs256, key: key.publicJWK)
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(verified == 64)
  }
}
