extension Sample {
  static let auth0: [Sample] = [
    Sample(
      "auth0-callback-mismatch",
      page(
        "Oops!, something went wrong",
        "Callback URL mismatch. The provided redirect_uri is not in the list of allowed callback"
          + " URLs. Please go to the Application Settings page and make sure you are sending a"
          + " valid callback url from your application.")),
    Sample(
      "auth0-callback-built-from-listener",
      address(
        "unauthorized_client",
        "Callback URL mismatch. http://0.0.0.0:3210/api/auth/callback/auth0 is not in the list of"
          + " allowed callback URLs")),
    Sample(
      "auth0-grant-type-off",
      form("unauthorized_client", "Grant type 'implicit' not allowed for the client.")),
    Sample(
      "auth0-third-party-response-type",
      form("unsupported_response_type", "Response type id_token is not supported"),
      at: Issuer.auth0),
    Sample(
      "auth0-third-party-parameter",
      "GET https://demo.eu.auth0.com/authorize?client_id=tpc_8sK2Lm&screen_hint=signup\n"
        + address("invalid_request", "Unsupported parameter: screen_hint")),
    Sample(
      "auth0-service-not-found",
      form("access_denied", "Service not found: https://api.demo.example")),
    Sample(
      "auth0-person-declined", form("access_denied", "User has canceled the interaction")),
    Sample(
      "auth0-action-denied", form("access_denied", "You can't log in"), at: Issuer.auth0),
    Sample("auth0-code-invalid", json("invalid_grant", "Invalid authorization code")),
    Sample("auth0-verifier-mismatch", json("invalid_grant", "Failed to verify code verifier")),
    Sample("auth0-exchange-unauthorized", json("access_denied", "Unauthorized")),
    Sample("auth0-exchange-unauthorized", log("OPError: access_denied (Unauthorized)")),
    Sample(
      "auth0-client-authentication-failed",
      json("invalid_client", "Client authentication failed"), at: Issuer.auth0),
    Sample(
      "auth0-client-grant-missing",
      json(
        "unauthorized_client",
        "Client is not authorized to access \"https://api.demo.example\". You need to create a"
          + " \"client-grant\" associated to this API. See:"
          + " https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants")),
    Sample("auth0-login-required", form("login_required", "Login required"), at: Issuer.auth0),
    Sample(
      "auth0-consent-required", form("consent_required", "Consent required"), at: Issuer.auth0),
    Sample(
      "auth0-interaction-required",
      form("interaction_required", "Interaction required"), at: Issuer.auth0),
    Sample(
      "auth0-redirect-uri-missing",
      page("Error", "Unable to issue redirect for OAuth 2.0 transaction")),
    Sample(
      "auth0-organization-invalid",
      form("invalid_request", "parameter organization is invalid: org_8Jk2")),
    Sample(
      "auth0-organization-required",
      form("invalid_request", "parameter organization is required for this client")),
    Sample(
      "auth0-no-connections",
      form("invalid_request", "no connections enabled for the client")),
    Sample("auth0-user-blocked", form("unauthorized", "user is blocked")),
    Sample(
      "auth0-form-post-warning",
      log(
        "Using 'form_post' for response_mode may cause issues for you logging in over http, see"
          + " https://github.com/auth0/express-openid-connect/blob/master/FAQ.md")),
    Sample(
      "auth0-too-many-requests",
      json("too_many_requests", "Too many requests"), at: Issuer.auth0),
    Sample(
      "auth0-refresh-token-unknown", json("invalid_grant", "Unknown or invalid refresh token.")),
    Sample(
      "auth0-opaque-access-token",
      log("UnauthorizedError: jwt malformed (issuerBaseURL https://demo.eu.auth0.com)")),
    Sample(
      "auth0-confirmation-screen",
      "what does skip_non_verifiable_callback_uri_confirmation_prompt do?"),
    Sample(
      "auth0-id-token-hs256",
      log(
        "Error: Signature algorithm of \"HS256\" is not supported. Expected the ID token to be"
          + " signed with \"RS256\".")),
    Sample(
      "auth0-expected-hs256",
      log("unexpected JWT alg received, expected HS256, got: RS256"), at: Issuer.auth0),
    Sample(
      "auth0-issuer-slash",
      log(
        "The Issuer \"https://demo.eu.auth0.com/\" provided in the configuration metadata did not"
          + " match the requested issuer \"https://demo.eu.auth0.com\"")),
    Sample(
      "auth0-custom-domain-mixed",
      log(
        "unexpected iss value, expected https://login.example.com/, got:"
          + " https://demo.eu.auth0.com/")),
  ]
}
