import HybridFlow
import OpenID
import Redaction

/// A message as every text tells it.
package struct MessageDocument: Sendable {
  /// What a body is, by its media type.
  enum Body {
    /// There is none.
    case none
    /// A form; nil if it cannot be decoded.
    case form([FormField]?)
    /// JSON that can be read.
    case json(JSONValue)
    /// An HTML page.
    case page
    /// Anything else.
    case text
  }

  /// The most bytes of a body that are read or laid out.
  static let bodyBytesMax = 256 * 1024

  package let message: Message
  let redactor: Redactor

  /// Makes the document of a message.
  package init(_ message: Message, _ redactor: Redactor) {
    (self.message, self.redactor) = (message, redactor)
  }

  /// `User → Tenant`: sender and receiver.
  package func way(arrow: String = "\u{2192}") -> String {
    "\(message.from.title) \(arrow) \(message.to.title)"
  }

  /// The method of the request.
  package var method: String { redactor.line(message.request?.method ?? message.method) }
  /// The address without query and fragment.
  package var address: String { redactor.line(String(message.url.before(anyOf: "?#"))) }
  /// `303 See Other`; nil for a request.
  package var status: String? {
    message.response.map { "\($0.status) \(redactor.line($0.reason))" }
  }
  /// The first line as HTTP/1.1 writes it, with the whole address.
  package var firstLine: String {
    status.map { "HTTP/1.1 \($0)" }
      ?? "\(method) \(HarmlessText.line(redactor.maskAddress(message.url))) HTTP/1.1"
  }

  /// The header lines.
  package var headers: [FieldDocument] {
    let place: Glossary.Context =
      message.request == nil ? .httpResponseHeader : .httpRequestHeader
    return message.headers.lines.map { FieldDocument($0, place, redactor) }
  }

  /// The headers that carry something of the flow, or say how it is protected; in lower case.
  private static let telling: Set<String> = [
    "authorization", "cache-control", "content-type", "cookie", "dpop", "dpop-nonce", "location",
    "origin", "pragma", "referer", "set-cookie", "www-authenticate",
  ]

  /// Whether a header is one that nearly every message has.
  static func isOrdinary(_ header: HTTPHeader) -> Bool {
    !telling.contains(header.name.asciiLowercased)
  }

  /// Where the names of its form or of its JSON are explained.
  var bodyContext: Glossary.Context {
    if message.headers.mediaType == "application/x-www-form-urlencoded" {
      return message.to == .application
        ? .authorizationResponse : message.from == .browser ? .pageField : .tokenRequest
    }
    return switch message.stage {
    case .login: .metadata
    case .exchange, .verify, .tokens: .tokenResponse
    case .authorize, .prompt, .authenticate, .callback, .api, .data: .apiBody
    }
  }

  /// Whether its request is the authorize URL once more, told at the stage that makes it.
  func repeatsAuthorizeURL(_ transcript: Transcript) -> Bool {
    message.stage != .authorize && transcript.authorizeURL?.text == message.url
  }
  /// What is said in place of the parameters of that URL.
  static let toldBefore = "The URL of stage 2, with every parameter that stands there."

  /// The body, read as what it says it is.
  var body: Body {
    let bytes = message.body
    guard !bytes.isEmpty else { return .none }
    let type = message.headers.mediaType ?? ""
    if type == "application/x-www-form-urlencoded" { return .form(try? FormEncoding.decode(bytes)) }
    if type.ends(with: "json"), bytes.count <= Self.bodyBytesMax,
      let json = try? JSONParser.parse(bytes)
    {
      return .json(json)
    }
    return type == "text/html" ? .page : .text
  }

  /// The body as text, redacted and not cut: the redactor does not recognize half a token.
  package var bodyText: String {
    let text = String(decoding: message.body, as: UTF8.self)
    if message.headers.mediaType == "application/x-www-form-urlencoded" {
      return redactor.mask(redactor.maskForm(text))
    }
    // An escape can hide a value from the redactor: {"access_token":"\u0065yJ…"}.
    if redactor.isActive, text.holds("\\"), let json { return redactor.mask(json.compactText) }
    return redactor.mask(text)
  }

  /// The body as JSON, when it says so and is.
  package var json: JSONValue? {
    guard message.headers.mediaType?.ends(with: "json") == true else { return nil }
    return try? JSONParser.parse(message.body)
  }
}

/// A name and its value, wherever in a message they stand, with what the name means.
package struct FieldDocument: Sendable {
  /// The name.
  package let name: String
  /// The value, as it may be shown.
  package let value: String
  /// What the name means there; nil for a name in no standard.
  let entry: Glossary.Entry?

  init(_ field: FormField, _ place: Glossary.Context, _ redactor: Redactor) {
    self.init(field.name, redactor.show(field), place)
  }

  init(_ header: HTTPHeader, _ place: Glossary.Context, _ redactor: Redactor) {
    self.init(header.name, redactor.show(header), place)
  }

  /// Makes a field whose value has been redacted.
  init(_ name: String, _ shown: String, _ place: Glossary.Context) {
    self.name = HarmlessText.line(name)
    value = HarmlessText.line(shown)
    entry = Glossary.entry(name, in: place)
  }
}

/// A token as every text tells it.
package struct TokenDocument: Sendable {
  let token: TokenRecord
  let redactor: Redactor

  init(_ token: TokenRecord, _ redactor: Redactor) {
    (self.token, self.redactor) = (token, redactor)
  }

  /// What it is for, as people say it: `ID token`.
  var kind: String {
    switch token.use {
    case .idToken: "ID token"
    case .accessToken: "access token"
    case .refreshToken: "refresh token"
    case .response: "response JWT"
    }
  }
  /// `first` from the browser, `second` past it; nil for a token of which there is one.
  var ordinal: String? {
    token.use == .refreshToken || token.use == .response
      ? nil : token.channel == .front ? "first" : "second"
  }
  /// Where its claims are explained.
  var context: Glossary.Context { token.use.claimContext }
  /// `front id token`: the channel, and the name on the wire.
  package var name: String {
    "\(token.channel.rawValue) \(token.use.rawValue.split(at: "_").joined(separator: " "))"
  }
  /// The token, as it may be shown.
  package var value: String {
    HarmlessText.line(redactor.show(FormField(token.use.rawValue, token.text)))
  }
  /// Its length in bytes.
  package var length: Int { token.text.utf8.count }
  /// Its lifetime in seconds, if that came with it.
  package var lifetime: Int64? { token.expiresIn }
  /// How it is encrypted; nil for a token that is only signed, or not opened.
  package var encryption: String? {
    token.envelope.map { redactor.line("\($0.algorithmName), \($0.contentName)") }
  }
  /// How it is signed; nil for an opaque token.
  package var algorithm: String? { token.header?["alg"]?.string.map { redactor.line($0) } }
  /// Why it cannot be decoded; nil when it was.
  package var opaque: String? { token.opaqueBecause.map { redactor.line($0) } }
}

extension TokenRecord.Use {
  /// Where the claims of such a token are explained.
  package var claimContext: Glossary.Context {
    switch self {
    case .idToken: .idTokenClaim
    case .accessToken: .accessTokenClaim
    case .response: .responseObject
    case .refreshToken: .value
    }
  }
}

extension Transcript {
  /// The authorize URL of stage 2.
  var authorizeURL: WebURL? {
    let messages = self[.authorize].messages
    for message in messages {
      if let location = message.response?.headers["Location"] { return try? WebURL(location) }
    }
    // A pushed request goes to another address.
    return messages.lazy.filter { $0.from == .browser }.compactMap { $0.request?.url }.first
  }
}
