import HybridFlow
import OpenID
import Testing
import TextUI
@testable import Explorer
@testable import Presentation

/// The demo at the speed at which people read and talk: nothing runs out while nobody acts.
@Suite(.serialized) struct ReadingSpeedTests {
  @Test(.timeLimit(.minutes(1)), arguments: ScreenSize.three)
  func `the five minutes of the README, with ninety seconds at stage 5`(
    _ size: ScreenSize
  ) throws {
    let run = try PressedRun(columns: size.columns, rows: size.rows)
    try run.press(.right, .right, .right)
    #expect(run.says("[ Sign in ]") && run.says("ada@demo.example"))
    try run.press(.enter)
    #expect(run.says("[ Allow ]"))
    try run.press(.enter, .right)
    #expect(run.face.model.shownStage == .callback)
    #expect(run.says("waits for you") && run.tells("Why believe it?"))
    #expect(!run.screen.text.contains(/code lives +\d/) && !run.says("code ran out"))
    try run.read(seconds: 90)
    #expect(run.says("waits for you") && !run.says("code ran out"))
    try run.press(.character("]"))
    #expect(run.tells("clock for codes waits while you read"))
    try run.press(.character("]"), .character("]"))
    #expect(run.tells("c-hash-match"))
    try run.read(seconds: 90)
    try run.walk(to: .tokens)
    #expect(run.transcript.failure == nil)
    let compared = "first: front channel"
    for _ in 0..<8 where !run.says(compared) { try run.press(.character("]")) }
    #expect(run.says(compared))
    try run.walk(to: .data)
    #expect(run.situation == .finished && run.transcript.failure == nil)
    #expect(run.says("200 data"))
    try run.press(.character("x"))
    #expect(run.says("at 5") && run.says("type to find"))
    try run.type("swapped-code")
    try run.press(.enter)
    #expect(run.face.model.shownStage == .callback)
    try run.beTold()
    #expect(run.tells("Caught, as it must be, by c-hash-match."))
    #expect(run.says("n next fault") && run.says("space without this check"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a lesson of an hour and a half at any stage ends well`() throws {
    for pause in Stage.allCases.dropLast() {
      let run = try PressedRun()
      try run.walk(to: pause)
      try run.read(seconds: 90 * 60)
      try run.walk(to: .data)
      let failed = run.transcript.checks.filter { $0.verdict == .fail || $0.verdict == .warn }
      #expect(run.situation == .finished && failed.isEmpty, "\(pause): \(failed.map(\.id))")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `the sign-in page and the consent page stay good for as long`() throws {
    let run = try PressedRun()
    try run.press(.right, .right, .right)
    try run.read(seconds: 90 * 60)
    try run.press(.enter)
    #expect(run.says("[ Allow ]"))
    try run.read(seconds: 90 * 60)
    try run.press(.enter)
    try run.walk(to: .data)
    #expect(run.situation == .finished && run.transcript.failure == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `what the tenant wrote down says why the code is no older`() throws {
    let run = try PressedRun()
    try run.walk(to: .callback)
    try run.read(seconds: 3600)
    try run.walk(to: .verify)
    let age = try #require(run.transcript[.verify].serverChecks.first { $0.id == "code-unexpired" })
    #expect(age.passed == true)
    #expect(age.detail.contains("0 s: in the demo the clock for codes waits while you read"))
  }

  @Test(.timeLimit(.minutes(1)), arguments: ScreenSize.three)
  func `a code that comes too late is a fault of the lab, and no clock waits for it`(
    _ size: ScreenSize
  ) throws {
    let run = try PressedRun(columns: size.columns, rows: size.rows)
    try run.press(.character("x"))
    try run.type("expired-c")
    try run.press(.enter)
    #expect(run.face.model.shownStage == .verify)
    try run.beTold()
    #expect(run.tells("Caught, as it must be, by code-unexpired."))
    let age = run.transcript[.verify].serverChecks.first { $0.id == "code-unexpired" }
    #expect(age?.passed == false && age?.detail.contains("found 90 s") == true)
    try run.press(.character("5"))
    #expect(!run.says("waits for you") && !run.tells("waits while you read"))
  }

  // MARK: Run again to here

  @Test(.timeLimit(.minutes(1)))
  func `one key runs again to here, as the same person`() throws {
    let run = try PressedRun()
    try run.press(.right, .right, .right)
    // Another person than the one who is suggested.
    try run.press(.backTab, .control("u"))
    try run.type("bob@demo.example")
    try run.press(.enter, .enter)
    try run.walk(to: .data)
    let before = try #require(run.transcript.token(.idToken, .back)?.claims?["sub"]?.string)
    #expect(run.says("a again to here"))
    try run.press(.character("8"), .character("a"))
    #expect(run.face.model.shownStage == .tokens && run.situation == .ready(next: .api))
    #expect(run.transcript.token(.idToken, .back)?.claims?["sub"]?.string == before)
    #expect(before.hasSuffix("2"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `who said no says no again`() throws {
    let run = try PressedRun()
    try run.press(.right, .right, .right, .enter)
    try run.press(.tab, .enter, .right)
    #expect(run.transcript.failure != nil)
    #expect(run.tells("a runs again to here") && run.tells("same sign-in and consent"))
    let stage = run.face.model.shownStage
    let first = run.transcript.startedAt
    try run.read(seconds: 1)
    try run.press(.character("a"))
    #expect(run.transcript.startedAt != first)
    #expect(run.transcript.failure != nil && run.face.model.shownStage == stage)
  }

  @Test(.timeLimit(.minutes(1)))
  func `while a run goes on the key says what starts over`() throws {
    let run = try PressedRun()
    try run.press(.right, .character("a"))
    #expect(run.says("The run is not over yet; r starts over."))
    #expect(!run.says("again to here"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `with a real browser it waits for the sign-in and then goes on`() throws {
    let run = try PressedRun(["--browser", "--no-browser"])
    func signIn() throws {
      let form = try run.harness.signIn(at: try #require(run.harness.authorizationURL))
      _ = try run.harness.page(after: run.harness.post(form))
      try run.rest()
    }
    try run.press(.right, .right)
    try signIn()
    try run.walk(to: .data)
    #expect(run.situation == .finished)
    try run.press(.character("8"), .character("a"))
    guard case .browserAway = run.situation else {
      Issue.record("\(run.situation)")
      return
    }
    try signIn()
    #expect(run.situation == .ready(next: .api) && run.face.model.shownStage == .tokens)
  }
}
