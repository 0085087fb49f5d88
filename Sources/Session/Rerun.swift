import HybridFlow

/// A run that was started in place of another and goes on by itself for a while.
public struct Rerun: Sendable {
  /// What it is for.
  public enum Purpose: Sendable {
    /// A request was edited after it had left: it goes to stage 2 by itself, and there, or at
    /// stage 6, gets the edited request.
    case edit(RequestDraft.Kind, RequestEdit)
    /// It is to stand at a stage, with the sign-in repeated.
    case walk(to: Stage)
  }

  /// Whether the next stage is asked about once this has come to its end.
  public let endsWithQuestion: Bool
  private let purpose: Purpose
  private let signIns: SignInMemory
  private var person = PersonAtKeyboard()
  private var advancedTo: Stage?
  private var isFilling = false
  /// Whether there is nothing left to do.
  public private(set) var isOver = false

  /// Plans a run.
  ///
  /// - Parameter signIns: What is sent from the pages; where it knows nothing, Ada signs in.
  public init(
    _ purpose: Purpose, _ signIns: SignInMemory = SignInMemory(), endsWithQuestion: Bool = false
  ) {
    (self.purpose, self.signIns) = (purpose, signIns)
    self.endsWithQuestion = endsWithQuestion
  }

  /// What to tell the machine in this situation; each thing once.
  public mutating func events(_ situation: Situation) -> [FlowEvent] {
    guard !isOver else { return [] }
    if case .finished = situation { isOver = true }
    if case .failed = situation { isOver = true }
    return switch purpose {
    case .edit(let kind, let edit): edited(kind, edit, situation)
    case .walk(let goal): walked(to: goal, situation)
    }
  }

  private mutating func edited(
    _ kind: RequestDraft.Kind, _ edit: RequestEdit, _ situation: Situation
  ) -> [FlowEvent] {
    switch situation {
    case .ready(next: .authorize): return advanced(to: .authorize)
    case .ready(next: .prompt) where kind == .authorization:
      isOver = true
      return [.requestEdited(edit)]
    case .ready(next: .exchange) where kind == .token:
      isOver = true
      return [.exchangeEdited(edit)]
    case .idle, .ready, .busy, .pageShown, .browserAway, .finished, .failed: return []
    }
  }

  private mutating func walked(to goal: Stage, _ situation: Situation) -> [FlowEvent] {
    switch situation {
    case .ready(let next):
      isFilling = false
      if next <= goal { return advanced(to: next) }
      isOver = true
      return []
    case .pageShown(_, let page):
      guard !isFilling else { return [] }
      // What nobody knows how to fill in is the person's; afterwards it goes on.
      isFilling = true
      let form = signIns.fill(page)
      return [form ?? person.fill(page)].compactMap { $0.map(FlowEvent.formFilled) }
    // A real browser takes its time; afterwards it goes on.
    case .busy, .browserAway:
      isFilling = false
      return []
    case .idle, .finished, .failed: return []
    }
  }

  private mutating func advanced(to next: Stage) -> [FlowEvent] {
    guard advancedTo != next else { return [] }
    advancedTo = next
    return [.advanced]
  }
}
