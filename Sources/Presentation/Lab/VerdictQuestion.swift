import HybridFlow
import OpenID
import TextUI

// The lab asks before it tells: the changed message first, which check catches it, the verdict last.
extension ExplorerModel {
  /// Whether the verdicts of a stage wait to be guessed.
  func conceals(_ stage: Stage) -> Bool { modes.verdictAsked == stage }

  /// Asks which check catches the fault, where the run has just come to that.
  mutating func askForVerdict() {
    guard asksForVerdicts || modes.presenter != nil, let run = summary.lab, !run.isCheckOff,
      run.entry.afterwards.isEmpty, isCaught(run.entry)
    else { return }
    modes.verdictAsked = run.entry.stage
    looking = nil
    focus = .detail
    view = .wire
    scrolls[ScrollKey(pane: .detail, stage: run.entry.stage, view: .wire)] = nil
    stamp = Stamp()
  }

  private func isCaught(_ entry: LabEntry) -> Bool {
    switch situation {
    case .failed(entry.stage, .provider): true
    case .ready, .finished:
      // A warning lets the run go on.
      newestStage == entry.stage
        && transcript[entry.stage].checks.contains {
          $0.id.rawValue == entry.caughtBy && $0.verdict == .warn
        }
    case .idle, .busy, .pageShown, .browserAway, .failed: false
    }
  }

  /// Tells the verdict that was waited for; false when none was.
  mutating func tellVerdict() -> Bool {
    guard let stage = modes.verdictAsked else { return false }
    modes.verdictAsked = nil
    stamp = Stamp()
    turn(toFailureIn: stage)
    if transcript[stage].checks.contains(where: { $0.verdict == .warn }) { view = .checks }
    return true
  }

  /// The question, and the key that answers it.
  var verdictQuestion: [Span] {
    [
      Span("Which check catches this? ", .statusCurrent, .bold),
      Span(keyName(of: .forward), .footerKey, .bold), Span(" tells the verdict", .textMuted),
    ]
  }
}

extension Reader {
  /// Whether the verdicts of this stage are not told yet.
  var isConcealed: Bool { !isAction && model.conceals(stage) }

  /// What the lab changed, and the question; then what else travelled.
  func puzzle() -> Document {
    var document = Document()
    document.add(
      .paragraph(
        [Span(" LAB ", .statusWarn, [.bold, .reverse]), Span(" ")] + model.verdictQuestion,
        indent: 0, hanging: 2))
    if let entry = model.summary.lab?.entry {
      document.add(.paragraph([Span("\(entry.id): \(entry.does)", .textMuted)], indent: 2))
    }
    let changed = transcript.messages.filter { $0.tamperedBy != nil && $0.stage <= stage }
    for message in changed { addChanged(message, to: &document) }
    let others = record.messages.filter { message in !changed.contains { $0.id == message.id } }
    if !changed.isEmpty, !others.isEmpty { document.heading("What else travelled at this stage") }
    for message in others { add(message, to: &document) }
    return document
  }

  /// A changed message without what nobody changes: what it says comes before its headers.
  private func addChanged(_ message: Message, to document: inout Document) {
    guard !message.body.isEmpty else { return add(message, to: &document) }
    document.gap()
    document.anchors[message.id] = document.blocks.count
    document.add(heading(of: message))
    if message.stage != stage {
      document.line("It travelled at stage \(message.stage.number).", .textMuted)
    }
    addBody(message, to: &document)
  }
}
