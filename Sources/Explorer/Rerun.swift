import HybridFlow

/// A run that was started because a request was edited after it had left: it goes to stage 2 by
/// itself, and there, or at stage 6, gets the edited request.
struct Rerun {
  let kind: RequestDraft.Kind
  let edit: RequestEdit
  private var hasAdvanced = false
  /// Whether there is nothing left to do.
  private(set) var isOver = false

  init(kind: RequestDraft.Kind, edit: RequestEdit) {
    self.kind = kind
    self.edit = edit
  }

  /// What to tell the machine in this situation; each thing once.
  mutating func events(_ situation: Situation) -> [FlowEvent] {
    guard !isOver else { return [] }
    switch situation {
    case .ready(next: .authorize) where !hasAdvanced:
      hasAdvanced = true
      return [.advanced]
    case .ready(next: .prompt) where kind == .authorization:
      isOver = true
      return [.requestEdited(edit)]
    case .ready(next: .exchange) where kind == .token:
      isOver = true
      return [.exchangeEdited(edit)]
    case .finished, .failed:
      isOver = true
      return []
    case .idle, .ready, .busy, .pageShown, .browserAway: return []
    }
  }
}
