import HybridFlow
import OpenID

/// The cookies of the built-in browser during one run.
///
/// RFC 6265, section 5, as far as a sign-in needs it; the rules are ``BrowserCookie``’s. As in every
/// browser, ports do not matter: two servers on one host share their cookies. A cookie without
/// `SameSite` counts as Lax; the two minutes that Chromium gives it are a choice.
struct CookieJar: Sendable {
  /// The most cookies of one host.
  static let cookiesPerHost = 50
  /// The most bytes of name and value together.
  static let cookieBytes = 4096
  /// A run is shorter than any cookie lives: only what is deleted at once is told apart.
  private static let now = UnixTime(seconds: 0)

  private var cookies: [BrowserCookie] = []
  /// Whether a cookie without `SameSite` goes with a form of another site, as in Chromium while it
  /// is younger than two minutes: a run is shorter.
  private let sendsFreshCookies: Bool

  init(sendsFreshCookies: Bool = false) { self.sendsFreshCookies = sendsFreshCookies }

  /// The names of a host's cookies.
  func names(of host: String) -> Set<String> {
    Set(cookies.filter { $0.host == host.asciiLowercased }.map(\.name))
  }

  /// The host's cookies that do not go with a request, and why.
  func withheld(from url: WebURL, method: String, page: WebURL?) -> [LostCookie] {
    cookies.filter { $0.host == url.host.asciiLowercased }.compactMap { cookie in
      reason(cookie, url, method, page).map { LostCookie(cookie.name, $0) }
    }
  }

  private func reason(
    _ cookie: BrowserCookie, _ url: WebURL, _ method: String, _ page: WebURL?
  ) -> LostCookie.Reason? {
    let isCrossSite = page.map { BrowserCookie.isCrossSite(from: $0, to: url) ?? true } ?? false
    let reason = cookie.withheld(
      from: url, method: method, isCrossSite: isCrossSite, at: Self.now)
    return reason == .laxByDefault && sendsFreshCookies ? nil : reason
  }

  /// Stores the cookies of a response.
  mutating func take(_ headers: HTTPHeaders, from url: WebURL) {
    for line in headers.all("Set-Cookie") { take(line, from: url) }
  }

  private mutating func take(_ line: String, from url: WebURL) {
    guard var cookie = BrowserCookie(setCookie: line, from: url, at: Self.now),
      cookie.name.utf8.count + cookie.value.utf8.count <= Self.cookieBytes,
      cookie.isKept(from: url)
    else { return }
    // A cookie for a whole domain is kept for its host only: a run needs no more.
    cookie.domain = nil
    cookies.removeAll {
      $0.host == cookie.host && $0.name.isIdentical(to: cookie.name) && $0.path == cookie.path
    }
    guard !cookie.isDeletion, cookies.count(where: { $0.host == cookie.host }) < Self.cookiesPerHost
    else { return }
    cookies.append(cookie)
  }

  /// The `Cookie` header of a request; nil when there is nothing to send.
  func header(for url: WebURL, method: String, from page: WebURL?) -> String? {
    let fitting = cookies.filter { reason($0, url, method, page) == nil }
    if fitting.isEmpty { return nil }
    return fitting.sorted { $0.path.utf8.count > $1.path.utf8.count }
      .map { $0.name + "=" + $0.value }.joined(separator: "; ")
  }
}
