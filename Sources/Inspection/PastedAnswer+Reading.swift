import HybridFlow
import OpenID
import Redaction

/// Reading an authorization response from a text.
extension PastedAnswer {
  /// Reads a text of at most ``PastedReader/textBytes``; the response is limited as on the wire.
  ///
  /// - Throws: ``PastedError`` that says what the text is instead, and what to paste.
  public init(_ text: String) throws(PastedError) {
    self = try Self.read(text)
    let bytes = FormEncoding.encode(fields).utf8.count
    guard bytes <= Limit.requestBodyBytes else {
      throw PastedError(
        message: "This answer has \(bytes) bytes. The application takes \(Limit.requestBodyBytes), "
          + "and no provider sends more.")
    }
  }

  private static func read(_ text: String) throws(PastedError) -> PastedAnswer {
    if let fields = lines(text) {
      return PastedAnswer(carrier: .body, fields: fields, source: "lines of names and values")
    }
    if let (action, fields) = page(text) {
      return PastedAnswer(
        carrier: .body, fields: fields, source: "the source of a page with its form",
        address: action)
    }
    let message: PastedMessage
    do {
      message = try PastedReader.read(text)
    } catch {
      throw error.message.begins(with: "Nothing is recognised") ? unknown(text) : error
    }
    if let fault = message.fault { throw PastedError(message: "This cannot be read. \(fault)") }
    guard message.isFrontAnswer, let carrier = message.carrier.flatMap(Carrier.init) else {
      throw PastedError(message: otherwise(message.kind))
    }
    guard message.fields.contains(where: { AuthorizationResponse.knownNames.contains($0.name) })
    else {
      throw PastedError(
        message: "None of its fields is part of an answer that can be read here. " + wanted)
    }
    return PastedAnswer(
      carrier: carrier, fields: message.fields,
      source: message.wrapping ?? name(carrier, hasAddress: message.address != nil),
      address: message.address)
  }

  private static let wanted =
    "Paste the body of the POST to the redirect URI, its \u{201C}Copy as cURL\u{201D}, or the "
    + "address at which the browser ended."

  private static func name(_ carrier: Carrier, hasAddress: Bool) -> String {
    switch carrier {
    case .body: "a form body"
    case .query: hasAddress ? "an address with a query" : "a query"
    case .fragment: hasAddress ? "an address with a fragment" : "a fragment"
    }
  }

  private static func unknown(_ text: String) -> PastedError {
    PastedError(
      message: "Nothing of an answer is recognised in \(text.utf8.count) bytes. " + wanted)
  }

  /// What a text is that is not an authorization response.
  private static func otherwise(_ kind: PastedMessage.Kind) -> String {
    let what =
      switch kind {
      case .signedToken, .encryptedToken, .opaqueToken: "This is a token alone; the answer has more"
      case .authorizeURL: "This is the request with which the browser left, not the answer"
      case .tokenRequest: "This is a request to the token endpoint, which comes after the answer"
      case .tokenResponse, .errorResponse:
        "This is JSON of a token endpoint, which comes after the answer"
      case .keySet, .metadata: "This is a document of the provider, not its answer"
      case .formBody, .callback: "This is no answer that can be read here"
      }
    return what + ". " + wanted
  }

  // MARK: - Lines and pages

  /// `code: …`, `id_token=…`, one in each line, as developer tools list form fields.
  private static func lines(_ text: String) -> [FormField]? {
    guard text.utf8.count <= PastedReader.textBytes else { return nil }
    var fields: [FormField] = []
    for line in text.lines.map({ String($0).trimmed })
    where !line.isEmpty {
      guard fields.count < PastedReader.formFields, !line.holds("&") else { return nil }
      let tail = line.from(anyOf: ":=")
      let name = String(line.before(anyOf: ":=")).trimmed.withoutQuotes
      guard !tail.isEmpty, AuthorizationResponse.knownNames.contains(name) else {
        // A terminal breaks a long token into several lines.
        guard let last = fields.indices.last, !line.holds(" ") else { return nil }
        fields[last].value += line
        continue
      }
      var value = String(tail.dropFirst(bytes: 1)).trimmed.withoutQuotes
      if tail.begins(with: "=") {
        guard let decoded = try? FormEncoding.decode("v=" + value), decoded.count == 1 else {
          return nil
        }
        value = decoded[0].value
      }
      fields.append(FormField(name, value))
    }
    return fields.isEmpty ? nil : fields
  }

  /// The form in a page's source, and its action.
  private static func page(_ text: String) -> (String, [FormField])? {
    guard text.utf8.count <= PastedReader.textBytes, text.holds("<"),
      let base = try? WebURL("http://localhost/"),
      let page = try? HTMLPage(bytes: Array(text.utf8), url: base)
    else { return nil }
    for form in page.forms where form.method.isIdentical(toIgnoringCase: "POST") {
      let fields = form.submission(values: [], pressing: nil)
      let known = Set(fields.map(\.name)).intersection([
        "code", "id_token", "access_token", "error",
      ])
      if !known.isEmpty, let action = try? page.target(of: form) { return (action.text, fields) }
    }
    return nil
  }

  /// The secrets in it, shown only on request.
  public var secrets: [KnownSecret] {
    var finder = SecretFinder()
    for field in fields { finder.read(field, guesses: true) }
    return finder.secrets
  }
}

extension String {
  /// Without quotation marks around it and without a comma at the end.
  fileprivate var withoutQuotes: String {
    let text = dropping(suffix: ",") ?? self[...]
    for quote in ["\"", "'"] {
      guard let rest = text.dropping(prefix: quote)?.dropping(suffix: quote) else { continue }
      return String(rest)
    }
    return self
  }
}
