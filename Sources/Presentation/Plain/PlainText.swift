import TextUI

/// Builds text of headings and lists, for those to whom it is read aloud.
///
/// Everything stands in reading order, one below the other; nothing is drawn or aligned.
struct PlainText {
  /// No line is longer.
  static let columns = 80

  private(set) var lines: [String] = []

  /// A blank line, never two.
  mutating func gap() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  /// A heading: more signs stand for a lower level.
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

  /// Something that introduces a list.
  mutating func lead(_ text: String) {
    gap()
    lines += Self.wrapped(text, first: "", rest: "")
  }

  /// An entry of a list, with further lines below it.
  mutating func item(_ text: String, level: Int = 0, below: [String] = []) {
    let indent = String(repeating: "  ", count: min(level, 8))
    lines += Self.wrapped(text, first: indent + "- ", rest: indent + "  ")
    for text in below where !text.isEmpty {
      lines += Self.wrapped(text, first: indent + "  ", rest: indent + "  ")
    }
  }

  /// The lines in these characters, each ended.
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

  /// The text in these characters.
  func applied(to text: String) -> String {
    guard self == .ascii else { return text }
    // Ellipses and arrows take more than one sign here: nothing has to stay aligned.
    return text.unicodeScalars.map { scalar in
      switch scalar {
      case "\u{2026}": "..."
      case "\u{2192}": "->"
      default: Self.plain(scalar)
      }
    }.joined()
  }
}
