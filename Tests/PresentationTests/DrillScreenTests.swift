import HybridFlow
import OpenID
import TestSupport
import Testing

@testable import Lab
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// The drill on the screen: every view works, and none tells a verdict.
@Suite struct DrillScreenTests {
  /// A game of one round that hides this fault, or none; the run is the fault's, or an honest one.
  private static func game(_ id: String) throws -> (DrillGame, ScriptedRun) {
    for seed in 1...40 {
      let drill = Drill(seed: UInt64(seed), count: Drill.roundsMax)
      let place = drill.rounds.firstIndex { ($0.fault?.id ?? "none") == id }
      guard let place else { continue }
      var game = DrillGame(drill, at: ScriptedRun.start)
      for _ in 0..<place {
        game.answer(.nothing, complaints: [], fields: [], at: ScriptedRun.start)
        game.goOn(at: ScriptedRun.start)
      }
      return (game, try game.round.run())
    }
    throw WireFault()
  }

  private struct WireFault: Error {}

  private static func show(_ game: DrillGame, _ run: ScriptedRun) -> ExplorerModel {
    var model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    model.summary.codesWait = true
    model.asksForVerdicts = true
    model.show(drill: game)
    let machine = run.machine
    let path = run.configuration.redirectURI.path
    model.update(
      transcript: game.isCovered
        ? machine.transcript.covered(redirectPath: path) : machine.transcript,
      situation: game.isCovered ? machine.situation.covered : machine.situation,
      at: run.now.adding(seconds: 1),
      secrets: WireSecrets.beside(machine.transcript, run.configuration))
    return model
  }

  /// A covered run.
  static func model(_ id: String) throws -> ExplorerModel {
    let (game, run) = try game(id)
    return show(game, run)
  }

  /// The same run after an answer.
  static func told(_ id: String, answer: DrillAnswer? = nil) throws -> ExplorerModel {
    var (game, run) = try game(id)
    _ = game.takeHint { [] }
    let expected = game.round.expected.flatMap { DrillAnswer($0) } ?? .nothing
    game.answer(
      answer ?? expected, complaints: game.round.complaints(in: run.machine.transcript),
      fields: game.round.changedFields, at: ScriptedRun.start.adding(seconds: 48))
    var model = show(game, run)
    model.summary.lab = game.round.fault.map {
      LabRun(entry: LabEntry($0, for: game.round.type), isCheckOff: false)
    }
    return model
  }

  /// A drill of four rounds at its end.
  static func over() throws -> ExplorerModel {
    let drill = Drill(seed: 7, count: 4)
    var game = DrillGame(drill, at: ScriptedRun.start)
    for (index, round) in drill.rounds.enumerated() {
      let answer = round.expected.flatMap { DrillAnswer($0) } ?? .nothing
      game.answer(
        index == 1 ? .check("state-match") : answer, complaints: [], fields: [],
        at: ScriptedRun.start)
      game.goOn(at: ScriptedRun.start)
    }
    return show(game, try drill.rounds[0].run())
  }

  /// Everything that the views and the screen say at every stage.
  private func walk(_ model: ExplorerModel) -> String {
    var texts: [String] = []
    let size = ScreenSize(columns: 120, rows: 36)
    for stage in Stage.allCases {
      var model = model
      model.size = size
      model.look(at: stage)
      for view in DetailView.allCases where view.applies?(model) != false {
        model.view = view
        let layout = Layout(size: size, focus: .detail)
        texts += model.lines(of: .detail, view, layout).map {
          $0.text + " " + $0.note.map(\.text).joined()
        }
        texts += model.lines(size)
        texts += model.copyEntries.map { "\($0)" }
      }
    }
    return texts.joined(separator: "\n")
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      "swapped-code", "replayed-id-token", "login-csrf", "alg-none", "userinfo-of-another-person",
      "mix-up", "altered-code", "edited-claims", "refreshed-token-forged", "none",
    ])
  func `no text of a covered run tells a verdict`(_ id: String) throws {
    let covered = walk(try Self.model(id))
    var (game, run) = try Self.game(id)
    let transcript = run.machine.transcript
    game.answer(.nothing, complaints: [], fields: [], at: ScriptedRun.start)
    var open = Self.show(game, run)
    open.overlays.removeAll { _ in true }
    open.summary.lab = game.round.fault.map {
      LabRun(entry: LabEntry($0, for: game.round.type), isCheckOff: false)
    }
    let told = walk(open)
    var words = [
      "\u{2717}", " LAB ", "as it must be", "The flow stops here", "Stopped at", "To blame",
      "changed by", "Not to be trusted", "This stage failed", "failed  ", "tenant\u{2019}s ledger",
    ]
    words.removeAll { !told.contains($0) }
    if let fault = game.round.fault {
      words += [fault.id, fault.does, fault.gain]
      let checks =
        transcript.stages.flatMap(\.checks) + transcript.afterwards.flatMap(\.record.checks)
      for check in checks where check.verdict == .fail { words.append(check.why) }
      if let failure = transcript.firstFailure { words.append(failure.message) }
      #expect(told.contains(fault.id) && told.contains("\u{2717}"))
    }
    // The rules are told, and a fault may be called like a part of its check.
    let plain = CheckID.allCases.reduce(covered) { $0.replacing(bytes: $1.rawValue, with: "") }
    for word in words where !word.isEmpty {
      let isTold = plain.holds(word)
      #expect(!isTold, "\(id): \(word)")
    }
    let search = ByteSearch(covered)
    let rail = try Self.model(id).lines(ScreenSize(columns: 80, rows: 24))[1]
    #expect(!rail.contains("\u{2013}"), "no stage may look left out: \(rail)")
    for number in 1...60 {
      for mark in ["\u{2713}", "\u{2717}", "!"] {
        let isCounted = search.holds(" \(number)\(mark)")
        #expect(!isCounted, "\(id): a count of verdicts")
      }
    }
    #expect(search.holds("c-hash-match") || game.round.goal < .callback)
  }

  @Test func `letters find a check, a blank and a word name the field, Tab takes a hint`() throws {
    var model = try Self.model("swapped-code")
    #expect(model.press(.character("a")) == [] && model.overlay == .drillAnswer)
    #expect(model.press(.tab) == [.drill(.hint)])
    for letter in "c-hash-m code" { _ = model.press(.character(letter)) }
    #expect(model.press(.enter) == [.drill(.answer(.check("c-hash-match"), field: "code"))])
    #expect(model.press(.escape) == [] && model.overlay == .drillAnswer)
    #expect(model.press(.escape) == [] && model.overlays.isEmpty)
    #expect(model.press(.character("h")) == [.drill(.hint)])
    #expect(model.press(.right) == [] && model.forwardUnavailable != nil)
    #expect(model.press(.character("D")) == [.drill(.end)])
  }

  @Test func `every answer can be found by its letters`() throws {
    for choice in DrillQuestion.choices {
      var model = try #require(Sample.walk.last)
      model.modes.drill = DrillGame(Drill(seed: 1, count: 1), at: ScriptedRun.start)
      model.openDrillQuestion()
      for letter in choice.answer.word { _ = model.press(.character(letter)) }
      #expect(model.press(.enter) == [.drill(.answer(choice.answer, field: nil))])
    }
  }

  @Test func `the card tells who, what, which check and why, and Enter goes on`() throws {
    var model = try Self.told("swapped-code")
    let text = model.everythingInCard
    for word in [
      "right, 2 points", "c-hash-match, at stage 5", "an attacker in the browser", "swapped-code",
      "code", "expected", "found", "why",
    ] {
      #expect(text.contains(word), "\(word): \(text)")
    }
    #expect(model.press(.escape) == [] && model.overlays.isEmpty && model.view == .checks)
    #expect(model.press(.character("a")) == [] && model.overlay == .drillCard)
    #expect(model.press(.enter) == [.drill(.goOn)])
    let family = try Self.told("swapped-code", answer: .family("hashes"))
    #expect(family.everythingInCard.contains("the right family, 1 point"))
    #expect(try Self.told("none").everythingInCard.contains("Nothing. All"))
    var over = try Self.over()
    #expect(over.everythingInCard.contains("9 of 12 points"))
    #expect(over.press(.enter) == [.drill(.leave)])
  }
}

extension ExplorerModel {
  fileprivate var everythingInCard: String {
    lines(ScreenSize(columns: 120, rows: 70)).joined(separator: "\n")
  }
}
