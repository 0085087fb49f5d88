import HybridFlow
import OpenID

/// The cookies of an application around a login: which were set before the browser left, and which
/// came back with the answer.
///
/// RFC 6265bis, sections 5.6 to 5.8. What the file does not carry is not concluded.
struct CookieTale {
  /// A cookie as it was set.
  struct SetCookie: Equatable {
    var rules: BrowserCookie
    /// Whether it came with the response that sent the browser to the provider.
    var isOfLogin = false

    var name: String { rules.name }
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
      guard let url = entry.url, BrowserCookie.mayShare(url.host.asciiLowercased, host) else {
        continue
      }
      if url.host.asciiLowercased == host { sent.formUnion(entry.sentCookies(in: bytes)) }
      // The provider may have the application's host, at another port.
      guard url.origin != login.provider else { continue }
      for line in entry.responseHeaders(in: bytes).all("Set-Cookie") {
        guard var rules = BrowserCookie(setCookie: line, from: url, at: entry.at) else { continue }
        // Nobody needs the value, and a file may be passed on.
        rules.value = ""
        jar.removeAll {
          $0.name.isIdentical(to: rules.name) && $0.rules.host == rules.host
            && $0.rules.path == rules.path
        }
        if !rules.isDeletion {
          jar.append(SetCookie(rules: rules, isOfLogin: entry.index == click))
        }
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
    // Which names form one site stands in a list that is not here: only clear cases are decided.
    return BrowserCookie.isCrossSite(from: login.endpoint, to: there)
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
    return cookie.rules.withheld(
      from: url, method: answer.method, isCrossSite: isCrossSite, at: answer.at) ?? .unexplained
  }

  // MARK: - In sentences

  /// What was set before the browser left, a sentence each.
  var before: [String] {
    cookies.map {
      "The application set the cookie \($0.name) before the browser left: \($0.rules.attributes)."
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
    let seconds = max(0, answer.at.seconds - cookie.rules.setAt.seconds)
    guard answer.method == "POST", isCrossSite == true, cookie.rules.sameSite == nil else {
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
