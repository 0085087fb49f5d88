import OpenID

/// A token that is whole, but was written or copied wrongly: what happened to it.
struct TokenSlip: Sendable, Equatable {
  /// The token as it should have been written.
  let right: String
  /// What was done to it, in a sentence.
  let sentence: String
  /// Whether it stays a fault of the token; else it only shows how the text was copied.
  let isFault: Bool

  /// Looks for a slip behind a text that is no compact token; nil when none explains it.
  static func find(_ text: String) -> TokenSlip? {
    guard text.utf8.count <= Limit.tokenBytes else { return nil }
    let steps: [(String, Bool, (String) -> String?)] = [
      ("It stands there with the mark =3D or broken lines of a mail.", false, mailed),
      ("It is percent-encoded: a token has no sign that would need it.", false, percentDecoded),
      ("Without the blanks in it, it is whole.", true, unbroken),
      ("It holds backslashes of a JSON text.", false, unescaped),
      ("It was pasted with quotation marks, commas or a name around it.", false, bare),
      (
        "Its parts are padded with \u{201C}=\u{201D}; base64url is written without padding here.",
        true, unpadded
      ),
      (
        "Its parts are base64 with + or /; base64url has - and _ in their place, and no padding.",
        true, alphabet
      ),
      ("The whole token is encoded once more, in base64.", true, decodedOnce),
    ]
    var text = text
    var told: [String] = []
    var isFault = false
    for (sentence, stays, step) in steps {
      guard let next = step(text), !next.isIdentical(to: text) else { continue }
      text = next
      told.append(sentence)
      isFault = isFault || stays
      if isWhole(text) {
        return TokenSlip(right: text, sentence: told.joined(separator: " "), isFault: isFault)
      }
    }
    return nil
  }

  private static func isWhole(_ text: String) -> Bool {
    if let jws = try? CompactJWS(text) { return (try? jws.claims()) != nil }
    return EncryptedParts(text, header: PastedToken.Form(text).encryptedHeader)
      .map { $0.parts.allSatisfy { $0.fault == nil } } ?? false
  }

  // MARK: - One step each; nil where it does not apply

  /// Quoted-printable: RFC 2045, section 6.7.
  private static func mailed(_ text: String) -> String? {
    guard text.holds("=") else { return nil }
    let lines = text.replacing(bytes: "=\r\n", with: "").replacing(bytes: "=\n", with: "")
    let plain = lines.replacing(bytes: "=2E", with: ".").replacing(bytes: "=3D", with: "=")
    // Lines that were joined before have left their mark in the middle.
    let bytes = Array(plain.utf8)
    let breaks = bytes.indices.filter { isBreak($0, in: bytes, beforeDot: false) }
    // Before a dot it may be padding: it is a break where there are others.
    let kept = bytes.indices.filter { !isBreak($0, in: bytes, beforeDot: !breaks.isEmpty) }
    return String(decoding: kept.map { bytes[$0] }, as: UTF8.self)
  }

  /// Whether a sign `=` stands where a soft break of a mail puts it.
  private static func isBreak(_ index: Int, in bytes: [UInt8], beforeDot: Bool) -> Bool {
    guard bytes[index] == UInt8(ascii: "="), index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    return next.isASCIIWord || next == UInt8(ascii: "-") || beforeDot && next == UInt8(ascii: ".")
  }

  private static func percentDecoded(_ text: String) -> String? {
    guard text.holds("%") else { return nil }
    var text = text
    // Twice: a token in an address in an address.
    for _ in 0..<2 where text.holds("%") {
      guard let next = try? FormEncoding.decodeComponent(text.utf8, plusIsSpace: false) else {
        return nil
      }
      text = next
    }
    return text
  }

  private static func unbroken(_ text: String) -> String? {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !isBlank(scalar) { scalars.append(scalar) }
    return String(scalars)
  }

  /// Blanks, and marks without width that pages and word processors add.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20
      || ["\u{A0}", "\u{AD}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{FEFF}"].contains(
        scalar)
  }

  private static func unescaped(_ text: String) -> String? {
    guard text.holds("\\") else { return nil }
    return text.replacing(bytes: "\\u003d", with: "=").replacing(bytes: "\\n", with: "")
      .replacing(bytes: "\\r", with: "").replacing(bytes: "\\", with: "")
  }

  private static func bare(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: "eyJ".utf8) }) else {
      return nil
    }
    let rest = bytes[start...].prefix { byte in
      byte.isASCIIWord || [0x2B, 0x2D, 0x2E, 0x2F, 0x3D].contains(byte)
    }
    // What stands behind it must be no part of a token.
    guard !bytes[rest.endIndex...].contains(where: \.isASCIIWord) else { return nil }
    return String(decoding: rest, as: UTF8.self)
  }

  private static func unpadded(_ text: String) -> String? {
    guard text.holds("=") else { return nil }
    return text.split(at: ".", omittingEmptySubsequences: false).map { segment in
      var segment = segment
      for _ in 0..<2 { segment = segment.dropping(suffix: "=") ?? segment }
      return String(segment)
    }.joined(separator: ".")
  }

  private static func alphabet(_ text: String) -> String? {
    guard text.holds(anyOf: "+/") else { return nil }
    return text.replacing(bytes: "+", with: "-").replacing(bytes: "/", with: "_")
  }

  /// Whether the whole token was encoded a second time.
  static func isEncodedAgain(_ text: String) -> Bool {
    decodedOnce(text).map(isWhole) ?? false
  }

  private static func decodedOnce(_ text: String) -> String? {
    // Base64 of `eyJ`.
    guard text.begins(with: "ZXlK") else { return nil }
    let bytes = (try? Base64URL.decode(text)) ?? (try? Base64.decode(text))
    return bytes.map { String(decoding: $0, as: UTF8.self).trimmed }
  }
}

extension PastedToken.Form {
  var encryptedHeader: JSONValue? { if case .encrypted(let header) = self { header } else { nil } }
}
