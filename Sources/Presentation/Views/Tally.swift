import HybridFlow
import TextUI

// The results of the application's checks, as in rail, strip, tab and diagram.
extension Tally {
  private static let told: [Check.Verdict] = [.pass, .fail, .warn]

  /// `29\u{2713} 1\u{2717}`, each with a blank before it.
  var spans: [Span] {
    Self.told.filter { count($0) > 0 }.map { verdict in
      let mark = Verdicts.span(verdict)
      return Span(" \(count(verdict))\(mark.text)", mark.role, verdict == .pass ? [] : .bold)
    }
  }

  /// `29 passed, 1 failed`, and a mark for the worst of them.
  var words: String {
    guard let counts = counts(Self.told) else { return "none ran" }
    let worst: Check.Verdict = failed > 0 ? .fail : warned > 0 ? .warn : .pass
    return "\(counts) \(worst.mark)"
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
