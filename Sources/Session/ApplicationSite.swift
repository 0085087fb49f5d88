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
    /// The page at the redirect URI hands over what stood behind the `#`; the request in its plain
    /// form.
    case relayed(HTTPRequest)
    /// A hand-over that was taken already.
    case repeated
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
  /// What the start address is asked with; empty to ask nothing.
  ///
  /// The redirect there tells `state` and `nonce`: only the browser of this run may have it, and any
  /// program of this machine can reach the port.
  var startKey = ""
  private var openings = 0
  /// Whether a browser was redirected to the page after the callback and has not fetched it yet.
  private(set) var owesPage = false
  /// The one-time paths of the pages that may hand a fragment over, with what they may take.
  private var relays: [Relay] = []

  /// A page that may hand a fragment over, once.
  private struct Relay: Sendable {
    let path: String
    let takesEverything: Bool
  }

  /// The most pages that wait; more come from scanners, not from a person.
  private static let mostRelays = 16

  init(redirectURI: WebURL) { self.redirectURI = redirectURI }

  private var callbackPath: String { redirectURI.path.isEmpty ? "/" : redirectURI.path }
  // The machine derives the same path: a test compares both.
  private var donePath: String { callbackPath == "/done" ? "/finished" : "/done" }

  mutating func route(_ request: HTTPRequest) -> Route {
    var path = request.path
    if let url = try? WebURL(path) { path = url.path.isEmpty ? "/" : url.path }
    if path.isIdentical(to: callbackPath) { return .callback }
    if FragmentRelay.isPath(path) { return relay(request, path) }
    if path == donePath { return .done }
    if path == PostLogout.path(beside: redirectURI) { return .loggedOut }
    if login != nil, request.method == "GET", path == LoginStart.path(beside: redirectURI),
      !Self.carriesAnswer(request)
    {
      return startKey.isEmpty || request.query.isIdentical(to: startQuery) ? .start : .notFound
    }
    return Self.carriesAnswer(request) ? .misplaced : .notFound
  }

  /// Takes what a page hands over, once; only a POST of that page itself.
  private mutating func relay(_ request: HTTPRequest, _ path: String) -> Route {
    guard request.method == "POST" else { return .notFound }
    let origin = request.headers["Origin"]
    guard origin == nil || origin == redirectURI.origin,
      let index = relays.firstIndex(where: { $0.path == path })
    else { return origin == redirectURI.origin ? .repeated : .notFound }
    let relay = relays.remove(at: index)
    let posted = (try? FormEncoding.decode(request.body)) ?? []
    let all = posted[FragmentRelay.pastedField].map(FragmentRelay.fields(inAddress:)) ?? posted
    var handed = request
    handed.body = Array(
      FormEncoding.encode(
        FragmentRelay.fields(of: all, takesEverything: relay.takesEverything)
      ).utf8)
    return .relayed(handed)
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
  ///
  /// - Parameter token: makes the path to which a page hands over its fragment; used once.
  mutating func answer(_ answer: CallbackAnswer, token: String) -> HTTPResponse {
    switch answer {
    case .accepted, .refused:
      outcome = if case .refused(let why) = answer { .refused(why) } else { .accepted }
      owesPage = true
      return CallbackPages.redirect(to: donePath)
    case .repeated: return CallbackPages.repeated
    case .notExpected: return CallbackPages.notExpected
    case .notOurs: return CallbackPages.notOurs
    case .relayFragment(let takesEverything, let traits):
      let path = FragmentRelay.path(token: token)
      relays = relays.suffix(Self.mostRelays - 1)
      relays.append(Relay(path: path, takesEverything: takesEverything))
      return FragmentPage.page(path: path, takesEverything: takesEverything, traits)
    }
  }

  /// The most requests for the start that are told: any web page can make a browser ask again.
  private static let openingsMaximum = 10

  private var startQuery: String { "run=" + startKey }

  /// The address that the browser of this run opens: the start with its key, or any other as it is.
  func keyed(_ url: WebURL) -> WebURL {
    guard !startKey.isEmpty, url == LoginStart.url(beside: redirectURI) else { return url }
    return (try? WebURL(url.text + "?" + startQuery)) ?? url
  }

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
