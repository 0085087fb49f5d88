import HybridFlow
import OpenID

/// Brings a run to its end or to a stage: asks for each stage, fills in what is to be filled in, and
/// asks for what is to be done after the flow.
///
/// It is shown the machine after every event and says what comes next, each thing once. Whoever
/// owns the run posts it.
public struct RunDriver: Sendable {
  /// What comes next.
  public enum Move: Sendable {
    /// The machine is to be told this.
    case post(FlowEvent)
    /// An action cannot be done; the reason stands in a sentence without its beginning and end.
    case leaveOut(AfterAction, why: String)
    /// Nobody knows how to go on from this page.
    case stuck(BrowserPage)
  }

  /// The last stage that is asked for; nil asks for none.
  public var goal: Stage?
  /// Who fills in what nobody has filled in before.
  public private(set) var person: PersonAtKeyboard
  /// What is done after the flow, in order.
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

  /// What comes next, now that the machine has taken an event.
  public mutating func moves(_ machine: FlowMachine) -> [Move] {
    switch machine.situation {
    case .ready(let next):
      isFilling = false
      // Ticks of the clock come while the order is still on its way.
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

/// Actions after the flow, asked for one after the other.
public struct ActionQueue: Sendable {
  /// What was not asked for yet.
  public private(set) var remaining: [AfterAction]
  private var asked = 0

  package init(_ actions: [AfterAction]) { remaining = actions }

  /// Asks for the next action when the one before is over; says what cannot be done.
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

  /// Whether everything was asked for and has come to its end.
  public func isDone(_ machine: FlowMachine) -> Bool { remaining.isEmpty && hasEnded(machine) }

  private func hasEnded(_ machine: FlowMachine) -> Bool {
    machine.transcript.afterwards.count(where: \.isOver) >= asked
  }
}
