import HybridFlow
import Network
import OpenID
import Testing
import TextUI

@testable import Explorer
@testable import Session
@testable import Settings
@testable import Presentation

/// The lab on the screen, over real sockets: break it, see it caught, switch the check off.
@Suite(.serialized) struct LabControllerTests {
  private let screen = ScriptedScreen()
  private let harness: Harness
  private let face: ExplorerController

  init() throws {
    harness = try Harness()
    face = ExplorerController(
      session: harness.session, configuration: harness.connection.configuration, screen: screen,
      theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    face.begin()
  }

  private func wait(_ until: () -> Bool) {
    let holds = harness.loop.run(withinMilliseconds: 20_000, until: until)
    #expect(holds)
    face.draw()
  }

  /// Walks on until the run is over or has reached a stage.
  private func walk(to stage: Stage) {
    var person = PersonAtKeyboard()
    while true {
      wait {
        switch harness.session.machine.situation {
        case .busy, .idle: false
        default: harness.session.isIdle
        }
      }
      switch harness.session.machine.situation {
      case .ready(let next):
        guard next <= stage else { return }
        harness.session.post(.advanced)
      case .pageShown(_, let page):
        harness.session.post(person.fill(page).map(FlowEvent.formFilled) ?? .abandoned)
      default: return
      }
      _ = harness.loop.run(withinMilliseconds: 1000) { harness.session.machine.situation != .idle }
      harness.loop.turn(maximumMilliseconds: 10)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `the run starts over under the rules of banks, and back under its own`() throws {
    face.perform(.useRules(.fapi1Advanced))
    walk(to: .data)
    let strict = harness.session.machine.transcript
    #expect(strict.failure == nil && harness.session.machine.situation == .finished)
    #expect(strict.rules == .fapi1Advanced)
    #expect(strict[.exchange].messages.compactMap(\.request?.security?.certificate).count > 0)

    face.perform(.useRules(.openID))
    walk(to: .data)
    let usual = harness.session.machine.transcript
    #expect(usual.failure == nil && harness.session.machine.situation == .finished)
    #expect(usual.rules == .openID)
    #expect(usual[.exchange].messages.compactMap(\.request?.security?.certificate).isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a swapped code is caught, goes on with the check off, and is gone again`() throws {
    face.perform(.commitFault(id: "swapped-code", switchesCheckOff: false))
    walk(to: .data)
    let caught = harness.session.machine.transcript
    #expect(caught.failure?.failedChecks == [.cHashMatch])
    #expect(caught[.callback].messages.contains { $0.tamperedBy == "swapped-code" })
    #expect(screen.text.contains("LAB swapped-code"))

    face.perform(.commitFault(id: "swapped-code", switchesCheckOff: true))
    walk(to: .data)
    let off = harness.session.machine.transcript
    #expect(off[.callback].status == .passed)
    #expect(off[.exchange].startedAt != nil)
    #expect(screen.text.contains("c-hash-match OFF"))

    face.perform(.commitFault(id: nil, switchesCheckOff: false))
    walk(to: .data)
    #expect(harness.session.machine.transcript.failure == nil)
    #expect(harness.session.machine.situation == .finished)
    #expect(!screen.text.contains("LAB"))
  }

  @Test(.timeLimit(.minutes(1)))
  func `what shows only after the flow is shown there without being asked for`() throws {
    face.perform(.commitFault(id: "old-refresh-token-kept", switchesCheckOff: false))
    walk(to: .data)
    wait { harness.session.machine.transcript.afterwards.count(where: \.isOver) == 2 }
    let transcript = harness.session.machine.transcript
    #expect(transcript.afterwards.map(\.action) == [.refresh, .refresh])
    #expect(transcript.afterwards[1].record.checks.contains { $0.id == .refreshRotation })
    #expect(screen.text.contains("Refresh the tokens"))
    #expect(screen.text.contains("refresh-rotation"))

    face.perform(.commitFault(id: "refreshed-token-forged", switchesCheckOff: true))
    walk(to: .data)
    wait { harness.session.machine.transcript.afterwards.count(where: \.isOver) == 1 }
    let off = harness.session.machine.transcript
    #expect(off.afterwards[0].record.failure == nil)
    #expect(screen.text.contains("off (lab)"))
  }
}
