extension Sample {
  static let okta: [Sample] = [
    Sample(
      "okta-redirect-uri",
      page(
        "400 Bad Request",
        "Your request resulted in an error. The 'redirect_uri' parameter must be a Login redirect"
          + " URI in the client app settings: https://dev-123456-admin.okta.com/admin/app/x")),
    Sample(
      "okta-logout-redirect-uri",
      page(
        "400 Bad Request",
        "Your request resulted in an error. The 'post_logout_redirect_uri' parameter must be a"
          + " Logout redirect URI in the client app settings.")),
    Sample(
      "okta-policy",
      form(
        "access_denied",
        "Policy evaluation failed for this request, please check the policy configurations.")),
    Sample(
      "okta-feature",
      "{\"errorCode\":\"E0000015\",\"errorSummary\":\"You do not have permission to access the"
        + " feature you are requesting\",\"errorLink\":\"E0000015\",\"errorId\":\"oae1\"}"),
    Sample("okta-response-mode", form("unsupported_response_mode"), at: Issuer.okta),
    Sample(
      "okta-response-type",
      form(
        "unsupported_response_type",
        "The response type is not supported by the authorization server."), at: Issuer.okta),
    Sample(
      "okta-grant-type",
      form(
        "unauthorized_client",
        "The client is not authorized to use the provided grant type. Configured grant types:"
          + " [authorization_code].")),
    Sample(
      "okta-state-required",
      page("400", "The authentication request has an invalid 'state' parameter."),
      at: Issuer.okta),
    Sample("okta-no-credentials", json("invalid_client", "No client credentials found.")),
    Sample(
      "okta-secret-invalid",
      json(
        "invalid_client", "The client secret supplied for a confidential client is invalid.")),
    Sample(
      "okta-client-id-invalid",
      json("invalid_client", "Invalid value for 'client_id' parameter.")),
    Sample(
      "okta-code-expired",
      json("invalid_grant", "The authorization code is invalid or has expired.")),
    Sample(
      "okta-pkce-required",
      form("invalid_request", "PKCE code challenge is required by the application.")),
    Sample(
      "okta-pkce-failed", json("invalid_grant", "PKCE verification failed."), at: Issuer.okta),
    Sample(
      "okta-not-assigned",
      form("access_denied", "User is not assigned to the client application.")),
    Sample(
      "okta-scope",
      form(
        "invalid_scope",
        "One or more scopes are not configured for the authorization server resource.")),
    Sample(
      "okta-no-session",
      form(
        "login_required",
        "The client specified not to prompt, but the user is not logged in.")),
    Sample(
      "okta-server-not-found",
      "{\"errorCode\":\"E0000007\",\"errorSummary\":\"Not found: Resource not found: default"
        + " (AuthorizationServer)\",\"errorLink\":\"E0000007\"}"),
    Sample(
      "okta-issuer-other-server",
      log(
        "unexpected iss value, expected https://dev-123456.okta.com/oauth2/default, got:"
          + " https://dev-123456.okta.com")),
  ]

  static let google: [Sample] = [
    Sample(
      "google-redirect-uri",
      page(
        "Sign in - Google Accounts",
        "Access blocked: This app's request is invalid. You can't sign in because this app sent an"
          + " invalid request. Error 400: redirect_uri_mismatch")),
    Sample(
      "google-challenge-not-allowed",
      page(
        "Error 400: invalid_request",
        "Parameter not allowed for this message type: code_challenge_method")),
    Sample(
      "google-parameter-not-allowed",
      page(
        "Error 400: invalid_request",
        "Parameter not allowed for this message type: approval_prompt")),
    Sample(
      "google-client-not-found",
      page("Error 401: invalid_client", "The OAuth client was not found.")),
    Sample(
      "google-parameter-missing",
      page(
        "Sign in - Google Accounts",
        "Access blocked: authorisation error. Missing required parameter: client_id. Error 400:"
          + " invalid_request")),
    Sample(
      "google-embedded-browser",
      page(
        "Sign in",
        "Error 403: disallowed_useragent. This user-agent is not permitted to make an OAuth"
          + " authorization request to Google.")),
    Sample("google-code-malformed", json("invalid_grant", "Malformed auth code.")),
    Sample("google-code-used", json("invalid_grant", "Bad Request")),
    Sample("google-secret-missing", json("invalid_request", "client_secret is missing.")),
    Sample("google-secret-wrong", json("invalid_client", "Unauthorized")),
    Sample(
      "google-internal-only",
      page(
        "Sign in", "Demo is restricted to users within its organization. Error 403: org_internal")),
    Sample(
      "google-not-verified",
      page(
        "Access blocked",
        "Access blocked: Demo has not completed the Google verification process. Error 403:"
          + " access_denied")),
    Sample("google-admin-policy", page("Sign in", "Error 400: admin_policy_enforced")),
    Sample(
      "google-issuer-without-scheme",
      log(
        "id token issued by a different provider, expected https://accounts.google.com"
          + " got http://accounts.google.com")),
    Sample(
      "google-nonce-missing",
      page("Error 400: invalid_request", "Nonce required for response_type id_token.")),
  ]

  static let apple: [Sample] = [
    Sample(
      "apple-form-post",
      page(
        "invalid_request",
        "response_mode must be form_post when name or email scope is requested.")),
    Sample(
      "apple-response-mode", page("invalid_request", "Invalid response mode"), at: Issuer.apple),
    Sample(
      "adfs-token-confidential",
      address(
        "unsupported_response_type",
        "The authorization server does not support the response type 'token' for confidential "
          + "clients.")),
    Sample("apple-redirect-uri", page("invalid_request", "Invalid web redirect url.")),
    Sample(
      "apple-code-expired",
      json("invalid_grant", "The code has expired or has been revoked.")),
    Sample("apple-code-used", json("invalid_grant", "The code has already been used.")),
    Sample(
      "apple-client-mismatch",
      json(
        "invalid_grant",
        "client_id mismatch. The code was not issued to com.example.web.")),
    Sample("apple-client-secret", json("invalid_client"), at: Issuer.apple),
  ]
}
