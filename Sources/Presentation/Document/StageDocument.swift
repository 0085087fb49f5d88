import HybridFlow
import OpenID
import Redaction

/// What there is to say about a stage, or about an action after the flow.
///
/// Every text of a run is printed from it: the explorer's views, `--plain`, `run`, Markdown. It
/// decides what is said, in which words and behind which redactor; a printer decides how much of it
/// there is room for, and how it looks. All its text is redacted and harmless.
package struct StageDocument: Sendable {
  let record: StageRecord
  let redactor: Redactor
  /// The stage's number; nil for an action after the flow.
  package let number: Int?
  /// A short title.
  package let title: String
  /// What happens, in a sentence; for an action, the specification that describes it.
  package let sentence: String

  /// Makes the document of a stage.
  package init(_ record: StageRecord, _ redactor: Redactor) {
    (self.record, self.redactor) = (record, redactor)
    number = record.stage.number
    (title, sentence) = (record.title, record.sentence)
  }

  /// Makes the document of an action after the flow.
  package init(_ action: AfterRecord, _ redactor: Redactor) {
    (record, self.redactor) = (action.record, redactor)
    number = nil
    (title, sentence) = (action.action.title, action.action.spec.description)
  }

  /// How it ended.
  package var status: StageRecord.Status { record.status }
  /// Why it was left out; nil when it was not.
  package var leftOut: String? { record.skippedBecause.map { redactor.line($0) } }
  /// Whether the application can see it; what is not seen is inferred.
  package var isSeen: Bool { record.observed }
  /// What was sent, in order.
  package var messages: [MessageDocument] {
    record.messages.map { MessageDocument($0, redactor) }
  }
  /// The tokens that arrived.
  package var tokens: [TokenDocument] { record.tokens.map { TokenDocument($0, redactor) } }
  /// What the tenant verified, in the order of its rules.
  package var ledger: [LedgerLine] { record.serverChecks.map { LedgerLine($0, redactor) } }
  /// What an application can infer about that by itself.
  package var inferences: [LedgerLine] { record.inferredChecks.map { LedgerLine($0, redactor) } }
  /// The verdicts, in the order of the rules.
  package var checks: [CheckLine] { record.checks.map { CheckLine($0, redactor) } }
  /// The verdicts with this result.
  package func checks(_ verdict: Check.Verdict) -> [CheckLine] {
    record.checks.lazy.filter { $0.verdict == verdict }.map { CheckLine($0, redactor) }
  }
  /// The number of the verdicts.
  package var tally: Tally { Tally(record.checks) }
  /// Which account was opened, in a sentence; nil without accounts.
  package var account: AccountDocument? { record.account.map { AccountDocument($0, redactor) } }
  /// Remarks that are no verdicts, each with its time.
  package var notes: [(clock: String, text: String)] {
    record.notes.map { (CivilTime($0.at).clock, redactor.line($0.text)) }
  }
  /// Why the run stopped here; nil when it did not.
  package var failure: String? { record.failure.map { redactor.line($0.message) } }
}

extension Redactor {
  /// A text from outside, redacted and harmless, on one line.
  package func line(_ text: String) -> String { HarmlessText.line(mask(text)) }
}

/// A line of the tenant's own checks, or of what is inferred about them.
package struct LedgerLine: Sendable {
  /// The rule's id.
  package let id: String
  /// What was verified.
  package let what: String
  /// What was compared, or why it is inferred.
  package let detail: String
  /// The result; nil when it cannot be known.
  package let passed: Bool?
  /// Whether the tenant itself reported it.
  package let isObserved: Bool
  /// The specification of the rule.
  package let source: SpecReference

  init(_ check: ServerCheck, _ redactor: Redactor) {
    id = check.id
    (what, detail) = (redactor.line(check.what), redactor.line(check.detail))
    (passed, isObserved, source) = (check.passed, check.observed, check.spec)
  }
}
