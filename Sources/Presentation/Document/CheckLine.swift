import HybridFlow
import OpenID
import Redaction
import TextUI

/// A verdict as every text tells it.
package struct CheckLine: Sendable {
  /// The check's id.
  package let id: String
  /// The result.
  package let verdict: Check.Verdict
  /// The reason in a sentence.
  package let why: String
  /// What the rule requires.
  package let expected: String?
  /// What was seen.
  package let found: String?
  /// The specification of the rule.
  package let source: SpecReference

  /// Makes the line of a check, also of one that is not the flow's.
  package init(
    id: String, verdict: Check.Verdict, why: String, expected: String?, found: String?,
    source: SpecReference, _ redactor: Redactor
  ) {
    (self.id, self.verdict, self.source) = (id, verdict, source)
    self.why = redactor.line(why)
    self.expected = expected.map { redactor.line($0) }
    self.found = found.map { redactor.line($0) }
  }

  /// Makes the line of a check of the flow.
  package init(_ check: Check, _ redactor: Redactor) {
    self.init(
      id: check.id.rawValue, verdict: check.verdict, why: check.why, expected: check.expected,
      found: check.found, source: check.spec, redactor)
  }

  /// What was compared, each with its name: what is known of the two.
  package var compared: [(name: String, value: String)] {
    [("expected", expected), ("found", found)].compactMap { name, value in
      value.map { (name, $0) }
    }
  }

  /// What was compared, one below the other, so that the difference is visible.
  package var comparison: [String] { compared.map { Self.column($0.name) + $0.value } }

  /// The name of a value, padded so that values stand below each other.
  package static func column(_ name: String) -> String {
    name + String(repeating: " ", count: max(1, 10 - name.utf8.count))
  }
}

extension Check.Verdict {
  /// Broken rules first: for a text that is read from its top.
  package static let worstFirst: [Check.Verdict] = [.fail, .warn, .pass, .skip]
  /// What held first: for a line that sums up.
  package static let passedFirst: [Check.Verdict] = [.pass, .fail, .warn, .skip]

  /// The result in a word.
  package var word: String {
    switch self {
    case .pass: "passed"
    case .fail: "failed"
    case .warn: "warned"
    case .skip: "not run"
    }
  }

  /// The tone of its mark where text is printed.
  package var tone: Ink.Tone {
    switch self {
    case .pass: .pass
    case .fail: .fail
    case .warn: .warn
    case .skip: .muted
    }
  }

  /// The mark before a check.
  package var mark: String {
    switch self {
    case .pass: "\u{2713}"
    case .fail: "\u{2717}"
    case .warn: "!"
    case .skip: "\u{25CB}"
    }
  }

  /// The mark for text that may be ASCII only: there it is a word.
  package func mark(isASCII: Bool) -> String {
    guard isASCII else { return mark }
    return switch self {
    case .pass: "ok"
    case .fail: "FAIL"
    case .warn: "WARN"
    case .skip: "-"
    }
  }
}

/// How many checks have which verdict.
package struct Tally: Sendable, Equatable {
  package let passed: Int
  package let failed: Int
  package let warned: Int
  package let notRun: Int

  /// Counts checks.
  package init(_ checks: [Check]) { self.init(checks.map(\.verdict)) }

  /// Counts verdicts.
  package init(_ verdicts: [Check.Verdict]) {
    passed = verdicts.count { $0 == .pass }
    failed = verdicts.count { $0 == .fail }
    warned = verdicts.count { $0 == .warn }
    notRun = verdicts.count { $0 == .skip }
  }

  /// The number of checks with this verdict.
  package func count(_ verdict: Check.Verdict) -> Int {
    switch verdict {
    case .pass: passed
    case .fail: failed
    case .warn: warned
    case .skip: notRun
    }
  }

  /// `29 passed, 1 failed`: the verdicts that there are, in this order; nil without any.
  package func counts(_ order: [Check.Verdict]) -> String? {
    let parts = order.filter { count($0) > 0 }.map { "\(count($0)) \($0.word)" }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
