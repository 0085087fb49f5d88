import Cryptography
import HybridFlow
import OpenID

/// The application of a lab run without its mistake: the same machine with the same events, so that
/// its requests show what the mistake changes and nothing else.
struct CarefulApplication {
  private let configuration: FlowConfiguration
  private let clientKey: SigningKey?
  private let proofKeys: [SigningKey]
  private var signing: SigningTask?
  private var machine = FlowMachine()
  private var requests = 0

  init(
    _ configuration: FlowConfiguration, clientKey: SigningKey?, proofKeys: [SigningKey] = []
  ) {
    self.configuration = configuration
    self.clientKey = clientKey
    self.proofKeys = proofKeys
  }

  /// Handles an event as the careless application does.
  ///
  /// Returns the request in the place of the changed one; nothing if it sends none there.
  mutating func take(_ event: FlowEvent, at now: UnixTime) -> Message.Original {
    if case .started(_, let secrets) = event {
      machine = FlowMachine()
      requests = 0
      _ = machine.handle(.started(configuration, secrets), at: now)
    } else {
      let effects = machine.handle(own(event), at: now)
      for case .sign(let task) in effects { signing = task }
    }
    let marked = machine.transcript.changedMessages
    defer { requests = marked.count }
    guard marked.count > requests, let last = marked.last else { return .nothing }
    return .content(last.content)
  }

  /// The event with what this application would have signed, where that is something else.
  private func own(_ event: FlowEvent) -> FlowEvent {
    guard case .signed(let purpose, .token(let token)) = event, let signing,
      signing.purpose == purpose,
      !signing.isDone(by: token)
    else { return event }
    return .signed(purpose, SigningOutcome(signing, key: clientKey, proofKeys: proofKeys))
  }
}
