import HybridFlow
import OpenID

// The tabs mark empty views in every frame; this must not read a view.
extension ExplorerModel {
  /// Whether a view has no content for the shown stage, except a note.
  func isEmpty(_ view: DetailView) -> Bool {
    let transcript = seenTranscript
    let record = transcript[shownStage]
    let isAbsent = record.startedAt == nil || record.skippedBecause != nil
    switch view {
    case .page, .explain, .after, .compare: return false
    case .wire:
      return record.messages.isEmpty && record.failure == nil && !hasInPlaceOfMessages(record)
    case .decoded: return !hasDecoded(record, isAbsent: isAbsent)
    case .checks:
      return conceals(shownStage)
        || record.checks.isEmpty && (record.failure == nil || isAbsent)
    case .holders:
      return !transcript.stages.contains { $0.stage <= shownStage && !$0.values.isEmpty }
    }
  }

  private func hasInPlaceOfMessages(_ record: StageRecord) -> Bool {
    switch record.stage {
    case .login: !record.values.isEmpty
    case .verify: !record.serverChecks.isEmpty && !conceals(record.stage)
    default: isWaitingForBrowser && situation.stage == record.stage
    }
  }

  private func hasDecoded(_ record: StageRecord, isAbsent: Bool) -> Bool {
    if !record.tokens.isEmpty || !record.values.isEmpty { return true }
    let isTold = !conceals(record.stage)
    if isAbsent, record.serverChecks.isEmpty { return false }
    if record.failure != nil, isTold { return true }
    switch record.stage {
    case .login, .tokens, .data:
      if record.messages.contains(where: { $0.response != nil && !$0.body.isEmpty }) { return true }
    case .verify: if !record.serverChecks.isEmpty, isTold { return true }
    default: break
    }
    return record.messages.contains { $0.response?.headers["WWW-Authenticate"] != nil }
  }
}
