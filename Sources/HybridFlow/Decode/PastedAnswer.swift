import OpenID

/// The authorization endpoint's answer as a person pasted it, because their browser runs elsewhere.
///
/// It may be the body of the form post, a browser's "copy as cURL" of that request, the address
/// that the browser ended at, the source of the page that posts, or lines such as `code: …`.
public struct PastedAnswer: Sendable, Equatable {
  /// What carried the fields.
  public enum Carrier: String, Sendable, Hashable, CaseIterable {
    /// The body of a POST, as form_post wants it.
    case body
    /// The query of the redirect URI.
    case query
    /// Behind the `#` of the redirect URI, which no server sees.
    case fragment
  }

  /// What carried the fields.
  public let carrier: Carrier
  /// The fields in their order, repeats kept; at least one means something in an answer.
  public let fields: [FormField]
  /// What the text was, such as `a form body`.
  public let source: String
  /// Where the text says it was sent, up to the query; nil where it does not say.
  public let address: String?

  /// Reads a text of at most ``PastedReader/textBytes``; the answer in it is limited as on the wire.
  ///
  /// - Throws: ``PastedFault`` that says what the text is instead, and what to paste.
  public init(_ text: String) throws(PastedFault) {
    self = try Self.read(text)
    let bytes = FormEncoding.encode(fields).utf8.count
    guard bytes <= Limit.requestBodyBytes else {
      throw PastedFault(
        message: "This answer has \(bytes) bytes. The application takes \(Limit.requestBodyBytes), "
          + "and no provider sends more.")
    }
  }

  private static func read(_ text: String) throws(PastedFault) -> PastedAnswer {
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
    if let fault = message.fault { throw PastedFault(message: "This cannot be read. \(fault)") }
    guard message.isFrontAnswer, let carrier = message.carrier.flatMap(Carrier.init) else {
      throw PastedFault(message: otherwise(message.kind))
    }
    guard message.fields.contains(where: { AuthorizationAnswer.knownNames.contains($0.name) })
    else {
      throw PastedFault(
        message: "None of its fields is part of an answer that can be read here. " + wanted)
    }
    return PastedAnswer(
      carrier: carrier, fields: message.fields,
      source: message.wrapping ?? name(carrier, hasAddress: message.address != nil),
      address: message.address)
  }

  /// Puts an answer together that was read before.
  public init(carrier: Carrier, fields: [FormField], source: String, address: String? = nil) {
    (self.carrier, self.fields, self.source, self.address) = (carrier, fields, source, address)
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

  private static func unknown(_ text: String) -> PastedFault {
    PastedFault(
      message: "Nothing of an answer is recognised in \(text.utf8.count) bytes. " + wanted)
  }

  /// What a text that is no answer is.
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

  /// `code: …`, `id_token=…`, one a line, as developer tools list the fields of a form.
  private static func lines(_ text: String) -> [FormField]? {
    guard text.utf8.count <= PastedReader.textBytes else { return nil }
    var fields: [FormField] = []
    for line in text.lines.map({ String($0).trimmed })
    where !line.isEmpty {
      guard fields.count < PastedReader.formFields, !line.holds("&") else { return nil }
      let tail = line.from(anyOf: ":=")
      let name = String(line.before(anyOf: ":=")).trimmed.withoutQuotes
      guard !tail.isEmpty, AuthorizationAnswer.knownNames.contains(name) else {
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

  /// The form of a page's source, with the address it goes to.
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

  // MARK: - Into the run

  /// The request that the browser would have made; only what the text says stands in it.
  func request(to redirectURI: WebURL) -> HTTPRequest {
    let path = redirectURI.path.isEmpty ? "/" : redirectURI.path
    let text = FormEncoding.encode(fields)
    switch carrier {
    case .body:
      return HTTPRequest(
        method: "POST", target: path,
        headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(text.utf8))
    case .query: return HTTPRequest(method: "GET", target: "\(path)?\(text)")
    case .fragment: return HTTPRequest(method: "GET", target: "\(path)#\(text)")
    }
  }

  /// What to say when the answer was sent to another address; nil when it was not.
  public func misdirection(from redirectURI: WebURL) -> String? {
    guard let address, !address.begins(with: "/") else { return nil }
    guard let sent = try? WebURL(address) else {
      return "It was sent to another application: \(address)."
    }
    guard sent.origin != redirectURI.origin || sent.path != redirectURI.path else { return nil }
    return "It was sent to \(sent.origin)\(sent.path), but this application waits at "
      + "\(redirectURI.origin)\(redirectURI.path)."
  }

  /// Whether the fields bring this state back.
  public func belongs(to state: String) -> Bool { fields["state"]?.isIdentical(to: state) == true }

  /// What must not be seen of it, unless the person asks.
  public var secrets: [KnownSecret] {
    var finder = SecretFinder()
    for field in fields { finder.read(field, guesses: true) }
    return finder.secrets
  }
}

extension String {
  /// Without a pair of quotation marks around it, and without a comma behind.
  fileprivate var withoutQuotes: String {
    let text = dropping(suffix: ",") ?? self[...]
    for quote in ["\"", "'"] {
      guard let rest = text.dropping(prefix: quote)?.dropping(suffix: quote) else { continue }
      return String(rest)
    }
    return self
  }
}

extension HTTPRequest {
  /// What stands behind `#`; only an answer that was pasted has it.
  public var fragment: String? {
    target.cut(at: "#").map { String($0.after) }
  }
}
