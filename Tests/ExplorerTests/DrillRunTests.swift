import HybridFlow
import Network
import OpenID
import Testing

@testable import Explorer
@testable import Lab
@testable import Presentation
@testable import Session
@testable import TextUI

/// A drill played at the explorer, over real sockets.
@Suite(.serialized) struct DrillRunTests {
  @Test(.timeLimit(.minutes(3)), arguments: [ScreenSize.three[0], ScreenSize.three[1]])
  func `six rounds are played from the table, and none tells before it is asked`(
    _ size: ScreenSize
  ) throws {
    let drill = Drill(seed: 3, count: 6)
    let run = try PressedRun(
      columns: size.columns, rows: size.rows, begin: { $0.begin(with: drill) })
    for round in drill.rounds {
      try settle(run)
      #expect(run.says("Drill \(round.number) of 6"))
      let covered = run.face.model
      #expect(covered.coversVerdicts && covered.summary.lab == nil)
      #expect(covered.transcript.firstFailure == nil)
      #expect(covered.transcript.checks.allSatisfy { $0.verdict == .skip })
      #expect(!covered.transcript.messages.contains { $0.tamperedBy != nil })
      if let id = round.fault?.id { #expect(!run.screen.text.contains(id)) }
      // What would tell, or take the run away, is refused.
      try run.type(":export markdown /nonexistent/drill.md")
      try run.press(.enter)
      #expect(run.says("when it is answered"))
      try run.press(.character("r"))
      #expect(run.says("keeps its run"))
      try run.press(.character("a"))
      try run.type(round.expected ?? "none")
      try run.press(.enter)
      #expect(run.says("Round \(round.number) of 6: right, 3 points"), "\(run.screen.text)")
      #expect(!run.face.model.coversVerdicts)
      #expect(run.face.model.summary.lab?.entry.id == round.fault?.id)
      try run.press(.enter)
    }
    #expect(run.says("18 of 18 points"))
    #expect(run.face.playedDrill?.points == 18)
    try run.press(.enter)
    try settle(run)
    #expect(run.face.model.drill == nil && run.transcript.failure == nil)
    #expect(run.face.playedDrill?.points == 18)
  }

  @Test(.timeLimit(.minutes(1))) func `D begins one, h takes hints, D ends it`() throws {
    let run = try PressedRun()
    try run.press(.character("D"))
    try settle(run)
    #expect(run.says("Drill 1 of 10"))
    try run.press(.character("h"))
    #expect(run.face.model.drill?.hints.count == 1)
    try run.press(.character("h"), .character("h"), .character("h"))
    #expect(run.face.model.drill?.hints.count == 3 && run.says("no further hint"))
    try run.press(.character("D"))
    #expect(run.says("The drill is over") && run.says("0 of 30 points"))
  }

  /// Waits until the run stands where it is to be judged.
  private func settle(_ run: PressedRun) throws {
    let isStill = run.harness.loop.run(withinMilliseconds: 20_000) {
      run.face.rerun == nil && run.harness.session.isIdle
        && (run.transcript.failure != nil || run.face.labActions.isDone(run.harness.session.machine)
          || run.face.labActions.remaining.isEmpty)
    }
    try #require(isStill)
    try run.rest()
  }
}
