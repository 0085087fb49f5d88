import Export
import HybridFlow
import Network
import OpenID
import Platform
import Session

/// `hybrid-flow export` without a recording: runs the flow silently and returns the run.
public final class ExportCommand {
  private let session: FlowSession
  private let configuration: FlowConfiguration
  private let face: RunCommand

  /// Makes a command; the person signs in as in `run`.
  public init(
    session: FlowSession, configuration: FlowConfiguration, sink: any TextSink,
    person: PersonAtKeyboard = PersonAtKeyboard(), then actions: [AfterAction] = []
  ) {
    self.session = session
    self.configuration = configuration
    var style = RunStyle()
    // In this style, messages that people must see go to standard error.
    style.isJSON = true
    face = RunCommand(
      session: session, configuration: configuration, style: style, sink: Aside(sink),
      person: person, then: actions)
    password = person.password
  }

  private let password: Secret

  /// Runs to the end, and returns the outcome and the run.
  public func run(reveals: Bool) -> (outcome: RunOutcome, run: ExportedRun) {
    var redirectURI: WebURL?
    session.onListening = { redirectURI = $0 }
    let outcome = face.run()
    let run = ExportedRun(
      transcript: session.machine.transcript, configuration: configuration,
      redirectURI: redirectURI, password: password, reveals: reveals)
    return (outcome, run)
  }

  /// Stops the run because of a signal.
  public func stop(bySignal number: Int32) { face.stop(bySignal: number) }

  /// Drops standard output: the export goes there.
  private final class Aside: TextSink {
    private let sink: any TextSink
    init(_ sink: any TextSink) { self.sink = sink }
    func write(_ text: String) -> Bool { true }
    func complain(_ text: String) { sink.complain(text) }
  }
}
