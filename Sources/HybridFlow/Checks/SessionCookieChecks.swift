import OpenID

/// Whether the browser that brought the answer is the one that was sent away; stage 5.
///
/// RFC 6749, section 10.12: what binds the answer to the browser is kept where only that browser and
/// the application reach it. RFC 6265bis, section 5.8.3, says when a browser sends it.
enum SessionCookieChecks {
  /// The verdict, and what became of the cookie.
  static func returned(
    _ trail: CookieTrail, _ request: HTTPRequest, value: String, isPasted: Bool, at now: UnixTime
  ) -> (check: Check, end: CookieTrail.End) {
    let expected = "\(trail.name), once, as it was set"
    func verdict(
      _ verdict: Check.Verdict, _ found: String?, _ why: String, _ end: CookieTrail.End
    ) -> (Check, CookieTrail.End) {
      (
        Check(.sessionCookieReturned, verdict, expected: expected, found: found, why: why),
        end
      )
    }
    guard !isPasted else {
      return verdict(
        .skip, nil, "The answer was pasted: nobody saw which cookies came with it.", .unknown)
    }
    let found = request.headers.sentCookies.filter { $0.name.isIdentical(to: trail.name) }
    guard trail.setAt != nil else {
      return verdict(
        .skip, nil,
        "The browser was not opened at \(trail.start.text), so the application could set no cookie.",
        .unknown)
    }
    guard let first = found.first else { return lost(trail, request, at: now, verdict) }
    if found.count == 1, first.value.isIdentical(to: value) {
      if trail.cookie.sameSite == .unset, request.method == "POST",
        crossSite(trail, request) == true
      {
        return verdict(
          .warn, "it came, although it has no SameSite",
          "Chromium sends such a cookie with a form of another site for two minutes only: a person "
            + "who takes longer to sign in loses it.", .returned)
      }
      return verdict(
        .pass, "it came with the answer",
        "The browser that brings the answer is the one that was sent away.", .returned)
    }
    return verdict(
      .fail, found.count == 1 ? "another value" : "\(found.count) cookies of this name",
      found.count == 1
        ? "Somebody else set it: a neighbour on this domain, or another login in this browser."
        : "One of them was planted by a neighbour on this domain: which one counts is chance, so "
          + "neither does.",
      .replaced(count: found.count))
  }

  private static func lost(
    _ trail: CookieTrail, _ request: HTTPRequest, at now: UnixTime,
    _ verdict: (Check.Verdict, String?, String, CookieTrail.End) -> (Check, CookieTrail.End)
  ) -> (Check, CookieTrail.End) {
    let isCrossSite = crossSite(trail, request)
    let reason = trail.browserCookie.withheld(
      from: trail.redirectURI, method: request.method, isCrossSite: isCrossSite, at: now)
    if let reason {
      return verdict(
        .fail, "it did not come",
        "The browser kept it back: " + reason.cause + sites(reason, trail), .withheld(reason))
    }
    // Some browsers keep no Secure cookie of a plain http address, not even of this machine's.
    if !trail.start.isHTTPS {
      return verdict(
        .warn, "it did not come",
        "No rule explains it. Some browsers keep no Secure cookie that comes over http, or no cookie "
          + "at all: then the application knows the login by state alone.",
        .withheld(.unexplained))
    }
    return verdict(
      .fail, "it did not come",
      "No rule explains it: the browser keeps no cookies, or another browser brought the answer.",
      .withheld(.unexplained))
  }

  /// Which two sites they are, for a rule about sites.
  private static func sites(_ reason: LostCookie.Reason, _ trail: CookieTrail) -> String {
    switch reason {
    case .strict, .lax, .laxByDefault:
      " \(trail.tenant.host) and \(trail.redirectURI.host) are two sites."
    case .noneWithoutSecure, .secure, .host, .path, .expired, .unexplained: ""
    }
  }

  /// Whether the answer came from another site: as the browser says, or by the hosts.
  private static func crossSite(_ trail: CookieTrail, _ request: HTTPRequest) -> Bool? {
    switch request.headers["Sec-Fetch-Site"] {
    case "cross-site"?: true
    case "same-origin"?, "same-site"?, "none"?: false
    default: trail.isCrossSite
    }
  }
}

// The rules.
extension CheckID {
  package static let sessionCookieReturned = CheckID(
    "session-cookie-returned", .error,
    rule: "the cookie set before leaving came back with the answer, once and unchanged",
    shows: "a cookie that SameSite keeps back, or that a neighbour planted",
    next: "Look at the Cookie view: how it was set, and which rule kept it back.",
    spec: .rfc(6749, "10.12"))
}

extension SessionCookieChecks {
  static let rules: [CheckID] = [.sessionCookieReturned]
}
