import HybridFlow
import OpenID
import Redaction

extension JUnitReport {
  /// A run: a suite for each stage and each action after it, a case for each check.
  ///
  /// Secrets are masked, also where the person asked to see them elsewhere: reports are handed on.
  public init(_ run: ExportedRun) {
    let redactor = Redactor(secrets: run.transcript.secrets + run.secrets)
    let failed = run.transcript.firstFailure?.failedChecks ?? []
    let stages = run.transcript.stages.map { record in
      JUnitSuite(
        record, name: "\(record.stage.number) \(record.title)", className: "run.\(record.stage.id)",
        decisive: failed, redactor)
    }
    let actions = run.transcript.afterwards.map { action in
      JUnitSuite(
        action.record, name: action.action.title, className: "run.after.\(action.action.id)",
        decisive: failed, redactor)
    }
    self.init(name: "hybrid-flow run", suites: stages + actions)
  }
}

extension JUnitSuite {
  /// What was judged in a stage, or in an action after the flow.
  fileprivate init(
    _ record: StageRecord, name: String, className: String, decisive: [CheckID],
    _ redactor: Redactor
  ) {
    var seconds = 0.0
    if let start = record.startedAt, let end = record.endedAt {
      seconds = Double(end.milliseconds - start.milliseconds) / 1000
    }
    var cases = record.checks.map {
      JUnitCase($0, className: className, decisive: decisive, redactor)
    }
    cases += record.serverChecks.map { JUnitCase($0, className: className, redactor) }
    if let outcome = Self.outcome(record, hasCases: !cases.isEmpty, redactor) {
      cases.insert(
        JUnitCase(
          name: record.sentence, className: className, seconds: seconds, outcome: outcome), at: 0)
    }
    self.init(name: name, cases: cases, seconds: seconds)
  }

  /// How the stage itself went; nil where its checks say it.
  private static func outcome(
    _ record: StageRecord, hasCases: Bool, _ redactor: Redactor
  ) -> JUnitCase.Outcome? {
    if let failure = record.failure {
      // The checks that failed stand there themselves.
      guard failure.failedChecks.isEmpty else { return nil }
      return .error(message: redactor.mask(failure.message), text: failure.code)
    }
    switch record.status {
    case .pending: return .skipped("The run ended before.")
    case .skipped: return .skipped(redactor.mask(record.skippedBecause ?? ""))
    case .running: return .error(message: "The run ended in the middle of it.", text: "")
    case .passed, .failed: return hasCases ? nil : .passed
    }
  }
}

extension JUnitCase {
  /// A check; one of an answer that was refused while the run went on fails nothing.
  fileprivate init(
    _ check: Check, className: String, decisive: [CheckID], _ redactor: Redactor
  ) {
    var lines = [check.why]
    if let expected = check.expected { lines.append("expected: \(expected)") }
    if let found = check.found { lines.append("found: \(found)") }
    lines.append(check.spec.description)
    let text = lines.map(redactor.mask).joined(separator: "\n")
    let why = redactor.mask(check.why)
    var outcome = Outcome.passed
    var output = ""
    switch check.verdict {
    case .pass: break
    case .skip: outcome = .skipped(why)
    case .warn: output = "warning: \(text)"
    case .fail where check.isOfRefused && !decisive.contains(check.id):
      output = "of an answer that was refused while the run went on: \(text)"
    case .fail: outcome = .failed(message: why, text: text)
    }
    self.init(name: check.id.rawValue, className: className, outcome: outcome, output: output)
  }

  /// What the tenant itself verified, or what can be inferred of it.
  fileprivate init(_ check: ServerCheck, className: String, _ redactor: Redactor) {
    let detail = redactor.mask(check.detail)
    let outcome: Outcome =
      switch check.passed {
      case true?: .passed
      case false?:
        .failed(
          message: detail.isEmpty ? check.what : detail,
          text: "\(check.what)\n\(check.spec.description)")
      case nil: .skipped("This cannot be known from outside.")
      }
    self.init(name: check.id, className: "\(className).tenant", outcome: outcome)
  }
}
