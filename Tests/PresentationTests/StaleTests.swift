import HybridFlow
import OpenID
import Redaction
import Testing

@testable import Presentation
@testable import Session
@testable import TextUI

/// What is shown of a run whose request was edited after it had left, or sent against a rule.
@Suite struct StaleTests {
  private func screen(_ model: ExplorerModel, _ size: ScreenSize = Sample.size) -> String {
    model.lines(size).joined(separator: "\n")
  }

  @Test func `what has left is sent anew in a new run`() throws {
    var model = Sample.walk[8]
    _ = model.press(.character("2"), .character("e"))
    #expect(screen(model).contains("it has left: a new run sends it anew"))
    let actions = model.press(.character(" "), .control("s"))
    guard case .rerun(.authorization, let edit)? = actions.first else {
      Issue.record("\(actions)")
      return
    }
    #expect(edit.rows.first == .given(FormField("response_type", "code token")))
  }

  /// A model whose late edit has started a new run, which stands at the end of a stage.
  static func rerun(at stage: Stage) throws -> ExplorerModel {
    var model = Sample.walk[8]
    _ = model.press(.character("2"), .character("e"), .character(" "), .control("s"))
    var run = try ScriptedRun()
    run.wait(milliseconds: 90_000)
    run.begin()
    run.advance()
    let draft = try #require(run.machine.transcript[.authorize].draft)
    var fields = draft.made
    fields[0].value = "code token"
    run.post(.requestEdited(RequestEdit(from: draft.made, to: fields)))
    while run.machine.situation.stage != stage { run.advance() }
    model.update(
      transcript: FlowMachine().transcript, situation: .idle, at: ScriptedRun.start)
    model.update(
      transcript: run.machine.transcript, situation: run.machine.situation, at: run.now,
      secrets: WireSecrets.all(in: run.machine.transcript))
    model.notice = nil
    return model
  }

  @Test(arguments: [Stage.authorize, .callback])
  func `later stages are kept and marked stale until they have run again`(stage: Stage) throws {
    var model = try Self.rerun(at: stage)
    for other in Stage.allCases {
      let isStale = other > stage && other <= .api
      #expect((model.staleRun(of: other) != nil) == isStale, "\(other)")
    }
    for size in EditorTests.sizes.dropFirst() {
      model.looking = .tokens
      let text = screen(model, size)
      #expect(text.contains("~ Stale: from before the edit, when response_type was"), "\(size)")
      #expect(text.contains(size.columns < 100 ? "~8" : "~  8 "), "\(size)")
    }
    for view in [DetailView.wire, .decoded, .checks, .holders, .compare] {
      model.view = view
      #expect(screen(model).contains("~ Stale"), "\(view)")
    }
    // What is counted is this run's alone.
    let passed = model.transcript.checks.count { $0.verdict == .pass }
    let counted = model.lines().filter { $0.hasPrefix("\u{2502} \u{2713} passed ") }
    #expect(counted.count == 1 && counted.first?.contains(" \(passed) ") == true)
  }

  @Test func `secrets of a stale stage stay masked`() throws {
    let secrets = Sample.walk[8].transcript.tokens.map(\.text)
    #expect(secrets.count >= 3)
    var model = try Self.rerun(at: .authorize)
    model.looking = .tokens
    for view in [DetailView.wire, .decoded, .compare] {
      model.view = view
      let text = model.everything()
      for secret in secrets { #expect(!text.contains(secret), "\(view)") }
    }
  }

  @Test func `a run that was sent anyway never ends as a good one`() throws {
    var run = try ScriptedRun()
    run.begin()
    run.advance()
    let draft = try #require(run.machine.transcript[.authorize].draft)
    var fields = draft.fields
    fields.removeAll { $0.name == "response_mode" }
    fields.append(FormField("response_mode", "form_post"))
    let index = try #require(fields.firstIndex { $0.name == "nonce" })
    fields[index].value = "short"
    run.post(.requestEdited(RequestEdit(from: draft.made, to: fields, goesAnyway: true)))
    for _ in 0..<8 { run.advance() }
    #expect(run.machine.situation == .finished)
    let model = Sample.model(run.machine, at: run.now)
    let text = screen(model)
    #expect(text.contains("At its end, and not to be trusted: one check failed."))
    #expect(text.contains("request-nonce FAILED, SENT ANYWAY"))
    #expect(!text.contains("no check failed"))
  }
}
