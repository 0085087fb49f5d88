import OpenID

/// Columns and rows of a terminal.
public struct ScreenSize: Sendable, Hashable, CustomStringConvertible {
  /// Cells from left to right.
  public var columns: Int
  /// Cells from top to bottom.
  public var rows: Int

  /// Makes a size.
  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// `120x36`.
  public var description: String { "\(columns)x\(rows)" }
}

/// A rectangle of cells.
public struct Rect: Sendable, Hashable {
  /// The first column and row.
  public var column: Int, row: Int
  /// How many columns and rows.
  public var width: Int, height: Int

  /// Makes a rectangle.
  public init(column: Int, row: Int, width: Int, height: Int) {
    (self.column, self.row, self.width, self.height) = (column, row, width, height)
  }

  /// Whether the cell lies inside.
  public func contains(column: Int, row: Int) -> Bool {
    column >= self.column && column < self.column + width && row >= self.row
      && row < self.row + height
  }
}

/// Weight and lines of a cell, in addition to its colours.
public struct Emphasis: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: UInt8
  /// Makes a set from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Bold text.
  public static let bold = Emphasis(rawValue: 1)
  /// Underlined text.
  public static let underline = Emphasis(rawValue: 2)
  /// Foreground and background exchanged.
  public static let reverse = Emphasis(rawValue: 4)
}

/// One cell of the screen.
public struct Cell: Sendable, Hashable {
  /// One spacing scalar and its combining marks; empty for the right half of a wide glyph.
  public var glyph: String
  /// What the glyph means.
  public var role: Role
  /// The surface under the glyph.
  public var surface: Role
  /// Weight and lines.
  public var emphasis: Emphasis

  /// Makes a cell.
  public init(
    _ glyph: String = " ", role: Role = .text, surface: Role = .background,
    emphasis: Emphasis = []
  ) {
    (self.glyph, self.role, self.surface, self.emphasis) = (glyph, role, surface, emphasis)
  }
}

/// A grid of cells: the content of a screen, as a value that tests compare.
///
/// Nothing in it depends on a terminal, a locale or a clock. ncurses, text, SVG and golden files
/// are four outputs of the same frame.
public struct Frame: Sendable, Hashable {
  /// Its size.
  public let size: ScreenSize
  /// The cells, row by row.
  public private(set) var cells: [Cell]
  /// The position of the hardware cursor: on the focused element, for assistive tools.
  public var cursor: (column: Int, row: Int)? {
    get { cursorCell.map { ($0 % max(1, size.columns), $0 / max(1, size.columns)) } }
    set {
      cursorCell = newValue.flatMap {
        $0.column >= 0 && $0.column < size.columns && $0.row >= 0 && $0.row < size.rows
          ? $0.row * size.columns + $0.column : nil
      }
    }
  }
  /// Whether the cursor is visible, because text is being typed there.
  public var cursorIsVisible = false
  private var cursorCell: Int?

  /// Makes an empty frame.
  public init(size: ScreenSize) {
    self.size = size
    cells = Array(repeating: Cell(), count: max(0, size.columns) * max(0, size.rows))
  }

  /// The cell at a position; a blank outside the frame.
  public subscript(column: Int, row: Int) -> Cell {
    get { isInside(column, row) ? cells[row * size.columns + column] : Cell() }
    set { if isInside(column, row) { cells[row * size.columns + column] = newValue } }
  }

  private func isInside(_ column: Int, _ row: Int) -> Bool {
    column >= 0 && row >= 0 && column < size.columns && row < size.rows
  }

  /// Writes text from a position to the right, and returns the column after it.
  ///
  /// A glyph takes one or two cells. Text beyond `width` cells is left out; a wide glyph is never
  /// halved.
  @discardableResult
  public mutating func put(
    _ text: String, column: Int, row: Int, role: Role = .text, surface: Role = .background,
    emphasis: Emphasis = [], width: Int = .max
  ) -> Int {
    var here = column
    let end = width == .max ? size.columns : min(size.columns, column + width)
    for glyph in CellWidth.glyphs(of: text) {
      guard here + glyph.width <= end else { break }
      self[here, row] = Cell(glyph.text, role: role, surface: surface, emphasis: emphasis)
      if glyph.width == 2 {
        self[here + 1, row] = Cell("", role: role, surface: surface, emphasis: emphasis)
      }
      here += glyph.width
    }
    return here
  }

  /// Fills a rectangle with blanks on a surface.
  public mutating func fill(_ rect: Rect, surface: Role) {
    for row in rect.row..<max(rect.row, rect.row + rect.height) {
      for column in rect.column..<max(rect.column, rect.column + rect.width) {
        self[column, row] = Cell(" ", surface: surface)
      }
    }
  }

  /// The rows as text, without blanks at their ends.
  public var lines: [String] {
    (0..<size.rows).map { row in
      var line = ""
      for column in 0..<size.columns { line += self[column, row].glyph }
      return line.trimmingBlanksAtEnd
    }
  }

  /// The cells that differ from another frame of the same size; all of them without one.
  public func changes(since last: Frame?) -> [FrameChange] {
    var changes: [FrameChange] = []
    for row in 0..<size.rows {
      let base = row * size.columns
      for column in 0..<size.columns {
        let cell = cells[base + column]
        if let last, last.size == size, last.cells[base + column] == cell { continue }
        changes.append(FrameChange(column: column, row: row, cell: cell))
      }
    }
    return changes
  }
}

/// A changed cell.
public struct FrameChange: Sendable, Hashable {
  /// The position.
  public var column: Int, row: Int
  /// The new cell.
  public var cell: Cell
}
