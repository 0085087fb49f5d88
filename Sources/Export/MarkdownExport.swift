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
  private let masker: Redactor
  private var transcript: Transcript { run.transcript }

  init(_ run: ExportedRun) {
    self.run = run
    masker = run.masker
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

  private func line(_ text: String) -> String { HarmlessText.line(masker.mask(text)) }
  private func code(_ text: String) -> String { MarkdownText.code(masker.mask(text)) }

  private func summary(_ page: inout MarkdownText) {
    let stopped = transcript.stages.first { $0.failure != nil }
    let place = stopped.map { " at stage \($0.stage.number)" } ?? ""
    page.heading(1, "Hybrid flow: \(how)\(place)")
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

  /// The result of the run, in a word or two.
  private var how: String {
    switch run.exitCode {
    case nil: "under way"
    case ExitCode.success: "passed"
    default: "failed"
    }
  }

  private var outcome: String {
    let begun = transcript.stages.count { $0.status == .passed || $0.status == .failed }
    let checks = MarkdownText.plain(Self.verdicts(transcript.checks))
    let ran = "\(begun) of 10 stages ran; checks: \(checks)"
    guard let failure = transcript.firstFailure else { return "\(how); \(ran)" }
    return
      "failed, \(code(failure.code)), to blame: \(transcript.blame?.rawValue ?? "nobody"); \(ran)"
  }

  // MARK: What went wrong

  private func failure(_ page: inout MarkdownText) {
    let records = transcript.stages + transcript.afterwards.map(\.record)
    let checks = records.flatMap { record in
      record.checks.filter { $0.verdict == .fail }.map { (record.stage, $0) }
    }
    guard transcript.firstFailure != nil || !checks.isEmpty else { return }
    page.heading(2, "What failed")
    if let failure = transcript.firstFailure { page.fenced([line(failure.message)]) }
    for (stage, check) in checks {
      let off = check.isOff ? " (SWITCHED OFF in the lab: the run went on)" : ""
      page.markdown(
        "Check \(code(check.id.rawValue)) at stage \(stage.number), "
          + MarkdownText.plain(check.spec.description) + off + ":")
      page.fenced(lines(of: check))
    }
    for check in records.flatMap(\.serverChecks) where check.passed == false {
      page.markdown("The tenant\u{2019}s own check \(code(check.id)):")
      page.fenced([line(check.what), line(check.detail)])
    }
  }

  /// The two values below each other, so that the difference is visible.
  private func lines(of check: Check) -> [String] {
    var lines: [String] = []
    if let expected = check.expected { lines.append("expected  \(line(expected))") }
    if let found = check.found { lines.append("found     \(line(found))") }
    return lines + ["why       \(line(check.why))"]
  }

  private func diagnosis(_ page: inout MarkdownText) {
    guard let match = run.diagnosis else { return }
    page.heading(2, "Diagnosis")
    page.markdown("- **Cause**: \(MarkdownText.plain(line(match.cause)))")
    page.markdown("- **Fix**: \(MarkdownText.plain(line(match.fix)))")
    page.markdown("- **Source**: \(MarkdownText.plain(line(match.source)))")
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
    for record in transcript.stages {
      page.markdown(row("\(record.stage.number)", record.stage.sentence, record))
    }
    for after in transcript.afterwards {
      page.markdown(row("after", after.action.title, after.record))
    }
    page.gap()
  }

  private func row(_ number: String, _ what: String, _ record: StageRecord) -> String {
    let status = record.status == .failed ? "**failed**" : record.status.rawValue
    let seen = record.observed || record.status == .skipped ? "" : " (inferred)"
    let words = MarkdownText.plain(what)
    let checks = record.checks.isEmpty ? "" : Self.verdicts(record.checks)
    return "| \(number) | \(words) | \(status)\(seen) | \(checks) |"
  }

  private func messages(_ page: inout MarkdownText) {
    page.heading(2, "Messages")
    guard measure.header > 0 else {
      return page.markdown("There are too many for a ticket; the HAR export has them all.")
    }
    for record in transcript.stages where !record.messages.isEmpty || !record.notes.isEmpty {
      messages(record, "\(record.stage.number). \(record.stage.sentence)", &page)
    }
    for after in transcript.afterwards {
      messages(after.record, "After the flow: \(after.action.title)", &page)
    }
  }

  private func messages(_ record: StageRecord, _ title: String, _ page: inout MarkdownText) {
    page.heading(3, title)
    for note in record.notes { page.markdown("- \(code(note.text))") }
    for message in record.messages {
      page.details(heading(message))
      page.fenced(lines(of: message), as: "http")
      page.endDetails()
    }
  }

  private func heading(_ message: Message) -> String {
    let url = masker.mask(String(message.url.before(anyOf: "?#")))
    let way = "\(message.from.title) \u{2192} \(message.to.title)"
    let fault = message.tamperedBy.map { " (changed by the fault \($0))" } ?? ""
    switch message.content {
    case .request(let request): return "\(way): \(masker.mask(request.method)) \(url)\(fault)"
    case .response(let response):
      return "\(way): \(response.status) \(masker.mask(response.reason))\(fault)"
    }
  }

  private func lines(of message: Message) -> [String] {
    var lines: [String] = []
    switch message.content {
    case .request(let request):
      lines.append(
        HarmlessText.line(
          "\(masker.mask(request.method)) \(RunText.url(message.url, masker)) HTTP/1.1"))
    case .response(let response):
      lines.append("HTTP/1.1 \(response.status) \(line(response.reason))")
    }
    for header in message.headers.lines {
      let text = HarmlessText.line("\(masker.mask(header.name)): \(masker.show(header))")
      let isLong = text.unicodeScalars.count > measure.header
      lines.append(isLong ? text.prefix(scalars: measure.header) + "\u{2026}" : text)
    }
    guard !message.body.isEmpty else { return lines }
    // Redacted before it is cut: the redactor does not recognize half a token.
    var body = RunText.body(message, masker)
    if message.headers.mediaType?.ends(with: "json") == true,
      let json = try? JSONParser.parse(message.body)
    {
      body = masker.mask(json.prettyText)
    }
    lines += [""] + HarmlessText.lines(String(body.prefix(scalars: measure.body)))
    if body.unicodeScalars.count > measure.body {
      lines.append("[cut here: \(message.body.count) bytes in all; the HAR export has them]")
    }
    return lines
  }

  /// The number of each verdict, in our own words.
  static func verdicts(_ checks: [Check]) -> String {
    let words: [(Check.Verdict, String)] = [
      (.pass, "passed"), (.fail, "failed"), (.warn, "warned"), (.skip, "not run"),
    ]
    let parts = words.compactMap { verdict, word -> String? in
      let count = checks.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(word)"
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }
}
