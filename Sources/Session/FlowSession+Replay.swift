import HybridFlow
import Network
import OpenID
import Recording

/// A session may go through a recording in place of a run: the machine takes the same events, and
/// nothing that it asks for is done.
extension FlowSession {
  /// The time that counts: that of the recording, or of the clock.
  public var moment: UnixTime { replay?.now ?? loop.now }

  /// Goes through a recording from its beginning; what was going on is given up.
  public func open(_ recording: Recording) {
    close()
    replay = ReplayRun(recording)
    machine = FlowMachine()
  }

  /// Leaves the recording; ``start(_:)`` begins a run.
  public func leaveReplay() {
    replay = nil
    machine = FlowMachine()
  }

  /// Takes the next step of the recording, or all of them.
  public func replay(toEnd: Bool) {
    guard var run = replay else { return }
    if toEnd { run.finish() } else { run.step() }
    replay = run
    machine = run.machine
    onChange?()
  }

  /// Stands at the end of the first step.
  func replayFromStart() {
    replay?.rewind()
    replay(toEnd: false)
  }

  /// Takes an order of a person: every one means the next step.
  func replay(_ event: FlowEvent) {
    if case .advanced = event { replay(toEnd: false) }
  }
}
