import OpenID

/// The cookies of the built-in browser during one run.
///
/// RFC 6265, section 5, as far as a sign-in needs it. As in every browser, ports do not matter: two
/// servers on one host share their cookies.
struct CookieJar: Sendable {
  /// The most cookies of one host.
  static let cookiesPerHost = 50
  /// The most bytes of name and value together.
  static let cookieBytes = 4096

  private struct Cookie {
    var name: String
    var value: String
    var host: String
    var path: String
    var isSecure: Bool
    /// Lower case; `lax` if the server does not set it.
    var sameSite: String
  }

  private var cookies: [Cookie] = []

  /// Stores the cookies of a response.
  mutating func take(_ headers: HTTPHeaders, from url: WebURL) {
    for line in headers.all("Set-Cookie") { take(line, from: url) }
  }

  private mutating func take(_ line: String, from url: WebURL) {
    let parts = line.split(at: ";", omittingEmptySubsequences: false)
    guard let first = parts.first, let (name, value) = first.cut(at: "=") else { return }
    var cookie = Cookie(
      name: name.trimmingBlanks, value: value.trimmingBlanks, host: url.host,
      path: Self.folder(of: url.path), isSecure: false, sameSite: "lax")
    guard !cookie.name.isEmpty,
      cookie.name.utf8.count + cookie.value.utf8.count <= Self.cookieBytes
    else { return }
    var isGone = false
    for part in parts.dropFirst() {
      let pair = part.split(at: "=", maxSplits: 1)
      let name = (pair.first ?? "").trimmingBlanks.asciiLowercased
      let value = pair.count == 2 ? pair[1].trimmingBlanks : ""
      switch name {
      case "path": if value.begins(with: "/") { cookie.path = value }
      case "secure": cookie.isSecure = true
      case "samesite": cookie.sameSite = value.asciiLowercased
      case "max-age": isGone = (Int64(value) ?? 1) <= 0
      case "expires": isGone = isGone || value.holds("1970")
      // A cookie for a whole domain is kept for its host only: a run needs no more.
      default: break
      }
    }
    cookies.removeAll {
      $0.host == cookie.host && $0.name.isIdentical(to: cookie.name) && $0.path == cookie.path
    }
    guard !isGone, cookies.count(where: { $0.host == url.host }) < Self.cookiesPerHost else {
      return
    }
    cookies.append(cookie)
  }

  /// The `Cookie` header of a request; nil when there is nothing to send.
  func header(for url: WebURL, method: String, from page: WebURL?) -> String? {
    let isSameSite = page.map { $0.host == url.host && $0.scheme == url.scheme } ?? true
    let path = url.path.isEmpty ? "/" : url.path
    let fitting = cookies.filter { cookie in
      guard cookie.host == url.host, Self.path(path, liesBelow: cookie.path) else { return false }
      // Browsers treat a loopback host as secure.
      guard !cookie.isSecure || url.isHTTPS || url.isLoopback else { return false }
      if isSameSite || cookie.sameSite == "none" { return true }
      return cookie.sameSite != "strict" && method == "GET"
    }
    if fitting.isEmpty { return nil }
    return fitting.sorted { $0.path.utf8.count > $1.path.utf8.count }
      .map { $0.name + "=" + $0.value }.joined(separator: "; ")
  }

  private static func folder(of path: String) -> String {
    guard let folder = path.cut(atLast: "/")?.before, !folder.isEmpty else { return "/" }
    return String(folder)
  }

  private static func path(_ path: String, liesBelow folder: String) -> Bool {
    guard let rest = path.dropping(prefix: folder) else { return false }
    return folder.ends(with: "/") || rest.isEmpty || rest.begins(with: "/")
  }
}
