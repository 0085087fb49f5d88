/// Where a text stops being JSON, for people.
extension JSONError {
  /// Whether the text begins with a byte order mark, in UTF-8 or in UTF-16.
  ///
  /// RFC 8259, section 8.1: a sender must not add one, a reader may ignore it. This one tells.
  public static func hasByteOrderMark(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.starts(with: [0xFE, 0xFF])
      || bytes.starts(with: [0xFF, 0xFE])
  }

  /// Line and column, counted from 1, and the text before the place.
  public func place(in bytes: [UInt8]) -> String {
    let before = bytes[..<min(max(offset, 0), bytes.count)]
    let line = before.count { $0 == 0x0A } + 1
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let text = String(decoding: before.suffix(from: start).suffix(24), as: UTF8.self)
    // A cut through a character leaves bytes that are none.
    let shown = text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\u{FFFD}" }
    let words = String(String.UnicodeScalarView(shown)).trimmingBlanks
    return "line \(line), column \(before.count - start + 1)"
      + (words.isEmpty ? "" : ", after \u{201C}\(words)\u{201D}")
  }
}
