import HybridFlow
import Lab
import OpenID
import Redaction
import TextUI

extension DetailView {
  /// The messages as they were sent.
  public static let wire = DetailView("wire", "Wire", isEmpty: hasNoMessage) { $0.wire() }

  @Sendable private static func hasNoMessage(_ model: ExplorerModel) -> Bool {
    let record = model.seenTranscript[model.shownStage]
    guard record.messages.isEmpty, record.failure == nil else { return false }
    return switch record.stage {
    case .login: record.values.isEmpty
    case .verify: record.serverChecks.isEmpty || model.conceals(record.stage)
    default: !(model.isWaitingForBrowser && model.situation.stage == record.stage)
    }
  }
}

extension Reader {
  /// The messages of the stage as they were sent.
  func wire() -> Document {
    if model.showsBytes, !record.messages.isEmpty { return bytes() }
    var document = Document()
    if case .browserAway(_, let since, let until) = model.situation,
      model.situation.stage == stage
    {
      addWaiting(since, until, to: &document)
      if record.messages.isEmpty { return document }
    }
    if record.messages.isEmpty, let absence { return nothing(absence) }
    if isConcealed { return puzzle() }
    addCodeClock(to: &document)
    addForged(.message, to: &document)
    addFailure(to: &document)
    addEdit(to: &document)
    if isAboutToLeave { addCertificate(to: &document) }
    if stage == .authorize { addAuthorizeURL(to: &document) }
    // The tenant verifies before it responds.
    if stage == .verify { addLedger(to: &document) }
    for message in record.messages { add(message, to: &document) }
    if record.messages.isEmpty { addSilence(to: &document) }
    addNotes(to: &document)
    return document
  }

  private func addAuthorizeURL(to document: inout Document) {
    guard let url = authorizeURL else { return }
    document.heading("The authorize URL, whole", note: "\(url.text.utf8.count) characters")
    document.add(.bytes(shown(url.text), .wireURL, indent: 0))
    if answers(.parameters) { document.opensHere() }
    document.heading("Parameter by parameter")
    let base = url.text.before("?")
    document.add(
      .row(
        TableRow(
          name: "endpoint", nameRole: .wireMethod, value: HarmlessText.line(String(base)),
          meaning: [Span("from the tenant\u{2019}s metadata", .textMuted)])))
    guard let fields = try? url.queryFields() else { return }
    for field in fields { addField(field, .authorizationRequest, "url", to: &document) }
  }

  /// Adds a form field, parameter or member as a row of the table.
  func addField(
    _ field: FormField, _ place: Glossary.Context, _ owner: String, to document: inout Document
  ) {
    let told = FieldDocument(field, place, redactor)
    let value = told.value
    let id = "field:\(stage.id):\(owner):\(field.name)"
    let isToken = Self.tokenNames.contains(field.name)
    let isHidden = value == Redactor.dots
    var words = note(told.entry)
    if !isHidden, isToken || value.utf8.count != field.value.utf8.count {
      let count = "\(field.value.utf8.count) characters"
      words.append(Span((words.isEmpty ? "" : ", ") + count, .textMuted))
    }
    let meaning = verdict(of: field.name, place) + words
    document.add(
      .row(
        TableRow(
          name: told.name, value: value,
          valueRole: isToken ? (model.revealsSecrets ? .wireToken : .wireMasked) : .text,
          fold: id, isOpen: isOpen(id, byItself: model.isZoomed && value.utf8.count < 4096),
          meaning: meaning, source: told.entry?.source, copies: value,
          isToken: isToken)))
  }

  static let tokenNames: Set<String> = [
    "code", "id_token", "access_token", "refresh_token", "code_verifier", "client_secret",
    "client_assertion", "id_token_hint",
  ]

  /// The meaning of a name, muted; for a name outside the standards, the provider that uses it.
  func note(of name: String, _ place: Glossary.Context) -> [Span] {
    note(Glossary.entry(name, in: place))
  }

  private func note(_ entry: Glossary.Entry?) -> [Span] {
    guard let entry else {
      return [
        Span("not standard", .statusInfo), Span(": in no specification we know", .textMuted),
      ]
    }
    guard let habit = entry.habit else { return [Span(entry.meaning, .textMuted)] }
    return [Span(habit, .statusInfo), Span(": " + entry.meaning, .textMuted)]
  }

  private func verdict(of name: String, _ place: Glossary.Context) -> [Span] {
    mark(ValueChecks.ids(name, place))
  }

  func add(_ message: Message, to document: inout Document) {
    document.gap()
    if message.to == .application, message.request != nil, answers(.answer) {
      document.opensHere()
    }
    document.anchors[message.id] = document.blocks.count
    document.stands(at: "message:\(message.id)")
    document.add(heading(of: message))
    let told = MessageDocument(message, redactor)
    if let request = message.request {
      if told.repeatsAuthorizeURL(transcript) {
        document.stands(at: "url:\(message.id)")
        document.line(MessageDocument.toldBefore, .textMuted)
      } else if message.url.holds(anyOf: "?#") || message.stage == .api {
        document.add(.bytes(shown(message.url), .wireURL, indent: 0))
      }
      addQuery(request, message, to: &document)
    }
    for line in told.security { document.paragraph(line, .textMuted) }
    addHeaders(of: told, to: &document)
    addBody(told, to: &document)
  }

  /// The first line of a message, with sender and receiver.
  func heading(of message: Message) -> Document.Block {
    let way =
      "\(message.from.word) \u{2192} \(message.to.word)"
      + Self.words(message.evidence)
    let (mark, words) = forgeryMarks(of: message)
    let note = [words, Span(way, .textMuted)].compactMap { $0 }
    let told = MessageDocument(message, redactor)
    switch message.content {
    case .request(let request):
      return .heading(
        mark + [
          Span(told.method + " ", .wireMethod, .bold),
          Span(shown(String(request.path.before("#"))), .wireURL, .bold),
          // A pasted response has no request line.
          Span(message.evidence == .pasted ? "" : " HTTP/1.1", .textMuted),
        ], note: note)
    case .response(let response):
      return .heading(
        mark + [
          Span("HTTP/1.1 ", .textMuted),
          Span(told.status ?? "", Self.role(ofStatus: response.status), .bold),
        ], note: note)
    }
  }

  /// The sign before a message that a fault of the lab has changed, and the words beside it.
  private func forgeryMarks(of message: Message) -> (mark: [Span], words: Span?) {
    guard let id = message.tamperedBy else { return ([], nil) }
    let culprit = Lab.fault(id)?.culprit
    let role: Role = culprit == .attacker ? .attacker : .statusWarn
    let mark = culprit == .attacker ? "\u{2620} forged  " : "\u{2717} "
    return ([Span(mark, role, .bold)], Span("changed by the lab: \(id)  ", role, .bold))
  }

  private static func words(_ evidence: Message.Evidence) -> String {
    switch evidence {
    case .sent, .received: ""
    case .observed: ", observed"
    case .pasted: ", pasted by the person"
    case .drawn: ", drawn: not seen on the wire"
    case .filed: ", from the file"
    }
  }

  static func role(ofStatus status: Int) -> Role {
    switch status {
    case ..<300: .wireStatusOK
    case ..<400: .wireStatusRedirect
    default: .wireStatusError
    }
  }

  private func addQuery(
    _ request: HTTPRequest, _ message: Message, to document: inout Document
  ) {
    let carried = request.fragment ?? request.query
    guard !carried.isEmpty, authorizeURL?.text != message.url,
      let fields = try? FormEncoding.decode(carried)
    else { return }
    let place: Glossary.Context = message.from == .browser ? .pageField : .apiBody
    for field in fields { addField(field, place, "query\(message.id)", to: &document) }
    document.gap()
  }

  /// Adds the headers: those that carry something of the flow are open, the ordinary ones folded.
  private func addHeaders(of told: MessageDocument, to document: inout Document) {
    let message = told.message
    let lines = Array(zip(message.headers.lines, told.headers).enumerated())
    // In the page that posts the response, the posted form counts: all its headers are folded.
    let folded =
      message.submitsAnswer ? lines : lines.filter { MessageDocument.isOrdinary($0.element.0) }
    let isFolding = folded.count > 1
    for (index, (header, line)) in lines
    where !isFolding || !message.submitsAnswer && !MessageDocument.isOrdinary(header) {
      addHeader(line, "\(message.id).\(index)", to: &document)
    }
    guard isFolding else { return }
    let kind = message.submitsAnswer ? "header lines" : "ordinary headers"
    guard addFold("\(folded.count) \(kind)", "lines:\(message.id)", to: &document) else { return }
    for (index, (_, line)) in folded { addHeader(line, "\(message.id).\(index)", to: &document) }
  }

  private func addHeader(
    _ told: FieldDocument, _ owner: String, to document: inout Document
  ) {
    if told.name.asciiLowercased == "authorization", answers(.credentials) {
      document.opensHere(inTable: true)
    }
    let id = "header:\(owner)"
    document.add(
      .row(
        TableRow(
          name: told.name, nameRole: .wireHeader, value: told.value, fold: id, isOpen: isOpen(id),
          meaning: note(told.entry), source: told.entry?.source, isTerse: true,
          copies: told.value)))
  }

  /// Adds the name of a back-channel response above its body: it is the awaited content.
  func addAnswerHeading(_ message: Message, to document: inout Document) {
    guard let response = message.response, stage == .data || stage == .tokens, !isAction else {
      return
    }
    let (title, name) =
      stage == .tokens
      ? ("What the token endpoint answered", "tokens")
      : message.from == .api
        ? ("What the API answered", "data")
        : ("What the userinfo endpoint answered", "userinfo")
    if record.failure == nil { document.opensHere() }
    document.heading(title, note: "\(response.status) \(name)")
  }

  private func addSilence(to document: inout Document) {
    switch stage {
    case .login:
      document.paragraph("Nothing has been sent. The application makes the values of this run.")
    case .prompt, .authenticate:
      document.paragraph(
        "The real browser did this by itself, and no application sees what it does there: "
          + "whatever was asked of the person, it lies between browser and tenant.")
    case .verify:
      document.paragraph(
        "No message travels now: the tenant compares what came with what it remembers.")
    case .authorize, .callback, .exchange, .tokens, .api, .data:
      document.paragraph("No message travelled in this stage.", .textMuted)
    }
    if stage == .login { addValues(to: &document) }
  }

  func addNotes(to document: inout Document) {
    guard !record.notes.isEmpty else { return }
    document.heading("Worth knowing")
    for note in told.notes {
      document.add(
        .paragraph([Span(note.clock + "  ", .textMuted), Span(note.text)], indent: 0))
    }
  }
}
