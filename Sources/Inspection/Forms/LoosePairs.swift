import OpenID

/// Names and values that stand side by side anywhere in a text: `name=value`, `name: value`,
/// `'name' => 'value'`, `[name] => value`, `('name', 'value')`, `name:[value]`, `<name>value</name>`.
///
/// Every byte is looked at a fixed number of times.
struct LoosePairs {
  private struct Pair {
    var field: FormField
    var line: Int
    /// Whether it stands alone on its line.
    var isAlone: Bool
  }

  private let bytes: [UInt8]
  private var index = 0
  private var line = 0
  private var beginsLine = true
  private var pairs: [Pair] = []

  /// The pairs whose names belong to a login, in the order of the text.
  static func all(_ bytes: [UInt8]) -> [FormField] {
    var reader = LoosePairs(bytes: bytes)
    reader.read()
    // A code or a state may be anything, except beside a name that means nothing else.
    let told = Set(reader.pairs.filter { isTold($0.field.name) }.map(\.line))
    return reader.pairs.filter { pair in
      isTold(pair.field.name) || pair.isAlone && pair.field.value.utf8.count >= 6
        || told.contains(pair.line)
    }.map(\.field)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// Names that mean nothing else in a log.
  private static func isTold(_ name: String) -> Bool { name.holds("_") || name == "nonce" }

  private static let others: Set<String> = ["code", "state", "iss", "error", "scope"]

  private mutating func read() {
    while index < bytes.count {
      guard bytes[index].isASCIIWord else {
        if bytes[index] == 0x0A {
          (beginsLine, line) = (true, line + 1)
        }
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, bytes[index].isASCIIWord || bytes[index] == UInt8(ascii: "-") {
        index += 1
      }
      let isFirst = beginsLine
      beginsLine = false
      guard index - start <= 40 else { continue }
      let name = LoginNames.written(String(decoding: bytes[start..<index], as: UTF8.self))
      guard LoginNames.all.contains(name), Self.isTold(name) || Self.others.contains(name),
        let value = value(from: start, to: index)
      else { continue }
      pairs.append(
        Pair(
          field: FormField(name, value.text), line: line, isAlone: isFirst && value.endsLine))
    }
  }

  private func byte(_ place: Int) -> UInt8? { bytes.indices.contains(place) ? bytes[place] : nil }

  private func isQuote(_ byte: UInt8?) -> Bool { byte == 0x22 || byte == 0x27 }

  /// The value that belongs to the name at these places; nil when none does.
  private func value(from start: Int, to end: Int) -> (text: String, endsLine: Bool)? {
    if byte(start - 1) == UInt8(ascii: "<"), byte(end) == UInt8(ascii: ">") {
      return word(at: end + 1)
    }
    var place = end
    var opener = byte(start - 1)
    if isQuote(opener), byte(place) == opener {
      place += 1
      opener = byte(start - 2)
    }
    if opener == UInt8(ascii: "["), byte(place) == UInt8(ascii: "]") { place += 1 }
    let afterName = place
    place = skipBlanks(place)
    switch byte(place) {
    case UInt8(ascii: "="), UInt8(ascii: ":"):
      place += 1
      if byte(place) == UInt8(ascii: ">") { place += 1 }
    case UInt8(ascii: ","):
      // A pair in brackets: ('name', 'value') or [name, value].
      guard opener == UInt8(ascii: "(") || opener == UInt8(ascii: "[") else { return nil }
      place += 1
    case let other where place > afterName && isQuote(other) && byte(afterName) == 0x09: break
    default: return nil
    }
    place = skipBlanks(place)
    if let dump = dumped(place) { place = dump }
    if byte(place) == UInt8(ascii: "[") { place = skipBlanks(place + 1) }
    if isQuote(byte(place)) { place += 1 }
    return word(at: place)
  }

  private func skipBlanks(_ place: Int) -> Int {
    var place = place
    while let next = byte(place), next == 0x20 || next == 0x09, place - index < 64 { place += 1 }
    return place
  }

  /// The place behind `string(43) ` of PHP, which stands on the next line; nil without one.
  private func dumped(_ place: Int) -> Int? {
    var place = place
    while let next = byte(place), next <= 0x20, place - index < 64 { place += 1 }
    let word = Array("string(".utf8)
    guard bytes[min(place, bytes.count)...].starts(with: word) else { return nil }
    place += word.count
    while let next = byte(place), (0x30...0x39).contains(next) { place += 1 }
    guard byte(place) == UInt8(ascii: ")") else { return nil }
    return skipBlanks(place + 1)
  }

  private static let ends: Set<UInt8> = Set("\"'&,;<>)]}".utf8)

  private func word(at start: Int) -> (text: String, endsLine: Bool)? {
    var end = start
    while let next = byte(end), next > 0x20, !Self.ends.contains(next) { end += 1 }
    guard end > start, end - start <= Limit.tokenBytes else { return nil }
    let word = String(decoding: bytes[start..<end], as: UTF8.self)
    // Only quotes, brackets and commas may follow before the line ends.
    let rest = bytes[end...].prefix(5)
    let tail = rest.prefix { $0 != 0x0A }
    let endsLine =
      tail.allSatisfy { Self.ends.contains($0) || $0 == 0x0D || $0 == 0x20 }
      && (tail.count < rest.count || end + rest.count == bytes.count)
    let text =
      word.holds("%") ? (try? FormEncoding.decode("a=" + word))?.first?.value ?? word : word
    return (text, endsLine)
  }
}
