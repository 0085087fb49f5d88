import HybridFlow
import OpenID

// What the application keeps for itself: its cookie around the login, and its accounts.
extension RunFacts {
  func sessionCookieFinding(_ check: Check) -> DiagnosisMatch? {
    guard let trail = transcript.cookie else { return nil }
    var values = [
      ComparedValue("the cookie", "\(trail.name), \(trail.cookie.words)"),
      ComparedValue("set by", trail.start.text),
      ComparedValue("the answer", "from \(trail.tenant.origin)"),
    ]
    switch trail.end {
    case .withheld(let reason)? where reason != .unexplained:
      return made(
        "run-session-cookie-lost", .high, .application,
        "The application\u{2019}s own cookie did not come back with the answer: \(reason.cause) Without "
          + "it the application does not know the login it started.",
        reason.fix + " Here: --cookie none.", values: values,
        basis: "the cookie was set in this run, and the answer came without it",
        source: "RFC 6265bis, section 5.8.3")
    case .replaced(let count)?:
      values[2] = ComparedValue("the answer", check.found ?? "another value")
      return made(
        "run-session-cookie-planted", .medium, .attacker,
        count == 1
          ? "The cookie came back with another value: somebody else set it, or another login in this "
            + "browser replaced it."
          : "The cookie came back \(count) times: a neighbour on this domain planted one.",
        "Give it a name that begins with __Host-, so that no other subdomain and no other Path can set "
          + "it; use one window for each login.",
        values: values, basis: "the value that was set is known",
        source: "RFC 6265bis, section 4.1.3.2")
    case .withheld?, .returned?, .unknown?, nil:
      return made(
        "run-session-cookie-missing", .medium, .environment,
        "The application\u{2019}s own cookie did not come back, and no rule of browsers explains it: the "
          + "browser keeps no cookies, or another browser brought the answer.",
        "Allow cookies for \(trail.redirectURI.host), and finish the login in the browser that began it.",
        values: values, basis: "the cookie was set in this run, and the answer came without it")
    }
  }

  func accountFinding(_ check: Check) -> DiagnosisMatch? {
    guard let opening = transcript[.data].account else { return nil }
    let isLink = check.id == .accountLinkProof
    let victim =
      switch opening.outcome {
      case .other(let number):
        " It leads to account \(number), which is \(opening.owner ?? "")\u{2019}s."
      case .linked(let number): " It is account \(number), which \(opening.owner ?? "") opened."
      case .new, .own, .none: ""
      }
    return made(
      isLink ? "run-account-linked" : "run-account-key", .high, .application,
      (isLink
        ? "The application links a login to the account that has the same e-mail address, without any "
          + "proof."
        : "The application looks an account up by \(opening.key.words).") + victim,
      isLink
        ? "Let the person sign in to the old account first; or open a new one."
        : "Keep iss and sub with each account and look up by both. Here: --account-key iss-sub.",
      values: [
        ComparedValue("expected", check.expected ?? ""), ComparedValue("found", check.found ?? ""),
      ],
      basis: "the application says how it looks up",
      source: "OpenID Connect Core 1.0, section 5.7")
  }
}
