import OpenID

/// The name of a subject, read from its text.
///
/// RFC 4514, section 2. Names with several values in one part are not read.
public struct DistinguishedName: Sendable, Equatable {
  /// A part of a name, such as `O=Bank`.
  public struct Part: Sendable, Equatable {
    /// Its type, such as `CN`, or its object identifier.
    public var type: String
    /// Its value, without escapes.
    public var value: String
  }

  /// The parts, in the order of the text.
  public let parts: [Part]

  /// Reads a name; nil when the text is none, or one of a kind that is not read.
  public init?(_ text: String) {
    var parts: [Part] = []
    for piece in Self.pieces(text) {
      guard let separator = piece.firstIndex(of: UInt8(ascii: "=")),
        let value = Self.unescaped(Self.trimmed(piece[(separator + 1)...]))
      else { return nil }
      let type = String(decoding: Self.trimmed(piece[..<separator]), as: UTF8.self)
      guard !type.isEmpty, !value.isEmpty else { return nil }
      parts.append(Part(type: type, value: value))
    }
    guard !parts.isEmpty else { return nil }
    self.parts = parts
  }

  /// The text between commas that are not escaped.
  private static func pieces(_ text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    var pieces: [ArraySlice<UInt8>] = []
    var (start, at) = (0, 0)
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\\") {
        at += 1
      } else if bytes[at] == UInt8(ascii: ",") {
        pieces.append(bytes[start..<at])
        start = at + 1
      }
      at += 1
    }
    return pieces + [bytes[start...]]
  }

  /// Without blanks around it; one that is escaped stays.
  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop { $0 == 0x20 }
    while rest.last == 0x20, rest.dropLast().last != UInt8(ascii: "\\") { rest = rest.dropLast() }
    return rest
  }

  /// A value as it is meant; nil where a special character is not escaped, or a zero is meant.
  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String? {
    var value: [UInt8] = []
    var rest = bytes
    // A value that begins with # is written in its encoding.
    guard rest.first != UInt8(ascii: "#") else { return nil }
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        if "+\";<>".utf8.contains(byte) || byte == 0 { return nil }
        value.append(byte)
        continue
      }
      guard let next = rest.first else { return nil }
      if let high = hexDigit(next), let low = rest.dropFirst().first.flatMap(hexDigit) {
        guard high * 16 + low != 0 else { return nil }
        value.append(high * 16 + low)
        rest = rest.dropFirst(2)
      } else {
        value.append(next)
        rest = rest.dropFirst()
      }
    }
    return String(validating: value, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
