import HybridFlow
import Lab
import OpenID
import Redaction
import TextUI

/// What a round of a drill was about, or the score at its end.
struct DrillCard: Overlay {
  /// The first visible row.
  var top = 0

  var context: KeyContext { .drillCard }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    let isOver = model.drill?.isOver == true
    switch command {
    case .accept: return .closes([.drill(isOver ? .leave : .goOn)])
    case .close: return .closes(isOver ? [.drill(.leave)] : [])
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check, .compare:
      return .notMine
    }
  }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .stays() }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    guard let box = box(model, model.size) else { return }
    top = movement.from(top, page: model.overlayPage, last: max(0, box.lines.count - box.page))
  }

  func paint(_ painter: inout Painter) { box(painter.model, painter.layout.size)?.paint(&painter) }

  private func box(_ model: ExplorerModel, _ size: ScreenSize) -> ListBox? {
    guard let drill = model.drill else { return nil }
    let (title, document) =
      drill.isOver ? Self.score(drill) : (Self.title(drill), Self.answer(drill, model))
    var box = ListBox(title, size: size, columnsMax: 84) { document.laid($0) }
    box.top = top
    return box
  }

  private static func title(_ drill: DrillGame) -> String {
    guard let result = drill.results.last else { return "Drill" }
    let verdict =
      result.isRight ? "right" : result.worth > 0 ? "the right family" : "not this time"
    return "Round \(result.round) of \(drill.drill.rounds.count): \(verdict), "
      + count(result.points, "point")
  }

  private static func count(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  private static func answer(_ drill: DrillGame, _ model: ExplorerModel) -> Document {
    var document = Document()
    guard let result = drill.results.last else { return document }
    document.addDrillResult(result, drill.round, in: model.transcript, model.redactor)
    document.gap()
    let isLast = result.round == drill.drill.rounds.count
    document.add(
      .paragraph(
        [
          Span("Enter ", .footerKey, .bold),
          Span(isLast ? "shows the score" : "begins the next round", .textMuted),
          Span("   Esc ", .footerKey, .bold),
          Span("looks at the run, with its verdicts", .textMuted),
        ], indent: 0))
    return document
  }

  private static func score(_ drill: DrillGame) -> (String, Document) {
    var document = Document()
    document.add(
      .paragraph(
        [
          Span("\(drill.points) of \(drill.most) points", .textStrong, .bold),
          Span("   seed \(drill.drill.seed): the same rounds again with --seed", .textMuted),
        ], indent: 0))
    document.gap()
    for result in drill.results {
      let mark: Check.Verdict = result.isRight ? .pass : result.worth > 0 ? .warn : .fail
      let number = result.round < 10 ? " \(result.round)" : "\(result.round)"
      document.add(
        .line(
          Line(
            [
              Span("\(number)  ", .textMuted), Verdicts.span(mark), Span(" \(result.points)  "),
              Span(result.fault ?? "nothing was wrong", .textStrong),
              Span("  " + (result.expected ?? ""), .textMuted),
            ],
            note: result.isRight
              ? [] : [Span("you said \(result.answer.word)", .textMuted)])))
    }
    if drill.results.count < drill.drill.rounds.count {
      document.paragraph(
        "\(drill.drill.rounds.count - drill.results.count) rounds without an answer.", .textMuted)
    }
    document.gap()
    document.add(
      .paragraph(
        [
          Span("Enter ", .footerKey, .bold), Span("goes back to the honest flow", .textMuted),
        ], indent: 0))
    return ("The drill is over", document)
  }
}

extension Document {
  /// Adds what was wrong, by whom, which check stops it, why, and the lesson.
  mutating func addDrillResult(
    _ result: DrillResult, _ round: DrillRound, in transcript: Transcript, _ redactor: Redactor
  ) {
    func row(_ name: String, _ text: String, _ role: Role = .text) {
      add(
        .paragraph(
          [Span(TextFitting.pad(name, 13), .textMuted), Span(text, role)], indent: 0, hanging: 13))
    }
    if !result.hints.isEmpty {
      row("hints", result.hints.map(\.rawValue).joined(separator: ", "))
    }
    row("you said", result.answer.word, .textStrong)
    if let field = result.field, let isRight = result.isFieldRight {
      row("and the field", redactor.line(field) + (isRight ? ": right" : ": not changed"))
    }
    guard let fault = round.fault else {
      let passed = transcript.checks.count { $0.verdict == .pass }
      row("it was", "Nothing. All \(passed) checks passed, and rightly.", .statusPass)
      return
    }
    row("it was", "\(fault.caughtBy), at \(fault.place(for: round.type))", .statusFail)
    row("done", fault.does)
    row("by", fault.who + " (\(fault.id))")
    if !result.fields.isEmpty { row("changed", result.fields.joined(separator: ", ")) }
    let checks = transcript.records.flatMap(\.checks)
    if let check = checks.first(where: { $0.id.rawValue == fault.caughtBy && $0.verdict == .fail })
    {
      let told = CheckLine(check, redactor)
      for (name, value) in told.compared { row(name, value) }
      row("why", told.why)
    }
    row("without it", fault.gain)
    gap()
    paragraph(fault.lesson)
    gap()
    paragraph(fault.sections.map(\.description).joined(separator: " \u{00B7} "), .textMuted)
  }
}
