import Diagnosis
import HybridFlow
import OpenID
import Platform
import Presentation
import Redaction

/// A run as a report that can be pasted into a ticket.
struct MarkdownExport {
  /// Trackers refuse reports of more than 65 536 characters.
  static let charactersMax = 64_000
  /// The limits for messages: the first of these that makes the report short enough is used.
  private static let measures = [
    Measure(body: 2000, header: 600), Measure(body: 600, header: 300),
    Measure(body: 100, header: 120), Measure(body: 0, header: 0),
  ]

  /// The most characters of a body and of a header; messages are left out if there is none.
  private struct Measure {
    var body: Int
    var header: Int
  }

  private let run: ExportedRun
  private var measure = measures[0]
  private let redactor: Redactor
  private let told: RunDocument
  private var transcript: Transcript { run.transcript }

  init(_ run: ExportedRun) {
    self.run = run
    redactor = run.redactor
    told = RunDocument(run.transcript, redactor, diagnosis: run.diagnosis)
  }

  /// The report.
  var text: String {
    var text = ""
    for measure in Self.measures {
      var export = self
      export.measure = measure
      text = export.page
      if text.unicodeScalars.count <= Self.charactersMax { break }
    }
    return text
  }

  private var page: String {
    var page = MarkdownText()
    summary(&page)
    failure(&page)
    diagnosis(&page)
    stages(&page)
    messages(&page)
    return page.text
  }

  private func line(_ text: String) -> String { HarmlessText.line(redactor.mask(text)) }
  private func code(_ text: String) -> String { MarkdownText.code(redactor.mask(text)) }

  private func summary(_ page: inout MarkdownText) {
    page.heading(1, run.heading)
    page.markdown("> \(MarkdownText.plain(run.maskingNotice))")
    page.gap()
    func row(_ name: String, _ markdown: String) { page.markdown("- **\(name)**: \(markdown)") }
    row("When", transcript.startedAt.map { CivilTime($0).text } ?? "not started")
    let kind = run.summary.isDemo ? "the built-in demo tenant" : "a real tenant"
    row("Tenant", "\(kind), \(code(run.issuer))")
    row("Client", "\(code(run.summary.clientID)), back at \(code(run.summary.redirectURI))")
    row("Asked for", "\(code(run.summary.responseType)) by \(code(run.summary.responseMode))")
    row("Outcome", outcome)
    if let exit = run.exitCode { row("Exit code", "\(exit)") }
    row("Told by", MarkdownText.plain(run.title))
    if case .lab(let fault) = run.origin {
      row("Lab", "the fault \(code(fault)) was committed on purpose")
    }
    page.gap()
  }

  private var outcome: String {
    let checks = MarkdownText.plain(told.tally.counts(Check.Verdict.passedFirst) ?? "none")
    let ran = "\(told.stagesRun) of 10 stages ran; checks: \(checks)"
    guard let failure = told.failureCode else { return "\(run.outcome); \(ran)" }
    return "failed, \(code(failure)), to blame: \(told.blame.word); \(ran)"
  }

  // MARK: What went wrong

  private func failure(_ page: inout MarkdownText) {
    let records = transcript.stages + transcript.afterwards.map(\.record)
    let checks = records.flatMap { record in
      record.checks.filter { $0.verdict == .fail }.map { (record.stage, $0) }
    }
    guard told.failure != nil || !checks.isEmpty else { return }
    page.heading(2, "What failed")
    if let failure = told.failure { page.fenced([failure]) }
    for (stage, check) in checks {
      let off = check.isOff ? " (SWITCHED OFF in the lab: the run went on)" : ""
      page.markdown(
        "Check \(code(check.id.rawValue)) at stage \(stage.number), "
          + MarkdownText.plain(check.spec.description) + off + ":")
      let check = CheckLine(check, redactor)
      page.fenced(check.comparison + [CheckLine.column("why") + check.why])
    }
    for line in (told.stages + told.afterwards).flatMap(\.ledger) where line.passed == false {
      page.markdown("The tenant\u{2019}s own check \(code(line.id)):")
      page.fenced([line.what, line.detail])
    }
  }

  private func diagnosis(_ page: inout MarkdownText) {
    guard let match = run.diagnosis?.match, let cause = told.cause else { return }
    page.heading(2, "Diagnosis")
    page.markdown("- **Cause**: \(MarkdownText.plain(line(match.cause)))")
    page.markdown("- **Who**: \(MarkdownText.plain(told.blame.words))")
    page.markdown("- **Fix**: \(MarkdownText.plain(line(match.fix)))")
    for value in cause.values {
      page.markdown(
        "- **\(MarkdownText.plain(value.name.capitalized))**: \(MarkdownText.plain(value.text))")
    }
    if let retry = cause.retry { page.markdown("- **Or**: \(MarkdownText.plain(retry))") }
    page.markdown("- **Source**: \(MarkdownText.plain(line(match.source)))")
    page.markdown("- **Known from**: \(MarkdownText.plain(line(match.basis)))")
    page.markdown(
      match.isRecognized
        ? "- **How sure**: \(match.confidence.word) confidence (\(code(match.id)))"
        : "- **How sure**: not recognised; advice by the kind of failure alone")
    page.gap()
  }

  // MARK: What happened

  private func stages(_ page: inout MarkdownText) {
    page.heading(2, "Stages")
    page.markdown("| stage | what happens | status | checks |")
    page.markdown("|---|---|---|---|")
    for stage in told.stages + told.afterwards { page.markdown(row(stage)) }
    page.gap()
  }

  private func row(_ told: StageDocument) -> String {
    let number = told.number.map { "\($0)" } ?? "after"
    let words = MarkdownText.plain(told.number == nil ? told.title : told.sentence)
    let status = told.status == .failed ? "**failed**" : told.status.rawValue
    let seen = told.isSeen || told.status == .skipped ? "" : " (inferred)"
    let checks = told.tally.counts(Check.Verdict.passedFirst) ?? ""
    return "| \(number) | \(words) | \(status)\(seen) | \(checks) |"
  }

  private func messages(_ page: inout MarkdownText) {
    page.heading(2, "Messages")
    guard measure.header > 0 else {
      return page.markdown("There are too many for a ticket; the HAR export has them all.")
    }
    let told = told.stages.filter { !$0.messages.isEmpty || !$0.notes.isEmpty } + told.afterwards
    for stage in told { messages(stage, &page) }
  }

  private func messages(_ told: StageDocument, _ page: inout MarkdownText) {
    page.heading(
      3, told.number.map { "\($0). \(told.sentence)" } ?? "After the flow: \(told.title)")
    for note in told.notes { page.markdown("- \(MarkdownText.code(note.text))") }
    for message in told.messages {
      page.details(heading(message))
      for line in message.security { page.markdown("- \(MarkdownText.code(line))") }
      page.fenced(lines(of: message), as: "http")
      page.endDetails()
    }
  }

  private func heading(_ told: MessageDocument) -> String {
    let fault = told.message.tamperedBy.map { " (changed by the fault \($0))" } ?? ""
    return "\(told.way()): \(told.status ?? "\(told.method) \(told.address)")\(fault)"
  }

  private func lines(of told: MessageDocument) -> [String] {
    var lines = [told.firstLine]
    for header in told.headers {
      let text = "\(redactor.mask(header.name)): \(header.value)"
      let isLong = text.unicodeScalars.count > measure.header
      lines.append(isLong ? text.prefix(scalars: measure.header) + "\u{2026}" : text)
    }
    let count = told.message.body.count
    guard count > 0 else { return lines }
    let body = told.json.map { redactor.mask($0.prettyText) } ?? told.bodyText
    lines += [""] + HarmlessText.lines(String(body.prefix(scalars: measure.body)))
    if body.unicodeScalars.count > measure.body {
      lines.append("[cut here: \(count) bytes in all; the HAR export has them]")
    }
    return lines
  }
}
