import HybridFlow
import OpenID

/// The application of a lab run without its mistake: the same machine with the same events, so that
/// its requests show what the mistake changes and nothing else.
struct CarefulApplication {
  private let configuration: FlowConfiguration
  private var machine = FlowMachine()
  private var requests = 0

  init(_ configuration: FlowConfiguration) { self.configuration = configuration }

  /// Handles an event as the careless application does.
  ///
  /// Returns the request in the place of the changed one; nothing if it sends none there.
  mutating func take(_ event: FlowEvent, at now: UnixTime) -> Message.Original {
    if case .started(_, let secrets) = event {
      machine = FlowMachine()
      requests = 0
      _ = machine.handle(.started(configuration, secrets), at: now)
    } else {
      _ = machine.handle(event, at: now)
    }
    let marked = machine.transcript.changedMessages
    defer { requests = marked.count }
    guard marked.count > requests, let last = marked.last else { return .nothing }
    return .content(last.content)
  }
}
