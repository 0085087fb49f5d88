import OpenID

/// A word of a sentence; its number is 0 when the grammar does not know it.
struct GrammarWord: Sendable {
  var number: Int
  var start: Int
  var end: Int
  /// Whether a comma or the like stands before it.
  var opensClause = false
  /// Whether it is an error code of OAuth.
  var isCode = false
}

/// A sentence, a line, or the value of a field.
struct GrammarSentence: Sendable {
  var words: [GrammarWord] = []
  /// Whether it is the value of something like `error_description`.
  var isDescribed = false
  /// Whether that name is one of OAuth's own.
  var isOAuth = false
  /// Whether it is a line of a stack trace.
  var isTrace = false
}

/// Cuts a text into sentences of words, in one pass.
struct GrammarSentences {
  private let bytes: [UInt8]
  private let lexicon: GrammarLexicon
  private let endsAtLines: Bool
  private var index = 0
  private var current = GrammarSentence()
  private var opensClause = false
  private var isLineStart = true
  private let whole: (GrammarSentence) -> Void

  /// Reads all sentences; each is handed over as it ends.
  static func read(
    _ bytes: [UInt8], _ lexicon: GrammarLexicon, endsAtLines: Bool,
    each: (GrammarSentence) -> Void
  ) {
    withoutActuallyEscaping(each) { each in
      var reader = Self(bytes, lexicon, endsAtLines, each)
      reader.run()
    }
  }

  private init(
    _ bytes: [UInt8], _ lexicon: GrammarLexicon, _ endsAtLines: Bool,
    _ whole: @escaping (GrammarSentence) -> Void
  ) {
    (self.bytes, self.lexicon, self.endsAtLines, self.whole) = (bytes, lexicon, endsAtLines, whole)
  }

  private mutating func run() {
    while index < bytes.count {
      let byte = bytes[index]
      if Self.isName(byte) {
        name()
      } else {
        punctuation(byte)
        index += 1
      }
    }
    end()
  }

  private mutating func end(described: Bool = false) {
    let isOAuth = described && current.isOAuth
    if !current.words.isEmpty {
      whole(current)
      current = GrammarSentence()
    }
    current.isDescribed = described
    current.isOAuth = isOAuth
    opensClause = false
  }

  private func peek(_ ahead: Int = 1) -> UInt8 {
    index + ahead < bytes.count ? bytes[index + ahead] : UInt8(ascii: "\n")
  }

  private mutating func punctuation(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      if endsAtLines || peek() == byte { end() }
      isLineStart = true
    case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
      let next = peek()
      if next <= 0x20 || next == UInt8(ascii: "\"") || next == UInt8(ascii: "<") {
        end(described: current.isDescribed && next == 0x20)
      }
    case UInt8(ascii: ";"), UInt8(ascii: "|"): end()
    case UInt8(ascii: "&"):
      if Self.isName(peek()) || peek() == 0x0A || peek() == 0x0D {
        end()
      } else {
        opensClause = true
      }
    case UInt8(ascii: ","): comma()
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ":"): opensClause = true
    default: break
    }
  }

  /// A comma ends a field of a record, and otherwise only a clause.
  private mutating func comma() {
    var next = index + 1
    while next < bytes.count, bytes[next] == 0x20 || bytes[next] == UInt8(ascii: "\n") { next += 1 }
    guard next < bytes.count else { return }
    if bytes[next] == UInt8(ascii: "\""), index > 0, bytes[index - 1] == UInt8(ascii: "\"") {
      return end()
    }
    let start = next
    while next < bytes.count, next - start < 40, Self.isName(bytes[next]) { next += 1 }
    if next > start, next < bytes.count, bytes[next] == UInt8(ascii: "=") { return end() }
    opensClause = true
  }

  /// A name such as `redirect_uri` or `IDTokenExpired`, taken apart into its words.
  private mutating func name() {
    let start = index
    var whole = GrammarLexicon.startOfHash
    var length = 0
    while index < bytes.count, Self.isName(bytes[index]) {
      GrammarLexicon.add(bytes[index], to: &whole)
      index += 1
      length += 1
      if length > 400 { break }
    }
    if isLineStart {
      isLineStart = false
      if index - start == 2, bytes[start] == UInt8(ascii: "a"),
        bytes[start + 1] == UInt8(ascii: "t"),
        index < bytes.count, bytes[index] == 0x20, endsAtLines
      {
        current.isTrace = true
      }
    }
    if skipsAddress() { return address(start) }
    // A name that was broken in two by a line's end is no word.
    if bytes[start] == UInt8(ascii: "_") || bytes[index - 1] == UInt8(ascii: "_") {
      return append(0, start, index)
    }
    if lexicon.codes.contains(whole) {
      append(0, start, index)
      if !current.words.isEmpty { current.words[current.words.count - 1].isCode = true }
      return
    }
    if lexicon.descriptions.contains(whole), let value = valueStart() {
      end(described: true)
      current.isOAuth = lexicon.oauthDescriptions.contains(whole)
      index = value
      return
    }
    // `DPoP` and `OpenID` are words by themselves.
    if let number = lexicon.numbers[whole] { return append(number, start, index) }
    parts(start, index)
  }

  /// Behind the mark between a name and its value; nil when there is none.
  private func valueStart() -> Int? {
    var next = index
    while next < bytes.count, next - index < 6,
      [UInt8(ascii: "\""), UInt8(ascii: "'"), 0x20].contains(bytes[next])
    {
      next += 1
    }
    guard next < bytes.count, bytes[next] == UInt8(ascii: ":") || bytes[next] == UInt8(ascii: "=")
    else { return nil }
    return next + 1
  }

  /// An address, up to its query: its words are not a sentence's.
  private mutating func skipsAddress() -> Bool {
    guard index + 2 < bytes.count, bytes[index] == UInt8(ascii: ":"),
      bytes[index + 1] == UInt8(ascii: "/"), bytes[index + 2] == UInt8(ascii: "/")
    else { return false }
    while index < bytes.count, bytes[index] > 0x20,
      ![
        UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "#"), UInt8(ascii: "\""),
        UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","),
        UInt8(ascii: ")"), UInt8(ascii: "]"),
      ].contains(bytes[index])
    { index += 1 }
    return true
  }

  /// An address says no more than that it is one of discovery.
  private mutating func address(_ start: Int) {
    let text = bytes[start..<min(index, start + 300)]
    guard String(decoding: text, as: UTF8.self).holds("/.well-known/openid"),
      let well = lexicon.numbers[GrammarLexicon.hash(Array("well".utf8))],
      let known = lexicon.numbers[GrammarLexicon.hash(Array("known".utf8))]
    else { return append(0, start, index) }
    append(well, start, index)
    append(known, start, index)
  }

  private mutating func parts(_ start: Int, _ stop: Int) {
    var hash = GrammarLexicon.startOfHash
    var first = start
    for position in start..<stop {
      let byte = bytes[position]
      if byte == UInt8(ascii: "_") {
        finish(hash, first, position)
        hash = GrammarLexicon.startOfHash
        first = position + 1
        continue
      }
      if position > first, Self.isUpper(byte) {
        let isHump = !Self.isUpper(bytes[position - 1])
        let endsRun = position + 1 < stop && Self.isLower(bytes[position + 1])
        if isHump || endsRun {
          finish(hash, first, position)
          hash = GrammarLexicon.startOfHash
          first = position
        }
      }
      GrammarLexicon.add(byte, to: &hash)
    }
    finish(hash, first, stop)
  }

  private mutating func finish(_ hash: UInt64, _ start: Int, _ stop: Int) {
    guard stop > start else { return }
    append(lexicon.numbers[hash] ?? 0, start, stop)
  }

  private mutating func append(_ number: Int, _ start: Int, _ stop: Int) {
    // Of a sentence without an end, only its beginning is read.
    guard current.words.count < 400 else { return end(described: current.isDescribed) }
    current.words.append(
      GrammarWord(number: number, start: start, end: stop, opensClause: opensClause))
    opensClause = false
  }

  private static func isName(_ byte: UInt8) -> Bool {
    isUpper(byte) || isLower(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
  }
  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}
