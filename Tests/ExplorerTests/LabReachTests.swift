import Network
import OpenID
import Testing

@testable import Lab
@testable import Presentation
@testable import TextUI
@testable import HybridFlow
@testable import Explorer

/// From any run to any fault: a few letters and Enter, and the run stands where it is caught.
@Suite(.serialized) struct LabReachTests {
  /// The most keys from a run to the verdict: the lab's key, letters and arrows, Enter, the arrow.
  static let keysMax = 12

  /// What marks a fault in the list with the fewest keys: letters, then the arrow down.
  struct Way { var letters: String, downs: Int }

  static func way(to id: String, among entries: [LabEntry]) -> Way? {
    let bytes = Array(id)
    var best: Way?
    var fewest = bytes.count + 1
    for length in 1...bytes.count where length < fewest {
      for start in 0...(bytes.count - length) {
        let part = String(bytes[start..<(start + length)])
        var menu = LabMenu(entries: entries, index: 1)
        _ = menu.type(.paste(part))
        guard let place = menu.shown.firstIndex(where: { $0?.id == id }) else { continue }
        let downs = place - menu.index
        guard downs >= 0, length + downs < fewest else { continue }
        (best, fewest) = (Way(letters: part, downs: downs), length + downs)
      }
    }
    return best
  }

  @Test(.timeLimit(.minutes(5)))
  func `any fault is caught after at most twelve keys, sign-in included`() throws {
    let entries = Lab.entries(for: .codeIDToken)
    let run = try PressedRun(columns: 80, rows: 24)
    var most = (0, "")
    for fault in Lab.faults {
      let way = try #require(Self.way(to: fault.id, among: entries), "\(fault.id)")
      let before = run.count
      try run.press(.character("x"))
      try run.type(way.letters)
      for _ in 0..<way.downs { try run.press(.down) }
      try run.press(.enter)
      try run.restAfterTheFlow(fault)
      // What is told for information only, or shows after the flow, is no riddle.
      let isAsked = run.tells("Which check catches this?")
      #expect(isAsked || !fault.stops || !fault.then.isEmpty, "\(fault.id)")
      if isAsked { try run.beTold() }
      if fault.stops { #expect(run.tells("as it must be"), "\(fault.id)") }
      let keys = run.count - before
      #expect(keys <= Self.keysMax, "\(fault.id) by \(way)")
      if keys > most.0 { most = (keys, fault.id) }
      let type = fault.shown(with: .codeIDToken)
      let outcome = LabOutcome(fault: fault, type: type, transcript: run.transcript)
      #expect(outcome.status == .caught, "\(fault.id) by \(way)")
      let stage = fault.then.isEmpty ? fault.stage(for: type) : .data
      #expect(run.face.model.shownStage == stage, "\(fault.id): \(run.situation)")
    }
    print("at most \(most.0) keys from a run to the catch: \(most.1)")
  }

  @Test(.timeLimit(.minutes(1)), arguments: ScreenSize.three)
  func `after a catch one key goes to the next fault, one goes without the check`(
    _ size: ScreenSize
  ) throws {
    let run = try PressedRun(columns: size.columns, rows: size.rows)
    try run.press(.character("x"))
    try run.type("swapped-code")
    try run.press(.enter)
    #expect(run.says("n next fault") && run.says("space without this check"))
    try run.press(.character(" "))
    #expect(run.face.model.shownStage == .callback)
    #expect(run.tells("Switched off: c-hash-match failed, and nobody listened."))
    #expect(run.screen.text.contains("c-hash-match OFF"))
    try run.press(.right, .right)
    #expect(run.face.model.shownStage == .verify)
    #expect(run.tells("another defence held: code-pkce"))
    try run.press(.character("n"))
    let next = try #require(Lab.faults.dropFirst().first)
    #expect(run.screen.text.contains("LAB \(next.id)"))
    // The tenant itself catches this one: there is no check to switch off.
    #expect(run.says("n next fault") && !run.says("without this check"))
    try run.beTold()
    #expect(run.tells("Caught, as it must be, by code-pkce."))
    #expect(run.says("n next fault") && !run.says("without this check"))
    // And back to an honest flow, where one stands.
    try run.press(.character("x"), .home, .enter)
    #expect(!run.screen.text.contains("LAB"))
    #expect(run.face.model.shownStage == .verify && run.transcript.failure == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a warning lets the space bar go on`() throws {
    let run = try PressedRun()
    try run.type(":lab issued-in-the-future")
    try run.press(.enter)
    try run.beTold()
    #expect(run.tells("Noticed, as it must be: id-token-iat warned."))
    #expect(run.says("n next fault") && !run.says("without this check"))
    try run.press(.character(" "))
    #expect(run.face.model.shownStage == .exchange)
  }

  @Test(.timeLimit(.minutes(1)))
  func `the explorer begins where the fault is caught`() throws {
    let fault = try #require(Lab.fault("login-csrf"))
    let run = try PressedRun(begin: { $0.begin(with: fault) })
    #expect(run.face.model.shownStage == .callback && run.count == 0)
    try run.beTold()
    #expect(run.tells("Caught, as it must be, by state-match."))
  }

  @Test(.timeLimit(.minutes(1)))
  func `who presents is asked about the stage of the catch, however often it was shown`() throws {
    let run = try PressedRun()
    try run.walk(to: .data)
    try run.press(.character("p"), .character("x"))
    try run.type("swapped-code")
    try run.press(.enter)
    #expect(run.says("Stage 5 of 10") && run.transcript[.callback].startedAt == nil)
    #expect(!run.tells("Caught"))
    try run.press(.pageDown)
    try run.beTold()
    #expect(run.tells("Caught, as it must be, by c-hash-match."))
    // A fault of the metadata is caught at stage 1, behind its question.
    try run.press(.character("x"))
    try run.type("metadata-of-another-issuer")
    try run.press(.enter)
    #expect(run.says("Stage 1 of 10") && !run.tells("Caught"))
    try run.press(.pageDown)
    try run.beTold()
    #expect(run.tells("Caught, as it must be"))
  }
}

extension PressedRun {
  /// Waits until everything that a fault shows after the flow is over.
  func restAfterTheFlow(_ fault: LabFault) throws {
    guard !fault.then.isEmpty else { return }
    let isOver = harness.loop.run(withinMilliseconds: 20_000) {
      self.transcript.afterwards.count(where: \.isOver) == fault.then.count
    }
    try #require(isOver)
    try rest()
  }
}
