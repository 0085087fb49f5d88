import Diagnosis
import HybridFlow
import OpenID
import TextUI

// The top of a view while the run cannot continue.
extension Reader {
  /// Adds what failed where no card tells it, and what was done on purpose.
  func addFailure(to document: inout Document) {
    if isConcealed { return }
    addOverruled(to: &document)
    // An action's views are below each other: its checks already show it.
    if !isAction { addLab(to: &document) }
    if isAction, let card {
      document.add(card)
      document.gap()
      return
    }
    guard let failure = told.failure, card == nil else { return }
    document.add(
      .paragraph(
        [
          Verdicts.span(.fail), Span(" " + failure, .statusFail, .bold),
          Span(
            transcript.stop == nil
              ? " The flow itself is complete." : " The flow stops here.", .text),
        ], indent: 0, hanging: 2))
    if model.summary.lab == nil { document.gap() }
  }

  /// The card of the cause, at the stage or action that failed.
  ///
  /// In the lab the fault is on purpose, and the view already says so.
  var card: Document.Block? {
    guard record.failure != nil, model.summary.lab == nil, !isConcealed,
      model.staleRun(of: stage) == nil, !isAction || record.failure == transcript.firstFailure,
      let cause = model.advice
    else { return nil }
    return .box(
      BoxBlock(
        title: [Span(cause.title, .title, .bold)],
        corner: [Span(cause.who, .textStrong, .bold)], edge: .statusFail,
        content: content(of: cause)))
  }

  /// What happened, expected beside found, where to change it, why, how sure, and the keys.
  private func content(of cause: CauseDocument) -> Document {
    var content = Document()
    content.add(
      .paragraph(
        [Verdicts.span(.fail), Span(" " + shown(cause.what), .statusFail, .bold)], indent: 0,
        hanging: 2))
    let names = cause.values.map { CellWidth.width(of: $0.name) }.max() ?? 0
    for (index, value) in cause.values.prefix(CauseDocument.valuesMaximum).enumerated() {
      let text = shown(value.text)
      var line = Line(
        [
          Span("  " + TextFitting.pad(value.name, names) + "  ", .textMuted),
          Span(text, .textStrong),
        ], target: Target(id: "cause:\(index)", copies: text))
      line.cutsMiddleOf = 1
      content.add(.line(line))
    }
    add("Change it", cause.fix, .textStrong, to: &content)
    if let why = cause.why { add("Why", why, .text, to: &content) }
    content.add(.paragraph([Span(shown(cause.sure), .textMuted)], indent: 0, hanging: 2))
    for (name, text) in retryRows + againRows { add(name, text, .text, to: &content) }
    return content
  }

  private func add(_ name: String, _ text: String, _ role: Role, to content: inout Document) {
    content.add(
      .paragraph(
        [Span(TextFitting.pad(name, 11), .textMuted), Span(shown(text), role)], indent: 0,
        hanging: 11))
  }
}
