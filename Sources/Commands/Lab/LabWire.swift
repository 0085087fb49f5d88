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

  /// Like the other `run`, but returns the configuration of the run too.
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
    let honest = connection.configuration
    fault.configure(&connection.configuration, type: type, checksOff: checksOff)
    if !usesPKCE { connection.configuration.usesPKCE = false }
    let session = FlowSession(loop: loop, tenant: tenant, options: connection.session)
    try session.equip(for: fault, &connection.configuration)
    session.attack = fault.attack
    session.carefulConfiguration = fault.careful(connection.configuration, from: honest)
    session.recorder = recorder
    var driver = RunDriver(then: fault.then)
    session.onChange = {
      for move in driver.moves(session.machine) {
        switch move {
        case .post(let event): session.post(event)
        case .stuck: session.post(.abandoned)
        case .leaveOut: break
        }
      }
    }
    defer { session.onChange = nil }
    try session.start(connection.configuration)
    for _ in 0..<mostTurns where !session.isIdle || !driver.isDone(session.machine) {
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
