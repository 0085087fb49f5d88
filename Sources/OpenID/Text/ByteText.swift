/// Searching, cutting and comparing by UTF-8 bytes.
///
/// Swift's own functions on `String` compare by `Character`, and a delimiter followed by a
/// combining mark is another character: in `sid=` + U+0301 + `secret`, `firstIndex(of: "=")` finds
/// nothing, `hasPrefix("sid=")` is false, and CR LF is one character that equals neither. The
/// protocols compare bytes (RFC 3986, RFC 9110), and so do readers of our output. So text from
/// outside is searched with these functions, which also tell U+212A from K.
///
/// Delimiters may have any length, in UTF-8. An empty delimiter is never found.
///
/// What is called most is made for both kinds of text: other modules cannot specialize it.
extension StringProtocol where SubSequence == Substring {
  /// The first occurrence of these bytes.
  @_specialize(where Self == String)
  @_specialize(where Self == Substring)
  public func firstRange(ofBytes part: String) -> Range<String.Index>? {
    let bytes = self[startIndex..<endIndex].utf8
    guard let offset = ByteFinder.offset(of: part, in: bytes) else { return nil }
    let start = bytes.index(bytes.startIndex, offsetBy: offset)
    return start..<bytes.index(start, offsetBy: part.utf8.count)
  }

  /// The last occurrence of these bytes.
  public func lastRange(ofBytes part: String) -> Range<String.Index>? {
    let bytes = self[startIndex..<endIndex].utf8
    guard let head = part.utf8.first else { return nil }
    var end = bytes.endIndex
    while let found = bytes[..<end].lastIndex(of: head) {
      if bytes[found...].starts(with: part.utf8) {
        return found..<bytes.index(found, offsetBy: part.utf8.count)
      }
      end = found
    }
    return nil
  }

  /// Whether the text contains these bytes.
  @_specialize(where Self == String)
  @_specialize(where Self == Substring)
  public func holds(_ part: String) -> Bool { firstRange(ofBytes: part) != nil }

  /// Whether the text contains one of these ASCII characters.
  public func holds(anyOf delimiters: String) -> Bool {
    self[startIndex..<endIndex].utf8.contains { delimiters.utf8.contains($0) }
  }

  /// Whether the text begins with these bytes.
  @_specialize(where Self == String, Start == String)
  @_specialize(where Self == String, Start == Substring)
  @_specialize(where Self == Substring, Start == String)
  @_specialize(where Self == Substring, Start == Substring)
  public func begins<Start: StringProtocol>(with start: Start) -> Bool {
    self[startIndex..<endIndex].utf8.starts(with: start.utf8)
  }

  /// Whether the text ends with these bytes.
  @_specialize(where Self == String, End == String)
  @_specialize(where Self == String, End == Substring)
  @_specialize(where Self == Substring, End == String)
  @_specialize(where Self == Substring, End == Substring)
  public func ends<End: StringProtocol>(with end: End) -> Bool {
    self[startIndex..<endIndex].utf8.reversed().starts(with: end.utf8.reversed())
  }

  /// The text after this prefix; nil when it does not start with it.
  public func dropping(prefix: String) -> Substring? {
    guard begins(with: prefix) else { return nil }
    return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
  }

  /// The text before this suffix; nil when it does not end with it.
  public func dropping(suffix: String) -> Substring? {
    guard ends(with: suffix) else { return nil }
    return self[..<utf8.index(endIndex, offsetBy: -suffix.utf8.count)]
  }

  /// The texts before and after the first of these delimiters; nil where there is none.
  public func cut(at delimiter: String) -> (before: Substring, after: Substring)? {
    firstRange(ofBytes: delimiter).map { (self[..<$0.lowerBound], self[$0.upperBound...]) }
  }

  /// The texts before and after the last of these delimiters; nil where there is none.
  public func cut(atLast delimiter: String) -> (before: Substring, after: Substring)? {
    lastRange(ofBytes: delimiter).map { (self[..<$0.lowerBound], self[$0.upperBound...]) }
  }

  /// The texts before and after the first delimiter; the whole text and nil when there is none.
  public func parting(at delimiter: String) -> (before: Substring, after: Substring?) {
    cut(at: delimiter).map { ($0.before, $0.after) } ?? (self[startIndex..<endIndex], nil)
  }

  /// The text before the first of these delimiters, and all of it where there is none.
  public func before(_ delimiter: String) -> Substring {
    cut(at: delimiter)?.before ?? self[startIndex..<endIndex]
  }

  /// The text before the first of these ASCII characters, and all of it where there is none.
  public func before(anyOf delimiters: String) -> Substring {
    let bytes = self[startIndex..<endIndex].utf8
    let end = bytes.firstIndex { delimiters.utf8.contains($0) } ?? endIndex
    return self[..<end]
  }

  /// The text from the first of these ASCII characters on; nothing where there is none.
  public func from(anyOf delimiters: String) -> Substring {
    self[before(anyOf: delimiters).endIndex...]
  }

  /// The text behind the first of these delimiters; nothing where there is none.
  public func after(_ delimiter: String) -> Substring {
    cut(at: delimiter)?.after ?? self[endIndex...]
  }

  /// The text behind the first of these ASCII characters; nothing where there is none.
  public func after(anyOf delimiters: String) -> Substring {
    from(anyOf: delimiters).dropFirst(bytes: 1)
  }

  /// The pieces between the delimiters, with the limits of `split(separator:)`.
  public func split(
    at delimiter: String, maxSplits: Int = .max, omittingEmptySubsequences: Bool = true
  ) -> [Substring] {
    var pieces: [Substring] = []
    var rest = self[startIndex..<endIndex]
    while pieces.count < maxSplits, let (piece, following) = rest.cut(at: delimiter) {
      if !piece.isEmpty || !omittingEmptySubsequences { pieces.append(piece) }
      rest = following
    }
    if !rest.isEmpty || !omittingEmptySubsequences { pieces.append(rest) }
    return pieces
  }

  /// The lines that are not empty, whether they end with LF, CR LF or CR.
  public var lines: [Substring] { split(atAnyOf: "\r\n") }

  /// The pieces between any of these ASCII characters, without empty ones.
  public func split(atAnyOf delimiters: String) -> [Substring] {
    self[startIndex..<endIndex].utf8.split { delimiters.utf8.contains($0) }.map { Substring($0) }
  }

  /// The text with other bytes in place of these.
  public func replacing(bytes part: String, with other: String) -> String {
    split(at: part, omittingEmptySubsequences: false).joined(separator: other)
  }

  /// The first scalars, at most this many: a `Character` may be of any length.
  public func prefix(scalars most: Int) -> Substring {
    Substring(self[startIndex..<endIndex].unicodeScalars.prefix(most))
  }

  /// The first bytes, at most this many, ending at a whole scalar.
  public func prefix(bytes most: Int) -> Substring {
    let bytes = self[startIndex..<endIndex].utf8
    guard bytes.count > most else { return self[startIndex..<endIndex] }
    var end = bytes.index(startIndex, offsetBy: Swift.max(0, most))
    // Bytes 10xxxxxx continue a scalar.
    while end > startIndex, bytes[end] & 0xC0 == 0x80 { end = bytes.index(before: end) }
    return self[..<end]
  }

  /// The last bytes, at most this many, starting at a whole scalar.
  public func suffix(bytes most: Int) -> Substring {
    let bytes = self[startIndex..<endIndex].utf8
    guard bytes.count > most else { return self[startIndex..<endIndex] }
    var start = bytes.index(endIndex, offsetBy: -Swift.max(0, most))
    while start < endIndex, bytes[start] & 0xC0 == 0x80 { start = bytes.index(after: start) }
    return self[start...]
  }

  /// The text without this many bytes at its start; the caller knows that they are whole scalars.
  public func dropFirst(bytes count: Int) -> Substring {
    let start = utf8.index(startIndex, offsetBy: count, limitedBy: endIndex) ?? endIndex
    return self[start...]
  }

  /// The text without this many bytes at its end; the caller knows that they are whole scalars.
  public func dropLast(bytes count: Int) -> Substring {
    let end = utf8.index(endIndex, offsetBy: -count, limitedBy: startIndex) ?? startIndex
    return self[..<end]
  }

  /// The text without spaces and tabs at its ends.
  public var trimmingBlanks: String { String(trimming { $0 == 0x20 || $0 == 0x09 }) }

  /// The text without spaces at its end.
  public var trimmingBlanksAtEnd: String {
    let bytes = self[startIndex..<endIndex].utf8
    let last = bytes.lastIndex { $0 != 0x20 }
    return String(self[..<(last.map { bytes.index(after: $0) } ?? startIndex)])
  }

  /// The text without spaces, tabs and the ends of lines at its ends.
  public var trimmingSpace: String {
    String(trimming { $0 == 0x20 || (0x09...0x0D).contains($0) })
  }

  private func trimming(_ isOut: (UInt8) -> Bool) -> Substring {
    let bytes = self[startIndex..<endIndex].utf8
    guard let first = bytes.firstIndex(where: { !isOut($0) }),
      let last = bytes.lastIndex(where: { !isOut($0) })
    else { return self[endIndex...] }
    return self[first..<bytes.index(after: last)]
  }
}

extension StringProtocol {
  /// The text with A to Z in lower case and nothing else changed.
  ///
  /// `lowercased()` turns the Kelvin sign into `k`, so foreign text could pass for a protocol word.
  public var asciiLowercased: String {
    @_specialize(where Self == String)
    @_specialize(where Self == Substring)
    get { String(decoding: utf8.map { $0.asciiLowercased }, as: UTF8.self) }
  }

  /// Whether two texts are the same bytes but for the case of A to Z.
  @_specialize(where Self == String)
  @_specialize(where Self == Substring)
  public func isIdentical(toIgnoringCase other: String) -> Bool {
    utf8.elementsEqual(other.utf8) { $0.asciiLowercased == $1.asciiLowercased }
  }

  /// The text with its first letter, if it is a to z, in upper case, as at the start of a sentence.
  public var capitalized: String {
    guard let first = utf8.first, first >= 0x61, first <= 0x7A else { return String(self) }
    return String(Unicode.Scalar(first & 0xDF))
      + String(String.UnicodeScalarView(unicodeScalars.dropFirst()))
  }

  /// Whether the text is one or more ASCII digits and nothing else.
  public var isDigits: Bool { !isEmpty && utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
}

extension UInt8 {
  /// The byte of A to Z in lower case; every other one as it is.
  public var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}
