import HybridFlow
import OpenID

/// The cookies of an application around a login: which were set before the browser left, and which
/// came back with the answer.
///
/// RFC 6265bis, sections 5.6 to 5.8. What the file does not carry is not concluded.
struct CookieTale {
  /// A cookie as it was set.
  struct SetCookie: Equatable {
    var name: String
    var host: String
    /// The `Domain` attribute; nil for a cookie of one host.
    var domain: String?
    var path: String
    var isSecure = false
    /// Lower case; nil without the attribute.
    var sameSite: String?
    var setAt: UnixTime
    /// When its time is over; nil for a cookie of the session.
    var endsAt: UnixTime?
    /// Whether it came with the response that sent the browser to the provider.
    var isOfLogin = false

    /// Its attributes as a reader wants to see them, without its value.
    var attributes: String {
      let parts = [
        domain.map { "Domain=\($0)" }, "Path=\(path)", isSecure ? "Secure" : nil,
        sameSite.map { "SameSite=\($0.isEmpty ? "?" : $0.capitalized)" } ?? "no SameSite",
      ]
      return parts.compactMap { $0 }.joined(separator: ", ")
    }
  }

  /// The cookies of the application that were set before the browser left, the newest of each name.
  let cookies: [SetCookie]
  /// The names that came back with the answer.
  let returned: Set<String>
  /// Names that the browser sent before it left, and that were not set in the file.
  let older: Set<String>
  let answer: HAREntry
  private let isCrossSite: Bool?
  private let isChromium: Bool

  /// The most cookies that are told.
  private static let most = 12

  /// Reads the entries before the request, and the one that brought the answer.
  init(_ file: HARFile, _ login: HARLogin, answer: HAREntry) {
    let bytes = file.bytes
    let host = answer.url?.host.asciiLowercased ?? ""
    let click = HARTrail.click(file, login)?.index
    var jar: [SetCookie] = []
    var sent: Set<String> = []
    for entry in file.entries where entry.at <= login.at && entry.index != answer.index {
      guard let url = entry.url, Self.concerns(url.host.asciiLowercased, host) else { continue }
      if url.host.asciiLowercased == host { sent.formUnion(entry.sentCookies(in: bytes)) }
      // The provider may have the application's host, at another port.
      guard url.origin != login.provider else { continue }
      for line in entry.responseHeaders(in: bytes).all("Set-Cookie") {
        guard var cookie = Self.read(line, url, entry.at) else { continue }
        cookie.isOfLogin = entry.index == click
        jar.removeAll {
          $0.name.isIdentical(to: cookie.name) && $0.host == cookie.host && $0.path == cookie.path
        }
        if cookie.endsAt.map({ $0 > cookie.setAt }) ?? true { jar.append(cookie) }
      }
    }
    cookies = Array(jar.suffix(Self.most))
    returned = answer.sentCookies(in: bytes)
    older = sent.subtracting(jar.map(\.name))
    self.answer = answer
    let headers = answer.requestHeaders(in: bytes)
    isCrossSite = Self.crossSite(headers, answer, login)
    isChromium =
      file.creator.asciiLowercased.holds("webinspector")
      || headers["User-Agent"]?.holds("Chrom") == true
  }

  /// Whether two hosts may share a cookie.
  private static func concerns(_ one: String, _ other: String) -> Bool {
    one == other || one.ends(with: "." + other) || other.ends(with: "." + one)
      || parent(one) == parent(other)
  }

  private static func parent(_ host: String) -> Substring {
    let labels = host.split(at: ".")
    return labels.count < 2 || host.holds(":")
      ? host[...] : labels.suffix(2).joined(separator: ".")[...]
  }

  /// Whether the answer came from another site; nil where the file does not tell.
  private static func crossSite(
    _ headers: HTTPHeaders, _ answer: HAREntry, _ login: HARLogin
  ) -> Bool? {
    switch headers["Sec-Fetch-Site"] {
    case "cross-site"?: return true
    case "same-origin"?, "same-site"?, "none"?: return false
    default: break
    }
    guard let there = answer.url else { return nil }
    let one = there.host.asciiLowercased
    let other = login.endpoint.host.asciiLowercased
    // Which names form one site stands in a list that is not here: only clear cases are decided.
    if one == other { return there.scheme == login.endpoint.scheme ? false : nil }
    return parent(one) == parent(other) ? nil : true
  }

  private static func read(_ line: String, _ url: WebURL, _ at: UnixTime) -> SetCookie? {
    let parts = line.split(at: ";", omittingEmptySubsequences: false)
    guard let first = parts.first, let (name, _) = first.cut(at: "=") else { return nil }
    let path = url.path.cut(atLast: "/")?.before ?? ""
    var cookie = SetCookie(
      name: name.trimmingBlanks, host: url.host.asciiLowercased, domain: nil,
      path: path.isEmpty ? "/" : String(path), sameSite: nil, setAt: at, endsAt: nil)
    guard !cookie.name.isEmpty else { return nil }
    var lifetime: Int64?
    for part in parts.dropFirst() {
      let (name, given) = part.parting(at: "=")
      let value = (given ?? "").trimmingBlanks
      switch name.trimmingBlanks.asciiLowercased {
      case "path" where value.begins(with: "/"): cookie.path = value
      case "domain" where !value.isEmpty:
        cookie.domain = (value.dropping(prefix: ".") ?? value[...]).asciiLowercased
      case "secure": cookie.isSecure = true
      case "samesite": cookie.sameSite = value.asciiLowercased
      case "max-age": lifetime = Int64(value)
      case "expires":
        let date = value.replacing(bytes: "-", with: " ")
        cookie.endsAt = UnixTime(httpDate: date) ?? cookie.endsAt
      default: break
      }
    }
    if let lifetime { cookie.endsAt = at.adding(seconds: max(0, min(lifetime, 400 * 86400))) }
    return cookie
  }

  // MARK: - Why a cookie did not come back

  /// The cookies of this login that did not come back, each with the first rule that explains it.
  ///
  /// Those that came with the redirect to the provider are of this login. Where it sets none, any
  /// cookie may be; then only a rule about other sites counts, which is about this very request.
  var lost: [LostCookie] {
    let own = cookies.filter(\.isOfLogin)
    let lost = (own.isEmpty ? cookies : own).filter { !returned.contains($0.name) }
      .map { LostCookie($0.name, reason($0)) }
    let aboutSites: [LostCookie.Reason] = [.strict, .lax, .laxByDefault, .noneWithoutSecure]
    return own.isEmpty ? lost.filter { aboutSites.contains($0.reason) } : lost
  }

  private func reason(_ cookie: SetCookie) -> LostCookie.Reason {
    guard let url = answer.url else { return .unexplained }
    let host = url.host.asciiLowercased
    let isPost = answer.method == "POST"
    if cookie.sameSite == "none", !cookie.isSecure { return .noneWithoutSecure }
    if let domain = cookie.domain {
      guard host == domain || host.ends(with: "." + domain) else { return .host }
    } else if cookie.host != host {
      return .host
    }
    if cookie.isSecure, !url.isHTTPS, !url.isLoopback { return .secure }
    if !Self.path(url.path.isEmpty ? "/" : url.path, liesBelow: cookie.path) { return .path }
    if let end = cookie.endsAt, end <= answer.at { return .expired }
    guard isCrossSite == true else { return .unexplained }
    switch cookie.sameSite {
    case "strict"?: return .strict
    case "lax"?: return isPost ? .lax : .unexplained
    case "none"?: return .unexplained
    // No attribute, or a word that browsers do not know.
    default: return isPost ? .laxByDefault : .unexplained
    }
  }

  private static func path(_ path: String, liesBelow folder: String) -> Bool {
    guard let rest = path.dropping(prefix: folder) else { return false }
    return folder.ends(with: "/") || rest.isEmpty || rest.begins(with: "/")
  }

  // MARK: - In sentences

  /// What was set before the browser left, a sentence each.
  var before: [String] {
    cookies.map {
      "The application set the cookie \($0.name) before the browser left: \($0.attributes)."
    }
  }

  /// What came back and what did not, a sentence each, and whether it warns.
  var after: [(text: String, warns: Bool)] {
    var told = cookies.map { cookie -> (text: String, warns: Bool) in
      guard !returned.contains(cookie.name) else { return came(cookie) }
      let reason = reason(cookie)
      return (
        "The cookie \(cookie.name) did not come back with the answer: \(reason.cause)",
        reason != .host && reason != .path
      )
    }
    let gone = older.subtracting(returned).sorted()
    if !gone.isEmpty, answer.url != nil {
      told.append(
        (
          "The browser sent \(gone.prefix(6).joined(separator: ", ")) before it left, and not with "
            + "the answer. They were set before this file begins, so the reason is not known.",
          false
        ))
    }
    if cookies.isEmpty, gone.isEmpty {
      told.append(("No cookie of the application was set before the browser left.", false))
    }
    return told
  }

  private func came(_ cookie: SetCookie) -> (text: String, warns: Bool) {
    let seconds = max(0, answer.at.seconds - cookie.setAt.seconds)
    guard answer.method == "POST", isCrossSite == true, cookie.sameSite == nil else {
      return ("The cookie \(cookie.name) came back with the answer.", false)
    }
    guard isChromium, seconds < 120 else {
      return (
        "The cookie \(cookie.name) came back with the answer, although it has no SameSite: not every "
          + "browser sends it with a form that another site posts.", true
      )
    }
    return (
      "The cookie \(cookie.name) came back with the answer, after \(seconds) s. It has no SameSite: "
        + "Chromium sends such a cookie with a form of another site for two minutes only. A person "
        + "who takes longer to sign in loses it.", true
    )
  }
}
