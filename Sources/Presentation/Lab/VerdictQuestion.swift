import HybridFlow
import Lab
import OpenID
import TextUI

// The lab asks first: the changed message, then which check catches it, then the verdict.
extension ExplorerModel {
  /// Whether the verdicts of a stage are hidden for a guess.
  func conceals(_ stage: Stage) -> Bool { modes.verdictAsked == stage }

  /// Asks which check catches the fault, if the run has just reached that point.
  mutating func askForVerdict() {
    guard asksForVerdicts || modes.presenter != nil, modes.drill == nil, let run = summary.lab,
      !run.isCheckOff, run.entry.afterwards.isEmpty, isCaught(run.entry)
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
      // A warning does not stop the run.
      newestStage == entry.stage
        && transcript[entry.stage].checks.contains {
          $0.id.rawValue == entry.caughtBy && $0.verdict == .warn
        }
    case .idle, .busy, .pageShown, .browserAway, .failed: false
    }
  }

  /// Shows the hidden verdict; false if there is none.
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
  /// Whether the verdicts of this stage are hidden.
  var isConcealed: Bool { !isAction && model.conceals(stage) }

  /// The message that the lab changed, the question, and the other messages.
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

  /// Adds a changed message with its content before its headers.
  private func addChanged(_ message: Message, to document: inout Document) {
    guard !message.body.isEmpty else { return add(message, to: &document) }
    document.gap()
    document.anchors[message.id] = document.blocks.count
    document.add(heading(of: message))
    if message.stage != stage {
      document.line("It travelled at stage \(message.stage.number).", .textMuted)
    }
    addBody(MessageDocument(message, redactor), to: &document)
  }
}
