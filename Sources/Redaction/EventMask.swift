import HybridFlow
import OpenID

/// Replaces every secret in the events of a run by a placeholder, so that they can be stored.
///
/// The machine comes to the same verdicts on the masked events: signatures and digests are not
/// computed again from secrets, but taken from the recorded event ``FlowEvent/examined(_:)``.
public struct EventMask: Sendable {
  private var placeholders: Placeholders
  /// The fields of the current page that hold passwords, under any name.
  private var passwordFields: Set<String> = []
  /// Long, random values that are not secret.
  private var open: Set<String> = []
  /// Whether the last response came from the API.
  private var isOfAPI = false

  /// Makes a mask for one run; every event of the run must pass through it in order.
  ///
  /// - Parameters:
  ///   - replacesPersonal: Whether personal data is replaced as well.
  ///   - keyed: Authenticates bytes under a key that is not stored.
  public init(replacesPersonal: Bool, keyed: @escaping Placeholders.Keyed) {
    placeholders = Placeholders(replacesPersonal: replacesPersonal, keyed: keyed)
  }

  /// The event with its secrets replaced.
  public mutating func mask(_ event: FlowEvent) -> FlowEvent {
    learn(SecretFinder(event))
    // A secret in the response may also be in its request, so the first pass only learns secrets.
    _ = masked(event)
    return masked(event)
  }

  /// Remembers the found secrets, so that they are replaced everywhere.
  private mutating func learn(_ finder: SecretFinder) {
    open.formUnion(finder.open)
    let guessed = finder.guessed.filter {
      !open.contains($0.value) && !placeholders.open.contains($0.value)
    }
    // The values inside a token are learned before the token gets its placeholder.
    let all = (finder.known + guessed).map { ($0, SecretShape.isJWT($0.value)) }
    for (secret, isJWT) in all.filter({ !$0.1 }) + all.filter(\.1) {
      if secret.keepsEnds || isJWT {
        _ = placeholders.token(secret.value)
      } else {
        _ = placeholders.hidden(secret.value)
      }
    }
  }

  /// A text of the program with every known value replaced.
  public func mask(_ text: String) -> String {
    String(decoding: placeholders.replacing(in: Array(text.utf8)), as: UTF8.self)
  }

  private mutating func masked(_ event: FlowEvent) -> FlowEvent {
    switch event {
    case .started(let configuration, let secrets):
      return .started(masked(configuration), masked(secrets))
    case .advanced, .abandoned, .browserRequested, .clockAdvanced, .actionRequested, .examined,
      .exchangeRequested, .straysCounted:
      return event
    case .listenerReady: return event
    case .listenerFailed(let why): return .listenerFailed(text(why))
    case .remarked(let words, let warns): return .remarked(text(words), warns: warns)
    case .authorizeRefused(var error):
      error.description = error.description.map { text($0) }
      error.uri = error.uri.map { text($0) }
      return .authorizeRefused(error)
    case .fetched(let purpose, let request, let response):
      var answer = masked(response)
      isOfAPI = purpose == .api
      if isOfAPI { answer.body = masked(data: answer) }
      return .fetched(purpose, masked(request), answer)
    case .fetchFailed(let purpose, let failure): return .fetchFailed(purpose, masked(failure))
    case .browserOpened(let succeeded, let detail):
      return .browserOpened(succeeded: succeeded, detail: text(detail))
    case .browserExchanged(let request, let response):
      return .browserExchanged(masked(request), masked(response))
    case .pageArrived(let page): return .pageArrived(masked(page))
    case .pageFailed(let failure): return .pageFailed(masked(failure))
    case .formFilled(let form):
      return .formFilled(
        FormSubmission(
          action: masked(form.action), method: form.method, fields: form.fields.map { masked($0) }))
    case .callbackArrived(let number, let request):
      return .callbackArrived(number, masked(request))
    case .signed(let purpose, .token(let token)):
      return .signed(purpose, .token(Secret(placeholders.token(token.reveal()))))
    case .signed(let purpose, .unusable(let why)): return .signed(purpose, .unusable(text(why)))
    case .decrypted(let purpose, let outcome): return .decrypted(purpose, masked(outcome))
    case .ledgerRead(let checks):
      return .ledgerRead(
        checks.map { check in
          var check = check
          check.detail = text(check.detail)
          return check
        })
    case .loggedOut(let request): return .loggedOut(masked(request))
    case .answerPasted(let answer):
      return .answerPasted(
        PastedAnswer(
          carrier: answer.carrier, fields: answer.fields.map { masked($0) },
          source: text(answer.source), address: answer.address.map { masked(address: $0) }))
    case .answerMisplaced(let request): return .answerMisplaced(masked(request))
    case .loginOpened(let request): return .loginOpened(masked(request))
    case .requestRefused(var refused):
      refused.request = refused.request.map { masked($0) }
      return .requestRefused(refused)
    case .requestEdited(let edit): return .requestEdited(masked(edit))
    case .exchangeEdited(let edit): return .exchangeEdited(masked(edit))
    case .originalKnown(.content(.request(let request))):
      return .originalKnown(.content(.request(masked(request))))
    case .originalKnown(.content(.response(let response))):
      var answer = masked(response)
      if isOfAPI { answer.body = masked(data: answer) }
      return .originalKnown(.content(.response(answer)))
    case .originalKnown(.nothing): return event
    case .witnessed(let exchange):
      return .witnessed(
        WitnessedExchange(
          masked(exchange.request), masked(exchange.response), lostCookies: exchange.lostCookies))
    }
  }

  private mutating func masked(_ outcome: DecryptionOutcome) -> DecryptionOutcome {
    switch outcome {
    case .content(let content): .content(Secret(masked(content: content.reveal())))
    case .unusable(let why): .unusable(text(why))
    case .failed: outcome
    }
  }

  /// What was inside a token: another one, or something that ought to be one.
  private mutating func masked(content: String) -> String {
    guard !SecretShape.isJWT(content), content.utf8.first == UInt8(ascii: "{") else {
      return placeholders.token(content)
    }
    return String(decoding: masked(Array(content.utf8), "application/json"), as: UTF8.self)
  }

  private mutating func masked(_ edit: RequestEdit) -> RequestEdit {
    var edit = edit
    edit.rows = edit.rows.map { row in
      guard case .given(let field) = row else { return row }
      return .given(masked(field))
    }
    return edit
  }

  // MARK: - What is known at the start

  private mutating func masked(_ configuration: FlowConfiguration) -> FlowConfiguration {
    var configuration = configuration
    placeholders.open.formUnion(
      [
        configuration.issuer.text, configuration.clientID, configuration.redirectURI.text,
        configuration.responseType.rawValue,
      ] + configuration.scope)
    if let audience = configuration.audience { placeholders.open.insert(audience) }
    if let secret = configuration.clientSecret {
      configuration.clientSecret = Secret(placeholders.hidden(secret.reveal()))
    }
    configuration.extraParameters = configuration.extraParameters.map { masked($0) }
    if let rows = configuration.accounts?.rows {
      configuration.accounts?.rows = rows.map { masked($0) }
    }
    if let witness = configuration.witness {
      configuration.witness?.parameters = witness.parameters.map { masked($0) }
    }
    return configuration
  }

  /// The same placeholders as in the tokens: a recording still shows which account a login opened.
  private mutating func masked(_ account: Account) -> Account {
    guard placeholders.replacesPersonal else { return account }
    var account = account
    account.owner = placeholders.personal(account.owner, named: "name") ?? account.owner
    account.subject = account.subject.map { placeholders.personal($0, named: "sub") ?? $0 }
    account.email = account.email.map { placeholders.personal($0, named: "email") ?? $0 }
    return account
  }

  private mutating func masked(_ secrets: FlowSecrets) -> FlowSecrets {
    var secrets = secrets
    secrets.codeVerifier = Secret(placeholders.token(secrets.codeVerifier.reveal()))
    let session = secrets.session.reveal()
    // The same placeholder as in the cookie: a recording still shows whether it came back.
    if !session.isEmpty { secrets.session = Secret(placeholders.hidden(session)) }
    return secrets
  }

  // MARK: - Messages

  private mutating func masked(_ request: HTTPRequest) -> HTTPRequest {
    var output = request
    output.body = masked(request.body, request.headers.mediaType)
    output.headers.lines = request.headers.lines.map {
      masked($0, was: request.body.count, is: output.body.count)
    }
    if let url = request.url {
      let masked = masked(url)
      output.url = masked
      output.target = masked.requestTarget
      guard request.target != url.requestTarget else { return output }
    }
    output.target = masked(address: request.target)
    return output
  }

  private mutating func masked(_ response: HTTPResponse) -> HTTPResponse {
    var output = response
    output.body = masked(response.body, response.headers.mediaType)
    output.headers.lines = response.headers.lines.map {
      masked($0, was: response.body.count, is: output.body.count)
    }
    return output
  }

  private mutating func masked(_ failure: TransportFailure) -> TransportFailure {
    var masked = failure
    masked.message = text(failure.message)
    masked.happened = text(failure.happened)
    masked.remedy = text(failure.remedy)
    masked.details = failure.details.map { TransportFailure.Detail($0.name, text($0.text)) }
    return masked
  }

  private mutating func masked(_ header: HTTPHeader, was old: Int, is new: Int) -> HTTPHeader {
    if header.name.isIdentical(toIgnoringCase: "content-length"), old != new,
      header.value == String(old)
    {
      return HTTPHeader(header.name, String(new))
    }
    return HTTPHeader(header.name, masked(MessagePart.parts(of: header)))
  }

  private mutating func masked(_ parts: [MessagePart]) -> String {
    var output = ""
    for part in parts { output += masked(part) }
    return output
  }

  private mutating func masked(_ part: MessagePart) -> String {
    switch part {
    case .frame(let text): return String(text)
    case .text(let text): return self.text(String(text))
    case .cookie(let value):
      // A cookie may hold any word; only a long one without spaces is replaced everywhere.
      let isRare = value.utf8.count >= 16 && !value.holds(anyOf: "/: ")
      return placeholders.hidden(String(value), searched: isRare)
    case .credential(let value, scheme: "bearer"): return placeholders.token(String(value))
    case .credential(let value, scheme: "basic"):
      guard let basic = ClientAuthentication.readBasicHeader("Basic " + value) else {
        return placeholders.hidden(String(value))
      }
      let secret = Secret(placeholders.hidden(basic.secret.reveal()))
      let header = ClientAuthentication.basicHeader(clientID: basic.clientID, secret: secret)
      return String(header.after(" "))
    case .credential(let value, _): return placeholders.hidden(String(value))
    case .field(let field, let name, let value):
      let masked = masked(field)
      guard !masked.value.isIdentical(to: field.value) else { return text(String(name + value)) }
      // A value that could not be decoded must not become decodable.
      let isBroken = (try? FormEncoding.decode(name + value)) == nil
      return name + (isBroken ? masked.value : FormEncoding.encode(masked.value))
    }
  }

  private mutating func masked(_ url: WebURL) -> WebURL {
    let text = masked(address: url.text)
    return (try? WebURL(text)) ?? (try? WebURL(url.origin + url.path)) ?? url
  }

  /// An address with the fields of its query and of its fragment.
  private mutating func masked(address: String) -> String {
    masked(MessagePart.parts(ofAddress: address))
  }

  // MARK: - Bodies

  /// The names in an API's personal data are unknown, so every text of it is replaced.
  ///
  /// An error is left as it is, because checks and advice read it.
  private mutating func masked(data response: HTTPResponse) -> [UInt8] {
    guard placeholders.replacesPersonal, (200..<300).contains(response.status) else {
      return response.body
    }
    var placeholders = placeholders
    let isJSON = (try? JSONParser.parse(response.body)) != nil
    let body =
      isJSON
      ? JSONStrings.rewriting(response.body) { _, value in
        placeholders.personal(value, searched: false)
      } : Array(placeholders.personal(response.bodyText, searched: false).utf8)
    self.placeholders = placeholders
    return body
  }

  private mutating func masked(_ body: [UInt8], _ type: String?) -> [UInt8] {
    guard !body.isEmpty else { return body }
    switch BodyForm(body, mediaType: type) {
    case .form:
      guard let text = String(validating: body, as: UTF8.self) else { return searched(body) }
      return Array(masked(MessagePart.parts(ofFields: text[...])).utf8)
    case .json: return json(body)
    case .html:
      for field in HTMLPage.hiddenFields(in: body) { _ = masked(field) }
      return searched(body)
    case .text: return searched(body)
    }
  }

  private mutating func json(_ body: [UInt8]) -> [UInt8] {
    var placeholders = placeholders
    let output = JSONStrings.rewriting(body) { path, value in
      placeholders.replacement(path, value)
    }
    self.placeholders = placeholders
    return searched(output)
  }

  private mutating func masked(_ field: FormField) -> FormField {
    if passwordFields.contains(field.name) {
      return FormField(field.name, placeholders.hidden(field.value))
    }
    switch SecretPolicy.kind(of: field.name) {
    case .endsShown: return FormField(field.name, placeholders.token(field.value))
    case .hidden where field.name == "client_assertion" || isSignedSecret(field):
      return FormField(field.name, placeholders.token(field.value))
    case .hidden: return FormField(field.name, placeholders.hidden(field.value))
    case .personal:
      return FormField(
        field.name, placeholders.personal(field.value, named: field.name) ?? field.value)
    // The name and address that Apple sends beside its tokens.
    case nil where field.name == "user" && field.value.begins(with: "{"):
      return FormField(
        field.name, String(decoding: json(Array(field.value.utf8)), as: UTF8.self))
    case nil: return FormField(field.name, text(field.value))
    }
  }

  /// Whether a client secret is a JWT, whose claims may stay as those of an assertion do.
  private func isSignedSecret(_ field: FormField) -> Bool {
    field.name == "client_secret" && (try? CompactJWS(field.value).claims()) != nil
  }

  private mutating func masked(_ page: BrowserPage) -> BrowserPage {
    passwordFields.formUnion(
      page.page.forms.flatMap(\.inputs).filter { $0.type == "password" }.map(\.name))
    let old = page.page
    // A copy, because the closure that takes the page apart must not change the mask.
    var mask = self
    let new = old.replacing(
      url: mask.masked(old.url), text: { mask.text($0) },
      value: { mask.masked(FormField($0, $1)).value })
    self = mask
    // The base of its links is its own address where the page names no other.
    let whole = HTMLPage(
      url: new.url, baseURL: masked(old.baseURL), title: new.title, lines: new.lines,
      forms: new.forms)
    return BrowserPage(url: masked(page.url), status: page.status, page: whole)
  }

  // MARK: - Text

  /// A text with every known value and everything that looks like a token replaced.
  private mutating func text(_ text: String) -> String {
    String(decoding: searched(Array(text.utf8)), as: UTF8.self)
  }

  private mutating func searched(_ bytes: [UInt8]) -> [UInt8] {
    for token in SecretShape.tokens(in: bytes) where !placeholders.isIssued(token) {
      _ = placeholders.token(token)
    }
    return placeholders.replacing(in: bytes)
  }
}
