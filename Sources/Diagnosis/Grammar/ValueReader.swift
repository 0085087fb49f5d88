import OpenID

/// Two values of a text that should agree.
struct ValuePair: Sendable, Equatable {
  let expected: String
  let found: String
  /// Whether the words say which of the two was expected.
  let isDirected: Bool
}

/// Reads values out of a text: expected and found, parameters, what stands at their ends.
struct ValueReader {
  /// How much of a text is read for values, at each end.
  private static let windowBytes = 24 * 1024
  /// The most bytes between two values that belong together.
  private static let pairBytes = 400
  /// The longest value.
  private static let valueBytes = 400

  private let bytes: [UInt8]
  private let lower: [UInt8]
  /// Where words begin, and signs such as `!=`, by their first byte.
  private let starts: [[Int]]

  init(_ text: [UInt8]) {
    if text.count > 2 * Self.windowBytes {
      bytes = text.prefix(Self.windowBytes) + [0x0A, 0x0A] + text.suffix(Self.windowBytes)
    } else {
      bytes = text
    }
    let lower = bytes.map(\.asciiLowercased)
    self.lower = lower
    var starts = [[Int]](repeating: [], count: 256)
    var previous: UInt8 = 0
    for index in lower.indices {
      let byte = lower[index]
      if byte == UInt8(ascii: "!") || Self.isLetter(byte) && !Self.isLetter(previous) {
        starts[Int(byte)].append(index)
      }
      previous = byte
    }
    self.starts = starts
  }

  // MARK: Expected and found

  private static let expectedWords = [
    "validissuer:", "validaudience:", "validaudiences:", "was expecting", "expecting", "expected",
    "expects", "should have been", "should be", "must be", "wanted", "want", "configured issuer",
  ].map { Array($0.utf8) }

  private static let foundWords = [
    "but received", "but got", "but was", "instead got", "received", "got", "found", "actual",
    "returned", "have", "issuer:", "audiences:", "value was", "value is", "was",
  ].map { Array($0.utf8) }

  private static let unequalWords = [
    "does not match", "doesn't match", "did not match", "does not equal", "is not equal to",
    "not equal to", "differs from", "!==", "!=", "not the same as", "do not match",
  ].map { Array($0.utf8) }

  /// How many such words are looked at.
  private static let hitLimit = 40

  /// The first pair of values that the text says should agree; nil when there is none.
  func pair() -> ValuePair? {
    for index in positions(of: Self.expectedWords) {
      for word in Self.expectedWords where isWord(word, at: index) {
        guard let expected = value(behind: index + word.count) else { continue }
        if let found = found(around: index, expected: expected.range),
          !expected.text.isIdentical(to: found)
        {
          return ValuePair(expected: expected.text, found: found, isDirected: true)
        }
      }
    }
    for index in positions(of: Self.unequalWords) {
      for word in Self.unequalWords where matches(word, at: index) {
        guard let second = value(behind: index + word.count),
          let first = value(before: index), !first.isIdentical(to: second.text)
        else { continue }
        return ValuePair(expected: second.text, found: first, isDirected: false)
      }
    }
    return nil
  }

  /// Where one of these words stands, in order; not all when they are many.
  private func positions(of words: [[UInt8]]) -> [Int] {
    var found: [Int] = []
    for byte in Set(words.map { $0[0] }) {
      for index in starts[Int(byte)] where found.count < Self.hitLimit {
        if words.contains(where: { matches($0, at: index) }) { found.append(index) }
      }
    }
    return found.sorted()
  }

  /// The value that was found instead of an expected one; words behind count before words in front.
  private func found(around start: Int, expected: Range<Int>) -> String? {
    let stop = min(bytes.count, expected.upperBound + Self.pairBytes)
    var index = expected.upperBound
    while index < stop {
      if isParagraphEnd(index) { break }
      for word in Self.foundWords where isWord(word, at: index) {
        if let value = value(behind: index + word.count) { return value.text }
      }
      index += 1
    }
    index = start
    let first = max(0, start - Self.pairBytes)
    while index > first {
      index -= 1
      if isParagraphEnd(index) { break }
      for word in Self.foundWords where isWord(word, at: index) {
        if let value = value(behind: index + word.count), value.range.upperBound <= start {
          return value.text
        }
      }
    }
    return nil
  }

  private func isParagraphEnd(_ index: Int) -> Bool {
    bytes[index] == 0x0A && index + 1 < bytes.count && bytes[index + 1] == 0x0A
  }

  private func matches(_ word: [UInt8], at index: Int) -> Bool {
    guard lower[index] == word[0], index + word.count <= lower.count else { return false }
    return lower[index..<(index + word.count)].elementsEqual(word)
  }

  private func isWord(_ word: [UInt8], at index: Int) -> Bool {
    guard lower[index] == word[0] else { return false }
    guard index == 0 || !Self.isLetter(lower[index - 1]), matches(word, at: index) else {
      return false
    }
    let end = index + word.count
    return end == lower.count || !Self.isLetter(lower[end])
  }

  /// A value behind a word: in quotes, or a word that is no ordinary one.
  private func value(behind start: Int) -> (text: String, range: Range<Int>)? {
    var index = start
    var words = 0
    while index < bytes.count, index - start < 60 {
      let byte = bytes[index]
      if byte == 0x0A { return nil }
      if let close = Self.closing(byte) {
        let end = min(bytes.count, index + 1 + Self.valueBytes)
        guard let stop = bytes[(index + 1)..<end].firstIndex(of: close), stop > index + 1 else {
          // Two quotes with nothing between.
          return nil
        }
        let inner = Self.unquoted(bytes[(index + 1)..<stop])
        return (String(decoding: inner, as: UTF8.self), index..<(stop + 1))
      }
      if byte <= 0x20 || byte == 0x3A || byte == 0x3D || byte == 0x28 || byte == 0x2C {
        index += 1
        continue
      }
      var end = index
      while end < bytes.count, bytes[end] > 0x20, Self.closing(bytes[end]) == nil,
        bytes[end] != 0x2C, bytes[end] != 0x29, bytes[end] != 0x3B
      { end += 1 }
      guard end > index else { return nil }
      var token = bytes[index..<end]
      while let last = token.last, last == 0x2E || last == 0x3A { token.removeLast() }
      let text = String(decoding: token, as: UTF8.self)
      let isMarked = bytes[start..<index].contains { $0 == 0x3A || $0 == 0x3D }
      if Self.looksLikeValue(token) || isMarked && words == 0 && token.count > 1 {
        return (text, index..<end)
      }
      // A few words may stand between: "expected audience", "got: the issuer".
      words += 1
      if words > 3 || Self.stops.contains(text.asciiLowercased) { return nil }
      index = end
    }
    return nil
  }

  private static let stops: Set<String> = [
    "got", "but", "received", "found", "actual", "and", "expected", "instead", "was",
  ]

  /// A quoted value before a word, or an address.
  private func value(before start: Int) -> String? {
    var index = start - 1
    let first = max(0, start - 80)
    var words = 0
    while index >= first {
      let byte = bytes[index]
      if byte == 0x0A { return nil }
      if byte == 0x22 || byte == 0x27 || byte == 0x60 || byte == 0x5D {
        let open: UInt8 = byte == 0x5D ? 0x5B : byte
        let from = max(0, index - Self.valueBytes)
        guard index > from, let begin = bytes[from..<index].lastIndex(of: open), begin + 1 < index
        else { return nil }
        return String(decoding: Self.unquoted(bytes[(begin + 1)..<index]), as: UTF8.self)
      }
      if byte > 0x20, byte != 0x29, byte != 0x28, byte != 0x2C {
        var begin = index
        while begin > 0, bytes[begin - 1] > 0x20, bytes[begin - 1] != 0x28,
          bytes[begin - 1] != 0x22, bytes[begin - 1] != 0x27
        { begin -= 1 }
        let token = bytes[begin...index]
        if Self.looksLikeValue(token) { return String(decoding: token, as: UTF8.self) }
        words += 1
        if words > 2 { return nil }
        index = begin - 1
        continue
      }
      index -= 1
    }
    return nil
  }

  private static func unquoted(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var inner = bytes
    while let first = inner.first, first == 0x22 || first == 0x27 { inner.removeFirst() }
    while let last = inner.last, last == 0x22 || last == 0x27 || last == 0x5C { inner.removeLast() }
    return inner
  }

  private static func closing(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x22, 0x27, 0x60: byte
    case 0x5B: 0x5D
    default: nil
    }
  }

  /// Whether a bare word is a value: an address, or letters with digits or signs in them.
  private static func looksLikeValue(_ token: ArraySlice<UInt8>) -> Bool {
    guard token.count > 2 else { return false }
    let hasSign = token.contains { byte in
      (0x30...0x39).contains(byte) || byte == 0x2F || byte == 0x2B || byte == 0x5F || byte == 0x7B
    }
    let inner = token.dropFirst().contains { (0x41...0x5A).contains($0) }
    return hasSign || inner && token.contains { (0x61...0x7A).contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || byte == 0x5F
  }

  // MARK: Parameters

  /// The values of a parameter, wherever it stands with a mark behind it; at most ten.
  func values(of name: String) -> [String] {
    let word = Array(name.asciiLowercased.utf8)
    var found: [String] = []
    for index in starts[Int(word[0])] where found.count < 10 && matches(word, at: index) {
      var position = index + word.count
      var hasMark = false
      while position < bytes.count, position - index - word.count < 6 {
        let byte = bytes[position]
        if byte == 0x3D || byte == 0x3A { hasMark = true }
        guard [0x3D, 0x3A, 0x22, 0x27, 0x20, 0x60].contains(byte) else { break }
        // `name=` and then a line's end, or the next parameter: the value is empty.
        position += 1
        if byte == 0x3D, position < bytes.count, bytes[position] == 0x20 { break }
      }
      guard hasMark else { continue }
      var end = position
      while end < bytes.count, bytes[end] > 0x20 || bytes[position] == 0x5B,
        ![0x26, 0x22, 0x27, 0x60, 0x2C, 0x3B, 0x0A].contains(bytes[end]), end - position < 300
      { end += 1 }
      found.append(String(decoding: bytes[position..<end], as: UTF8.self))
    }
    return found
  }

  /// The text of a field such as `error_description`, up to its quote or the next parameter.
  func texts(of name: String) -> [String] {
    let word = Array(name.asciiLowercased.utf8)
    var found: [String] = []
    for index in starts[Int(word[0])] where found.count < 4 && matches(word, at: index) {
      var position = index + word.count
      var hasMark = false
      var quote: UInt8?
      while position < bytes.count, [0x3D, 0x3A, 0x22, 0x27, 0x20].contains(bytes[position]) {
        if bytes[position] == 0x3D || bytes[position] == 0x3A {
          if hasMark { break }
          hasMark = true
        } else if hasMark, bytes[position] != 0x20 {
          quote = bytes[position]
        }
        position += 1
        if quote != nil { break }
      }
      guard hasMark else { continue }
      var end = position
      while end < bytes.count, end - position < 300, bytes[end] != 0x0A {
        if let quote {
          if bytes[end] == quote { break }
        } else if bytes[end] == 0x26 || bytes[end] == 0x22 {
          break
        }
        end += 1
      }
      let text = String(decoding: bytes[position..<end], as: UTF8.self)
      let isForm = quote == nil && !text.holds(" ")
      found.append(
        (isForm ? text.replacing(bytes: "+", with: " ") : text).trimmingBlanks)
    }
    return found
  }
}
