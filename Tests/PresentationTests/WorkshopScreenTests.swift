import HybridFlow
import Lab
import OpenID
import Testing

@testable import Presentation
@testable import Session
@testable import TextUI

/// The workshop as the model shows it; ExplorerTests give it over real sockets.
@Suite struct WorkshopScreenTests {
  static let workshop = Workshop(
    title: "A short one",
    entries: [
      WorkshopEntry(
        minutes: 4, title: "A swapped code", question: "The ID token is genuine. What is wrong?",
        answer: "The code is another one. c_hash in the signed token pins the right code.",
        say: "Let the room look for it.", fault: "swapped-code"),
      WorkshopEntry(
        minutes: 5, title: "The login button", question: "Which values may the browser see?",
        answer: "State and nonce.",
        views: [WorkshopView(.login, .wire), WorkshopView(.login, .decoded)]),
    ], fingerprint: "1")

  /// A model at the first step of a kind, six minutes after the beginning.
  static func model(at kind: WorkshopStep.Kind) throws -> ExplorerModel {
    let index = try #require(workshop.steps.firstIndex { $0.kind == kind })
    let step = workshop.steps[index]
    let fault = try #require(Lab.fault("swapped-code"))
    let run = try Lab.run(of: step.fault == nil ? nil : fault, type: .codeIDToken)
    var model = Sample.model(run.machine, at: run.now.adding(seconds: 1))
    model.summary.lab =
      step.fault == nil
      ? nil : LabRun(entry: LabEntry(fault, for: .codeIDToken), isCheckOff: false)
    let clock = WorkshopClock(since: model.now.adding(seconds: -360))
    model.show(workshop: WorkshopState(workshop, index: index, clock: clock))
    model.arrive(at: step, stage: step.goal(for: .codeIDToken))
    return model
  }

  @Test func `two keys step, P stops the clock, W ends it`() throws {
    var model = try Self.model(at: .question)
    #expect(model.overlay == .workshopCard)
    for key in [Key.right, .character(" "), .pageDown, .enter] {
      #expect(model.press(key) == [.workshop(.step(1))])
    }
    #expect(model.press(.left) == [], "it is the first step")
    #expect(model.press(.character("P")) == [.workshop(.pause)])
    #expect(model.press(.character("W")) == [.workshop(.toggle)])
    // What the lab offers after a catch gives way.
    for kind in [WorkshopStep.Kind.puzzle, .verdict] {
      model = try Self.model(at: kind)
      for key in [Key.right, .character(" "), .pageDown] {
        #expect(model.press(key) == [.workshop(.step(1))], "\(kind) \(key)")
      }
    }
    model = try Self.model(at: .view(WorkshopView(.login, .decoded)))
    #expect(model.press(.pageUp) == [.workshop(.step(-1))] && model.press(.right) == [])
    #expect(model.press(.character("q")) == [.quit])
    #expect(model.isPresenting && !model.revealsSecrets)
  }

  @Test(arguments: [ScreenSize(columns: 80, rows: 24), Sample.size])
  func `question, verdict, answer and clock stand on the screen`(_ size: ScreenSize) throws {
    func text(_ kind: WorkshopStep.Kind) throws -> String {
      try Self.model(at: kind).lines(size).joined(separator: "\n")
    }
    let question = try text(.question)
    #expect(question.contains("The ID token is genuine. What is wrong?"))
    #expect(question.contains("1 of 2 · minutes 0–4") && question.contains("0–4 of 9 min · 06:00"))
    #expect(question.contains("2 min behind") && question.contains("→ next"))
    let puzzle = try text(.puzzle)
    #expect(puzzle.contains("Which check catches this?") && !puzzle.contains("Answer"))
    let verdict = try text(.verdict)
    #expect(verdict.contains("c-hash-match") && verdict.contains("c_hash in the signed token"))
  }
}
