/// Why a text is not JSON this program accepts, and where.
public struct JSONError: Error, Sendable, Equatable {
  /// What is wrong.
  public enum Reason: Sendable, Equatable {
    /// More than ``Limit/jsonBytes``.
    case tooLarge
    /// More than ``Limit/jsonDepth`` levels.
    case tooDeep
    /// The text ends inside a value.
    case unexpectedEnd
    /// A byte that is not allowed here.
    case unexpectedByte(UInt8)
    /// Something after the value.
    case trailingBytes
    /// A number that JSON's grammar does not allow.
    case badNumber
    /// An escape that JSON's grammar does not allow, or half a surrogate pair.
    case badEscape
    /// A control character inside a string.
    case controlCharacter
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// The same name twice in one object.
    case duplicateName(String)
  }

  /// What is wrong.
  public var reason: Reason
  /// The offset of the byte where it was found.
  public var offset: Int
}

/// A strict JSON reader: RFC 8259 to the letter, names unique, order and digits kept.
///
/// No byte order mark, no trailing comma, no comment, no bare word. Linear in the input.
public struct JSONParser {
  private let bytes: [UInt8]
  private var offset = 0

  /// Reads a whole text.
  ///
  /// - Parameter limitBytes: The most bytes of the text; our own texts may be larger.
  /// - Throws: ``JSONError`` with the offset of the first byte that is wrong.
  public static func parse(
    _ bytes: [UInt8], limitBytes: Int = Limit.jsonBytes
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= limitBytes else {
      throw JSONError(reason: .tooLarge, offset: limitBytes)
    }
    var parser = JSONParser(bytes: bytes)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw parser.fault(.trailingBytes) }
    return value
  }

  /// Reads a whole text.
  public static func parse(_ text: String) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8))
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func fault(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason: reason, offset: offset)
  }

  private func unexpected() -> JSONError {
    offset < bytes.count ? fault(.unexpectedByte(bytes[offset])) : fault(.unexpectedEnd)
  }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default:
      guard isDigit || next == UInt8(ascii: "-") else { throw unexpected() }
      return .number(try number())
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for byte in text.utf8 {
      guard next == byte else { throw unexpected() }
      offset += 1
    }
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Limit.jsonDepth else { throw fault(.tooDeep) }
    offset += 1
    skipSpace()
    var elements: [JSONValue] = []
    if next == UInt8(ascii: "]") {
      offset += 1
      return .array(elements)
    }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      switch next {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "]"):
        offset += 1
        return .array(elements)
      default: throw unexpected()
      }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Limit.jsonDepth else { throw fault(.tooDeep) }
    offset += 1
    skipSpace()
    var members: [JSONMember] = []
    var names: Set<[UInt8]> = []
    if next == UInt8(ascii: "}") {
      offset += 1
      return .object(members)
    }
    while true {
      skipSpace()
      let start = offset
      guard next == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      // Compares bytes, not `String`s: canonically equivalent names are different names.
      guard names.insert(Array(name.utf8)).inserted else {
        throw JSONError(reason: .duplicateName(name), offset: start)
      }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw unexpected() }
      offset += 1
      skipSpace()
      members.append(JSONMember(name, try value(depth: depth + 1)))
      skipSpace()
      switch next {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "}"):
        offset += 1
        return .object(members)
      default: throw unexpected()
      }
    }
  }

  private mutating func number() throws(JSONError) -> JSONNumber {
    let start = offset
    if next == UInt8(ascii: "-") { offset += 1 }
    if next == UInt8(ascii: "0") {
      offset += 1
      if isDigit { throw fault(.badNumber) }
    } else {
      try digits()
    }
    if next == UInt8(ascii: ".") {
      offset += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    return JSONNumber(literal: String(decoding: bytes[start..<offset], as: UTF8.self))
  }

  private var isDigit: Bool {
    if let byte = next { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") } else { false }
  }

  private mutating func digits() throws(JSONError) {
    guard isDigit else { throw next == nil ? fault(.unexpectedEnd) : fault(.badNumber) }
    while isDigit { offset += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while true {
      let begin = offset
      skipPlainText()
      let run = bytes[begin..<offset]
      switch next {
      case UInt8(ascii: "\""):
        offset += 1
        if !text.isEmpty { text += run }
        // Most strings have no escape: they need no copy on the way.
        let result =
          text.isEmpty
          ? String(validating: run, as: UTF8.self) : String(validating: text, as: UTF8.self)
        guard let result else { throw JSONError(reason: .invalidUTF8, offset: start) }
        return result
      case UInt8(ascii: "\\"):
        text += run
        offset += 1
        try escape(into: &text)
      case nil: throw fault(.unexpectedEnd)
      default: throw fault(.controlCharacter)
      }
    }
  }

  /// Goes on to the next byte that ends the string or begins an escape, or is not allowed.
  private mutating func skipPlainText() {
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return }
      offset += 1
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    guard let byte = next else { throw fault(.unexpectedEnd) }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = UInt32(try hexQuad())
      if code >= 0xD800, code <= 0xDBFF {
        guard next == UInt8(ascii: "\\"), offset + 1 < bytes.count,
          bytes[offset + 1] == UInt8(ascii: "u")
        else { throw fault(.badEscape) }
        offset += 2
        let low = UInt32(try hexQuad())
        guard low >= 0xDC00, low <= 0xDFFF else { throw fault(.badEscape) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw fault(.badEscape) }
      text.append(contentsOf: UTF8.encode(scalar)?.map { $0 } ?? [])
    default:
      offset -= 1
      throw fault(.badEscape)
    }
  }

  private mutating func hexQuad() throws(JSONError) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw fault(.unexpectedEnd) }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw fault(.badEscape)
      }
      code = code << 4 | UInt16(digit)
      offset += 1
    }
    return code
  }
}
