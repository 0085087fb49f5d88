import OpenID

extension CheckID {
  /// What the check requires, what its failure reveals, and which specification says so.
  public var rule: CheckRule { Self.rules[self] ?? Self.missing }

  private static let rules: [CheckID: CheckRule] = {
    var rules: [CheckID: CheckRule] = [:]
    for row in table {
      rules[row.id] = CheckRule(
        severity: row.severity, rule: row.rule, shows: row.shows, spec: row.spec)
    }
    return rules
  }()

  typealias Row = (
    id: CheckID, severity: Severity, rule: String, shows: String, spec: SpecReference
  )

  private static let table: [Row] =
    configurationRows + callbackRows + idTokenRows + hashRows
    + tokenRows + apiRows

  private static let configurationRows: [Row] = [
    (
      .discoveryIssuerMatch, .error,
      "the issuer in the document is the configured one, byte for byte",
      "impersonated metadata, or a trailing slash too many",
      .discovery("4.3")
    ),
    (
      .discoveryHTTPS, .error,
      "every endpoint uses https; a tenant on this machine is exempt",
      "a downgrade that lets others read codes and secrets",
      .discovery("3")
    ),
    (
      .discoveryEndpointURI, .error,
      "every endpoint is a URI, byte for byte",
      "an address that a shell or a browser reads otherwise than it is written",
      .rfc(3986, "2")
    ),
    (
      .discoveryEndpointReach, .error,
      "an issuer elsewhere names no endpoint on this machine or in a private network",
      "requests, with the client secret, to services that only you can reach",
      .rfc(9728, "7.7")
    ),
    (
      .discoveryResponseType, .warning,
      "the wanted response type is listed",
      "the hybrid flow switched off at the provider",
      .discovery("3")
    ),
    (
      .discoveryFormPost, .warning,
      "form_post is among the response modes",
      "an answer in the fragment, which browsers send to no server",
      .formPost("2")
    ),
    (
      .discoveryAuthMethod, .warning,
      "the chosen client authentication is listed",
      "invalid_client at the token endpoint",
      .discovery("3")
    ),
    (
      .discoveryNoFragment, .warning,
      "no endpoint has a fragment",
      "an address that is not the one that is asked",
      .rfc(6749, "3.1")
    ),
    (
      .jwksNoPrivate, .error,
      "the published keys have no private or symmetric members",
      "a leaked signing key: anybody could forge tokens",
      .discovery("3")
    ),
    (
      .answerContentType, .warning,
      "the headers of an answer say what its body is",
      "a proxy’s page, or a body that others read as something else",
      .rfc(6749, "5.1")
    ),
    (
      .answerNotCompressed, .warning,
      "the body of an answer is not compressed, for nothing has asked for it",
      "a proxy that changes bodies, or a header that is wrong",
      .rfc(9110, "8.4")
    ),
    (
      .requestOpenIDScope, .error,
      "openid is among the scopes",
      "no ID token, and undefined behaviour",
      .core("3.1.2.1")
    ),
    (
      .requestNonce, .error,
      "a nonce of at least 128 random bits is sent when an ID token is asked for",
      "a replayed ID token",
      .core("3.3.2.1")
    ),
    (
      .requestState, .warning,
      "a random state, used once, is sent",
      "login CSRF: an answer that somebody else started",
      .rfc(6749, "10.12")
    ),
    (
      .requestPKCE, .warning,
      "an S256 code challenge is sent",
      "a stolen code redeemed by its thief",
      .rfc(9700, "2.1.1")
    ),
    (
      .requestModeNotQuery, .error,
      "the response mode is not query",
      "tokens in URLs, from where histories, logs and Referer headers take them",
      .multipleResponseTypes("5")
    ),
  ]

  private static let callbackRows: [Row] = [
    (
      .callbackMethod, .error,
      "the answer comes by POST",
      "a provider that ignores form_post",
      .formPost("2")
    ),
    (
      .callbackContentType, .error,
      "the body is application/x-www-form-urlencoded",
      "a sender that is no browser form",
      .formPost("2")
    ),
    (
      .callbackNoDuplicates, .error,
      "each known parameter stands once",
      "parameter pollution: two readers see two values",
      .rfc(6749, "3.1")
    ),
    (
      .callbackSingleUse, .error,
      "one answer is processed for each request",
      "a reload, a double submit, a replay",
      .rfc(6749, "4.1.2")
    ),
    (
      .stateMatch, .error,
      "state is the one that was sent",
      "login CSRF, or a stale browser tab",
      .rfc(6749, "10.12")
    ),
    (
      .responseIss, .error,
      "iss is there when the provider promises it, and is the issuer",
      "mix-up: the answer of another provider",
      .rfc(9207, "2.4")
    ),
    (
      .responseIssVsIDToken, .error,
      "iss of the answer and of the ID token are the same",
      "mix-up: two providers in one answer",
      .rfc(9207, "2.4")
    ),
    (
      .responseTypeExact, .error,
      "what was asked for is there, and no token that was not",
      "an injected token, or a client set up wrongly",
      .core("3.3.2.5")
    ),
    (
      .responseNoRefreshToken, .warning,
      "no refresh token comes through the browser",
      "a provider that leaks a long-lived credential",
      .rfc(6749, "4.2.2")
    ),
    (
      .responseErrorExclusive, .error,
      "an error comes without code and tokens",
      "a malformed or tampered answer",
      .core("3.1.2.6")
    ),
    (
      .tokenTypeFront, .error,
      "token_type is Bearer, in any case",
      "a token of another kind taken for a bearer token",
      .core("3.2.2.5")
    ),
    (
      .expiresIn, .warning,
      "expires_in, if there, is a positive number of seconds, a year at most",
      "a token thought to be good for ever, or for no time at all",
      .rfc(6749, "5.1")
    ),
  ]

  private static let tokenRows: [Row] = [
    (
      .tokenResponseStatusJSON, .error,
      "the token endpoint answers 200 with a JSON object",
      "the page of a proxy, an error page",
      .rfc(6749, "5.1")
    ),
    (
      .tokenResponseNoStore, .warning,
      "the answer forbids storing",
      "tokens in caches",
      .core("3.1.3.3")
    ),
    (
      .tokenTypeBack, .error,
      "token_type is Bearer, in any case",
      "a token of another kind taken for a bearer token",
      .core("3.1.3.3")
    ),
    (
      .backIDTokenPresent, .error,
      "an ID token comes with the access token",
      "a request without the scope openid",
      .core("3.1.3.3")
    ),
    (
      .secondIDTokenIss, .error,
      "both ID tokens have the same iss",
      "tokens of two issuers",
      .core("3.3.3.6")
    ),
    (
      .secondIDTokenSub, .error,
      "both ID tokens have the same sub",
      "a person exchanged between the channels",
      .core("3.3.3.6")
    ),
    (
      .secondIDTokenEventClaims, .warning,
      "both ID tokens tell of the same login",
      "a second login in between",
      .core("3.3.3.6")
    ),
    (
      .secondIDTokenUserClaims, .warning,
      "claims about the person agree where both tokens have them",
      "a profile that changed on the way",
      .core("3.3.3.6")
    ),
    (
      .backNonceMatch, .error,
      "the ID token has the nonce that was sent, before anything of the answer is used",
      "an injected code",
      .rfc(9700, "4.5.3.2")
    ),
    (
      .backAtHash, .error,
      "at_hash, if there, belongs to the access token beside it",
      "tokens of two answers mixed",
      .core("3.1.3.8")
    ),
    (
      .backCHash, .error,
      "c_hash, if there, belongs to the code that was sent",
      "tokens of two answers mixed",
      .core("3.3.3.6")
    ),
    (
      .accessTokensCompare, .information,
      "the two access tokens side by side",
      "lifetimes and rights that differ",
      .core("3.3.3.8")
    ),
    (
      .scopeGranted, .warning,
      "every scope that was asked for was granted",
      "insufficient_scope at the API, later",
      .rfc(6749, "5.1")
    ),
    (
      .refreshTokenExpected, .warning,
      "a refresh token comes when offline_access was asked for",
      "consent missing, or the API’s setting",
      .core("11")
    ),
  ]

  private static let apiRows: [Row] = [
    (
      .useSecondAccessToken, .warning,
      "the API gets the access token of the back channel",
      "a token that others may have seen in use",
      .rfc(9700, "2.1.2")
    ),
    (
      .bearerHeaderOnly, .error,
      "the access token stands in the Authorization header alone",
      "a token in URLs, and from there in logs",
      .rfc(6750, "2")
    ),
    (
      .apiWWWAuthenticate, .information,
      "what WWW-Authenticate says is read",
      "an error only the API can explain",
      .rfc(6750, "3")
    ),
    (
      .userinfoSub, .error,
      "sub of the userinfo is that of the ID token",
      "the profile of somebody else",
      .core("5.3.2")
    ),
    (
      .userinfoSigned, .error,
      "signed userinfo verifies, with our iss and aud",
      "forged userinfo",
      .core("5.3.2")
    ),
    (
      .accessTokenAud, .information,
      "the access token, if it can be read, names the API",
      "an access token for another API",
      .rfc(9068, "4")
    ),
    (
      .refreshSameIssSubAud, .error,
      "iss, sub and aud stay the same after a refresh",
      "an account exchanged",
      .core("12.2")
    ),
    (
      .refreshRotation, .warning,
      "a new refresh token replaces the old one",
      "a login lost to reuse detection",
      .rfc(9700, "4.14")
    ),
    (
      .logoutState, .warning,
      "state comes back after logout",
      "an answer to a logout nobody asked for",
      SpecReference("OpenID Connect RP-Initiated Logout 1.0", "3")
    ),
  ]
}

extension CheckID {
  /// Never shown: a test asserts that every id has its row.
  private static let missing = CheckRule(
    severity: .error, rule: "", shows: "", spec: SpecReference("", ""))
}
