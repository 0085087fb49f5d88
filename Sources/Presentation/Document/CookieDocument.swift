import HybridFlow
import OpenID
import Redaction

/// The way of the application’s cookie, as text: redacted and harmless.
package struct CookieDocument: Sendable {
  /// A request of the browser, and whether the cookie went with it.
  struct Hop: Sendable {
    let method: String
    let place: String
    /// Nil where nobody saw the request.
    let went: Bool?
    let words: String
    /// Whether its answer sets the cookie.
    var isSetting = false
  }

  /// One of the four ways to set it, and whether it would have come back.
  struct Choice: Sendable {
    let words: String
    let comesBack: Bool
    let why: String
  }

  private let trail: CookieTrail
  private let transcript: Transcript
  private let redactor: Redactor

  init?(_ transcript: Transcript, _ redactor: Redactor) {
    guard let trail = transcript.cookie else { return nil }
    (self.trail, self.transcript, self.redactor) = (trail, transcript, redactor)
  }

  var name: String { trail.name }
  var attributes: String {
    "Path=/  HttpOnly  Secure  " + (trail.cookie.word.map { "SameSite=\($0)" } ?? "no SameSite")
  }

  /// What became of it, in two or three words.
  var short: String {
    switch trail.end {
    case nil: trail.setAt == nil ? "not set yet" : "set, and away"
    case .returned?: "it came back"
    case .withheld?: "it did not come back"
    case .replaced?: "another one came"
    case .unknown?: "not known"
    }
  }

  /// The verdict on it; nil before the answer.
  var verdict: Check.Verdict? {
    transcript[.callback].checks.last { $0.id == .sessionCookieReturned }?.verdict
  }

  /// Why, in a sentence; nil before the answer.
  var why: String? {
    transcript[.callback].checks.last { $0.id == .sessionCookieReturned }.map {
      redactor.line($0.why)
    }
  }

  /// How the two hosts stand to each other.
  var sites: String {
    let (one, other) = (trail.tenant.host, trail.redirectURI.host)
    switch trail.isCrossSite {
    case true?:
      return
        "\(one) and \(other) are two sites: SameSite counts for what the tenant\u{2019}s page posts."
    case false?:
      return
        "Tenant and application are both at \(one): one site, whatever the ports. SameSite keeps "
        + "nothing back here, and it would with hosts of their own."
    case nil:
      return
        "Whether \(one) and \(other) are one site stands in a list of public suffixes, which is "
        + "not here."
    }
  }

  private func place(_ url: WebURL) -> String { HarmlessText.line(url.authority + url.path) }

  // MARK: - Its way

  /// The requests of the browser in order, the first of them to the start; those to the tenant, which
  /// is another host, are one.
  var hops: [Hop] {
    let messages = front
    let answers = messages.filter { $0.to == .application }.compactMap(answer)
    return [first] + away(messages.filter { $0.to == .authorizationServer }) + answers
  }

  private var first: Hop {
    Hop(
      method: "GET", place: place(trail.start), went: trail.opened.map(carries),
      words: trail.setAt == nil ? "sets it" : "sets it, and sends the browser away",
      isSetting: true)
  }

  private var front: [Message] {
    transcript.messages.filter {
      $0.from == .browser && $0.request != nil && $0.stage <= .callback
    }
  }

  private func carries(_ request: HTTPRequest) -> Bool {
    request.headers.sentCookies.contains { $0.name.isIdentical(to: trail.name) }
  }

  private func away(_ messages: [Message]) -> [Hop] {
    let seen = messages.filter { $0.evidence != .drawn }.compactMap(\.request)
    let host = HarmlessText.line(trail.tenant.authority)
    let isOther = trail.tenant.host != trail.redirectURI.host
    guard !seen.isEmpty else {
      return [
        Hop(
          method: "...", place: host, went: isOther ? false : nil,
          words: isOther ? "another host" : "not seen from here")
      ]
    }
    let own = Set(seen.flatMap { $0.headers.sentCookies.map(\.name) })
      .subtracting([trail.name]).sorted().prefix(2).map { HarmlessText.line($0) }
    return [
      Hop(
        method: "...",
        place: host + ", \(seen.count) " + (seen.count == 1 ? "request" : "requests"),
        went: seen.contains(where: carries),
        words: (isOther ? "another host" : "the same host")
          + (own.isEmpty ? "" : ": has \(own.joined(separator: ", "))"))
    ]
  }

  private func answer(_ message: Message) -> Hop? {
    guard let request = message.request, let url = try? WebURL(message.url) else { return nil }
    let isSeen = message.evidence != .pasted
    return Hop(
      method: message.method, place: place(url), went: isSeen ? carries(request) : nil,
      words: isSeen ? arrival : "pasted: not seen from here")
  }

  private var arrival: String {
    switch trail.end {
    case .returned?: "it came, as it was set"
    case .withheld(let reason)?: "kept back: " + reason.brief(trail.cookie)
    case .replaced(let count)?:
      count == 1 ? "another value" : "\(count) cookies of this name"
    case .unknown?, nil: "not known"
    }
  }

  // MARK: - The four ways to set it

  /// What would have become of it with each `SameSite`, for an answer that comes like this one.
  var choices: [Choice] {
    let method = transcript[.callback].messages.last { $0.to == .application }?.method ?? "POST"
    return SessionCookie.SameSite.allCases.map { sameSite in
      var cookie = trail.browserCookie
      let chosen = SessionCookie(sameSite)
      cookie.sameSite = chosen.word?.asciiLowercased
      let reason = cookie.withheld(
        from: trail.redirectURI, method: method, isCrossSite: trail.isCrossSite,
        at: cookie.setAt)
      let words = sameSite == .none ? "None; Secure" : chosen.word ?? "left out"
      return Choice(
        words: words, comesBack: reason == nil,
        why: reason.map { Self.words($0) }
          ?? (sameSite == .unset && method == "POST" ? "one site: it is sent" : "it is sent"))
    }
  }

  private static func words(_ reason: LostCookie.Reason) -> String {
    switch reason {
    case .strict: "never with what another site sends"
    case .lax: "not with a form that another site posts"
    case .laxByDefault:
      // Measured with Chromium and Firefox on Linux: after 125 s Chromium kept it back, Firefox sent it.
      "as Lax; Chromium sends it for 2 minutes, Firefox always"
    case .noneWithoutSecure, .secure, .host, .path, .expired, .unexplained: reason.cause
    }
  }
}

extension LostCookie.Reason {
  /// The rule in a few words.
  fileprivate func brief(_ cookie: SessionCookie) -> String {
    switch self {
    case .strict, .lax: cookie.words
    case .laxByDefault: "no SameSite counts as Lax"
    case .noneWithoutSecure: "None without Secure"
    case .secure: "Secure, and http"
    case .host: "another host"
    case .path: "another path"
    case .expired: "its time was over"
    case .unexplained: "no rule explains it"
    }
  }
}
