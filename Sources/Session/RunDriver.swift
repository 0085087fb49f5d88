import HybridFlow
import OpenID

/// Drives a run to its end or to a stage: advances the stages, fills in the forms, and requests the
/// actions after the flow.
///
/// It looks at the machine after every event and returns the next moves, each once. The owner of
/// the run posts them.
public struct RunDriver: Sendable {
  /// The next move.
  public enum Move: Sendable {
    /// Post this event to the machine.
    case post(FlowEvent)
    /// An action cannot be done; the reason is a sentence without its beginning and end.
    case leaveOut(AfterAction, why: String)
    /// No rule says how to continue from this page.
    case stuck(BrowserPage)
  }

  /// The last stage to reach; nil advances none.
  public var goal: Stage?
  /// Fills in the forms that were not sent before.
  public private(set) var person: PersonAtKeyboard
  /// The actions after the flow, in order.
  public var actions: ActionQueue
  private let signIns: SignInMemory
  private var advancedTo: Stage?
  private var isFilling = false

  package init(
    to goal: Stage? = .data, person: PersonAtKeyboard = PersonAtKeyboard(),
    signIns: SignInMemory = SignInMemory(), then actions: [AfterAction] = []
  ) {
    (self.goal, self.person, self.signIns) = (goal, person, signIns)
    self.actions = ActionQueue(actions)
  }

  /// The next moves after the machine has handled an event.
  public mutating func moves(_ machine: FlowMachine) -> [Move] {
    switch machine.situation {
    case .ready(let next):
      isFilling = false
      // Clock ticks may come before the posted event is handled.
      guard let goal, next <= goal, advancedTo != next else { return [] }
      advancedTo = next
      return [.post(.advanced)]
    case .pageShown(_, let page):
      guard !isFilling else { return [] }
      isFilling = true
      let form = signIns.fill(page) ?? person.fill(page)
      return [form.map { .post(.formFilled($0)) } ?? .stuck(page)]
    case .busy, .browserAway:
      isFilling = false
      return []
    case .finished:
      isFilling = false
      return actions.moves(machine)
    case .idle, .failed: return []
    }
  }

  /// Whether nothing is left to do.
  public func isDone(_ machine: FlowMachine) -> Bool {
    switch machine.situation {
    case .failed: true
    case .finished: actions.isDone(machine)
    case .ready(let next): goal.map { next > $0 } ?? true
    case .idle, .busy, .pageShown, .browserAway: false
    }
  }
}

/// Actions after the flow, requested one after the other.
public struct ActionQueue: Sendable {
  /// The actions that were not requested yet.
  public private(set) var remaining: [AfterAction]
  private var asked = 0

  package init(_ actions: [AfterAction]) { remaining = actions }

  /// Requests the next action when the one before has ended; reports what cannot be done.
  public mutating func moves(_ machine: FlowMachine) -> [RunDriver.Move] {
    guard case .finished = machine.situation, hasEnded(machine) else { return [] }
    var moves: [RunDriver.Move] = []
    while !remaining.isEmpty {
      let action = remaining.removeFirst()
      let offer = machine.afterActions.first { $0.action == action }
      if let offer, offer.unavailable == nil {
        asked += 1
        return moves + [.post(.actionRequested(action))]
      }
      let why = offer?.unavailable ?? "the flow gave no tokens to do it with"
      moves.append(.leaveOut(action, why: why))
    }
    return moves
  }

  /// Whether all actions were requested and have ended.
  public func isDone(_ machine: FlowMachine) -> Bool { remaining.isEmpty && hasEnded(machine) }

  private func hasEnded(_ machine: FlowMachine) -> Bool {
    machine.transcript.afterwards.count(where: \.isOver) >= asked
  }
}
