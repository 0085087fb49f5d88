import HybridFlow

/// A run that replaces another one and drives itself up to a point.
public struct Rerun: Sendable {
  /// The purpose of the run.
  public enum Purpose: Sendable {
    /// A request was edited after it was sent: the run goes to stage 2, and there, or at stage 6,
    /// sends the edited request.
    case edit(RequestDraft.Kind, RequestEdit)
    /// The run goes to a stage and repeats the sign-in.
    case walk(to: Stage)
  }

  /// Whether the person is asked about the next stage at the end.
  public let endsWithQuestion: Bool
  private let purpose: Purpose
  private var driver: RunDriver
  private var hasAdvanced = false
  /// Whether nothing is left to do.
  public private(set) var isOver = false

  /// Plans a run.
  ///
  /// - Parameter signIns: The forms to send again; for an unknown form, Ada signs in.
  public init(
    _ purpose: Purpose, _ signIns: SignInMemory = SignInMemory(), endsWithQuestion: Bool = false
  ) {
    self.purpose = purpose
    self.endsWithQuestion = endsWithQuestion
    let goal: Stage? = if case .walk(let goal) = purpose { goal } else { nil }
    driver = RunDriver(to: goal, signIns: signIns)
  }

  /// The next events for the machine; each is returned once.
  public mutating func events(_ machine: FlowMachine) -> [FlowEvent] {
    guard !isOver else { return [] }
    switch purpose {
    case .edit(let kind, let edit): return edited(kind, edit, machine.situation)
    case .walk:
      isOver = driver.isDone(machine)
      // A form that cannot be filled in is left to the person; then the run continues.
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
