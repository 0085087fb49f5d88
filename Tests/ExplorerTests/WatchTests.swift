import Commands
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Recording
import Settings
import Testing
import TextUI

@testable import Explorer
@testable import Presentation
@testable import Session

/// The explorer on the logins of another application, over real sockets: that application is a run
/// of its own, which knows nothing of being watched.
@Suite(.serialized) struct WatchTests {
  private let application: Harness
  private let face: ExplorerController
  private let watch: LoginWatch

  init() throws {
    application = try Harness()
    watch = LoginWatch(application.tenant, loop: application.loop)
    let session = FlowSession(loop: application.loop)
    session.recorder = Recorder(folder: "/nonexistent")
    face = ExplorerController(
      session: session, configuration: application.connection.configuration,
      screen: ScriptedScreen(), theme: try ThemeLibrary().theme("mono").theme, glyphs: .unicode)
    face.begin(watching: watch)
    face.begin()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a login fills the stages, the next one takes its place, and a chosen one stays`() throws {
    #expect(face.model.transcript.startedAt == nil)
    #expect(face.model.summary.watch?.clients.count == 1)
    #expect(application.run() == .exit(0))
    #expect(face.model.summary.watch?.shown == 1)
    #expect(face.model.transcript.stages.allSatisfy { $0.status == .passed })
    #expect(face.model.transcript.checks.allSatisfy { $0.verdict != .fail })
    #expect(face.model.summary.watch?.rows.first?.isComplete == true)
    #expect(application.run() == .exit(0))
    #expect(face.model.summary.watch?.shown == 2)
    face.perform(.showLogin(1))
    #expect(application.run() == .exit(0))
    #expect(face.model.summary.watch?.shown == 1)
    #expect(face.model.summary.watch?.rows.map(\.number) == [3, 2, 1])
    face.perform(.compareLogin(3))
    #expect(face.model.overlay == .comparison)
    face.perform(.showLogin(3))
    #expect(application.run() == .exit(0))
    #expect(face.model.summary.watch?.shown == 4)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a chosen fault is met by the next login, and by no earlier one`() throws {
    #expect(application.run() == .exit(0))
    face.perform(.chooseFault)
    #expect(face.model.faults.contains { $0.id == "nonce-altered" })
    // What an attacker or an application does is not the tenant's to do.
    #expect(!face.model.faults.contains { $0.id == "swapped-code" })
    face.perform(.commitFault(id: "nonce-altered", switchesCheckOff: false))
    #expect(face.model.summary.watch?.fault?.id == "nonce-altered")
    #expect(application.run() == .exit(3))
    let transcript = face.model.transcript
    #expect(transcript[.callback].checks.filter(\.isOfAnother).map(\.id) == [.nonceMatch])
    // The application of this test is a careful one.
    #expect(transcript[.exchange].startedAt == nil)
    #expect(face.model.summary.lab?.entry.id == "nonce-altered")
    face.perform(.showLogin(1))
    #expect(face.model.summary.lab == nil)
    face.perform(.commitFault(id: nil, switchesCheckOff: false))
    #expect(application.run() == .exit(0))
  }

  @Test(.timeLimit(.minutes(1)))
  func `nothing that a key asks for starts a run here`() throws {
    for action: ExplorerAction in [
      .restart, .runAgain(to: .data), .openBrowser, .drill(.begin), .workshop(.toggle),
      .useRules(.fapi1Advanced),
    ] { face.perform(action) }
    _ = application.loop.run(withinMilliseconds: 50) { false }
    #expect(face.model.transcript.startedAt == nil)
  }

  @Test(.timeLimit(.minutes(1)))
  func `the lines of watch tell each stage of each login, and a result`() throws {
    let sink = ListSink()
    let command = WatchCommand(watch, loop: application.loop, sink: sink, reveals: false)
    #expect(application.run() == .exit(0))
    #expect(application.run() == .exit(0))
    command.stop()
    #expect(command.run() == 0)
    let lines = try sink.lines()
    for number in [Int64(1), 2] {
      let own = lines.filter { $0["login"]?.integer == number }
      // This application calls API and userinfo: of stages 9 and 10 more is known after the second.
      let stages = own.filter { $0["type"]?.string == "stage" }
        .compactMap { $0["stage"]?.integer }
      #expect(Set(stages) == Set(1...10))
      #expect(stages.prefix(10) == Array(1...10)[...])
      #expect(own.last?["type"]?.string == "result")
      #expect(own.last?["status"]?.string == "passed")
    }
  }
}
