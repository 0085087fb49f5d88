import HybridFlow
import OpenID
import Redaction
import TextUI

/// A run from before a request was edited: its later stages depend on the old request.
///
/// They are shown, with a mark, until the new run reaches them.
struct StaleRun: Sendable, Equatable {
  /// The most runs that are kept.
  static let runsMax = 3

  var transcript: Transcript
  /// What the old request sent, in words without a full stop.
  var reason: String
  /// The secrets to hide in its messages.
  var secrets: [KnownSecret]

  /// The changed values, such as `nonce was abc`; no secret is named.
  static func reason(_ changes: [RequestChange], isSecret: (String) -> Bool) -> String {
    let texts = changes.map { change -> String in
      let name = HarmlessText.line(change.name)
      guard let before = change.before else { return "\(name) was not sent" }
      guard !isSecret(change.name) else { return "\(name) was another" }
      return "\(name) was \(TextFitting.fitMiddle(HarmlessText.line(before), 40))"
    }
    return texts.prefix(3).joined(separator: ", ")
      + (texts.count > 3 ? ", and \(texts.count - 3) more differed" : "")
  }
}

extension ExplorerModel {
  /// The earlier run that is shown for a stage; nil when this run has reached the stage.
  func staleRun(of stage: Stage) -> StaleRun? {
    guard transcript[stage].status == .pending else { return nil }
    return staleRuns.first { $0.transcript[stage].startedAt != nil }
  }

  /// The transcript for the views of the shown stage.
  var seenTranscript: Transcript { staleRun(of: shownStage)?.transcript ?? transcript }

  /// Keeps the replaced run if an edit is the reason; forgets earlier ones on any other restart.
  mutating func keepStale(_ old: Transcript) {
    guard old.startedAt != nil else { return }
    if let reason = rerunReason {
      let run = StaleRun(transcript: old, reason: reason, secrets: knownSecrets)
      staleRuns = Array(([run] + staleRuns).prefix(StaleRun.runsMax))
    } else {
      staleRuns = []
      waitsForExchange = false
    }
    rerunReason = nil
  }

  /// The mark of a stage on rail and strip.
  func mark(of record: StageRecord) -> Span {
    if staleRun(of: record.stage) != nil { return Span("~", .statusWarn, .bold) }
    if conceals(record.stage) || coversVerdicts && record.startedAt != nil {
      return Span("?", .statusCurrent, .bold)
    }
    return Verdicts.span(record.status, isShown: record.stage == shownStage)
  }
}

extension Reader {
  /// Notes at the top of a view that it shows a run before an edit.
  func addStaleness(to document: inout Document) {
    guard let run = model.staleRun(of: stage) else { return }
    document.add(
      .paragraph(
        [
          Span("~ Stale", .statusWarn, .bold),
          Span(": from before the edit, when \(run.reason). ", .textStrong),
          Span("It stands here until the new run comes to stage \(stage.number).", .textMuted),
        ], indent: 0, hanging: 2))
    document.gap()
  }

  /// Notes that the request was edited.
  func addEdit(to document: inout Document) {
    guard let draft = record.draft, draft.isEdited else { return }
    let changes = draft.changes(to: draft.fields).map { HarmlessText.line($0.summary) }
    document.add(
      .paragraph(
        [
          Span("* Edited by hand", .statusInfo, .bold),
          Span(": \(changes.joined(separator: ", ")). ", .textStrong),
          Span("e shows what the flow makes.", .textMuted),
        ], indent: 0, hanging: 2))
    document.gap()
  }

  /// Notes that a check has failed and the request was sent nevertheless.
  func addOverruled(to document: inout Document) {
    let failed = record.checks.filter(\.isOverruled).map(\.id)
    guard !failed.isEmpty else { return }
    document.add(
      .paragraph(
        [
          Verdicts.span(.fail),
          Span(" \(ExplorerModel.list(failed)) failed", .statusFail, .bold),
          Span(
            ": the request was sent anyway, to see what comes of it. Nothing that follows "
              + "makes this run one to trust."),
        ], indent: 0, hanging: 2))
    document.gap()
  }
}
