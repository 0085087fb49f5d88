import HybridFlow
import OpenID
import TextUI

/// Draws a model on a frame, and remembers the positions for the mouse.
struct Painter {
  /// The effect of a click.
  enum Hit: Equatable {
    case stage(Stage)
    case view(DetailView)
    case command(KeyCommand)
    case line(Target)
    case arrow(SequenceArrow)
    /// A row of an overlay.
    case item(Int)
    /// Covered: a click has no effect.
    case nothing
  }

  let model: ExplorerModel
  let layout: Layout
  var frame: Frame
  var hits: [(rect: Rect, hit: Hit)] = []
  /// The places of search matches in the focused pane.
  let places: [SearchPlace]
  /// What the followed value lights up; nil when none is followed.
  let followed: FollowedMarks?

  init(_ model: ExplorerModel, _ layout: Layout) {
    self.model = model
    self.layout = layout
    frame = Frame(size: layout.size)
    places = layout.layoutClass == .tooSmall ? [] : model.searchPlaces(layout)
    followed = layout.layoutClass == .tooSmall ? nil : FollowedMarks(model, layout)
  }

  /// The topmost target at a position.
  func hit(column: Int, row: Int) -> Hit? {
    hits.last { $0.rect.contains(column: column, row: row) }?.hit
  }

  mutating func paint() {
    defer { model.glyphs.applied(to: &frame) }
    guard layout.layoutClass != .tooSmall else { return paintTooSmall() }
    paintHeader()
    if let strip = layout.strip { paintStrip(strip) }
    for pane in [Pane.stages, .sequence, .detail, .explain] {
      guard let rect = layout.panes[pane] else { continue }
      switch pane {
      case .stages: paintRail(rect)
      case .sequence: paintSequence(rect)
      case .detail: paintDetail(rect)
      case .explain: paintExplain(rect)
      }
    }
    if let status = layout.status { paintStatus(status) }
    paintFollowLine()
    paintFooter()
    paintWorkshopAnswer()
    for overlay in model.overlays.seen { overlay.paint(&self) }
  }

  private mutating func paintTooSmall() {
    let size = layout.size
    let lines = [
      "needs \(Layout.minimum.columns) x \(Layout.minimum.rows)",
      "now \(size.columns) x \(size.rows)", "q quits",
    ]
    let top = max(0, (size.rows - lines.count) / 2)
    for (index, line) in lines.enumerated() where top + index < size.rows {
      let text = TextFitting.fit(line, size.columns)
      frame.put(
        text, column: max(0, (size.columns - CellWidth.width(of: text)) / 2), row: top + index,
        role: index == 0 ? .textStrong : .textMuted)
    }
  }

  /// Writes spans at a column, and returns the column after them.
  @discardableResult
  mutating func put(
    _ spans: [Span], column: Int, row: Int, surface: Role = .background, width: Int = .max
  ) -> Int {
    var here = column
    let end = width == .max ? Int.max : column + width
    for span in spans {
      let left = end == Int.max ? Int.max : end - here
      guard left > 0 else { break }
      here = frame.put(
        span.text, column: here, row: row, role: span.role, surface: span.surface ?? surface,
        emphasis: span.emphasis, width: left)
    }
    return here
  }

  /// Draws a box; with heavy lines when it has the focus.
  mutating func box(_ rect: Rect, isFocused: Bool, surface: Role = .background) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    if surface == .overlay { clearMargins(of: rect) }
    let role: Role = isFocused ? .borderFocus : .border
    let (horizontal, vertical) = isFocused ? ("\u{2501}", "\u{2503}") : ("\u{2500}", "\u{2502}")
    let corners =
      isFocused
      ? ["\u{250F}", "\u{2513}", "\u{2517}", "\u{251B}"]
      : ["\u{250C}", "\u{2510}", "\u{2514}", "\u{2518}"]
    let (right, bottom) = (rect.column + rect.width - 1, rect.row + rect.height - 1)
    for column in (rect.column + 1)..<right {
      frame.put(horizontal, column: column, row: rect.row, role: role, surface: surface)
      frame.put(horizontal, column: column, row: bottom, role: role, surface: surface)
    }
    for row in (rect.row + 1)..<bottom {
      frame.put(vertical, column: rect.column, row: row, role: role, surface: surface)
      frame.put(vertical, column: right, row: row, role: role, surface: surface)
    }
    frame.put(corners[0], column: rect.column, row: rect.row, role: role, surface: surface)
    frame.put(corners[1], column: right, row: rect.row, role: role, surface: surface)
    frame.put(corners[2], column: rect.column, row: bottom, role: role, surface: surface)
    frame.put(corners[3], column: right, row: bottom, role: role, surface: surface)
  }

  /// The narrowest margin at which the content beneath a box is still readable.
  private static let leastMargin = 4

  /// Clears the margins of a box that covers nearly the whole width.
  private mutating func clearMargins(of rect: Rect) {
    let right = rect.column + rect.width
    let margins = [(0, rect.column), (right, frame.size.columns - right)]
    for (column, width) in margins where (1...Self.leastMargin).contains(width) {
      frame.fill(
        Rect(column: column, row: rect.row, width: width, height: rect.height),
        surface: .background)
    }
  }

  func isFocused(_ pane: Pane) -> Bool { model.focus == pane && !model.isCovered }

  mutating func paneTitle(_ text: String, _ rect: Rect, isFocused: Bool) {
    frame.put(
      " \(TextFitting.fit(text, rect.width - 6)) ", column: rect.column + 2, row: rect.row,
      role: isFocused ? .borderFocus : .title, emphasis: isFocused ? .bold : [])
  }

  private mutating func paintSequence(_ rect: Rect) {
    guard let content = layout.content(of: .sequence), content.width > 8 else { return }
    let focused = isFocused(.sequence)
    if layout.sequenceIsBand {
      for column in 0..<rect.width {
        frame.put(
          focused ? "\u{2501}" : "\u{2500}", column: rect.column + column, row: rect.row,
          role: focused ? .borderFocus : .border)
      }
      paneTitle(Pane.sequence.title, rect, isFocused: focused)
    } else {
      box(rect, isFocused: focused)
      paneTitle(Pane.sequence.title, rect, isFocused: focused)
    }
    let legend = [
      Span(" front ", .textMuted), Span("\u{2500}\u{2500}", .sequenceFront),
      Span("  back ", .textMuted), Span("\u{2504}\u{2504} ", .sequenceBack),
    ]
    if rect.width > legend.width + 20 {
      put(legend, column: rect.column + rect.width - legend.width - 2, row: rect.row)
    }
    let diagram = SequenceDiagram(model, content)
    diagram.paint(&self)
    if focused, frame.cursor == nil { frame.cursor = (content.column, content.row) }
  }

  private mutating func paintExplain(_ rect: Rect) {
    box(rect, isFocused: isFocused(.explain))
    paneTitle(Pane.explain.title, rect, isFocused: isFocused(.explain))
    paintLines(of: .explain, rect)
  }

  private mutating func paintDetail(_ rect: Rect) {
    let focused = isFocused(.detail)
    box(rect, isFocused: focused)
    let after = paintTabs(rect, isFocused: focused)
    paintLines(of: .detail, rect, after: after)
  }

  /// Draws the rows of a document at its scroll position.
  private mutating func paintLines(of pane: Pane, _ rect: Rect, after: Int = 0) {
    guard let content = layout.content(of: pane), content.width > 1 else { return }
    let lines = model.lines(of: pane, layout)
    let top = model.top(of: pane, lines, height: content.height, layout)
    let bottom = min(lines.count, top + content.height)
    let selected =
      pane == .detail
      ? model.selectedLine(lines, top: top, height: content.height, layout) : nil
    for index in top..<max(top, bottom) {
      paint(
        lines[index], in: content, row: content.row + index - top,
        isSelected: index == selected && isFocused(pane))
      if pane == .detail { light(lines[index], in: content, row: content.row + index - top) }
      markPlaces(
        index, of: pane, column: content.column + 1, screenRow: content.row + index - top,
        width: content.width - 1)
    }
    if isFocused(pane), frame.cursor == nil { frame.cursor = (content.column, content.row) }
    if lines.count > content.height {
      let text = " \(top + 1)\u{2013}\(bottom) of \(lines.count) "
      let column = rect.column + rect.width - 2 - CellWidth.width(of: text)
      // Beside many names of views there is no room: then it stands in the lower edge.
      let isLow = column <= after && pane == .detail
      if column > after || isLow {
        frame.put(
          text, column: column, row: isLow ? rect.row + rect.height - 1 : rect.row,
          role: .textMuted)
      }
    }
  }

  private mutating func paint(_ line: Line, in content: Rect, row: Int, isSelected: Bool) {
    let isForm = line.target.map { Reader.formIndex($0.id) != nil } ?? false
    if isSelected, !isForm {
      frame.put("\u{25B8}", column: content.column, row: row, role: .borderFocus, emphasis: .bold)
      frame.cursor = (content.column, row)
    }
    let width = content.width - 1
    let noteWidth = line.note.width
    put(line.spans, column: content.column + 1, row: row, width: width)
    if noteWidth > 0, line.spans.width + noteWidth + 1 <= width {
      put(line.note, column: content.column + content.width - noteWidth, row: row)
    }
    guard let target = line.target else { return }
    hits.append(
      (
        Rect(column: content.column, row: row, width: content.width, height: 1), .line(target)
      ))
    if let index = Reader.formIndex(target.id), model.isTyping, let form = model.form,
      index == form.focus
    {
      let start = content.column + 1 + (line.spans.first?.width ?? 0)
      let isText = form.focused?.isText == true
      let caret = isText ? min(form.caret, Reader.boxWidth - 1) : 0
      frame.cursor = (start + caret, row)
      frame.cursorIsVisible = isText
    }
  }

  /// Draws the tabs of the views; returns the column after them.
  private mutating func paintTabs(_ rect: Rect, isFocused: Bool) -> Int {
    let shown = model.shownView(layout)
    let room = rect.width - 4
    var tabs = model.views(layout).map { ($0, tab($0, shown, isFocused, withCounts: true)) }
    func width() -> Int { tabs.reduce(0) { $0 + $1.1.width + 1 } - 1 }
    if width() > room {
      tabs = tabs.map { ($0.0, tab($0.0, shown, isFocused, withCounts: false)) }
    }
    // The shown tab stays; the others can still be reached by key.
    while width() > room, tabs.count > 1 {
      if tabs.last?.0 == shown { tabs.removeFirst() } else { tabs.removeLast() }
    }
    var column = rect.column + 2
    for (view, spans) in tabs {
      put(spans, column: column, row: rect.row)
      hits.append(
        (Rect(column: column, row: rect.row, width: spans.width, height: 1), .view(view)))
      column += spans.width + 1
    }
    return column
  }

  private func tab(
    _ view: DetailView, _ shown: DetailView, _ isFocused: Bool, withCounts: Bool
  ) -> [Span] {
    let isShown = view == shown
    let isEmpty = model.isEmpty(view)
    var spans = [
      Span(
        view.title,
        isEmpty ? .textMuted : isShown ? (isFocused ? .borderFocus : .title) : .text,
        isShown ? .bold : [])
    ]
    spans += view.badge?(model, withCounts) ?? []
    spans = [Span(" ")] + spans + [Span(" ")]
    guard isShown else { return spans }
    return spans.map { Span($0.text, $0.role, $0.emphasis, on: .selection) }
  }
}
