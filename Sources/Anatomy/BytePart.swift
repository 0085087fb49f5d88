/// A run of bytes of a message that is one thing.
public struct BytePart: Sendable, Equatable {
  /// What the bytes are.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// `GET`, `POST`.
    case method
    /// The path, or the URL up to its query.
    case target
    /// `HTTP/1.1`.
    case version
    /// The three digits of the status.
    case status
    /// The words after the status.
    case reason
    /// A header's name.
    case headerName
    /// A header's value, or a piece of it.
    case headerValue
    /// The scheme of credentials: `Basic`, `Bearer`.
    case scheme
    /// What follows the scheme.
    case credentials
    /// A field's, parameter's or cookie's name.
    case fieldName
    /// A field's, parameter's or cookie's value, or a piece of it.
    case fieldValue
    /// Bytes that stand for others: `%3A`, `+` or `\n`.
    case escape
    /// What keeps two things apart: `: `, `?`, `=`, `&`, a blank.
    case mark
    /// A carriage return and a line feed.
    case lineEnd
    /// The JOSE header of a token.
    case tokenHeader
    /// The payload of a token.
    case tokenPayload
    /// The signature of a token.
    case tokenSignature
    /// The name of a JSON member.
    case jsonName
    /// A JSON string, or a piece of it.
    case jsonString
    /// A JSON number, `true`, `false` or `null`.
    case jsonLiteral
    /// Braces, brackets, commas, colons and quotation marks.
    case jsonMark
    /// Blanks and line breaks between JSON values.
    case white
    /// A tag of a page.
    case tag
    /// Any other bytes.
    case text
  }

  /// The place in the message's head or body.
  public var range: Range<Int>
  /// What the bytes are.
  public var kind: Kind
  /// The text for which an escape stands; nil for every other kind.
  public var meaning: String?

  /// Makes a part.
  public init(_ range: Range<Int>, _ kind: Kind, meaning: String? = nil) {
    self.range = range
    self.kind = kind
    self.meaning = meaning
  }
}

/// A line of a head, or a field, member or piece of a body.
public struct ByteUnit: Sendable, Equatable {
  /// What it is.
  public enum Kind: Sendable, Hashable {
    case requestLine, statusLine, header, endOfHead, field, member, punctuation, page, text
  }

  /// What it is.
  public var kind: Kind
  /// The decoded name of a header, field or member; empty for others.
  public var name: String
  /// What it consists of: every byte of the unit, in order.
  public var parts: [BytePart]

  /// The place in the message's head or body.
  public var range: Range<Int> {
    (parts.first?.range.lowerBound ?? 0)..<(parts.last?.range.upperBound ?? 0)
  }
}

/// Divides bytes into parts, from the first to the last.
struct PartBuilder {
  let bytes: [UInt8]
  private(set) var parts: [BytePart] = []
  private(set) var position: Int

  init(_ bytes: [UInt8], from start: Int = 0) {
    self.bytes = bytes
    position = start
  }

  /// Everything up to an end, which becomes one part; nothing when it is empty.
  mutating func take(to end: Int, _ kind: BytePart.Kind, meaning: String? = nil) {
    guard end > position else { return }
    parts.append(BytePart(position..<end, kind, meaning: meaning))
    position = end
  }

  mutating func take(_ count: Int, _ kind: BytePart.Kind, meaning: String? = nil) {
    take(to: min(position + count, bytes.count), kind, meaning: meaning)
  }

  /// The next place of a byte before an end; the end when there is none.
  func next(_ byte: Character, before end: Int) -> Int {
    guard let value = byte.asciiValue, position < end else { return end }
    return bytes[position..<end].firstIndex(of: value) ?? end
  }

  /// The parts since the last time, which become a unit.
  mutating func unit(_ kind: ByteUnit.Kind, _ name: String = "") -> ByteUnit {
    defer { parts = [] }
    return ByteUnit(kind: kind, name: name, parts: parts)
  }
}
