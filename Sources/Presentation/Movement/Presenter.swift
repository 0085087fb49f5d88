import HybridFlow
import OpenID
import TextUI

/// The presenter mode: the program is shown to an audience.
struct Presenter: Sendable, Equatable {
  /// The stages whose question was already asked.
  var revealed: Set<Stage>
  /// The diagram's setting before.
  var hidFuture: Bool
}

extension ExplorerModel {
  /// Whether presenter mode is on.
  public var isPresenting: Bool { modes.presenter != nil }

  /// Begins presenter mode; before a run with the question of its first stage.
  public mutating func present() {
    guard modes.presenter == nil else { return }
    let seen = Stage.allCases.filter { $0 <= shownStage && transcript[$0].startedAt != nil }
    modes.presenter = Presenter(revealed: Set(seen), hidFuture: modes.hidesFuture)
    if seen.isEmpty { overlays.slip(QuestionCard(stage: .login)) }
    modes.hidesFuture = true
    revealsSecrets = false
  }

  mutating func togglePresenter() {
    if let presenter = modes.presenter {
      modes.hidesFuture = presenter.hidFuture
      modes.presenter = nil
      overlays[QuestionCard.self] = nil
      say("Presenter mode is off.")
    } else {
      present()
      say("Presenter mode: \u{2192} asks and answers, b blanks, i shows notes, p leaves.")
    }
  }

  var secretsUnavailable: String? {
    if summary.replay?.isMasked == true {
      return "the recording was written without secrets; placeholders stand for them"
    }
    return modes.presenter == nil ? nil : "presenter mode keeps secrets masked; p leaves it"
  }

  /// The next stage that the audience is to guess; nil for none.
  var nextQuestion: Stage? {
    guard let presenter = modes.presenter, overlays[QuestionCard.self] == nil else { return nil }
    let next: Stage?
    if looking != nil {
      next = shownStage.next
    } else if case .ready(let stage) = situation {
      next = stage
    } else {
      next = nil
    }
    return next.flatMap { presenter.revealed.contains($0) ? nil : $0 }
  }

  /// Asks about the next stage if required; false if there is nothing to ask.
  mutating func ask() -> Bool {
    guard let stage = nextQuestion else { return false }
    overlays.slip(QuestionCard(stage: stage))
    return true
  }

  /// Shows the stage that was asked about.
  fileprivate mutating func reveal(_ stage: Stage) -> [ExplorerAction] {
    modes.presenter?.revealed.insert(stage)
    turn(toAnswerOf: stage)
    // A message that the lab changed is on the wire, with its own question.
    if conceals(stage) { view = .wire }
    // The first stage runs by itself.
    if looking == nil, newestStage >= stage { return [] }
    return goForward()
  }
}

/// The question before a stage, alone on the screen; any key shows the stage.
struct QuestionCard: Overlay {
  let stage: Stage

  var context: KeyContext { .card }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: .closes(model.reveal(stage))
    case .close: .closes()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check, .compare:
      .notMine
    }
  }

  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    .closes(model.reveal(stage))
  }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome {
    .closes(model.reveal(stage))
  }

  func paint(_ painter: inout Painter) {
    let size = painter.layout.size
    let area = Rect(column: 0, row: 0, width: size.columns, height: max(0, size.rows - 1))
    painter.frame.fill(area, surface: .background)
    // The covered panes cannot be clicked.
    painter.hits.append((area, .nothing))
    let width = max(1, min(64, size.columns - 8))
    let column = (size.columns - width) / 2
    var lines: [Line] = [
      Line("Stage \(stage.number) of 10", .textMuted), Line(),
      Line(painter.model.lesson(for: stage).title, .title, .bold), Line(),
    ]
    lines += [Span(painter.model.lesson(for: stage).question, .textStrong, .bold)].wrapped(width)
      .flatMap { [Line($0), Line()] }
    lines += [
      Line(), Line("What do you expect? Any key shows it.", .textMuted),
    ]
    let top = max(1, (size.rows - lines.count) / 3)
    for (index, line) in lines.enumerated() where top + index < size.rows - 1 {
      painter.put(line.spans, column: column, row: top + index, width: width)
    }
    painter.frame.cursor = (column, top)
    painter.frame.cursorIsVisible = false
  }
}

/// A blank screen until a key is pressed.
struct BlankScreen: Overlay {
  var context: KeyContext { .blank }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept, .close: .closes()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check, .compare:
      .notMine
    }
  }

  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    .closes()
  }

  func paint(_ painter: inout Painter) {
    let size = painter.layout.size
    painter.frame.fill(
      Rect(column: 0, row: 0, width: size.columns, height: size.rows), surface: .background)
    painter.hits = []
    painter.frame.cursor = nil
    painter.frame.cursorIsVisible = false
  }
}

/// The presenter's notes of a stage.
struct NotesBox: Overlay {
  /// The first visible row.
  var top = 0

  var context: KeyContext { .notes }
  var endsWithRun: Bool { true }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .close: .closes()
    case .accept, .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo,
      .reset, .save, .check, .compare:
      .notMine
    }
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let box = box(model, model.size)
    top = movement.from(
      top, page: model.overlayPage, last: max(0, box.lines.count - box.page))
  }

  private func box(_ model: ExplorerModel, _ size: ScreenSize) -> ListBox {
    let stage = model.shownStage
    let lesson = model.lesson(for: stage)
    var document = Document()
    func part(_ title: String, _ text: String) {
      document.gap()
      document.line(title, .textStrong, .bold)
      document.paragraph(text)
    }
    part("Ask", lesson.question)
    for (title, text) in lesson.remarks { part(title, text) }
    document.gap()
    document.paragraph(
      lesson.sections.map(\.description).joined(separator: " \u{00B7} "), .textMuted)
    var box = ListBox(
      "Notes \u{00B7} \(stage.number) \(lesson.title)", size: size, columnsMax: 76
    ) { document.laid($0) }
    box.top = top
    return box
  }

  func paint(_ painter: inout Painter) {
    box(painter.model, painter.layout.size).paint(&painter)
  }
}

extension [Line] {
  /// The rows with a blank row between blocks, for reading from a distance.
  var spaced: [Line] {
    var rows: [Line] = []
    for line in self {
      if let last = rows.last, last.block != line.block, !last.spans.isEmpty, !line.spans.isEmpty {
        var gap = Line()
        gap.block = last.block
        gap.row = last.row + 1
        rows.append(gap)
      }
      rows.append(line)
    }
    return rows
  }
}
