/// The form of a PKCE code challenge.
///
/// RFC 7636, section 4.2: an S256 challenge is the base64url of 32 bytes without padding, which is
/// always 43 characters.
public enum CodeChallenge: Sendable, Equatable {
  /// The form is right.
  case wellFormed
  /// The digest as 64 hexadecimal digits.
  case hex
  /// Base64url with padding.
  case padded
  /// Base64 with `+` or `/`, which base64url does not have.
  case standardBase64
  /// The base64 of the digest's hexadecimal digits.
  case base64OfHex
  /// Anything else, with its number of characters.
  case other(count: Int)

  /// Looks at an S256 challenge.
  public init(s256 text: String) {
    let count = text.utf8.count
    let isHex = text.utf8.allSatisfy(Self.isHexDigit)
    let bare = text.split(at: "=").first.map(String.init) ?? ""
    let isURL = bare.utf8.allSatisfy { Self.isBase64($0, [0x2D, 0x5F]) }
    let decoded =
      (try? Base64URL.decode(bare))
      ?? (try? Base64.decode(text))
    if let decoded, decoded.count >= 56, decoded.allSatisfy(Self.isHexDigit) {
      self = .base64OfHex
    } else if count == 64, isHex {
      self = .hex
    } else if count == 43, isURL, !text.holds("=") {
      self = .wellFormed
    } else if text.ends(with: "="), isURL, bare.utf8.count == 43 {
      self = .padded
    } else if bare.utf8.count == 43, bare.holds(anyOf: "+/") {
      self = .standardBase64
    } else {
      self = .other(count: count)
    }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }

  private static func isBase64(_ byte: UInt8, _ others: [UInt8]) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: others.contains(byte)
    }
  }

  /// What is wrong with it, in a sentence; nil for the right form.
  public var fault: String? {
    switch self {
    case .wellFormed: nil
    case .hex: "It is the digest in hex; S256 takes the base64url of its 32 bytes."
    case .padded: "It is padded with \u{201C}=\u{201D}; base64url is written without padding here."
    case .standardBase64:
      "It is base64 with + or /; base64url has - and _ in their place, and no padding."
    case .base64OfHex:
      "It is the base64 of the digest\u{2019}s hex digits; S256 takes the base64url of its 32 bytes."
    case .other(let count):
      "An S256 challenge has 43 characters of base64url; this one has \(count), so no verifier fits."
    }
  }
}
