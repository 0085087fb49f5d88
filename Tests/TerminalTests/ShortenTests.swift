import CNcurses
import TestSupport
import Testing

/// A terminal of a few cells that understands what ncurses sends.
private struct SmallTerminal: Equatable {
  struct Look: Equatable {
    var ink = "39", ground = "49", marks: Set<String> = []
    /// What of it is seen on a blank.
    var blank: Look {
      var look = Look(ground: ground, marks: marks.subtracting(["1"]))
      // A line under nothing has the ink.
      if !look.marks.isEmpty { look.ink = ink }
      return look
    }
  }
  struct Cell: Equatable {
    var glyph: Unicode.Scalar = " "
    var look = Look()
  }

  static let columns = 24, rows = 5
  var cells = [Cell](repeating: Cell(), count: columns * rows)
  var look = Look()
  var (row, column) = (0, 0)

  init(_ bytes: [UInt8]) {
    let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    var at = 0
    while at < scalars.count {
      if scalars[at] != "\u{1B}" {
        put(scalars[at])
        at += 1
      } else if scalars[at + 1] == "(" {
        at += 3
      } else {
        var parameters = ""
        at += 2
        while !("@"..."~").contains(scalars[at]) {
          parameters.unicodeScalars.append(scalars[at])
          at += 1
        }
        obey(scalars[at], parameters)
        at += 1
      }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    guard scalar != "\r" else { return column = 0 }
    set(column, Cell(glyph: scalar, look: scalar == " " ? look.blank : look))
    column = min(column + 1, Self.columns - 1)
  }

  private mutating func set(_ column: Int, _ cell: Cell) {
    cells[row * Self.columns + column] = cell
  }

  private mutating func obey(_ final: Unicode.Scalar, _ text: String) {
    let codes = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    switch final {
    case "H": (row, column) = (codes[0] - 1, codes[1] - 1)
    case "G": column = codes[0] - 1
    case "X", "K":
      // Erasing leaves the ground, and nothing of the marks.
      let end = final == "K" ? Self.columns : min(Self.columns, column + max(1, codes[0]))
      for here in column..<end { set(here, Cell(look: Look(ground: look.ground))) }
    case "m":
      var rest = codes[...]
      while let code = rest.popFirst() {
        switch code {
        case 0: look = Look()
        case 1, 4, 7: look.marks.insert("\(code)")
        case 22: look.marks.remove("1")
        case 24, 27: look.marks.remove("\(code - 20)")
        case 38, 48:
          let color = "\(code);\(rest.popFirst() ?? 0);\(rest.popFirst() ?? 0)"
          if code == 38 { look.ink = color } else { look.ground = color }
        case 30...37, 39, 90...97: look.ink = "\(code)"
        default: look.ground = "\(code)"
        }
      }
    default: Issue.record("CSI \(text) \(final)")
    }
  }
}

@Suite struct `What is sent, shortened` {
  private static func shorten(_ input: [UInt8], canSwitchOff: Bool = true) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 2 * input.count + 64)
    let used = screen_shorten(input, input.count, &output, output.count, canSwitchOff)
    #expect(used <= output.count)
    return Array(output.prefix(used))
  }

  private static func shorten(_ text: String, canSwitchOff: Bool = true) -> String {
    String(decoding: shorten(Array(text.utf8), canSwitchOff: canSwitchOff), as: UTF8.self)
  }

  static let examples: [(sent: String, short: String)] = [
    ("", ""), ("plain", "plain"),
    // The ground stays, so it is said once.
    (
      "\u{1B}[38;5;75m\u{1B}[48;5;234ma\u{1B}[38;5;255m\u{1B}[48;5;234mb\u{1B}[39;49m\u{1B}(B\u{1B}[m",
      "\u{1B}[38;5;75;48;5;234ma\u{1B}[38;5;255mb\u{1B}[0m"
    ),
    // A blank has no ink.
    ("\u{1B}[31ma\u{1B}[32m \u{1B}[31mb\u{1B}[m", "\u{1B}[31ma b\u{1B}[0m"),
    ("\u{1B}[31m\u{1B}[5X\u{1B}[m", "\u{1B}[5X"),
    // But it has a line under it.
    ("\u{1B}[4ma b\u{1B}[m", "\u{1B}[4ma b\u{1B}[0m"),
    ("a\u{1B}[7m \u{1B}[m", "a\u{1B}[7m \u{1B}[0m"),
    // Moving needs no colour.
    ("\u{1B}[31m\u{1B}[2;3H\u{1B}[32mx\u{1B}[m", "\u{1B}[2;3H\u{1B}[32mx\u{1B}[0m"),
    ("\u{1B}(B\u{1B}[0;1mx\u{1B}(B\u{1B}[m", "\u{1B}[1mx\u{1B}[0m"),
    // So does the keypad.
    ("\u{1B}[?1h\u{1B}=\u{1B}[31ma\u{1B}[m", "\u{1B}[?1h\u{1B}=\u{1B}[31ma\u{1B}[0m"),
    // Lines of the terminal's own, and back.
    ("\u{1B}(0q\u{1B}(Bx", "\u{1B}(0q\u{1B}(Bx"),
    // What is not understood goes through, and then nothing is taken for granted.
    (
      "\u{1B}[31ma\u{1B}[38:2::1:2:3mb\u{1B}[31mc\u{1B}[m",
      "\u{1B}[31ma\u{1B}[38:2::1:2:3m\u{1B}[0;31mbc\u{1B}[0m"
    ),
    ("a\u{1B}]52;c;eA==\u{7}", "a\u{1B}]52;c;eA==\u{7}\u{1B}[0m"),
    // Cut off.
    ("a\u{1B}[3", "a\u{1B}[3\u{1B}[0m"), ("a\u{1B}", "a\u{1B}\u{1B}[0m"),
  ]

  @Test(arguments: examples)
  func `Only what is seen changes`(sent: String, short: String) {
    #expect(Self.shorten(sent) == short)
  }

  @Test func `A terminal that cannot end one mark alone is reset`() {
    let sent = "\u{1B}[1;31ma\u{1B}[0;31mb\u{1B}[m"
    #expect(Self.shorten(sent) == "\u{1B}[1;31ma\u{1B}[22mb\u{1B}[0m")
    #expect(Self.shorten(sent, canSwitchOff: false) == "\u{1B}[1;31ma\u{1B}[0;31mb\u{1B}[0m")
  }

  private static let pieces = [
    "\u{1B}(B\u{1B}[0;1m", "\u{1B}(B\u{1B}[m", "\u{1B}[39;49m", "\u{1B}[38;5;75m",
    "\u{1B}[38;5;145m", "\u{1B}[48;5;234m", "\u{1B}[48;5;24m", "\u{1B}[31m", "\u{1B}[97m",
    "\u{1B}[44m", "\u{1B}[4m", "\u{1B}[7m", "\u{1B}[27m", "\u{1B}[24m", "\u{1B}[22m", "text",
    "a b", " ", "   ", "┅▶é", "\u{1B}[3X", "\u{1B}[K", "\r", "\u{1B}[2G", "\u{1B}[1;1H",
    "\u{1B}[3;9H", "\u{1B}[5;20H",
  ]

  @Test(arguments: 0..<40)
  func `The same cells are seen whatever is sent`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      var sent = ""
      for _ in 0..<60 {
        sent += Self.pieces[generator.next(below: Self.pieces.count)]
      }
      sent += "\u{1B}[39;49m\u{1B}(B\u{1B}[m"
      let short = Self.shorten(sent, canSwitchOff: seed % 2 == 0)
      let (before, after) = (SmallTerminal(Array(sent.utf8)), SmallTerminal(Array(short.utf8)))
      #expect(before == after, "\(sent.debugDescription) became \(short.debugDescription)")
      #expect(short.utf8.count <= sent.utf8.count)
    }
  }

  @Test func `Too little room is told, and nothing is written beyond it`() {
    let input = Array("\u{1B}[31mabc".utf8)
    var output = [UInt8](repeating: 0xEE, count: 16)
    let used = screen_shorten(input, input.count, &output, 4, true)
    #expect(used == 8)
    #expect(output[4...].allSatisfy { $0 == 0xEE })
  }
}
