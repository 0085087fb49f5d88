@testable import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import Session
@testable import TextUI

struct HoldersTests {
  private static func text(_ model: ExplorerModel) -> String {
    Reader(model).holders().laid(90).map { $0.text + $0.note.map(\.text).joined() }
      .joined(separator: "\n")
  }

  /// The title of the reason that belongs to each stage; nil where there is none.
  static let reasons: [Stage: String] = [
    .authorize: "Why only a digest", .authenticate: "Why at the tenant",
    .callback: "Why form_post", .exchange: "Why a code", .tokens: "Why two ID tokens",
    .api: "Why only the access token",
  ]

  @Test(arguments: Stage.allCases)
  func `each reason is told at its own stage and at no other`(stage: Stage) {
    let text = Self.text(Sample.walk[stage.number - 1])
    for (place, reason) in Self.reasons {
      #expect(text.contains(reason) == (place == stage), "\(reason)\n\(text)")
    }
  }

  @Test func `without a first ID token nothing is said of two`() throws {
    let machines = try ScriptedRun.afterEachStage { $0.responseType = .codeToken }
    let machine = try #require(machines.dropFirst(7).first)
    var model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    model.update(
      transcript: machine.transcript, situation: machine.situation, at: Sample.moment(machine))
    #expect(model.shownStage == .tokens)
    let text = Self.text(model)
    #expect(text.contains("Why two access tokens") && !text.contains("two ID tokens"))
  }

  @Test(arguments: [
    (Stage.callback, ["+ code ", "+ id_token "], ["  state", "  password"]),
    (.exchange, ["+ client_secret"], ["  nonce", "  state"]),
    (.tokens, ["+ access_token", "+ id_token (2)"], ["  code ", "  id_token "]),
  ])
  func `new values and new holders are marked, not by colour alone, and come first`(
    stage: Stage, new: [String], old: [String]
  ) throws {
    let rows = Reader(Sample.walk[stage.number - 1]).holders().laid(80).map(\.text)
    let border = try #require(rows.firstIndex { $0.contains("as before") })
    for name in new {
      let row = try #require(rows.firstIndex { $0.hasPrefix(name) }, "\(rows)")
      #expect(row < border && rows[row].contains("\u{25CF}+"))
    }
    for name in old {
      let row = try #require(rows.lastIndex { $0.hasPrefix(name) }, "\(rows)")
      #expect(!rows[row].contains("+") == (row > border), "\(rows[row])")
    }
  }

  @Test func `a new holder of an old value is marked`() throws {
    // The verifier is the application's from stage 1 on, and the tenant's from stage 6.
    let rows = Reader(Sample.walk[5]).holders().laid(80).map(\.text)
    let row = try #require(rows.first { $0.hasPrefix("  code_verifier") })
    #expect(row.contains("\u{25CF}+") && row.contains("\u{25CF} "))
  }

  @Test func `where nothing changes hands it says so`() {
    #expect(Self.text(Sample.walk[9]).contains("nothing new here"))
  }
}
