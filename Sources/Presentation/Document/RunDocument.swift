import Diagnosis
import HybridFlow
import OpenID
import Redaction

/// What there is to say about a whole run at its end.
package struct RunDocument: Sendable {
  let transcript: Transcript
  let redactor: Redactor
  /// Why it failed; nil for a run that did not.
  package let diagnosis: RunDiagnosis?
  private let failed: FlowFailure?

  /// Makes the document of a run.
  package init(
    _ transcript: Transcript, _ redactor: Redactor, diagnosis: RunDiagnosis? = nil
  ) {
    (self.transcript, self.redactor, self.diagnosis) = (transcript, redactor, diagnosis)
    failed = transcript.firstFailure
  }

  /// The stages, and then the actions after the flow.
  package var stages: [StageDocument] { transcript.stages.map { StageDocument($0, redactor) } }
  /// The actions after the flow.
  package var afterwards: [StageDocument] {
    transcript.afterwards.map { StageDocument($0, redactor) }
  }

  /// How many stages ran.
  package var stagesRun: Int {
    transcript.stages.count { $0.status == .passed || $0.status == .failed }
  }
  /// How many checks there are, and with which verdicts.
  package var checkCount: Int { transcript.checks.count }
  package var tally: Tally { Tally(transcript.checks) }
  /// The first failure, in a sentence; nil for a run without one.
  package var failure: String? { failed.map { redactor.line($0.message) } }
  /// The code of the failure.
  package var failureCode: String? { failed?.code }
  /// Who is to blame: a word for a line, and words for a sentence.
  package var blame: (word: String, words: String) {
    diagnosis?.blame.map { ($0.rawValue, $0.words) } ?? ("nobody", CauseDocument.nobody)
  }
  /// The cause, with every text of it redacted and harmless; nil for a run that did not fail.
  package var cause: CauseDocument? {
    diagnosis.map { CauseDocument($0).shown { redactor.line($0) } }
  }
  /// Who has signed in, by the last ID token.
  package var subject: String? {
    transcript.tokens.last { $0.use == .idToken }?.claims?["sub"]?.string.map { redactor.line($0) }
  }
  /// The name of who has signed in, where a token or the userinfo endpoint tells it.
  package var person: String? {
    let claims = transcript.tokens.reversed().filter { $0.use == .idToken }.compactMap(\.claims)
    let answers = transcript[.data].messages.reversed().compactMap {
      MessageDocument($0, redactor).json
    }
    return (claims + answers).lazy.compactMap { $0["name"]?.string }.first.map { redactor.line($0) }
  }
  /// What the API answered last: `200 OK`.
  package var answer: String? {
    [Stage.data, .api].lazy.compactMap { transcript[$0].messages.last }
      .compactMap { MessageDocument($0, redactor).status }.first
  }
}
