import HybridFlow
import OpenID
import Redaction

// Messages and tokens, name by name.
extension PlainWalk {
  /// The most lines of a body that is neither form nor JSON nor HTML.
  private static let bodyLinesMax = 40
  /// A longer value is cut, with a note.
  private static let valueCharactersMax = 600
  /// Deeper objects are printed as one value.
  private static let levelsMax = 6

  func add(
    _ told: MessageDocument, number: Int, in transcript: Transcript, to text: inout PlainText
  ) {
    let message = told.message
    let kind = message.request == nil ? "response" : "request"
    let channel =
      switch message.channel {
      case .front: "front channel, through the browser"
      case .back: "back channel, not through the browser"
      case .local: "inside the application"
      }
    text.heading(3, "Message \(number), a \(kind): \(told.way(arrow: "to")), \(channel)")
    if message.evidence == .observed {
      text.paragraph("Observed at the built-in tenant; no application can see it.")
    }
    if message.evidence == .filed {
      text.paragraph("Read in the file that the browser wrote.")
    }
    if message.evidence == .pasted {
      text.paragraph("Pasted by the person; nobody saw it travel.")
    }
    if message.evidence == .drawn {
      text.paragraph("Drawn, not seen: the real browser was handed the URL.")
    }
    text.lead(told.status.map { "Status \($0)" } ?? "\(told.method) \(told.address)")
    if let request = message.request, !request.query.isEmpty {
      addQuery(request, told, in: transcript, to: &text)
    }
    for line in told.security { text.paragraph(line) }
    text.lead("Headers:")
    for header in told.headers { add(header, meaning(of: header), to: &text) }
    addBody(told, to: &text)
  }

  private func addQuery(
    _ request: HTTPRequest, _ told: MessageDocument, in transcript: Transcript,
    to text: inout PlainText
  ) {
    if told.repeatsAuthorizeURL(transcript) {
      text.paragraph(MessageDocument.toldBefore)
      return
    }
    guard let fields = try? FormEncoding.decode(request.query) else {
      text.lead("The query cannot be decoded.")
      return
    }
    text.lead("Parameters of the URL:")
    for field in fields { add(field, .authorizationRequest, to: &text) }
  }

  private func add(_ field: FormField, _ context: Glossary.Context, to text: inout PlainText) {
    add(
      FieldDocument(field, context, redactor), meaning(of: field.name, context), to: &text)
  }

  private func add(_ told: FieldDocument, _ meaning: String, to text: inout PlainText) {
    text.item("\(told.name): \(value(told.value))", below: [meaning])
  }

  private func meaning(of told: FieldDocument) -> String { meaning(told.entry) }

  private func meaning(of name: String, _ context: Glossary.Context) -> String {
    let places: [Glossary.Context] = [context, .pageField, .apiBody, .userinfo]
    return meaning(
      (context == .authorizationRequest || context == .apiBody ? places : [context])
        .lazy.compactMap { Glossary.entry(name, in: $0) }.first)
  }

  private func meaning(_ entry: Glossary.Entry?) -> String {
    "Meaning: \(entry?.meaning ?? "in no standard that we know")"
  }

  private func value(_ text: String) -> String {
    let harmless = HarmlessText.line(text)
    guard harmless.count > Self.valueCharactersMax else { return harmless }
    let rest = harmless.count - Self.valueCharactersMax
    return harmless.prefix(Self.valueCharactersMax) + "\u{2026} and \(rest) characters more"
  }

  // MARK: Bodies

  private func addBody(_ told: MessageDocument, to text: inout PlainText) {
    let count = told.message.body.count
    guard count <= MessageDocument.bodyBytesMax else {
      text.lead("Body: \(count) bytes, too many to print.")
      return
    }
    switch told.body {
    case .none:
      if told.status != nil { text.lead("No body.") }
    case .form(let fields?):
      text.lead("Body, a form with \(fields.count) fields:")
      for field in fields { add(field, told.bodyContext, to: &text) }
    case .json(let json):
      text.lead("Body, JSON:")
      add(json, named: nil, told.bodyContext, level: 0, to: &text)
    case .page: addPage(told.message, to: &text)
    case .form(nil), .text:
      let body = redactor.mask(String(decoding: told.message.body, as: UTF8.self))
      let lines = HarmlessText.lines(body)
      text.lead("Body, \(count) bytes:")
      for line in lines.prefix(Self.bodyLinesMax) { text.item(line) }
      if lines.count > Self.bodyLinesMax {
        text.item("and \(lines.count - Self.bodyLinesMax) lines more")
      }
    }
  }

  private func addPage(_ message: Message, to text: inout PlainText) {
    guard let url = try? WebURL(message.url),
      let page = try? HTMLPage(bytes: message.body, url: url)
    else {
      text.lead("Body: HTML of \(message.body.count) bytes that cannot be read.")
      return
    }
    text.lead("Body: an HTML page of \(message.body.count) bytes, titled: \(shown(page.title))")
    for line in page.lines.prefix(Self.bodyLinesMax) { text.item(shown(line)) }
    for form in page.forms {
      let action = (try? page.target(of: form))?.text ?? form.action
      let how = form.submitsItself ? "submits itself" : "is sent by a button"
      text.lead("A form that \(how) to \(shown(String(action.before("?")))):")
      for input in form.inputs {
        let kind = input.isHidden ? "hidden" : input.type
        let content = redactor.show(FormField(input.name, input.value))
        text.item(
          "\(HarmlessText.line(input.name)), \(HarmlessText.line(kind))"
            + (content.isEmpty ? "" : ": \(value(content))"))
      }
      for button in form.buttons { text.item("button: \(shown(button.label))") }
    }
  }

  private func add(
    _ json: JSONValue, named name: String?, _ context: Glossary.Context, level: Int,
    to text: inout PlainText
  ) {
    let label = name.map { HarmlessText.line($0) }
    let below = name.map { [meaning(of: $0, context)] } ?? []
    guard level < Self.levelsMax else {
      return text.item(
        "\(label ?? "value"): \(value(redactor.mask(json.compactText)))", level: level)
    }
    if let members = json.members {
      if let label { text.item("\(label), an object:", level: level, below: below) }
      let inner = label == nil ? level : level + 1
      for member in members {
        add(member.value, named: member.name, context, level: inner, to: &text)
      }
    } else if let elements = json.elements, !elements.allSatisfy(\.isScalar) {
      if let label { text.item("\(label), a list:", level: level, below: below) }
      for (index, element) in elements.enumerated() {
        text.item("entry \(index + 1) of \(elements.count):", level: level + 1)
        add(element, named: nil, name == "keys" ? .jwk : context, level: level + 2, to: &text)
      }
    } else {
      text.item("\(label ?? "value"): \(scalar(json, named: name))", level: level, below: below)
    }
  }

  /// A value on one line, and for a time also its words.
  private func scalar(_ json: JSONValue, named name: String?) -> String {
    if let name, let moment = ClaimTime.moment(name, json.integer) {
      return "\(json.compactText), that is \(CivilTime(moment).text)"
    }
    if let text = json.string {
      return value(name.map { redactor.show(FormField($0, text)) } ?? redactor.mask(text))
    }
    if let list = json.strings { return value(redactor.mask(list.joined(separator: ", "))) }
    return value(redactor.mask(json.compactText))
  }

  // MARK: Tokens

  func add(_ told: TokenDocument, to text: inout PlainText) {
    let title = (told.ordinal.map { "\($0) " } ?? "") + told.kind
    text.heading(3, "The \(title), decoded")
    text.item("as it came: \(value(told.value))")
    text.item("length: \(told.length) characters")
    if let seconds = told.lifetime { text.item("expires in: \(seconds) seconds") }
    if let outer = told.token.envelope {
      text.item("encrypted: \(told.encryption ?? "")")
      text.item("how the key travels: \(EncryptionWords.travel(outer))")
      text.item("how the content is locked: \(EncryptionWords.lock(outer))")
      text.lead("Outer header:")
      add(outer.header, named: nil, .encryptedHeader, level: 0, to: &text)
      if told.token.jws != nil { text.item("inside it is a signed token, which is told next") }
    }
    if let reason = told.opaque { text.item("opaque: \(reason)") }
    if told.token.use == .accessToken, told.token.claims != nil {
      text.item(
        "to the application it is opaque: it is decoded here to teach, and only the API reads it")
    }
    if let header = told.token.header {
      text.lead("Header:")
      add(header, named: nil, .joseHeader, level: 0, to: &text)
    }
    if let claims = told.token.claims {
      text.lead("Claims:")
      add(claims, named: nil, told.context, level: 0, to: &text)
    }
  }
}
