import OpenID
import Testing

@testable import Terminal

@Suite struct `What the environment says` {
  @Test(
    arguments: [
      ("15;0", .dark), ("0;15", .light), ("0;default;7", .light), ("12;8", .dark), ("1;9", nil),
      ("", nil), ("x", nil), (nil, nil),
    ] as [(String?, TerminalBackground?)])
  func `COLORFGBG tells the ground`(value: String?, expected: TerminalBackground?) {
    #expect(TerminalBackground.told(by: value) == expected)
  }

  @Test(
    arguments: [
      ("11;rgb:ffff/ffff/ffff", .light), ("11;rgb:0000/0000/0000", .dark),
      ("11;rgb:f/f/f", .light), ("11;rgb:75/75/75", .dark), ("11;rgb:77/77/77", .light),
      ("11;rgb:75/75/75/75", nil), ("11;rgb:fffff/0/0", nil), ("11;rgb:-1/0/0", nil),
      ("11;rgb://", nil), ("10;rgb:f/f/f", nil), ("", nil),
    ] as [(String, TerminalBackground?)])
  func `An answer is read or refused`(answer: String, expected: TerminalBackground?) {
    #expect(TerminalBackground(answer: Array(answer.utf8)) == expected)
  }

  @Test(arguments: ["linux", "dumb", "screen.xterm-256color", ""])
  func `Terminals that would print the question are not asked`(name: String) {
    #expect(!TerminalBackground.canBeAsked(in: ["TERM": name]))
  }

  @Test(
    arguments: [
      (.automatic, [:], .indexed), (.automatic, ["NO_COLOR": ""], .indexed),
      (.automatic, ["NO_COLOR": "0"], .monochrome), (.automatic, ["CLICOLOR": "0"], .monochrome),
      (.automatic, ["CLICOLOR": "1"], .indexed), (.sixteen, ["NO_COLOR": "1"], .sixteen),
      (.never, [:], .monochrome),
    ] as [(ColorChoice, [String: String], ColorDepth)])
  func `An option beats the environment`(
    choice: ColorChoice, environment: [String: String], expected: ColorDepth
  ) {
    #expect(ColorDepth.limit(choice: choice, environment: environment) == expected)
  }

  @Test(
    arguments: [
      (.automatic, ["TERM": "xterm"], true, true), (.automatic, ["TERM": "xterm"], false, false),
      (.automatic, ["TERM": "dumb"], true, false), (.automatic, [:], true, false),
      (.automatic, ["TERM": "xterm", "NO_COLOR": "1"], true, false),
      (.automatic, ["TERM": "xterm", "CLICOLOR": "0"], true, false),
      (.automatic, ["CLICOLOR_FORCE": "1"], false, true),
      (.automatic, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
      (.automatic, ["CLICOLOR_FORCE": "0"], false, false),
      (.always, ["NO_COLOR": "1"], false, true), (.sixteen, [:], false, true),
      (.never, ["CLICOLOR_FORCE": "1", "TERM": "xterm"], true, false),
    ] as [(ColorChoice, [String: String], Bool, Bool)])
  func `Printed text has colours on a terminal, or where they are asked for`(
    choice: ColorChoice, environment: [String: String], isTerminal: Bool, expected: Bool
  ) {
    #expect(
      ColorDepth.prints(choice: choice, environment: environment, isTerminal: isTerminal)
        == expected)
  }

  @Test(
    arguments: [
      (0, .monochrome), (2, .monochrome), (8, .eight), (15, .eight), (16, .sixteen), (88, .sixteen),
      (256, .indexed), (1 << 24, .indexed),
    ] as [(Int32, ColorDepth)])
  func `A number of colours makes a depth`(colors: Int32, expected: ColorDepth) {
    #expect(ColorDepth(colors: colors) == expected)
  }

  @Test(
    arguments: [
      ("xterm-kitty", .automatic, ["xterm-kitty", "xterm-256color", "xterm"]),
      ("xterm", .indexed, ["xterm-256color", "xterm"]),
      ("tmux", .automatic, ["tmux", "screen-256color", "screen"]), ("vt220", .indexed, ["vt220"]),
    ] as [(String, ColorChoice, [String])])
  func `Names are tried in turn`(name: String, colors: ColorChoice, expected: [String]) {
    #expect(TerminalName.candidates(for: name, colors: colors) == expected)
  }

  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `Base64 is the standard's`(text: String, expected: String) {
    #expect(String(decoding: Clipboard.base64(Array(text.utf8)), as: UTF8.self) == expected)
  }

  @Test func `Faults print nothing a terminal would obey`() {
    let hostile = "\u{1B}]0;x\u{7}" + String(repeating: "y", count: 500)
    for fault in [TerminalError.dumbTerminal(hostile), .unknownTerminal(hostile)] {
      #expect(fault.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
      #expect(fault.description.utf8.count < 300)
    }
  }
}
