import HybridFlow
import Lab
import OpenID
import TextUI

/// What the model asks the controller to do with a drill.
public enum DrillOrder: Sendable, Equatable {
  /// Begin one.
  case begin
  /// Tell the next hint.
  case hint
  /// Grade this answer, with the field that was named.
  case answer(DrillAnswer, field: String?)
  /// Go on to the next round, or to the score.
  case goOn
  /// End it early, with the score.
  case end
  /// Go back to the honest flow.
  case leave
}

// A drill: every view works, only the verdicts are covered.
extension ExplorerModel {
  /// The drill in progress.
  public var drill: DrillGame? { modes.drill }

  /// Whether no verdict of the run may be told yet.
  public var coversVerdicts: Bool { modes.drill?.isCovered == true }

  /// Shows a drill as it stands now; nil leaves it.
  public mutating func show(drill: DrillGame?) {
    modes.drill = drill
    modes.verdictAsked = nil
    overlays[DrillQuestion.self] = nil
    overlays[DrillCard.self] = drill.flatMap { $0.isTold || $0.isOver ? DrillCard() : nil }
    stamp = Stamp()
  }

  /// Shows that a hint was taken.
  public mutating func show(hint text: String, of drill: DrillGame) {
    modes.drill = drill
    // In the question it stands above the list.
    if overlays[DrillQuestion.self] == nil { say(text) }
  }

  /// Why a run of a drill goes no further; nil outside a drill.
  var drillRefusal: String? {
    guard modes.drill != nil else { return nil }
    return coversVerdicts
      ? "the run stands where it is to be judged; \(keyName(of: OpenCommand.drillAnswer)) answers"
      : "the drill goes on with \(keyName(of: OpenCommand.drillAnswer))"
  }

  var hintUnavailable: String? {
    guard let drill = modes.drill, drill.isCovered else { return "the answer is told already" }
    return drill.hints.count < DrillHint.allCases.count ? nil : "there is no further hint"
  }

  mutating func openDrillQuestion() {
    guard let drill = modes.drill else { return }
    if drill.isCovered {
      overlays.push(DrillQuestion())
    } else {
      overlays.push(DrillCard())
    }
  }

  /// The parts of the title row, the least important first; nil outside a drill.
  var drillParts: [String]? {
    guard let drill = modes.drill else { return nil }
    return [
      "seed \(drill.drill.seed)", "\(drill.points) of \(drill.most) points",
      "Drill \(drill.round.number) of \(drill.drill.rounds.count)",
    ]
  }

  /// What to do in a drill, in place of what comes next; nil outside a drill.
  var drillStatus: [Span]? {
    guard let drill = modes.drill else { return nil }
    let answer = Span(keyName(of: OpenCommand.drillAnswer), .footerKey, .bold)
    guard drill.isCovered else { return [answer, Span(" goes on with the drill", .textMuted)] }
    if case .busy = situation { return nil }
    return [
      Span("One fault, or none? ", .statusCurrent, .bold), answer, Span(" answers", .textMuted),
      Span("   " + keyName(of: .drillHint), .footerKey, .bold),
      Span(" takes a hint (\u{2212}1)", .textMuted),
    ]
  }

  /// In place of the numbers of verdicts.
  var coveredTally: [[Span]] {
    [
      [Span(" "), Span("?", .statusCurrent, .bold), Span(" verdicts", .textMuted)],
      [Span("   covered", .textMuted)],
    ]
  }

  func keyName(of command: OpenCommand) -> String { keyName(of: command.action) }
}

extension Reader {
  /// The rules of the stage's checks, without their verdicts.
  func coveredChecks() -> Document {
    guard !record.checks.isEmpty else {
      return nothing(absence ?? "The application has nothing to check in this stage.")
    }
    var document = Document()
    document.heading("The rules here; what came of them is yours to find")
    for check in record.checks {
      document.gap()
      document.add(
        .line(
          Line(
            [Span("? ", .statusCurrent, .bold), Span(check.id.rawValue, .textStrong, .bold)],
            note: [Span(check.id.spec.short, .textMuted)])))
      document.paragraph(check.id.rule.capitalized + ".", indent: 2)
    }
    return document
  }
}
