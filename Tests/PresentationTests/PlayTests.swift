import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// A model and a run side by side, as the explorer joins them.
struct Stagehand {
  var run: ScriptedRun
  var model: ExplorerModel

  init(change: (inout FlowConfiguration) -> Void = { _ in }) throws {
    run = try ScriptedRun(change: change)
    model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    run.begin()
    refresh()
  }

  mutating func refresh() {
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now,
      secrets: WireSecrets.all(in: run.machine.transcript))
  }

  mutating func perform(_ actions: [ExplorerAction]) {
    for case .post(let event) in actions { run.post(event) }
    refresh()
  }

  mutating func press(_ key: Key, size: ScreenSize = Sample.size) {
    perform(model.handle(key, at: run.now, size: size))
  }

  mutating func click(_ text: String, size: ScreenSize = Sample.size) throws {
    let lines = ExplorerScreen(model).frame(size: size).lines
    let row = try #require(lines.lastIndex { $0.contains(text) }, "\(text)")
    let found = try #require(lines[row].firstRange(of: text))
    let column = CellWidth.width(of: String(lines[row][..<found.lowerBound]))
    press(.mouse(.press, column: column, row: row), size: size)
  }

  mutating func seconds(_ count: Int) {
    for _ in 0..<count {
      run.wait(milliseconds: 1000)
      refresh()
      perform(model.pulse(at: run.now))
    }
  }
}

struct PlayTests {
  @Test func `it plays through all ten stages, signs in with the demo person, and stops`() throws {
    var hand = try Stagehand()
    hand.press(.character("P"))
    let countdown = hand.model.lines().first ?? ""
    #expect(countdown.contains("plays on in 6 s"))
    hand.seconds(1)
    #expect(hand.model.lines().first?.contains("plays on in 5 s") == true)
    var seen: [Stage] = []
    for _ in 0..<120 {
      hand.seconds(1)
      if seen.last != hand.model.shownStage { seen.append(hand.model.shownStage) }
    }
    #expect(seen == Stage.allCases)
    #expect(hand.model.situation == .finished && hand.model.modes.play == nil)
    #expect(!hand.model.needsClock || hand.model.notice != nil || hand.model.view == .decoded)
  }

  @Test(arguments: [Key.character(" "), .right, .character("P"), .character("q"), .escape])
  func `any key pauses, and does no more than that`(key: Key) throws {
    var model = Sample.walk[4]
    _ = model.press(.character("P"))
    #expect(model.press(key) == [])
    #expect(model.modes.play == nil && model.shownStage == .callback)
    #expect(model.lines().contains { $0.contains("Paused; P plays on.") })
    #expect(model.pulse(at: model.now.adding(seconds: 60)) == [])
  }

  @Test func `leaving at once works while it plays, and the wheel does not pause`() throws {
    var model = Sample.walk[4]
    _ = model.press(.character("P"))
    _ = model.press(.mouse(.wheelDown, column: 60, row: 25))
    #expect(model.modes.play != nil)
    #expect(model.press(.control("c")) == [.quit])
  }

  @Test func `it stops where a real browser waits for the person, and at a failure`() throws {
    var hand = try Stagehand { $0.userAgent = .external }
    hand.press(.character("P"))
    hand.seconds(30)
    #expect(hand.model.modes.play == nil && hand.model.isWaitingForBrowser)
    var failed = try Sample.failed()
    failed.modes.play = Play(due: failed.now, stage: .callback)
    #expect(failed.pulse(at: failed.now) == [])
    #expect(failed.modes.play == nil)
    #expect(failed.notice?.text == "Paused: the flow stopped here.")
  }

  @Test func `a page of a real tenant waits for the person`() throws {
    var (_, model) = try Sample.atLogin()
    model.summary.isDemo = false
    model.isTyping = false
    _ = model.press(.character("P"))
    #expect(model.modes.play == nil)
    #expect(model.notice?.text == "The page waits for the person.")
  }
}

struct PresenterTests {
  @Test func `each stage is asked about before it is shown, by one key alone`() throws {
    var hand = try Stagehand()
    hand.press(.character("p"))
    #expect(hand.model.isPresenting && hand.model.modes.hidesFuture)
    var asked: [Stage] = []
    for _ in 0..<60 where hand.model.situation != .finished {
      hand.press(.right)
      if let stage = hand.model.overlays[QuestionCard.self]?.stage {
        asked.append(stage)
        let text = hand.model.lines().joined(separator: " ")
        #expect(text.contains(hand.model.lesson(for: stage).title))
        #expect(hand.model.shownStage < stage)
      }
    }
    #expect(hand.model.situation == .finished)
    #expect(asked == Array(Stage.allCases.dropFirst()))
    hand.press(.left)
    #expect(hand.model.shownStage == .api && hand.model.overlays[QuestionCard.self]?.stage == nil)
  }

  @Test func `before a run the question of its first stage is asked`() throws {
    var model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    model.present()
    #expect(model.context == .card && model.overlays[QuestionCard.self]?.stage == .login)
    let begun = Sample.walk[0]
    model.update(transcript: begun.transcript, situation: begun.situation, at: begun.now)
    #expect(model.context == .card)
    #expect(model.press(.character("x")) == [] && model.context == .detail)
    #expect(model.shownStage == .login)
  }

  @Test func `secrets are locked, and it says why`() throws {
    var model = Sample.walk[4]
    _ = model.press(.character("s"))
    #expect(model.revealsSecrets)
    _ = model.press(.character("p"))
    #expect(!model.revealsSecrets)
    _ = model.press(.character("s"))
    #expect(!model.revealsSecrets)
    #expect(model.notice?.text.contains("Presenter mode keeps secrets masked") == true)
    let real = try #require(model.copyEntries.first { $0.isReal })
    #expect(model.copy(id: real.id) == [])
    _ = model.press(.character("p"), .character("s"))
    #expect(model.revealsSecrets && !model.modes.hidesFuture)
  }

  @Test(arguments: [Key.character("."), .character("b")])
  func `the screen goes blank, and any key brings it back`(key: Key) {
    var model = Sample.walk[4]
    #expect(model.press(key) == [] && model.context == .detail)
    _ = model.press(.character("p"), key)
    #expect(model.lines().allSatisfy { $0.isEmpty })
    #expect(model.press(.character("x")) == [] && model.shownStage == .callback)
    #expect(!model.lines().allSatisfy { $0.isEmpty })
    #expect(model.press(key, .control("c")) == [.quit])
  }

  @Test func `blank rows stand between the blocks, and notes come on demand`() {
    var model = Sample.walk[4]
    // A story is spaced only where it stays whole.
    model.view = .wire
    let close = model.lines(of: .detail, model.layout).count
    _ = model.press(.character("p"))
    #expect(model.lines(of: .detail, model.layout).count > close + 3)
    _ = model.press(.character("i"))
    #expect(model.context == .notes)
    #expect(model.lines().contains { $0.contains("What could go wrong") })
    _ = model.press(.character("i"))
    #expect(model.context == .detail)
  }

  @Test func `Esc leaves the question without running the stage`() {
    var model = Sample.walk[4]
    _ = model.press(.character("p"), .right)
    #expect(model.context == .card)
    #expect(model.press(.escape) == [] && model.context == .detail)
    #expect(model.press(.right) == [] && model.context == .card)
    #expect(model.press(.right) == [.post(.advanced)])
  }
}
