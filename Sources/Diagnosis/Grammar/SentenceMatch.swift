import HybridFlow
import OpenID

extension DiagnosisEngine {
  /// Explains the words with which a provider refused a login, wherever they were met.
  ///
  /// Best first. Without a match it still says which OAuth error it is; empty when nothing is known.
  public static func explanation(
    words: String, issuer: WebURL? = nil, place: DiagnosisPlace? = nil
  ) -> [DiagnosisMatch] {
    var evidence = DiagnosisEvidence(words, issuer, .refusal)
    evidence.place = place
    return diagnose(evidence: evidence)
  }

  /// What the sentences of a text say; nil when a row of the table says it with more right.
  static func sentenceMatch(_ evidence: DiagnosisEvidence, hasRow: Bool) -> DiagnosisMatch? {
    guard !hasRow, let finding = evidence.finding, !isBesideTheCode(finding, evidence) else {
      return nil
    }
    let advice = finding.advice
    let provider = evidence.provider ?? only(evidence.namedProviders) ?? .generic
    var fix = advice.fix
    if let place = provider.place(of: finding.subject) {
      fix += " In \(provider.title): \(place)."
    }
    if let library = only(evidence.libraries),
      let setting = library.setting(for: finding.subject)
    {
      fix += " \(setting)"
    }
    return DiagnosisMatch(
      id: advice.id, confidence: .medium, provider: provider, blame: advice.blame,
      cause: advice.cause, fix: fix,
      basis: "the text names it and says what is wrong; no more than these words is known",
      source: "read from the words of the text")
  }

  /// Whether a code names what is wrong, and the sentence only what could not be had because of it.
  ///
  /// "cannot fetch token: invalid_client" is about the client.
  private static func isBesideTheCode(
    _ finding: GrammarFinding, _ evidence: DiagnosisEvidence
  ) -> Bool {
    // The row of the code says the same in more words; a code that a line break cuts reads like a
    // sentence.
    if finding.subject == .dpop, evidence.codes.contains("invalid_dpop_proof") { return true }
    let vague: Set<GrammarSubject> = [
      .token, .accessToken, .idToken, .pushedRequest, .session, .user, .discovery,
    ]
    let telling: Set<String> = [
      "invalid_client", "invalid_redirect_uri", "redirect_uri_mismatch", "redirect_mismatch",
      "invalid_scope", "unsupported_response_type", "unsupported_response_mode",
      "unsupported_grant_type", "invalid_request_object", "invalid_dpop_proof",
    ]
    return vague.contains(finding.subject) && finding.subject.codes.isDisjoint(with: evidence.codes)
      && !telling.isDisjoint(with: evidence.codes)
  }

  /// The one member of a set; nil when there are none or several.
  private static func only<Member>(_ set: Set<Member>) -> Member? {
    set.count == 1 ? set.first : nil
  }
}
