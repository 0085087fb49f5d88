import HybridFlow
import OpenID
import Redaction

// Messages and tokens, name by name.
extension PlainWalk {
  /// The most lines of a body that is neither form nor JSON nor HTML.
  private static let bodyLinesMax = 40
  /// Longer bodies are mentioned, not printed.
  private static let bodyBytesMax = 256 * 1024
  /// A longer value is cut, with a note.
  private static let valueCharactersMax = 600
  /// Deeper objects are printed as one value.
  private static let levelsMax = 6

  func add(
    _ message: Message, number: Int, in transcript: Transcript, to text: inout PlainText
  ) {
    let kind = message.request == nil ? "response" : "request"
    let way = "\(message.from.title) to \(message.to.title)"
    let channel =
      switch message.channel {
      case .front: "front channel, through the browser"
      case .back: "back channel, past the browser"
      case .local: "inside the application"
      }
    text.heading(3, "Message \(number), a \(kind): \(way), \(channel)")
    if message.evidence == .observed {
      text.paragraph("Observed at the built-in tenant; no application can see it.")
    }
    if message.evidence == .pasted {
      text.paragraph("Pasted by the person; nobody saw it travel.")
    }
    switch message.content {
    case .request(let request):
      let address = message.url.before(anyOf: "?#")
      text.lead("\(shown(request.method)) \(shown(String(address)))")
      if !request.query.isEmpty { addQuery(request, message, in: transcript, to: &text) }
    case .response(let response):
      text.lead("Status \(response.status) \(shown(response.reason))")
    }
    text.lead("Headers:")
    let context: Glossary.Context =
      message.request == nil ? .httpResponseHeader : .httpRequestHeader
    for header in message.headers.lines {
      text.item(
        "\(HarmlessText.line(header.name)): \(value(masker.show(header)))",
        below: [meaning(of: header.name, context)])
    }
    addBody(message, to: &text)
  }

  private func addQuery(
    _ request: HTTPRequest, _ message: Message, in transcript: Transcript,
    to text: inout PlainText
  ) {
    let told = transcript[.authorize].messages.contains {
      $0.response?.headers["Location"] == message.url
    }
    if told, message.stage != .authorize {
      text.paragraph("The URL of stage 2, with every parameter that stands there.")
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
    text.item(
      "\(HarmlessText.line(field.name)): \(value(masker.show(field)))",
      below: [meaning(of: field.name, context)])
  }

  private func meaning(of name: String, _ context: Glossary.Context) -> String {
    let places: [Glossary.Context] = [context, .pageField, .apiBody, .userinfo]
    let known = (context == .authorizationRequest || context == .apiBody ? places : [context])
      .lazy.compactMap { Glossary.entry(name, in: $0)?.meaning }.first
    return "Meaning: \(known ?? "in no standard that we know")"
  }

  private func value(_ text: String) -> String {
    let harmless = HarmlessText.line(text)
    guard harmless.count > Self.valueCharactersMax else { return harmless }
    let rest = harmless.count - Self.valueCharactersMax
    return harmless.prefix(Self.valueCharactersMax) + "\u{2026} and \(rest) characters more"
  }

  // MARK: Bodies

  private func addBody(_ message: Message, to text: inout PlainText) {
    let body = message.body
    guard !body.isEmpty else {
      if message.response != nil { text.lead("No body.") }
      return
    }
    let type = message.headers.mediaType ?? ""
    guard body.count <= Self.bodyBytesMax else {
      text.lead("Body: \(body.count) bytes, too many to print.")
      return
    }
    if type == "application/x-www-form-urlencoded", let fields = try? FormEncoding.decode(body) {
      let context: Glossary.Context =
        message.stage == .callback
        ? .authorizationResponse : message.from == .browser ? .pageField : .tokenRequest
      text.lead("Body, a form with \(fields.count) fields:")
      for field in fields { add(field, context, to: &text) }
    } else if type.ends(with: "json"), let json = try? JSONParser.parse(body) {
      text.lead("Body, JSON:")
      add(json, named: nil, Self.context(of: message), level: 0, to: &text)
    } else if type == "text/html" {
      addPage(message, to: &text)
    } else {
      let lines = HarmlessText.lines(masker.mask(String(decoding: body, as: UTF8.self)))
      text.lead("Body, \(body.count) bytes:")
      for line in lines.prefix(Self.bodyLinesMax) { text.item(line) }
      if lines.count > Self.bodyLinesMax {
        text.item("and \(lines.count - Self.bodyLinesMax) lines more")
      }
    }
  }

  private static func context(of message: Message) -> Glossary.Context {
    switch message.stage {
    case .login: .metadata
    case .exchange, .verify, .tokens: .tokenResponse
    default: .apiBody
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
        let content = masker.show(FormField(input.name, input.value))
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
      return text.item("\(label ?? "value"): \(value(masker.mask(json.compactText)))", level: level)
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
      return value(name.map { masker.show(FormField($0, text)) } ?? masker.mask(text))
    }
    if let list = json.strings { return value(masker.mask(list.joined(separator: ", "))) }
    return value(masker.mask(json.compactText))
  }

  // MARK: Tokens

  func add(_ token: TokenRecord, to text: inout PlainText) {
    let ordinal = token.channel == .front ? "first" : "second"
    let (title, context): (String, Glossary.Context) =
      switch token.use {
      case .idToken: ("The \(ordinal) ID token", .idTokenClaim)
      case .accessToken: ("The \(ordinal) access token", .accessTokenClaim)
      case .refreshToken: ("The refresh token", .value)
      }
    text.heading(3, "\(title), decoded")
    text.item("as it came: \(value(masker.show(FormField(token.use.rawValue, token.text))))")
    text.item("length: \(token.text.utf8.count) characters")
    if let seconds = token.expiresIn { text.item("expires in: \(seconds) seconds") }
    if let reason = token.opaqueBecause { text.item("opaque: \(shown(reason))") }
    if token.use == .accessToken, token.claims != nil {
      text.item(
        "to the application it is opaque: it is decoded here to teach, and only the API reads it")
    }
    if let header = token.header {
      text.lead("Header:")
      add(header, named: nil, .joseHeader, level: 0, to: &text)
    }
    if let claims = token.claims {
      text.lead("Claims:")
      add(claims, named: nil, context, level: 0, to: &text)
    }
  }
}
