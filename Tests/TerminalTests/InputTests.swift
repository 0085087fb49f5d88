import Testing

@Suite(.timeLimit(.minutes(1)))
struct `Keys on a real terminal` {
  static let keys: [(sent: String, told: [String])] = [
    ("j", [#"character("j")"#]),
    ("é", [#"character("é")"#]),
    ("日", [#"character("日")"#]),
    ("\u{1B}OA", ["up"]), ("\u{1B}OB", ["down"]), ("\u{1B}OC", ["right"]), ("\u{1B}OD", ["left"]),
    ("\u{1B}[A", ["up"]), ("\u{1B}[B", ["down"]), ("\u{1B}[C", ["right"]), ("\u{1B}[D", ["left"]),
    ("\u{1B}[H", ["home"]), ("\u{1B}OH", ["home"]), ("\u{1B}[1~", ["home"]),
    ("\u{1B}[F", ["end"]), ("\u{1B}OF", ["end"]), ("\u{1B}[4~", ["end"]),
    ("\u{1B}[5~", ["pageUp"]), ("\u{1B}[6~", ["pageDown"]), ("\u{1B}[3~", ["delete"]),
    ("\u{1B}[Z", ["backTab"]), ("\t", ["tab"]), ("\r", ["enter"]), ("\n", ["enter"]),
    ("\u{7F}", ["backspace"]), ("\u{8}", ["backspace"]),
    ("\u{1B}OP", ["function(1)"]), ("\u{1B}[11~", ["function(1)"]), ("\u{1B}OS", ["function(4)"]),
    ("\u{1B}[15~", ["function(5)"]), ("\u{1B}[24~", ["function(12)"]),
    ("\u{3}", [#"control("c")"#]), ("\u{4}", [#"control("d")"#]), ("\u{0}", [#"control(" ")"#]),
    ("\u{1B}", ["escape"]), ("\u{1B}x", [#"alt("x")"#]), ("\u{1B}é", [#"alt("é")"#]),
    ("\u{1B}]", [#"alt("]")"#]), ("\u{1B}O", [#"alt("O")"#]),
    ("\u{1B}[<0;11;6M", ["mouse(TextUI.MouseAction.press, column: 10, row: 5)"]),
    ("\u{1B}[<0;11;6m", []),
    (
      "\u{1B}[<0;11;6M\u{1B}[<0;11;6m",
      ["mouse(TextUI.MouseAction.press, column: 10, row: 5)"]
    ),
    ("\u{1B}[<64;70;20M", ["mouse(TextUI.MouseAction.wheelUp, column: 69, row: 19)"]),
    ("\u{1B}[<65;70;20M", ["mouse(TextUI.MouseAction.wheelDown, column: 69, row: 19)"]),
    (
      "\u{1B}[<65;7;2M\u{1B}[<65;7;2M\u{1B}[<65;7;2M",
      Array(repeating: "mouse(TextUI.MouseAction.wheelDown, column: 6, row: 1)", count: 3)
    ),
    ("\u{1B}[200~q\r\nx\u{1B}[A\u{1}\té\u{1B}[201~", [#"paste 5 q\nx\t\u{00E9}"#]),
    ("\u{1B}[200~\u{1B}[201~", ["paste 0 "]),
    ("\u{1B}[1;5C", []), ("\u{1B}[99~", []), ("\u{1B}[<2;3;4M", []), ("\u{1B}[M !!", []),
    ("\u{1B}]11;rgb:1c1c/1c1c/1c1c\u{1B}\\\u{1B}[?62;22c", []),
    ("\u{1B}]11;rgb:1c1c/1c1c/1c1c\u{7}", []), ("\u{1B}P1$r0m\u{1B}\\", []),
  ]

  @Test func `Every byte sequence makes the key it means`() throws {
    let terminal = try PseudoTerminal()
    #expect(try terminal.report() == "ready 80x24 indexed UTF-8")
    for (sent, told) in Self.keys {
      terminal.send(sent)
      // The bar shows that nothing else came, and keeps this sequence apart from the next one.
      var heard: [String] = []
      while heard.count < told.count { heard.append(try terminal.report(after: sent)) }
      terminal.send("|")
      heard.append(try terminal.report(after: sent))
      #expect(heard == told + [#"character("|")"#], "\(sent.debugDescription)")
    }
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
  }

  /// Bytes that are no character, with keys behind them.
  static let broken: [(sent: [UInt8], told: [String])] = [
    ([0xFF] + Array("a".utf8), [#"character("a")"#]),
    ([0xC3] + Array("a".utf8), [#"character("a")"#]),
    ([0xE2, 0x82] + Array("a".utf8), [#"character("a")"#]),
    ([0xC3, 0xE6, 0x97, 0xA5], [#"character("日")"#]),
    ([0xC3] + Array("\u{1B}[A".utf8), ["up"]),
    ([0xED, 0xA0, 0x80] + Array("a".utf8), [#"character("a")"#]),
    ([0xF5, 0x80, 0x80, 0x80] + Array("a".utf8), [#"character("a")"#]),
    (
      Array("\u{1B}[200~a".utf8) + [0xFF, 0xC3] + Array("b\u{1B}[201~".utf8),
      [#"paste 4 a\u{FFFD}\u{FFFD}b"#]
    ),
  ]

  @Test func `Bytes that are no character hide no key`() throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    for (sent, told) in Self.broken {
      terminal.send(sent)
      var heard: [String] = []
      while heard.count < told.count { heard.append(try terminal.report(after: "\(sent)")) }
      terminal.send("|")
      heard.append(try terminal.report(after: "\(sent)"))
      #expect(heard == told + [#"character("|")"#], "\(sent)")
    }
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
  }

  @Test func `300 KB of them are nothing, pasted in brackets or not`() throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    let noise = [UInt8](repeating: 0xFF, count: 300_000)
    terminal.send(noise)
    terminal.send("j")
    #expect(try terminal.report() == #"character("j")"#)
    terminal.send(Array("\u{1B}[200~".utf8) + noise + Array("\u{1B}[201~".utf8))
    #expect(try terminal.report().hasPrefix("paste "))
    terminal.send("j")
    #expect(try terminal.report() == #"character("j")"#)
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
  }

  @Test func `A long paste arrives whole, cut at no character`() throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    let text = String(repeating: "日é€q", count: 5000)
    terminal.send("\u{1B}[200~\(text)\u{1B}[201~")
    let expected = #"\u{65E5}\u{00E9}\u{20AC}q"#
    #expect(
      try terminal.report() == "paste 20000 " + String(repeating: expected, count: 10))
  }

  @Test func `Switched off, the mouse is left to the terminal`() throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    try terminal.see("\u{1B}[?1006;1000h")
    terminal.send("m")
    _ = try terminal.report()
    try terminal.see("\u{1B}[?1006;1000l")
    let silent = try PseudoTerminal(arguments: ["no-mouse"])
    _ = try silent.report()
    let written = String(decoding: try silent.takeOutput(), as: UTF8.self)
    #expect(written.contains("line 7") && !written.contains("1000h"))
  }

  /// What a terminal still sends after a click that quits.
  @Test(arguments: ["\u{1B}[<0;11;6m", "\u{1B}[<65;12;6M\u{1B}[<0;12;6m", ""])
  func `A click that quits leaves no report of its release to the shell`(sent: String) throws {
    let terminal = try PseudoTerminal(arguments: ["reads-on"])
    _ = try terminal.report()
    terminal.send("\u{1B}[<0;11;6M")
    #expect(try terminal.report() == "quits")
    terminal.send(sent)
    #expect(try terminal.report() == "closed")
    terminal.send("ls\n")
    #expect(try terminal.report() == "paste 2 ls")
    #expect(try terminal.ending() == .exit(0))
  }

  @Test func `Quitting by a key waits for no release and takes nothing from the shell`() throws {
    let terminal = try PseudoTerminal(arguments: ["reads-on"])
    _ = try terminal.report()
    terminal.send("\u{1B}[<2;11;6M\u{1B}[<2;11;6m")
    terminal.send("qls\n")
    #expect(try terminal.report() == "closed")
    #expect(try terminal.report() == "paste 2 ls")
    #expect(try terminal.ending() == .exit(0))
  }

  @Test(arguments: [
    ("rgb:ffff/ffff/ffff", "light"), ("rgb:1c/1c/1c", "dark"), ("rgb:0/8/f", "light"),
  ])
  func `The ground is asked for while the screen is there already`(
    color: String, told: String
  ) throws {
    let terminal = try PseudoTerminal(arguments: ["asks"])
    #expect(try terminal.report().hasPrefix("ready"))
    try terminal.see("\u{1B}]11;?\u{1B}\\")
    // Typed ahead, and typed behind the reply: neither is part of it.
    terminal.send("k\u{1B}]11;\(color)\u{1B}\\j")
    #expect(try terminal.report() == #"character("k")"#)
    #expect(try terminal.report() == "background \(told)")
    #expect(try terminal.report() == #"character("j")"#)
  }

  @Test func `A terminal that does not answer holds nobody up, and its late reply is no key`()
    throws
  {
    let terminal = try PseudoTerminal(arguments: ["asks"])
    #expect(try terminal.report().hasPrefix("ready"))
    terminal.send("k")
    #expect(try terminal.report() == #"character("k")"#)
    terminal.send("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\k")
    #expect(try terminal.report() == "background light")
    #expect(try terminal.report() == #"character("k")"#)
  }
}
