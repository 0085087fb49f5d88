import HybridFlow
import OpenID
import TextUI

/// The program being shown to others.
struct Presenter: Sendable, Equatable {
  /// The stage whose question stands on the screen; nil while none does.
  var asked: Stage?
  /// The stages that need not be asked about any more.
  var revealed: Set<Stage>
  var isBlank = false
  /// What the diagram did before.
  var hidFuture: Bool
}

extension ExplorerModel {
  /// Whether the program is being shown to others.
  public var isPresenting: Bool { modes.presenter != nil }

  /// Begins presenter mode; before a run has begun with the question of its first stage.
  public mutating func present() {
    guard modes.presenter == nil else { return }
    let seen = Stage.allCases.filter { $0 <= shownStage && transcript[$0].startedAt != nil }
    modes.presenter = Presenter(
      asked: seen.isEmpty ? .login : nil, revealed: Set(seen), hidFuture: modes.hidesFuture)
    modes.hidesFuture = true
    revealsSecrets = false
  }

  mutating func togglePresenter() {
    if let presenter = modes.presenter {
      modes.hidesFuture = presenter.hidFuture
      modes.presenter = nil
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

  /// Whether the person is to guess first what the next stage does.
  var nextQuestion: Stage? {
    guard let presenter = modes.presenter, presenter.asked == nil else { return nil }
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

  /// Asks about the next stage where that is wanted; false when there is nothing to ask.
  mutating func ask() -> Bool {
    guard let stage = nextQuestion else { return false }
    modes.presenter?.asked = stage
    return true
  }

  /// Shows the stage that was asked about.
  mutating func reveal() -> [ExplorerAction] {
    guard let stage = modes.presenter?.asked else { return [] }
    modes.presenter?.asked = nil
    modes.presenter?.revealed.insert(stage)
    turn(toAnswerOf: stage)
    // What the lab changed stands on the wire, with a question of its own.
    if conceals(stage) { view = .wire }
    // The first stage runs by itself.
    if looking == nil, newestStage >= stage { return [] }
    return goForward()
  }
}

/// The question before a stage, calm and alone on the screen.
enum QuestionCard {
  static func paint(_ painter: inout Painter) {
    guard let stage = painter.model.modes.presenter?.asked else { return }
    let size = painter.layout.size
    let area = Rect(column: 0, row: 0, width: size.columns, height: max(0, size.rows - 1))
    painter.frame.fill(area, surface: .background)
    // What the card covers cannot be clicked.
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

/// The notes of a stage, for whoever tells others about it.
enum NotesOverlay {
  static func box(_ model: ExplorerModel, _ size: ScreenSize) -> ListBox {
    let stage = model.shownStage
    let lesson = model.lesson(for: stage)
    var document = Document()
    func part(_ title: String, _ text: String) {
      document.gap()
      document.line(title, .textStrong, .bold)
      document.paragraph(text)
    }
    part("Ask", lesson.question)
    part("What could go wrong", lesson.couldGoWrong)
    part("What it prevents", lesson.attackPrevented)
    if let note = lesson.auth0Note { part("Beside Auth0\u{2019}s tutorial", note) }
    document.gap()
    document.paragraph(
      lesson.sections.map(\.description).joined(separator: " \u{00B7} "), .textMuted)
    var box = ListBox(
      "Notes \u{00B7} \(stage.number) \(lesson.title)", size: size, columnsMax: 76
    ) { document.laid($0) }
    box.top = model.modes.notesTop ?? 0
    return box
  }

  static func paint(_ painter: inout Painter) {
    guard painter.model.modes.notesTop != nil else { return }
    box(painter.model, painter.layout.size).paint(&painter)
  }
}

extension Painter {
  /// Draws what lies over the panes.
  mutating func paintModes() {
    QuestionCard.paint(&self)
    NotesOverlay.paint(&self)
    LabOverlay.paint(&self)
    EditorOverlay.paint(&self)
    ConnectionOverlay.paint(&self)
    ProfileOverlay.paint(&self)
    FindingOverlay.paint(&self)
    PasteOverlay.paint(&self)
    RecordingsOverlay.paint(&self)
    ComparisonOverlay.paint(&self)
    CopyOverlay.paint(&self)
    CompletionOverlay.paint(&self)
    HelpOverlay.paint(&self)
    if model.modes.presenter?.isBlank == true {
      let all = Rect(
        column: 0, row: 0, width: layout.size.columns, height: layout.size.rows)
      frame.fill(all, surface: .background)
      hits = []
      frame.cursor = nil
      frame.cursorIsVisible = false
    }
  }
}

extension [Line] {
  /// With a blank row between the blocks, so that each can be read from afar.
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
