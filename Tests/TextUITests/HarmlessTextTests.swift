import OpenID
import Testing
import TestSupport
import TextUI

struct HarmlessTextTests {
  @Test(
    "each kind of dangerous scalar is made visible",
    arguments: [
      ("plain ASCII stays", "plain ASCII stays", 0),
      ("Grüße, 日本, ñ", "Grüße, 日本, ñ", 0),
      ("a\tb", "a b", 0),
      ("\u{1B}[2J", "␛[2J", 1),
      ("bell\u{7}", "bell␇", 1),
      ("nul\u{0}", "nul␀", 1),
      ("del\u{7F}", "del␡", 1),
      ("one\ntwo", "one␊two", 1),
      ("one\r\ntwo", "one␍␊two", 2),
      ("csi\u{9B}31m", "csi⟨U+009B⟩31m", 1),
      ("txt\u{202E}exe", "txt⟨U+202E⟩exe", 1),
      ("\u{200E}\u{200F}\u{61C}", "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩", 3),
      ("\u{2066}x\u{2069}", "⟨U+2066⟩x⟨U+2069⟩", 2),
      ("zero\u{200B}width", "zero⟨U+200B⟩width", 1),
      ("\u{FEFF}mark", "⟨U+FEFF⟩mark", 1),
      ("soft\u{AD}hyphen", "soft⟨U+00AD⟩hyphen", 1),
      ("tag\u{E0041}", "tag⟨U+E0041⟩", 1),
      ("line\u{2028}paragraph\u{2029}", "line⟨U+2028⟩paragraph⟨U+2029⟩", 2),
      ("filler\u{3164}", "filler⟨U+3164⟩", 1),
      ("e\u{301}", "e\u{301}", 0),
      ("\u{301}e", "⟨U+0301⟩e", 1),
      ("❤\u{FE0F}", "❤\u{FE0F}", 0),
      ("❤\u{FE0F}\u{FE01}", "❤\u{FE0F}⟨U+FE01⟩", 1),
      ("葛\u{E0100}\u{E0101}", "葛\u{E0100}⟨U+E0101⟩", 1),
      (
        "z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
        "z\u{301}\u{302}\u{303}\u{304}⟨U+0305⟩⟨U+0306⟩", 2
      ),
    ])
  func replaces(text: String, expected: String, count: Int) {
    let found = HarmlessText.counted(text)
    #expect(Array(found.text.unicodeScalars) == Array(expected.unicodeScalars))
    #expect(found.replacements == count)
    #expect(Array(HarmlessText.line(text).utf8) == Array(expected.utf8))
  }

  @Test("lines are cut at newlines, and a lone carriage return is shown")
  func cutsLines() {
    #expect(HarmlessText.lines("a\r\nb\n\nc\rd\u{1B}") == ["a", "b", "", "c␍d␛"])
    #expect(HarmlessText.lines("") == [""])
    #expect(HarmlessText.countedLines("a\nb\u{202E}").map(\.replacements) == [0, 1])
  }

  @Test("bytes that are not UTF-8 become replacement characters, and are counted")
  func decodesBytes() {
    #expect(HarmlessText.from(bytes: Array("ok ü".utf8)) == "ok ü")
    let broken: [UInt8] = [0x61, 0xFF, 0x62, 0xC3, 0x28, 0x1B]
    #expect(HarmlessText.from(bytes: broken) == "a\u{FFFD}b\u{FFFD}(␛")
    #expect(HarmlessText.counted(bytes: broken).replacements == 3)
    // A raw C1 byte is no UTF-8; an encoded one is a control.
    #expect(HarmlessText.from(bytes: [0x9B]) == "\u{FFFD}")
    #expect(HarmlessText.from(bytes: [0xC2, 0x9B]) == "⟨U+009B⟩")
    #expect(HarmlessText.counted(bytes: [0xEF, 0xBF, 0xBD]).replacements == 0)
  }

  @Test("whatever comes in, nothing that steers or hides comes out", arguments: 1...60)
  func holdsForAnyText(seed: Int) {
    var walk = SeededGenerator(seed: UInt64(seed))
    let pools: [ClosedRange<UInt32>] = [
      0...0x24F, 0x300...0x36F, 0x600...0x61F, 0x2000...0x206F, 0xFE00...0xFEFF, 0xFFF0...0xFFFF,
      0xE0000...0xE01FF, 0...0x10FFFF,
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<400 {
      let pool = pools[Int(walk.next() % UInt64(pools.count))]
      if let scalar = Unicode.Scalar(UInt32.random(in: pool, using: &walk)) { text.append(scalar) }
    }
    let result = HarmlessText.line(String(text))
    for scalar in result.unicodeScalars {
      #expect(!Self.isDangerous(scalar), "U+\(String(scalar.value, radix: 16))")
    }
    #expect(Array(HarmlessText.line(result).utf8) == Array(result.utf8))
    #expect(HarmlessText.counted(result).replacements == 0)
    for glyph in CellWidth.glyphs(of: result) { #expect(glyph.text.unicodeScalars.count <= 5) }
  }

  /// Written from the list of what must never come through, not from the code under test.
  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F,
      0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
      true
    default: false
    }
  }
}
