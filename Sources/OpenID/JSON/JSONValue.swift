/// A JSON value that keeps what most parsers lose: the order of members and the digits of numbers.
///
/// RFC 8259; RFC 7519, section 4, requires unique claim names, so a repeated name is refused.
public indirect enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, exactly as it was written.
  case number(JSONNumber)
  /// A string, unescaped.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object: members in the order of the text, names unique.
  case object([JSONMember])
}

/// One name and value of a JSON object.
///
/// Names are compared by their code points, not by canonical equivalence (RFC 8259, section 8.3).
public struct JSONMember: Sendable, Hashable {
  /// The name, unescaped.
  public var name: String
  /// The value.
  public var value: JSONValue

  /// Makes a member.
  public init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

extension JSONMember {
  /// Whether name and value are the same, code point for code point.
  public static func == (left: JSONMember, right: JSONMember) -> Bool {
    left.name.utf8.elementsEqual(right.name.utf8) && left.value == right.value
  }

  /// Hashes what ``==(_:_:)`` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(Array(name.utf8))
    hasher.combine(value)
  }
}

extension JSONValue {
  /// Whether both are the same, code point for code point and digit for digit.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
    }
  }

  /// Hashes what ``==(_:_:)`` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(typeName)
    switch self {
    case .null: break
    case .bool(let flag): hasher.combine(flag)
    case .number(let number): hasher.combine(number)
    case .string(let text): hasher.combine(Array(text.utf8))
    case .array(let elements): hasher.combine(elements)
    case .object(let members): hasher.combine(members)
    }
  }
}

/// A JSON number as it was written.
public struct JSONNumber: Sendable, Hashable {
  /// The literal, such as `1311280970` or `1.5e3`.
  public let literal: String

  /// Keeps a literal that the parser has checked.
  public init(literal: String) { self.literal = literal }
  /// Makes a whole number.
  public init(_ value: Int64) { literal = String(value) }

  /// The value as a whole number; fractions are rounded down; nil outside 64 bits.
  ///
  /// A `NumericDate` may carry a fraction (RFC 7519, section 2).
  public var integer: Int64? {
    if let exact = Int64(literal) { return exact }
    guard let value = Double(literal), value.isFinite, value > -9.2e18, value < 9.2e18 else {
      return nil
    }
    let truncated = Int64(value)
    return value < Double(truncated) ? truncated - 1 : truncated
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes a number.
  public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
  /// Makes a boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Makes an array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Makes an object, keeping the order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { JSONMember($0.0, $0.1) })
  }
}

extension JSONValue {
  /// The member of this name, when the value is an object that has one.
  public subscript(name: String) -> JSONValue? {
    members?.first { $0.name.isIdentical(to: name) }?.value
  }

  /// The members, when the value is an object.
  public var members: [JSONMember]? {
    if case .object(let members) = self { members } else { nil }
  }
  /// The elements, when the value is an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }
  /// The text, when the value is a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }
  /// The number, when the value is one.
  public var number: JSONNumber? {
    if case .number(let number) = self { number } else { nil }
  }
  /// The number as a 64-bit whole number, when the value is a number in that range.
  public var integer: Int64? { number?.integer }
  /// The boolean, when the value is one.
  public var bool: Bool? {
    if case .bool(let flag) = self { flag } else { nil }
  }
  /// The strings, when the value is an array of strings only.
  public var strings: [String]? {
    guard let elements else { return nil }
    let strings = elements.compactMap(\.string)
    return strings.count == elements.count ? strings : nil
  }
  /// The JSON type of the value: `string`, `number` or `object`.
  public var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  /// The type with its article: `a string`, `an object`, `null`.
  public var typePhrase: String {
    switch self {
    case .null: "null"
    case .array, .object: "an \(typeName)"
    case .bool, .number, .string: "a \(typeName)"
    }
  }

  /// Sets a member: in place when the name exists, at the end otherwise; objects only.
  public mutating func set(_ name: String, _ value: JSONValue) {
    guard case .object(var members) = self else { return }
    if let index = members.firstIndex(where: { $0.name.isIdentical(to: name) }) {
      members[index].value = value
    } else {
      members.append(JSONMember(name, value))
    }
    self = .object(members)
  }

  /// Removes a member by name; objects only.
  public mutating func remove(_ name: String) {
    guard case .object(var members) = self else { return }
    members.removeAll { $0.name.isIdentical(to: name) }
    self = .object(members)
  }
}

extension JSONValue {
  /// The value as JSON on one line, without spaces; numbers as they were written.
  public var compactText: String {
    var output = ""
    write(to: &output, indent: nil, level: 0)
    return output
  }

  /// The value as JSON over several lines, two spaces a level.
  public var prettyText: String {
    var output = ""
    write(to: &output, indent: 2, level: 0)
    return output
  }

  private func write(to output: inout String, indent: Int?, level: Int) {
    switch self {
    case .null: output += "null"
    case .bool(let flag): output += flag ? "true" : "false"
    case .number(let number): output += number.literal
    case .string(let text): Self.quote(text, into: &output)
    case .array(let elements):
      Self.list(elements, "[", "]", into: &output, indent, level) { element, output in
        element.write(to: &output, indent: indent, level: level + 1)
      }
    case .object(let members):
      Self.list(members, "{", "}", into: &output, indent, level) { member, output in
        Self.quote(member.name, into: &output)
        output += indent == nil ? ":" : ": "
        member.value.write(to: &output, indent: indent, level: level + 1)
      }
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, into output: inout String,
    _ indent: Int?, _ level: Int, write: (Item, inout String) -> Void
  ) {
    output += open
    for (index, item) in items.enumerated() {
      if index > 0 { output += "," }
      if let indent { output += "\n" + String(repeating: " ", count: indent * (level + 1)) }
      write(item, &output)
    }
    if let indent, !items.isEmpty {
      output += "\n" + String(repeating: " ", count: indent * level)
    }
    output += close
  }

  private static func quote(_ text: String, into output: inout String) {
    output += "\""
    defer { output += "\"" }
    // Text without escapes is copied in pieces; mostly that is the whole text.
    let bytes = text.utf8
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let place = index
      let byte = bytes[index]
      bytes.formIndex(after: &index)
      guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x7F else { continue }
      // Only the first byte of a scalar can start one that is escaped.
      guard byte < 0x80 || byte == 0xC2 || byte == 0xE2 else { continue }
      let scalar = text.unicodeScalars[place]
      guard let escape = escape(scalar) else { continue }
      output += text[start..<place]
      output += escape
      index = text.unicodeScalars.index(after: place)
      start = index
    }
    output += text[start...]
  }

  /// The escape of a scalar that must be escaped; nil for any other scalar.
  private static func escape(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
      let hex = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
    default: return nil
    }
  }
}
