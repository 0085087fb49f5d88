import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// The actions after the flow, on the screen.
@Suite struct AfterViewTests {
  private func finished() throws -> (run: ScriptedRun, model: ExplorerModel) {
    var run = try ScriptedRun()
    run.begin()
    while case .ready = run.machine.situation { run.advance() }
    try #require(run.machine.situation == .finished)
    var model = Sample.model(run.machine, at: run.now)
    model.afterActions = run.machine.afterActions
    return (run, model)
  }

  private func update(_ model: inout ExplorerModel, _ run: ScriptedRun) {
    model.afterActions = run.machine.afterActions
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now,
      secrets: WireSecrets.all(in: run.machine.transcript))
  }

  @Test func `the view is there once the flow is over, and Enter does what it stands at`() throws {
    var (run, model) = try finished()
    #expect(model.lines().contains { $0.contains("Afterwards") })
    var early = Sample.walk[4]
    early.show(.after)
    #expect(!early.lines().contains { $0.contains("Afterwards") })
    model.show(.after)
    for action in AfterAction.all { #expect(model.everything().contains(action.title)) }
    #expect(model.press(.enter) == [.post(.actionRequested(.refresh))])
    #expect(model.press(.down, .enter) == [.post(.actionRequested(.userinfo))])

    run.post(.actionRequested(.refresh))
    update(&model, run)
    let text = model.everything()
    #expect(text.contains("refresh-same-iss-sub-aud"))
    #expect(text.contains("refresh-rotation"))
    let tokens = try #require(run.machine.transcript.afterwards.first).record.tokens
    #expect(tokens.count == 3)
    for token in tokens { #expect(!text.contains(token.text)) }
  }

  @Test func `what cannot be done says why, and Enter passes it by`() throws {
    var (run, model) = try finished()
    run.post(.actionRequested(.logout))
    update(&model, run)
    model.show(.after)
    #expect(model.everything().contains("the person was signed out already"))
    #expect(model.everything().contains("logout-state"))
    let last = AfterAction.all.count - 1
    for _ in 0..<last { _ = model.press(.down) }
    #expect(model.press(.enter) == [], "the marker stands at what was done")
    #expect(!model.everything().contains("logout-state"), "and Enter has closed it")
  }
}
