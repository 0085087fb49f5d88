/// Removes wrapping from a pasted text: escape sequences, percent-encoding, HTML and JSON escapes.
///
/// It does not interpret the text. It decodes as often as the text was encoded, at most three
/// times, and each pass is linear.
public enum TextUnwrapper {
  /// The longest text that is read; of a longer text, half of this from each end is read.
  static let pastedBytes = 1024 * 1024
  private static let passes = 3

  /// The text unwrapped as it is, and unwrapped without its line breaks, if it has any.
  public static func readings(_ text: String) -> [[UInt8]] {
    var bytes = Array(text.utf8)
    if bytes.count > pastedBytes {
      let half = pastedBytes / 2
      bytes = bytes.prefix(half) + [UInt8(ascii: "\n")] + bytes.suffix(half)
    }
    bytes = withoutLinePrefixes(bytes)
    let joined = joiningLines(bytes)
    return joined.count == bytes.count ? [unwrap(bytes)] : [unwrap(bytes), unwrap(joined)]
  }

  /// The text unwrapped.
  public static func unwrap(_ text: String) -> [UInt8] { unwrap(Array(text.utf8)) }

  private static func unwrap(_ text: [UInt8]) -> [UInt8] {
    var bytes = text
    for _ in 0..<passes {
      let decoded = decodeOnce(bytes)
      if decoded == bytes { break }
      bytes = decoded
    }
    return bytes
  }

  // MARK: - One pass

  private static func decodeOnce(_ input: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(input.count)
    var index = 0
    while index < input.count {
      let byte = input[index]
      let end: Int?
      switch byte {
      case 0x1B: end = afterEscape(input, index)
      case UInt8(ascii: "["): end = afterColour(input, index)
      case UInt8(ascii: "%"): end = percent(input, index, &output)
      case UInt8(ascii: "&"): end = entity(input, index, &output)
      case UInt8(ascii: "\\"): end = backslash(input, index, &output)
      default: end = nil
      }
      if let end {
        index = end
      } else {
        output.append(byte)
        index += 1
      }
    }
    return output
  }

  /// ECMA-48: `ESC [ … letter`, `ESC ] … BEL`, `ESC letter`.
  private static func afterEscape(_ input: [UInt8], _ start: Int) -> Int {
    var index = start + 1
    guard index < input.count else { return index }
    switch input[index] {
    case UInt8(ascii: "["):
      index += 1
      while index < input.count,
        (0x20...0x3F).contains(input[index]) || input[index] == 0x0A || input[index] == 0x0D
      {
        index += 1
      }
      return min(index + 1, input.count)
    case UInt8(ascii: "]"):
      while index < input.count, input[index] != 0x07, input[index] != 0x1B,
        input[index] != UInt8(ascii: "\n")
      {
        index += 1
      }
      return min(index + 1, input.count)
    default: return index + 1
    }
  }

  /// The rest of a colour sequence that lost its escape character: `[0;31m`.
  private static func afterColour(_ input: [UInt8], _ start: Int) -> Int? {
    var index = start + 1
    while index < input.count, index - start < 16,
      isDigit(input[index]) || input[index] == UInt8(ascii: ";")
    {
      index += 1
    }
    guard index > start + 1, index < input.count, input[index] == UInt8(ascii: "m") else {
      return nil
    }
    return index + 1
  }

  /// `%20`, also when a terminal broke the line inside it.
  private static func percent(
    _ input: [UInt8], _ start: Int, _ output: inout [UInt8]
  ) -> Int? {
    guard let (high, afterHigh) = hexDigit(input, start + 1),
      let (low, end) = hexDigit(input, afterHigh)
    else { return nil }
    output.append(high << 4 | low)
    return end
  }

  private static func hexDigit(_ input: [UInt8], _ start: Int) -> (UInt8, end: Int)? {
    var index = start
    while index < input.count, input[index] == 0x0A || input[index] == 0x0D { index += 1 }
    guard index < input.count, let value = hexValue(input[index]) else { return nil }
    return (value, index + 1)
  }

  /// `&#39;`, `&#x27;` and the few named references that matter.
  private static func entity(
    _ input: [UInt8], _ start: Int, _ output: inout [UInt8]
  ) -> Int? {
    var index = start + 1
    if index < input.count, input[index] == UInt8(ascii: "#") {
      index += 1
      var radix: UInt32 = 10
      if index < input.count, input[index] | 0x20 == UInt8(ascii: "x") {
        radix = 16
        index += 1
      }
      let digits = index
      var code: UInt32 = 0
      while index < input.count, index - digits < 8, let digit = hexValue(input[index]),
        UInt32(digit) < radix
      {
        code = min(code * radix + UInt32(digit), 0x11_0000)
        index += 1
      }
      guard index > digits else { return nil }
      if index < input.count, input[index] == UInt8(ascii: ";") { index += 1 }
      append(code, to: &output)
      return index
    }
    let name = index
    while index < input.count, index - name < 10, isLetter(input[index]) { index += 1 }
    guard index > name, index < input.count, input[index] == UInt8(ascii: ";") else { return nil }
    switch input[name..<index] {
    case let word where word.elementsEqual("amp".utf8): output.append(UInt8(ascii: "&"))
    case let word where word.elementsEqual("lt".utf8): output.append(UInt8(ascii: "<"))
    case let word where word.elementsEqual("gt".utf8): output.append(UInt8(ascii: ">"))
    case let word where word.elementsEqual("lowbar".utf8): output.append(UInt8(ascii: "_"))
    default: output.append(UInt8(ascii: " "))
    }
    return index + 1
  }

  /// `\n`, `\"`, `\u0027`, `\x22`: escapes of JSON and of log files.
  private static func backslash(
    _ input: [UInt8], _ start: Int, _ output: inout [UInt8]
  ) -> Int? {
    let kind = start + 1
    guard kind < input.count else { return nil }
    switch input[kind] {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      output.append(UInt8(ascii: " "))
      return kind + 1
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "/"), UInt8(ascii: "\\"):
      output.append(input[kind])
      return kind + 1
    case UInt8(ascii: "u"): return hexEscape(input, kind + 1, digits: 4, &output)
    case UInt8(ascii: "x"): return hexEscape(input, kind + 1, digits: 2, &output)
    default: return nil
    }
  }

  private static func hexEscape(
    _ input: [UInt8], _ start: Int, digits: Int, _ output: inout [UInt8]
  ) -> Int? {
    guard start + digits <= input.count else { return nil }
    var code: UInt32 = 0
    for byte in input[start..<(start + digits)] {
      guard let digit = hexValue(byte) else { return nil }
      code = code * 16 + UInt32(digit)
    }
    append(code, to: &output)
    return start + digits
  }

  private static func append(_ code: UInt32, to output: inout [UInt8]) {
    // Characters beyond ASCII are not part of any phrase: a space keeps words apart. An escape
    // character would make the next pass drop what follows.
    output.append(code >= 0x20 && code < 0x80 ? UInt8(code) : UInt8(ascii: " "))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func hexValue(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - 0x30 }
    let lower = byte | 0x20
    return (0x61...0x66).contains(lower) ? lower - 0x61 + 10 : nil
  }

  // MARK: - Lines and tags

  /// Whether a byte after a line end belongs to the break: indentation or a quotation mark.
  public static func isIndentation(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: ">")
  }

  /// The text without line breaks and the indentation and quotation marks after them.
  ///
  /// A single space stays: it may be the one between two words.
  public static func joiningLines(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var isBreak = false
    var indentation = 0
    for byte in bytes {
      if byte == 0x0A || byte == 0x0D {
        isBreak = true
        indentation = 0
      } else if isBreak, isIndentation(byte) {
        indentation += 1
      } else {
        if isBreak, indentation == 1 { output.append(0x20) }
        isBreak = false
        output.append(byte)
      }
    }
    return output
  }

  /// Removes prefixes such as `app-1  | ` when every line of a block has one, as in container logs.
  private static func withoutLinePrefixes(_ input: [UInt8]) -> [UInt8] {
    let lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count > 1 else { return input }
    func prefixLength(_ line: ArraySlice<UInt8>) -> Int? {
      guard let bar = line.prefix(48).firstIndex(of: UInt8(ascii: "|")) else { return nil }
      let name = line[line.startIndex..<bar]
      guard name.contains(where: isLetter), name.last == UInt8(ascii: " ") else { return nil }
      let text = bar + 1
      let isBlank = text < line.endIndex && line[text] == UInt8(ascii: " ")
      return (isBlank ? text + 1 : text) - line.startIndex
    }
    let filled = lines.filter { !$0.isEmpty }
    guard filled.count > 1, filled.allSatisfy({ prefixLength($0) != nil }) else { return input }
    return Array(
      lines.map { $0.dropFirst(prefixLength($0) ?? 0) }.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// The text without HTML tags; nil when there are none.
  public static func withoutTags(_ input: [UInt8]) -> [UInt8]? {
    var output: [UInt8] = []
    var found = false
    var index = 0
    while index < input.count {
      if input[index] == UInt8(ascii: "<"), let end = tagEnd(input, index) {
        found = true
        output.append(UInt8(ascii: " "))
        index = end
      } else {
        output.append(input[index])
        index += 1
      }
    }
    return found ? output : nil
  }

  /// Stops at the next `<` at the latest, so that a text with many of them stays linear.
  private static func tagEnd(_ input: [UInt8], _ start: Int) -> Int? {
    let first = start + 1
    guard first < input.count,
      isLetter(input[first]) || input[first] == UInt8(ascii: "/")
        || input[first] == UInt8(ascii: "!")
    else { return nil }
    var index = first
    while index < input.count, input[index] != UInt8(ascii: "<") {
      if input[index] == UInt8(ascii: ">") { return index + 1 }
      index += 1
    }
    return nil
  }
}
