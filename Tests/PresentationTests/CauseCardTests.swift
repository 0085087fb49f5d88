import OpenID
import Testing

@testable import Diagnosis
@testable import HybridFlow
@testable import Presentation
@testable import TextUI

/// The card of a cause: the first thing on the screen, and enough to act on.
@Suite struct CauseCardTests {
  private static let views: [DetailView] = [
    .story, .wire, .decoded, .checks, .holders, .compare, .page,
  ]

  private static func failed(_ match: DiagnosisMatch, _ blame: Blame?) throws -> ExplorerModel {
    var model = try Sample.failed()
    model.advice = CauseDocument(stage: .callback, match, blame: blame)
    return model
  }

  private static func match(_ cause: String, _ fix: String) -> DiagnosisMatch {
    DiagnosisMatch(
      id: "x", confidence: .high, provider: .generic, blame: .settings, cause: cause, fix: fix,
      values: [
        ComparedValue("sent", "http://localhost:8910/callback"),
        ComparedValue("the tenant", "Redirect URI http://localhost:8910/callback is unknown."),
      ], basis: "the tenant says so itself", source: "none")
  }

  @Test(arguments: views)
  func `every view of the stage that failed begins with the card`(view: DetailView) throws {
    var model = try Self.failed(
      Self.match("The redirect URI is not registered. It was sent so.", "Add it at Clients."),
      .settings)
    model.view = view
    let lines = model.lines(ScreenSize(columns: 80, rows: 24))
    let top = try #require(lines.firstIndex { $0.contains("Stopped at stage 5") })
    #expect(lines[top].contains("your settings"))
    let card = lines[top...].prefix(13).joined(separator: "\n")
    for words in [
      "\u{2717} The redirect URI is not registered.", "sent        http://localhost:8910/callback",
      "the tenant", "Change it", "Add it at Clients.", "Why", "It was sent so.",
      "sure, because the tenant says so itself",
    ] {
      #expect(card.contains(words), "\(view.id): \(words)\n\(card)")
    }
  }

  @Test func `what to change fits into a small window, whatever the row`() throws {
    for row in DiagnosisEngine.rows {
      var match = Self.match(row.cause, row.fix)
      match.id = row.id
      let model = try Self.failed(match, row.blame)
      let lines = model.lines(ScreenSize(columns: 80, rows: 24))
      let start = lines.firstIndex { $0.contains("Change it") }
      let last = row.fix.split(separator: " ").last ?? ""
      let rest = start.map { lines[$0...].joined(separator: "\n") } ?? ""
      #expect(rest.contains(last), "\(row.id)\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test func `the first sentence is the headline, and quotation marks are kept together`() {
    for (text, first, rest) in [
      ("One. Two.", "One.", "Two."), ("One", "One", ""),
      ("It is 1.0 of it. And more. Yes.", "It is 1.0 of it.", "And more. Yes."),
      (
        "It says \u{201C}No. Never.\u{201D} and ends. Look there.",
        "It says \u{201C}No. Never.\u{201D} and ends.", "Look there."
      ),
    ] {
      let parts = CauseDocument.firstSentence(of: text)
      #expect(parts.first == first && parts.rest == rest)
    }
  }

  @Test func `nobody is blamed where nobody has to change anything`() throws {
    let cause = CauseDocument(stage: nil, Self.match("A.", "B."), blame: nil)
    #expect(cause.who == CauseDocument.nobody && cause.title == "Failed after the flow")
  }
}
