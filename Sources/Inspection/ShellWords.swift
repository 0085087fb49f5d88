import OpenID

/// Splits a command into words as a shell does: both kinds of quotes, `$'…'` with its escapes,
/// backslashes, continued lines.
///
/// Nothing is expanded and nothing is run. Inside `$'…'`, browsers write non-ASCII characters as
/// `\u` and four digits, and a character beyond the basic plane as two of these.
struct ShellWords {
  private let bytes: [UInt8]
  private var index = 0
  private var word: [UInt8] = []
  private var isInWord = false
  private var words: [String] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The text that the Windows shell passes on: a caret escapes the next byte and continues a line.
  static func withoutCarets(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "^") {
        index += 1
        if index < bytes.count, bytes[index] == 0x0D { index += 1 }
        if index < bytes.count, bytes[index] == 0x0A {
          index += 1
          continue
        }
      }
      if index < bytes.count { output.append(bytes[index]) }
      index += 1
    }
    return output
  }

  /// The words of the whole text; an open quote ends at the end of the text.
  mutating func split() -> [String] {
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: endWord()
      case UInt8(ascii: "'"): single()
      case UInt8(ascii: "\""): double()
      case UInt8(ascii: "$") where next == UInt8(ascii: "'"):
        index += 1
        dollar()
      // In the Windows shell the caret continues a line.
      case UInt8(ascii: "\\"), UInt8(ascii: "^"): escape()
      default: append(byte)
      }
    }
    endWord()
    return words
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func append(_ byte: UInt8) {
    word.append(byte)
    isInWord = true
  }

  private mutating func endWord() {
    guard isInWord else { return }
    words.append(String(decoding: word, as: UTF8.self))
    word.removeAll()
    isInWord = false
  }

  private mutating func escape() {
    if next == 0x0D { index += 1 }
    guard let byte = next else { return }
    if byte != 0x0A { append(byte) }
    index += 1
  }

  private mutating func single() {
    isInWord = true
    while let byte = next, byte != UInt8(ascii: "'") {
      word.append(byte)
      index += 1
    }
    index += 1
  }

  /// Between double quotes a backslash is literal unless one of five characters follows.
  private mutating func double() {
    isInWord = true
    while let byte = next, byte != UInt8(ascii: "\"") {
      index += 1
      guard byte == UInt8(ascii: "\\"), let escaped = next else {
        word.append(byte)
        continue
      }
      index += 1
      switch escaped {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "`"):
        word.append(escaped)
      case 0x0A: break
      default: word += [byte, escaped]
      }
    }
    index += 1
  }

  // MARK: - $'…'

  private mutating func dollar() {
    isInWord = true
    while let byte = next, byte != UInt8(ascii: "'") {
      index += 1
      guard byte == UInt8(ascii: "\\"), let letter = next else {
        word.append(byte)
        continue
      }
      index += 1
      dollarEscape(letter)
    }
    index += 1
  }

  private static let plain: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "e"): 0x1B,
    UInt8(ascii: "f"): 0x0C, UInt8(ascii: "v"): 0x0B,
  ]

  private mutating func dollarEscape(_ letter: UInt8) {
    switch letter {
    case UInt8(ascii: "u"): unicode(digits: 4, letter)
    case UInt8(ascii: "U"): unicode(digits: 8, letter)
    case UInt8(ascii: "x"):
      if let byte = number(radix: 16, digitsMax: 2) {
        word.append(UInt8(truncatingIfNeeded: byte))
      } else {
        word += [UInt8(ascii: "\\"), letter]
      }
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      index -= 1
      word.append(UInt8(truncatingIfNeeded: number(radix: 8, digitsMax: 3) ?? 0))
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"):
      word.append(letter)
    default:
      if let byte = Self.plain[letter] {
        word.append(byte)
      } else {
        word += [UInt8(ascii: "\\"), letter]
      }
    }
  }

  private mutating func unicode(digits: Int, _ letter: UInt8) {
    guard var value = number(radix: 16, digitsMax: digits) else {
      word += [UInt8(ascii: "\\"), letter]
      return
    }
    if (0xD800..<0xDC00).contains(value), let low = lowSurrogate() {
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    // Half of a surrogate pair is not a character.
    let scalar = UInt32(exactly: value).flatMap(UnicodeScalar.init) ?? "\u{FFFD}"
    word += Array(String(scalar).utf8)
  }

  /// The second half of a surrogate pair, if it follows.
  private mutating func lowSurrogate() -> Int? {
    let start = index
    guard next == UInt8(ascii: "\\") else { return nil }
    index += 1
    if next == UInt8(ascii: "u") {
      index += 1
      if let low = number(radix: 16, digitsMax: 4), (0xDC00..<0xE000).contains(low) { return low }
    }
    index = start
    return nil
  }

  /// Up to this many digits; nil when there is none.
  private mutating func number(radix: Int, digitsMax: Int) -> Int? {
    var value: Int?
    for _ in 0..<digitsMax {
      guard let byte = next,
        let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix
      else { break }
      value = (value ?? 0) * radix + digit
      index += 1
    }
    return value
  }
}
