import HybridFlow
import OpenID

/// The cookies of the built-in browser during one run.
///
/// RFC 6265, section 5, as far as a sign-in needs it; the rules are ``BrowserCookie``’s. As in every
/// browser, ports do not matter: two servers on one host share their cookies. A cookie without
/// `SameSite` counts as Lax, without the two minutes that Chromium gives it.
struct CookieJar: Sendable {
  /// The most cookies of one host.
  static let cookiesPerHost = 50
  /// The most bytes of name and value together.
  static let cookieBytes = 4096
  /// A run is shorter than any cookie lives: only what is deleted at once is told apart.
  private static let now = UnixTime(seconds: 0)

  private var cookies: [BrowserCookie] = []

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
    let isCrossSite = page.map { BrowserCookie.isCrossSite(from: $0, to: url) ?? true } ?? false
    let fitting = cookies.filter {
      $0.withheld(from: url, method: method, isCrossSite: isCrossSite, at: Self.now) == nil
    }
    if fitting.isEmpty { return nil }
    return fitting.sorted { $0.path.utf8.count > $1.path.utf8.count }
      .map { $0.name + "=" + $0.value }.joined(separator: "; ")
  }
}
