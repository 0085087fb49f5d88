import Export
import Glibc
import HybridFlow
import Lab
import OpenID
import Platform
import Session
import Settings
import TextUI

/// `hybrid-flow lab --plan`: the situations of a certification plan, and what this program makes of
/// each.
public struct PlanCommand {
  private let plan: CertificationPlan
  private let type: ResponseType?
  private let isJSON: Bool
  private let style: PrintStyle
  private let sink: any TextSink
  private let junit: JUnitOrder?

  /// Reads the options; nil when no plan is asked for.
  ///
  /// - Throws: ``UsageError``.
  public init?(
    _ invocation: Invocation, style: PrintStyle, sink: any TextSink
  ) throws(UsageError) {
    guard let plan = try CertificationPlan.read(invocation) else { return nil }
    self.plan = plan
    if let word = invocation.operands.first {
      throw UsageError("--plan runs all its modules: leave \"\(word)\" or --plan out.")
    }
    let others: [Setting] = [.all, .list, .withoutCheck, .noPKCE, .record]
    if let other = others.first(where: invocation.has) {
      throw UsageError("\(other.name) does not go with --plan: leave one of them out.")
    }
    type =
      invocation.has(.responseType)
      ? try ConnectionReader(invocation: invocation).responseType() : nil
    if let type, !plan.variants.contains(where: { $0.type == type }) {
      throw UsageError("--plan \(plan.name.rawValue) has no '\(type.rawValue)'.")
    }
    (self.style, self.sink) = (style, sink)
    isJSON = invocation.has(.json)
    junit = try JUnitOrder.read(invocation)
  }

  /// Runs every module in each of its variants.
  public func run() -> RunOutcome {
    let start = ContinuousClock.now
    let variants = plan.variants.filter { type == nil || $0.type == type }
    var report = JUnitReport(name: "hybrid-flow lab --plan \(plan.name.rawValue)")
    var wrong = 0
    var (modules, count, left) = (0, 0, 0)
    var hasReaders = isJSON || sink.write(text.opening(variants))
    do {
      for module in plan.modules where hasReaders {
        let chosen = variants.filter(module.isIn)
        if let why = module.notRun, !chosen.isEmpty {
          left += 1
          report.add(module, notRun: why)
          hasReaders = sink.write(
            isJSON
              ? RunJSON.text(of: PlanText.json(module, plan, notRun: why))
              : text.row(notRun: module, because: why))
          continue
        }
        let outcomes = try chosen.map { try module.outcome(in: $0) }
        if outcomes.isEmpty { continue }
        wrong += outcomes.count { !$0.isRight }
        modules += 1
        count += outcomes.count
        report.add(outcomes)
        hasReaders = sink.write(
          isJSON
            ? outcomes.map { RunJSON.text(of: PlanText.json($0, plan)) }.joined()
            : text.row(module, outcomes, variants))
      }
    } catch {
      sink.complain("hybrid-flow: \(HarmlessText.line("\(error)"))\n")
      return .exit(ExitCode.machine)
    }
    let exit = wrong == 0 ? ExitCode.success : ExitCode.check
    let seconds = Self.tenths(start)
    hasReaders =
      hasReaders
      && sink.write(
        isJSON
          ? RunJSON.text(
            of: PlanText.json(
              plan, modules: modules, runs: count, wrong: wrong, left: left, exit: exit,
              seconds: seconds))
          : text.closing(modules: modules, runs: count, wrong: wrong, left: left, seconds: seconds))
    let outcome = hasReaders ? RunOutcome.exit(exit) : .signal(SIGPIPE)
    return junit?.write(report, of: outcome, complainingTo: sink) ?? outcome
  }

  private var text: PlanText { PlanText(plan: plan, style: style) }

  /// The time since then, in seconds with one digit after the point.
  private static func tenths(_ start: ContinuousClock.Instant) -> String {
    let (whole, parts) = start.duration(to: .now).components
    return "\(whole).\(parts / 100_000_000_000_000_000)"
  }
}

extension CertificationPlan {
  /// The plan that `--plan` names; nil without the option.
  static func read(_ invocation: Invocation) throws(UsageError) -> CertificationPlan? {
    guard let text = invocation[.plan] else { return nil }
    guard let name = Name(rawValue: text) else {
      let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--plan \(text): there is no such plan. There are \(names).")
    }
    return named(name)
  }
}

extension JUnitReport {
  fileprivate mutating func add(_ module: PlanModule, notRun why: String) {
    let one = JUnitCase(name: module.name, className: module.name, outcome: .skipped(why))
    suites.append(JUnitSuite(name: module.name, cases: [one]))
  }

  fileprivate mutating func add(_ outcomes: [PlanOutcome]) {
    guard let module = outcomes.first?.module else { return }
    let cases = outcomes.map { outcome in
      JUnitCase(
        name: outcome.variant.title, className: module.name,
        outcome: outcome.isRight
          ? .passed
          : .failed(message: outcome.did, text: "expected: \(module.expectation.words)"),
        output: outcome.did)
    }
    suites.append(JUnitSuite(name: module.name, cases: cases))
  }
}
