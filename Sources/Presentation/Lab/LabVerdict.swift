import HybridFlow
import Lab
import TextUI

// The lab's verdict in a stage: caught, switched off, or not caught.
extension Reader {
  /// Adds the fault at the stage that caught it, and at its end.
  func addLab(to document: inout Document) {
    if model.isWatching { return addWatchedLab(to: &document) }
    guard let run = model.summary.lab, let words = labWords(run) else { return }
    let entry = run.entry
    document.add(
      .paragraph(
        [
          Span(" LAB ", .statusWarn, [.bold, .reverse]), Span(" " + words.title, words.role, .bold),
        ],
        indent: 0, hanging: 2))
    for text in words.texts { document.add(.paragraph([Span(text)], indent: 2)) }
    document.add(
      .paragraph([Span("\(entry.id): \(entry.does)", .textMuted)], indent: 2))
    document.gap()
  }

  private typealias LabWords = (title: String, role: Role, texts: [String])

  private func labWords(_ run: LabRun) -> LabWords? {
    let entry = run.entry
    let isHere =
      isAction ? !entry.afterwards.isEmpty : entry.afterwards.isEmpty && stage == entry.stage
    if record.failure != nil { return ending(run, isHere) }
    let spoke = record.checks.first { $0.id.rawValue == entry.caughtBy && $0.verdict != .pass }
    if run.isCheckOff, isHere, spoke?.isOff == true {
      return (
        "Switched off: \(entry.caughtBy) failed, and nobody listened.", .statusFail,
        ["A real application: " + entry.rightReaction]
          + (entry.companions.isEmpty
            ? [] : ["Off with it: " + entry.companions.joined(separator: ", ") + "."])
      )
    }
    if run.isCheckOff, !isAction, stage == .data, case .finished = model.situation,
      entry.afterwards.isEmpty
    {
      return (
        "It went through.", .statusFail,
        [
          "What is gained by it: " + entry.gain,
          "A real application, at stage \(entry.stage.number): " + entry.rightReaction,
        ]
      )
    }
    return run.isCheckOff ? nil : warning(entry, isHere)
  }

  private func warning(_ entry: LabEntry, _ isHere: Bool) -> LabWords? {
    let warned = record.checks.contains {
      $0.id.rawValue == entry.caughtBy && $0.verdict == .warn
    }
    guard isHere, warned else { return nil }
    return (
      "Noticed, as it must be: \(entry.caughtBy) warned. A warning lets the run go on.",
      .statusWarn, ["Where nobody looks: " + entry.gain]
    )
  }

  private func ending(_ run: LabRun, _ isHere: Bool) -> LabWords? {
    let entry = run.entry
    let failed = record.failure?.failedChecks.map(\.rawValue) ?? []
    let broken = failed + record.serverChecks.filter { $0.passed == false }.map(\.id)
    guard run.isCheckOff else {
      guard isHere, broken.contains(entry.caughtBy) || record.failure?.code == "provider.unreadable"
      else { return warning(entry, isHere) }
      return (
        "Caught, as it must be, by \(entry.caughtBy).", .statusPass,
        ["Without the check: " + entry.gain]
      )
    }
    if isHere, broken.isEmpty || broken.contains(entry.caughtBy) {
      return (
        "\(entry.caughtBy) is off, and there is nothing left to go on with.", .statusWarn,
        ["A real application: " + entry.rightReaction]
      )
    }
    let names = broken.joined(separator: ", ")
    return (
      broken.isEmpty
        ? "\(entry.caughtBy) is off, and the run came to an end here all the same."
        : "\(entry.caughtBy) is off, and another defence held: \(names).", .statusWarn,
      ["A real application, at stage \(entry.stage.number): " + entry.rightReaction]
    )
  }
}
