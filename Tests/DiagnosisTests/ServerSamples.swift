extension Sample {
  static let servers: [Sample] = [
    Sample(
      "b2c-implicit-off",
      form(
        "unauthorized_client",
        "AADB2C90057: The provided application is not configured to allow the 'OAuth' Implicit"
          + " flow.\r\nCorrelation ID: 3f1\r\nTimestamp: 2026-11-22 10:12:13Z\r\n")),
    Sample(
      "b2c-redirect-uri",
      page(
        "Error",
        "AADB2C90006: The redirect URI 'http://localhost:8910/callback' provided in the request is"
          + " not registered for the client id.")),
    Sample(
      "b2c-cancelled",
      form(
        "access_denied",
        "AADB2C90091: The user has cancelled entering self-asserted"
          + " information.")),
    Sample(
      "b2c-forgot-password",
      form("access_denied", "AADB2C90118: The user has forgotten their password.")),
    Sample(
      "b2c-grant-other-policy",
      json(
        "invalid_grant",
        "AADB2C90088: The provided grant has not been issued for this endpoint.")),
    Sample(
      "b2c-secret-missing",
      json(
        "invalid_request",
        "AADB2C90079: Clients must send a client_secret when redeeming a confidential grant.")),
    Sample(
      "cognito-redirect-uri",
      "https://demo.auth.us-east-2.amazoncognito.com/error?error=redirect_mismatch&client_id=4k2"),
    Sample("cognito-grant", form("unauthorized_client"), at: Issuer.cognito),
    Sample("duende-hybrid-not-allowed", log("Invalid grant type for client: hybrid")),
    Sample(
      "duende-implicit-and-hybrid",
      log(
        "System.InvalidOperationException: Grant types list cannot contain both implicit and"
          + " hybrid")),
    Sample(
      "duende-redirect-uri",
      page("Error", "Sorry, there was an error : unauthorized_client Invalid redirect_uri")),
    Sample(
      "duende-code-challenge", form("invalid_request", "code challenge required")),
    Sample(
      "duende-token-over-browser",
      log(
        "IdentityServer4.Validation.AuthorizeRequestValidator Client not configured to receive"
          + " access tokens via browser")),
    Sample(
      "openiddict-redirect-uri",
      """
      error:invalid_request
      error_description:The specified 'redirect_uri' is not valid for this client application.
      error_uri:https://documentation.openiddict.com/errors/ID2043
      """),
    Sample(
      "openiddict-permission",
      form(
        "unauthorized_client",
        "This client application is not allowed to use the specified response type.")),
    Sample(
      "openiddict-response-type",
      form(
        "unsupported_response_type", "The specified 'response_type' is not supported.")),
    Sample(
      "openiddict-redirect-uri-missing",
      """
      error: invalid_request
      error_description: redirect_uri must be included when making an OpenID Connect request
      """),
    Sample(
      "ory-redirect-uri",
      page(
        "An error occurred",
        "Error: invalid_request Description: The request is missing a required parameter, includes"
          + " an invalid parameter value. Hint: The \"redirect_uri\" parameter does not match any"
          + " of the OAuth 2.0 Client's pre-registered redirect urls.")),
    Sample(
      "ory-redirect-uri",
      log(
        "Hint: The 'redirect_uri' parameter does not match any of the OAuth 2.0 Client's"
          + " pre-registered 'redirect_uris'.")),
    Sample(
      "ory-verifier-mismatch",
      json(
        "invalid_grant",
        "The provided authorization grant (e.g., authorization code, resource owner credentials) or"
          + " refresh token is invalid, expired, revoked, does not match the redirection URI used"
          + " in the authorization request, or was issued to another client. The PKCE code"
          + " challenge did not match the code verifier.")),
    Sample(
      "ory-state-entropy",
      form(
        "invalid_state",
        "The state is missing or does not have enough characters and is therefore considered too"
          + " weak.")),
    Sample(
      "ory-pkce-required",
      form(
        "invalid_request",
        "Clients must include a code_challenge when performing the authorize code flow, but it is"
          + " missing.")),
    Sample(
      "ory-response-type",
      form(
        "unsupported_response_type",
        "The client is not allowed to request response_type 'code id_token'.")),
    Sample(
      "ory-auth-method",
      json(
        "invalid_client",
        "Client authentication failed (e.g., unknown client). The OAuth 2.0 Client supports client"
          + " authentication method 'client_secret_basic', but method 'client_secret_post' was"
          + " requested.")),
    Sample(
      "zitadel-redirect-uri",
      json(
        "invalid_request",
        "The requested redirect_uri is missing in the client configuration. If you have any"
          + " questions, you may contact the administrator of the application.")),
    Sample("zitadel-http", page("Error", "redirect_uri not allowed")),
    Sample(
      "authentik-redirect-uri",
      page(
        "Redirect URI Error",
        "The request fails due to a missing, invalid, or mismatching redirection URI"
          + " (redirect_uri).")),
    Sample(
      "authentik-issuer-slash",
      log(
        "OAuth Issuer mismatch: expected https://id.example.org/application/o/demo but the ID token"
          + " has iss claim, got https://id.example.org/application/o/demo/")),
    Sample(
      "node-oidc-redirect-uri",
      page(
        "oops! something went wrong",
        "error: invalid_redirect_uri error_description: redirect_uri did not match any of the"
          + " client's registered redirect_uris")),
    Sample(
      "node-oidc-response-type",
      form(
        "unauthorized_client", "requested response_type is not allowed for this client")),
    Sample("node-oidc-grant-invalid", json("invalid_grant", "grant request is invalid")),
    Sample(
      "spring-form-post-ignored",
      "spring-authorization-server 1.1 answers form_post with a GET"),
    Sample(
      "wso2-hybrid-off",
      "https://localhost:9443/authenticationendpoint/oauth2_error.do?oauthErrorCode=invalid_client"
        + "&oauthErrorMsg=Hybrid+flow+is+not+enabled+for+the+application."),
    Sample(
      "wso2-implicit-needed",
      form(
        "unauthorized_client",
        "The authenticated client is not authorized to use this authorization grant type")),
    Sample(
      "wso2-error-by-redirect",
      "https://localhost:9443/authenticationendpoint/oauth2_error.do?oauthErrorCode=x"),
    Sample(
      "gravitee-empty-form", log("template login_sso_post rendered without code and state")),
  ]

  static let libraries: [Sample] = [
    Sample("library-state-lost", log("BadRequestError: checks.state argument is missing")),
    Sample(
      "library-state-lost",
      log(
        "Error: did not find expected authorization request details in session,"
          + " req.session[\"oidc:localhost\"] is undefined")),
    Sample(
      "library-state-lost",
      """
      System.Exception: An error was encountered while handling the remote login.
       ---> System.Exception: Correlation failed.
         --- End of inner exception stack trace ---
         at Microsoft.AspNetCore.Authentication.RemoteAuthenticationHandler`1.HandleRequestAsync()
      """),
    Sample(
      "library-state-lost",
      log(
        "OAuth2AuthenticationException:"
          + " [authorization_request_not_found]")),
    Sample(
      "library-state-mismatch",
      log(
        "authlib.integrations.base_client.errors.MismatchingStateError: mismatching_state: CSRF"
          + " Warning! State not equal in request and response.")),
    Sample(
      "library-state-mismatch", log("RPError: state mismatch, expected Wq3bT1, got: 9fAk22")),
    Sample("library-state-missing", log("RPError: state missing from the response")),
    Sample(
      "library-nonce-lost",
      log(
        "IDX21323: RequireNonce is 'True'. OpenIdConnectProtocolValidationContext.Nonce was null,"
          + " OpenIdConnectProtocol.ValidatedIdToken.Payload.Nonce was not null.")),
    Sample(
      "library-nonce-mismatch", log("RPError: nonce mismatch, expected n-0S6, got: n-9Zx")),
    Sample(
      "library-nonce-mismatch",
      log("OperationProcessingError: unexpected ID Token \"nonce\" claim value")),
    Sample("library-nonce-absent", log("ID token did not contain a nonce claim.")),
    Sample(
      "library-issuer-slash",
      page("Error", "Cannot GET //.well-known/openid-configuration")),
    Sample(
      "library-issuer-slash",
      log(
        "issuer did not match the issuer returned by provider, expected \"https://id.example.org\""
          + " got \"https://id.example.org/\"")),
    Sample(
      "library-issuer-local",
      log(
        "oidc: issuer did not match the issuer returned by provider, expected"
          + " \"http://dex:5556/dex\" got \"http://localhost:5556/dex\"")),
    Sample(
      "library-issuer-port",
      log(
        "oidc: issuer did not match the issuer returned by provider, expected"
          + " \"http://localhost:5556/dex\" got \"https://localhost:5557/dex\"")),
    Sample(
      "library-issuer-mismatch",
      log(
        "oidc: id token issued by a different provider, expected \"https://a.example\" got"
          + " \"https://b.example\"")),
    Sample(
      "library-alg-hs256",
      log("RPError: unexpected JWT alg received, expected RS256, got: HS256")),
    Sample(
      "library-alg-other",
      log(
        "An error occurred while attempting to decode the Jwt: Signed JWT rejected: Another"
          + " algorithm expected, or no matching key(s) found")),
    Sample(
      "library-key-unknown",
      log("IDX10501: Signature validation failed. Unable to match key: kid: 'Nz1'.")),
    Sample(
      "library-metadata-unreachable",
      log(
        "IDX20803: Unable to obtain configuration from:"
          + " 'https://id.example.org/.well-known/openid-configuration'.")),
    Sample(
      "library-clock",
      log("RPError: id_token issued in the future, now 1763806333, iat 1763806401")),
    Sample("library-jwt-malformed", log("JsonWebTokenError: jwt malformed")),
  ]

  static let codes: [Sample] = [
    "invalid_grant", "invalid_client", "unauthorized_client", "unsupported_response_type",
    "unsupported_response_mode", "unsupported_grant_type", "invalid_request", "invalid_scope",
    "access_denied", "login_required", "consent_required", "interaction_required",
    "account_selection_required", "server_error", "temporarily_unavailable", "invalid_token",
    "insufficient_scope", "invalid_target", "invalid_request_object", "use_dpop_nonce",
    "invalid_dpop_proof",
    "request_not_supported",
    "unmet_authentication_requirements", "invalid_redirect_uri",
  ].map { Sample("code-" + $0.replacing("_", with: "-"), json($0)) }
}
