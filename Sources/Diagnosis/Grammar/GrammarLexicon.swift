import OpenID

/// The grammar's words, prepared for reading; built once.
struct GrammarLexicon: Sendable {
  /// A phrase of known words.
  struct Entry<Meaning: Sendable>: Sendable {
    let words: [Int]
    let meaning: Meaning
  }
  struct SubjectMeaning: Sendable {
    let subject: GrammarSubject
    let isShared: Bool
  }
  struct SymptomMeaning: Sendable {
    let symptom: GrammarSymptom
    let kind: SymptomWords.Kind
  }

  static let shared = GrammarLexicon()

  /// Numbers of known words, from 1, by their hash.
  private(set) var numbers: [UInt64: Int] = [:]
  /// Phrases by their first word, the longest first.
  private(set) var subjects: [[Entry<SubjectMeaning>]] = []
  private(set) var symptoms: [[Entry<SymptomMeaning>]] = []
  private(set) var signs: [[Entry<GrammarSign>]] = []
  /// Hashes of OAuth's error codes, which are no sentence.
  private(set) var codes: Set<UInt64> = []
  /// Hashes of names whose value is a sentence, such as `error_description`.
  private(set) var descriptions: Set<UInt64> = []

  /// Of these, the names that only OAuth has.
  let oauthDescriptions: Set<UInt64> = Set(
    ["error_description", "errordescription", "oautherrormsg", "error_reason"].map {
      hash(Array($0.utf8))
    })

  private init() {
    var byFirst: [Int: [Entry<SubjectMeaning>]] = [:]
    for group in SubjectWords.all {
      for phrase in group.phrases {
        let words = number(phrase)
        guard let first = words.first else { continue }
        let meaning = SubjectMeaning(subject: group.subject, isShared: group.isShared)
        byFirst[first, default: []].append(Entry(words: words, meaning: meaning))
      }
    }
    var symptomsByFirst: [Int: [Entry<SymptomMeaning>]] = [:]
    for group in SymptomWords.all {
      for phrase in group.phrases {
        let words = number(phrase)
        guard let first = words.first else { continue }
        let meaning = SymptomMeaning(symptom: group.symptom, kind: group.kind)
        symptomsByFirst[first, default: []].append(Entry(words: words, meaning: meaning))
      }
    }
    var signsByFirst: [Int: [Entry<GrammarSign>]] = [:]
    for (sign, list) in GrammarSign.words {
      for phrase in list.split(atAnyOf: ",") {
        let words = number(String(phrase))
        guard let first = words.first else { continue }
        signsByFirst[first, default: []].append(Entry(words: words, meaning: sign))
      }
    }
    // Names that look as if they spoke of a login, and are those of a language.
    for name in Self.otherNames { _ = number(name) }
    subjects = Self.table(byFirst, count: numbers.count)
    symptoms = Self.table(symptomsByFirst, count: numbers.count)
    signs = Self.table(signsByFirst, count: numbers.count)
    codes = Set(DiagnosisIndex.vocabulary.map { Self.hash(Array($0.utf8)) })
    descriptions = Set(
      [
        "error_description", "error_message", "errorSummary", "error_reason", "errorMessage",
        "message", "detail", "title", "reason", "msg", "description", "errorDescription",
        "oauthErrorMsg", "error_summary", "err", "details", "error_detail",
      ].map { Self.hash(Array($0.asciiLowercased.utf8)) })
  }

  private static let otherNames = [
    "illegalstateexception", "illegalargumentexception", "invalidoperationexception",
    "invalidstateerror", "invalidaccesserror", "keyerror", "typeerror", "keynotfoundexception",
  ]

  private static func table<Meaning>(
    _ entries: [Int: [Entry<Meaning>]], count: Int
  ) -> [[Entry<Meaning>]] {
    (0...count).map { index in
      (entries[index] ?? []).sorted { $0.words.count > $1.words.count }
    }
  }

  private mutating func number(_ phrase: String) -> [Int] {
    phrase.split(atAnyOf: " _").map { word in
      let hash = Self.hash(Array(word.utf8))
      if let known = numbers[hash] { return known }
      numbers[hash] = numbers.count + 1
      return numbers.count
    }
  }

  /// FNV-1a, of letters in lower case.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash = startOfHash
    for byte in bytes { add(byte, to: &hash) }
    return hash
  }

  static let startOfHash: UInt64 = 0xCBF2_9CE4_8422_2325

  static func add(_ byte: UInt8, to hash: inout UInt64) {
    hash = (hash ^ UInt64(byte.asciiLowercased)) &* 0x100_0000_01B3
  }
}

/// What a word does to the sentence around it.
enum GrammarSign: Sendable, Hashable {
  case negator, weakNegator, condition, story, foreign, otherTrade, login, report

  static let words: [(GrammarSign, String)] = [
    (.negator, SymptomWords.negators), (.weakNegator, SymptomWords.weakNegators),
    (.condition, SymptomWords.conditions), (.story, SymptomWords.stories),
    (.foreign, SymptomWords.foreign),
    (.otherTrade, SymptomWords.otherTrades), (.login, SymptomWords.login),
    (.report, SymptomWords.reports),
  ]
}
