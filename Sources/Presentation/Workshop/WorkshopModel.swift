import HybridFlow
import OpenID
import TextUI

/// What the model asks the controller to do with a workshop.
public enum WorkshopOrder: Sendable, Equatable {
  /// Begin the built-in one, or end the one that is given.
  case toggle
  /// One step on, or back.
  case step(Int)
  /// Stop the clock, or let it go on.
  case pause
}

// A workshop on the screen: two keys are enough.
extension ExplorerModel {
  /// The workshop that is given.
  public var workshop: WorkshopState? { modes.workshop }

  /// Shows a workshop at its step; nil ends it.
  ///
  /// Secrets stay masked, the diagram ends at the stage, and no other question is asked.
  public mutating func show(workshop: WorkshopState?) {
    let isNew = modes.workshop == nil
    modes.workshop = workshop
    overlays.removeAll { $0 is WorkshopCard }
    stamp = Stamp()
    guard let workshop else {
      modes.hidesFuture = modes.presenter?.hidFuture ?? false
      modes.presenter = nil
      return
    }
    if isNew {
      let hidFuture = modes.presenter?.hidFuture ?? modes.hidesFuture
      modes.presenter = Presenter(revealed: Set(Stage.allCases), hidFuture: hidFuture)
      modes.hidesFuture = true
      revealsSecrets = false
      modes.play = nil
    }
    if workshop.step.kind == .question {
      overlays.removeAll { _ in true }
      overlays.push(WorkshopCard())
    }
  }

  /// Turns to what a step shows; the run has come far enough.
  public mutating func arrive(at step: WorkshopStep, stage: Stage) {
    isZoomed = false
    isTyping = false
    focus = .detail
    switch step.kind {
    case .question: return
    case .puzzle:
      looking = nil
      view = .wire
      let isCaught = transcript[stage].checks.contains {
        $0.verdict == .fail || $0.verdict == .warn
      }
      if isCaught { modes.verdictAsked = stage }
      // The question stands above the message, and must be in sight.
      scrolls[ScrollKey(pane: .detail, stage: stage, view: .wire)] = ScrollPosition(isPlaced: true)
    case .verdict:
      modes.verdictAsked = nil
      turn(toFailureIn: stage)
      look(at: stage)
      if transcript[stage].checks.contains(where: { $0.verdict != .pass && $0.verdict != .skip }) {
        view = .checks
      }
      if let record = transcript.afterwards.last?.record, record.failure != nil { view = .after }
    case .end:
      modes.verdictAsked = nil
      turn(toFailureIn: newestStage)
    case .view(let place):
      modes.verdictAsked = nil
      look(at: place.stage)
      view = place.view
      isTyping = false
      scrolls[ScrollKey(pane: .detail, stage: place.stage, view: place.view)] = nil
    }
    stamp = Stamp()
  }

  /// The clock at the right end of the last row.
  var workshopClock: [Span] {
    guard let workshop = modes.workshop else { return [] }
    let number = "\(workshop.step.entry + 1)/\(workshop.workshop.entries.count)  "
    return [Span(number, .footerKey), Span(workshop.clockText(at: now), .textMuted)]
  }
}

/// The question of an entry, alone on the screen.
struct WorkshopCard: Overlay {
  var context: KeyContext { .workshopCard }

  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome { .stays() }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome { .notMine }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome {
    .stays([.workshop(.step(1))])
  }

  func paint(_ painter: inout Painter) {
    guard let workshop = painter.model.workshop else { return }
    let size = painter.layout.size
    let area = Rect(column: 0, row: 0, width: size.columns, height: max(0, size.rows - 1))
    painter.frame.fill(area, surface: .background)
    painter.hits.append((area, .nothing))
    let width = max(1, min(64, size.columns - 8))
    let column = (size.columns - width) / 2
    let number = workshop.step.entry
    var lines: [Line] = [
      Line(
        "\(number + 1) of \(workshop.workshop.entries.count) \u{00B7} minutes "
          + workshop.workshop.spanText(of: number), .textMuted), Line(),
    ]
    lines += [Span(workshop.entry.title, .title, .bold)].wrapped(width).map { Line($0) } + [Line()]
    lines += [Span(workshop.entry.question, .textStrong, .bold)].wrapped(width)
      .flatMap { [Line($0), Line()] }
    let top = max(1, (size.rows - lines.count) / 3)
    for (index, line) in lines.enumerated() where top + index < size.rows - 1 {
      painter.put(line.spans, column: column, row: top + index, width: width)
    }
    painter.frame.cursor = (column, top)
    painter.frame.cursorIsVisible = false
  }
}

extension Painter {
  /// Draws the answer of a workshop's entry above the last row, over the panes.
  mutating func paintWorkshopAnswer() {
    guard let workshop = model.workshop, workshop.step.showsAnswer, model.overlays.isEmpty else {
      return
    }
    let size = layout.size
    let width = size.columns - 4
    let lines = [Span(workshop.entry.answer, .textStrong)].wrapped(width - 4)
    let height = min(lines.count, max(1, size.rows / 4)) + 2
    // A notice stands in the row above the footer, where there is one.
    let bottom = model.notice == nil ? layout.footer.row : layout.status?.row ?? layout.footer.row
    let rect = Rect(column: 2, row: bottom - height, width: width, height: height)
    guard rect.row > 0 else { return }
    frame.fill(rect, surface: .overlay)
    box(rect, isFocused: false, surface: .overlay)
    frame.put(
      " Answer ", column: rect.column + 2, row: rect.row, role: .title, surface: .overlay,
      emphasis: .bold)
    for (index, line) in lines.prefix(height - 2).enumerated() {
      put(line, column: rect.column + 2, row: rect.row + 1 + index, surface: .overlay)
    }
  }

  /// Draws the keys and the clock of a workshop; false outside of one.
  mutating func paintWorkshopFooter() -> Bool {
    guard model.workshop != nil, model.overlays.isEmpty || model.overlay == .workshopCard,
      model.notice == nil || layout.status != nil
    else { return false }
    let rect = layout.footer
    let clock = model.workshopClock
    var column = rect.column + 1
    for command in [PaneCommand.workshopNext, .workshopBack, .workshopPause] {
      guard let binding = model.keys.bindings.first(where: { $0.command == .pane(command) }),
        binding.unavailable(model) == nil
      else { continue }
      let label = command == .workshopPause && model.workshop?.clock.since == nil ? "go on" : nil
      let spans = [
        Span(binding.keyText, .footerKey, .bold), Span(" "),
        Span(label ?? binding.label, .footerLabel),
      ]
      let end = put(spans, column: column, row: rect.row)
      hits.append(
        (
          Rect(column: column, row: rect.row, width: end - column, height: 1),
          .command(binding.command)
        ))
      column = end + 2
    }
    if column + clock.width < rect.width {
      put(clock, column: rect.width - clock.width - 1, row: rect.row)
    }
    return true
  }
}
