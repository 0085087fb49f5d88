import Anatomy
import Foundation
import HybridFlow
import OpenID
import Session
import TestSupport
import Testing

struct ShellRecipeTests {
  /// The values of a stage by the names of the variables.
  private static func values(
    _ record: StageRecord, _ transcript: Transcript
  ) -> [String: String] {
    var values: [String: String] = [:]
    for token in record.tokens { values[token.use.rawValue.uppercased()] = token.text }
    let answers = transcript.stages.flatMap(\.values)
    for name in ["code", "state", "code_verifier"] {
      values[name.uppercased()] = answers.last { $0.name == name }?.value
    }
    return values
  }

  @Test(arguments: ResponseType.allCases)
  func `every line gives what stands in the run`(type: ResponseType) throws {
    let machines = try ScriptedRun.afterEachStage { $0.responseType = type }
    let transcript = try #require(machines.last).transcript
    var told: Set<String> = []
    for record in transcript.stages {
      var values = Self.values(record, transcript)
      let front = transcript.token(.accessToken, .front)?.text
      if record.stage == .callback { values["ACCESS_TOKEN"] = front }
      for recipe in ShellRecipe.all(for: record, of: transcript) {
        told.insert(recipe.what)
        var expected = ""
        switch recipe.variables {
        case ["CODE_VERIFIER"]:
          expected = try #require(
            transcript.stages.flatMap(\.values).first { $0.name == "code_challenge" }
          ).value
        case ["CLIENT_ID", "CLIENT_SECRET"]:
          let header = try #require(
            record.messages.compactMap { $0.headers["Authorization"] }.first)
          expected = String(header.dropFirst("Basic ".count))
          let words = String(decoding: try Base64.decode(expected), as: UTF8.self).split(
            separator: ":", maxSplits: 1)
          values["CLIENT_ID"] = String(words[0])
          values["CLIENT_SECRET"] = String(words[1])
        default:
          let words = recipe.what.split(separator: " ").map(String.init)
          if let claim = words.first(where: { $0.hasSuffix("_hash") }) {
            let token = try #require(record.tokens.first { $0.use == .idToken })
            expected = try #require(token.claims?[claim]?.string)
          } else {
            let token = try #require(
              record.tokens.first { $0.use.rawValue.uppercased() == recipe.variables[0] })
            let anatomy = try #require(TokenAnatomy(token.text))
            let segment = try #require(anatomy.segments.first { $0.name == words[0] })
            expected = String(decoding: segment.bytes, as: UTF8.self)
          }
        }
        for variable in recipe.variables { #expect(values[variable] != nil, "\(variable)") }
        let given = recipe.variables.map { values[$0] ?? "" }
        let names = recipe.variables.enumerated().map { "\($1)=$\($0 + 1)\n" }
        let output = try Script.run(
          "/bin/sh", ["-c", names.joined() + recipe.line, "sh"] + given, input: Data())
        #expect(String(decoding: output, as: UTF8.self) == expected, "\(recipe.line)")
      }
    }
    #expect(told.count >= 7, "\(told.sorted())")
  }
}
