import OpenID
import Testing

@testable import HybridFlow
@testable import Lab
@testable import Presentation
@testable import TextUI
@testable import Session

/// Predict, then reveal: what was asked about is what stands there next.
struct RevealTests {
  private static let answers: [Stage: String] = [
    .login: "Values, and who holds them", .authorize: "Parameter by parameter",
    .prompt: "http://127.0.0.1:9000/u/login", .authenticate: "http://127.0.0.1:9000/u/",
    .callback: "POST /callback", .exchange: "Authorization",
    .verify: "The tenant\u{2019}s ledger", .tokens: "The two ID tokens",
    .api: "Authorization", .data: "What /",
  ]

  /// The first row of the detail pane.
  static func topRow(_ model: ExplorerModel, _ size: ScreenSize) throws -> String {
    let layout = Layout(size: size, focus: .detail)
    let lines = model.lines(of: .detail, layout)
    let height = try #require(layout.content(of: .detail)).height
    let top = model.top(of: .detail, lines, height: height, layout)
    // A short view is seen whole.
    let seen = lines[top..<min(lines.count, top + height)]
    let first = try #require(seen.first { !$0.text.isEmpty })
    return first.text + " " + first.note.map(\.text).joined()
  }

  /// Whether the last row is seen, so that the view cannot go further.
  private static func isAtEnd(_ model: ExplorerModel, _ size: ScreenSize) -> Bool {
    let layout = Layout(size: size, focus: .detail)
    let lines = model.lines(of: .detail, layout)
    let height = layout.content(of: .detail)?.height ?? 0
    return model.top(of: .detail, lines, height: height, layout) + height >= lines.count
  }

  private static func seen(_ model: ExplorerModel, _ size: ScreenSize) -> String {
    let layout = Layout(size: size, focus: .detail)
    let lines = model.lines(of: .detail, layout)
    let height = layout.content(of: .detail)?.height ?? 0
    let top = model.top(of: .detail, lines, height: height, layout)
    return lines[top..<min(lines.count, top + height)].map {
      $0.text + $0.note.map(\.text).joined()
    }.joined(separator: "\n")
  }

  @Test(arguments: [
    ScreenSize(columns: 80, rows: 24), Sample.size, ScreenSize(columns: 200, rows: 50),
  ])
  func `the reveal of every stage opens on the answer, not on headers`(size: ScreenSize) throws {
    var hand = try Stagehand()
    hand.press(.character("p"), size: size)
    var revealed: [Stage] = []
    for _ in 0..<60 where hand.model.situation != .finished || revealed.last != .data {
      let asked = hand.model.overlays[QuestionCard.self]?.stage
      hand.press(.right, size: size)
      guard let asked else { continue }
      revealed.append(asked)
      #expect(hand.model.shownStage == asked)
      let answer = try #require(Self.answers[asked])
      let isWhole = Self.seen(hand.model, size).contains(answer)
      #expect(isWhole, "\(asked): \(Self.seen(hand.model, size))")
      let top = try Self.topRow(hand.model, size)
      let last = [.data, .exchange].contains(asked) && size.rows > 40
      let isAtEnd = Self.isAtEnd(hand.model, size)
      #expect(last || isAtEnd || top.contains(answer), "\(asked) at \(size): \(top)")
    }
    #expect(revealed == Array(Stage.allCases.dropFirst()))
  }

  @Test func `the values just made answer the question of the first stage`() throws {
    var model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    model.present()
    let begun = Sample.walk[0]
    model.update(transcript: begun.transcript, situation: begun.situation, at: begun.now)
    _ = model.press(.right, size: ScreenSize(columns: 80, rows: 24))
    let top = try Self.topRow(model, ScreenSize(columns: 80, rows: 24))
    #expect(top.contains("Values, and who holds them"))
    #expect(
      model.lines(ScreenSize(columns: 80, rows: 24)).contains { $0.contains("code_verifier") })
  }

  /// A run in which a code was swapped in, as the explorer shows it while it is live.
  private static func swapped(off: Set<CheckID> = []) throws -> ExplorerModel {
    let fault = try #require(Lab.fault("swapped-code"))
    let outcome = try Lab.outcome(of: fault, type: .codeIDToken, checksOff: off)
    var model = Sample.walk[3]
    model.asksForVerdicts = true
    model.summary.lab = LabRun(
      entry: LabEntry(fault, for: .codeIDToken), isCheckOff: !off.isEmpty)
    var begun = Transcript()
    begun.startedAt = outcome.transcript.startedAt
    model.update(transcript: begun, situation: .idle, at: model.now)
    let failure = try #require(outcome.transcript[.callback].failure)
    model.update(
      transcript: outcome.transcript, situation: .failed(.callback, failure), at: model.now)
    return model
  }

  @Test(arguments: [
    ScreenSize(columns: 80, rows: 24), Sample.size, ScreenSize(columns: 200, rows: 50),
    ScreenSize(columns: 60, rows: 16),
  ])
  func `in the lab come the changed message, the question, and the verdict last`(
    size: ScreenSize
  ) throws {
    var model = try Self.swapped()
    let before = model.lines(size).joined(separator: "\n")
    #expect(before.contains("Which check catches this?"))
    #expect(before.contains("POST /callback"))
    #expect(before.contains("changed by the lab") || size.columns < 100)
    for word in ["c-hash-match", "\u{2717}", "failed, ", "1 failed", "Caught"] {
      #expect(!before.contains(word), "\(word)\n\(before)")
    }
    model.show(.explain)
    #expect(!model.lines(size).joined().contains("c-hash-match"))
    model.show(.wire)
    #expect(model.press(.right, size: size) == [])
    let after = model.lines(size).joined(separator: "\n")
    #expect(model.view == .checks && after.contains("c-hash-match"))
    #expect(!after.contains("Which check catches this?"))
    _ = model.press(.right, size: size)
    #expect(model.notice?.text.contains("stopped here") == true)
  }

  @Test func `who turns to the checks has asked for the verdict, and it is asked once`() throws {
    var model = try Self.swapped()
    #expect(model.modes.verdictAsked == .callback)
    _ = model.press(.character("]"), .character("]"))
    #expect(model.view == .checks && model.modes.verdictAsked == nil)
    #expect(model.lines().joined().contains("Caught, as it must be, by c-hash-match"))
    model.update(
      transcript: model.transcript, situation: model.situation, at: model.now.adding(seconds: 1))
    #expect(model.modes.verdictAsked == nil)
  }

  @Test func `playing on waits at the question, and then tells`() throws {
    var model = try Self.swapped()
    _ = model.press(.character("P"))
    #expect(model.modes.play != nil)
    #expect(model.pulse(at: model.now.adding(seconds: 7)) == [])
    #expect(model.view == .checks && model.modes.verdictAsked == nil)
  }

  @Test func `a walk that is only drawn is not asked about`() throws {
    var model = try Self.swapped()
    model.asksForVerdicts = false
    let failure = try #require(model.transcript[.callback].failure)
    model.update(transcript: model.transcript, situation: .ready(next: .callback), at: model.now)
    _ = model.tellVerdict()
    model.update(
      transcript: model.transcript, situation: .failed(.callback, failure), at: model.now)
    #expect(model.view == .checks && model.modes.verdictAsked == nil)
  }
}
