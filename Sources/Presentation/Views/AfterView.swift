import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The use of the tokens after the flow.
  public static let after = DetailView(
    "after", "Afterwards",
    applies: {
      $0.shownStage == $0.newestStage
        && !($0.afterActions.isEmpty && $0.transcript.afterwards.isEmpty)
    }
  ) { $0.after() }
}

extension Reader {
  /// The possible actions after the flow, and those that were done.
  func after() -> Document {
    var document = Document()
    addOffers(to: &document)
    for (index, action) in transcript.afterwards.enumerated().reversed() {
      let isNewest = index == transcript.afterwards.count - 1
      add(action, "after:\(index)", isNewest: isNewest, to: &document)
    }
    return document
  }

  private func addOffers(to document: inout Document) {
    document.heading("What the application can do now", note: "Enter does it")
    if model.afterActions.isEmpty {
      document.paragraph("Nothing: the run has not come to its end.", .textMuted)
    }
    for offer in model.afterActions {
      let title = TextFitting.pad(offer.action.title, 30)
      if let reason = offer.unavailable {
        document.add(
          .line(
            Line([
              Verdicts.span(.skip), Span(" " + title, .textMuted), Span(shown(reason), .textMuted),
            ])))
        continue
      }
      var line = Line(
        [Span("\u{25CB}", .statusPending), Span(" " + title, .textStrong)],
        note: [Span(offer.action.spec.short, .textMuted)],
        target: Target(id: Self.actionTarget(offer.action), copies: offer.action.title))
      line.noteNeeds = 60
      document.add(.line(line))
    }
  }

  private func add(
    _ action: AfterRecord, _ id: String, isNewest: Bool, to document: inout Document
  ) {
    let record = action.record
    let told = StageDocument(action, redactor)
    let mark =
      !action.isOver
      ? Span("\u{25B6}", .statusCurrent, .bold)
      : Verdicts.span(record.failure == nil ? .pass : .fail)
    let open = isOpen(id, byItself: isNewest)
    var line = Line(
      [mark, Span(" " + TextFitting.pad(told.title, 30), .title, .bold)],
      note: [Span(open ? "Enter: close" : "Enter: open", .textMuted)],
      target: Target(id: id, copies: action.action.title))
    if let failure = told.failure {
      line.spans.append(Span(failure, .statusFail))
    } else if let note = told.notes.first {
      line.spans.append(Span(note.text, .textMuted))
    }
    line.noteNeeds = 60
    document.gap()
    document.add(.line(line))
    guard open else { return }
    let reader = Reader(model, of: record)
    document.gap()
    if !record.checks.isEmpty { document.blocks += reader.checks().blocks }
    document.blocks += reader.wire().blocks
    document.blocks += reader.decoded().blocks
  }

  static func actionTarget(_ action: AfterAction) -> String { "action:" + action.id }
}

extension ExplorerModel {
  /// The request of Enter at an action; nil anywhere else.
  func request(at target: Target) -> [ExplorerAction]? {
    guard target.id.begins(with: "action:"),
      let offer = afterActions.first(where: { Reader.actionTarget($0.action) == target.id }),
      offer.unavailable == nil
    else { return nil }
    return [.post(.actionRequested(offer.action))]
  }
}
