/// Turns rows of cells into SVG; every look gets a class name in order of appearance.
public struct SVGCanvas: Sendable {
  /// A cell is 10 by 20 units; a letter of the font is as wide as the cell.
  public static let cellWidth = 10
  package static let cellHeight = 20
  package static let baseline = 15
  package static let fontSize = "16.6"
  /// The space around the frame.
  public static let padding = 16

  package let theme: Theme
  /// The background colour of the picture.
  public let ground: String
  /// The colour of the picture's edge: a light picture would merge with the page around it.
  public let outline: String?
  private var classes: [String: String] = [:]
  private(set) var rules: [String] = []

  package init(theme: Theme) {
    self.theme = theme
    let colors = SVGColor(theme: theme)
    ground = colors.ground(theme.style(for: .text, on: .background))
    outline = theme.isLight ? colors.ink(theme.style(for: .border, on: .background)) : nil
  }

  /// One row at height zero, by itself.
  public mutating func row(_ row: Int, of frame: Frame) -> String {
    let (content, uprights) = parts(of: row, of: frame)
    return content + lines(uprights)
  }

  /// All rows; a vertical line through several rows is one line, without seams when scaled.
  public mutating func rows(of frame: Frame) -> String {
    var text = ""
    var joined: [SVGRow.Upright] = []
    var latest: [SVGRow.Upright: Int] = [:]
    for row in 0..<frame.size.rows {
      let (content, uprights) = parts(of: row, of: frame)
      let top = row * Self.cellHeight
      if !content.isEmpty { text += "<g transform=\"translate(0 \(top))\">\(content)</g>\n" }
      for upright in uprights {
        var upright = upright
        upright.top += top * 10
        upright.bottom += top * 10
        // Found by the end of the line above.
        let above = SVGRow.Upright(
          look: upright.look, x: upright.x, top: upright.top, bottom: upright.top)
        let place = latest.removeValue(forKey: above) ?? joined.count
        if place == joined.count { joined.append(upright) }
        joined[place].bottom = upright.bottom
        let end = SVGRow.Upright(
          look: upright.look, x: upright.x, top: upright.bottom, bottom: upright.bottom)
        latest[end] = place
      }
    }
    return text + lines(joined)
  }

  private mutating func lines(_ uprights: [SVGRow.Upright]) -> String {
    var order: [SVGRow.DrawnLook] = []
    var data: [SVGRow.DrawnLook: String] = [:]
    for upright in uprights {
      if data[upright.look] == nil { order.append(upright.look) }
      data[upright.look, default: ""] += upright.data
    }
    return order.map { "<path class=\"\(drawnClass($0))\" d=\"\(data[$0] ?? "")\"/>" }.joined()
  }

  /// Backgrounds, then drawn glyphs, then text; and the vertical lines.
  private mutating func parts(
    of row: Int, of frame: Frame
  ) -> (content: String, uprights: [SVGRow.Upright]) {
    var painter = SVGRow(ground: ground)
    let colors = SVGColor(theme: theme)
    for column in 0..<frame.size.columns {
      let cell = frame[column, row]
      let style = theme.style(for: cell.role, on: cell.surface, emphasis: cell.emphasis)
      var (ink, paper) = (colors.ink(style), colors.ground(style))
      if style.emphasis.contains(.reverse) { swap(&ink, &paper) }
      painter.addGround(paper, column: column)
      guard !cell.glyph.isEmpty else { continue }
      if cell.glyph == " " {
        painter.addBlank()
      } else if let glyph = SVGGlyph(cell.glyph) {
        painter.draw(glyph, ink: ink, column: column)
      } else {
        let isWide = column + 1 < frame.size.columns && frame[column + 1, row].glyph.isEmpty
        painter.write(
          cell.glyph, look: textClass(ink: ink, emphasis: style.emphasis), column: column,
          width: isWide ? 2 : 1)
      }
    }
    return (painter.finish { drawnClass($0) }, painter.uprights)
  }

  private mutating func textClass(ink: String, emphasis: Emphasis) -> String {
    var rule = "fill:\(ink)"
    if emphasis.contains(.bold) { rule += ";font-weight:700" }
    if emphasis.contains(.underline) { rule += ";text-decoration:underline" }
    return name(for: rule)
  }

  private mutating func drawnClass(_ look: SVGRow.DrawnLook) -> String {
    switch look.kind {
    case .light: name(for: "fill:none;stroke:\(look.ink);stroke-width:1.4")
    case .heavy: name(for: "fill:none;stroke:\(look.ink);stroke-width:3")
    case .filled: name(for: "fill:\(look.ink)")
    case .shaded(let quarters): name(for: "fill:\(look.ink);fill-opacity:.\(quarters * 25)")
    }
  }

  private mutating func name(for rule: String) -> String {
    if let known = classes[rule] { return known }
    let name = "c\(classes.count)"
    classes[rule] = name
    rules.append(".\(name){\(rule)}")
    return name
  }
}

/// The colours of a style as `#rrggbb`, with substitutes for the terminal's own colours.
public struct SVGColor: Sendable {
  package let theme: Theme

  package func ink(_ style: Style) -> String {
    hex(style.foreground, orElse: theme.isLight ? 0x1A1A1A : 0xD8D8D8)
  }

  package func ground(_ style: Style) -> String {
    hex(style.background, orElse: theme.isLight ? 0xFFFFFF : 0x16181C)
  }

  private func hex(_ color: ThemeColor, orElse fallback: UInt32) -> String {
    let index = color.ansi.index
    let named = Self.ansi.indices.contains(index) ? Self.ansi[index] : fallback
    let digits = String(color.rgb ?? named, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }

  /// The sixteen colours of a common terminal.
  private static let ansi: [UInt32] = [
    0x000000, 0xCD3131, 0x0DBC79, 0xE5E510, 0x3B8EEA, 0xBC3FBC, 0x11A8CD, 0xE5E5E5,
    0x666666, 0xF14C4C, 0x23D18B, 0xF5F543, 0x3B8EEA, 0xD670D6, 0x29B8DB, 0xFFFFFF,
  ]
}
