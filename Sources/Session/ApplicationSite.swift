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

  /// The page after the callback.
  mutating func donePage() -> HTTPResponse {
    owesPage = false
    return CallbackPages.done(outcome)
  }

  /// The host names that the application accepts: the redirect URI's, and this machine's others.
  var hosts: Set<String> {
    let authority = redirectURI.authority.asciiLowercased
    let name = redirectURI.explicitPort == nil ? nil : authority.cut(atLast: ":")?.before
    let own = name.map { String($0) } ?? authority
    let port = redirectURI.port
    var hosts: Set<String> = [authority]
    for host in ["localhost", "127.0.0.1", "[::1]"] + [own] {
      hosts.insert("\(host):\(port)")
      // Browsers leave out the port of the scheme.
      if port == (redirectURI.isHTTPS ? 443 : 80) { hosts.insert(host) }
    }
    return hosts
  }
}
