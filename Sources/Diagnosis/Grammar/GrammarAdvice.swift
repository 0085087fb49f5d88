import HybridFlow

/// What a subject and its symptom mean: cause, fix, and who has to change something.
struct GrammarAdvice: Sendable {
  let subject: GrammarSubject
  let symptoms: [GrammarSymptom]
  let blame: Blame?
  let cause: String
  let fix: String

  /// A stable id, such as `words-redirect-uri-unknown`.
  var id: String { "words-\(subject.rawValue)-\(symptoms.first?.rawValue ?? "")" }

  init(
    _ subject: GrammarSubject, _ symptoms: [GrammarSymptom], _ blame: Blame? = .settings,
    _ cause: String, _ fix: String
  ) {
    (self.subject, self.symptoms, self.blame) = (subject, symptoms, blame)
    (self.cause, self.fix) = (cause, fix)
  }

  /// All of them.
  static let all = requestAdvice + clientAdvice + tokenAdvice + aroundAdvice

  private static let byPair: [GrammarSubject: [GrammarSymptom: GrammarAdvice]] = {
    var table: [GrammarSubject: [GrammarSymptom: GrammarAdvice]] = [:]
    for advice in all {
      for symptom in advice.symptoms { table[advice.subject, default: [:]][symptom] = advice }
    }
    return table
  }()

  /// The advice for a pair; nil where the pair says nothing that can be relied on.
  static func of(_ subject: GrammarSubject, _ symptom: GrammarSymptom) -> GrammarAdvice? {
    byPair[subject]?[symptom]
  }
}

extension GrammarAdvice {
  /// What the authorization request carries.
  static let requestAdvice: [GrammarAdvice] = [
    GrammarAdvice(
      .redirectURI, [.unknown, .mismatch, .invalid, .notAllowed], .settings,
      "The redirect URI is not registered for this client as it was sent.",
      "Register it at the provider character by character: scheme, host, port, path and a slash at"
        + " the end all count; or configure here the one that is registered."),
    GrammarAdvice(
      .redirectURI, [.missing], .settings,
      "The request carried no redirect URI, or none is registered for this client.",
      "Send redirect_uri in the authorization request and the same one in the token request; look"
        + " whether the application knows its own public address."),
    GrammarAdvice(
      .redirectURI, [.malformed, .unsupported], .settings,
      "The redirect URI is not an absolute address that the provider accepts.",
      "Send a full address with scheme and host, without a fragment; web clients want https, and"
        + " http for this machine only."),
    GrammarAdvice(
      .state, [.missing], .settings,
      "The parameter state is missing: the request did not send it, or the answer came back"
        + " without it.",
      "Send a random state with each authorization request, and hand the callback\u{2019}s whole"
        + " query or form to the library; an answer in the fragment never reaches a server."),
    GrammarAdvice(
      .state, [.unknown, .lost, .expired, .usedTwice], .settings,
      "The application does not find the login that this state belongs to: its cookie or session"
        + " did not come back, it has expired, or the callback was loaded twice.",
      "Let the cookie that keeps state be SameSite=None; Secure for form posts, use one host name"
        + " and https from start to callback, share sessions between all instances, and start"
        + " again in one tab."),
    GrammarAdvice(
      .state, [.mismatch, .invalid, .failed, .malformed], .settings,
      "The state that came back is not the one that was stored: another tab or login, a session"
        + " cookie that was lost or replaced, or a server that does not return state unchanged.",
      "Start again in one tab; check the session cookie (SameSite, https, one host name), and keep"
        + " one entry for each login, found by its state."),
    GrammarAdvice(
      .nonce, [.missing, .lost], .settings,
      "The nonce is missing: the request did not send it, the ID token came without it, or the"
        + " application lost its own because the cookie with it did not come back.",
      "Send a nonce with every request for an ID token; let its cookie be SameSite=None; Secure, and"
        + " keep one host name from start to callback."),
    GrammarAdvice(
      .nonce, [.mismatch, .invalid, .failed, .unknown, .expired, .usedTwice], .settings,
      "The nonce in the ID token is not the one that the application remembers: the ID token belongs"
        + " to another login, or the stored nonce was replaced or lost.",
      "Start again in one tab; store a nonce for each login beside its state, and check the cookie"
        + " that keeps it."),
    GrammarAdvice(
      .responseType, [.unsupported, .notAllowed, .unknown, .invalid, .mismatch, .unreachable],
      .settings,
      "This client may not use that response type: the implicit (hybrid) grant is switched off for"
        + " it, the client id is another one, or the provider does not offer the type.",
      "Switch implicit and hybrid on for the client, compare the client id, and look at"
        + " response_types_supported in the discovery document."),
    GrammarAdvice(
      .responseType, [.missing], .settings,
      "The authorization request carried no response_type.",
      "Send response_type, for the hybrid flow code id_token."),
    GrammarAdvice(
      .responseMode, [.unsupported, .notAllowed, .invalid, .unknown, .mismatch, .missing],
      .settings,
      "The provider does not take this response mode with this response type.",
      "Send response_mode=form_post, or another one of response_modes_supported; query is not"
        + " allowed where tokens come from the authorization endpoint."),
    GrammarAdvice(
      .scope, [.missing], .settings,
      "A scope is missing, most often openid: without it no ID token is issued.",
      "Ask for openid, and for each scope that the application or API needs, separated by blanks."),
    GrammarAdvice(
      .scope, [.unknown, .invalid, .notAllowed, .unsupported, .malformed, .mismatch], .settings,
      "A scope of the request is not known there, or not allowed for this client.",
      "Ask for openid alone first, then add one scope after the other; allow or assign the scope for"
        + " the client at the provider."),
    GrammarAdvice(
      .verifier, [.missing, .lost], .settings,
      "PKCE is demanded, and code_challenge or code_verifier was not sent.",
      "Send code_challenge with code_challenge_method=S256 in the authorization request, and its"
        + " code_verifier in the token request; keep it in the session until then."),
    GrammarAdvice(
      .verifier, [.mismatch, .invalid, .failed, .unknown, .malformed, .expired], .settings,
      "The code_verifier does not belong to the code_challenge of this login, or is no verifier: 43"
        + " to 128 characters, the challenge its SHA-256 in base64url without padding.",
      "Keep one verifier for each login beside its state, and send that one with the code."),
    GrammarAdvice(
      .verifier, [.unsupported, .notAllowed], .settings,
      "The provider does not take this PKCE method for the client.",
      "Use code_challenge_method=S256, or the method that the client is set to."),
    GrammarAdvice(
      .acr, [.mismatch, .missing, .invalid, .unknown, .unsupported, .notAllowed], .settings,
      "The sign-in was not as strong as acr_values or the acr claim asked for, or that acr is not"
        + " known there.",
      "Compare acr_values with acr_values_supported; let the person have the stronger factor."),
    GrammarAdvice(
      .authTime, [.missing, .expired, .mismatch, .invalid], .provider,
      "The sign-in is older than max_age allows, or the ID token has no auth_time although max_age"
        + " was sent.",
      "Sign in again with prompt=login; a provider must put auth_time in when max_age is sent."),
    GrammarAdvice(
      .pushedRequest,
      [.missing, .unknown, .expired, .usedTwice, .invalid, .unsupported, .notAllowed],
      .settings,
      "The pushed request is demanded and was not sent, or its request_uri is expired or used.",
      "Push the request to pushed_authorization_request_endpoint and use its request_uri once, at"
        + " once."),
    GrammarAdvice(
      .requestObject,
      [
        .missing, .invalid, .failed, .unsupported, .notAllowed, .malformed, .expired, .mismatch,
        .unknown,
      ],
      .settings,
      "The signed request object is demanded, not taken, or does not verify.",
      "Compare its key, algorithm, iss (client id) and aud (issuer) with what the client is"
        + " registered for; leave it out where the provider takes none."),
    GrammarAdvice(
      .dpop,
      [.missing, .invalid, .failed, .mismatch, .expired, .usedTwice, .unsupported, .malformed],
      .settings,
      "The DPoP proof is missing or does not fit: its key, htu, htm, iat, nonce or ath.",
      "Make a new proof for each request, with the server\u{2019}s nonce, the exact address and the"
        + " key that the token is bound to."),
  ]
}
