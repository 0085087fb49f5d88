/// Colours for text that is printed and not drawn: the terminal's own sixteen, so that the person's
/// scheme shows.
///
/// Colour is never the only sign: every mark has its shape, every verdict its word. The sequences are
/// those of ECMA-48, 8.3.117 (SGR).
public struct Ink: Sendable, Equatable {
  /// What a piece of text is.
  public enum Tone: String, Sendable, CaseIterable {
    /// A heading, or the word that counts.
    case strong = "1"
    /// What can be passed over.
    case muted = "2"
    /// Something held.
    case pass = "32"
    /// Something broke.
    case fail = "1;31"
    /// Something is worth a look.
    case warn = "33"
    /// A name that can be typed.
    case name = "36"
  }

  /// Whether colours are written.
  public let isOn: Bool

  /// Makes an ink; text stays as it is without colours.
  public init(isOn: Bool = false) { self.isOn = isOn }

  /// The text in this tone.
  public func callAsFunction(_ tone: Tone, _ text: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// A small box at the end of a text: what came of it, and who, and what to do.
public struct Card: Sendable {
  /// The first line.
  public var title: String
  /// The tone of the title.
  public var tone: Ink.Tone
  /// Further words at the right end of the first line; dropped where there is no room.
  public var corner = ""
  /// The lines below, each with its name.
  public var rows: [(name: String, text: String)] = []

  /// Makes a card without rows.
  public init(_ title: String, _ tone: Ink.Tone) { (self.title, self.tone) = (title, tone) }

  /// The box, at most this wide; its text must be harmless.
  public func text(columns: Int = 80, isASCII: Bool, ink: Ink) -> String {
    let room = max(20, columns - 4)
    let names = (rows.map { CellWidth.width(of: $0.name) }.max() ?? 0) + 2
    var lines = TextFitting.wordWrap(title, room).map { (ink(tone, $0), CellWidth.width(of: $0)) }
    for row in rows {
      for (index, text) in TextFitting.wordWrap(row.text, room - names).enumerated() {
        let name = TextFitting.pad(index == 0 ? row.name : "", names)
        lines.append((ink(.muted, name) + text, names + CellWidth.width(of: text)))
      }
    }
    let cornered = (lines.first?.1 ?? 0) + 3 + CellWidth.width(of: corner)
    let hasCorner = !corner.isEmpty && cornered <= room
    let width = max(lines.map(\.1).max() ?? 0, hasCorner ? cornered : 0)
    if hasCorner, let first = lines.first {
      let blank = String(repeating: " ", count: width - first.1 - CellWidth.width(of: corner))
      lines[0] = (first.0 + blank + ink(.strong, corner), width)
    }
    let glyphs = isASCII ? ["+", "-", "+", "|", "+", "+"] : ["╭", "─", "╮", "│", "╰", "╯"]
    let rule = String(repeating: glyphs[1], count: width + 2)
    let edge = ink(.muted, glyphs[3])
    let body = lines.map { line, cells in
      "\(edge) \(line)\(String(repeating: " ", count: width - cells)) \(edge)\n"
    }
    return ink(.muted, glyphs[0] + rule + glyphs[2]) + "\n" + body.joined()
      + ink(.muted, glyphs[4] + rule + glyphs[5]) + "\n"
  }
}

/// How a command prints for people.
public struct PrintStyle: Sendable, Equatable {
  /// Whether only ASCII is written.
  public var isASCII: Bool
  /// The colours.
  public var ink: Ink
  /// Whether the end stands in a box: on a terminal, and not in a pipe, where programs read.
  public var hasCards: Bool

  /// Makes a style; without arguments that of a pipe.
  public init(isASCII: Bool = false, ink: Ink = Ink(), hasCards: Bool = false) {
    (self.isASCII, self.ink, self.hasCards) = (isASCII, ink, hasCards)
  }
}
