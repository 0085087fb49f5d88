extension Sample {
  /// Texts that no row of the table has, and what their sentences say.
  ///
  /// They are messages of products and libraries as their source code and documentation have them,
  /// or the same thing said otherwise, as the next product will.
  static let words: [Sample] = requestWords + clientWords + tokenWords + valueWords + foreignWords

  static let requestWords: [Sample] = [
    Sample("words-redirect-uri-unknown", "The redirect URI in the request is not registered."),
    Sample(
      "words-redirect-uri-unknown", form("invalid_request", "redirect_uri is not whitelisted")),
    Sample("words-redirect-uri-unknown", page("Error", "Invalid redirectUri parameter value.")),
    Sample(
      "words-redirect-uri-unknown",
      log("oauth: redirect URL https://a.example/cb does not match any registered URL")),
    Sample(
      "words-redirect-uri-unknown",
      #"{"error":"invalid_request","error_description":"Mismatching redirect URI."}"#),
    Sample("words-redirect-uri-missing", form("invalid_request", "No redirect_uri was provided")),
    Sample("words-state-missing", address("invalid_request", "state is a required parameter")),
    Sample("words-state-missing", log("OAuth callback error: state parameter is missing")),
    Sample(
      "words-state-unknown",
      log("OIDC callback failed: the state could not be found in the session store")),
    Sample("words-state-unknown", log("openid: state has expired")),
    Sample(
      "words-state-mismatch",
      log("SSO login error: state parameter does not match the one we sent")),
    Sample("words-state-mismatch", log("oauth2 callback: invalid state")),
    Sample("words-nonce-missing", form("invalid_request", "The nonce parameter is required.")),
    Sample("words-nonce-mismatch", log("id_token verification failed: nonce does not match")),
    Sample("words-nonce-mismatch", log("OIDC error: unexpected nonce in ID token")),
    Sample(
      "words-response-type-unsupported",
      form("invalid_request", "response_type 'code id_token' is not allowed")),
    Sample(
      "words-response-type-unsupported", page("Oops", "Unsupported response type: code id_token")),
    Sample(
      "words-response-mode-unsupported",
      form("invalid_request", "The response_mode form_post is not supported here.")),
    Sample(
      "words-scope-unknown", form("invalid_scope", "The scope 'groups' is unknown to this server")),
    Sample("words-scope-missing", form("invalid_scope", "openid scope is required")),
    Sample(
      "words-scope-unknown", json("invalid_scope", "Scope offline_access not permitted for client")),
    Sample("words-code-verifier-missing", json("invalid_grant", "code_verifier is missing")),
    Sample("words-code-verifier-missing", form("invalid_request", "PKCE is required for this app")),
    Sample(
      "words-code-verifier-mismatch",
      json("invalid_grant", "The code_verifier does not match the code_challenge supplied")),
    Sample(
      "words-acr-mismatch", log("oidc: acr claim value is not the expected one, got silver")),
    Sample("words-auth-time-missing", log("OIDC error: auth_time is missing from the ID token")),
    Sample(
      "words-pushed-request-missing",
      form("invalid_request", "Pushed authorization request is required")),
    Sample(
      "words-request-object-missing",
      form("invalid_request", "Request object is not signed, invalid")),
    Sample("words-dpop-missing", json("invalid_request", "DPoP proof is missing")),
  ]

  static let clientWords: [Sample] = [
    Sample("words-client-id-unknown", address("unauthorized_client", "Unknown client_id")),
    Sample("words-client-id-unknown", page("Sign in", "The client ID was not found.")),
    Sample(
      "words-client-id-unknown",
      json("invalid_request", "no client with this identifier: client_id unknown")),
    Sample("words-client-id-missing", form("invalid_request", "client_id is missing")),
    Sample(
      "words-client-id-missing", json("invalid_client", "No client_id provided in the request")),
    Sample("words-client-id-not-allowed", form("access_denied", "Client application is disabled")),
    Sample("words-client-secret-mismatch", json("invalid_client", "Incorrect secret")),
    Sample(
      "words-client-secret-mismatch", json("unauthorized_client", "The client secret is invalid")),
    Sample("words-client-secret-mismatch", json("access_denied", "wrong client_secret")),
    Sample("words-client-secret-expired", json("invalid_client", "The client secret has expired")),
    Sample("words-client-secret-missing", json("invalid_client", "client_secret was not sent")),
    Sample(
      "words-client-authentication-missing",
      json("invalid_client", "Client authentication method client_secret_post is not supported")),
    Sample(
      "words-code-used-twice", json("invalid_grant", "Authorization code has already been used")),
    Sample("words-code-expired", json("invalid_grant", "authorization code expired")),
    Sample("words-code-expired", json("invalid_grant", "The code has expired.")),
    Sample("words-code-unknown", json("invalid_grant", "authorization code not found")),
    Sample("words-code-unknown", json("invalid_grant", "The code is not valid")),
    Sample(
      "words-code-missing", log("oauth callback: error: no authorization code in the request")),
    Sample(
      "words-grant-type-unsupported",
      json("unauthorized_client", "grant type authorization_code is not enabled for this app")),
    Sample("words-refresh-token-expired", json("invalid_grant", "refresh token revoked")),
    Sample(
      "words-session-missing", log("OIDC: login session not found, the cookie may be blocked")),
    Sample("words-session-missing", log("SSO callback error: session cookie is missing")),
    Sample("words-header-too-large", log("oauth2 callback: request headers too large")),
    Sample("words-consent-missing", form("access_denied", "User consent is missing")),
    Sample("words-user-unknown", log("OIDC login failed: user not found")),
    Sample("words-user-not-allowed", form("access_denied", "The user is not assigned to this app")),
    Sample("words-user-not-allowed", form("access_denied", "User account is locked")),
  ]

  static let tokenWords: [Sample] = [
    Sample("words-user-declined", form("access_denied", "The resource owner denied the request")),
    Sample("words-user-declined", form("access_denied", "User denied access")),
    Sample("words-proxy-failed", log("oidc discovery: proxyconnect tcp: connection refused")),
    Sample("words-token-expired", log("OAuth error: the token has expired")),
    Sample(
      "words-discovery-unreachable",
      log("connect ECONNREFUSED https://id.example.org/.well-known/openid-configuration")),
    Sample(
      "words-certificate-mismatch",
      log("oidc: x509: certificate is valid for a.example, not b.example")),
    Sample("words-audience-mismatch", log("oidc: id_token rejected: audience mismatch")),
    Sample("words-audience-mismatch", log("Error: the aud claim does not contain the client id")),
    Sample(
      "words-audience-mismatch", log("OpenID token: unexpected audience \"a\", expected \"b\"")),
    Sample("words-issuer-mismatch", log("id_token error: invalid issuer")),
    Sample("words-issuer-mismatch", log("oidc: iss claim does not match the configured issuer")),
    Sample("words-key-unknown", log("oidc: no key found for kid k1 in JWKS, signing key unknown")),
    Sample("words-key-unknown", log("jwks: unable to find key with kid \"k2\"")),
    Sample("words-key-unreachable", log("OIDC error: could not fetch JWKS")),
    Sample("words-key-unreachable", log("Failed to retrieve signing keys from the jwks_uri")),
    Sample("words-algorithm-mismatch", log("id_token: unsupported signature algorithm HS256")),
    Sample("words-algorithm-mismatch", log("OIDC: unexpected signing method: HS256")),
    Sample("words-signature-invalid", log("id_token signature verification failed")),
    Sample("words-signature-invalid", log("oidc: invalid signature of ID token")),
    Sample("words-id-token-expired", log("OIDC error: ID token expired at 12:00")),
    Sample("words-issued-at-in-future", log("oidc: iat is in the future")),
    Sample("words-issued-at-in-future", log("id_token rejected: nbf is in the future")),
    Sample("words-clock-mismatch", log("OIDC: clock skew too large between server and provider")),
    Sample("words-hash-mismatch", log("id_token validation error: c_hash does not match")),
    Sample("words-hash-missing", log("id_token validation error: at_hash is missing")),
    Sample("words-encryption-unsupported", log("OIDC: encrypted ID tokens are not supported")),
    Sample("words-encryption-unsupported", log("sso: cannot decode encrypted JWT")),
    Sample("words-id-token-missing", log("OAuth: no id_token in the token response")),
    Sample("words-id-token-malformed", log("oidc: failed to parse ID token")),
    Sample(
      "words-certificate-invalid",
      log(
        "oidc discovery: Get \"https://id.example.org/.well-known/openid-configuration\": x509:"
          + " certificate signed by unknown authority")),
    Sample(
      "words-certificate-expired",
      log("OpenID discovery failed: certificate has expired")),
    Sample(
      "words-discovery-unreachable",
      log("could not fetch OpenID configuration from the issuer")),
    Sample(
      "words-userinfo-subject-mismatch",
      log("OIDC: userinfo sub does not match the sub of the ID token")),
  ]

  static let valueWords: [Sample] = [
    Sample(
      "values-hash-encoding",
      "RPError: at_hash mismatch, expected lTZwBokilh4aD6eMYP6kjw, got: lTZwBokilh4aD6eMYP6kjw=="),
    Sample(
      "values-hash-encoding",
      log(
        "id_token: c_hash does not match: expected LDktKdoQak3Pk0cnXxCltA, found"
          + " 2c392d29da106a4dcf9347275f10a5b4")),
    Sample(
      "values-placeholder",
      "Error: invalid_client\n\nThe OAuth client was not found.\n\nclient_id=None"),
    Sample(
      "values-placeholder",
      address("unauthorized_client", "Unknown client") + "&client_id=undefined"),
    Sample(
      "values-placeholder",
      json("invalid_request", "redirect_uri is not valid") + "\nredirect_uri=${BASE_URL}/callback&x"
    ),
    Sample(
      "values-blank-end",
      "https://id.example.org/authorize?client_id=app-1%20&x=1\nerror=invalid_request&"
        + "error_description=Unknown+client_id"),
    Sample("oauth-error", form("invalid_flux", "The flux is not compensated")),
    Sample("oauth-error", #"{"error":"tenant_paused","error_description":"Ask the desk."}"#),
  ]
}
