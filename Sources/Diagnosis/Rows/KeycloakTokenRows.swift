import HybridFlow

extension DiagnosisEngine {
  /// Keycloak's errors at its token endpoint.
  static let keycloakTokenRows: [DiagnosisRow] = [
    DiagnosisRow(
      "keycloak-verifier-missing", .keycloak, [.token],
      .literal("PKCE code verifier not specified"),
      cause: "The authorization request had a code challenge, and the token request brought no"
        + " code_verifier.",
      fix: "Send the verifier that belongs to the challenge.",
      source: .code("keycloak, PkceUtils")),
    DiagnosisRow(
      "keycloak-verifier-mismatch", .keycloak, [.token],
      .literal("PKCE verification failed: Code mismatch"),
      .literal("PKCE verification failed: Invalid code verifier"),
      .wording("PKCE invalid code verifier"),
      cause: "The code_verifier does not belong to the challenge, or has characters or a length"
        + " that RFC 7636 does not allow.",
      fix: "Keep one verifier for each login, 43 to 128 unreserved characters, and send that one.",
      source: .code("keycloak, PkceUtils")),
    DiagnosisRow(
      "keycloak-challenge-missing", .keycloak, [.token],
      .literal("PKCE code verifier specified but challenge not present in authorization"),
      cause: "A code_verifier came, but the authorization request had no code_challenge: perhaps it"
        + " was lost in a redirect of a proxy.",
      fix: "Send both, or neither.",
      source: .code("keycloak, PkceUtils")),
    DiagnosisRow(
      "keycloak-code-invalid", .keycloak, [.token],
      .literal("Code not valid").needing("invalid_grant"),
      cause: "The code is unknown or was used before. A code that comes twice also ends the session"
        + " it belongs to.",
      fix: "Exchange each code once; look for a reloaded callback page or two workers that take the"
        + " same answer.",
      source: .code("keycloak, AuthorizationCodeGrantType")),
    DiagnosisRow(
      "keycloak-code-expired", .keycloak, [.token],
      .literal("Code is expired").needing("invalid_grant"),
      .seen(.wording, .slowExchange).needing("invalid_grant").atThisProvider,
      cause: "More than a minute went by between the callback and the exchange.",
      fix:
        "Exchange at once and explain later (--exchange-at-once), or raise Realm settings > Sessions > Client login"
        + " timeout.",
      source: .code("keycloak, AuthorizationCodeGrantType")),
    DiagnosisRow(
      "keycloak-redirect-uri-differs", .keycloak, [.token],
      .literal("Incorrect redirect_uri").with("invalid_grant"),
      cause: "The token request has another redirect_uri than the authorization request: perhaps"
        + " iss or session_state of the answer was taken along into it.",
      fix: "Send the redirect URI of the authorization request, unchanged.",
      source: .thread("3scale/porta#3859; keycloak, AuthorizationCodeGrantType")),
    DiagnosisRow(
      "keycloak-session-gone", .keycloak, [.token],
      .literal("Session not active").needing("invalid_grant"),
      .literal("User session not found").needing("invalid_grant"),
      .wording("Session not active").atThisProvider,
      cause: "The single sign-on session ended between login and exchange: it timed out, somebody"
        + " signed out, or a code was used twice.",
      fix: "Log in again; Realm settings > Sessions sets how long sessions live.",
      source: .code("keycloak, AuthorizationCodeGrantType")),
    DiagnosisRow(
      "keycloak-client-credentials", .keycloak, [.token],
      .literal("Invalid client or Invalid client credentials").with("unauthorized_client"),
      .wording("Invalid client secret").needing("unauthorized_client"),
      .seen(.wording, .secretWithReservedCharacters).needing("unauthorized_client")
        .atThisProvider,
      cause: "The secret is wrong, or its special characters were encoded otherwise than Keycloak"
        + " decodes them, or a public client sent a secret or the reverse.",
      fix: "Clients > your client > Credentials: copy the Client Secret. If it has other characters"
        + " than letters, digits and -._ try client_secret_post.",
      source: .thread("keycloak/keycloak#16923, glow_auth#6")),
    DiagnosisRow(
      "keycloak-secret-not-sent", .keycloak, [.token],
      .literal("Client secret not provided in request"),
      cause: "The client is confidential, and the token request brought no secret.",
      fix: "Send the secret from Clients > your client > Credentials; a browser application needs a"
        + " client with Client authentication off.",
      source: .thread("keycloak/keycloak#26623, keycloak/keycloak#16124")),
    DiagnosisRow(
      "keycloak-basic-base64", .keycloak, [.token],
      .literal("Illegal base64url string"),
      blame: .provider,
      cause: "Version 19 misread the Authorization header of Basic.",
      fix: "Upgrade Keycloak, or send the secret in the body with client_secret_post.",
      source: .thread("keycloak/keycloak#14323")),
    DiagnosisRow(
      "keycloak-assertion-missing", .keycloak, [.token],
      .literal("Parameter client_assertion_type is missing"),
      cause: "The client is set to authenticate with a signed JWT, and a secret came.",
      fix: "Clients > your client > Credentials > Client Authenticator: Client Id and Secret, or"
        + " use private_key_jwt.",
      source: .thread("spring-boot-keycloak-jwe-example#1")),
    DiagnosisRow(
      "keycloak-token-client-mismatch", .keycloak, [.token],
      .literal("Auth error").needing("invalid_grant").atThisProvider,
      .literal("Auth code … wrong client"),
      cause: "The code was issued to another client than the one that sends it.",
      fix: "Use one client id for both requests.",
      source: .experience("Keycloak")),
    DiagnosisRow(
      "keycloak-refresh-inactive", .keycloak, [.token],
      .literal("Token is not active").needing("invalid_grant"),
      .literal("Stale token").needing("invalid_grant").atThisProvider,
      .literal("Maximum allowed refresh token reuse exceeded"),
      cause: "The refresh token has expired, was used before, or its session is over.",
      fix: "Log in again, and store the newest refresh token of each answer; Realm settings >"
        + " Sessions and Tokens set the times.",
      source: .experience("Keycloak")),
    DiagnosisRow(
      "keycloak-userinfo-scope", .keycloak, [.api],
      .literal("Missing openid scope"),
      cause: "The access token was issued without the scope openid, so userinfo refuses it.",
      fix: "Ask for openid, also when refreshing.",
      source: .experience("Keycloak")),
  ]
}
