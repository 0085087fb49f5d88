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
    guard !hasRow, let finding = evidence.finding else { return nil }
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

  /// The one member of a set; nil when there are none or several.
  private static func only<Member>(_ set: Set<Member>) -> Member? {
    set.count == 1 ? set.first : nil
  }
}
