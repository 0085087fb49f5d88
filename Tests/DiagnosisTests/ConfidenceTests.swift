import Testing

@testable import Diagnosis

/// How often each level of confidence is right, over every sample there is.
@Suite struct `How sure a diagnosis is` {
  struct Level {
    var right = 0
    var all = 0
    var wrong: [String] = []
  }

  @Test func `is as high as it is right`() {
    var levels: [DiagnosisConfidence: Level] = [:]
    var silent: [String] = []
    for sample in Sample.all + Sample.words {
      let evidence = DiagnosisEvidence(pasted: sample.text, issuer: sample.issuerURL)
      guard let first = DiagnosisEngine.diagnose(evidence: evidence).first else {
        silent.append(sample.id)
        continue
      }
      var level = levels[first.confidence] ?? Level()
      level.all += 1
      if first.id == sample.id {
        level.right += 1
      } else {
        level.wrong.append("\(sample.id) got \(first.id)")
      }
      levels[first.confidence] = level
    }
    print("confidence  right  of")
    for level in DiagnosisConfidence.allCases.reversed() {
      let count = levels[level] ?? Level()
      print("\(level.word)\t\(count.right)\t\(count.all)\t\(count.wrong)")
    }
    let high = levels[.high] ?? Level()
    let medium = levels[.medium] ?? Level()
    #expect(high.all >= 250 && high.right * 100 >= high.all * 99, "\(high.wrong)")
    #expect(medium.all >= 80 && medium.right * 10 >= medium.all * 9, "\(medium.wrong)")
    #expect(silent == [])
  }

  @Test(arguments: Sample.words)
  func `reads by its meaning what no row has`(sample: Sample) {
    let evidence = DiagnosisEvidence(pasted: sample.text, issuer: sample.issuerURL)
    let matches = DiagnosisEngine.diagnose(evidence: evidence)
    #expect(matches.first?.id == sample.id, "\(sample.text) \(matches.map(\.id))")
  }

  @Test func `is never more than medium for words that no row has`() {
    for sample in Sample.requestWords + Sample.clientWords + Sample.tokenWords {
      let evidence = DiagnosisEvidence(pasted: sample.text)
      let first = DiagnosisEngine.diagnose(evidence: evidence).first
      #expect(first?.confidence == .medium && first?.basis.isEmpty == false, "\(sample.id)")
    }
  }
}

/// Words that a probe or a page brought, where it is known that a login was refused.
@Suite struct `Words of a refusal` {
  @Test(arguments: [
    ("Client not found.", "words-client-id-unknown"), ("Unknown client", "words-client-id-unknown"),
    ("RedirectURIError: Doesn't match any registered uris", "registered-uris"),
    ("Invalid callback URL", "words-redirect-uri-unknown"),
    ("Reply address is not registered", "words-redirect-uri-unknown"),
    ("response_type not allowed", "words-response-type-unsupported"),
    ("Scope not allowed", "words-scope-unknown"),
    ("AADSTS50011: The redirect URI is wrong", "entra-reply-address"),
  ])
  func `need no words that say so`(words: String, id: String) {
    let matches = DiagnosisEngine.explanation(words: words, place: .page)
    #expect(matches.first?.id == id, "\(matches.map(\.id))")
  }

  @Test func `of a page about nothing stay unexplained`() {
    #expect(DiagnosisEngine.explanation(words: "Welcome back, please sign in").isEmpty)
    #expect(DiagnosisEngine.explanation(words: "").isEmpty)
  }
}
