import HybridFlow
import Lab
import OpenID
import TextUI

/// The text of a certification plan: a row for each module, a column for each variant.
struct PlanText {
  let plan: CertificationPlan
  let style: PrintStyle

  private static let columns = HelpText.columns
  private var nameWidth: Int {
    plan.modules.filter { $0.notRun == nil }.map { plan.shortName($0).count }.max() ?? 0
  }
  private var blank: String { style.isASCII ? "." : "\u{00B7}" }
  private var right: String { style.isASCII ? "+" : "\u{2713}" }
  private var wrong: String { style.isASCII ? "X" : "\u{2717}" }

  /// The names, and the legend of the columns.
  func opening(_ variants: [PlanVariant]) -> String {
    let width = (variants.map(\.title.count).max() ?? 0) + 4
    // As many beside each other as a narrow terminal has room for.
    let perLine = max(1, Self.columns / (width + 3))
    let legend = stride(from: 0, to: variants.count, by: perLine).map { start in
      let end = min(start + perLine, variants.count)
      return variants[start..<end].enumerated().map { index, variant in
        let gap = index == end - start - 1 ? 0 : width - variant.title.count
        return "\(variant.letter)  \(variant.title)" + String(repeating: " ", count: gap)
      }.joined()
    }.joined(separator: "\n")
    let about = HelpText.wrapped(
      "The situations of \(plan.suiteName), a plan of the OpenID Foundation, with the same names. "
        + "Only the suite of the Foundation certifies.",
      width: Self.columns)
    let header = line("\(plan.prefix)\(style.isASCII ? "..." : "\u{2026}")", letters(variants), "")
    return about.map { "\($0)\n" }.joined() + "\n\(legend)\n"
      + "\(right)  as the plan expects    \(wrong)  otherwise    \(blank)  not in this variant\n\n"
      + header
  }

  private func letters(_ variants: [PlanVariant]) -> String {
    variants.map { String($0.letter) }.joined(separator: " ")
  }

  /// The row of a module, and below it what was not as expected.
  func row(_ module: PlanModule, _ outcomes: [PlanOutcome], _ variants: [PlanVariant]) -> String {
    let marks = variants.map { variant in
      guard let outcome = outcomes.first(where: { $0.variant.letter == variant.letter }) else {
        return blank
      }
      return style.ink(outcome.isRight ? .pass : .fail, outcome.isRight ? right : wrong)
    }.joined(separator: " ")
    let details = outcomes.filter { !$0.isRight }.flatMap { outcome in
      HelpText.wrapped("\(outcome.variant.title): \(outcome.did)", width: Self.columns - 6)
        .map { "      \($0)\n" }
    }
    return line(plan.shortName(module), marks, words(module, outcomes)) + details.joined()
  }

  /// The name of a module that is not run, and why.
  func row(notRun module: PlanModule, because why: String) -> String {
    "\(plan.shortName(module))\n"
      + HelpText.wrapped("not run: \(why)", width: Self.columns - 6)
      .map { "      \($0)\n" }.joined()
  }

  /// What must be done, and by which check it was.
  private func words(_ module: PlanModule, _ outcomes: [PlanOutcome]) -> String {
    var places: [String] = []
    for outcome in outcomes where outcome.isRight {
      guard let stage = outcome.stoppedAt else { continue }
      let text = "\(stage.number)"
      if !places.contains(text) { places.append(text) }
    }
    let place = places.isEmpty ? "" : " at stage \(places.joined(separator: "/"))"
    return module.expectation.words + place
  }

  private func line(_ name: String, _ marks: String, _ words: String) -> String {
    let gap = String(repeating: " ", count: max(0, nameWidth + 2 - name.count))
    return "\(name)\(gap)\(marks)\(words.isEmpty ? "" : "  \(words)")\n"
  }

  /// The counts.
  func closing(modules: Int, runs: Int, wrong: Int, left: Int, seconds: String) -> String {
    let others = left == 0 ? "" : "\n\(left) modules are not run."
    return "\n\(modules) modules in \(runs) runs, in \(seconds) s: \(runs - wrong) as expected, "
      + "\(wrong) otherwise.\(others)\n"
  }

  // MARK: For machines

  static func json(
    _ module: PlanModule, _ plan: CertificationPlan, notRun why: String
  ) -> JSONValue {
    [
      "type": "module", "plan": .string(plan.name.rawValue), "id": .string(module.name),
      "does": .string(module.does), "expected": .string(module.expectation.words),
      "verdict": "not_run", "did": .string(why),
    ]
  }

  static func json(_ outcome: PlanOutcome, _ plan: CertificationPlan) -> JSONValue {
    var line: JSONValue = [
      "type": "module", "plan": .string(plan.name.rawValue), "id": .string(outcome.module.name),
      "variant": .string(outcome.variant.title),
      "response_type": .string(outcome.variant.type.rawValue),
      "does": .string(outcome.module.does), "expected": .string(outcome.module.expectation.words),
      "verdict": .string(outcome.isRight ? "right" : "wrong"), "did": .string(outcome.did),
      "caught_by": .array(outcome.failed.map { .string($0.rawValue) }),
    ]
    line.set("stopped_at", outcome.stoppedAt.map { number($0.number) } ?? .null)
    return line
  }

  static func json(
    _ plan: CertificationPlan, modules: Int, runs: Int, wrong: Int, left: Int, exit: Int32,
    seconds: String
  ) -> JSONValue {
    [
      "type": "result", "status": .string(wrong == 0 ? "passed" : "failed"),
      "plan": .string(plan.name.rawValue), "modules": number(modules),
      "runs": number(runs), "wrong": number(wrong), "not_run": number(left),
      "exit": number(Int(exit)),
      "seconds": .number(JSONNumber(literal: seconds)),
    ]
  }

  private static func number(_ value: Int) -> JSONValue { .number(JSONNumber(Int64(value))) }
}
