/// Which bytes a URI may contain, and how an address is written for programs that may be scripts.
///
/// ``WebURL`` keeps every printable byte, because redirect URIs are compared as registered.
/// Addresses for other programs, and those that a provider names, follow stricter rules.
///
/// RFC 3986, section 2.
public enum URIBytes {
  /// A byte that is not allowed at its place in a URI.
  public struct Stranger: Sendable, Equatable, CustomStringConvertible {
    /// The byte.
    public var byte: UInt8
    /// Its offset from the beginning, in bytes.
    public var offset: Int

    /// The byte in words: the character if it is printable, and its number.
    public var description: String {
      let hex = "0x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      let isPrintable = byte > 0x20 && byte < 0x7F
      let name = isPrintable ? "\(Character(Unicode.Scalar(byte))) (\(hex))" : hex
      return byte == UInt8(ascii: "%")
        ? "a % that encodes nothing at byte \(offset)" : "the byte \(name) at byte \(offset)"
    }
  }

  /// The first byte not allowed in a URI; a `%` before two hexadecimal digits is allowed.
  public static func firstStranger(in text: String) -> Stranger? {
    let bytes = Array(text.utf8)
    for (offset, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "%") {
        if !encodes(bytes, at: offset) { return Stranger(byte: byte, offset: offset) }
      } else if !isUnreserved(byte), !":/?#[]@!$&'()*+,;=".utf8.contains(byte) {
        return Stranger(byte: byte, offset: offset)
      }
    }
    return nil
  }

  private static func encodes(_ bytes: [UInt8], at offset: Int) -> Bool {
    offset + 2 < bytes.count && hexValue(bytes[offset + 1]) != nil
      && hexValue(bytes[offset + 2]) != nil
  }

  /// RFC 3986, section 2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~".utf8.contains(byte)
    }
  }

  /// The path with `%` only where it is needed, its digits large, and `/` for none.
  ///
  /// RFC 3986, sections 6.2.2 and 6.2.3.
  static func normalPath(_ url: WebURL) -> String {
    let bytes = Array(url.path.utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    var offset = 0
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "%"), offset + 2 < bytes.count,
        let high = hexValue(bytes[offset + 1]), let low = hexValue(bytes[offset + 2])
      else {
        output.append(bytes[offset])
        offset += 1
        continue
      }
      let byte = UInt8(high << 4 | low)
      output += isUnreserved(byte) ? [byte] : [bytes[offset], digits[Int(high)], digits[Int(low)]]
      offset += 3
    }
    return output.isEmpty ? "/" : String(decoding: output, as: UTF8.self)
  }

  /// The text with every byte encoded except unreserved bytes, these, and existing escapes.
  fileprivate static func encoded(_ text: String, keeping: String) -> String {
    let bytes = Array(text.utf8)
    let kept = Set(keeping.utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for (offset, byte) in bytes.enumerated() {
      let isPercent = byte == UInt8(ascii: "%") && encodes(bytes, at: offset)
      if isPercent || isUnreserved(byte) || kept.contains(byte) {
        output.append(byte)
      } else {
        output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}

extension WebURL {
  /// The address for another program, which may be a script or pass it to one.
  ///
  /// Every byte that is special to a shell, `cmd.exe` or PowerShell is percent-encoded: bytes not
  /// allowed in a URI, `$ ! ' ( ) * [ ]` everywhere, `&` in the path, and `; ,` in the query.
  /// Servers decode both parts, so the meaning stays the same. What would change the meaning stays:
  /// `&` between the fields of a query, and `;` and `,` in a path, which may separate parameters
  /// there (RFC 3986, section 3.3).
  public var launchText: String {
    var text = scheme + "://" + authority + URIBytes.encoded(path, keeping: "/:@=+;,")
    if let query { text += "?" + URIBytes.encoded(query, keeping: "/:@=+&?") }
    if let fragment { text += "#" + URIBytes.encoded(fragment, keeping: "/:@=+&?") }
    return text
  }
}
