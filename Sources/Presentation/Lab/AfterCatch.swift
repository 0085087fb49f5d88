import HybridFlow
import Lab

// What is offered at the end of a run, or when a lab fault was caught.
extension ExplorerModel {
  /// The lab's key contexts, in addition to those of the pane.
  var labContexts: [KeyContext] {
    // A workshop has its own next step.
    guard let run = summary.lab, summary.replay == nil, modes.workshop == nil, hasMet(run.entry)
    else { return [] }
    let isHeld =
      !run.isCheckOff && run.entry.canSwitchOff && transcript.firstFailure != nil && isAtRest
    return isHeld ? [.held, .caught] : [.caught]
  }

  /// Whether nothing is in progress.
  private var isAtRest: Bool {
    switch situation {
    case .finished, .failed: true
    case .idle, .ready, .busy, .pageShown, .browserAway: false
    }
  }

  /// Whether the run has reached the place where the fault must be caught.
  private func hasMet(_ entry: LabEntry) -> Bool {
    if case .failed = situation { return true }
    return entry.afterwards.isEmpty
      ? transcript[entry.stage].endedAt != nil
      : transcript.afterwards.count(where: \.isOver) >= entry.afterwards.count
  }

  var nextFaultUnavailable: String? {
    labUnavailable ?? (faultAfterThis == nil ? "that was the last fault of the list" : nil)
  }

  private var faultAfterThis: LabEntry? {
    guard let id = summary.lab?.entry.id, let here = faults.firstIndex(where: { $0.id == id })
    else { return nil }
    return faults[(here + 1)...].first
  }

  mutating func nextFault() -> [ExplorerAction] {
    guard let next = faultAfterThis else { return [] }
    return [.commitFault(id: next.id, switchesCheckOff: false)]
  }

  var dropUnavailable: String? {
    guard let entry = summary.lab?.entry else { return "no fault was committed" }
    return entry.canSwitchOff ? nil : Self.tenantCatches
  }

  static let tenantCatches =
    "the tenant itself catches this; there is no check of ours to switch off"

  mutating func dropCheck() -> [ExplorerAction] {
    guard let entry = summary.lab?.entry else { return [] }
    return [.commitFault(id: entry.id, switchesCheckOff: true)]
  }

  var againUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    return isAtRest ? nil : "the run is not over yet; \(keyName(of: .restart)) starts over"
  }

  /// Starts over, and runs to the stage on the screen.
  mutating func runAgain() -> [ExplorerAction] {
    if !summary.isDemo, shownStage > .prompt {
      say("It runs to the sign-in; sign in there, and it goes on to stage \(shownStage.number).")
    }
    return [.runAgain(to: shownStage)]
  }

  // MARK: Presenting

  /// Asks about a stage again; does nothing outside presenter mode.
  ///
  /// Earlier stages count as known. Returns whether a question will be asked.
  public mutating func askAgain(about stage: Stage) -> Bool {
    guard modes.presenter != nil, modes.workshop == nil else { return false }
    modes.presenter?.revealed = Set(Stage.allCases.filter { $0 < stage })
    // The first stage runs by itself, behind its question.
    overlays[QuestionCard.self] = nil
    if stage == .login { overlays.slip(QuestionCard(stage: stage)) }
    return true
  }

  /// Shows the question about the next stage, if one is due.
  public mutating func askAboutNext() { _ = ask() }
}

extension Reader {
  /// How to return here after a failure.
  var againRows: [(String, String)] {
    guard model.againUnavailable == nil else { return [] }
    let key = model.keyName(of: .runAgain)
    let stage = model.shownStage.number
    return [
      (
        "Again",
        model.summary.isDemo
          ? "\(key) runs again to here, stage \(stage), with the same sign-in and consent."
          : "\(key) runs again to the sign-in; sign in there, and it goes on to here, stage \(stage)."
      )
    ]
  }
}
