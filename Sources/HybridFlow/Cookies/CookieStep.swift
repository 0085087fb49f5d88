import OpenID

// The application’s cookie in the course of a run: offered, set, and judged.
extension FlowStep {
  /// Lets the start address answer with the redirect to the tenant, which sets the cookie.
  mutating func offerLogin(_ redirect: HTTPResponse, _ prepared: Prepared, to tenant: WebURL) {
    guard let cookie = prepared.configuration.usedCookie,
      let start = LoginStart.url(beside: prepared.listening.redirectURI)
    else { return }
    let redirectURI = prepared.listening.redirectURI
    var trail = CookieTrail(
      cookie: cookie, name: cookie.name(at: redirectURI), start: start, redirectURI: redirectURI,
      tenant: tenant)
    // A request that was edited is offered again; the browser may have the cookie already.
    trail.setAt = transcript.cookie?.setAt
    transcript.cookie = trail
    effects.append(.offerLogin(redirect))
  }

  /// Another browser takes over: it has no cookie before it asks for the start.
  mutating func forgetCookie() {
    transcript.cookie?.setAt = nil
    transcript.cookie?.opened = nil
  }

  /// The browser has asked for the start, and was answered.
  mutating func loginOpened(_ request: HTTPRequest) {
    guard transcript.cookie != nil else { return }
    guard transcript[.callback].startedAt == nil else {
      note(.callback, "The start address was opened once more, after the answer had come.")
      return
    }
    transcript.cookie?.setAt = now
    transcript.cookie?.opened = request
    // The redirect was drawn as long as no browser had asked for it.
    let index = self.transcript[.authorize].messages.lastIndex {
      $0.from == .application && $0.to == .browser && $0.response != nil
    }
    if let index, transcript[.authorize].messages[index].evidence == .drawn {
      transcript[.authorize].messages[index].evidence = .sent
    }
  }

  /// Judges whether the cookie came with the answer; no check for an application without one.
  mutating func cookieChecks(
    _ request: HTTPRequest, value: String, isPasted: Bool
  ) -> [Check] {
    guard var trail = transcript.cookie else { return [] }
    let verdict = SessionCookieChecks.returned(
      trail, request, value: value, isPasted: isPasted, at: now)
    trail.end = verdict.end
    transcript.cookie = trail
    return [verdict.check]
  }
}

extension FlowConfiguration {
  /// The cookie as the application sets it, with the mistake that the lab lets it make.
  var usedCookie: SessionCookie? {
    // The site of somebody else sets its own cookie, out of our sight.
    guard witness == nil, !awaitsPaste, var cookie = sessionCookie else { return nil }
    if experiment.mistakes.contains(.laxCookie) { cookie.sameSite = .lax }
    return cookie
  }
}
