import DemoTenant
import Explorer
import HybridFlow
import Lab
import Network
import OpenID
import Recording
import Session
import Settings

/// A run with a fault over real connections: listener, tenant and client are the explorer's own.
enum LabWire {
  /// The most forms and stages of one run.
  static let mostTurns = 600

  static func outcome(
    of fault: LabFault, type: ResponseType, checksOff: Set<CheckID>, usesPKCE: Bool,
    recorder: Recorder? = nil
  ) throws -> LabOutcome {
    try run(
      fault, type: type, checksOff: checksOff, usesPKCE: usesPKCE, recorder: recorder
    ).outcome
  }

  /// The same, and the configuration of the run.
  static func run(
    _ fault: LabFault, type: ResponseType, checksOff: Set<CheckID>, usesPKCE: Bool,
    recorder: Recorder? = nil
  ) throws -> (outcome: LabOutcome, configuration: FlowConfiguration) {
    let loop = PollLoop()
    let secrets = ClientSecretSource(environment: [:])
    var connection = try Connection.read(
      Invocation(command: .run, values: [:], operands: []), secrets: secrets)
    let tenant = try DemoSetup.start(&connection, loop: loop, fault: fault.tenantFault)
    defer { tenant.stop() }
    fault.configure(&connection.configuration, type: type, checksOff: checksOff)
    if !usesPKCE { connection.configuration.usesPKCE = false }
    let session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    session.attack = fault.attack
    session.recorder = recorder
    let pace = LabPace(session, then: fault.then)
    session.onChange = { pace.goOn() }
    try session.start(connection.configuration)
    for _ in 0..<mostTurns where !session.isOver || !session.isIdle || !pace.isDone {
      loop.turn(maximumMilliseconds: 1000)
    }
    var configuration = connection.configuration
    if let uri = session.redirectURI { configuration.redirectURI = uri }
    session.close()
    return (
      LabOutcome(fault: fault, type: type, transcript: session.machine.transcript), configuration
    )
  }
}

/// Goes from stage to stage and fills in what is to be filled in.
private final class LabPace {
  private unowned let session: FlowSession
  private var person = PersonAtKeyboard()
  private var advancedTo: Stage?
  private var isFilling = false
  /// What is still to be done after the flow.
  private var remaining: [AfterAction]
  private var asked = 0

  init(_ session: FlowSession, then actions: [AfterAction]) {
    self.session = session
    remaining = actions
  }

  /// Whether nothing is left to do after the flow, or the flow never came to its end.
  var isDone: Bool {
    if case .failed = session.machine.situation { return true }
    return remaining.isEmpty
      && session.machine.transcript.afterwards.filter(\.isOver).count == asked
  }

  private func act() {
    isFilling = false
    let done = session.machine.transcript.afterwards.filter(\.isOver).count
    guard done == asked, !remaining.isEmpty else { return }
    let action = remaining.removeFirst()
    let offer = session.machine.afterActions.first { $0.action == action }
    guard let offer, offer.unavailable == nil else { return act() }
    asked += 1
    session.post(.actionRequested(action))
  }

  func goOn() {
    switch session.machine.situation {
    case .ready(let next):
      isFilling = false
      guard advancedTo != next else { return }
      advancedTo = next
      session.post(.advanced)
    case .pageShown(_, let page):
      guard !isFilling else { return }
      isFilling = true
      session.post(person.fill(page).map(FlowEvent.formFilled) ?? .abandoned)
    case .busy, .browserAway: isFilling = false
    case .finished: act()
    case .idle, .failed: break
    }
  }
}
