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
    let transcript = replay.machine.transcript
    var secrets = transcript.secrets + WireSecrets.all(in: transcript)
    if let secret = recording.configuration?.clientSecret {
      secrets.append(KnownSecret(secret.reveal(), keepsEnds: false))
    }
    self.init(name: name, transcript: transcript, masker: Redactor(secrets: secrets))
  }
}
