import HybridFlow
import Network
import OpenID
import Recording

/// A session can replay a recording instead of a run: the machine handles the same events, and no
/// effect is carried out.
extension FlowSession {
  /// The current time: that of the recording, or of the clock.
  public var moment: UnixTime { replay?.now ?? loop.now }

  /// Replays a recording from its beginning; the current run is given up.
  public func open(_ recording: Recording) {
    close()
    replay = ReplayRun(recording)
    machine = FlowMachine()
  }

  /// Shows all of a recording at once; it may be the same login, of which more is known now.
  public func show(_ recording: Recording) {
    if replay == nil { close() }
    var run = ReplayRun(recording)
    run.finish()
    replay = run
    machine = run.machine
    configuration = recording.configuration
    onChange?()
  }

  /// Leaves the recording; ``start(_:)`` begins a run.
  public func leaveReplay() {
    replay = nil
    machine = FlowMachine()
  }

  /// Replays the next step, or all of them.
  public func replay(toEnd: Bool) {
    guard var run = replay else { return }
    if toEnd { run.finish() } else { run.step() }
    replay = run
    machine = run.machine
    onChange?()
  }

  /// Replays the first step.
  func replayFromStart() {
    replay?.rewind()
    replay(toEnd: false)
  }

  /// Handles a person's input: during a replay every input means the next step.
  func replay(_ event: FlowEvent) {
    if case .advanced = event { replay(toEnd: false) }
  }
}
