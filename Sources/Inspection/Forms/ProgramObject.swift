import OpenID

/// An object as a program prints it: JSON, a Python dict, `console.log` of JavaScript, a map of
/// Java, a hash of Ruby.
///
/// It is read as far as its names and texts go; what the program's language would make of the rest
/// does not matter here. Every byte is read once, so a hostile text costs time in proportion to its
/// length.
struct ProgramObject {
  /// How deep objects may stand in each other.
  static let depthMax = 64
  /// The most members and elements in all.
  static let membersMax = 20_000

  private let bytes: [UInt8]
  private var index: Int
  private var members = 0

  /// Reads the object that begins at this byte; nil when none does.
  ///
  /// - Returns: The object as JSON, and the index after it.
  static func read(_ bytes: [UInt8], at start: Int = 0) -> (value: JSONValue, end: Int)? {
    var reader = ProgramObject(bytes: bytes, index: start)
    guard let value = reader.container(depth: 0) else { return nil }
    return (value, reader.index)
  }

  private init(bytes: [UInt8], index: Int) { (self.bytes, self.index) = (bytes, index) }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  // MARK: - Objects and lists

  private mutating func container(depth: Int) -> JSONValue? {
    guard depth < Self.depthMax else { return nil }
    switch next {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["):
      // Node prints the class of some objects before them: [Object: null prototype] {…}.
      let start = index
      if let end = classNameEnd {
        index = end
        skipBlanks()
        if next == UInt8(ascii: "{") { return object(depth: depth) }
        index = start
      }
      return list(depth: depth)
    default: return nil
    }
  }

  /// The index after `[Object: null prototype]` or the like.
  private var classNameEnd: Int? {
    guard let close = bytes[index...].prefix(80).firstIndex(of: UInt8(ascii: "]")) else {
      return nil
    }
    let inside = String(decoding: bytes[(index + 1)..<close], as: UTF8.self)
    return inside.begins(with: "Object: ") ? close + 1 : nil
  }

  private mutating func object(depth: Int) -> JSONValue? {
    index += 1
    var found: [JSONMember] = []
    while true {
      skipBlanks(andCommas: true)
      guard let byte = next else { return nil }
      if byte == UInt8(ascii: "}") {
        index += 1
        return .object(found)
      }
      members += 1
      guard members <= Self.membersMax, let name = name(), skipSeparator() else { return nil }
      guard let value = value(depth: depth) else { return nil }
      found.append(JSONMember(name, value))
    }
  }

  private mutating func list(depth: Int) -> JSONValue? {
    index += 1
    var found: [JSONValue] = []
    while true {
      skipBlanks(andCommas: true)
      guard let byte = next else { return nil }
      if byte == UInt8(ascii: "]") {
        index += 1
        return .array(found)
      }
      members += 1
      guard members <= Self.membersMax, let value = value(depth: depth) else { return nil }
      found.append(value)
    }
  }

  // MARK: - Names and values

  private mutating func name() -> String? {
    // Ruby writes symbols as :name =>.
    if next == UInt8(ascii: ":") { index += 1 }
    if let text = quoted() { return text }
    let start = index
    while let byte = next, Self.isNameByte(byte) { index += 1 }
    guard index > start else { return nil }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "$"):
      true
    default: false
    }
  }

  /// `:`, `=` or `=>`.
  private mutating func skipSeparator() -> Bool {
    skipBlanks()
    switch next {
    case UInt8(ascii: ":"): index += 1
    case UInt8(ascii: "="):
      index += 1
      if next == UInt8(ascii: ">") { index += 1 }
    default: return false
    }
    skipBlanks()
    return true
  }

  private mutating func value(depth: Int) -> JSONValue? {
    if let inner = container(depth: depth + 1) { return inner }
    // Python marks bytes and older texts by a letter: b'…', u'…'.
    if let letter = next, [UInt8(ascii: "b"), UInt8(ascii: "u")].contains(letter),
      index + 1 < bytes.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[index + 1])
    {
      index += 1
    }
    if let text = quoted() { return .string(text) }
    return bare()
  }

  /// A word without quotes, up to the comma or the end of the object.
  private mutating func bare() -> JSONValue? {
    let start = index
    while let byte = next, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"),
      byte != UInt8(ascii: "]"), byte != 0x0A, byte != 0x0D
    { index += 1 }
    let word = String(decoding: bytes[start..<index], as: UTF8.self).trimmed
    guard !word.isEmpty else {
      return next == UInt8(ascii: ",") || next == UInt8(ascii: "}") ? .string("") : nil
    }
    switch word {
    case "true", "True": return .bool(true)
    case "false", "False": return .bool(false)
    case "null", "None", "nil", "undefined": return .null
    default:
      if let number = try? JSONParser.parse(word), number.integer != nil { return number }
      return .string(word)
    }
  }

  // MARK: - Texts

  /// A text in quotes, and what is joined to it by `+`, as programs break long ones.
  private mutating func quoted() -> String? {
    guard let quote = next, Self.quotes.contains(quote) else { return nil }
    var text = part(quote)
    while true {
      let end = index
      skipBlanks()
      guard next == UInt8(ascii: "+") else {
        index = end
        break
      }
      index += 1
      skipBlanks()
      guard let again = next, Self.quotes.contains(again) else {
        index = end
        break
      }
      text += part(again)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let quotes: Set<UInt8> = [
    UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"),
  ]

  private mutating func part(_ quote: UInt8) -> [UInt8] {
    index += 1
    var text: [UInt8] = []
    while let byte = next, byte != quote {
      index += 1
      guard byte == UInt8(ascii: "\\"), let letter = next else {
        text.append(byte)
        continue
      }
      index += 1
      escape(letter, &text)
    }
    // A text that was cut off has no quote at its end.
    if next != nil { index += 1 }
    return text
  }

  private mutating func escape(_ letter: UInt8, _ text: inout [UInt8]) {
    switch letter {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): unicode(4, &text)
    case UInt8(ascii: "x"): unicode(2, &text)
    default: text.append(letter)
    }
  }

  private mutating func unicode(_ count: Int, _ text: inout [UInt8]) {
    let digits = String(decoding: bytes[index..<min(index + count, bytes.count)], as: UTF8.self)
    guard digits.utf8.count == count, let number = UInt32(digits, radix: 16) else { return }
    index += count
    let scalar = UnicodeScalar(number) ?? "\u{FFFD}"
    text += Array(String(scalar).utf8)
  }

  private mutating func skipBlanks(andCommas: Bool = false) {
    while let byte = next, byte <= 0x20 || andCommas && byte == UInt8(ascii: ",") { index += 1 }
  }
}
