import HybridFlow
import Lab
import OpenID
import Platform
import Presentation
import Recording

extension ExportedRun {
  /// Makes an exportable run from a recording, replayed to its end, offline.
  ///
  /// Redacted values stay redacted; `reveals` shows only the recorded ones.
  ///
  /// - Throws: ``UsageError`` for a recording in which no run begins.
  public init(
    _ recording: Recording, named name: String, reveals: Bool = false
  ) throws(UsageError) {
    guard let configuration = recording.configuration else {
      throw UsageError("\(name): no run begins in this recording, so there is nothing to export.")
    }
    var replay = ReplayRun(recording)
    replay.finish()
    self.init(
      transcript: replay.machine.transcript, configuration: configuration,
      origin: .replay(of: name), reveals: reveals)
    if let id = configuration.tampering?.faultID, let fault = Lab.fault(id) {
      summary.lab = LabRun(
        entry: LabEntry(fault, for: configuration.responseType),
        isCheckOff: !configuration.checksOff.isEmpty)
    }
  }
}
