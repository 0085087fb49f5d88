import OpenID

/// Collects the drawing elements of one row of cells.
public struct SVGRow: Sendable {
  /// How a drawn glyph gets its colour.
  public struct DrawnLook: Hashable, Sendable {
    package enum Kind: Hashable {
      case light, heavy, filled
      case shaded(quarters: Int)
    }
    package var ink: String
    package var kind: Kind
  }

  private struct Run {
    var text: String, look: String
    var column: Int, cells: Int
  }

  private struct GroundRun {
    var color: String
    var column: Int, cells: Int
  }

  /// A vertical line, in tenths of a unit from the top of the picture or of the row.
  public struct Upright: Hashable, Sendable {
    package var look: DrawnLook
    package var x: Int, top: Int, bottom: Int

    package var data: String { "M\(x) \(SVGRow.tenths(top))V\(SVGRow.tenths(bottom))" }
  }

  /// Separate, because the lines of several rows can be one line.
  private(set) var uprights: [Upright] = []
  private let ground: String
  private var grounds: [GroundRun] = []
  private var paths: [(look: DrawnLook, data: String)] = []
  private var runs: [Run] = []
  private var blanks = 2

  package init(ground: String) { self.ground = ground }

  package mutating func addGround(_ color: String, column: Int) {
    if let last = grounds.last, last.color == color, last.column + last.cells == column {
      grounds[grounds.count - 1].cells += 1
    } else {
      grounds.append(GroundRun(color: color, column: column, cells: 1))
    }
  }

  package mutating func addBlank() { blanks += 1 }

  /// Keeps letters of one look together; a glyph that a font may lack is centred in its own cell.
  public mutating func write(_ glyph: String, look: String, column: Int, width: Int) {
    let isPlain = width == 1 && glyph.unicodeScalars.allSatisfy { $0.value < 0x2190 }
    if isPlain, blanks < 2, let last = runs.last, last.look == look,
      last.column + last.cells + blanks == column, Self.isJoinable(last)
    {
      runs[runs.count - 1].text += (blanks == 1 ? " " : "") + glyph
      runs[runs.count - 1].cells += blanks + 1
    } else {
      runs.append(Run(text: glyph, look: look, column: column, cells: width))
    }
    blanks = 0
  }

  private static func isJoinable(_ run: Run) -> Bool {
    run.text.unicodeScalars.allSatisfy { $0.value < 0x2190 }
  }

  package mutating func draw(_ glyph: SVGGlyph, ink: String, column: Int) {
    blanks = 2
    let left = column * SVGCanvas.cellWidth
    switch glyph {
    case .arms(let arms): draw(arms, ink: ink, left: left)
    case .block(let block): draw(block, ink: ink, left: left)
    case .shape(let shape): draw(shape, ink: ink, left: left)
    }
  }

  /// The row as elements without its vertical lines; asks for classes in order.
  public func finish(className: (DrawnLook) -> String) -> String {
    var text = ""
    for run in grounds where run.color != ground {
      text +=
        "<rect x=\"\(run.column * SVGCanvas.cellWidth)\" width=\"\(run.cells * SVGCanvas.cellWidth)\""
        + " height=\"\(SVGCanvas.cellHeight)\" fill=\"\(run.color)\"/>"
    }
    for path in paths { text += "<path class=\"\(className(path.look))\" d=\"\(path.data)\"/>" }
    for run in runs { text += element(for: run) }
    return text
  }

  private func element(for run: Run) -> String {
    let x = run.column * SVGCanvas.cellWidth
    let width = run.cells * SVGCanvas.cellWidth
    let text = SVGText.escaped(run.text)
    let y = SVGCanvas.baseline
    guard Self.isJoinable(run) else {
      return "<text class=\"\(run.look)\" x=\"\(x + width / 2)\" y=\"\(y)\" text-anchor=\"middle\">"
        + "\(text)</text>"
    }
    // The length keeps the columns in fonts with other letter widths.
    let length = run.cells > 1 ? " textLength=\"\(width)\" lengthAdjust=\"spacingAndGlyphs\"" : ""
    return "<text class=\"\(run.look)\" x=\"\(x)\" y=\"\(y)\"\(length)>\(text)</text>"
  }
}

// MARK: - Drawn glyphs

extension SVGRow {
  private mutating func add(_ data: String, _ look: DrawnLook) {
    if let known = paths.firstIndex(where: { $0.look == look }) {
      paths[known].data += data
    } else {
      paths.append((look, data))
    }
  }

  private mutating func draw(_ arms: SVGGlyph.Arms, ink: String, left: Int) {
    let (right, bottom) = (left + SVGCanvas.cellWidth, SVGCanvas.cellHeight)
    let (middle, center) = (left + SVGCanvas.cellWidth / 2, SVGCanvas.cellHeight / 2)
    if arms.isRound {
      let side = arms.left > 0 ? left : right
      let end = arms.up > 0 ? 0 : bottom
      add(
        "M\(middle) \(end)Q\(middle) \(center) \(side) \(center)",
        DrawnLook(ink: ink, kind: .light))
      return
    }
    if arms.dashes > 1 {
      drawDashes(arms, ink: ink, left: left)
      return
    }
    for weight in 1...2 {
      let look = DrawnLook(ink: ink, kind: weight == 1 ? .light : .heavy)
      if arms.left == weight || arms.right == weight {
        let from = arms.left == weight ? left : middle
        let to = arms.right == weight ? right : middle
        extendLine(from: from, to: to, at: center, look)
      }
      if arms.up == weight || arms.down == weight {
        // In a corner the vertical line covers the end of the horizontal one.
        let corner = [0, 7, 15][max(arms.left, arms.right)]
        let from = arms.up == weight ? 0 : center * 10 - corner
        let to = arms.down == weight ? bottom * 10 : center * 10 + corner
        uprights.append(Upright(look: look, x: middle, top: from, bottom: to))
      }
    }
  }

  /// Extends the last line if this one starts at its end.
  private mutating func extendLine(from: Int, to: Int, at y: Int, _ look: DrawnLook) {
    if let known = paths.firstIndex(where: { $0.look == look }),
      paths[known].data.ends(with: "H\(from)")
    {
      paths[known].data.removeLast("H\(from)".utf8.count)
      paths[known].data += "H\(to)"
    } else {
      add("M\(from) \(y)H\(to)", look)
    }
  }

  private mutating func drawDashes(_ arms: SVGGlyph.Arms, ink: String, left: Int) {
    let isHorizontal = arms.left > 0
    let look = DrawnLook(ink: ink, kind: max(arms.left, arms.up) == 1 ? .light : .heavy)
    let length = isHorizontal ? SVGCanvas.cellWidth : SVGCanvas.cellHeight
    // In tenths, because a cell cannot be divided by three dashes.
    let step = length * 10 / arms.dashes
    for dash in 0..<arms.dashes {
      let (from, to) = (dash * step + step / 4, dash * step + step * 3 / 4)
      if isHorizontal {
        add(
          "M\(Self.tenths(left * 10 + from)) \(SVGCanvas.cellHeight / 2)H\(Self.tenths(left * 10 + to))",
          look
        )
      } else {
        let x = left + SVGCanvas.cellWidth / 2
        uprights.append(Upright(look: look, x: x, top: from, bottom: to))
      }
    }
  }

  package static func tenths(_ value: Int) -> String {
    value % 10 == 0 ? "\(value / 10)" : "\(value / 10).\(value % 10)"
  }

  private mutating func draw(_ block: SVGGlyph.Block, ink: String, left: Int) {
    func x(_ eighths: Int) -> String {
      Self.tenths(left * 10 + eighths * SVGCanvas.cellWidth * 10 / 8)
    }
    func y(_ eighths: Int) -> String { Self.tenths(eighths * SVGCanvas.cellHeight * 10 / 8) }
    add(
      "M\(x(block.left)) \(y(block.top))H\(x(block.right))V\(y(block.bottom))H\(x(block.left))Z",
      DrawnLook(
        ink: ink, kind: block.quarters == 4 ? .filled : .shaded(quarters: block.quarters)))
  }

  private mutating func draw(_ shape: SVGGlyph.Shape, ink: String, left: Int) {
    let (middle, center) = (left + SVGCanvas.cellWidth / 2, SVGCanvas.cellHeight / 2)
    let right = left + SVGCanvas.cellWidth
    let filled = DrawnLook(ink: ink, kind: .filled)
    switch shape {
    case .triangleRight(let isSmall):
      let half = isSmall ? 4 : 6
      add(
        "M\(isSmall ? left + 2 : left) \(center - half)V\(center + half)L\(right) \(center)Z",
        filled)
    case .triangleLeft(let isSmall):
      let half = isSmall ? 4 : 6
      add(
        "M\(isSmall ? right - 2 : right) \(center - half)V\(center + half)L\(left) \(center)Z",
        filled)
    case .triangleUp: add("M\(left) \(center + 5)H\(right)L\(middle) \(center - 5)Z", filled)
    case .triangleDown: add("M\(left) \(center - 5)H\(right)L\(middle) \(center + 5)Z", filled)
    case .disc: add("M\(left + 1) \(center)a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", filled)
    case .ring:
      add(
        "M\(left + 1) \(center)a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z", DrawnLook(ink: ink, kind: .light))
    }
  }
}
