import OpenID

extension GrammarReader {
  /// How much of the text around a sentence tells what the text is about.
  private static let before = 500
  private static let after = 700
  /// How long a text may be that reports an error without saying that it is one.
  private static let bareBytes = 400

  /// What the lines around a sentence say.
  struct Surroundings {
    let isLogin: Bool
    let isReported: Bool
  }

  /// How much speaks for an error that happened; nil for manuals, code and other trades.
  func support(
    _ sentence: GrammarSentence, _ range: Range<Int>, _ around: Surroundings, _ subject: Subject,
    _ symptom: Symptom
  ) -> Int? {
    let inside = signs(sentence.words, leaving: [subject.words, symptom.all])
    guard !signs(sentence.words, leaving: []).contains(.foreign) else { return nil }
    let isLogin =
      setting != .anything || sentence.isOAuth || inside.contains(.login) || around.isLogin
    let isReported = setting == .refusal || sentence.isDescribed || around.isReported
    if subject.meaning.isShared, !(around.isReported && isTelling(subject, symptom)) {
      guard isLogin, !inside.contains(.otherTrade) || sentence.isDescribed else { return nil }
    }
    let end = max(subject.words.upperBound, symptom.words.upperBound)
    let isSupposed =
      inside.contains(.story)
      || signs(Array(sentence.words[..<end]), leaving: [subject.words, symptom.all])
        .contains(.condition)
    if !isReported, isSupposed || !isBareMessage { return nil }
    // A single name, such as one of a counter or a constant, reports nothing by itself.
    if !isReported, !bytes[range].contains(where: { $0 <= 0x20 }) { return nil }
    if symptom.meaning.kind == .demand, !isReported { return nil }
    let isVague = symptom.meaning.symptom == .failed
    if !isReported, generality(subject.meaning.subject, symptom.meaning.symptom) > 4 { return nil }
    if isVague, !isLogin, !isReported { return nil }
    return (sentence.isDescribed ? 40 : 0) + (around.isReported ? 20 : 0) + (isLogin ? 6 : 0)
      - (isVague ? 14 : 0) - (isSupposed ? 8 : 0)
  }

  /// Whether the text is no more than a message: manuals and articles report nothing that happened.
  private var isBareMessage: Bool {
    bytes.count <= Self.bareBytes
      && !bytes.contains { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "|") }
  }

  /// Whether a report of this can hardly be about anything but a token.
  private func isTelling(_ subject: Subject, _ symptom: Symptom) -> Bool {
    [.mismatch, .invalid].contains(symptom.meaning.symptom)
      && [.audience, .issuer, .nonce].contains(subject.meaning.subject)
  }

  private func signs(_ words: [GrammarWord], leaving out: [Range<Int>]) -> Set<GrammarSign> {
    var found: Set<GrammarSign> = []
    for index in words.indices {
      if out.contains(where: { $0.contains(index) }) { continue }
      if words[index].isCode { found.insert(.login) }
      for entry in lexicon.signs[words[index].number]
      where index + entry.words.count <= words.count
        && zip(entry.words, words[index...]).allSatisfy({ $0 == $1.number })
        && !out.contains(where: { $0.contains(index + entry.words.count - 1) })
      {
        found.insert(entry.meaning)
      }
    }
    return found
  }

  /// What the lines around say: that the text is about a login, and that it reports an error.
  func surroundings(_ range: Range<Int>) -> Surroundings {
    let start = paragraphStart(range.lowerBound)
    let end = paragraphEnd(range.upperBound)
    let line = lineStart(range.lowerBound)
    var isLogin = false
    var isReported = false
    GrammarSentences.read(Array(bytes[start..<end]), lexicon, endsAtLines: true) { sentence in
      for word in sentence.words {
        let position = start + word.start
        let isOwn = position >= range.lowerBound && position < range.upperBound
        if !isOwn, word.isCode { (isLogin, isReported) = (true, true) }
        if position < range.upperBound, position >= line, isReport(word, at: start) {
          isReported = true
        }
      }
      // The sentence's own words were looked at before, without its subject.
      if let first = sentence.words.first, !range.contains(start + first.start),
        signs(sentence.words, leaving: []).contains(.login)
      {
        isLogin = true
      }
    }
    return Surroundings(isLogin: isLogin, isReported: isReported)
  }

  /// Whether the word opens the report of an error: `OAuthError:`, `[error]`, `level=warn`, `ERROR`.
  private func isReport(_ word: GrammarWord, at offset: Int) -> Bool {
    guard lexicon.signs[word.number].contains(where: { $0.meaning == .report }) else {
      return false
    }
    let start = offset + word.start
    let end = offset + word.end
    if end < bytes.count, [0x3A, 0x3D, 0x5D, 0x22, 0x27, 0x29].contains(bytes[end]) { return true }
    if start > 0, [0x3A, 0x3D, 0x5B, 0x22].contains(bytes[start - 1]) { return true }
    return bytes[start..<end].allSatisfy { (0x41...0x5A).contains($0) }
  }

  private func lineStart(_ position: Int) -> Int {
    var index = position
    while index > 0, position - index < Self.before, bytes[index - 1] != 0x0A { index -= 1 }
    return index
  }

  private func paragraphStart(_ position: Int) -> Int {
    var index = position
    while index > 0, position - index < Self.before {
      if index > 1, bytes[index - 1] == 0x0A, bytes[index - 2] == 0x0A { break }
      index -= 1
    }
    return index
  }

  private func paragraphEnd(_ position: Int) -> Int {
    var index = position
    while index < bytes.count, index - position < Self.after {
      if bytes[index] == 0x0A, index + 1 < bytes.count, bytes[index + 1] == 0x0A { break }
      index += 1
    }
    return index
  }
}
