import TextUI

/// A box over the panes with rows of text.
struct ListBox {
  var title: String
  var lines: [Line]
  var top = 0
  /// The marked rows.
  var selected: Range<Int>?
  /// The item of a row, for the mouse.
  var item: (Int) -> Int? = { _ in nil }
  var rect: Rect

  /// The number of visible rows.
  var page: Int { max(0, rect.height - 2) }

  /// Makes a box in the middle of the screen; `make` lays out its rows for the width.
  init(_ title: String, size: ScreenSize, columnsMax: Int = 84, lines make: (Int) -> [Line]) {
    let width = max(4, min(columnsMax, size.columns - 4))
    lines = make(max(1, width - 6))
    let height = max(3, min(lines.count + 2, size.rows - 2))
    self.title = title
    rect = Rect(
      column: max(0, (size.columns - width) / 2), row: max(0, (size.rows - height) / 2),
      width: width, height: height)
  }

  /// Scrolls to the marked rows.
  mutating func reveal(_ rows: Range<Int>) {
    selected = rows
    top = max(0, min(rows.lowerBound - page / 3, lines.count - page))
    if rows.lowerBound < page / 3 { top = 0 }
  }

  func paint(_ painter: inout Painter) {
    painter.frame.fill(rect, surface: .overlay)
    painter.box(rect, isFocused: true, surface: .overlay)
    painter.frame.put(
      " \(TextFitting.fit(title, rect.width - 6)) ", column: rect.column + 2, row: rect.row,
      role: .borderFocus, surface: .overlay, emphasis: .bold)
    painter.frame.cursor = (rect.column + 2, rect.row + 1)
    painter.frame.cursorIsVisible = false
    let first = max(0, min(top, lines.count - page))
    for offset in 0..<page where first + offset < lines.count {
      paint(row: first + offset, at: rect.row + 1 + offset, &painter)
    }
    if lines.count > page {
      let text = " \(first + 1)\u{2013}\(min(lines.count, first + page)) of \(lines.count) "
      painter.frame.put(
        text, column: rect.column + rect.width - 2 - CellWidth.width(of: text), row: rect.row,
        role: .textMuted, surface: .overlay)
    }
  }

  private func paint(row index: Int, at row: Int, _ painter: inout Painter) {
    let line = lines[index]
    let inside = Rect(column: rect.column + 1, row: row, width: rect.width - 2, height: 1)
    let isSelected = selected?.contains(index) == true
    let surface: Role = isSelected ? .selection : .overlay
    if isSelected {
      painter.frame.fill(inside, surface: .selection)
      if index == selected?.lowerBound {
        painter.frame.put(
          "\u{25B8}", column: inside.column + 1, row: row, role: .borderFocus, surface: surface,
          emphasis: .bold)
        painter.frame.cursor = (inside.column + 1, row)
      }
    }
    // The marked row uses the plain text colour: other roles may be unreadable on its background.
    let spans = line.spans.map {
      isSelected ? Span($0.text, .text, $0.emphasis.union(.bold), on: .selection) : $0
    }
    painter.put(
      spans, column: inside.column + 3, row: row, surface: surface, width: inside.width - 4)
    if let item = item(index) { painter.hits.append((inside, .item(item))) }
  }
}
