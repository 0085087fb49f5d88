import OpenID
import Testing

@testable import HybridFlow
@testable import Lab
@testable import Presentation
@testable import Session
@testable import TextUI

/// The attacker in the sequence diagram, and the check that stops them.
@Suite(.serialized) struct AttackerTests {
  private static func arrows(_ item: ForgedTests.Case, asking stage: Stage? = nil)
    -> [SequenceArrow]
  {
    let model = item.model()
    return SequenceArrow.all(
      in: item.transcript, concealing: stage, words: model.forgedWords)
  }

  @Test(.timeLimit(.minutes(5)))
  func `the check of every fault stands as a barrier, once`() async throws {
    try await ForgedTests.each { item in
      guard item.fault.then.isEmpty else { return }
      if case .information = item.fault.catcher { return }
      let barriers = Self.arrows(item).compactMap(\.barrier)
      #expect(barriers.count == 1, "\(item.name): \(barriers)")
      #expect(
        barriers.first?.title.hasPrefix(item.fault.caughtBy) == true, "\(item.name): \(barriers)")
      #expect(
        barriers.first?.state == (item.fault.stops ? .closed : .warned), "\(item.name): \(barriers)"
      )
      // Before the verdict is told, neither the check nor what was changed is given away.
      let stage = item.fault.stage(for: item.type)
      let asked = Self.arrows(item, asking: stage)
      #expect(asked.allSatisfy { $0.barrier == nil }, "\(item.name)")
      #expect(!asked.contains { $0.label.contains("A \u{2192}") }, "\(item.name)")
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `a lane more is there for an attacker, and for nobody else`() async throws {
    try await ForgedTests.each { item in
      guard item.fault.then.isEmpty else { return }
      let isAttacked = item.fault.culprit == .attacker
      guard !item.changed.isEmpty else { return }
      let legs = Self.arrows(item).compactMap(\.leg)
      #expect(legs == (isAttacked ? [.toAttacker, .fromAttacker] : []), "\(item.name): \(legs)")
      let model = item.model()
      for size in [ScreenSize(columns: 80, rows: 24), Sample.size] {
        let layout = Layout(size: size, focus: .detail)
        let content = try #require(layout.content(of: .sequence))
        let diagram = SequenceDiagram(model, content)
        #expect(diagram.lanes.count == (isAttacked ? 5 : 4), "\(item.name)")
        let names = model.lines(size).joined()
        #expect(names.contains("\u{2620} Mallory") == isAttacked, "\(item.name)")
        if case .party(let actor, _) = item.fault.culprit, diagram.culprit != nil {
          #expect(names.contains("\u{2717} ") && names.contains(actor.title), "\(item.name)")
        }
      }
    }
  }

  @Test func `a check that is switched off leaves the barrier open, and says so`() throws {
    let fault = try #require(Lab.fault("swapped-code"))
    let transcript = try Lab.outcome(of: fault, type: .codeIDToken, checksOff: [.cHashMatch])
      .transcript
    let barrier = SequenceArrow.all(in: transcript).compactMap(\.barrier).first
    #expect(barrier?.state == .open && barrier?.title == "c-hash-match off")
    let model = ForgedTests.model(transcript, fault, .codeIDToken, at: .callback)
    let text = model.lines(Sample.size).joined(separator: "\n")
    #expect(
      text.contains("\u{2506} c-hash-match off") && text.contains("it goes through"), "\(text)")
  }

  @Test(arguments: ["80x24", "120x36", "200x50"])
  func `the swapped value stands on the arrow, and the barrier behind it`(size: String) throws {
    let item = try ForgedTests.Case(try #require(Lab.fault("swapped-code")), .codeIDToken)
    let parts = size.split(separator: "x").compactMap { Int($0) }
    let text = item.model().lines(ScreenSize(columns: parts[0], rows: parts[1]))
      .joined(separator: "\n")
    #expect(text.contains("code A \u{2192} "), "\(text)")
    #expect(text.contains("\u{258C} c-hash-match \u{2717}"), "\(text)")
    #expect(text.contains("\u{2550}\u{25B6}\u{258C} the code stops here"), "\(text)")
  }

  @Test func `without colours and with ASCII alone it is still another stroke`() throws {
    let item = try ForgedTests.Case(try #require(Lab.fault("swapped-code")), .codeIDToken)
    var model = item.model()
    model.glyphs = .ascii
    let text = model.lines(Sample.size).joined(separator: "\n")
    #expect(text.contains("! Mallory") && text.contains("~~~>#"), "\(text)")
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func `both arrows of a forged message open it, by key and by click`() throws {
    let item = try ForgedTests.Case(try #require(Lab.fault("swapped-code")), .codeIDToken)
    var model = item.model()
    let layout = Layout(size: Sample.size, focus: .detail)
    let content = try #require(layout.content(of: .sequence))
    let arrows = SequenceDiagram(model, content).arrows
    let both = arrows.indices.filter { arrows[$0].leg != nil }
    #expect(both.count == 2)
    for index in both {
      model.select(arrow: index, layout)
      model.openArrow(layout)
      #expect(model.view == .wire && arrows[index].message == item.changed[0].id)
    }
  }

  @Test func `a theme that does not know the attacker warns`() {
    var theme = Sample.theme
    theme.roles[.attacker] = nil
    #expect(
      theme.style(for: .attacker, on: .panel).foreground
        == theme.style(for: .statusWarn, on: .panel).foreground)
  }
}
