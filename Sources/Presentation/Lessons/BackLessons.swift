import OpenID

/// The stages between servers, where no browser takes part.
extension Lessons {
  static let exchange = Lesson(
    title: "The code goes in by the back door",
    question: "Why is the code not enough to get tokens?",
    paragraphs: [
      "Now the application talks to the tenant itself, over a connection of its own. It hands in "
        + "the code, repeats the redirect URI, proves who it is, and shows the code verifier whose "
        + "digest it sent in stage 2.",
      "Each of these stops somebody else. Who finds the code lacks the client's credentials. "
        + "Who holds a stolen code in another session of the same application lacks the verifier. "
        + "The credentials go into an Authorization header, where Basic carries id and secret, or "
        + "into the body, never into both. The tenant's metadata says which it takes; where it says "
        + "nothing, it is the header. The code is sent once: a second try can cost the tokens.",
    ],
    couldGoWrong: "With HTTP Basic, id and secret are form-encoded before base64. Libraries that "
      + "forget it work until a secret contains + or %.",
    attackPrevented: "A stolen code: without the client's credentials and the verifier it opens "
      + "nothing.",
    sections: [
      .core("3.3.3.1"), .rfc(6749, "4.1.3"), .rfc(6749, "2.3.1"), .rfc(7636, "4.5"), .core("9"),
    ],
    auth0Note: "The curl sample has a stray } behind the code. Copied as it stands, it sends "
      + "a code that nobody issued.")

  static let verify = Lesson(
    title: "What the tenant must make sure of",
    question: "Which checks would you make before giving out tokens?",
    paragraphs: [
      "From outside this stage is invisible, so the demo tenant shows its ledger. It makes sure that "
        + "the client is who it says; that the code exists, is unexpired, and was given to this "
        + "client; that the redirect URI is the one of the question; and that the digest of the "
        + "verifier is the challenge of stage 2.",
      "A code works once and lives for minutes: ten are advised as the most, one is common. If it "
        + "comes a second time, something is wrong: the tenant must refuse, and should take back "
        + "the tokens that the first use brought, for it cannot know which of the two was the thief. "
        + "Whatever is wrong with a code, the answer is invalid_grant.",
    ],
    couldGoWrong: "Talking too long over stage 5: the code expires. Okta and Keycloak give it "
      + "about a minute, and the tenant answers invalid_grant.",
    attackPrevented:
      "Replay, and the downgrade of PKCE: a verifier without a challenge is refused, "
      + "not ignored.",
    sections: [
      .core("3.3.3.2"), .core("3.1.3.2"), .rfc(6749, "4.1.2"), .rfc(7636, "4.6"),
      .rfc(9700, "2.1.1"),
    ])

  static func tokens(_ type: ResponseType) -> Lesson {
    let title =
      switch type {
      case .codeIDToken: "A second ID token, and the access token"
      case .codeToken: "The ID token, and a second access token"
      case .codeIDTokenToken: "The second pair"
      }
    let idToken =
      type.hasIDToken
      ? "The answer brings an access token and a second ID token, straight from the tenant. Both ID "
        + "tokens must name the same issuer and the same person, and both must bring our nonce; the "
        + "second may say more about the person, because no browser was in between."
      : "The answer brings the only ID token of this flow and a second access token, straight from "
        + "the tenant. Now the application learns who signed in. It checks this ID token like any "
        + "other, the nonce before anything is used: nothing in the browser's answer could prove "
        + "that the code belongs to our question."
    return Lesson(
      title: title,
      question: type.hasIDToken
        ? "There is an ID token already. Why look at another one?"
        : "Nobody is signed in yet. What must these tokens prove?",
      paragraphs: [
        idToken + " c_hash and at_hash may be missing in it; what is there must fit.",
        "The access token is for the API, not for us: whatever it looks like, the application treats "
          + "it as opaque. A refresh token usually comes only if offline_access was asked for and "
          + "granted; some tenants have rules of their own. Everything here may be kept, but not "
          + "where scripts of a page can read it. A scope in the answer says what was granted; "
          + "without one, it is what was asked for.",
      ],
      couldGoWrong: type.hasAccessToken
        ? "The at_hash of this ID token belongs to the access token beside it. Compared with the "
          + "one that came through the browser, it fails although nothing is wrong."
        : "Demanding c_hash or at_hash of the second ID token, as of the first: here a tenant may "
          + "leave both out.",
      attackPrevented: "Mixing two logins: a code from somebody else's session brings another nonce"
        + (type.hasIDToken ? ", and mostly another sub," : "") + " and is found out here.",
      sections: [
        .core("3.3.3.3"), .core("3.3.3.6"), .core("3.3.3.7"), .core("3.3.3.8"),
        .rfc(9700, "4.5.3.2"),
      ],
      auth0Note:
        "The sample that renews the tokens sends no client authentication, so it works only "
        + "for public clients. An application with a secret must authenticate to refresh as well.")
  }

  static func api(_ type: ResponseType) -> Lesson {
    Lesson(
      title: "A key at the API's door",
      question: type.hasAccessToken
        ? "Two access tokens are there. Which one goes to the API?"
        : "Two ID tokens and an access token are there. Which one goes to the API?",
      paragraphs: [
        "The application calls the API with the access token in the Authorization header. Anyone who "
          + "bears this token may use it, hence its name; so it needs TLS on the way. In a URL it "
          + "must not stand: histories, logs and Referer headers would pick it up there.",
        (type.hasAccessToken
          ? "The access token that came through the browser is not the one to use: it was exposed "
            + "to more parties and often lives shorter. The ID token does not belong here either. "
          : "This flow has only one access token, and no browser has seen it. The ID tokens do "
            + "not belong here. ")
          + "An ID token tells the application who signed in, and its audience is the application; "
          + "an API that took it would open up to any application of the tenant.",
      ],
      couldGoWrong: "Without audience Auth0 gives an opaque token that fits only its own userinfo "
        + "endpoint, unless the tenant has a default audience; the API answers 401.",
      attackPrevented:
        "Token leakage: a token that never stood in an address cannot be read from one.",
      sections: [.rfc(6750, "2.1"), .rfc(6750, "5.3"), .rfc(9700, "2.1.2"), .rfc(9700, "4.3")])
  }

  static let data = Lesson(
    title: "The API makes up its own mind",
    question: "The tenant has checked everything. What is left for the API?",
    paragraphs: [
      "An API that is given JWTs knows the tenant's public keys and trusts nothing else. It checks "
        + "the signature, the issuer, that the token has not expired, that the audience names this "
        + "very API and, where the tenant follows RFC 9068, that its type is at+jwt. An opaque token "
        + "it has to ask the tenant about. Then it looks whether the scopes allow what is asked.",
      "If something is missing, the answer says so in WWW-Authenticate: 401 with no code when no "
        + "token came, 401 invalid_token when it is no good, 403 insufficient_scope when it is good "
        + "but not for this. After invalid_token a fresh token may help; after insufficient_scope "
        + "only one that allows more, and that takes a new request.",
      "Last the application opens the person\u{2019}s account. Its key is iss and sub together: no "
        + "other claim is unique and stays.",
    ],
    couldGoWrong: "An API that checks the signature but not the audience accepts tokens which were "
      + "made for other APIs of the same tenant.",
    attackPrevented: "Token substitution: a token that another, harmless API was given opens "
      + "nothing here.",
    sections: [
      .rfc(6750, "3.1"), .rfc(9068, "4"), .core("5.3.2"), .core("5.7"), .rfc(9700, "2.3"),
    ])
}
