import Cryptography
import OpenID
import TestSupport
import Testing

struct DigestTests {
  /// FIPS 180-4 and FIPS 202 examples: the first bytes of the digest of "abc" and of nothing.
  static let known: [(DigestAlgorithm, String, [UInt8])] = [
    (.sha256, "abc", [0xBA, 0x78, 0x16, 0xBF]), (.sha256, "", [0xE3, 0xB0, 0xC4, 0x42]),
    (.sha384, "abc", [0xCB, 0x00, 0x75, 0x3F]), (.sha384, "", [0x38, 0xB0, 0x60, 0xA7]),
    (.sha512, "abc", [0xDD, 0xAF, 0x35, 0xA1]), (.sha512, "", [0xCF, 0x83, 0xE1, 0x35]),
    (.shake256x64, "", [0x46, 0xB9, 0xDD, 0x2B]), (.shake256x114, "", [0x46, 0xB9, 0xDD, 0x2B]),
  ]

  @Test(arguments: known)
  func `a digest is as published`(
    algorithm: DigestAlgorithm, text: String, start: [UInt8]
  ) throws {
    let hash = try Digest.hash(Array(text.utf8), algorithm)
    #expect(hash.count == algorithm.byteCount)
    #expect(Array(hash.prefix(4)) == start)
  }

  static let hashClaims: [(String, String?)] = [
    ("RS256", nil), ("PS256", nil), ("ES256", nil), ("HS256", nil), ("RS384", nil),
    ("PS384", nil), ("ES384", nil), ("HS384", nil), ("RS512", nil), ("PS512", nil),
    ("ES512", nil), ("HS512", nil), ("EdDSA", "Ed25519"), ("EdDSA", "Ed448"),
  ]

  @Test(arguments: hashClaims)
  func `a hash claim is as published`(name: String, curve: String?) throws {
    let label = curve.map { "\(name)(crv \($0))" } ?? name
    let vector = try #require(
      try Fixture.vectors().list("hash_claim_algorithms").first {
        try $0.at("algs").strings?.contains(label) == true
      })
    let algorithm = try #require(SignatureAlgorithm(rawValue: name))
    let value = try leftHalf(
      try vector.text("input"), algorithm.hashClaimDigest(curve: curve))
    #expect(value == (try vector.text("expected")))
  }

  @Test func `the hash claim of ML-DSA is as published`() throws {
    let vector = try Fixture.vectors().at("hash_claim_algorithms.4")
    #expect(try leftHalf(try vector.text("input"), .shake256x64) == vector.text("expected"))
  }

  @Test func `the code challenge of RFC 7636 is as published`() throws {
    let vectors = try Fixture.vectors()
    let verifier = Array(try vectors.text("rfc7636.code_verifier").utf8)
    let challenge = Base64URL.encode(try Digest.hash(verifier, .sha256))
    #expect(challenge == (try vectors.text("rfc7636.code_challenge")))
  }
}

struct RandomnessTests {
  @Test func `random values have the length asked for and differ`() throws {
    #expect(try Randomness.bytes(0).isEmpty)
    #expect(try Randomness.bytes(17).count == 17)
    let tokens = try (0..<100).map { _ in try Randomness.token() }
    #expect(Set(tokens).count == 100)
    for token in tokens { #expect(try Base64URL.decode(token).count == 32) }
    #expect(try Randomness.token(byteCount: 16).utf8.count == 22)
  }

  @Test(arguments: [-1, Randomness.requestLimitBytes + 1, .max, .min])
  func `a count outside the limits is refused`(_ count: Int) {
    #expect(throws: CryptoError.unsupported("\(count) random bytes at once")) {
      try Randomness.bytes(count)
    }
  }
}
