import Export
import HybridFlow
import Lab
import OpenID
import Trial

/// The lines of `test-app --json`.
enum TestAppJSON {
  static func line(_ honest: HonestLogin) -> String {
    let seconds = honest.visits.first?.seconds ?? 0
    return RunJSON.text(of: [
      "type": "honest", "status": "passed", "signed_in": .string(honest.signs.words),
      "address": .string(honest.address), "response_type": .string(honest.traits.type.rawValue),
      "pkce": .bool(honest.traits.usesPKCE), "userinfo": .bool(honest.traits.asksUserinfo),
      "seconds": number(seconds), "diagnosis": .null,
    ])
  }

  static func line(_ error: HonestLoginError) -> String {
    RunJSON.text(of: [
      "type": "honest", "status": "failed", "signed_in": .null, "seconds": .null,
      "diagnosis": [
        "cause": .string(error.cause), "fix": .string(error.fix),
        "seen": .array(error.seen.map(JSONValue.string)),
      ],
    ])
  }

  static func line(_ result: TrialResult) -> String {
    let fault = result.fault
    return RunJSON.text(of: [
      "type": "fault", "id": .string(fault.id), "group": .string(fault.group.rawValue),
      "stage": .number(JSONNumber(Int64(result.stage.number))),
      "check": .string(fault.caughtBy), "verdict": .string(result.verdict.word),
      "why": .string(result.verdict.why), "seen": .array(result.seen.map(JSONValue.string)),
      "seconds": number(result.seconds),
    ])
  }

  static func line(_ report: Trial.Report?, exit: Int32) -> String {
    var line: JSONValue = [
      "type": "result", "status": .string(exit == ExitCode.success ? "passed" : "failed"),
      "exit": .number(JSONNumber(Int64(exit))),
    ]
    for word in ["caught", "let_through", "unclear", "not_applicable"] {
      line.set(word, .number(JSONNumber(Int64(report?.results(word).count ?? 0))))
    }
    if let late = report?.lateFailure { line.set("late_failure", .string(late.cause)) }
    return RunJSON.text(of: line)
  }

  private static func number(_ seconds: Double) -> JSONValue {
    .number(JSONNumber(literal: milliseconds(seconds)))
  }

  /// Seconds with three digits after the point.
  private static func milliseconds(_ seconds: Double) -> String {
    let whole = Int64((seconds * 1000).rounded())
    let rest = String(whole % 1000)
    return "\(whole / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}

extension JUnitReport {
  /// The faults, a suite for each group.
  init(_ report: Trial.Report) {
    self.init(name: "hybrid-flow test-app")
    for group in LabFault.Group.allCases {
      let results = report.results.filter { $0.fault.group == group }
      guard !results.isEmpty else { continue }
      suites.append(
        JUnitSuite(
          name: group.rawValue, cases: results.map(JUnitCase.init),
          seconds: results.map(\.seconds).reduce(0, +)))
    }
    if let late = report.lateFailure { add(late, named: "honest login at the end") }
  }

  /// There was no honest login.
  init(_ error: HonestLoginError) {
    self.init(name: "hybrid-flow test-app")
    add(error, named: "honest login")
  }

  private mutating func add(_ error: HonestLoginError, named name: String) {
    let text = ([error.fix] + error.seen).joined(separator: "\n")
    let end = JUnitCase(
      name: name, className: "test-app", outcome: .error(message: error.cause, text: text))
    suites.append(JUnitSuite(name: name, cases: [end]))
  }
}

extension JUnitCase {
  fileprivate init(_ result: TrialResult) {
    let fault = result.fault
    let text = ([fault.does, fault.gain] + result.seen).joined(separator: "\n")
    let outcome: Outcome =
      switch result.verdict {
      case .caught: .passed
      case .letThrough(let why): .failed(message: why, text: text)
      case .unclear(let why): .error(message: why, text: text)
      case .notApplicable(let why): .skipped(why)
      }
    self.init(
      name: fault.id, className: "test-app", seconds: result.seconds, outcome: outcome,
      output: result.seen.joined(separator: "\n"))
  }
}

/// The report of `test-app` as Markdown.
struct TestAppMarkdown {
  private let order: TestAppOrder
  private let issuer: WebURL

  init(_ order: TestAppOrder, issuer: WebURL) { (self.order, self.issuer) = (order, issuer) }

  func text(_ report: Trial.Report) -> String {
    var output = "# Test of an application\n\n"
    output += "- begins at: \(escaped(order.subject.start.text))\n"
    output += "- tenant: \(escaped(issuer.text))\n"
    output += "- response type: \(escaped(report.honest.traits.type.rawValue))\n"
    output += "- signed in is known by: \(escaped(report.honest.signs.words))\n\n"
    output += "| verdict | faults |\n|---|---|\n"
    for word in ["caught", "let_through", "unclear", "not_applicable"] {
      output += "| \(spoken(word)) | \(report.results(word).count) |\n"
    }
    for result in report.mostSeriousFirst("let_through") + report.results("unclear") {
      output += section(result, LibraryAdvice.of(userAgent: report.honest.userAgent))
    }
    output += "\n## Every fault\n\n| fault | check | verdict | why |\n|---|---|---|---|\n"
    for result in report.results {
      output +=
        "| \(result.fault.id) | \(result.fault.caughtBy) | \(spoken(result.verdict.word)) | "
        + "\(escaped(result.verdict.why)) |\n"
    }
    if let late = report.lateFailure {
      output += "\n\(escaped(late.cause)) \(escaped(late.fix))\n"
    }
    return output
  }

  private func section(_ result: TrialResult, _ library: LibraryAdvice?) -> String {
    let fault = result.fault
    var output = "\n## \(fault.id): \(spoken(result.verdict.word))\n\n"
    output += "\(escaped(result.verdict.why.capitalized)).\n\n"
    output += "- The fault: \(escaped(fault.does))\n- The gain: \(escaped(fault.gain))\n"
    if let check = fault.check { output += "- The check: \(escaped(check.rule))\n" }
    output += "- Section: \(escaped(fault.sections.map(\.description).joined(separator: "; ")))\n"
    if let library, let advice = library.advice(for: fault) {
      output += "- \(escaped(library.name)): \(escaped(advice))\n"
    }
    for line in result.seen { output += "- Seen: \(escaped(line))\n" }
    return output + "\n\(escaped(fault.lesson))\n"
  }

  private func spoken(_ word: String) -> String { word.split(at: "_").joined(separator: " ") }

  /// A text from outside, in which nothing means anything to a reader of Markdown.
  private func escaped(_ text: String) -> String {
    var output = ""
    for scalar in HarmlessText.line(text).unicodeScalars {
      if "\\`*_{}[]()#+!|<>&~".unicodeScalars.contains(scalar) { output += "\\" }
      output.unicodeScalars.append(scalar)
    }
    return output
  }
}
