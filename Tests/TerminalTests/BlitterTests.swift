import CNcurses
import Testing
import TextUI

@testable import Terminal

/// ncurses has one screen, so these run one after the other.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct `What ncurses holds` {
  static let size = ScreenSize(columns: 40, rows: 6)
  static let theme = Theme(
    id: "test", name: "Test", isLight: false,
    roles: [
      .text: RoleStyle(
        foreground: ThemeColor(rgb: 0xD0D0D0, index256: 252, ansi: .white)),
      .background: RoleStyle(background: ThemeColor(rgb: 0, index256: 16, ansi: .black)),
      .selection: RoleStyle(background: ThemeColor(rgb: 0x303030, index256: 236, ansi: .blue)),
      .statusFail: RoleStyle(
        foreground: ThemeColor(rgb: 0xFF5F5F, index256: 203, ansi: .brightRed),
        emphasis: .underline),
    ])

  static func withScreen(
    terminal: String = "xterm-256color", depth: ColorDepth = .indexed,
    _ body: (NcursesScreen) throws -> Void
  ) throws {
    let screen = try NcursesScreen.openHeadless(terminal: terminal, size: size, depth: depth)
    defer { screen.close() }
    try body(screen)
  }

  static func held(column: Int, row: Int) -> screen_cell {
    var cell = screen_cell()
    _ = screen_read(Int32(row), Int32(column), &cell)
    return cell
  }

  static func text(_ cell: screen_cell) -> String {
    let values = withUnsafeBytes(of: cell.scalars) { Array($0.bindMemory(to: UInt32.self)) }
    var text = ""
    for value in values.prefix(Int(cell.count)) {
      if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
    }
    return text
  }

  static func rows() -> [String] {
    (0..<size.rows).map { row in
      var line = ""
      var column = 0
      while column < size.columns {
        let glyph = text(held(column: column, row: row))
        line += glyph
        column += glyph.unicodeScalars.first.map { max(1, CellWidth.width(of: $0)) } ?? 1
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  @Test func `It is the frame: boxes, ideographs, combining marks, the last corner`() throws {
    try Self.withScreen { screen in
      #expect(screen.size == Self.size)
      var frame = Frame(size: Self.size)
      frame.put("┌─┬┐ ✓ ✗ ▶ ○ ·…", column: 0, row: 0)
      frame.put("日本語 code 完", column: 1, row: 1)
      frame.put("e\u{301}tat, q\u{303}\u{304}", column: 2, row: 2)
      frame.put("語", column: 38, row: 3)
      frame.put("┘", column: 39, row: 5)
      screen.show(frame, theme: Self.theme)
      #expect(Self.rows() == frame.lines)
    }
  }

  @Test func `Each next frame replaces the last, also where wide glyphs were`() throws {
    try Self.withScreen { screen in
      for texts in [["日本語日本語", "abc"], ["a本b", "日"], [" 日本", ""], ["xyzxyzxyz", "日c"]] {
        var frame = Frame(size: Self.size)
        for (row, text) in texts.enumerated() { frame.put(text, column: row, row: row) }
        screen.show(frame, theme: Self.theme)
        #expect(Self.rows() == frame.lines)
      }
    }
  }

  @Test func `Half a wide glyph becomes a blank or a mark, and nothing shifts`() throws {
    try Self.withScreen { screen in
      var frame = Frame(size: Self.size)
      frame.put("日本|", column: 0, row: 0)
      frame[0, 0] = Cell("a")
      frame[3, 0] = Cell("b")
      frame[5, 1] = Cell("\u{1B}")
      frame[6, 1] = Cell("|")
      screen.show(frame, theme: Self.theme)
      #expect(Self.rows()[0] == "a ?b|")
      #expect(Self.rows()[1] == "     ?|")
    }
  }

  static let depths:
    [(ColorDepth, String, ink: Int32, ground: Int32, marks: UInt32, chosen: UInt32)] = [
      (.indexed, "xterm-256color", 203, 16, SCREEN_UNDERLINE, SCREEN_BOLD),
      (.sixteen, "xterm-256color", 9, 0, SCREEN_UNDERLINE, SCREEN_BOLD),
      (.eight, "xterm", 1, 0, SCREEN_UNDERLINE | SCREEN_BOLD, SCREEN_BOLD),
      (.monochrome, "vt100", -1, -1, SCREEN_UNDERLINE, SCREEN_BOLD | SCREEN_REVERSE),
      (.monochrome, "xterm-256color", -1, -1, SCREEN_UNDERLINE, SCREEN_BOLD | SCREEN_REVERSE),
    ]

  @Test(arguments: depths)
  func `Colours and marks follow the depth`(
    depth: ColorDepth, terminal: String, ink: Int32, ground: Int32, marks: UInt32, chosen: UInt32
  ) throws {
    try Self.withScreen(terminal: terminal, depth: depth) { screen in
      #expect(screen.colorDepth == depth)
      // ncurses crashes when it is asked for a pair before colours are started.
      #expect((screen_pair(1, 2) == 0) == (depth == .monochrome))
      var frame = Frame(size: Self.size)
      frame.put("no", column: 0, row: 0, role: .statusFail)
      frame.put("row", column: 0, row: 1, role: .text, surface: .selection)
      screen.show(frame, theme: Self.theme)
      let failed = Self.held(column: 0, row: 0)
      #expect(failed.foreground == ink && failed.background == ground)
      #expect(failed.attributes == marks)
      #expect(Self.held(column: 0, row: 1).attributes == chosen)
    }
  }

  @Test func `Another theme colours what stands there already`() throws {
    try Self.withScreen { screen in
      var frame = Frame(size: Self.size)
      frame.put("text", column: 0, row: 0)
      screen.show(frame, theme: Self.theme)
      #expect(Self.held(column: 0, row: 0).foreground == 252)
      var other = Self.theme
      other.roles[.text]?.foreground = ThemeColor(rgb: 0, index256: 17, ansi: .blue)
      screen.show(frame, theme: other)
      #expect(Self.held(column: 0, row: 0).foreground == 17)
      #expect(Self.rows() == frame.lines)
    }
  }

  @Test func `A smaller frame leaves nothing of the larger one`() throws {
    try Self.withScreen { screen in
      var frame = Frame(size: Self.size)
      for row in 0..<6 { frame.put(String(repeating: "#", count: 40), column: 0, row: row) }
      screen.show(frame, theme: Self.theme)
      var small = Frame(size: ScreenSize(columns: 10, rows: 2))
      small.put("small", column: 0, row: 0)
      screen.show(small, theme: Self.theme)
      #expect(Self.rows() == ["small", "", "", "", "", ""])
      screen.show(Frame(size: ScreenSize(columns: 200, rows: 100)), theme: Self.theme)
      #expect(Self.rows() == Array(repeating: "", count: 6))
    }
  }

  @Test func `A second screen is refused while one is open`() throws {
    try Self.withScreen { _ in
      #expect(throws: TerminalError.self) {
        try NcursesScreen.openHeadless(terminal: "xterm", size: Self.size, depth: .eight)
      }
    }
  }

  @Test func `The C library agrees on the width of what the interface draws with`() {
    #expect(locale_prepare())
    for scalar in "┌─┐│└┘├┤┬┴┼━┃╭╮╰╯═║▶◀▲▼●○◐✓✗→←↑↓·…—│█▌░⚠日本語é".unicodeScalars {
      #expect(locale_width(scalar.value) == Int32(CellWidth.width(of: scalar)), "\(scalar)")
    }
  }
}
