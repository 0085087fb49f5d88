/// Values after a name in a text of any kind: `code=…`, `"code": "…"`, `code => '…'`.
///
/// Nothing is decoded. One pass.
enum NamedValues {
  /// A value and the name before it, if there is one.
  struct Pair: Equatable {
    var name: String
    var value: String
  }

  /// The longest gap between a name and its value.
  private static let gapBytes = 8
  /// The longest name.
  private static let nameBytes = 64

  /// Every named value and every word that looks like a JWT, in text order.
  static func all(in bytes: [UInt8]) -> [Pair] {
    var pairs: [Pair] = []
    var name: Range<Int>?
    var start: Int?
    for index in 0...bytes.count {
      if index < bytes.count, isWord(bytes[index]) {
        if start == nil { start = index }
        continue
      }
      guard let first = start else { continue }
      start = nil
      let word = first..<index
      let gap = name.map { $0.upperBound..<first }
      let value = trimmed(word, bytes)
      if let name, let gap, assigns(bytes[gap]) {
        pairs.append(Pair(name: text(bytes[name]), value: text(bytes[value])))
      } else if bytes[word].starts(with: SecretShape.jwtStart) {
        pairs.append(Pair(name: "", value: text(bytes[value])))
      }
      name = word.count <= nameBytes ? word : nil
    }
    return pairs
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The word without sentence punctuation at its end.
  private static func trimmed(_ word: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    var end = word.upperBound
    while end > word.lowerBound, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    return word.lowerBound..<end
  }

  /// Letters, digits, and the characters of codes and tokens (RFC 6750, section 2.1).
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"),
      UInt8(ascii: "%"), UInt8(ascii: "*"):
      true
    default: false
    }
  }

  /// Whether the text between two words assigns the second to the first.
  private static func assigns(_ gap: ArraySlice<UInt8>) -> Bool {
    guard gap.count <= gapBytes else { return false }
    var found = false
    for byte in gap {
      switch byte {
      case UInt8(ascii: "="), UInt8(ascii: ":"): found = true
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "\\"),
        UInt8(ascii: "^"), UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "]"), 0x20, 0x09:
        break
      default: return false
      }
    }
    return found
  }
}
