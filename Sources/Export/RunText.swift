import Diagnosis
import HybridFlow
import OpenID
import Redaction

/// The output of `run` for people.
public struct RunText: Sendable {
  /// Whether only ASCII is written.
  var isASCII: Bool
  /// The redactor of secrets.
  var masker: Redactor

  /// Makes a writer of a run's text.
  public init(
    isASCII: Bool, masker: Redactor
  ) {
    self.isASCII = isASCII
    self.masker = masker
  }

  /// The heading.
  public static func heading(_ configuration: FlowConfiguration) -> String {
    let tenant = configuration.observesTenant ? "demo tenant" : "tenant"
    return "Hybrid flow: \(configuration.responseType.rawValue), "
      + "\(configuration.responseMode.rawValue), \(tenant) "
      + HarmlessText.line(configuration.issuer.text) + "\n\n"
  }

  /// A URL with the secrets of its query and fragment masked.
  static func url(_ text: String, _ masker: Redactor) -> String { masker.maskAddress(text) }

  /// A body as text, redacted.
  static func body(_ message: Message, _ masker: Redactor) -> String {
    let text = String(decoding: message.body, as: UTF8.self)
    if message.headers.mediaType == "application/x-www-form-urlencoded" {
      return masker.mask(masker.maskForm(text))
    }
    // An escape can hide a value from the redactor: {"access_token":"\u0065yJ…"}.
    if masker.isActive, text.holds("\\"), message.headers.mediaType?.ends(with: "json") == true,
      let json = try? JSONParser.parse(message.body)
    {
      return masker.mask(json.compactText)
    }
    return masker.mask(text)
  }

  /// A stage that has ended.
  public func stage(_ record: StageRecord) -> String {
    let number = record.stage.number < 10 ? " \(record.stage.number)" : "\(record.stage.number)"
    return lines(of: record, "\(number)  \(padded(record.stage.title, 18))")
  }

  /// An action after the flow.
  public func action(_ action: AfterRecord) -> String {
    lines(of: action.record, " +  \(padded(action.action.title, 28))")
  }

  /// An action that could not be done.
  public func leftOut(_ action: AfterAction, why: String) -> String {
    " +  \(padded(action.title, 28)) skipped\n      \(line(why))\n"
  }

  private func lines(of record: StageRecord, _ heading: String) -> String {
    var lines = ["\(heading) \(padded(word(record), 8)) \(counts(record))".trimmingBlanksAtEnd]
    if let why = record.skippedBecause { lines.append("      \(line(why))") }
    for message in record.messages { lines.append("      \(self.message(message))") }
    if !record.observed {
      lines.append("      (not seen: inferred from what came before and after)")
    }
    for token in record.tokens { lines.append("      \(self.token(token))") }
    for check in record.serverChecks where check.passed == false {
      lines.append("      \(mark(.fail)) the tenant: \(line(check.what)); \(line(check.detail))")
    }
    for check in record.checks where check.verdict == .fail || check.verdict == .warn {
      lines += self.check(check)
    }
    for note in record.notes { lines.append("      note: \(line(note.text))") }
    if let failure = record.failure {
      lines.append("      \(mark(.fail)) \(line(failure.message))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The result.
  public func result(_ transcript: Transcript, _ configuration: FlowConfiguration) -> String {
    let ran = transcript.stages.count { $0.status == .passed || $0.status == .failed }
    let all = transcript.checks
    let summary = "\(ran) of 10 stages, \(all.count) checks: \(verdicts(all))."
    guard let failure = transcript.firstFailure else {
      var text = "\nPassed. \(summary)\n"
      if let subject = transcript.tokens.last(where: { $0.use == .idToken })?.claims?["sub"]?.string
      {
        text += "Signed in: \(line(subject))\n"
      }
      if let answer = transcript[.data].messages.last?.response
        ?? transcript[.api].messages.last?
        .response
      {
        text += "The API answered \(answer.status) \(line(answer.reason))\n"
      }
      return text
    }
    let advice = RunAdvice.match(transcript, configuration).map {
      let retry = RunAdvice.retry(transcript, configuration).map { "Or:    \(line($0))\n" }
      return "Cause: \(line($0.cause))\nFix:   \(line($0.fix))\n" + (retry ?? "")
        + ($0.isRecognized ? "Recognised with \($0.confidence.word) confidence.\n" : "")
    }
    return """

      Failed (\(failure.code), to blame: \(transcript.blame?.rawValue ?? "nobody")). \(summary)
      \(line(failure.message))
      \(advice ?? "")
      """
  }

  private func line(_ text: String) -> String { HarmlessText.line(masker.mask(text)) }

  private func word(_ record: StageRecord) -> String {
    switch record.status {
    case .passed: "passed"
    case .failed: "FAILED"
    case .skipped, .pending, .running: "skipped"
    }
  }

  private func counts(_ record: StageRecord) -> String {
    record.checks.isEmpty ? "" : "checks: \(verdicts(record.checks))"
  }

  private func verdicts(_ checks: [Check]) -> String {
    let words: [(Check.Verdict, String)] = [
      (.pass, "passed"), (.fail, "failed"), (.warn, "warned"), (.skip, "not run"),
    ]
    let parts = words.compactMap { verdict, word -> String? in
      let count = checks.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(word)"
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }

  private func message(_ message: Message) -> String {
    let arrow = isASCII ? "->" : "\u{2192}"
    let way = "\(message.from.title) \(arrow) \(message.to.title)"
    switch message.content {
    case .request(let request):
      return "\(way)  \(line(request.method)) \(place(message.url, in: message.stage))"
    case .response(let response):
      let target = response.headers["Location"].map { ", to " + place($0, in: message.stage) }
      return "\(way)  \(response.status) \(line(response.reason))\(target ?? "")"
    }
  }

  /// A URL: complete where the application writes it, otherwise without its query.
  private func place(_ url: String, in stage: Stage) -> String {
    if stage == .authorize { return HarmlessText.line(Self.url(url, masker)) }
    guard let mark = url.from(anyOf: "?#").unicodeScalars.first else { return line(url) }
    return line(url.before(anyOf: "?#") + String(mark)) + (isASCII ? "..." : "\u{2026}")
  }

  private func token(_ token: TokenRecord) -> String {
    let name = token.use.rawValue.split(at: "_").joined(separator: " ")
    let form = token.header?["alg"]?.string.map { "signed with \(line($0))" } ?? "opaque"
    let life = token.expiresIn.map { ", expires in \($0) s" } ?? ""
    return "\(token.channel.rawValue) \(name): \(token.text.utf8.count) bytes, \(form)\(life)"
  }

  private func check(_ check: Check) -> [String] {
    var lines = ["      \(mark(check.verdict)) \(check.id.rawValue)  \(line(check.why))"]
    if let expected = check.expected { lines.append("          expected  \(line(expected))") }
    if let found = check.found { lines.append("          found     \(line(found))") }
    lines.append("          \(check.spec.description)")
    return lines
  }

  private func mark(_ verdict: Check.Verdict) -> String {
    switch verdict {
    case .pass: isASCII ? "ok" : "\u{2713}"
    case .fail: isASCII ? "FAIL" : "\u{2717}"
    case .warn: isASCII ? "WARN" : "!"
    case .skip: isASCII ? "-" : "\u{25CB}"
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
