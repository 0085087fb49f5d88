import HybridFlow
import OpenID

/// A login of somebody else's application, as the authorization server itself has seen it.
///
/// A value: the exchanges in the order in which they came, and what the server knows anyway.
/// ``recording(title:)`` makes a run of them with the rules of every run.
public struct ObservedLogin: Sendable, Equatable {
  /// What the server knows without being asked.
  public struct Server: Sendable, Equatable {
    /// Its issuer.
    public var issuer: WebURL
    /// The algorithm of its ID tokens.
    public var idTokenAlgorithm: SignatureAlgorithm
    /// Its discovery document, as it serves it.
    public var metadata: SeenExchange?
    /// Its keys, as it serves them.
    public var keys: SeenExchange?
    /// The id of the fault that the login meets; nil for an honest server.
    public var faultID: String?
    /// The message that the fault changes; nil where none is to be marked.
    public var tampering: Tampering?

    /// Names a server.
    public init(
      issuer: WebURL, idTokenAlgorithm: SignatureAlgorithm, metadata: SeenExchange? = nil,
      keys: SeenExchange? = nil
    ) {
      (self.issuer, self.idTokenAlgorithm) = (issuer, idTokenAlgorithm)
      (self.metadata, self.keys) = (metadata, keys)
    }
  }

  /// Counts logins from 1.
  public let number: Int
  /// The authorization request, and everything after it.
  public private(set) var exchanges: [SeenExchange]
  /// The server.
  public var server: Server
  /// What the application pushed before the browser came; nil for a request that was not pushed.
  public var pushed: SeenExchange?
  /// Whether nothing more is waited for: what has not happened is told as not done.
  public var isOver = false

  /// Whether the browser has been sent back to the application: what follows is the application’s.
  public var isAnswered = false

  /// The most exchanges of one login that are kept.
  public static let exchangesMaximum = 120

  /// Begins a login with its authorization request.
  public init(number: Int, _ request: SeenExchange, server: Server) {
    (self.number, exchanges, self.server) = (number, [request], server)
  }

  /// Adds what came next; false when the login is full.
  @discardableResult
  public mutating func add(_ exchange: SeenExchange) -> Bool {
    guard exchanges.count < Self.exchangesMaximum else { return false }
    exchanges.append(exchange)
    return true
  }

  /// The parameters of the authorization request: as the browser brought them, those that were pushed,
  /// or those inside a signed object.
  public var parameters: [FormField] {
    Self.asked(exchanges[0].request, pushed: pushed?.request)
  }

  /// What an authorization request asks for, with the request that was pushed for it, if one was.
  ///
  /// What proves the client is no part of it. RFC 9101, section 6.3; RFC 9126, section 2.1.
  package static func asked(_ request: HTTPRequest, pushed: HTTPRequest?) -> [FormField] {
    var fields = parameters(of: pushed ?? request)
    if pushed != nil { fields.removeAll { credentials.contains($0.name) } }
    if let object = fields["request"], let claims = try? CompactJWS(object).claims() {
      HARLogins.merge(claims, into: &fields)
    }
    return fields
  }

  private static let credentials: Set<String> = [
    "client_secret", "client_assertion", "client_assertion_type",
  ]

  /// When it began.
  public var at: UnixTime { exchanges[0].at }

  /// The parameters of a request: of its body, or of its query.
  public static func parameters(of request: HTTPRequest) -> [FormField] {
    if request.method == "POST" { return (try? FormEncoding.decode(request.body)) ?? [] }
    let query = request.target.before("#").cut(at: "?").map { String($0.1) } ?? ""
    return (try? FormEncoding.decode(query)) ?? []
  }

  /// The name that was typed into the sign-in page last; nil when none was.
  public var typedName: String? {
    exchanges.lazy.filter { $0.route == .browser && $0.request.method == "POST" }
      .compactMap { Self.parameters(of: $0.request)["username"] }.last { !$0.isEmpty }
  }

  /// The bytes of its bodies.
  public var bytes: Int {
    exchanges.reduce(0) { $0 + $1.request.body.count + $1.response.body.count }
  }
}

/// The authorization response in what the server gave to the browser.
public struct DepartingAnswer: Sendable, Equatable {
  /// Its parameters.
  public var fields: [FormField]
  /// The request that a browser makes of it at the redirect URI.
  public var request: HTTPRequest

  /// Finds the answer to this redirect URI in a response; nil when there is none.
  public init?(_ response: HTTPResponse, from page: WebURL?, to redirectURI: WebURL) {
    if let location = response.headers["Location"] {
      guard location.before(anyOf: "?#").isIdentical(to: redirectURI.text.before(anyOf: "?#")),
        let url = try? WebURL(location)
      else { return nil }
      let text = url.fragment ?? url.query ?? ""
      fields = (try? FormEncoding.decode(text)) ?? []
      request = HTTPRequest(method: "GET", url: url, headers: ["Host": url.authority])
      // Where the parameters are, although no server sees them.
      if let fragment = url.fragment { request.target = url.requestTarget + "#" + fragment }
      return
    }
    guard response.status == 200, response.headers.mediaType == "text/html", let page,
      let html = try? HTMLPage(bytes: response.body, url: page)
    else { return nil }
    for form in html.forms where form.method.isIdentical(toIgnoringCase: "POST") {
      guard let action = try? html.target(of: form), action.text.isIdentical(to: redirectURI.text)
      else { continue }
      fields = form.submission(values: [], pressing: nil)
      request = HTTPRequest(
        method: "POST", url: action,
        headers: [
          "Host": action.authority, "Content-Type": "application/x-www-form-urlencoded",
        ], body: Array(FormEncoding.encode(fields).utf8))
      return
    }
    return nil
  }
}
