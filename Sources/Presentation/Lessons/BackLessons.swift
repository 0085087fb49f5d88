import HybridFlow
import OpenID

/// The stages between servers, where no browser takes part.
extension Lessons {
  static let exchange = Lesson(
    title: "The code goes in by the back door",
    question: "Why is the code not enough to get tokens?",
    paragraphs: [
      "Now the application talks to the tenant itself, over its own TLS connection. It hands in "
        + "the code, repeats the redirect URI, proves who it is, and shows the code verifier whose "
        + "digest it sent in stage 2.",
      "Each of these stops somebody else. Who finds the code in a log lacks the client's credentials. "
        + "Who holds a stolen code in another session of the same application lacks the verifier. "
        + "The credentials go into an Authorization header or into the body, never into both, and "
        + "the tenant's metadata says which it takes. The code is sent once: a second try can "
        + "cost the tokens.",
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
      "A code works once and lives a minute or so. If it comes a second time, something is "
        + "wrong: the tenant refuses, and takes back the tokens that the first use brought, for it "
        + "cannot know which of the two was the thief. Most refusals look the same, invalid_grant, "
        + "so that nobody can learn from it.",
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

  static let tokens = Lesson(
    title: "The second pair",
    question: "There is an ID token already. Why look at another one?",
    paragraphs: [
      "The answer brings an access token and a second ID token, straight from the tenant. Both ID "
        + "tokens must name the same issuer and the same person; the second often says more about "
        + "them, because no browser was in between. It repeats the nonce, and that is checked before "
        + "anything is used.",
      "The access token is for the API, not for us: whatever it looks like, the application treats "
        + "it as opaque. A refresh token comes only if offline_access was asked for and granted. "
        + "Everything here may be kept, but not where scripts of a page can read it. If a scope is "
        + "missing in the answer, the person or the tenant granted less.",
    ],
    couldGoWrong:
      "at_hash of the second ID token belongs to the second access token. Compared with "
      + "the first one, it fails although nothing is wrong.",
    attackPrevented: "Mixing two logins: a code from somebody else's session brings another sub or "
      + "another nonce, and is found out here.",
    sections: [
      .core("3.3.3.3"), .core("3.3.3.6"), .core("3.3.3.7"), .core("3.3.3.8"),
      .rfc(9700, "4.5.3.2"),
    ],
    auth0Note: "The sample that renews the tokens sends no client authentication, so it works only "
      + "for public clients. An application with a secret must authenticate to refresh as well.")

  static let api = Lesson(
    title: "A key at the API's door",
    question: "Two access tokens could be there. Which one goes to the API?",
    paragraphs: [
      "The application calls the API with the access token in the Authorization header. Whoever "
        + "bears this token may use it, hence its name; so it travels over TLS, in this header and "
        + "nowhere else. In a URL it would end up in histories, logs and Referer headers.",
      "If an access token also came through the browser, it is not the one to use: it was seen by "
        + "more parties and often lives shorter. The ID token does not belong here either. It tells the "
        + "application who signed in, and its audience is the application; an API that took it would "
        + "open up to any application of the tenant.",
    ],
    couldGoWrong: "Without audience Auth0 gives an opaque token that fits only its own userinfo "
      + "endpoint; the API answers 401.",
    attackPrevented:
      "Token leakage: a token that never stood in an address cannot be read from one.",
    sections: [.rfc(6750, "2.1"), .rfc(6750, "5.3"), .rfc(9700, "2.1.2"), .rfc(9700, "4.3")])

  static let data = Lesson(
    title: "The API makes up its own mind",
    question: "The tenant has checked everything. What is left for the API?",
    paragraphs: [
      "The API knows the tenant's public keys and trusts nothing else. It checks the signature, the "
        + "issuer, that the token has not expired, that it is of the type at+jwt, and that the "
        + "audience names this very API. Then it looks whether the scopes allow what is asked.",
      "If something is missing, the answer says so in WWW-Authenticate: 401 with no code when no "
        + "token came, 401 invalid_token when it is no good, 403 insufficient_scope when it is good "
        + "but not for this. After invalid_token a fresh token may help; after insufficient_scope "
        + "only a new question to the person does.",
    ],
    couldGoWrong: "An API that checks the signature but not the audience accepts tokens which were "
      + "made for other APIs of the same tenant.",
    attackPrevented: "Token substitution: a token that another, harmless API was given opens "
      + "nothing here.",
    sections: [.rfc(6750, "3.1"), .rfc(9068, "4"), .core("5.3.2"), .rfc(9700, "2.3")])
}
