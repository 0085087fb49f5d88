import Diagnosis
import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// Models of real runs: the machine and the tenant are the real ones, time and chance are fixed.
enum Sample {
  static let theme = Theme(id: "mono", name: "Mono", isLight: false, roles: [:])
  static let size = ScreenSize(columns: 120, rows: 36)

  static func summary(codeSeconds: Int64? = 60) -> RunSummary {
    RunSummary(
      tenantName: "demo tenant", responseType: "code id_token", responseMode: "form_post",
      clientID: "hybrid-flow-explorer", redirectURI: "http://localhost:8910/callback",
      isDemo: true, codeLifetimeSeconds: codeSeconds)
  }

  static func model(_ machine: FlowMachine, at now: UnixTime) -> ExplorerModel {
    var model = ExplorerModel(summary: summary(), theme: theme)
    model.summary.codesWait = true
    model.update(
      transcript: machine.transcript, situation: machine.situation, at: now,
      secrets: WireSecrets.all(in: machine.transcript))
    return model
  }

  /// The honest walk, one model a stage.
  static let walk: [ExplorerModel] = {
    guard let machines = try? ScriptedRun.afterEachStage() else { return [] }
    return machines.enumerated().map { index, machine in
      model(machine, at: moment(machine))
    }
  }()

  /// A second after the last thing that happened.
  static func moment(_ machine: FlowMachine) -> UnixTime {
    let last = machine.transcript.stages.compactMap { $0.endedAt ?? $0.startedAt }.max()
    return (last ?? ScriptedRun.start).adding(seconds: 1)
  }

  /// A run that stands at the login page.
  static func atLogin() throws -> (run: ScriptedRun, model: ExplorerModel) {
    var run = try ScriptedRun()
    run.begin()
    for _ in 0..<3 { run.advance(fillingForms: false) }
    return (run, model(run.machine, at: run.now))
  }
}

extension ExplorerModel {
  mutating func press(
    _ keys: Key..., size: ScreenSize = Sample.size
  ) -> [ExplorerAction] {
    keys.flatMap { handle($0, at: now, size: size) }
  }

  func lines(_ size: ScreenSize = Sample.size) -> [String] {
    ExplorerScreen(self).frame(size: size).lines
  }

  /// The model below the open help.
  var belowHelp: ExplorerModel {
    var below = self
    below.overlays[HelpMenu.self] = nil
    return below
  }

  var helpItems: [KeyBinding] { HelpPage(belowHelp).items }
}

extension Sample {
  /// A run whose person is in the real browser.
  static func browserAway() throws -> ExplorerModel {
    var run = try ScriptedRun { $0.userAgent = .external }
    run.begin()
    run.advance()
    run.advance()
    return model(run.machine, at: run.now.adding(seconds: 12))
  }

  /// A run whose answers try to break the screen.
  static func hostile() throws -> ExplorerModel {
    let nasty = "a\u{1B}[2J\u{7}\u{9B}31m\u{202E}evil\u{200B}\u{65E5}\u{672C}\u{8A9E}e\u{301}"
    return try changed { transcript in
      for stage in Stage.allCases {
        var record = transcript[stage]
        record.notes.append(Note(at: ScriptedRun.start, text: nasty))
        record.values.append(
          FlowValue(
            name: nasty, value: String(repeating: nasty, count: 9), isSecret: false,
            holders: [.browser]))
        record.checks.append(
          Check(.stateMatch, .fail, expected: nasty, found: nasty + nasty, why: nasty))
        record.messages = record.messages.map { message in
          var message = message
          message.url += nasty
          switch message.content {
          case .request(var request):
            request.target += nasty
            request.headers.add("X-" + nasty, nasty)
            message.content = .request(request)
          case .response(var response):
            response.reason = nasty
            response.headers.add("X-" + nasty, nasty)
            response.body += Array(nasty.utf8) + [0xFF, 0xC3, 0x28]
            message.content = .response(response)
          }
          return message
        }
        transcript[stage] = record
      }
    }
  }

  /// A run that stopped because another code was swapped in.
  static func failed() throws -> ExplorerModel { try failedOnce.get() }

  private static let failedOnce = Result { try makeFailed() }

  private static func makeFailed() throws -> ExplorerModel {
    let machine = try #require(try ScriptedRun.afterEachStage().dropFirst(4).first)
    var transcript = machine.transcript
    let failure = FlowFailure.provider(.checksFailed([.cHashMatch]))
    let index = transcript[.callback].checks.firstIndex { $0.id == .cHashMatch }
    if let index {
      var check = transcript[.callback].checks[index]
      check.verdict = .fail
      check.found = "x7Gq1mBv0aTsw2yPnKe5Rg"
      check.why = "A code was swapped in on the way: it is not the one the token was issued with."
      transcript[.callback].checks[index] = check
    }
    transcript[.callback].failure = failure
    var model = walk[3]
    model.update(
      transcript: transcript, situation: .failed(.callback, failure), at: moment(machine))
    model.advice = RunDiagnosis(transcript, try ScriptedRun().configuration)
      .map(CauseDocument.init)
    return model
  }

  /// A callback whose ID token is as long as one may be.
  static func hugeToken() throws -> ExplorerModel {
    var model = try changed { transcript in
      let token = String(repeating: "eyJhbGciOiJSUzI1NiJ9", count: Limit.tokenBytes / 20)
      var record = transcript[.callback]
      record.messages = record.messages.map { message in
        var message = message
        if case .request(var request) = message.content, message.to == .application {
          request.body = Array("code=abc&state=def&id_token=\(token)".utf8)
          message.content = .request(request)
        }
        return message
      }
      transcript[.callback] = record
    }
    model.looking = .callback
    model.view = .wire
    return model
  }

  static func changed(_ change: (inout Transcript) -> Void) throws -> ExplorerModel {
    let machine = try #require(try ScriptedRun.afterEachStage().last)
    var transcript = machine.transcript
    change(&transcript)
    var model = ExplorerModel(summary: summary(), theme: theme)
    model.update(transcript: transcript, situation: machine.situation, at: moment(machine))
    return model
  }
}

extension ExplorerModel {
  /// Every line of the shown view, seen or not, and the whole screen.
  func everything() -> String {
    let size = ScreenSize(columns: 160, rows: 39)
    let layout = Layout(size: size, focus: .detail, isZoomed: true)
    return (lines(of: .detail, layout).map(\.text) + lines(size)).joined(separator: "\n")
  }
}
