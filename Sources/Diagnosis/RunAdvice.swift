import HybridFlow
import OpenID

/// The advice for a failed run: the best diagnosis, or else what to check next.
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
    // The demo tenant uses Auth0's messages, but has no console.
    return DiagnosisEngine.diagnose(evidence: evidence).first { $0.provider == .generic }
      ?? DiagnosisEngine.fallback(evidence: evidence)
  }

  /// What else to try when the tenant refused the client, in sentences; nil otherwise.
  public static func retry(
    _ transcript: Transcript, _ configuration: FlowConfiguration
  ) -> String? {
    AuthenticationRetry(transcript, configuration).map { retry in
      "Run again with \(retry.option) to \(retry.offer)." + (retry.trap.map { " " + $0 } ?? "")
    }
  }
}
