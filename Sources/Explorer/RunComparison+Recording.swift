import HybridFlow
import OpenID
import Presentation
import Recording
import Redaction

extension RunComparison.Side {
  /// Makes a side of the comparison from a recording, replayed to its end and redacted.
  public init(_ recording: Recording, named name: String) {
    var replay = ReplayRun(recording)
    replay.finish()
    self.init(replay.machine.transcript, recording.configuration, named: name)
  }

  /// Makes a side of the comparison from a run, redacted.
  init(_ transcript: Transcript, _ configuration: FlowConfiguration?, named name: String) {
    let beside =
      configuration.map { WireSecrets.beside(transcript, $0) } ?? WireSecrets.all(in: transcript)
    let redactor = Redactor(secrets: transcript.secrets + beside)
    self.init(name: name, transcript: transcript, redactor: redactor)
  }
}
