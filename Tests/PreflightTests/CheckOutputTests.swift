import HybridFlow
import Network
import OpenID
import Testing

@testable import Commands
@testable import Preflight
@testable import Session
@testable import Settings

/// What `check` prints: who has to change something, and whole sentences.
@Suite(.timeLimit(.minutes(1))) struct CheckOutputTests {
  private func output(_ made: HandMade, json: Bool) throws -> String {
    let sink = Collected()
    let connection = Connection(
      configuration: try made.configuration(), session: SessionOptions(), isDemo: false,
      usesRealBrowser: true)
    let face = CheckCommand(connection, loop: made.loop, sink: sink, isJSON: json)
    #expect(face.run() == .exit(5))
    return sink.text
  }

  @Test func `each error says whose it is, in text and in JSON`() throws {
    for (status, blame) in [(502, Blame.provider), (302, .settings)] {
      let made = try HandMade.good()
      made.answers["/.well-known/openid-configuration"] = HTTPResponse(
        status: status, headers: ["Location": "https://else.example/"])
      #expect(try output(made, json: false).contains("Who: \(blame.words)."))
      let lines = try output(made, json: true).split(separator: "\n").map {
        try JSONParser.parse(Array($0.utf8))
      }
      let finding = lines.first { $0["id"]?.string == "discovery" }
      #expect(finding?["blame"]?.string == blame.rawValue)
      let good = lines.first { $0["severity"]?.string == "info" }
      #expect(good?["blame"] == JSONValue.null)
    }
  }

  @Test func `what OpenSSL says is not cut at a colon`() throws {
    let made = try HandMade.good()
    let issuer = "https://127.0.0.1:\(made.port)"
    let sink = Collected()
    let connection = Connection(
      configuration: try made.configuration(issuer), session: SessionOptions(), isDemo: false,
      usesRealBrowser: true)
    let face = CheckCommand(connection, loop: made.loop, sink: sink, isJSON: false)
    #expect(face.run() == .exit(5))
    let text = sink.text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(text.contains("speaks plain http, where https is asked for."))
    #expect(text.contains("wrong version number"))
    #expect(text.contains("Fix: Give the port at which https is spoken"))
    #expect(text.contains("Who: \(Blame.settings.words)."))
    let lines = sink.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < 80 || !$0.dropFirst(9).contains(" ") })
  }
}
