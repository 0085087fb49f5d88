/// Draws frames for a terminal of 256 colours, as text with escape sequences.
///
/// ECMA-48: cursor by CUP, looks by SGR. A frame\u{2019}s glyphs are already harmless, so no other
/// sequence is ever written.
public enum ANSIWriter {
  /// Hides the cursor and clears the screen.
  public static let opening = "\u{1B}[?25l\u{1B}[0m\u{1B}[2J"
  /// Shows the cursor again, below the frame.
  public static let closing = "\u{1B}[0m\r\n\u{1B}[?25h"

  /// Draws a frame, but only the rows that differ from the frame before.
  ///
  /// - Parameter last: The frame on the screen; nil for none.
  public static func text(_ frame: Frame, after last: Frame? = nil, theme: Theme) -> String {
    var output = ""
    for row in 0..<frame.size.rows {
      if let last, last.size == frame.size, isSame(row, last, frame) { continue }
      output += "\u{1B}[\(row + 1);1H"
      var look = ""
      for column in 0..<frame.size.columns {
        let cell = frame[column, row]
        // The right half of a wide glyph was drawn with the left one.
        guard !cell.glyph.isEmpty else { continue }
        let next = sequence(
          theme.style(for: cell.role, on: cell.surface, emphasis: cell.emphasis))
        if next != look { output += next }
        look = next
        output += cell.glyph
      }
    }
    return output
  }

  private static func isSame(_ row: Int, _ left: Frame, _ right: Frame) -> Bool {
    (0..<left.size.columns).allSatisfy { left[$0, row] == right[$0, row] }
  }

  private static func sequence(_ style: Style) -> String {
    var codes = ["0"]
    if style.emphasis.contains(.bold) { codes.append("1") }
    if style.emphasis.contains(.underline) { codes.append("4") }
    if style.emphasis.contains(.reverse) { codes.append("7") }
    if let index = style.foreground.index256 { codes.append("38;5;\(index)") }
    if let index = style.background.index256 { codes.append("48;5;\(index)") }
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }
}
