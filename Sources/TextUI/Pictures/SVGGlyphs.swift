/// Glyphs that are drawn as shapes, so that borders meet in every font.
public enum SVGGlyph: Sendable {
  /// Lines from the middle of the cell to its sides: 0 none, 1 light, 2 heavy.
  public struct Arms: Hashable, Sendable {
    package var up = 0, right = 0, down = 0, left = 0
    /// The number of dashes of each line; 1 for a solid one.
    public var dashes = 1
    /// Whether the lines meet in a curve.
    public var isRound = false
  }

  /// A block in a cell, in eighths of the cell.
  public struct Block: Hashable, Sendable {
    package var left = 0, top = 0, right = 8, bottom = 8
    /// The density of the ink, in quarters.
    public var quarters = 4
  }

  /// A small sign with a shape of its own.
  public enum Shape: Hashable, Sendable {
    case triangleRight(isSmall: Bool), triangleLeft(isSmall: Bool), triangleUp, triangleDown
    case disc, ring
  }

  case arms(Arms)
  case block(Block)
  case shape(Shape)

  package init?(_ glyph: String) {
    let scalars = glyph.unicodeScalars
    guard let scalar = scalars.first, scalars.count == 1, scalar.value >= 0x2500,
      scalar.value < 0x2600
    else { return nil }
    if let arms = Self.armsByGlyph[scalar] {
      self = .arms(arms)
    } else if let block = Self.block(scalar) {
      self = .block(block)
    } else if let shape = Self.shapes[scalar] {
      self = .shape(shape)
    } else {
      return nil
    }
  }

  private static let shapes: [Unicode.Scalar: Shape] = [
    "▶": .triangleRight(isSmall: false), "►": .triangleRight(isSmall: false),
    "▸": .triangleRight(isSmall: true), "◀": .triangleLeft(isSmall: false),
    "◄": .triangleLeft(isSmall: false), "◂": .triangleLeft(isSmall: true),
    "▲": .triangleUp, "▼": .triangleDown, "●": .disc, "○": .ring,
  ]

  private static func block(_ scalar: Unicode.Scalar) -> Block? {
    switch scalar.value {
    case 0x2580: Block(bottom: 4)
    case 0x2581...0x2588: Block(top: 8 - Int(scalar.value - 0x2580))
    case 0x2589...0x258F: Block(right: 8 - Int(scalar.value - 0x2588))
    case 0x2590: Block(left: 4)
    case 0x2591...0x2593: Block(quarters: Int(scalar.value - 0x2590))
    default: nil
    }
  }

  private static let armsByGlyph: [Unicode.Scalar: Arms] = [
    "─": Arms(right: 1, left: 1), "│": Arms(up: 1, down: 1),
    "┌": Arms(right: 1, down: 1), "┐": Arms(down: 1, left: 1),
    "└": Arms(up: 1, right: 1), "┘": Arms(up: 1, left: 1),
    "├": Arms(up: 1, right: 1, down: 1), "┤": Arms(up: 1, down: 1, left: 1),
    "┬": Arms(right: 1, down: 1, left: 1), "┴": Arms(up: 1, right: 1, left: 1),
    "┼": Arms(up: 1, right: 1, down: 1, left: 1),
    "━": Arms(right: 2, left: 2), "┃": Arms(up: 2, down: 2),
    "┏": Arms(right: 2, down: 2), "┓": Arms(down: 2, left: 2),
    "┗": Arms(up: 2, right: 2), "┛": Arms(up: 2, left: 2),
    "┣": Arms(up: 2, right: 2, down: 2), "┫": Arms(up: 2, down: 2, left: 2),
    "┳": Arms(right: 2, down: 2, left: 2), "┻": Arms(up: 2, right: 2, left: 2),
    "╋": Arms(up: 2, right: 2, down: 2, left: 2),
    "┿": Arms(up: 1, right: 2, down: 1, left: 2), "╂": Arms(up: 2, right: 1, down: 2, left: 1),
    "┝": Arms(up: 1, right: 2, down: 1), "┥": Arms(up: 1, down: 1, left: 2),
    "┠": Arms(up: 2, right: 1, down: 2), "┨": Arms(up: 2, down: 2, left: 1),
    "┯": Arms(right: 2, down: 1, left: 2), "┷": Arms(up: 1, right: 2, left: 2),
    "┰": Arms(right: 1, down: 2, left: 1), "┸": Arms(up: 2, right: 1, left: 1),
    "╴": Arms(left: 1), "╵": Arms(up: 1), "╶": Arms(right: 1), "╷": Arms(down: 1),
    "╸": Arms(left: 2), "╹": Arms(up: 2), "╺": Arms(right: 2), "╻": Arms(down: 2),
    "┄": Arms(right: 1, left: 1, dashes: 3), "┅": Arms(right: 2, left: 2, dashes: 3),
    "┈": Arms(right: 1, left: 1, dashes: 4), "┉": Arms(right: 2, left: 2, dashes: 4),
    "╌": Arms(right: 1, left: 1, dashes: 2), "╍": Arms(right: 2, left: 2, dashes: 2),
    "┆": Arms(up: 1, down: 1, dashes: 3), "┇": Arms(up: 2, down: 2, dashes: 3),
    "┊": Arms(up: 1, down: 1, dashes: 4), "┋": Arms(up: 2, down: 2, dashes: 4),
    "╎": Arms(up: 1, down: 1, dashes: 2), "╏": Arms(up: 2, down: 2, dashes: 2),
    "╭": Arms(right: 1, down: 1, isRound: true), "╮": Arms(down: 1, left: 1, isRound: true),
    "╰": Arms(up: 1, right: 1, isRound: true), "╯": Arms(up: 1, left: 1, isRound: true),
  ]
}
