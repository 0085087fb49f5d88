import OpenID
import Testing

@testable import HybridFlow
@testable import Lab
@testable import Presentation
@testable import Session
@testable import TextUI

/// What stands where, in which order, and what is counted.
struct OrderTests {
  private static let small = ScreenSize(columns: 80, rows: 24)

  private static func text(_ model: ExplorerModel, _ view: DetailView) -> String {
    Reader(model).document(view).laid(90).map { $0.text + " " + $0.note.map(\.text).joined() }
      .joined(separator: "\n")
  }

  /// A run of the lab up to where it stopped.
  static func stopped(_ id: String) throws -> ExplorerModel {
    let fault = try #require(Lab.fault(id))
    let outcome = try Lab.outcome(of: fault, type: fault.types.first ?? .codeIDToken)
    let stage = try #require(outcome.transcript.stages.first { $0.failure != nil })
    let failure = try #require(stage.failure)
    var model = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    model.update(
      transcript: outcome.transcript, situation: .failed(stage.stage, failure),
      at: ScriptedRun.start)
    return model
  }

  @Test(arguments: [false, true])
  func `stage 5 tells page, post and redirect in the order in which they happened`(
    isBytes: Bool
  ) throws {
    var model = Sample.walk[4]
    if isBytes { model.toggleBytes() }
    let text = Self.text(model, .wire)
    let messages = model.transcript[.callback].messages
    let places = try ["200 OK", "POST /callback", "303 See Other"].map {
      try #require(text.firstRange(of: $0)?.lowerBound, "\($0) in \(messages.map(\.url))\n\(text)")
    }
    #expect(places == places.sorted() && messages.count == 3)
    let arrows = SequenceArrow.all(in: model.transcript).filter { $0.stage == .callback }
    #expect(arrows.map(\.label).last == "303 /done")
    #expect(arrows.dropLast().last?.kind == .local(.application))
  }

  @Test func `a refused exchange tells the verification before the answer, what failed first`()
    throws
  {
    let model = try Self.stopped("swapped-code-unsigned")
    #expect(model.shownStage == .verify)
    let text = Self.text(model, .wire)
    let failed = try #require(text.firstRange(of: "\u{2717} ", after: "The tenant\u{2019}s ledger"))
    let passed = try #require(text.firstRange(of: "\u{2713} ", after: "The tenant\u{2019}s ledger"))
    let answer = try #require(text.firstRange(of: "400 ", after: "The tenant\u{2019}s ledger"))
    #expect(failed < passed && passed < answer, "\(text)")
    let arrows = SequenceArrow.all(in: model.transcript).filter { $0.stage == .verify }
    #expect(arrows.first?.kind == .local(.authorizationServer))
    #expect(arrows.first?.label.hasSuffix("\u{2717}") == true)
    #expect(arrows.last?.label.hasPrefix("400") == true)
  }

  @Test(arguments: Stage.allCases)
  func `rail, strip, tab and diagram count the same`(stage: Stage) throws {
    for model in [Sample.walk[stage.number - 1], try Sample.failed()] {
      let checks = model.transcript[model.shownStage].checks
      guard !checks.isEmpty else { continue }
      let tally = Tally(checks)
      let short = tally.spans.map(\.text).joined()
      let wide = model.lines(ScreenSize(columns: 200, rows: 50))
      #expect(wide.contains { $0.contains("Checks" + short) }, "\(short)")
      #expect(wide.contains { $0.contains("checks" + short) }, "\(short)")
      #expect(wide.contains { $0.contains("checks: " + tally.words) }, "\(tally.words)")
      let all = Tally(model.transcript.checks)
      #expect(model.lines(Self.small)[1].contains("checks" + all.spans.map(\.text).joined()))
      #expect(wide.contains { $0.contains("passed") && $0.contains(" \(all.passed) ") })
    }
  }

  @Test func `warnings are no passes, in the diagram either`() {
    let checks = [
      Check(.stateMatch, .pass, why: "a"), Check(.nonceMatch, .warn, why: "b"),
      Check(.cHashMatch, .fail, why: "c"), Check(.atHashMatch, .skip, why: "d"),
    ]
    #expect(Tally(checks).words == "1 passed, 1 failed, 1 warned \u{2717}")
    #expect(Tally(Array(checks.prefix(2))).words == "1 passed, 1 warned !")
    #expect(Tally(Array(checks.suffix(1))).words == "none ran")
    #expect(Tally(checks).spans.map(\.text) == [" 1\u{2713}", " 1\u{2717}", " 1!"])
  }

  @Test(arguments: ["80x24", "120x36", "200x50"])
  func `a stopped run never says that nothing failed`(size: String) throws {
    let parts = size.split(separator: "x").compactMap { Int($0) }
    let model = try Self.stopped("swapped-code-unsigned")
    #expect(!model.transcript.checks.contains { $0.verdict == .fail })
    let lines = model.lines(ScreenSize(columns: parts[0], rows: parts[1]))
    let words = parts[0] < 100 ? "\u{2717} stopped" : "\u{2717} stopped at 7"
    #expect(lines.contains { $0.contains(words) }, "\(lines.joined(separator: "\n"))")
    #expect(!lines.contains { $0.contains("failed     0") })
  }

  @Test func `labels carry no number of the stage: the gutter does`() throws {
    for arrow in SequenceArrow.all(in: try #require(Sample.walk.last).transcript) {
      #expect(!arrow.label.hasPrefix("\(arrow.stage.number) "), "\(arrow.label)")
    }
    let lines = Sample.walk[7].lines(ScreenSize(columns: 200, rows: 50))
    #expect(lines.contains { $0.contains("\u{2502}  1   ") && $0.contains("clicks Login") })
    #expect(lines.contains { $0.contains("\u{2502}  8   ") && $0.contains("200 tokens") })
    let last = Sample.walk[9].lines(Self.small)
    #expect(last.contains { $0.hasPrefix(" 10  ") && $0.contains("200 data") })
  }

  @Test func `the answer of the API and that of userinfo have their own names`() throws {
    let machines = try ScriptedRun.afterEachStage { $0.alsoUserinfo = true }
    let labels = SequenceArrow.all(in: try #require(machines.last).transcript)
      .filter { $0.stage == .data }.map(\.label)
    #expect(labels.contains("200 data") && labels.contains("200 userinfo"), "\(labels)")
  }

  @Test func `at 80x24 stage 10 shows the answer of the API, named`() throws {
    var model = Sample.walk[9]
    #expect(model.lines(Self.small).contains { $0.contains("API") && $0.contains("200 OK") })
    #expect(model.lines(Self.small).contains { $0.contains("appointments") })
    model.show(.wire)
    let lines = model.lines(Self.small)
    #expect(lines.contains { $0.contains("What the API answered") && $0.contains("200 data") })
    #expect(lines.contains { $0.contains("\"appointments\"") })
    // Where there is room the message begins with its first line.
    #expect(model.lines().contains { $0.contains("HTTP/1.1 200 OK") })
  }

  @Test func `the page keeps what is special about each person, also in a small window`() throws {
    let lines = try Sample.atLogin().model.lines(Self.small)
    for words in [
      "a complete profile", "an e-mail address that nobody has verified",
      "no name, no e-mail address, no profile at all", "a long name in many scripts",
      "a second factor: amr and acr say so", "[ Sign in ]", "what is special",
    ] {
      #expect(lines.contains { $0.contains(words) }, "\(words)\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test func `tabs of views without anything to show are dim`() throws {
    for model in Sample.walk {
      for stage in Stage.allCases {
        var model = model
        model.look(at: stage)
        let reader = Reader(model)
        for view in [DetailView.wire, .decoded, .checks, .holders] {
          let blocks = reader.document(view).blocks
          var isMessage = false
          if blocks.count == 1, case .paragraph = blocks[0] { isMessage = true }
          #expect(model.isEmpty(view) == isMessage, "\(stage) \(view) at \(model.newestStage)")
        }
      }
    }
    var model = Sample.walk[0]
    model.look(at: .tokens)
    let frame = ExplorerScreen(model).frame(size: Sample.size)
    let row = try #require(frame.lines.firstIndex { $0.contains("Decoded") })
    let start = try #require(frame.lines[row].firstRange(of: "Decoded"))
    let column = CellWidth.width(of: String(frame.lines[row][..<start.lowerBound]))
    #expect(frame[column, row].role == .textMuted)
    let full = ExplorerScreen(Sample.walk[7]).frame(size: Sample.size)
    let line = try #require(full.lines.firstIndex { $0.contains("Decoded") })
    let place = try #require(full.lines[line].firstRange(of: "Decoded"))
    #expect(
      full[CellWidth.width(of: String(full.lines[line][..<place.lowerBound])), line].role == .text)
  }
}

extension String {
  /// Where some text stands for the first time behind other text.
  fileprivate func firstRange(of text: String, after head: String) -> String.Index? {
    guard let start = firstRange(of: head)?.upperBound else { return nil }
    return self[start...].firstRange(of: text)?.lowerBound
  }
}
