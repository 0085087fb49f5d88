import HybridFlow
import OpenID

/// The application's web site: which page a request asks for, and the response.
///
/// A value without sockets, so that a real port and a test use the same application.
struct ApplicationSite: Sendable {
  /// How a request is handled.
  enum Route: Sendable, Equatable {
    /// The request is an authorization response, or looks like one: the machine decides.
    case callback
    /// The start of a login, which sets the cookie and sends the browser to the tenant.
    case start
    /// The page after the callback.
    case done
    /// The browser returns from a logout.
    case loggedOut
    /// Parameters of an authorization response at a wrong address.
    case misplaced
    case notFound
  }

  /// The redirect URI with its real port.
  let redirectURI: WebURL
  /// The result that the page after the callback shows.
  var outcome = CallbackPages.Outcome.nothingYet
  /// What the start address answers; nil when no login is offered.
  var login: HTTPResponse? { didSet { openings = 0 } }
  private var openings = 0
  /// Whether a browser was redirected to the page after the callback and has not fetched it yet.
  private(set) var owesPage = false

  init(redirectURI: WebURL) { self.redirectURI = redirectURI }

  private var callbackPath: String { redirectURI.path.isEmpty ? "/" : redirectURI.path }
  // The machine derives the same path: a test compares both.
  private var donePath: String { callbackPath == "/done" ? "/finished" : "/done" }

  func route(_ request: HTTPRequest) -> Route {
    var path = request.path
    if let url = try? WebURL(path) { path = url.path.isEmpty ? "/" : url.path }
    if path.isIdentical(to: callbackPath) { return .callback }
    if path == donePath { return .done }
    if path == PostLogout.path(beside: redirectURI) { return .loggedOut }
    if login != nil, request.method == "GET", path == LoginStart.path(beside: redirectURI),
      !Self.carriesAnswer(request)
    {
      return .start
    }
    return Self.carriesAnswer(request) ? .misplaced : .notFound
  }

  /// Whether a request has parameters of an authorization response.
  private static func carriesAnswer(_ request: HTTPRequest) -> Bool {
    guard let fields = try? FormEncoding.decode(request.query) else { return false }
    let isForm = request.headers.mediaType == "application/x-www-form-urlencoded"
    let body = isForm ? (try? FormEncoding.decode(request.body)) ?? [] : []
    let names = Set((fields + body).map(\.name))
    return !names.isDisjoint(with: ["code", "id_token", "access_token", "error"])
  }

  /// The response to a callback.
  mutating func answer(_ answer: CallbackAnswer, nonce: String) -> HTTPResponse {
    switch answer {
    case .accepted, .refused:
      outcome = if case .refused(let why) = answer { .refused(why) } else { .accepted }
      owesPage = true
      return CallbackPages.redirect(to: donePath)
    case .repeated: return CallbackPages.repeated
    case .notExpected: return CallbackPages.notExpected
    case .notOurs: return CallbackPages.notOurs
    case .explainFragment: return CallbackPages.fragment(nonce: nonce)
    }
  }

  /// The most requests for the start that are told: any web page can make a browser ask again.
  private static let openingsMaximum = 10

  /// The answer of the start address, and whether the run is to know of the request.
  mutating func open() -> (response: HTTPResponse, isTold: Bool) {
    openings += 1
    return (login ?? CallbackPages.notFound, openings <= Self.openingsMaximum)
  }

  /// The page after the callback.
  mutating func donePage() -> HTTPResponse {
    owesPage = false
    return CallbackPages.done(outcome)
  }

  /// The host names that the application accepts: the redirect URI's, and this machine's others.
  var hosts: Set<String> {
    var hosts: Set<String> = [redirectURI.authority.asciiLowercased]
    for name in ["localhost", "127.0.0.1", "[::1]"] {
      hosts.insert("\(name):\(redirectURI.port)")
      if redirectURI.port == 80 { hosts.insert(name) }
    }
    return hosts
  }
}
