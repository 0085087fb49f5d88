import OpenID

/// The stages in the application and in the browser.
extension Lessons {
  static let login = Lesson(
    title: "Three random values before the browser leaves",
    question: "What must the application remember before it lets go of the browser?",
    paragraphs: [
      "A click, and the browser has gone nowhere yet. At most the application has fetched the "
        + "tenant's metadata and keys, which are public. It makes three random values and keeps "
        + "them: state, to know its own question again when the answer comes; nonce, which must "
        + "come back inside every ID token; and the code verifier, of which only a digest will be "
        + "shown.",
      "State and nonce are no secrets: both go through the browser, and what counts is that nobody "
        + "can guess them. The verifier is a secret until the code is exchanged. Each is fresh, long, and "
        + "good for one login. They belong to this one browser, so a web application ties them to "
        + "its session. An application that loses them cannot finish the login; one that reuses "
        + "them cannot tell an answer from its replay.",
    ],
    couldGoWrong:
      "A second tab overwrites the values of the first, or they live in a cookie that a "
      + "cross-site form post does not bring back: then state matches nothing.",
    attackPrevented:
      "Login CSRF: somebody slips you their own answer, and you work in their account "
      + "without noticing.",
    sections: [.core("3.3.1"), .rfc(6749, "10.12"), .rfc(7636, "4.1"), .core("15.5.2")])

  static func authorize(_ type: ResponseType) -> Lesson {
    let nonce =
      type.hasIDToken
      ? "The nonce is required, because an ID token will come through the browser."
      : "The nonce is optional here, because no ID token comes through the browser; this program "
        + "sends it all the same, for the ID token of the token endpoint."
    return Lesson(
      title: "A question in a URL",
      question: "Which of these parameters protect the answer, and which only describe it?",
      paragraphs: [
        "The application speaks to the tenant through the browser, by sending it to a URL. Anyone who "
          + "sits at the browser can read and change everything in it, so nothing secret stands "
          + "there: not the client secret, not the verifier.",
        "response_type asks for \(answer(type)) at once; that is what makes the flow hybrid. "
          + "response_mode=form_post asks for a form post, because the default would put the answer "
          + "behind a #, where no server sees it. scope must contain openid. redirect_uri must be "
          + "registered, letter by letter. " + nonce,
      ],
      couldGoWrong: "A redirect URI that differs by one slash from the registered one stops at the "
        + "tenant: it shows an error page, and the application never hears of it.",
      attackPrevented:
        "Redirect URI manipulation: if the tenant sent answers to any address it was "
        + "given, a forged link would collect codes and tokens.",
      sections: [
        .core("3.3.2.1"), .core("3.1.2.1"), .rfc(6749, "3.1.2"), .rfc(7636, "4.3"),
        .rfc(9700, "4.1"), .multipleResponseTypes("5"),
      ],
      auth0Note:
        "The sample link leaves out the scope openid and response_mode, and lists nonce as if "
        + "it were optional. Without openid there is no ID token to count on; without form_post the "
        + "answer lands in the fragment; and where an ID token comes through the browser, nonce is "
        + "required. Its table of response types also shows combinations without code: hybrid "
        + "always has it.")
  }

  /// What a type asks for, in words.
  private static func answer(_ type: ResponseType) -> String {
    switch type {
    case .codeIDToken: "a code and an ID token"
    case .codeToken: "a code and an access token"
    case .codeIDTokenToken: "a code, an ID token and an access token"
    }
  }

  static let prompt = Lesson(
    title: "The tenant takes over",
    question: "What can the application see of the login page?",
    paragraphs: [
      "Now the browser shows a page of the tenant, under the tenant's own address. The application "
        + "sees nothing of what happens there, and that is the point: the password is typed where "
        + "it belongs.",
      "Before the page appears, the tenant has examined the question. Does it know this client? Is "
        + "the redirect URI registered? May this client ask for these types and scopes? If client "
        + "or address is wrong, the tenant must not send the browser there; it can only tell the "
        + "person. A session that is still open may skip the page, unless prompt or max_age ask for "
        + "a new login.",
    ],
    couldGoWrong:
      "With prompt=none the tenant must not show a page at all: where it would need one, "
      + "it answers with an error such as login_required or consent_required.",
    attackPrevented:
      "Phishing gets harder: people learn one address at which to type the password, "
      + "and applications never hold it.",
    sections: [.core("3.3.2.2"), .core("3.3.2.3"), .core("3.1.2.3"), .rfc(6749, "3.1.2.4")])

  static let authenticate = Lesson(
    title: "Signing in, and saying yes",
    question: "Signing in answers who you are. What does the consent page ask?",
    paragraphs: [
      "Two questions are settled here. Who is this? The tenant checks a password, a second factor, "
        + "whatever it trusts, and notes when and how; that can become auth_time, acr and amr. And: "
        + "may this application do that? The consent page lists the permissions behind the scopes, "
        + "and the person can decline.",
      "Tenants often remember a consent, or skip it for applications of their own. Some ask again "
        + "for addresses on this machine, because any local program could be listening there. "
        + "Declining is a regular outcome: the application gets access_denied, and should say so "
        + "kindly.",
    ],
    couldGoWrong: "A redirect with status 307 after the password form would repeat the form, "
      + "password included, at the next address. 303 forgets the body.",
    attackPrevented:
      "An application that helps itself: asking for a scope grants nothing. The person decides, or "
      + "anyone who runs the tenant did so before.",
    sections: [.core("3.3.2.3"), .core("3.3.2.4"), .rfc(9700, "4.12")])

  static func callback(_ type: ResponseType) -> Lesson {
    Lesson(
      title: "The answer comes by form post",
      question: "Who sends this request, and may the application trust it?",
      paragraphs: [
        "The tenant answers with a small page that holds a form, and the browser posts it to the "
          + "application: \(fields(type)). The fields never stand in an address, so the browser's "
          + "history, Referer headers and logs of addresses do not have them. Anyone who reads along "
          + "in the browser, or logs bodies, still does. And the sender is a browser, so everything "
          + "must be proved.",
        "First state: is it our question? Then iss and the parameters. " + proofs(type)
          + " One failed check, and the code is not sent anywhere.",
      ],
      couldGoWrong: "Cookies marked SameSite=Lax do not travel with a cross-site form post, so an "
        + "application that keeps its state there forgets what it asked.",
      attackPrevented: type.hasIDToken
        ? "Code injection: a stolen code, put into an honest answer, does not fit the "
          + "c_hash that the tenant signed."
        : "Login CSRF: an answer that somebody else began brings another state. A swapped code is "
          + "not seen here; the tenant refuses it in stage 7, by the verifier.",
      sections: [.formPost("2"), .core("3.3.2.5"), .core("3.3.2.8")]
        + (type.hasIDToken
          ? [.core("3.3.2.10"), .core("3.3.2.12")] : [.rfc(9700, "2.1.2"), .rfc(9700, "4.5")]),
      auth0Note:
        "The tutorial draws this as a 302 with a body and speaks of a URL parameter. It is a "
        + "200 with an HTML page, and then a POST by the browser; the code is a form field. It names "
        + "c_hash only: with code id_token token, at_hash is required as well.")
  }

  private static func fields(_ type: ResponseType) -> String {
    switch type {
    case .codeIDToken: "a code, an ID token, and the state"
    case .codeToken: "a code, an access token, and the state"
    case .codeIDTokenToken: "a code, an ID token, an access token, and the state"
    }
  }

  /// What the answer proves about itself.
  private static func proofs(_ type: ResponseType) -> String {
    switch type {
    case .codeIDToken:
      "Then the ID token: signature, issuer, audience, times, nonce. Last c_hash: the left half of "
        + "the code's digest. The tenant signed this hash, not the code; another code has another "
        + "hash, so it cannot be slipped in."
    case .codeIDTokenToken:
      "Then the ID token: signature, issuer, audience, times, nonce. Last c_hash and at_hash: the "
        + "left halves of the digests of code and access token. The tenant signed these hashes, not "
        + "the two values; others have other hashes, so they cannot be slipped in."
    case .codeToken:
      "There it ends, for nothing in this answer is signed. A swapped code is noticed by the tenant "
        + "only, which compares the verifier in stage 7, and by the nonce in stage 8; a swapped "
        + "access token by nobody, so it should stay unused."
    }
  }
}
