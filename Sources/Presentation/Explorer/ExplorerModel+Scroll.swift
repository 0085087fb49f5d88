import HybridFlow
import OpenID
import TextUI

extension ExplorerModel {
  /// The layout at the last key or frame.
  var layout: Layout { Layout(size: size, focus: focus, isZoomed: isZoomed) }

  /// The key of a pane's scroll position.
  func scrollKey(_ pane: Pane, _ layout: Layout) -> ScrollKey {
    ScrollKey(
      pane: pane, stage: shownStage, view: pane == .detail ? shownView(layout) : .explain)
  }

  /// The rows of a pane, laid out for its width.
  func lines(of pane: Pane, _ layout: Layout) -> [Line] {
    lines(of: pane, pane == .explain ? .explain : shownView(layout), layout)
  }

  /// The rows of a view in a pane, even if it is not shown there.
  func lines(of pane: Pane, _ view: DetailView, _ layout: Layout) -> [Line] {
    guard let content = layout.content(of: pane) else { return [] }
    // One column is reserved for the marker.
    let width = max(1, content.width - 1)
    var key = DocumentKey(
      pane: pane, stage: shownStage, view: view, width: width, reveals: revealsSecrets,
      zoomed: isZoomed, toggled: toggled, presents: modes.presenter != nil,
      // In a low pane blank rows cost more than they help.
      spaced: modes.presenter != nil
        && content.height >= (view == .story ? Self.spacedStoryRows : Self.spacedRows), second: 0)
    if case .browserAway = situation, situation.stage == shownStage { key.second = now.seconds }
    if codeClock != nil, shownStage == .callback { key.second = now.seconds }
    if view.changes == .withTime { key.second = now.seconds }
    if view.changes == .withKeys { return Reader(self).document(view).laid(width) }
    return memo.lines(stamp, key) {
      let lines = Reader(self).document(view).laid(width)
      return key.spaced ? lines.spaced : lines
    }
  }

  /// The fewest rows of a pane that has blank rows between blocks.
  private static let spacedRows = 16
  /// The same for a story: it is seen whole, or not spaced.
  private static let spacedStoryRows = 30

  /// The first visible row of a pane.
  func top(of pane: Pane, _ lines: [Line], height: Int, _ layout: Layout) -> Int {
    let last = max(0, lines.count - height)
    if pane == .detail, shownView(layout) == .page, isTyping, let form {
      let id = Reader.formTarget(form.focus)
      let focused = lines.firstIndex { $0.target?.id == id } ?? 0
      return min(last, max(0, focused - height + 4))
    }
    guard let position = scrolls[scrollKey(pane, layout)], position.isPlaced else {
      return pane == .detail ? min(last, openingRow(lines, height)) : 0
    }
    let found = lines.firstIndex { ($0.block, $0.row) >= (position.block, position.row) }
    return min(last, found ?? last)
  }

  /// The row at which a view opens: a response that was waited for is at the top, other content is
  /// only made visible.
  private func openingRow(_ lines: [Line], _ height: Int) -> Int {
    guard let row = lines.firstIndex(where: \.isOpening) else { return 0 }
    return modes.presenter == nil && row + Self.openingRows <= height ? 0 : row
  }

  /// How many rows must be visible where a view opens.
  private static let openingRows = 6

  /// The marked row of the detail pane, if it is visible.
  func selectedLine(_ lines: [Line], top: Int, height: Int, _ layout: Layout) -> Int? {
    let seen = top..<min(lines.count, top + max(0, height))
    if let id = scrolls[scrollKey(.detail, layout)]?.selected,
      let index = seen.first(where: { lines[$0].target?.id == id })
    {
      return index
    }
    return seen.first { lines[$0].target != nil }
  }

  /// The target that Enter opens now.
  var selectedTarget: Target? {
    let layout = layout
    guard let content = layout.content(of: .detail) else { return nil }
    let lines = lines(of: .detail, layout)
    let top = top(of: .detail, lines, height: content.height, layout)
    return selectedLine(lines, top: top, height: content.height, layout).flatMap {
      lines[$0].target
    }
  }

  var isWaitingForBrowser: Bool {
    if case .browserAway = situation { true } else { false }
  }

  mutating func scroll(_ movement: Movement, _ layout: Layout) {
    switch focus {
    case .stages:
      switch movement {
      case .up: look(at: shownStage.previous)
      case .down: look(at: shownStage.next)
      case .top, .pageUp: look(at: .login)
      case .bottom, .pageDown: look(at: .data)
      }
    case .sequence: moveArrow(movement, layout)
    case .detail, .explain: scrollLines(movement, focus, layout)
    }
  }

  private mutating func scrollLines(_ movement: Movement, _ pane: Pane, _ layout: Layout) {
    guard let content = layout.content(of: pane) else { return }
    let lines = lines(of: pane, layout)
    let height = max(1, content.height)
    let last = max(0, lines.count - height)
    let top = top(of: pane, lines, height: height, layout)
    if pane == .detail, movement == .down || movement == .up,
      moveSelection(down: movement == .down, lines, top: top, height: height, layout)
    {
      return
    }
    place(
      top: movement.from(top, page: max(1, height - 1), last: last), pane, lines, layout)
    guard pane == .detail, movement == .down || movement == .up else { return }
    // Below the last row there may still be a target.
    let now = self.top(of: pane, lines, height: height, layout)
    let seen = now..<min(lines.count, now + height)
    let edge = movement == .down ? seen.last : seen.first
    if let edge, let target = lines[edge].target { select(target.id, layout) }
  }

  /// Moves the marker to the next visible target; false if there is none.
  private mutating func moveSelection(
    down: Bool, _ lines: [Line], top: Int, height: Int, _ layout: Layout
  ) -> Bool {
    let seen = top..<min(lines.count, top + height)
    guard let here = selectedLine(lines, top: top, height: height, layout) else { return false }
    let next =
      down
      ? seen.first { $0 > here && lines[$0].target != nil }
      : seen.last { $0 < here && lines[$0].target != nil }
    guard let next, let id = lines[next].target?.id else { return false }
    place(top: top, .detail, lines, layout)
    select(id, layout)
    return true
  }

  mutating func select(_ id: String, _ layout: Layout) {
    // The marker moves in the visible rows, so they must not scroll.
    if let content = layout.content(of: .detail) {
      let lines = lines(of: .detail, layout)
      place(top: top(of: .detail, lines, height: content.height, layout), .detail, lines, layout)
    }
    scrolls[scrollKey(.detail, layout), default: ScrollPosition()].selected = id
  }

  mutating func place(top: Int, _ pane: Pane, _ lines: [Line], _ layout: Layout) {
    guard lines.indices.contains(top) else { return }
    let key = scrollKey(pane, layout)
    var position = scrolls[key] ?? ScrollPosition()
    position.block = lines[top].block
    position.row = lines[top].row
    position.isPlaced = true
    scrolls[key] = position
  }

  /// Scrolls a pane by rows, even without focus; for the wheel.
  mutating func scroll(_ pane: Pane, by rows: Int, _ layout: Layout) {
    switch pane {
    case .stages: look(at: rows < 0 ? shownStage.previous : shownStage.next)
    case .sequence:
      guard let content = layout.content(of: .sequence) else { return }
      let diagram = SequenceDiagram(self, content)
      let key = ScrollKey(pane: .sequence, stage: shownStage, view: .wire)
      scrolls[key, default: ScrollPosition()].block =
        max(0, min(diagram.lastTop, diagram.top + rows))
    case .detail, .explain:
      guard let content = layout.content(of: pane) else { return }
      let lines = lines(of: pane, layout)
      let last = max(0, lines.count - content.height)
      let top = top(of: pane, lines, height: content.height, layout)
      place(top: max(0, min(last, top + rows)), pane, lines, layout)
    }
  }

  mutating func open(_ layout: Layout) -> [ExplorerAction] {
    switch focus {
    case .stages: focus = .detail
    case .sequence: openArrow(layout)
    case .explain: break
    case .detail:
      if view == .page, form != nil, looking == nil {
        isTyping = true
      } else if let target = selectedTarget {
        select(target.id, layout)
        if let actions = request(at: target) { return actions }
        if answers(target) { return [] }
        openInSight(target.id, layout)
      }
    }
    return []
  }

  /// Opens or closes a target; new rows are scrolled into view, and the target stays visible if
  /// possible.
  mutating func openInSight(_ id: String, _ layout: Layout) {
    let before = lines(of: .detail, layout)
    toggle(id)
    guard let height = layout.content(of: .detail)?.height else { return }
    let after = lines(of: .detail, layout)
    let added = after.count - before.count
    guard added > 0, let row = after.firstIndex(where: { $0.target?.id == id }) else { return }
    let first = after.indices.first {
      $0 >= row && (!before.indices.contains($0) || before[$0].text != after[$0].text)
    }
    let begin = first ?? row
    let top = top(of: .detail, after, height: height, layout)
    guard begin + added > top + height else { return }
    // The target stays visible as long as the first new rows are visible below it.
    let wanted = max(min(row, begin + added - height), begin + 3 - height)
    place(top: min(max(top, wanted), max(0, after.count - height)), .detail, after, layout)
  }

  mutating func toggle(_ id: String) {
    if toggled.remove(id) == nil { toggled.insert(id) }
  }

  mutating func handleMouse(
    _ action: MouseAction, column: Int, row: Int, _ layout: Layout
  ) -> [ExplorerAction] {
    if isCovered { return clickOverlay(action, column: column, row: row, layout) }
    let under = layout.panes.first { $0.value.contains(column: column, row: row) }?.key
    switch action {
    case .wheelDown:
      if let under { scroll(under, by: under == .stages ? 1 : 3, layout) }
      return []
    case .wheelUp:
      if let under { scroll(under, by: under == .stages ? -1 : -3, layout) }
      return []
    case .press: break
    }
    var painter = Painter(self, layout)
    painter.paint()
    if let under { focus = under }
    switch painter.hit(column: column, row: row) {
    case nil, .item, .nothing: return []
    case .arrow(let arrow): open(arrow: arrow, layout)
    case .stage(let stage): look(at: stage)
    case .view(let view): show(view)
    case .command(let command): return perform(command, layout)
    case .line(let target):
      if let index = Reader.formIndex(target.id) {
        isTyping = true
        form?.move(to: index)
        if form?.focused?.isText == false { return perform(.pane(.toggleBox), layout) }
      } else {
        select(target.id, layout)
        if let actions = request(at: target) { return actions }
        if answers(target) { return [] }
        openInSight(target.id, self.layout)
      }
    }
    return []
  }
}
