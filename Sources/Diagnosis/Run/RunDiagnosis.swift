import HybridFlow
import OpenID

/// Why a run failed and who has to change something, from everything that is known about it.
///
/// The screen, the text, JSON and every export show this one value, so that none of them can say
/// something else.
public struct RunDiagnosis: Sendable, Equatable {
  /// The failure, as the run noticed it.
  public let failure: FlowFailure
  /// The stage that failed; nil for an action after the flow.
  public let stage: Stage?
  /// Who has to change something; nil when nobody has to.
  public let blame: Blame?
  /// Cause, fix, values, and how sure it is; its blame is ``blame``.
  public var match: DiagnosisMatch
  /// The other way to send the client's secret, if the tenant refused the client.
  public let retry: AuthenticationRetry?

  /// Diagnoses a run; nil for a run that has not failed.
  public init?(_ transcript: Transcript, _ configuration: FlowConfiguration) {
    guard let failure = transcript.firstFailure else { return nil }
    let evidence = DiagnosisEvidence(transcript: transcript, configuration: configuration)
    let facts = RunFacts(transcript, configuration, evidence, failure)
    var match = Self.match(facts)
    // What was done on purpose comes before what it looks like.
    match.blame =
      transcript.culprit
      ?? (match.isRecognized && match.confidence >= facts.confidenceToBlame
        && !Self.isOfCodeAlone(match)
        ? match.blame : RunBlame.of(failure, evidence))
    for remark in facts.remarks where !match.cause.holds(remark) { match.cause += " " + remark }
    if match.values.isEmpty { match.values = facts.values }
    self.failure = failure
    stage = facts.stage
    blame = match.blame
    self.match = match
    retry = AuthenticationRetry(transcript, configuration)
  }

  /// Rows about how an error came, not about what it says.
  private static let aboutCarriage: Set<String> = [
    "run-error-by-query", "run-state-unknown", "run-answer-in-fragment", "run-form-post-ignored",
    "run-empty-form",
  ]

  /// Rows that say less than what the run shows by itself.
  private static let vague: Set<String> = [
    "run-state-unknown", "run-form-post-ignored", "run-code-too-old", "run-second-id-token-missing",
    "run-response-type-short", "run-token-endpoint-redirects",
  ]

  /// Whether nothing but an error's code fits, which several causes share.
  private static func isOfCodeAlone(_ match: DiagnosisMatch) -> Bool {
    match.id.begins(with: "code-")
  }

  private static func match(_ facts: RunFacts) -> DiagnosisMatch {
    let own = facts.finding
    if let own, own.confidence == .high { return own }
    var rows = DiagnosisEngine.diagnose(evidence: facts.evidence)
    if facts.error != nil || !facts.asksForFormPost {
      rows.removeAll { aboutCarriage.contains($0.id) }
    }
    if let own {
      rows.removeAll { vague.contains($0.id) }
      // Who else was named in a foreign issuer says nothing about the provider that was asked.
      if own.blame == .attacker {
        rows.removeAll { $0.provider != .generic || $0.id.begins(with: "library-issuer") }
      }
    }
    // The demo tenant uses Auth0's messages, but has no console.
    if facts.configuration.observesTenant { rows.removeAll { $0.provider != .generic } }
    if let best = rows.first(where: { !isOfCodeAlone($0) }), best.confidence >= .medium {
      return best
    }
    return own ?? rows.first ?? DiagnosisEngine.fallback(evidence: facts.evidence)
      ?? facts.made(
        "next-unknown", .low, nil, "The run failed.", "Look at the stage that failed.")
  }
}
