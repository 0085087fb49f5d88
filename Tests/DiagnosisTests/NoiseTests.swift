import Diagnosis
import OpenID
import Testing
import TestSupport

/// What happens to a text between a provider and a paste box.
enum Noise: String, CaseIterable, Sendable {
  case wrapsAtBlanks, hardWraps, indentedWraps, windowsLines, upperCase, percent, percentTwice
  case json, htmlEntities, ansiColours, lostEscapes, curlyQuotes, containerPrefixes, quoted
  case percentThenWrapped, surrounded

  func apply(_ text: String, _ random: inout SeededGenerator) -> String {
    switch self {
    case .wrapsAtBlanks:
      return String(text.map { $0 == " " && Bool.random(using: &random) ? "\n" : $0 })
    case .hardWraps: return Self.wrap(text, Int.random(in: 17...90, using: &random), "\n")
    case .indentedWraps: return Self.wrap(text, Int.random(in: 20...90, using: &random), "\n    ")
    case .windowsLines: return Self.wrap(text, 60, "\r\n")
    case .upperCase: return text.uppercased()
    case .percent: return PercentEncoding.encode(text)
    case .percentTwice: return PercentEncoding.encode(PercentEncoding.encode(text))
    case .json: return "{\"log\":" + JSONValue.string(text).compactText + ",\"stream\":\"stderr\"}"
    case .htmlEntities:
      return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        .replacing("'", with: "&#x27;").replacing("\"", with: "&#34;")
    case .ansiColours:
      return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
        Bool.random(using: &random)
          ? "\u{1B}[1;3\(Int.random(in: 0...7, using: &random))m\(word)\u{1B}[0m" : String(word)
      }.joined(separator: " ")
    case .lostEscapes: return "[31m" + text.replacing(" ", with: " [0m") + "[0m"
    case .curlyQuotes:
      return text.replacing("'", with: "\u{2019}").replacing("\"", with: "\u{201D}")
    case .containerPrefixes:
      return text.split(separator: "\n", omittingEmptySubsequences: false)
        .flatMap { Self.wrap(String($0), 70, "\n").split(separator: "\n") }
        .map { "app-1  | " + $0 }.joined(separator: "\n")
    case .quoted:
      return text.split(separator: "\n", omittingEmptySubsequences: false).map { "> " + $0 }
        .joined(separator: "\n")
    case .percentThenWrapped: return Self.wrap(PercentEncoding.encode(text), 64, "\n")
    case .surrounded:
      let line = "2026-11-22 10:12:13 DEBUG pool-3 GET /health 200 1 ms\n"
      return String(repeating: line, count: 40) + text + "\n" + String(repeating: line, count: 40)
    }
  }

  private static func wrap(_ text: String, _ width: Int, _ separator: String) -> String {
    var output = ""
    for (index, character) in text.enumerated() {
      if index > 0, index % width == 0 { output += separator }
      output.append(character)
    }
    return output
  }
}

@Suite struct `Noise around an answer` {
  @Test(arguments: Noise.allCases)
  func `does not hide what a provider says`(noise: Noise) {
    var random = SeededGenerator(seed: 0x5EED)
    var missed: [String] = []
    for sample in Sample.all {
      let noisy = noise.apply(sample.text, &random)
      let evidence = DiagnosisEvidence(pasted: noisy, issuer: sample.issuerURL)
      let matches = DiagnosisEngine.diagnose(evidence: evidence)
      if matches.first?.id != sample.id {
        missed.append("\(sample.id): \(matches.map(\.id))")
      }
    }
    #expect(missed == [])
  }

  @Test func `of any bytes never stops the reader`() {
    var random = SeededGenerator(seed: 7)
    let marks = Array("%&\\\u{1B}[]<>;#xu0aF|\n\r\"'_ h".unicodeScalars)
    for _ in 0..<400 {
      var text = ""
      for _ in 0..<Int.random(in: 0...120, using: &random) {
        text.unicodeScalars.append(marks[Int.random(in: 0..<marks.count, using: &random)])
      }
      #expect(DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text)).count <= 5)
    }
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "2026-11-22 10:12:13 INFO nothing happened here at all\n", "<a ", "&#x", "%2", "\\u00",
      "\u{1B}]0;", "error invalid_grant ", "expected https://a.example got ", "client ", "[0;0",
      "Grant type ", "http", "AADSTS", "issuer https://a.example/ https://a.example ", "h\n",
      "http\n",
    ])
  func `of a megabyte takes time in proportion`(unit: String) {
    func seconds(_ bytes: Int) -> Duration {
      let text = String(repeating: unit, count: bytes / unit.utf8.count)
      return ProcessorClock().measure {
        _ = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text))
      }
    }
    _ = seconds(1024)
    let quarter = seconds(256 * 1024)
    let whole = seconds(1024 * 1024)
    // Four times the text; twice that allows for a busy machine, squared would be sixteen.
    #expect(whole < quarter * 10 + .milliseconds(300), "\(unit): \(quarter) \(whole)")
  }

  @Test func `before and behind a very long text is still read`() {
    let filler = String(repeating: "nothing to see here\n", count: 120_000)
    let answer = json("invalid_grant", "Code not valid")
    for text in [answer + filler, filler + answer] {
      let matches = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: text))
      #expect(matches.first?.id == "keycloak-code-invalid")
    }
  }
}
