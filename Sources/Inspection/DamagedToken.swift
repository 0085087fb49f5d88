import OpenID

/// What can still be read of a signed token that something has happened to: enough to say what it
/// was meant to be, never enough to believe it.
struct DamagedToken {
  /// The header's `typ`, when the header can still be read.
  let type: String?
  /// The claims, or the names of those that can still be made out; nil when there are none.
  let claims: JSONValue?

  /// Reads what is left.
  init(_ text: String) {
    let segments = Self.segments(text)
    let header = segments.first.map(Self.decode)
    type = header.flatMap { try? JSONParser.parse($0) }?["typ"]?.string
    let payload = segments.dropFirst().first.map(Self.decode) ?? []
    if let whole = try? JSONParser.parse(payload), whole.members != nil {
      claims = whole
    } else {
      let names = Self.telling.filter { Self.contains(payload, "\"\($0)\"") }
      claims = names.isEmpty ? nil : .object(names.map { JSONMember($0, true) })
    }
  }

  /// Claims that tell what a token is for.
  private static let telling = [
    "nonce", "c_hash", "at_hash", "auth_time", "events", "response_type", "scope", "scp",
    "client_id",
  ]

  /// Whether a text that is no signed token was meant as one.
  static func isOne(_ text: String) -> Bool {
    let segments = segments(text)
    // base64url of `{"`.
    let begins = segments.prefix(2).contains { $0.starts(with: "eyJ".utf8) }
    guard begins else { return false }
    // Others write JSON in base64 as well; a header without dots is one when it names alg.
    return segments.count > 1 || contains(decode(segments[0]), "\"alg\"")
  }

  /// Whether a signed token is as long as its algorithm says.
  static func isWhole(_ text: String) -> Bool {
    guard let jws = try? CompactJWS(text) else { return PastedToken.Form(text).isEncrypted }
    return jws.algorithm?.admitsSignature(byteCount: jws.signature.count) ?? true
  }

  private static func segments(_ text: String) -> [ArraySlice<UInt8>] {
    Array(text.utf8).split(
      separator: UInt8(ascii: "."), maxSplits: 8, omittingEmptySubsequences: false)
  }

  /// Decodes as much as can be: foreign characters left out, the end cut to what makes bytes.
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
