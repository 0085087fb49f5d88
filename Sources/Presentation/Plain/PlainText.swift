import TextUI

/// Builds text of headings and lists, for screen readers.
///
/// Everything is in reading order, one line below the other; nothing is drawn or aligned.
struct PlainText {
  /// The greatest line length.
  static let columns = 80

  private(set) var lines: [String] = []

  /// Adds a blank line, never two in a row.
  mutating func gap() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// Adds a heading: more signs mean a lower level.
  mutating func heading(_ level: Int, _ text: String) {
    gap()
    let sign = String(repeating: "#", count: level) + " "
    lines += Self.wrapped(text, first: sign, rest: String(repeating: " ", count: sign.count))
    lines.append("")
  }

  mutating func paragraph(_ text: String) {
    guard !text.isEmpty else { return }
    lines += Self.wrapped(text, first: "", rest: "")
    lines.append("")
  }

  /// Adds an introduction to a list.
  mutating func lead(_ text: String) {
    gap()
    lines += Self.wrapped(text, first: "", rest: "")
  }

  /// Adds a list item, with further lines below it.
  mutating func item(_ text: String, level: Int = 0, below: [String] = []) {
    let indent = String(repeating: "  ", count: min(level, 8))
    lines += Self.wrapped(text, first: indent + "- ", rest: indent + "  ")
    for text in below where !text.isEmpty {
      lines += Self.wrapped(text, first: indent + "  ", rest: indent + "  ")
    }
  }

  /// The lines in this character set, each with a line end.
  func text(_ glyphs: GlyphSet) -> String {
    lines.map { glyphs.applied(to: $0) + "\n" }.joined()
  }

  private static func wrapped(_ text: String, first: String, rest: String) -> [String] {
    TextFitting.wordWrap(text, columns - first.count).enumerated().map {
      ($0.offset == 0 ? first : rest) + $0.element
    }
  }
}

extension GlyphSet {
  /// A scalar in ASCII.
  static func plain(_ scalar: Unicode.Scalar) -> String {
    scalar.isASCII ? String(scalar) : ascii(String(scalar))
  }

  /// The text in this character set.
  func applied(to text: String) -> String {
    guard self == .ascii else { return text }
    // Ellipses and arrows may take several characters here: nothing has to stay aligned.
    return text.unicodeScalars.map { scalar in
      switch scalar {
      case "\u{2026}": "..."
      case "\u{2192}": "->"
      default: Self.plain(scalar)
      }
    }.joined()
  }
}
