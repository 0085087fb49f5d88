import Export
import HybridFlow
import Lab
import OpenID
import Platform
import Preflight
import Settings
import TextUI

/// The report that a person asked for with `--junit`.
public struct JUnitOrder: Sendable {
  private let file: JUnitFile

  /// The order on the command line; nil without one.
  ///
  /// - Throws: ``UsageError`` for a place where no file can be made, before anything runs.
  public static func read(_ invocation: Invocation) throws(UsageError) -> JUnitOrder? {
    guard let path = invocation[.junit] else { return nil }
    if invocation.has(.list) {
      throw UsageError("--list runs nothing that --junit could report: leave one out.")
    }
    return JUnitOrder(file: try JUnitFile(path))
  }

  /// Writes the report of a command that has ended, and says how the program ends then.
  ///
  /// A report that cannot be written is an error of the machine; another failure counts first.
  func write(
    _ report: JUnitReport, of outcome: RunOutcome, complainingTo sink: any TextSink
  ) -> RunOutcome {
    do throws(UsageError) {
      try file.write(report)
      return outcome
    } catch {
      sink.complain("hybrid-flow: --junit \(HarmlessText.line(error.message))\n")
      return outcome == .exit(ExitCode.success) ? .exit(ExitCode.machine) : outcome
    }
  }
}

extension JUnitReport {
  /// What `check` found: a case for each finding.
  ///
  /// - Parameter isWhole: Whether the check came to its end.
  init(_ findings: [CheckFinding], issuer: String, isWhole: Bool) {
    var cases = findings.map(JUnitCase.init)
    if !isWhole {
      cases.append(
        JUnitCase(
          name: "end", className: "check",
          outcome: .error(message: "The check was ended before it was done.", text: "")))
    }
    self.init(name: "hybrid-flow check", suites: [JUnitSuite(name: issuer, cases: cases)])
  }

  /// Adds a run of the lab: a suite for each group, a case for each fault and response type.
  mutating func add(_ outcome: LabOutcome, seconds: Double) {
    let name = outcome.fault?.group.rawValue ?? "Honest runs"
    if suites.last?.name != name { suites.append(JUnitSuite(name: name)) }
    suites[suites.count - 1].cases.append(JUnitCase(outcome, seconds: seconds))
    suites[suites.count - 1].seconds += seconds
  }

  /// Adds that the machine ended everything before it was done.
  mutating func addEnd(because why: String) {
    let end = JUnitCase(name: "end", className: "lab", outcome: .error(message: why, text: ""))
    suites.append(JUnitSuite(name: "end", cases: [end]))
  }
}

extension JUnitCase {
  fileprivate init(_ finding: CheckFinding) {
    let lines = [finding.evidence, finding.fix, finding.spec?.description]
    let text = lines.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
    let outcome: Outcome =
      switch finding.severity {
      case .error where finding.isUnreadable: .error(message: finding.message, text: text)
      case .error: .failed(message: finding.message, text: text)
      case .warning, .info: .passed
      }
    let output =
      switch finding.severity {
      case .error: ""
      case .warning: "warning: \(finding.message)\n\(text)"
      case .info: finding.message
      }
    self.init(name: finding.id, className: "check", outcome: outcome, output: output)
  }

  fileprivate init(_ outcome: LabOutcome, seconds: Double) {
    let summary = LabText(style: PrintStyle()).summary(outcome)
    let does = outcome.fault?.does ?? "An honest run."
    let result: Outcome =
      switch outcome.status {
      case .caught: .passed
      case .missed:
        .failed(
          message: outcome.fault?.group == .harmless || outcome.fault == nil
            ? "The run stopped, and nothing was wrong." : "It was not caught as it must be.",
          text: "\(summary)\n\(does)")
      case .falseAlarm:
        .failed(message: "A check complained without a reason.", text: "\(summary)\n\(does)")
      case .switchedOff: .failed(message: "The check is switched off.", text: "\(summary)\n\(does)")
      }
    self.init(
      name: "\(outcome.fault?.id ?? "honest") (\(outcome.type.rawValue))", className: "lab",
      seconds: seconds, outcome: result, output: outcome.status == .caught ? summary : "")
  }
}
