import DemoTenant
import HybridFlow
import OpenID

/// The authorization request is an address in the browser: a page that sends the person there, or an
/// extension, can change it before the provider reads it.
extension Lab {
  static let requestFaults: [LabFault] = [
    LabFault(
      "request-altered", .request, .requestAsSent, at: .callback, withoutIDTokenAt: .tokens,
      sections: [.rfc(9126, "1"), .core("3.1.2.1")],
      by: .attacker(.alteredRequest([.drop("prompt")], signedInSecondsAgo: 7200)),
      prepare: { $0.extraParameters = [FormField("prompt", "login")] },
      does:
        "The application asks for a fresh login, and the attacker takes prompt out of the address.",
      gain: "Somebody at an open browser confirms a payment without knowing the password.",
      lesson: """
        The request travels as an address in the browser, where nobody signs it. A page, an extension \
        or the person at the keyboard can drop prompt, max_age or acr_values, put another login_hint \
        in, or ask for fewer scopes. The provider cannot tell. So an application that asks must look at \
        the answer: auth_time, acr, the e-mail address. Here a warning says so. A request that is signed, \
        or pushed beforehand, cannot be changed on its way, if the provider takes no other from this \
        client.
        """),
    LabFault(
      "mode-switched", .request, .responseModeExact,
      also: [.callbackMethod],
      sections: [.multipleResponseTypes("2.1")],
      by: .attacker(.alteredRequest([.set("response_mode", "fragment")])),
      does: "The attacker changes response_mode in the address, from form_post to fragment.",
      gain: "Code and tokens lie in the address of a page, where every script of it reads them.",
      lesson: """
        How the answer travels is a parameter as well, and anyone who hands the browser the address \
        can change it. A form post would have gone straight to the server. Now everything stands behind \
        the # of the redirect URI, in reach of statistics, chat windows and extensions. The login \
        itself is genuine. The application compares the way of the answer with the one it asked for, \
        and its page takes no value from an address that should have none.
        """),
    LabFault(
      "left-over-answer", .request, .errorPageClean, also: [.stateMatch],
      sections: [.rfc(9700, "4.2.1"), .rfc(9700, "4.2.4")],
      by: .attacker(.alteredRequest([.set("state", "state-of-the-attacker-0123456789012345678")])),
      prepare: {
        $0.responseMode = .fragment
        $0.mistakes.insert(.leavesAnswerInAddress)
      },
      does:
        "The attacker breaks state, and the application’s error page keeps the answer in its address.",
      gain: "A script of others on that page reads a fresh code and ID token that nobody has used.",
      lesson: """
        Refusing an answer does not make it harmless. The attacker breaks state on purpose, so that \
        the application shows an error and redeems nothing: code and ID token stay good. They stand \
        in the address of that page, where each script that it loads can read them; out of a query, \
        the Referer of each request would tell them as well. The page at the redirect URI clears its \
        address first, loads nothing from elsewhere, and sends a Referrer-Policy. That is a warning \
        here; state-match stops the run.
        """),
    LabFault(
      "type-switched", .request, .responseTypeExact, types: [.codeIDToken, .codeToken],
      sections: [.multipleResponseTypes("3")],
      by: .attacker(.alteredRequest([.set("response_type", "code id_token token")])),
      does: "The attacker changes response_type in the address, so that more comes back.",
      gain: "Tokens that nobody asked for lie in the browser, for scripts and logs to take.",
      lesson: """
        Where a client is registered for several response types, the address in the browser decides \
        which one is used. An attacker who writes token into it makes the provider send an access \
        token through the browser, into an application that never meant to handle one there. State \
        and nonce are genuine, because the application made them. It compares the answer with the \
        type that it remembers, and refuses what has more or less. Register a client for the one type \
        that it uses.
        """),
  ]
}
