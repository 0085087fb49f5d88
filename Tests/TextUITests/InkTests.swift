import Testing

@testable import TextUI

/// Text that is printed with colours, and the box at its end.
@Suite struct InkTests {
  @Test(arguments: Ink.Tone.allCases)
  func `colour changes nothing but colour`(tone: Ink.Tone) throws {
    #expect(Ink()(tone, "text") == "text")
    let colored = Ink(isOn: true)(tone, "text")
    #expect(colored.hasPrefix("\u{1B}[") && colored.hasSuffix("text\u{1B}[0m"))
    #expect(Ink(isOn: true)(tone, "") == "")
  }

  private static func card() -> Card {
    var card = Card("\u{2713} Passed", .pass)
    card.rows = [
      ("who", "Ada Lovelace, auth0|6743f0a1c0ffee0000000001"),
      ("what", String(repeating: "a sentence that is long ", count: 8)),
      ("wide", "\u{65E5}\u{672C}\u{8A9E} and Latin"),
    ]
    return card
  }

  @Test(arguments: [20, 40, 80], [true, false])
  func `a card is a whole box in every width`(columns: Int, isASCII: Bool) {
    let text = Self.card().text(columns: columns, isASCII: isASCII, ink: Ink())
    let lines = text.split(separator: "\n").map(String.init)
    let widths = Set(lines.map { CellWidth.width(of: $0) })
    #expect(widths.count == 1, "\(text)")
    #expect(widths.allSatisfy { $0 <= max(24, columns) })
    let edge: Character = isASCII ? "|" : "\u{2502}"
    #expect(lines.dropFirst().dropLast().allSatisfy { $0.first == edge && $0.last == edge })
    for word in ["Passed", "who", "what", "Lovelace,", "Latin"] { #expect(text.contains(word)) }
  }

  @Test func `colours do not move the edges of a card`() {
    let plain = Self.card().text(isASCII: false, ink: Ink())
    let colored = Self.card().text(isASCII: false, ink: Ink(isOn: true))
    #expect(colored != plain)
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }
}
