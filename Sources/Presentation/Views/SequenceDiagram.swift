import HybridFlow
import OpenID
import TextUI

/// The sequence diagram with four fixed lanes: names pinned, the current message at two thirds.
struct SequenceDiagram {
  let arrows: [SequenceArrow]
  let content: Rect
  let shown: Stage
  /// The arrow with heavy lines; nil if nothing has happened up to the shown stage.
  let current: Int?
  /// The arrow that Enter opens: the marked one, or the current one.
  let selected: Int?
  let rowsPerArrow: Int
  /// The first visible row below the names.
  let top: Int
  let lastTop: Int

  init(_ model: ExplorerModel, _ content: Rect) {
    let limit = model.modes.hidesFuture ? model.shownStage : .data
    let all = SequenceArrow.all(
      in: model.seenTranscript, concealing: model.modes.verdictAsked,
      concealsAll: model.coversVerdicts
    ).filter { $0.stage <= limit }
    arrows = all
    self.content = content
    shown = model.shownStage
    let upToNow = arrows.lastIndex { $0.stage <= model.shownStage }
    // A message is preferred to the checks after it, an incoming message to our own redirect, and
    // the API's response to that of userinfo.
    func last(_ counts: (Actor) -> Bool) -> Int? {
      all.lastIndex { arrow in
        guard arrow.stage == model.shownStage, case .message(let from, _) = arrow.kind else {
          return false
        }
        return counts(from)
      }
    }
    let message =
      switch model.shownStage {
      case .callback: last { $0 != .application } ?? last { _ in true }
      case .data: last { $0 == .api } ?? last { _ in true }
      default: last { _ in true }
      }
    current = message ?? upToNow
    let position = model.scrolls[
      ScrollKey(pane: .sequence, stage: model.shownStage, view: .wire)]
    let count = arrows.count
    selected =
      position?.selected.flatMap { Int($0) }.flatMap { (0..<count).contains($0) ? $0 : nil }
      ?? current
    let height = max(1, content.height - 1)
    rowsPerArrow = arrows.count * 3 < height ? 3 : 2
    let total = arrows.count * rowsPerArrow
    lastTop = max(0, total - height)
    if let position {
      top = min(lastTop, position.block)
    } else {
      let row = (upToNow ?? 0) * rowsPerArrow
      let wanted = max(0, row + rowsPerArrow - max(rowsPerArrow, height * 2 / 3 + 1))
      let aligned = (wanted + rowsPerArrow - 1) / rowsPerArrow * rowsPerArrow
      let followed = min(aligned, (lastTop + rowsPerArrow - 1) / rowsPerArrow * rowsPerArrow)
      // The current message is visible even in a low pane.
      top = min(followed, (current ?? 0) * rowsPerArrow)
    }
  }

  /// The columns of the four lifelines.
  var lanes: [Actor: Int] {
    let first = content.column + min(8, max(2, content.width / 8))
    let last = content.column + content.width - 1 - min(8, max(2, content.width / 8))
    let span = max(3, last - first)
    return Dictionary(
      uniqueKeysWithValues: Actor.allCases.enumerated().map { index, actor in
        (actor, first + span * index / 3)
      })
  }

  func paint(_ painter: inout Painter) {
    guard content.height > 0 else { return }
    let lanes = lanes
    for (actor, lane) in lanes {
      let name = actor.title
      let isActing = acts(actor)
      painter.frame.put(
        name, column: lane - name.count / 2, row: content.row,
        role: isActing ? .textStrong : .sequenceActor, emphasis: isActing ? .bold : [])
      for row in 1..<max(1, content.height) {
        painter.frame.put(
          "\u{2502}", column: lane, row: content.row + row,
          role: .sequenceLifeline)
      }
    }
    for (index, arrow) in arrows.enumerated() {
      let row = index * rowsPerArrow - top + (rowsPerArrow == 3 ? 1 : 0)
      guard row >= 0, row + 1 < content.height - 1 else { continue }
      paint(arrow, index, row: content.row + 1 + row, lanes, &painter)
    }
  }

  /// Draws the stage of an arrow at the left edge, apart from the label.
  private func paintGutter(
    _ arrow: SequenceArrow, row: Int, role: Role, _ weight: Emphasis, _ painter: inout Painter
  ) {
    let number = arrow.stage.number
    painter.frame.put(
      number < 10 ? " \(number)" : "\(number)", column: content.column + 1, row: row, role: role,
      emphasis: weight)
  }

  private func acts(_ actor: Actor) -> Bool {
    guard let current, arrows[current].stage == shown else { return false }
    switch arrows[current].kind {
    case .message(let from, let to): return actor == from || actor == to
    case .local(let one): return actor == one
    }
  }

  private func paint(
    _ arrow: SequenceArrow, _ index: Int, row: Int, _ lanes: [Actor: Int],
    _ painter: inout Painter
  ) {
    let isCurrent = index == current && arrow.stage == shown
    let isLater = arrow.stage > shown
    let lineRole: Role =
      isCurrent
      ? .sequenceArrowCurrent
      : isLater
        ? .sequenceArrowDim : arrow.channel == .back ? .sequenceBack : .sequenceFront
    let labelRole: Role =
      isCurrent
      ? .sequenceArrowCurrent
      : isLater ? .sequenceArrowDim : arrow.stage == shown ? .textStrong : .text
    let weight: Emphasis = isCurrent ? .bold : []
    painter.hits.append(
      (
        Rect(column: content.column, row: row, width: content.width, height: 2),
        .arrow(arrow)
      ))
    paintGutter(
      arrow, row: row, role: isCurrent ? .sequenceArrowCurrent : .textMuted, weight, &painter)
    if index == selected, painter.isFocused(.sequence) {
      painter.frame.put(
        "\u{25B8}", column: content.column, row: row, role: .borderFocus, emphasis: .bold)
      painter.frame.cursor = (content.column, row)
    }
    switch arrow.kind {
    case .message(let from, let to):
      guard let start = lanes[from], let end = lanes[to], start != end else { return }
      let (left, right) = (min(start, end), max(start, end))
      let label = arrow.label(fitting: right - left - 3)
      let width = CellWidth.width(of: label)
      painter.frame.put(
        " \(label) ", column: left + (right - left + 1 - width) / 2 - 1, row: row,
        role: labelRole, emphasis: weight)
      if label == arrow.label {
        painter.markPlaces(
          index, of: .sequence, column: left + (right - left + 1 - width) / 2, screenRow: row,
          width: width)
      }
      let stroke =
        arrow.channel == .back
        ? (isCurrent ? "\u{2505}" : "\u{2504}") : (isCurrent ? "\u{2501}" : "\u{2500}")
      let crossed = Set(lanes.values)
      for column in (left + 1)..<right {
        let glyph = crossed.contains(column) ? "\u{253C}" : stroke
        painter.frame.put(glyph, column: column, row: row + 1, role: lineRole, emphasis: weight)
      }
      painter.frame.put(
        end > start ? "\u{25B6}" : "\u{25C0}", column: end > start ? right - 1 : left + 1,
        row: row + 1, role: lineRole, emphasis: weight)
    case .local(let actor):
      guard let lane = lanes[actor] else { return }
      painter.frame.put("\u{251C}\u{254C}\u{256E}", column: lane, row: row, role: lineRole)
      painter.frame.put("\u{251C}\u{254C}\u{256F}", column: lane, row: row + 1, role: lineRole)
      let room = content.column + content.width - lane - 5
      painter.frame.put(
        " " + TextFitting.fit(arrow.label, room) + " ", column: lane + 3, row: row,
        role: labelRole, emphasis: weight)
      painter.markPlaces(index, of: .sequence, column: lane + 4, screenRow: row, width: room)
    }
  }
}
