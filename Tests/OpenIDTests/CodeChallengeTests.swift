import Testing

@testable import OpenID

/// The form of an S256 challenge, and the slips that are known.
@Suite struct CodeChallengeTests {
  /// The example of RFC 7636, appendix B.
  private static let right = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
  private static let bytes = (try? Base64URL.decode(right)) ?? []
  private static let hex = Hex.text(bytes)

  static let slips: [(text: String, form: CodeChallenge)] = [
    (right, .wellFormed), (right + "=", .padded), (hex, .hex),
    (String(hex.map { Character($0.uppercased()) }), .hex),
    (Base64.encode(bytes), .standardBase64),
    (Base64.encode(bytes).replacing(bytes: "=", with: ""), .standardBase64),
    (Base64.encode(hex.utf8), .base64OfHex), (Base64URL.encode(hex.utf8), .base64OfHex),
    // Some have cut the digits to sixty before they encoded them.
    (Base64.encode(hex.utf8.prefix(60)), .base64OfHex),
    (String(right.dropLast()), .other(count: 42)), (right + "A", .other(count: 44)),
    // The digest of SHA-1, and that of SHA-512, in digits.
    (String(hex.prefix(40)), .other(count: 40)), (hex + hex, .other(count: 128)),
    ("E9Melhoa=OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", .other(count: 43)), ("", .other(count: 0)),
    ("=", .other(count: 1)), ("E9Melhoa%3D", .other(count: 11)),
  ]

  @Test(arguments: slips)
  func `a slip is told from the right form`(_ slip: (text: String, form: CodeChallenge)) {
    let challenge = CodeChallenge(s256: slip.text)
    #expect(challenge == slip.form)
    #expect((challenge.fault == nil) == (slip.form == .wellFormed))
  }
}
