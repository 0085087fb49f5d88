import HybridFlow
import TextUI

/// The results of the application's checks, as in rail, strip, tab and diagram.
struct Tally: Sendable, Equatable {
  let passed: Int
  let failed: Int
  let warned: Int

  init(_ checks: [Check]) {
    passed = checks.count { $0.verdict == .pass }
    failed = checks.count { $0.verdict == .fail }
    warned = checks.count { $0.verdict == .warn }
  }

  private var parts: [(verdict: Check.Verdict, count: Int, word: String)] {
    [(.pass, passed, "passed"), (.fail, failed, "failed"), (.warn, warned, "warned")]
      .filter { $0.count > 0 }
  }

  /// `29\u{2713} 1\u{2717}`, each with a blank before it.
  var spans: [Span] {
    parts.map { verdict, count, _ in
      let mark = Verdicts.span(verdict)
      return Span(" \(count)\(mark.text)", mark.role, verdict == .pass ? [] : .bold)
    }
  }

  /// `29 passed, 1 failed`, and a mark for the worst of them.
  var words: String {
    guard !parts.isEmpty else { return "none ran" }
    let worst: Check.Verdict = failed > 0 ? .fail : warned > 0 ? .warn : .pass
    return parts.map { "\($0.count) \($0.word)" }.joined(separator: ", ") + " "
      + Verdicts.span(worst).text
  }
}

extension ExplorerModel {
  /// The checks of a stage whose verdicts are shown.
  func toldChecks(of record: StageRecord) -> [Check] {
    conceals(record.stage) ? [] : record.checks
  }

  /// The checks of the run whose verdicts are shown.
  var toldChecks: [Check] { transcript.stages.flatMap(toldChecks) }

  /// The stage where the run stopped without a failed check of ours, so that no number shows it.
  var stopWithoutCheck: Stage? {
    guard case .failed(let stage, _) = situation, !conceals(stage), Tally(toldChecks).failed == 0
    else { return nil }
    return stage
  }
}
