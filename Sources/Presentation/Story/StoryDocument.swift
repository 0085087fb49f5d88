import HybridFlow
import OpenID
import Redaction

/// A stage as a story: what happens, the few values that matter, why to believe it, the question.
///
/// It is the first view of every stage, and what `run --plain` prints. All its text is redacted and
/// harmless. Boilerplate is left to the view Wire.
package struct StoryDocument: Sendable {
  /// A value that matters in this stage.
  struct Value: Sendable {
    /// The name on the wire.
    let name: String
    /// The value, as it may be shown.
    let value: String
    /// `new`, or where it goes for the first time; nil for a value that everybody there knows.
    let news: String?
    /// The result of the check of it; nil where there is none, or it is not told.
    let verdict: Check.Verdict?
    /// What it is for, in a few words.
    let words: String
  }

  /// A thing that makes the stage safe, and whether it held.
  struct Proof: Sendable {
    let what: String
    let proves: String
    /// The result; nil where no check tells.
    let verdict: Check.Verdict?
  }

  /// The most values that are told.
  static let valuesMax = 5
  /// The most lines of the tenant's ledger that are told.
  static let ledgerMax = 6

  let text: StoryText
  /// What happens, in one sentence.
  var sentence: String { text.sentence }
  /// Whether the stage was not reached, or was left out: then there are words only.
  let isAbsent: Bool
  /// Whether a message was pasted, and not seen on the wire.
  let isPasted: Bool
  /// The values that matter, the most important first.
  let values: [Value]
  /// What makes it safe, each with its result.
  let proofs: [Proof]
  /// The question of the stage.
  let question: String
  /// How many messages travelled, and how many of their headers are ordinary.
  let traffic: (messages: Int, headers: Int, ordinary: Int)

  /// Makes the story of a stage.
  ///
  /// - Parameter tellsVerdicts: False while a guess at them is asked for.
  init(
    _ record: StageRecord, in transcript: Transcript, _ type: ResponseType?, _ redactor: Redactor,
    tellsVerdicts: Bool = true
  ) {
    let told = type ?? .codeIDToken
    text = StoryText.text(of: record.stage, told)
    question = Lessons.lesson(for: record.stage, type).question
    isAbsent = record.isAbsent && record.serverChecks.isEmpty
    isPasted = record.messages.contains { $0.evidence == .pasted }
    let reader = StoryReader(
      record: record, transcript: transcript, type: told, redactor: redactor,
      tellsVerdicts: tellsVerdicts)
    values = isAbsent ? [] : Array(reader.values.prefix(Self.valuesMax))
    proofs = isAbsent ? [] : reader.proofs(text.proofs)
    let headers = record.messages.flatMap(\.headers.lines)
    traffic = (
      record.messages.count, headers.count, headers.count(where: MessageDocument.isOrdinary)
    )
  }

  /// `3 messages, 21 ordinary headers`: what the story leaves out; nil if there is nothing.
  var leftOut: String? {
    guard traffic.messages > 0 else { return nil }
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    return count(traffic.messages, "message")
      + (traffic.ordinary > 0 ? " with \(count(traffic.ordinary, "ordinary header"))" : "")
  }
}

extension StageRecord {
  /// The worst result of these checks; nil if none of them was made here.
  func verdict(of ids: [CheckID]) -> Check.Verdict? {
    let made = checks.filter { ids.contains($0.id) }.map(\.verdict)
    return Check.Verdict.worstFirst.first(where: made.contains)
  }
}
