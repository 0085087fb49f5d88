import OpenID

/// The readable parts of a damaged signed token: enough to say what it was, never enough to trust
/// it.
struct DamagedToken {
  /// The header's `typ`, when the header can still be read.
  let type: String?
  /// The claims, or the names of those that are still readable; nil when there are none.
  let claims: JSONValue?
  /// Whether the claims were read whole.
  let isWhole: Bool

  /// Reads the readable parts.
  init(_ text: String) {
    let segments = Self.segments(text)
    let header = segments.first.map(Self.decode)
    type = header.flatMap { try? JSONParser.parse($0) }?["typ"]?.string
    let payload = segments.dropFirst().first.map(Self.decode) ?? []
    if let whole = try? JSONParser.parse(payload), whole.members != nil {
      (claims, isWhole) = (whole, true)
    } else {
      let names = Self.telling.filter { Self.contains(payload, "\"\($0)\"") }
      claims = names.isEmpty ? nil : .object(names.map { JSONMember($0, true) })
      isWhole = false
    }
  }

  /// Claims that tell what a token is for.
  private static let telling = [
    "nonce", "c_hash", "at_hash", "auth_time", "events", "response_type", "scope", "scp",
    "client_id",
  ]

  /// Whether a text is a damaged signed token.
  static func isOne(_ text: String) -> Bool {
    let segments = segments(text)
    // base64url of `{"`.
    let begins = segments.prefix(2).contains { $0.starts(with: "eyJ".utf8) }
    guard begins else { return false }
    // Other programs write JSON in base64 too; without dots it must contain alg to be a header.
    return segments.count > 1 || contains(decode(segments[0]), "\"alg\"")
  }

  /// Whether a signature has the length of its algorithm.
  static func isWhole(_ text: String) -> Bool {
    guard let jws = try? CompactJWS(text) else { return PastedToken.Form(text).isEncrypted }
    return jws.algorithm?.admitsSignature(byteCount: jws.signature.count) ?? true
  }

  private static func segments(_ text: String) -> [ArraySlice<UInt8>] {
    Array(text.utf8).split(
      separator: UInt8(ascii: "."), maxSplits: 8, omittingEmptySubsequences: false)
  }

  /// Decodes as much as possible: foreign characters are skipped, the end is cut to whole bytes.
  private static func decode(_ segment: some Sequence<UInt8>) -> [UInt8] {
    var text: [UInt8] = segment.compactMap { byte -> UInt8? in
      switch byte {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        byte
      default: nil
      }
    }
    for _ in 0..<4 {
      if let bytes = try? Base64URL.decode(String(decoding: text, as: UTF8.self)) { return bytes }
      text = Array(text.dropLast())
    }
    return []
  }

  private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains(text)
  }
}

extension PastedToken.Form {
  var isEncrypted: Bool { if case .encrypted = self { true } else { false } }
}
