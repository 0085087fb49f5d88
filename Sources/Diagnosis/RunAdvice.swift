import HybridFlow
import OpenID

/// What a failed run is told: the best diagnosis, or else what to look at next.
public enum RunAdvice {
  /// The advice; nil for a run that has not failed.
  public static func match(
    _ transcript: Transcript, _ configuration: FlowConfiguration
  ) -> DiagnosisMatch? {
    guard transcript.failure != nil else { return nil }
    let evidence = DiagnosisEvidence(transcript: transcript, configuration: configuration)
    guard configuration.observesTenant else {
      return DiagnosisEngine.explanation(evidence: evidence)
    }
    // The demo tenant speaks like Auth0, but has no console to go to.
    return DiagnosisEngine.diagnose(evidence: evidence).first { $0.provider == .generic }
      ?? DiagnosisEngine.fallback(evidence: evidence)
  }

  /// What else can be tried where the tenant refused the client, in sentences; nil elsewhere.
  public static func retry(
    _ transcript: Transcript, _ configuration: FlowConfiguration
  ) -> String? {
    AuthenticationRetry(transcript, configuration).map { retry in
      "Run again with \(retry.option) to \(retry.offer)." + (retry.trap.map { " " + $0 } ?? "")
    }
  }
}
