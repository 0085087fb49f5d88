import Testing
import TextUI

@testable import Terminal

@Suite struct `Keys from events` {
  /// Feeds events, with `nil` where nothing more is there for the moment.
  static func keys(
    _ events: [InputEvent?], decoder: inout InputDecoder, now: UInt64 = 1000
  ) -> [Key] {
    var rest = events[...]
    var keys: [Key] = []
    while !rest.isEmpty {
      while let key = decoder.next(now: now, read: { _ in rest.popFirst() ?? nil }) {
        keys.append(key)
      }
    }
    return keys
  }

  static func characters(_ text: String) -> [InputEvent?] {
    text.unicodeScalars.map { .character($0.value) }
  }

  static let table: [([InputEvent?], [Key])] = [
    (characters("\u{1B}") + [nil] + characters("x"), [.escape, .character("x")]),
    (characters("\u{1B}x"), [.alt("x")]),
    (characters("\u{1B}\u{1B}") + [nil], [.escape, .escape]),
    (characters("\u{1B}\r"), [.escape, .enter]),
    ([.character(0x1B), .named(.up)], [.up]),
    ([.character(0x1B), .resized], [.escape, .resize]),
    // A reply in pieces: what has begun is finished later.
    (characters("\u{1B}]11;rg") + [nil] + characters("b:0/0/0\u{7}q"), [.character("q")]),
    (characters("\u{1B}]11;rgb:0") + [.named(.down)] + characters("q"), [.down, .character("q")]),
    ([.pasteBegin] + characters("a") + [nil] + characters("b") + [.pasteEnd], [.paste("ab")]),
    (
      [.pasteBegin] + characters("a") + [.resized] + characters("b") + [.pasteEnd],
      [.resize, .paste("ab")]
    ),
    (
      [.pasteBegin] + characters("\r\n\n\r\u{1B}[31m\u{9B}\u{0}") + [.pasteEnd],
      [.paste("\n\n\n[31m")]
    ),
    ([.pasteEnd, .ignored] + characters("\u{85}j"), [.character("j")]),
    ([.character(0xD800), .character(0x11_0000)] + characters("j"), [.character("j")]),
  ]

  @Test(arguments: table) func `Each row`(events: [InputEvent?], expected: [Key]) {
    var decoder = InputDecoder()
    #expect(Self.keys(events, decoder: &decoder) == expected)
  }

  @Test(arguments: [-1, 0, 1, 10])
  func `A paste stops growing at its limit`(over: Int) {
    var decoder = InputDecoder()
    let limit = Key.pasteBytesMax
    let events: [InputEvent?] =
      [.pasteBegin] + Array(repeating: .character(0x61), count: limit + over) + [.pasteEnd]
    let keys = Self.keys(events + Self.characters("j"), decoder: &decoder)
    #expect(keys.count == 2 && keys.last == .character("j"))
    guard case .paste(let text)? = keys.first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == min(limit, limit + over))
  }

  @Test func `An unfinished paste or reply ends by silence`() {
    var decoder = InputDecoder()
    #expect(Self.keys([.pasteBegin] + Self.characters("ab"), decoder: &decoder).isEmpty)
    let keys = Self.keys(Self.characters("q"), decoder: &decoder, now: 1001)
    #expect(keys.isEmpty)
    let late = 1002 + InputDecoder.pasteSilenceMillisecondsMax
    #expect(
      Self.keys(Self.characters("j"), decoder: &decoder, now: late)
        == [.paste("abq"), .character("j")])

    #expect(Self.keys(Self.characters("\u{1B}]11;"), decoder: &decoder, now: late).isEmpty)
    let later = late + InputDecoder.sequenceSilenceMillisecondsMax + 1
    #expect(
      Self.keys(Self.characters("j"), decoder: &decoder, now: later) == [.character("j")])
  }

  @Test func `An endless reply ends at its limit`() {
    var decoder = InputDecoder()
    let most = String(repeating: "x", count: InputDecoder.sequenceScalarsMax)
    // One more ends it and is swallowed with it; what follows is typed.
    #expect(
      Self.keys(Self.characters("\u{1B}]" + most + "xj"), decoder: &decoder) == [.character("j")])
    #expect(
      Self.keys(Self.characters("\u{1B}]" + most + "\u{7}j"), decoder: &decoder)
        == [.character("j")])
  }
}
