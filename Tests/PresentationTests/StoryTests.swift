import OpenID
import Testing

@testable import HybridFlow
@testable import Presentation
@testable import Redaction
@testable import Session
@testable import TextUI

/// The story: the first view of a stage, and what a small screen has room for.
@Suite struct StoryTests {
  private static let small = ScreenSize(columns: 80, rows: 24)

  private static func walk(_ type: ResponseType) throws -> [ExplorerModel] {
    try ScriptedRun.afterEachStage { $0.responseType = type }.map { machine in
      var model = Sample.model(machine, at: Sample.moment(machine))
      model.summary.responseType = type.rawValue
      return model
    }
  }

  private static func story(_ model: ExplorerModel) -> StoryDocument {
    let record = model.transcript[model.shownStage]
    return StoryDocument(
      record, in: model.transcript, model.transcript.askedType(nil), model.redactor)
  }

  @Test(arguments: ResponseType.allCases)
  func `every stage is told whole in a small window`(type: ResponseType) throws {
    for model in try Self.walk(type) {
      var model = model
      model.show(.story)
      let lines = model.lines(Self.small)
      let story = Self.story(model)
      let words = Set(story.question.split(separator: " ").map(String.init))
      let text = lines.joined(separator: " ")
      let name = "\(type) stage \(model.shownStage)"
      #expect(words.allSatisfy { text.contains($0) }, "\(name): the question is cut")
      #expect(text.contains(story.text.reason.question), "\(name)")
      for value in story.values { #expect(text.contains(value.name), "\(name): \(value.name)") }
      for proof in story.proofs { #expect(text.contains(proof.what), "\(name): \(proof.what)") }
      #expect(story.values.count <= StoryDocument.valuesMax, "\(name)")
      #expect((2...6).contains(story.proofs.count), "\(name): \(story.proofs.count) proofs")
      #expect(model.shownStage == .verify || story.values.count >= 3, "\(name)")
    }
  }

  @Test func `it is the first view, and the run keeps the one that was chosen`() throws {
    #expect(Sample.walk.allSatisfy { $0.shownView($0.layout) == .story })
    #expect(DetailView.allCases.first { $0.applies == nil } == .story)
  }

  @Test func `what is new and where a value goes is told from the run`() throws {
    let walk = try Self.walk(.codeIDToken)
    func news(_ stage: Stage) -> [String: String] {
      let values = Self.story(walk[stage.number - 1]).values.map { ($0.name, $0.news ?? "") }
      return Dictionary(values) { first, _ in first }
    }
    #expect(news(.login)["nonce"] == "new")
    #expect(news(.authorize)["nonce"] == "\u{2192} browser")
    #expect(news(.authorize)["response_type"] == "")
    #expect(news(.callback)["code"] == "new")
    #expect(news(.callback)["state"] == "")
    #expect(news(.exchange)["code_verifier"] == "\u{2192} tenant")
    #expect(news(.tokens)["id_token"] == "new")
    #expect(news(.api)["access_token"] == "\u{2192} API")
  }

  @Test func `verdicts are those of the run, and hidden while a guess is asked for`() throws {
    let failed = try Sample.failed()
    let told = Self.story(failed)
    #expect(told.values.first { $0.name == "code" }?.verdict == .fail)
    #expect(told.proofs.first { $0.what == "c_hash" }?.verdict == .fail)
    #expect(told.proofs.first { $0.what == "nonce" }?.verdict == .pass)
    let hidden = StoryDocument(
      failed.transcript[.callback], in: failed.transcript, .codeIDToken, failed.redactor,
      tellsVerdicts: false)
    #expect(hidden.values.allSatisfy { $0.verdict == nil })
    #expect(hidden.proofs.allSatisfy { $0.verdict == nil })
  }

  @Test func `enter at the question turns to its answer`() throws {
    for model in Sample.walk {
      var model = model
      let layout = Layout(size: Self.small, focus: .detail, isZoomed: false)
      model.size = Self.small
      model.select(Reader.questionTarget(model.shownStage), layout)
      #expect(model.press(.enter, size: Self.small).isEmpty)
      let answer = StageAnswer.answer(of: model.shownStage).view
      #expect(model.view == answer, "\(model.shownStage)")
    }
  }

  @Test func `ordinary headers are folded on the wire, and Enter opens them`() throws {
    var model = Sample.walk[5]
    model.show(.wire)
    let size = ScreenSize(columns: 120, rows: 60)
    model.size = size
    let closed = model.lines(size).joined(separator: "\n")
    #expect(closed.contains("4 ordinary headers, closed"))
    #expect(!closed.contains("User-Agent"))
    #expect(closed.contains("Authorization") && closed.contains("Content-Type"))
    let fold = try #require(
      model.lines(of: .detail, model.layout).compactMap(\.target?.id).first {
        $0.hasPrefix("lines:")
      })
    model.openInSight(fold, model.layout)
    #expect(model.lines(size).joined(separator: "\n").contains("User-Agent"))
  }

  @Test func `no secret of the run is told`() throws {
    for model in Sample.walk {
      let text = model.lines(of: .detail, .story, model.layout).map(\.text).joined()
      #expect(model.redactor.mask(text) == text, "\(model.shownStage)")
    }
  }
}
