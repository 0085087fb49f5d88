import OpenID

/// Finds the likely cause of a failure, and says how certain it is.
///
/// An empty result is fine: a wrong cause wastes more time than none.
public enum DiagnosisEngine {
  /// Every row of the table.
  public static let rows: [DiagnosisRow] =
    auth0Rows + auth0RunRows + keycloakRows + keycloakTokenRows + oktaRows + entraSetupRows
    + entraPersonRows + entraRequestRows + googleRows + appleRows + adfsRows + productRows
    + serverRows
    + libraryRows + microsoftLibraryRows + nodeLibraryRows + goLibraryRows + serverLibraryRows
    + pythonPHPRows + moreLibraryRows + keycloakEventRows + moreProductRows + runRows + refusedRows
    + codeRows + certificateRows + pushedRequestRows + proofRows

  /// How many matches are worth showing.
  private static let matchLimit = 5

  /// The rows that fit, best first; empty when nothing is known.
  public static func diagnose(evidence: DiagnosisEvidence) -> [DiagnosisMatch] {
    var found: [Candidate] = []
    for (index, row) in rows.enumerated() {
      if let candidate = best(row, index, evidence) { found.append(candidate) }
    }
    found.sort { left, right in
      if left.confidence != right.confidence { return left.confidence > right.confidence }
      if left.score != right.score { return left.score > right.score }
      return left.index < right.index
    }
    let hasRow = found.contains { isBySubstance($0) || agrees($0, evidence) }
    let said = sentenceMatch(evidence, hasRow: hasRow)
    // What the provider says in words outranks what the code alone would mean.
    if said != nil { found.removeAll { !hasSubstance($0) } }
    // Next to a certain match, a guess only distracts.
    let best = found.first?.confidence ?? .low
    let worth = found.filter { best < .high || $0.confidence > .low }
    var matches = [said].compactMap { $0 } + worth.map { match($0) }
    // How an error came never hides what it says.
    matches = matches.filter { !ways.contains($0.id) } + matches.filter { ways.contains($0.id) }
    return Array(ValueAdvice.applied(to: matches, evidence).prefix(matchLimit))
  }

  private static func match(_ candidate: Candidate) -> DiagnosisMatch {
    let row = rows[candidate.index]
    return DiagnosisMatch(
      id: row.id, confidence: candidate.confidence, provider: row.provider, blame: row.blame,
      cause: row.cause, fix: row.fix, basis: row.patterns[candidate.pattern].basis(row.provider),
      source: row.source.description)
  }

  /// Whether a row rests on words or on what a run showed, and not on an error code alone.
  private static func hasSubstance(_ candidate: Candidate) -> Bool {
    let pattern = rows[candidate.index].patterns[candidate.pattern]
    return !pattern.phrases.isEmpty || !pattern.facts.isEmpty
  }

  /// Whether a provider's row for a code speaks of the same thing as the words beside the code.
  private static func agrees(_ candidate: Candidate, _ evidence: DiagnosisEvidence) -> Bool {
    let row = rows[candidate.index]
    guard candidate.confidence > .low, row.provider != .generic, let finding = evidence.finding
    else { return false }
    return row.patterns[candidate.pattern].codes.contains { code in
      evidence.codes.contains(code) && finding.subject.codes.contains(code)
    }
  }

  private static func isBySubstance(_ candidate: Candidate) -> Bool {
    candidate.confidence > .low && hasSubstance(candidate)
      && !ways.contains(rows[candidate.index].id)
  }

  /// Rows that tell only the way on which an error came.
  private static let ways: Set<String> = ["run-error-by-query", "wso2-error-by-redirect"]

  private struct Candidate {
    let index: Int
    let pattern: Int
    let confidence: DiagnosisConfidence
    let score: Int
  }

  private static func best(
    _ row: DiagnosisRow, _ index: Int, _ evidence: DiagnosisEvidence
  ) -> Candidate? {
    var best: Candidate?
    let prepared = DiagnosisIndex.shared.phrases[index]
    // By index: this is done for every pattern of the table.
    for number in row.patterns.indices {
      guard let (level, score) = judge(row, row.patterns[number], prepared[number], evidence),
        let confidence = DiagnosisConfidence(rawValue: min(level, 3))
      else { continue }
      let candidate = Candidate(
        index: index, pattern: number, confidence: confidence, score: score)
      if best.map({ (confidence, score) > ($0.confidence, $0.score) }) ?? true {
        best = candidate
      }
    }
    return best
  }

  /// The level from 1, and a score to order rows of the same level; nil when the row does not fit.
  private static func judge(
    _ row: DiagnosisRow, _ pattern: DiagnosisPattern, _ phrases: [Phrase],
    _ evidence: DiagnosisEvidence
  ) -> (level: Int, score: Int)? {
    guard pattern.facts.allSatisfy(evidence.facts.contains) else { return nil }
    let hasCode = pattern.codes.contains(where: evidence.codes.contains)
    if pattern.needsCode, !hasCode { return nil }
    var length = 0
    if !phrases.isEmpty {
      guard let found = evidence.find(phrases) else { return nil }
      length = found
    }
    if let place = evidence.place, !row.places.isEmpty, !row.places.contains(place),
      pattern.strength != .literal
    {
      return nil
    }
    guard let agreement = agreement(row, pattern, evidence) else { return nil }
    let hasStatus = pattern.statuses.contains(where: evidence.statuses.contains)
    var level = pattern.strength.rawValue
    let support = [hasCode, hasStatus, agreement > 0].filter { $0 }.count
    switch pattern.strength {
    case .literal: break
    case .wording: level += support > 0 ? 1 : 0
    case .hint: level += support > 1 ? 1 : 0
    }
    if agreement < 0 { level -= 1 }
    guard level > 0 else { return nil }
    let score =
      pattern.strength.rawValue * 100 + support * 60 + pattern.facts.count * 110 + min(length, 99)
    return (level, score)
  }

  /// 1 when the provider is known to be the row's, -1 when it seems to be another, 0 when it is
  /// unknown; nil when the row must not match.
  private static func agreement(
    _ row: DiagnosisRow, _ pattern: DiagnosisPattern, _ evidence: DiagnosisEvidence
  ) -> Int? {
    guard row.provider != .generic else { return 0 }
    if let provider = evidence.provider {
      if provider == row.provider { return 1 }
      // A provider may pass on the words of another provider through which people sign in.
      return pattern.strength == .literal && !pattern.needsProvider ? -1 : nil
    }
    if evidence.namedProviders.contains(row.provider) { return 1 }
    if pattern.needsProvider { return nil }
    guard !evidence.namedProviders.isEmpty else { return 0 }
    switch pattern.strength {
    case .literal: return 0
    case .wording: return -1
    case .hint: return nil
    }
  }
}
