import Anatomy
import Diagnosis
import HybridFlow
import OpenID
import Platform
import Presentation
import Redaction

/// A run as one page that needs nothing else: every message with what each of its bytes is, every
/// token, every check.
struct HTMLExport {
  private let run: ExportedRun
  private let redactor: Redactor
  private let told: RunDocument
  /// The width of the lines that compare a changed message with the honest one.
  private static let forgedColumns = 60
  private var transcript: Transcript { run.transcript }

  init(_ run: ExportedRun) {
    self.run = run
    redactor = run.redactor
    told = RunDocument(run.transcript, redactor, diagnosis: run.diagnosis)
  }

  /// The page.
  var text: String {
    var page = HTMLText(title: run.heading)
    summary(&page)
    contents(&page)
    failure(&page)
    for (record, stage) in zip(transcript.stages, told.stages) {
      let number = record.stage.number
      section(record, stage, id: "stage-\(number)", "\(number). \(stage.sentence)", &page)
    }
    for (after, stage) in zip(transcript.afterwards, told.afterwards) {
      let title = "After the flow: \(stage.title)"
      section(after.record, stage, id: "after-\(after.action.id)", title, &page)
    }
    page.add("footer", run.title, class: "note")
    return page.html
  }

  private func line(_ text: String) -> String { redactor.line(text) }

  private func summary(_ page: inout HTMLText) {
    page.add("h1", run.heading)
    page.add("p", run.maskingNotice, class: "note")
    page.add("<dl>")
    func row(_ name: String, _ value: String) {
      page.add("dt", name)
      page.add("dd", value)
    }
    row("When", transcript.startedAt.map { CivilTime($0).text } ?? "not started")
    row(
      "Tenant",
      run.summary.isDemo ? "\(line(run.issuer)), the built-in demo tenant" : line(run.issuer))
    row("Client", line(run.summary.clientID))
    row("Redirect URI", line(run.summary.redirectURI))
    row("Asked for", line("\(run.summary.responseType) by \(run.summary.responseMode)"))
    row("Checks", told.tally.counts(Check.Verdict.passedFirst) ?? "none")
    page.add("</dl>")
  }

  private func contents(_ page: inout HTMLText) {
    page.add("<nav><ol>")
    for record in transcript.stages {
      let (mark, name) = Self.mark(record.status)
      page.add(
        "<li><span class=\"\(name)\">\(mark)</span> <a href=\"#stage-\(record.stage.number)\">"
          + HTMLEntities.encode("\(record.stage.number) \(record.sentence)") + "</a></li>")
    }
    page.add("</ol></nav>")
  }

  private static func mark(_ status: StageRecord.Status) -> (String, String) {
    switch status {
    case .passed: ("\u{2713}", "good")
    case .failed: ("\u{2717}", "bad")
    case .skipped: ("\u{2013}", "soft")
    case .running, .pending: ("\u{25CB}", "soft")
    }
  }

  private func failure(_ page: inout HTMLText) {
    guard let failure = told.failure else { return }
    page.add("<div class=\"card\">")
    page.add("h2", "What failed")
    page.add("p", failure, class: "bad")
    page.add("p", "To blame: \(told.blame.words)", class: "note")
    if let cause = told.cause {
      page.add("h3", cause.title)
      page.add("p", [cause.what, cause.why].compactMap { $0 }.joined(separator: " "))
      for value in cause.values { page.add("p", "\(value.name): \(value.text)", class: "note") }
      page.add("p", "What to change: \(cause.fix)")
      if let retry = cause.retry { page.add("p", "Or: \(retry)") }
      page.add("p", cause.sure, class: "note")
    }
    page.add("</div>")
  }

  // MARK: A stage

  private func section(
    _ record: StageRecord, _ told: StageDocument, id: String, _ title: String,
    _ page: inout HTMLText
  ) {
    page.add("<section id=\"\(HTMLEntities.encode(id))\">")
    page.add("h2", title)
    if record.startedAt == nil { page.add("p", "Not reached.", class: "note") }
    if let why = told.leftOut { page.add("p", "Left out. \(why)", class: "note") }
    for note in told.notes { page.add("p", note.text, class: "note") }
    for message in told.messages { article(message, &page) }
    for token in record.tokens { add(token, &page) }
    add(told, &page)
    recipes(record, &page)
    page.add("</section>")
  }

  private func article(_ told: MessageDocument, _ page: inout HTMLText) {
    let message = told.message
    page.add(message.tamperedBy == nil ? "<article>" : "<article class=\"forged\">")
    page.add("h3", told.status ?? "\(told.method) \(told.address)")
    let channel = message.channel == .front ? "front channel" : "back channel"
    page.add("p", "\(told.way()), \(channel)", class: "note")
    for line in told.security { page.add("p", line, class: "note") }
    if let fault = message.tamperedBy {
      page.add("p", "Changed by the lab: \(line(fault))", class: "bad")
      let forged = ForgedDocument(message, in: transcript, redactor, .whole)
      let lines = forged.lines(width: Self.forgedColumns)
      if !lines.isEmpty { page.add("pre", lines.joined(separator: "\n"), class: "beside") }
    }
    let body = MessageBytes.body(of: message, redactor)
    bytes(MessageBytes.head(of: message, redactor), "Head", isOpen: body.bytes.isEmpty, &page)
    if !body.bytes.isEmpty {
      bytes(body, "Body", isOpen: message.headers.mediaType != "text/html", &page)
    }
    page.add("</article>")
  }

  private func bytes(
    _ dump: MessageBytes, _ title: String, isOpen: Bool, _ page: inout HTMLText
  ) {
    page.add("<details\(isOpen ? " open" : "")>")
    page.add("summary", "\(title), \(dump.bytes.count) bytes")
    page.add("<table class=\"wire\">")
    for unit in dump.units {
      let spans = unit.parts.map { span($0, dump) }.joined()
      page.add(
        "<tr><td>\(unit.range.lowerBound)</td><td>\(spans)</td>"
          + "<td class=\"soft\">\(HTMLEntities.encode(label(of: unit, dump)))</td></tr>")
    }
    page.add("</table></details>")
  }

  private func label(of unit: ByteUnit, _ dump: MessageBytes) -> String {
    var words = unit.kind == .endOfHead ? ["an empty line: the head ends"] : []
    words += [dump.meaning(of: unit)].compactMap(\.self)
    for part in unit.parts {
      guard let caption = dump.caption(of: part), !words.contains(caption) else { continue }
      words.append(caption)
    }
    return words.joined(separator: " \u{00B7} ")
  }

  /// A part with what it is; masked bytes are one row of dots, as long as a short word.
  private func span(_ part: BytePart, _ dump: MessageBytes) -> String {
    var text = ""
    var start = part.range.lowerBound
    while start < part.range.upperBound {
      let isHidden = dump.hidden[start]
      let end =
        dump.hidden[start..<part.range.upperBound].firstIndex(of: !isHidden)
        ?? part.range.upperBound
      text += isHidden ? Redactor.dots : shown(dump.bytes[start..<end], part.kind)
      start = end
    }
    let meaning = part.meaning.map { " \(HarmlessText.line($0))" } ?? ""
    return
      "<span class=\"\(part.kind.rawValue)\" title=\"\(HTMLEntities.encode(part.kind.words + meaning))\">"
      + HTMLEntities.encode(text) + "</span>"
  }

  private func shown(_ bytes: ArraySlice<UInt8>, _ kind: BytePart.Kind) -> String {
    if kind == .lineEnd { return " \u{21B5}" }
    return HarmlessText.lines(String(decoding: bytes, as: UTF8.self)).joined(separator: "\n")
  }

  // MARK: Tokens and checks

  private func add(_ token: TokenRecord, _ page: inout HTMLText) {
    let way = token.channel == .front ? "front channel" : "back channel"
    page.add("h3", "\(token.use.rawValue), \(way)")
    if let outer = token.envelope {
      page.add(
        "p", "Encrypted (\(line("\(outer.algorithmName), \(outer.contentName)"))); this is inside:",
        class: "note")
    }
    guard let anatomy = TokenAnatomy(token.content ?? token.text) else {
      page.add("p", "Opaque: only the tenant knows what it stands for.", class: "note")
      return
    }
    let place: Glossary.Context =
      token.use == .response
      ? .responseObject : token.use == .idToken ? .idTokenClaim : .accessTokenClaim
    page.add("<table class=\"wire\"><tr><th></th><th>in the token</th><th>meaning</th></tr>")
    for segment in anatomy.segments {
      let context: Glossary.Context = segment.name == "header" ? .joseHeader : place
      for member in segment.members {
        let json = line(String(decoding: segment.bytes[member.bytes], as: UTF8.self))
        let meaning = Glossary.entry(member.name, in: context)?.meaning ?? "not standard"
        page.add(
          "<tr><td>\(segment.name)</td><td class=\"value\">\(HTMLEntities.encode(json))</td>"
            + "<td class=\"soft\">\(HTMLEntities.encode(meaning))</td></tr>")
      }
    }
    page.add("</table>")
  }

  private func add(_ told: StageDocument, _ page: inout HTMLText) {
    guard let counts = told.tally.counts(Check.Verdict.passedFirst) else { return }
    page.add("<details\(told.tally.failed > 0 ? " open" : "")>")
    page.add("summary", "Checks: \(counts)")
    page.add("<table class=\"checks\">")
    for check in Check.Verdict.worstFirst.flatMap({ told.checks($0) }) {
      var words = [HTMLEntities.encode(check.why)]
      if check.verdict != .pass {
        words += check.compared.map { "\($0.name) <code>\(HTMLEntities.encode($0.value))</code>" }
      }
      page.add(
        "<tr><td class=\"\(Self.name(check.verdict))\">\(check.verdict.mark)</td>"
          + "<td><code>\(HTMLEntities.encode(check.id))</code></td>"
          + "<td>\(words.joined(separator: "<br>"))</td>"
          + "<td class=\"soft\">\(HTMLEntities.encode(check.source.description))</td></tr>")
    }
    page.add("</table></details>")
  }

  private static func name(_ verdict: Check.Verdict) -> String {
    switch verdict {
    case .pass: "good"
    case .fail: "bad"
    case .warn: "warn"
    case .skip: "soft"
    }
  }

  private func recipes(_ record: StageRecord, _ page: inout HTMLText) {
    let recipes = ShellRecipe.all(for: record, of: transcript)
    guard !recipes.isEmpty else { return }
    page.add("<details>")
    page.add("summary", "The same from a shell")
    page.add("<table class=\"checks\">")
    for recipe in recipes {
      page.add(
        "<tr><td class=\"soft\">\(HTMLEntities.encode(recipe.what))</td>"
          + "<td><code>\(HTMLEntities.encode(recipe.line))</code></td></tr>")
    }
    page.add("</table></details>")
  }
}
