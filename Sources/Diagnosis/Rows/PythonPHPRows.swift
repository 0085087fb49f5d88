extension DiagnosisEngine {
  /// Client libraries of Python and PHP.
  static let pythonPHPRows: [DiagnosisRow] = [
    DiagnosisRow(
      "django-oidc-state", .generic, [],
      .literal("OIDC callback state not found in session"),
      .literal("oidc_states"),
      cause: "mozilla-django-oidc does not find the state in the session: the session cookie did "
        + "not come back, the callback was loaded twice, or the session was replaced.",
      fix: "Set SESSION_COOKIE_SAMESITE and SESSION_COOKIE_SECURE to fit, keep one host name and "
        + "https, share the session store, and start again in one tab.",
      source: .thread("mozilla/mozilla-django-oidc#435, #412")),
    DiagnosisRow(
      "django-oidc-key", .generic, [],
      .literal("JWS token verification failed"),
      .literal("Could not find a valid JWKS"),
      cause: "mozilla-django-oidc could not verify the ID token: another algorithm, or a key "
        + "that is not in the key set.",
      fix: "Set OIDC_RP_SIGN_ALGO to the token\u{2019}s alg, and OIDC_OP_JWKS_ENDPOINT for RS256.",
      source: .code("mozilla-django-oidc, auth")),
    DiagnosisRow(
      "social-auth-state", .generic, [],
      .literal("AuthStateMissing"),
      .literal("AuthStateForbidden"),
      .literal("Session value state missing"),
      .literal("Wrong state parameter given"),
      cause: "python-social-auth does not find the state in the session: the session cookie did "
        + "not come back, or another login replaced it.",
      fix: "Let the session cookie come back (SameSite, Secure, one host name), and start again "
        + "in one tab.",
      source: .code("social-core, OAuth backends")),
    DiagnosisRow(
      "social-auth-refused", .generic, [],
      .literal("AuthForbidden: Your credentials aren't allowed"),
      cause: "python-social-auth knows who signed in, but its pipeline or white list does not "
        + "let the person in.",
      fix: "Look at SOCIAL_AUTH_..._WHITELISTED_DOMAINS / EMAILS and at the pipeline.",
      source: .code("social-core, pipeline")),
    DiagnosisRow(
      "social-auth-token", .generic, [],
      .literal("AuthTokenError: Token error"),
      cause: "python-social-auth did not accept the ID token; the words behind it name the claim.",
      fix: "Compare key, client id (aud), issuer and clock with the token.",
      source: .code("social-core, OpenID Connect backend")),
    DiagnosisRow(
      "authlib-claim", .generic, [],
      .literal("authlib", "invalid_claim"),
      .literal("InvalidClaimError"),
      .literal("authlib.jose.errors.MissingClaimError"),
      cause: "Authlib did not accept a claim of the ID token; the message names it.",
      fix: "Compare iss with the issuer of server_metadata_url, aud with client_id, nonce with "
        + "the session, and the clocks.",
      source: .code("Authlib, jose errors")),
    DiagnosisRow(
      "authlib-signature", .generic, [],
      .literal("authlib.jose.errors.BadSignatureError"),
      cause:
        "Authlib could not verify the ID token\u{2019}s signature with the keys or the secret that "
        + "it has.",
      fix:
        "Compare kid and alg of the token with the provider\u{2019}s JWKS; let server_metadata_url "
        + "point to the right issuer.",
      source: .code("Authlib, jose errors")),
    DiagnosisRow(
      "oauthlib-http", .generic, [],
      .literal("OAuth 2 MUST utilize https"),
      .literal("InsecureTransportError"),
      cause: "The application takes its own address for http: it stands behind a proxy that ends "
        + "TLS, and does not know it.",
      fix: "Let the proxy send X-Forwarded-Proto and the application trust it (ProxyFix, "
        + "SECURE_PROXY_SSL_HEADER).",
      source: .code("oauthlib, errors")),
    DiagnosisRow(
      "oauthlib-scope", .generic, [],
      .literal("Warning: Scope has changed from"),
      cause: "The provider granted other scopes than were asked for, and oauthlib treats that as "
        + "an error.",
      fix: "Ask for the scopes that the provider returns, or set OAUTHLIB_RELAX_TOKEN_SCOPE=1.",
      source: .code("oauthlib, parameters")),
    DiagnosisRow(
      "oauthlib-token-missing", .generic, [],
      .literal("(missing_token) Missing access token parameter"),
      cause:
        "The token endpoint\u{2019}s answer had no access token: it was an error or another format.",
      fix: "Look at its status and body: wrong secret, wrong authentication method, or a wrong "
        + "address.",
      source: .code("oauthlib, parameters")),
    DiagnosisRow(
      "jumbojett-discovery", .generic, [],
      .literal("Make sure your provider has a well known configuration available"),
      .literal("could not be fetched. Make sure your provider"),
      cause: "The PHP library (jumbojett) could not read a value from the discovery document: "
        + "the provider URL is wrong. It must be the issuer, not its .well-known address.",
      fix: "Configure the issuer alone, such as https://HOST/realms/NAME; fetch "
        + "ISSUER/.well-known/openid-configuration from the same machine.",
      source: .thread("jumbojett/OpenID-Connect-PHP#136")),
    DiagnosisRow(
      "jumbojett-state", .generic, [],
      .literal("OpenIDConnectClientException: Unable to determine state"),
      .wording("Unable to determine state"),
      cause: "The PHP library (jumbojett) does not find the state in the session: the session "
        + "cookie did not come back, or the callback was loaded twice.",
      fix:
        "Let PHP\u{2019}s session cookie come back (session.cookie_samesite, secure, one host name), "
        + "and start again in one tab.",
      source: .code("jumbojett/OpenID-Connect-PHP")),
    DiagnosisRow(
      "jumbojett-token", .generic, [],
      .literal("OpenIDConnectClientException: Unable to verify JWT claims"),
      .literal("OpenIDConnectClientException: Unable to verify signature"),
      .literal("OpenIDConnectClientException: Unable to find a key for"),
      cause: "The PHP library (jumbojett) did not accept the ID token: iss, aud, nonce or exp do "
        + "not fit, or no key verifies it.",
      fix: "Compare issuer (setIssuer) and client id with the token, and the clocks; the key "
        + "must be in the JWKS of that issuer.",
      source: .code("jumbojett/OpenID-Connect-PHP")),
    DiagnosisRow(
      "jumbojett-openid", .generic, [],
      .literal("User did not authorize openid scope"),
      cause: "No ID token came with the answer: openid was not asked for, or not granted.",
      fix: "Add the scope openid to the request, and allow it for the client.",
      source: .code("jumbojett/OpenID-Connect-PHP")),
    DiagnosisRow(
      "laravel-state", .generic, [],
      .literal("Socialite*", "InvalidStateException"),
      cause: "Laravel Socialite did not find the state of this login in its session: the session "
        + "cookie did not come back, or another login replaced it.",
      fix: "Let the session cookie come back (SESSION_DOMAIN, SESSION_SECURE_COOKIE, same_site), "
        + "keep one host name, and start again in one tab.",
      source: .code("laravel/socialite")),
    DiagnosisRow(
      "pyjwt-algorithm", .generic, [],
      .literal("The specified alg value is not allowed"),
      cause: "The token\u{2019}s algorithm is not among those that the application allows.",
      fix:
        "Let the provider sign with RS256 for this client, or name the token\u{2019}s algorithm in "
        + "the application.",
      source: .code("PyJWT and python-jose")),
  ]
}
