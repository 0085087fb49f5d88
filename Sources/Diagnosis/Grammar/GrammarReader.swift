import OpenID

/// A subject and what is said to be wrong with it.
struct GrammarFinding: Sendable {
  let subject: GrammarSubject
  let advice: GrammarAdvice
  /// The higher, the surer it is this sentence that tells the cause.
  let weight: Int
}

/// What is known of a text before it is read.
enum GrammarSetting: Sendable {
  /// Nothing: somebody pasted it.
  case anything
  /// It came up during a login.
  case login
  /// It is the words with which a login was refused.
  case refusal
}

/// Finds sentences that name a part of a login and say what is wrong with it.
struct GrammarReader {
  /// How many sentences are weighed; more of the kind only repeat.
  private static let sentenceLimit = 60
  /// How many pairs of a sentence are tried.
  private static let pairLimit = 6
  /// The most words between a subject and its symptom.
  private static let reach = 11

  let bytes: [UInt8]
  let lexicon = GrammarLexicon.shared
  let setting: GrammarSetting

  private init(_ bytes: [UInt8], _ setting: GrammarSetting) {
    (self.bytes, self.setting) = (bytes, setting)
  }

  /// The finding that decides; nil when no sentence says anything.
  static func best(
    in bytes: [UInt8], _ setting: GrammarSetting, endsAtLines: Bool
  ) -> GrammarFinding? {
    let reader = GrammarReader(bytes, setting)
    var best: GrammarFinding?
    var seen = 0
    GrammarSentences.read(bytes, reader.lexicon, endsAtLines: endsAtLines) { sentence in
      guard seen < sentenceLimit, !sentence.isTrace, reader.isWorthReading(sentence) else { return }
      seen += 1
      guard let found = reader.finding(sentence) else { return }
      if best.map({ found.weight > $0.weight }) ?? true { best = found }
    }
    return best
  }

  private func isWorthReading(_ sentence: GrammarSentence) -> Bool {
    var hasSubject = false
    var hasSymptom = false
    for word in sentence.words where word.number > 0 {
      if !hasSubject { hasSubject = !lexicon.subjects[word.number].isEmpty }
      if !hasSymptom { hasSymptom = !lexicon.symptoms[word.number].isEmpty }
      if hasSubject, hasSymptom { return true }
    }
    // Absence has no word of its own: "no id_token".
    return hasSubject
      && sentence.words.contains { word in
        isNo(word) || lexicon.signs[word.number].contains { $0.meaning == .negator }
      }
  }

  // MARK: One sentence

  struct Subject {
    let meaning: GrammarLexicon.SubjectMeaning
    let words: Range<Int>
  }

  struct Symptom {
    let meaning: GrammarLexicon.SymptomMeaning
    let words: Range<Int>
    /// The words with their negation.
    var all: Range<Int>

    func isNear(_ subject: Subject, _ reach: Int) -> Bool {
      subject.words.lowerBound <= words.upperBound + reach
        && words.lowerBound <= subject.words.upperBound + reach
    }
  }

  private struct Pair {
    let cost: Int
    let subject: Subject
    let symptom: Symptom
    let advice: GrammarAdvice
  }

  private func finding(_ sentence: GrammarSentence) -> GrammarFinding? {
    let words = sentence.words
    let subjects = occurrences(words, lexicon.subjects).map { Subject(meaning: $0, words: $1) }
    let symptoms = self.symptoms(words) + absences(words, subjects)
    var pairs: [Pair] = []
    for symptom in symptoms {
      for subject in subjects where symptom.isNear(subject, Self.reach) {
        guard let cost = cost(subject, symptom, words), let advice = advice(subject, symptom) else {
          continue
        }
        pairs.append(Pair(cost: cost, subject: subject, symptom: symptom, advice: advice))
      }
    }
    guard !pairs.isEmpty, let first = words.first, let last = words.last else { return nil }
    let range = first.start..<last.end
    let around = surroundings(range)
    for pair in pairs.sorted(by: { $0.cost < $1.cost }).prefix(Self.pairLimit) {
      guard let support = support(sentence, range, around, pair.subject, pair.symptom) else {
        continue
      }
      return GrammarFinding(
        subject: pair.subject.meaning.subject, advice: pair.advice,
        weight: support + (pair.subject.meaning.isShared ? 0 : 12) - 2 * pair.cost)
    }
    return nil
  }

  private func advice(_ subject: Subject, _ symptom: Symptom) -> GrammarAdvice? {
    var kind = symptom.meaning.symptom
    // "aud does not contain the client id": it is there, with another value.
    if subject.meaning.subject == .audience, kind == .missing, symptom.meaning.kind == .negatedHas {
      kind = .mismatch
    }
    // "Nothing was sent to the application" says nothing of its id.
    if subject.meaning.subject == .clientID, subject.meaning.isShared, kind == .missing {
      return nil
    }
    return GrammarAdvice.of(subject.meaning.subject, kind)
  }

  /// "no id_token in the answer": what is not there, without a word for it.
  private func absences(_ words: [GrammarWord], _ subjects: [Subject]) -> [Symptom] {
    subjects.compactMap { subject in
      guard Self.canBeAbsent.contains(subject.meaning.subject) else { return nil }
      let start = subject.words.lowerBound
      // "certificate is valid for a.example, not b.example"
      let after = subject.words.upperBound
      if subject.meaning.subject == .certificate, spells(words, after, ["is", "valid", "for"]) {
        return Symptom(
          meaning: GrammarLexicon.SymptomMeaning(symptom: .mismatch, kind: .direct),
          words: after..<(after + 3), all: after..<(after + 3))
      }
      if subject.meaning.subject == .encryption {
        return negator(words, before: start, reach: 3, from: 0, weak: true).map { place in
          Symptom(
            meaning: GrammarLexicon.SymptomMeaning(symptom: .failed, kind: .direct),
            words: place..<(place + 1), all: place..<(place + 1))
        }
      }
      guard subject.meaning.subject != .certificate else { return nil }
      let no = [start - 1, start - 2].first { index in
        index >= 0 && isNo(words[index]) && !words[start].opensClause
      }
      return no.map { no in
        Symptom(
          meaning: GrammarLexicon.SymptomMeaning(symptom: .missing, kind: .direct),
          words: no..<(no + 1), all: no..<(no + 1))
      }
    }
  }

  private static let canBeAbsent: Set<GrammarSubject> = [
    .idToken, .code, .state, .nonce, .accessToken, .refreshToken, .verifier, .redirectURI,
    .clientSecret, .scope, .session, .hash, .encryption, .certificate,
  ]

  private func spells(_ words: [GrammarWord], _ start: Int, _ text: [String]) -> Bool {
    guard start + text.count <= words.count else { return false }
    return zip(words[start...], text).allSatisfy { word, text in
      String(decoding: bytes[word.start..<word.end], as: UTF8.self).asciiLowercased == text
    }
  }

  private func isMarked(_ word: GrammarWord) -> Bool {
    word.end < bytes.count && [0x22, 0x27, 0x3A, 0x3D].contains(bytes[word.end])
  }

  private func isNo(_ word: GrammarWord) -> Bool {
    word.end - word.start == 2 && bytes[word.start].asciiLowercased == UInt8(ascii: "n")
      && bytes[word.start + 1].asciiLowercased == UInt8(ascii: "o")
  }

  private func occurrences<Meaning>(
    _ words: [GrammarWord], _ table: [[GrammarLexicon.Entry<Meaning>]]
  ) -> [(Meaning, Range<Int>)] {
    var found: [(Meaning, Range<Int>)] = []
    var index = 0
    while index < words.count {
      let entry = table[words[index].number].first { entry in
        index + entry.words.count <= words.count
          && zip(entry.words, words[index...]).allSatisfy { $0 == $1.number }
      }
      if words[index].number > 0, let entry {
        found.append((entry.meaning, index..<(index + entry.words.count)))
        index += entry.words.count
      } else {
        index += 1
      }
    }
    return found
  }

  /// The symptoms that are meant: negated where they need it, and not where they must not be.
  private func symptoms(_ words: [GrammarWord]) -> [Symptom] {
    let all = occurrences(words, lexicon.symptoms)
    var found: [Symptom] = []
    for (index, (meaning, range)) in all.enumerated() {
      let previous = index > 0 ? all[index - 1].1.upperBound : 0
      switch meaning.kind {
      case .direct:
        // The name of a field is no symptom.
        if spells(words, range.lowerBound, ["error"]), isMarked(words[range.lowerBound]) {
          continue
        }
        guard negator(words, before: range.lowerBound, reach: 2, from: 0, weak: false) == nil
        else { continue }
        found.append(Symptom(meaning: meaning, words: range, all: range))
      case .neutral: continue
      case .nothing:
        found.append(Symptom(meaning: meaning, words: range, all: range))
      case .demand:
        guard negator(words, before: range.lowerBound, reach: 2, from: 0, weak: false) == nil
        else { continue }
        found.append(Symptom(meaning: meaning, words: range, all: range))
      case .negated, .negatedHas:
        guard
          let start = negator(
            words, before: range.lowerBound, reach: 7, from: previous, weak: false)
        else { continue }
        found.append(Symptom(meaning: meaning, words: range, all: start..<range.upperBound))
      case .negatedVerb:
        guard
          let start = negator(
            words, before: range.lowerBound, reach: 3, from: max(0, previous - 1), weak: true)
        else { continue }
        found.append(Symptom(meaning: meaning, words: range, all: start..<range.upperBound))
      }
    }
    return found
  }

  /// The word that turns around what follows; nil when there is none in the same clause.
  private func negator(
    _ words: [GrammarWord], before index: Int, reach: Int, from lowest: Int, weak: Bool
  ) -> Int? {
    var position = index
    while position > lowest, position > index - reach {
      if words[position].opensClause { return nil }
      position -= 1
      let signs = lexicon.signs[words[position].number].filter { $0.words.count == 1 }
      let isWeak = signs.contains { $0.meaning == .weakNegator }
      if signs.contains(where: { $0.meaning == .negator }), weak || !isWeak { return position }
      // "unable to be verified", "failed to match": weak words count before an infinitive.
      if isWeak, position + 2 <= index, isTo(words[position + 1]) { return position }
    }
    return nil
  }

  private func isTo(_ word: GrammarWord) -> Bool {
    word.end - word.start == 2 && bytes[word.start].asciiLowercased == UInt8(ascii: "t")
      && bytes[word.start + 1].asciiLowercased == UInt8(ascii: "o")
  }

  /// How far apart they are; nil when they cannot belong together.
  private func cost(_ subject: Subject, _ symptom: Symptom, _ words: [GrammarWord]) -> Int? {
    let isInside = symptom.words.overlaps(subject.words)
    guard !isInside else { return nil }
    let isBefore = subject.words.upperBound <= symptom.words.lowerBound
    let gap: Range<Int>
    if isBefore {
      gap = subject.words.upperBound..<symptom.words.lowerBound
    } else {
      gap = symptom.words.upperBound..<subject.words.lowerBound
    }
    guard gap.count <= Self.reach else { return nil }
    let last = isBefore ? symptom.words.lowerBound : subject.words.lowerBound
    let clauses = words[gap.lowerBound...last].filter(\.opensClause).count
    var cost = gap.count + 2 * clauses + (subject.meaning.isShared ? 2 : 0)
    // "was not found", "does not match" stand behind what they speak of; verbs stand before it.
    switch symptom.meaning.kind {
    case .negated: cost += isBefore || symptom.all.contains(subject.words.lowerBound) ? 0 : 3
    case .negatedVerb: cost += isBefore ? 3 : 0
    case .negatedHas:
      cost += subject.meaning.subject == .audience ? -4 : isBefore ? 4 : 0
    case .demand: cost += isBefore ? 0 : 2
    case .nothing: if !isBefore || gap.count > 3 { return nil }
    case .direct, .neutral: break
    }
    // That something failed says less than what else stands there.
    if symptom.meaning.symptom == .failed { cost += 5 }
    cost += generality(subject.meaning.subject, symptom.meaning.symptom)
    // Where one message wraps another, the innermost comes last.
    if !words[symptom.words.upperBound...].contains(where: \.opensClause) { cost -= 2 }
    // A connection that fails for its certificate is told as several failures.
    if subject.meaning.subject == .certificate { cost -= 4 }
    return cost
  }

  /// How little a pair says: a part of it that is named as well says more.
  func generality(_ subject: GrammarSubject, _ symptom: GrammarSymptom) -> Int {
    switch (subject, symptom) {
    case (.idToken, .invalid), (.idToken, .mismatch), (.idToken, .failed), (.token, _),
      (.accessToken, .invalid), (.accessToken, .mismatch):
      7
    case (.clientID, .notAllowed), (.user, .notAllowed), (.code, .notAllowed): 4
    default: 0
    }
  }
}
