import Diagnosis
import HybridFlow
import OpenID
import Redaction

/// The run as headings and lists, in reading order.
///
/// For screen readers, pipes and files: no cursor, no boxes, no colours, no line over 80 columns.
/// All outside text is redacted and made harmless here.
public struct PlainWalk: Sendable {
  let redactor: Redactor
  let glyphs: GlyphSet
  private let isFull: Bool
  /// Whether it tells what was sent only: no verdicts and no lessons, for a drill.
  public var coversVerdicts = false

  /// Makes a writer with this redactor and these characters.
  ///
  /// - Parameter isFull: Whether every message, token and check is printed, and not the story alone.
  public init(redactor: Redactor, glyphs: GlyphSet = .unicode, isFull: Bool = false) {
    (self.redactor, self.glyphs, self.isFull) = (redactor, glyphs, isFull)
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
    let told = StageDocument(record, redactor)
    var text = PlainText()
    text.heading(2, "Stage \(stage.number) of 10: \(told.title)")
    guard !coversVerdicts else {
      text.paragraph("\(told.sentence).")
      addContents(of: told, in: transcript, to: &text)
      return text.text(glyphs)
    }
    let type = transcript.askedType(.codeIDToken)
    let story = StoryDocument(record, in: transcript, type, redactor)
    text.paragraph("\(story.sentence) \(outcome(told))")
    if !told.isSeen, !record.messages.isEmpty || told.leftOut == nil {
      text.paragraph(
        "The application cannot see this stage: what is said of it is inferred from what came "
          + "before and after.")
    }
    if !story.isAbsent { add(story, to: &text) }
    guard isFull else {
      addBrokenRules(told, to: &text)
      addNotes(told, to: &text)
      text.gap()
      return text.text(glyphs)
    }
    add(Lessons.lesson(for: stage, type), to: &text)
    if stage == .data { add(Lessons.comparison, to: &text) }
    addContents(of: told, in: transcript, to: &text)
    return text.text(glyphs)
  }

  private func add(_ story: StoryDocument, to text: inout PlainText) {
    if story.isPasted {
      text.paragraph("The answer was pasted by the person; nobody saw it travel.")
    }
    for value in story.values {
      let news = value.news.map { "\($0); " } ?? ""
      let verdict = value.verdict.map { "\($0.word): " } ?? ""
      text.item("\(value.name): \(value.value)", below: ["\(news)\(verdict)\(value.words)"])
    }
    text.lead("\(story.text.reason.question) \(story.text.reason.answer)")
    for proof in story.proofs {
      let verdict = proof.verdict.map { "\($0.word): " } ?? ""
      let proves = proof.proves.isEmpty ? "" : " \u{2192} \(proof.proves)"
      text.item("\(verdict)\(proof.what)\(proves)")
    }
    text.lead("What breaks it? \(story.text.breaks)")
    text.lead("Question: \(story.question)")
    if let leftOut = story.leftOut, !isFull { text.lead("Not told: \(leftOut). --full does.") }
    text.gap()
  }

  /// Adds the rules that did not hold, and why the run stopped.
  private func addBrokenRules(_ told: StageDocument, to text: inout PlainText) {
    let broken = [Check.Verdict.fail, .warn].flatMap(told.checks)
    guard !broken.isEmpty || told.failure != nil else { return }
    text.heading(3, "Checks: \(told.tally.counts(Check.Verdict.worstFirst) ?? "none")")
    add(broken, of: told, to: &text)
  }

  /// An action after the flow.
  public func action(_ action: AfterRecord, of transcript: Transcript) -> String {
    let told = StageDocument(action, redactor)
    var text = PlainText()
    text.heading(2, "After the flow: \(told.title)")
    if !coversVerdicts {
      text.paragraph(told.failure == nil ? "It was done." : "It failed.")
    }
    text.item(told.sentence)
    addContents(of: told, in: transcript, to: &text)
    return text.text(glyphs)
  }

  private func addContents(
    of told: StageDocument, in transcript: Transcript, to text: inout PlainText
  ) {
    for (index, message) in told.messages.enumerated() {
      add(message, number: index + 1, in: transcript, to: &text)
    }
    for token in told.tokens { add(token, to: &text) }
    if told.number != nil { addLedger(told.ledger, to: &text) }
    addChecks(told, to: &text)
    addNotes(told, to: &text)
    text.gap()
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
    of transcript: Transcript, diagnosis: RunDiagnosis? = nil
  ) -> String {
    var text = PlainText()
    text.heading(2, transcript.firstFailure == nil ? "The flow passed" : "The flow failed")
    let told = RunDocument(transcript, redactor, diagnosis: diagnosis)
    text.item("Stages: \(told.stagesRun) of 10")
    text.item("Checks: \(told.tally.counts(Check.Verdict.worstFirst) ?? "none")")
    if let failure = told.failure, let code = told.failureCode {
      text.item("What happened: \(failure)")
      text.item("To blame: \(told.blame.words) (\(code))")
      if let cause = told.cause {
        let why = [cause.what, cause.why].compactMap { $0 }.joined(separator: " ")
        text.item("Likely cause: \(why)")
        for value in cause.values { text.item("\(value.name.capitalized): \(value.text)") }
        text.item("What to do: \(cause.fix)")
        if let retry = cause.retry { text.item("Or: \(retry)") }
        text.item("How sure: \(cause.sure)")
      }
    } else if let subject = told.subject {
      text.item("Signed in: \(subject)")
    }
    if let rules = RulesDocument(transcript) {
      text.heading(3, "\(rules.title): \(rules.summary)")
      for row in rules.rows {
        let why = row.why.isEmpty ? "" : " (\(row.why))"
        text.item("\(row.id), \(row.verdict.word): \(row.text)\(why)")
      }
    }
    return text.text(glyphs)
  }

  // MARK: Words

  func shown(_ text: String) -> String { redactor.line(text) }

  private func outcome(_ told: StageDocument) -> String {
    switch told.status {
    case .passed: "This stage passed."
    case .failed: "This stage failed."
    case .skipped: "Left out. \(told.leftOut ?? "")"
    case .pending, .running: "Not reached."
    }
  }

  // MARK: Parts

  private func add(_ lesson: Lesson, to text: inout PlainText) {
    text.heading(3, "Lesson: \(lesson.title)")
    text.paragraph(lesson.question)
    for paragraph in lesson.paragraphs { text.paragraph(paragraph) }
    for (title, words) in lesson.remarks { text.paragraph("\(title): \(words)") }
    text.lead("To read on:")
    for section in lesson.sections { text.item(section.description) }
  }

  private func addLedger(_ ledger: [LedgerLine], to text: inout PlainText) {
    guard !ledger.isEmpty else { return }
    text.heading(3, "What the tenant verified")
    text.lead(
      ledger.contains(where: \.isObserved)
        ? "Seen, because the tenant is ours:" : "Inferred from its answer:")
    for line in ledger {
      let verdict = line.passed.map { $0 ? "passed" : "failed" } ?? "not known"
      text.item("\(verdict): \(line.what)", below: [line.detail, line.source.description])
    }
  }

  private func addChecks(_ told: StageDocument, to text: inout PlainText) {
    guard !coversVerdicts else { return addRules(told, to: &text) }
    let counts = told.tally.counts(Check.Verdict.worstFirst)
    guard counts != nil || told.failure != nil else { return }
    text.heading(3, "Checks: \(counts ?? "none")")
    add(Check.Verdict.worstFirst.flatMap(told.checks), of: told, to: &text)
  }

  private func add(_ checks: [CheckLine], of told: StageDocument, to text: inout PlainText) {
    for check in checks {
      let compared = check.compared.map { "\($0.name.capitalized): \($0.value)" }
      text.item(
        "\(check.verdict.word): \(check.id)",
        below: [check.why] + compared + [check.source.description])
    }
    if let failure = told.failure { text.lead("It stops here: \(failure)") }
  }

  /// Adds the checks without their verdicts.
  private func addRules(_ told: StageDocument, to text: inout PlainText) {
    guard !told.record.checks.isEmpty else { return }
    text.heading(3, "Rules checked here, verdicts covered")
    for check in told.record.checks {
      text.item("\(check.id.rawValue): \(check.id.rule)")
    }
  }

  private func addNotes(_ told: StageDocument, to text: inout PlainText) {
    guard !told.notes.isEmpty else { return }
    text.heading(3, "Worth knowing")
    for note in told.notes { text.item("\(note.clock) \(note.text)") }
  }
}
