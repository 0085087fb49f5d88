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
  private var driver: RunDriver
  private var hasAdvanced = false
  /// Whether there is nothing left to do.
  public private(set) var isOver = false

  /// Plans a run.
  ///
  /// - Parameter signIns: What is sent from the pages; where it knows nothing, Ada signs in.
  public init(
    _ purpose: Purpose, _ signIns: SignInMemory = SignInMemory(), endsWithQuestion: Bool = false
  ) {
    self.purpose = purpose
    self.endsWithQuestion = endsWithQuestion
    let goal: Stage? = if case .walk(let goal) = purpose { goal } else { nil }
    driver = RunDriver(to: goal, signIns: signIns)
  }

  /// What to tell the machine now; each thing once.
  public mutating func events(_ machine: FlowMachine) -> [FlowEvent] {
    guard !isOver else { return [] }
    switch purpose {
    case .edit(let kind, let edit): return edited(kind, edit, machine.situation)
    case .walk:
      isOver = driver.isDone(machine)
      // What nobody knows how to fill in is the person's; afterwards it goes on.
      return driver.moves(machine).compactMap { move in
        if case .post(let event) = move { event } else { nil }
      }
    }
  }

  private mutating func edited(
    _ kind: RequestDraft.Kind, _ edit: RequestEdit, _ situation: Situation
  ) -> [FlowEvent] {
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
