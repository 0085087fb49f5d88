extension Sample {
  static let keycloak: [Sample] = [
    Sample(
      "keycloak-redirect-uri", page("We are sorry...", "Invalid parameter: redirect_uri")),
    Sample(
      "keycloak-implicit-off",
      form(
        "unauthorized_client",
        "Client is not allowed to initiate browser login with given response_type. Implicit flow is"
          + " disabled for the client.")),
    Sample(
      "keycloak-standard-off",
      address(
        "unauthorized_client",
        "Client is not allowed to initiate browser login with given response_type. Standard flow is"
          + " disabled for the client.")),
    Sample("keycloak-nonce-missing", form("invalid_request", "Missing parameter: nonce")),
    Sample(
      "keycloak-response-type-missing",
      form("invalid_request", "Missing parameter: response_type")),
    Sample(
      "keycloak-response-type-unknown", form("unsupported_response_type"), at: Issuer.keycloak),
    Sample(
      "keycloak-response-mode-unknown",
      form("invalid_request", "Invalid parameter: response_mode")),
    Sample(
      "keycloak-response-mode-query",
      address(
        "invalid_request", "Response_mode 'query' not allowed for implicit or hybrid flow")),
    Sample(
      "keycloak-dpop-hybrid",
      form(
        "unauthorized_client",
        "DPoP is not supported for implicit and hybrid flows. Client requires DPoP bound access"
          + " tokens.")),
    Sample("keycloak-scope", form("invalid_scope", "Invalid scopes: openid reports")),
    Sample(
      "keycloak-pkce-required",
      form("invalid_request", "Missing parameter: code_challenge_method")),
    Sample(
      "keycloak-pkce-required",
      form(
        "invalid_request",
        "Invalid parameter: code challenge method is not matching the configured one")),
    Sample("keycloak-client-not-found", page("We are sorry...", "Client not found.")),
    Sample(
      "keycloak-client-disabled", page("We are sorry...", "Login requester not enabled")),
    Sample("keycloak-https-required", page("We are sorry...", "HTTPS required")),
    Sample("keycloak-https-required", json("invalid_request", "HTTPS required")),
    Sample("keycloak-realm-missing", "{\"error\":\"Realm does not exist\"}"),
    Sample(
      "keycloak-cookie-not-found",
      page(
        "We are sorry...",
        "Cookie not found. Please make sure cookies are enabled in your browser.")),
    Sample(
      "keycloak-issuer-slash",
      log(
        "unexpected iss value, expected https://sso.example.org/realms/demo/, got:"
          + " https://sso.example.org/realms/demo")),
    Sample(
      "keycloak-hostname",
      log(
        "oidc: issuer did not match the issuer returned by provider, expected"
          + " \"https://sso.example.org/realms/demo\" got \"http://keycloak:8080/realms/demo\"")),
    Sample("keycloak-iss-missing", log("RPError: iss missing from the response")),
    Sample(
      "keycloak-policy-misses-hybrid",
      "We target implicit with a client policy (GrantTypeCondition) and hybrid requests pass."),
    Sample(
      "keycloak-verifier-missing", json("invalid_grant", "PKCE code verifier not specified")),
    Sample(
      "keycloak-verifier-mismatch",
      json("invalid_grant", "PKCE verification failed: Code mismatch")),
    Sample(
      "keycloak-verifier-mismatch",
      json("invalid_grant", "PKCE verification failed: Invalid code verifier")),
    Sample(
      "keycloak-challenge-missing",
      json(
        "invalid_grant",
        "PKCE code verifier specified but challenge not present in authorization")),
    Sample("keycloak-code-invalid", json("invalid_grant", "Code not valid")),
    Sample("keycloak-code-expired", json("invalid_grant", "Code is expired")),
    Sample("keycloak-redirect-uri-differs", json("invalid_grant", "Incorrect redirect_uri")),
    Sample("keycloak-session-gone", json("invalid_grant", "Session not active")),
    Sample("keycloak-session-gone", json("invalid_grant", "User session not found")),
    Sample(
      "keycloak-client-credentials",
      json("unauthorized_client", "Invalid client or Invalid client credentials")),
    Sample(
      "keycloak-client-credentials",
      log(
        "KeycloakError: HTTP 403: {'error': 'unauthorized_client',"
          + " 'error_description': 'Invalid client secret'}")),
    Sample(
      "keycloak-secret-not-sent",
      json("unauthorized_client", "Client secret not provided in request")),
    Sample("keycloak-basic-base64", json("unknown_error", "Illegal base64url string!")),
    Sample(
      "keycloak-assertion-missing",
      json("invalid_client", "Parameter client_assertion_type is missing")),
    Sample(
      "keycloak-token-client-mismatch",
      json("invalid_grant", "Auth error"), at: Issuer.keycloak),
    Sample("keycloak-refresh-inactive", json("invalid_grant", "Token is not active")),
    Sample("keycloak-userinfo-scope", json("insufficient_scope", "Missing openid scope")),
  ]
}
