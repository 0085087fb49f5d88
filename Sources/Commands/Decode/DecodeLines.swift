import HybridFlow
import OpenID
import TextUI

/// Breaks the text of `decode` into lines of 80 cells.
struct DecodeLines {
  static let columns = 80
  /// The most cells of one value that are shown.
  static let valueCells = 4000

  /// Without typographic characters.
  let isASCII: Bool
  /// Whether long values are cut.
  let isCut: Bool

  /// A text without typographic characters that a plain terminal lacks.
  private static func plain(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{2026}": output += "..."
      case "\u{2018}", "\u{2019}": output += "'"
      case "\u{201C}", "\u{201D}": output += "\""
      case "\u{2192}": output += "->"
      case "\u{2013}", "\u{00B7}": output += "-"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }

  /// Lines of at most 80 cells: broken at blanks, and inside words that are longer than a line.
  func wrapped(_ text: String, indent: Int, hanging: Int? = nil) -> [String] {
    let margin = hanging ?? indent
    var lines: [String] = []
    var line = [String](repeating: " ", count: indent)
    var width = indent
    var lastBlank: (index: Int, width: Int)?
    var cells = 0
    for glyph in CellWidth.glyphs(of: isASCII ? Self.plain(text) : text) {
      cells += glyph.width
      if cells > Self.valueCells, isCut {
        line.append(isASCII ? "..." : "\u{2026}")
        break
      }
      if width + glyph.width > Self.columns - 1 {
        let start = [String](repeating: " ", count: margin)
        if let blank = lastBlank {
          lines.append(line[..<blank.index].joined())
          line = start + line[(blank.index + 1)...]
          width = margin + width - blank.width - 1
        } else {
          lines.append(line.joined())
          (line, width) = (start, margin)
        }
        lastBlank = nil
      }
      // A break at a blank near the start of a line saves nothing.
      if glyph.text == " ", width > margin + 8 { lastBlank = (line.count, width) }
      line.append(glyph.text)
      width += glyph.width
    }
    lines.append(line.joined())
    return lines.map(\.trimmingBlanksAtEnd)
  }
}
