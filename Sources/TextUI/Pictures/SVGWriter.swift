import OpenID

/// Draws frames as SVG: selectable, scalable text, no scripts, no external fonts.
///
/// The same frame and theme always give the same bytes, so that pictures can be compared with
/// stored ones.
public enum SVGWriter {
  /// Draws one frame.
  ///
  /// - Parameters:
  ///   - title: The subject of the picture, in a few words.
  ///   - description: The content for people who cannot see it; the frame's own text when empty.
  public static func svg(
    _ frame: Frame, theme: Theme, title: String, description: String = ""
  ) -> String {
    var canvas = SVGCanvas(theme: theme)
    let rows = canvas.rows(of: frame)
    let spoken = description.isEmpty ? frame.lines.joined(separator: "\n") : description
    return SVGDocument(
      size: frame.size, ground: canvas.ground, outline: canvas.outline, title: title,
      description: spoken,
      rules: canvas.rules, body: rows + cursor(of: frame, theme: theme)
    ).text
  }

  /// The text cursor while text is being typed.
  public static func cursor(of frame: Frame, theme: Theme) -> String {
    guard frame.cursorIsVisible, let place = frame.cursor else { return "" }
    let ink = SVGColor(theme: theme).ink(theme.style(for: .cursor, on: .background))
    return
      "<rect x=\"\(place.column * SVGCanvas.cellWidth)\" y=\"\(place.row * SVGCanvas.cellHeight)\""
      + " width=\"2\" height=\"\(SVGCanvas.cellHeight)\" fill=\"\(ink)\"/>\n"
  }
}

/// The SVG around the rows of a picture.
public struct SVGDocument: Sendable {
  package var size: ScreenSize
  package var ground: String
  /// The colour of the edge; nil for none.
  public var outline: String?
  package var title: String
  package var description: String
  package var rules: [String]
  package var definitions = ""
  package var body: String

  /// Fonts whose letters are as wide as our cells, then any other font of fixed width.
  private static let fonts =
    "'JetBrains Mono','DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,ui-monospace,monospace"

  package var text: String {
    let width = size.columns * SVGCanvas.cellWidth + 2 * SVGCanvas.padding
    let height = size.rows * SVGCanvas.cellHeight + 2 * SVGCanvas.padding
    let style = [
      "text{font-family:\(Self.fonts);font-size:\(SVGCanvas.fontSize)px;white-space:pre}",
      "rect{shape-rendering:crispEdges}",
    ]
    var text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
      + " viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-labelledby=\"t d\">\n"
    text += "<title id=\"t\">\(SVGText.escaped(title))</title>\n"
    let lines = HarmlessText.lines(description).map(SVGText.escaped).joined(separator: "\n")
    text += "<desc id=\"d\">\(lines)</desc>\n"
    text += "<style>\n\((style + rules).joined(separator: "\n"))\n</style>\n"
    if !definitions.isEmpty { text += "<defs>\n\(definitions)</defs>\n" }
    // Half of it is outside the picture.
    let edge = outline.map { " stroke=\"\($0)\" stroke-width=\"2\"" } ?? ""
    text +=
      "<path d=\"\(Self.roundedBox(width: width, height: height))\" fill=\"\(ground)\"\(edge)/>\n"
    text += "<g transform=\"translate(\(SVGCanvas.padding) \(SVGCanvas.padding))\">\n"
    return text + body + "</g>\n</svg>\n"
  }

  private static func roundedBox(width: Int, height: Int) -> String {
    let r = 10
    return "M\(r) 0H\(width - r)A\(r) \(r) 0 0 1 \(width) \(r)V\(height - r)"
      + "A\(r) \(r) 0 0 1 \(width - r) \(height)H\(r)A\(r) \(r) 0 0 1 0 \(height - r)V\(r)"
      + "A\(r) \(r) 0 0 1 \(r) 0Z"
  }
}

/// Text inside XML.
public enum SVGText: Sendable {
  /// Harmless text with XML's five special characters escaped.
  public static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in HarmlessText.line(text).unicodeScalars {
      switch scalar {
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      // XML 1.0, section 2.2, does not allow these two.
      case "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
