import HybridFlow
import OpenID
import Redaction

/// The run as headings and lists, in reading order.
///
/// For screen readers, pipes and files: no cursor, no boxes, no colours, no line over 80 columns.
/// All outside text is redacted and made harmless here.
public struct PlainWalk: Sendable {
  let masker: Redactor
  private let glyphs: GlyphSet

  /// Makes a writer with this redactor and these characters.
  public init(masker: Redactor, glyphs: GlyphSet = .unicode) {
    (self.masker, self.glyphs) = (masker, glyphs)
  }

  /// The text before all stages.
  ///
  /// - Parameter tenant: The issuer, or the tenant's name.
  public func opening(_ summary: RunSummary, tenant: String) -> String {
    var text = PlainText()
    text.heading(1, "The OpenID Connect hybrid flow in ten stages")
    text.item("Tenant: \(shown(tenant))" + (summary.isDemo ? ", built in" : ""))
    text.item("Response type: \(summary.responseType)")
    text.item("Response mode: \(summary.responseMode)")
    text.item("Client: \(summary.clientID)")
    text.gap()
    return text.text(glyphs)
  }

  /// A stage that has ended, or was left out.
  public func stage(_ stage: Stage, of transcript: Transcript) -> String {
    let record = transcript[stage]
    var text = PlainText()
    text.heading(2, "Stage \(stage.number) of 10: \(stage.title)")
    text.paragraph("\(stage.sentence). \(outcome(record))")
    add(Lessons.lesson(for: stage, transcript.askedType(.codeIDToken)), to: &text)
    if stage == .data { add(Lessons.comparison, to: &text) }
    if !record.observed, !record.messages.isEmpty || record.skippedBecause == nil {
      text.paragraph(
        "The application cannot see this stage: what is said of it is inferred from what came "
          + "before and after.")
    }
    for (index, message) in record.messages.enumerated() {
      add(message, number: index + 1, in: transcript, to: &text)
    }
    for token in record.tokens { add(token, to: &text) }
    addLedger(record, to: &text)
    addChecks(record, to: &text)
    addNotes(record, to: &text)
    text.gap()
    return text.text(glyphs)
  }

  /// An action after the flow.
  public func action(_ action: AfterRecord, of transcript: Transcript) -> String {
    let record = action.record
    var text = PlainText()
    text.heading(2, "After the flow: \(action.action.title)")
    text.paragraph(record.failure == nil ? "It was done." : "It failed.")
    text.item(action.action.spec.description)
    for (index, message) in record.messages.enumerated() {
      add(message, number: index + 1, in: transcript, to: &text)
    }
    for token in record.tokens { add(token, to: &text) }
    addChecks(record, to: &text)
    addNotes(record, to: &text)
    text.gap()
    return text.text(glyphs)
  }

  /// An action that could not be done.
  public func leftOut(_ action: AfterAction, why: String) -> String {
    var text = PlainText()
    text.heading(2, "After the flow: \(action.title)")
    text.paragraph("Left out. \(shown(why))")
    text.gap()
    return text.text(glyphs)
  }

  /// The result, and the responsible party of a failure.
  public func ending(
    of transcript: Transcript, diagnosis: (cause: String, fix: String)? = nil
  ) -> String {
    var text = PlainText()
    text.heading(2, transcript.firstFailure == nil ? "The flow passed" : "The flow failed")
    let ran = transcript.stages.count { $0.status == .passed || $0.status == .failed }
    text.item("Stages: \(ran) of 10")
    text.item("Checks: \(Self.counts(transcript.checks))")
    if let failure = transcript.firstFailure {
      text.item("What happened: \(shown(failure.message))")
      text.item("To blame: \(transcript.blame?.words ?? "nobody") (\(failure.code))")
      if let diagnosis {
        text.item("Likely cause: \(shown(diagnosis.cause))")
        text.item("What to do: \(shown(diagnosis.fix))")
      }
    } else if let subject = transcript.tokens.last(where: { $0.use == .idToken })?.claims?["sub"],
      let name = subject.string
    {
      text.item("Signed in: \(shown(name))")
    }
    return text.text(glyphs)
  }

  // MARK: Words

  func shown(_ text: String) -> String { HarmlessText.line(masker.mask(text)) }

  private func outcome(_ record: StageRecord) -> String {
    switch record.status {
    case .passed: "This stage passed."
    case .failed: "This stage failed."
    case .skipped: "Left out. \(shown(record.skippedBecause ?? ""))"
    case .pending, .running: "Not reached."
    }
  }

  static func counts(_ checks: [Check]) -> String {
    let words: [(Check.Verdict, String)] = [
      (.fail, "failed"), (.warn, "warned"), (.pass, "passed"), (.skip, "not run"),
    ]
    let parts = words.compactMap { verdict, word -> String? in
      let count = checks.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(word)"
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  // MARK: Parts

  private func add(_ lesson: Lesson, to text: inout PlainText) {
    text.heading(3, "Lesson: \(lesson.title)")
    text.paragraph(lesson.question)
    for paragraph in lesson.paragraphs { text.paragraph(paragraph) }
    text.paragraph("What could go wrong: \(lesson.couldGoWrong)")
    text.paragraph("What it prevents: \(lesson.attackPrevented)")
    if let note = lesson.auth0Note { text.paragraph("Beside Auth0\u{2019}s tutorial: \(note)") }
    text.lead("To read on:")
    for section in lesson.sections { text.item(section.description) }
  }

  private func addLedger(_ record: StageRecord, to text: inout PlainText) {
    guard !record.serverChecks.isEmpty else { return }
    let isObserved = record.serverChecks.contains(where: \.observed)
    text.heading(3, "What the tenant verified")
    text.lead(isObserved ? "Seen, because the tenant is ours:" : "Inferred from its answer:")
    for check in record.serverChecks {
      let verdict = check.passed.map { $0 ? "passed" : "failed" } ?? "not known"
      text.item(
        "\(verdict): \(shown(check.what))",
        below: [shown(check.detail), check.spec.description])
    }
  }

  private func addChecks(_ record: StageRecord, to text: inout PlainText) {
    guard !record.checks.isEmpty || record.failure != nil else { return }
    text.heading(3, "Checks: \(Self.counts(record.checks))")
    for (verdict, word) in [
      (Check.Verdict.fail, "failed"), (.warn, "warned"), (.pass, "passed"), (.skip, "not run"),
    ] {
      for check in record.checks where check.verdict == verdict {
        text.item(
          "\(word): \(check.id.rawValue)",
          below: [
            shown(check.why), check.expected.map { "Expected: \(shown($0))" } ?? "",
            check.found.map { "Found: \(shown($0))" } ?? "", check.spec.description,
          ])
      }
    }
    if let failure = record.failure {
      text.lead("It stops here: \(shown(failure.message))")
    }
  }

  private func addNotes(_ record: StageRecord, to text: inout PlainText) {
    guard !record.notes.isEmpty else { return }
    text.heading(3, "Worth knowing")
    for note in record.notes { text.item("\(CivilTime(note.at).clock) \(shown(note.text))") }
  }
}
