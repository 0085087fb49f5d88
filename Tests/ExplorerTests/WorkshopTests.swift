import HybridFlow
import OpenID
import Testing
import TextUI
@testable import Presentation
@testable import Explorer

/// The workshop guide of the README, row by row, with the keys it names and what it promises.
@Suite(.serialized) struct WorkshopTests {
  /// A fault of the guide: what is typed, where it is caught, and by what.
  struct Row: CustomTestStringConvertible, Sendable {
    let fault: String
    let stage: Stage
    let check: String
    var testDescription: String { fault }
  }

  static let rows = [
    Row(fault: "swapped-code", stage: .callback, check: "c-hash-match"),
    Row(fault: "replayed-id-token", stage: .callback, check: "nonce-match"),
    Row(fault: "login-csrf", stage: .callback, check: "state-match"),
    Row(fault: "alg-none", stage: .callback, check: "id-token-alg-none"),
    Row(fault: "hs256-confusion", stage: .callback, check: "id-token-alg-allowlist"),
    Row(fault: "userinfo-of-another-person", stage: .data, check: "userinfo-sub"),
    Row(fault: "mix-up", stage: .callback, check: "response-iss"),
    Row(fault: "swapped-access-token", stage: .callback, check: "at-hash-match"),
    Row(fault: "edited-claims", stage: .callback, check: "id-token-signature"),
  ]

  @Test(.timeLimit(.minutes(2)), arguments: ScreenSize.three)
  func `the lesson of forty-five minutes, read at reading speed`(_ size: ScreenSize) throws {
    let run = try PressedRun(columns: size.columns, rows: size.rows, begin: { $0.present() })
    // 0 to 16 minutes: each stage is asked about, then shown.
    #expect(run.says("Stage 1 of 10"))
    try run.press(.pageDown)
    #expect(run.face.model.shownStage == .login && run.transcript[.login].endedAt != nil)
    for stage in [Stage.authorize, .prompt, .authenticate, .callback] {
      try run.press(.right)
      #expect(run.says("Stage \(stage.number) of 10"))
      try run.press(.right)
      if stage == .authenticate { try run.press(.right, .right) }
      #expect(run.face.model.shownStage == stage, "\(stage)")
      try run.read(seconds: 180)
    }
    // 16 to 30 minutes: faults; nobody signs in again.
    for row in Self.rows.prefix(5) {
      try run.press(.character("x"))
      try run.type(row.fault)
      try run.press(.enter)
      #expect(run.says("Stage \(row.stage.number) of 10"), "\(row)")
      try run.press(.right)
      try expectCaught(row, run)
      try run.read(seconds: 180)
    }
    // 30 to 34 minutes: without the check another lock holds.
    try run.press(.character("x"))
    try run.type("swapped-code")
    try run.press(.character(" "), .enter, .right)
    #expect(run.tells("Switched off: c-hash-match"))
    for _ in 0..<6 where run.transcript.failure == nil { try run.press(.right) }
    #expect(run.face.model.shownStage == .verify && run.tells("another defence held: code-pkce"))
    // 34 to 39 minutes: honest again, to the stage on the screen and on.
    try run.press(.character("x"), .home, .enter)
    #expect(run.face.model.shownStage == .verify && run.transcript.failure == nil)
    for _ in 0..<8 where run.situation != .finished { try run.press(.right) }
    #expect(run.situation == .finished && run.transcript.failure == nil)
  }

  @Test(.timeLimit(.minutes(2)), arguments: rows)
  func `each fault of the guide stands where the guide says`(_ row: Row) throws {
    let run = try PressedRun(columns: 80, rows: 24)
    try run.type(":lab \(row.fault)")
    try run.press(.enter)
    try expectCaught(row, run)
  }

  private func expectCaught(_ row: Row, _ run: PressedRun) throws {
    #expect(run.face.model.shownStage == row.stage, "\(row)")
    try run.beTold()
    #expect(run.tells("Caught, as it must be, by \(row.check)."), "\(row)")
    #expect(run.screen.text.contains("LAB \(row.fault)"), "\(row)")
    #expect(run.screen.text.contains(row.check), "\(row): \(run.screen.text)")
  }
}
