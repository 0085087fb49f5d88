import Diagnosis
import HybridFlow
import OpenID
import Presentation
import Redaction
import TextUI

/// The output of `run` for people: a line a message, and of the checks those that say something.
public struct RunText: Sendable {
  let style: PrintStyle
  /// The redactor of secrets.
  let redactor: Redactor

  /// Makes a writer of a run's text.
  public init(_ style: PrintStyle = PrintStyle(), redactor: Redactor) {
    (self.style, self.redactor) = (style, redactor)
  }

  /// The heading.
  public static func heading(_ configuration: FlowConfiguration, _ ink: Ink = Ink()) -> String {
    let tenant = configuration.observesTenant ? "demo tenant" : "tenant"
    return ink(.strong, "Hybrid flow") + ": \(configuration.responseType.rawValue), "
      + "\(configuration.responseMode.rawValue), \(tenant) "
      + HarmlessText.line(configuration.issuer.text) + "\n\n"
  }

  /// A stage that has ended.
  public func stage(_ record: StageRecord) -> String {
    let number = record.stage.number < 10 ? " \(record.stage.number)" : "\(record.stage.number)"
    let told = StageDocument(record, redactor)
    return lines(of: told, number, padded(told.title, 18))
  }

  /// An action after the flow.
  public func action(_ action: AfterRecord) -> String {
    let told = StageDocument(action, redactor)
    return lines(of: told, " +", padded(told.title, 28))
  }

  /// An action that could not be done.
  public func leftOut(_ action: AfterAction, why: String) -> String {
    " +  \(padded(action.title, 28)) skipped\n      \(redactor.line(why))\n"
  }

  private func lines(of told: StageDocument, _ number: String, _ title: String) -> String {
    let counts = told.tally.counts(Check.Verdict.passedFirst).map { "checks: \($0)" } ?? ""
    let (word, tone) = word(told.status)
    let head = "\(number)  \(style.ink(.strong, title)) \(style.ink(tone, padded(word, 8)))"
    var lines = ["\(head) \(counts)".trimmingBlanksAtEnd]
    if let why = told.leftOut { lines.append("      \(why)") }
    for message in told.messages { lines.append("      \(self.message(message))") }
    if !told.isSeen {
      lines.append("      (not seen: inferred from what came before and after)")
    }
    for token in told.tokens { lines.append("      \(self.token(token))") }
    for line in told.ledger where line.passed == false {
      lines.append("      \(mark(.fail)) the tenant: \(line.what); \(line.detail)")
    }
    for check in told.checks where check.verdict == .fail || check.verdict == .warn {
      let id = style.ink(check.verdict.tone, check.id)
      lines.append("      \(mark(check.verdict)) \(id)  \(check.why)")
      lines += (check.comparison + [check.source.description]).map { "          " + $0 }
    }
    if let account = told.account { lines.append("      account: \(account.sentence)") }
    for note in told.notes { lines.append("      note: \(note.text)") }
    if let failure = told.failure { lines.append("      \(mark(.fail)) \(failure)") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The result.
  public func result(_ transcript: Transcript, _ configuration: FlowConfiguration) -> String {
    let told = RunDocument(
      transcript, redactor, diagnosis: RunDiagnosis(transcript, configuration))
    let counts = told.tally.counts(Check.Verdict.passedFirst) ?? "none"
    let summary = "\(told.stagesRun) of 10 stages, \(told.checkCount) checks: \(counts)."
    if style.hasCards { return "\n" + card(told, summary) + rules(transcript) }
    guard let failure = told.failure, let code = told.failureCode else {
      var text = "\n\(style.ink(.pass, "Passed.")) \(summary)\n"
      if let subject = told.subject { text += "Signed in: \(subject)\n" }
      if let answer = told.answer { text += "The API answered \(answer)\n" }
      return text + rules(transcript)
    }
    return """

      \(style.ink(.fail, "Failed")) (\(code), to blame: \(told.blame.word)). \(summary)
      \(failure)
      \(advice(told))
      """ + rules(transcript)
  }

  /// The checklist of the rules of the run; empty without any.
  private func rules(_ transcript: Transcript) -> String {
    guard let told = RulesDocument(transcript) else { return "" }
    var lines = ["", "\(told.title): \(told.summary)."]
    for row in told.rows {
      let mark = row.verdict.mark(isASCII: style.isASCII)
      let why = row.why.isEmpty ? "" : " (\(row.why))"
      lines.append("  \(mark) \(padded(row.id, 3))  \(row.text)\(why)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The cause in lines, each with its name, for those who read a pipe.
  private func advice(_ told: RunDocument) -> String {
    guard let cause = told.cause else { return "" }
    let width = cause.values.map { CellWidth.width(of: $0.name) }.max() ?? 0
    var lines = ["Cause: " + [cause.what, cause.why].compactMap { $0 }.joined(separator: " ")]
    lines += cause.values.map { "       \(padded($0.name, width))  \($0.text)" }
    lines.append("Fix:   \(cause.fix)")
    if let retry = cause.retry { lines.append("Or:    \(retry)") }
    lines.append("Known: \(cause.sure)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The result in a box: what came of it, who, and what to do.
  private func card(_ told: RunDocument, _ summary: String) -> String {
    var card: Card
    if let cause = told.cause {
      card = Card(
        "\(Check.Verdict.fail.mark(isASCII: style.isASCII)) \(cause.title)", .fail)
      card.corner = cause.who
      card.rows = [("what", cause.what), ("who", told.blame.words)]
      if let why = cause.why { card.rows.append(("why", why)) }
      card.rows += cause.values.map { ($0.name, $0.text) }
      card.rows.append(("fix", cause.fix))
      if let retry = cause.retry { card.rows.append(("or", retry)) }
      card.rows.append(("sure", cause.sure))
      if let code = told.failureCode { card.rows.append(("code", code)) }
    } else {
      card = Card("\(Check.Verdict.pass.mark(isASCII: style.isASCII)) Passed", .pass)
      let names = [told.person, told.subject].compactMap { $0 }
      if !names.isEmpty { card.rows.append(("who", names.joined(separator: ", "))) }
      if let answer = told.answer { card.rows.append(("what", "the API answered \(answer)")) }
    }
    card.rows.append(("run", summary))
    return card.text(isASCII: style.isASCII, ink: style.ink)
  }

  private func word(_ status: StageRecord.Status) -> (String, Ink.Tone) {
    switch status {
    case .passed: ("passed", .pass)
    case .failed: ("FAILED", .fail)
    case .skipped, .pending, .running: ("skipped", .muted)
    }
  }

  private func message(_ told: MessageDocument) -> String {
    // The longest way has 20 characters: methods and statuses stand below each other.
    let way = padded(told.way(arrow: style.isASCII ? "->" : "\u{2192}"), style.isASCII ? 21 : 20)
    // Drawn for the reader: a real browser was handed the URL in its place.
    let drawn = told.message.evidence == .drawn ? "  (drawn, not sent)" : ""
    guard let status = told.status else {
      return "\(way)  \(told.method) \(place(told.message.url, in: told.message.stage))\(drawn)"
    }
    let target = told.message.headers["Location"].map {
      ", to " + place($0, in: told.message.stage)
    }
    return "\(way)  \(status)\(target ?? "")\(drawn)"
  }

  /// A URL: complete where the application writes it, otherwise without its query.
  private func place(_ url: String, in stage: Stage) -> String {
    if stage == .authorize { return HarmlessText.line(redactor.maskAddress(url)) }
    guard let mark = url.from(anyOf: "?#").unicodeScalars.first else { return redactor.line(url) }
    return redactor.line(url.before(anyOf: "?#") + String(mark))
      + (style.isASCII ? "..." : "\u{2026}")
  }

  private func token(_ token: TokenDocument) -> String {
    let signed = token.algorithm.map { "signed with \($0)" }
    let form =
      token.encryption.map { "encrypted (\($0))" + (signed.map { ", inside " + $0 } ?? "") }
      ?? signed ?? "opaque"
    let life = token.lifetime.map { ", expires in \($0) s" } ?? ""
    return "\(token.name): \(token.length) bytes, \(form)\(life)"
  }

  private func mark(_ verdict: Check.Verdict) -> String {
    style.ink(verdict.tone, verdict.mark(isASCII: style.isASCII))
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
