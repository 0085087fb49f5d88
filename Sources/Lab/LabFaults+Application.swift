import HybridFlow
import OpenID

/// Mistakes around the application’s own cookie, and with its own accounts.
extension Lab {
  static let cookieFaults: [LabFault] = [
    LabFault(
      "cookie-lost", .cookie, .sessionCookieReturned,
      sections: [SpecReference("RFC 6265bis", "5.8.3")], by: .application([.laxCookie]),
      prepare: {
        $0.sessionCookie = SessionCookie()
        $0.responseMode = .formPost
      },
      does: "The application sets its session cookie with SameSite=Lax, and asks for a form post.",
      gain: "Nobody gains: no login works. With the check off anybody may bring an answer.",
      lesson: """
        The answer is a form that the tenant’s page posts: a request from another site. A browser \
        sends Lax cookies with links and redirects of other sites, never with their forms. So the \
        application does not find its own login, and people see “correlation failed” or a loop. The \
        remedy is SameSite=None with Secure, over https. Do not drop the check in its place: it \
        ties the answer to the browser that asked.
        """),
    LabFault(
      "cookie-planted", .cookie, .sessionCookieReturned,
      sections: [SpecReference("RFC 6265bis", "4.1.3.2")], by: .attacker(.plantCookie),
      prepare: { $0.sessionCookie = SessionCookie(.none, hasHostPrefix: false) },
      does: "A page on a neighbouring subdomain plants a second cookie with the session’s name.",
      gain: "Mallory knows the planted value: after the login he is in Ada’s session as well.",
      lesson: """
        Any subdomain may set a cookie for the whole domain, and a longer Path puts it in front. An \
        application that takes the first value adopts a session that somebody else knows, and fills \
        it with the login of the person. State does not notice: it is Ada’s own. The check wants \
        the cookie once, with the value that was set. A name that begins with __Host- keeps such \
        neighbours out from the start.
        """),
  ]

  static let accountFaults: [LabFault] = [
    LabFault(
      "account-by-email", .account, .accountKey, at: .data, by: .application([.accountByEmail]),
      prepare: { $0.accounts = .demo() },
      does:
        "Mallory runs this tenant and gave a user Ada’s address; the application looks up by it.",
      gain: "Mallory opens Ada’s account: she came by another provider and loses it.",
      lesson: """
        An e-mail address in a token is what its issuer wrote there. Whoever runs a tenant writes \
        any address: this is how nOAuth opened accounts of applications that accept many tenants. \
        email_verified does not help, since the same issuer writes it. People change addresses, and \
        companies give them to the next person. Only iss and sub together name somebody; the address \
        is for letters.
        """),
    LabFault(
      "account-by-sub-only", .account, .accountKey, at: .data,
      by: .application([.accountBySubject]), prepare: { $0.accounts = .demo() },
      does:
        "Mallory runs this tenant and gave a user the sub of Charles; the issuer is not looked at.",
      gain: "Mallory opens the account of Charles, who signs in at another provider.",
      lesson: """
        A sub is unique at its issuer and nowhere else. With one provider the mistake shows in no \
        test. On the day when the second one is added, two people can have the same sub: by chance, \
        when both count from 1, or on purpose, when somebody runs an issuer and chooses. Make the \
        pair of iss and sub the key of the table, before there is a second provider.
        """),
    LabFault(
      "linked-by-unverified-email", .account, .accountLinkProof, at: .data,
      by: .application([.linksByEmail]), prepare: { $0.accounts = .claimedBefore() },
      does:
        "Mallory opened an account with Ada’s address; her first login is linked to it silently.",
      gain: "Ada puts her data into an account whose password Mallory knows.",
      lesson: """
        Mallory came first: he opened an account with Ada’s address and a password of his own, and \
        never answered the letter that asks for a proof. Ada signs in through her provider, the \
        application finds the address and joins the two. Both are in now. A link needs proof from \
        both sides: a proved address, and a fresh sign-in to the old account. Otherwise make a new \
        one.
        """),
  ]
}
