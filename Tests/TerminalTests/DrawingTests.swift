import Glibc
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct `Drawing on a real terminal` {
  @Test func `A resize is told, and the frame is drawn in the new size`() throws {
    let terminal = try PseudoTerminal(
      environment: ["LINES": "24", "COLUMNS": "80"], columns: 100, rows: 30)
    #expect(try terminal.report() == "ready 100x30 indexed UTF-8")
    for (columns, rows) in [(120, 36), (60, 16), (200, 50)] as [(UInt16, UInt16)] {
      _ = try terminal.takeOutput()
      terminal.resize(columns: columns, rows: rows)
      #expect(try terminal.report() == "resize \(columns)x\(rows)")
      try terminal.see("probe \(columns)x\(rows)")
      try terminal.see("line \(rows - 1) ")
    }
  }

  static let terminals: [(name: String, told: String)] = [
    ("xterm-256color", "ready 80x24 indexed UTF-8"),
    ("screen-256color", "ready 80x24 indexed UTF-8"),
    ("tmux-256color", "ready 80x24 indexed UTF-8"), ("xterm", "ready 80x24 eight UTF-8"),
    ("linux", "ready 80x24 eight UTF-8"), ("screen", "ready 80x24 eight UTF-8"),
    ("vt100", "ready 80x24 monochrome UTF-8"), ("xterm-mono", "ready 80x24 monochrome UTF-8"),
    ("xterm-no-such-thing", "ready 80x24 indexed UTF-8"),
    ("tmux-no-such", "ready 80x24 indexed UTF-8"),
  ]

  @Test(arguments: terminals)
  func `Terminals of every age show the frame`(name: String, told: String) throws {
    let terminal = try PseudoTerminal(environment: ["TERM": name])
    #expect(try terminal.report() == told)
    try terminal.see("line 7 change 0")
    terminal.send("q")
    #expect(try terminal.ending() == .exit(0))
    // Synchronized output is for those that know it, or pass over what they do not know.
    let written = String(decoding: terminal.output, as: UTF8.self)
    let begun = written.ranges(of: "\u{1B}[?2026h").count
    #expect(begun == written.ranges(of: "\u{1B}[?2026l").count)
    #expect((begun > 0) == told.contains("indexed"))
  }

  @Test(arguments: [
    ("dumb", "cannot place a cursor"), ("", "TERM is not set"),
    ("no-such-terminal", "ncurses-term"),
    ("unknown", "cannot place a cursor"), ("../../etc", "terminfo does not know"),
  ])
  func `A terminal without a screen is refused with advice`(name: String, advice: String) throws {
    let terminal = try PseudoTerminal(environment: ["TERM": name])
    #expect(try terminal.report() == "fault")
    #expect(try terminal.ending() == .exit(2))
    #expect(terminal.position(of: advice) != nil)
    #expect(terminal.position(of: "hybrid-flow run") != nil)
    #expect(terminal.position(of: "\u{1B}") == nil)
    #expect(terminal.modes == terminal.modesBefore)
  }

  @Test(arguments: [PseudoTerminal.Detached.input, .output, .outputClosed])
  func `Files and pipes are not terminals`(detached: PseudoTerminal.Detached) throws {
    let terminal = try PseudoTerminal(detached: detached)
    #expect(try terminal.report() == "fault")
    #expect(try terminal.ending() == .exit(2))
    try terminal.see("not a terminal")
  }

  @Test(
    arguments: [
      (["NO_COLOR": "1"], [], "monochrome"), (["CLICOLOR": "0"], [], "monochrome"),
      ([:], ["colors=never"], "monochrome"), (["NO_COLOR": "1"], ["colors=256"], "indexed"),
      ([:], ["colors=16"], "sixteen"), (["TERM": "xterm"], ["colors=256"], "indexed"),
    ] as [([String: String], [String], String)])
  func `Colours are what was asked for`(
    environment: [String: String], arguments: [String], depth: String
  ) throws {
    let terminal = try PseudoTerminal(arguments: arguments, environment: environment)
    #expect(try terminal.report() == "ready 80x24 \(depth) UTF-8")
    let written = String(decoding: try terminal.takeOutput(), as: UTF8.self)
    let colors = try Regex("\u{1B}\\[[0-9;]*(3[0-9]|4[0-9]|9[0-7]|[34]8;5;[0-9]+)[;m]")
    #expect(written.contains(colors) == (depth != "monochrome"))
    #expect(written.contains("38;5;111") == (depth == "indexed"))
    #expect(written.contains("1m") || written.contains("[1;"))
  }

  @Test(arguments: [("C", "UTF-8"), ("no_SUCH.UTF-8", "UTF-8"), ("C.UTF-8", "UTF-8")])
  func `A locale that says nothing means UTF-8`(locale: String, told: String) throws {
    let terminal = try PseudoTerminal(environment: ["LC_ALL": locale])
    #expect(try terminal.report() == "ready 80x24 indexed \(told)")
    try terminal.see("┌ probe")
    try terminal.see("日本")
  }

  static let canMakeLocale =
    access("/usr/bin/localedef", X_OK) == 0
    && access("/usr/share/i18n/charmaps/ISO-8859-1.gz", R_OK) == 0

  @Test(.needs("localedef with its sources", { canMakeLocale }))
  func `A locale that means Latin-1 is believed`() throws {
    var template = Array("/tmp/terminal-tests-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    let name = "\(folder)/en_US.ISO-8859-1"
    // The probe's place on the terminal serves any program.
    let maker = try PseudoTerminal(program: [
      "/usr/bin/localedef", "-c", "-i", "POSIX", "-f", "ISO-8859-1", name,
    ])
    _ = try maker.ending()
    defer {
      let cleaner = try? PseudoTerminal(program: ["/bin/rm", "-r", folder])
      _ = try? cleaner?.ending()
    }
    let terminal = try PseudoTerminal(
      environment: ["LC_ALL": "en_US.ISO-8859-1", "LOCPATH": folder])
    #expect(try terminal.report() == "ready 80x24 indexed legacy")
    terminal.send([0xE9])
    #expect(try terminal.report() == #"character("é")"#)
    let written = try terminal.takeOutput()
    #expect(!written.contains { $0 >= 0x80 && $0 < 0xA0 })
    #expect(String(decoding: written, as: UTF8.self).contains("line 7 change 0 ?"))
  }

  @Test func `One changed line costs little more than its text`() throws {
    let terminal = try PseudoTerminal(columns: 120, rows: 36)
    _ = try terminal.report()
    let whole = try terminal.takeOutput().count
    terminal.send("u")
    _ = try terminal.report()
    let line = try terminal.takeOutput().count
    print("bytes for a whole frame of 120x36: \(whole), for one changed line: \(line)")
    #expect(line > 60 && line < 240)
  }

  @Test func `Ctrl-L draws everything again`() throws {
    let terminal = try PseudoTerminal()
    _ = try terminal.report()
    _ = try terminal.takeOutput()
    terminal.send("\u{C}")
    _ = try terminal.report()
    let written = String(decoding: try terminal.takeOutput(), as: UTF8.self)
    #expect(written.contains("line 23 change 0"))
  }
}
