import Foundation
import HybridFlow
import OpenID
import Testing

/// What a run says of the mistakes that people make, each made at a provider on loopback.
@Suite(.timeLimit(.minutes(3))) struct MistakeTests {
  @Test(arguments: Mistake.all)
  func `each mistake is named, with its stage and with who has to change it`(
    _ mistake: Mistake
  ) throws {
    let said = try Said(mistake)
    let told = "\(mistake.name): \(said.result.compactText)"
    #expect(said.failedStage == mistake.stage, "\(told)")
    let blame = mistake.blame.map { JSONValue.string($0.rawValue) } ?? .null
    #expect(said.result["blame"] == blame, "\(told)")
    let diagnosis = said.result["diagnosis"]
    let words = ["cause", "fix", "retry"].compactMap { diagnosis?[$0]?.string }.joined(
      separator: " ")
    let inJSON = "\(said.result["message"]?.string ?? "") \(words)".lowercased()
    let inText = Self.ending(of: said.text).lowercased()
    for wanted in mistake.says {
      let ways = wanted.lowercased().split(separator: "|")
      #expect(ways.contains { inJSON.contains($0) }, "\(wanted) in \(told)")
      #expect(ways.contains { inText.contains($0) }, "\(wanted) in \(Self.ending(of: said.text))")
    }
    for untrue in mistake.never {
      #expect(!inJSON.contains(untrue.lowercased()), "\(untrue) in \(told)")
    }
    // Nobody who has to change something is named when there is nothing to change.
    let who = mistake.blame?.rawValue ?? "nobody"
    #expect(inText.contains("to blame: \(who)"), "\(Self.ending(of: said.text))")
  }

  /// From the line of the failure on.
  private static func ending(of text: String) -> String {
    text.range(of: "\nFailed").map { String(text[$0.lowerBound...]) } ?? text
  }
}
