/// What may stand in a URI, and how an address is written for programs that may be scripts.
///
/// ``WebURL`` keeps every printable byte, because redirect URIs are compared as they were
/// registered. What goes to other programs, and what a provider names, is held to more.
///
/// RFC 3986, section 2.
public enum URIBytes {
  /// A byte that no URI has at its place.
  public struct Stranger: Sendable, Equatable, CustomStringConvertible {
    /// The byte.
    public var byte: UInt8
    /// Where it stands, in bytes from the beginning.
    public var offset: Int

    /// The byte in words: itself where it is printable, and its number.
    public var description: String {
      let hex = "0x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      let isPrintable = byte > 0x20 && byte < 0x7F
      let name = isPrintable ? "\(Character(Unicode.Scalar(byte))) (\(hex))" : hex
      return byte == UInt8(ascii: "%")
        ? "a % that encodes nothing at byte \(offset)" : "the byte \(name) at byte \(offset)"
    }
  }

  /// The first byte that no URI has; a `%` in front of two hexadecimal digits is one that it has.
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

  /// The text with every byte encoded but the unreserved ones, these and what is encoded already.
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
  /// The address for other programs, which may be scripts or may hand it to one.
  ///
  /// Whatever a shell, `cmd.exe` or PowerShell reads as its own is percent-encoded: what no URI has,
  /// and of the signs that a URI may have `$ ! ' ( ) * [ ]` everywhere, `&` in the path, and `; ,`
  /// in the query. Servers decode both parts, so none of these changes its meaning. What would
  /// change it stays: `&` between the fields of a query, `;` and `,` in a path, which may separate
  /// parameters there (RFC 3986, section 3.3).
  public var launchText: String {
    var text = scheme + "://" + authority + URIBytes.encoded(path, keeping: "/:@=+;,")
    if let query { text += "?" + URIBytes.encoded(query, keeping: "/:@=+&?") }
    if let fragment { text += "#" + URIBytes.encoded(fragment, keeping: "/:@=+&?") }
    return text
  }
}
