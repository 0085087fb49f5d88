import HybridFlow

extension DiagnosisEngine {
  /// Okta's error messages.
  static let oktaRows: [DiagnosisRow] = [
    DiagnosisRow(
      "okta-redirect-uri", .okta, [.page],
      .literal("redirect_uri … must be a Login redirect URI in the client app settings"),
      .literal("illegal_redirect_uri"),
      cause: "The redirect URI is not registered exactly as it was sent.",
      fix: "Applications > your app > General > Login > Sign-in redirect URIs: add it. The System"
        + " Log shows illegal_redirect_uri.",
      source: .support("support.okta.com, redirect_uri error")),
    DiagnosisRow(
      "okta-logout-redirect-uri", .okta, [.page],
      .literal("post_logout_redirect_uri … must be a Logout redirect URI"),
      cause: "The address to go to after logout is not registered.",
      fix: "Applications > your app > General > Login > Sign-out redirect URIs: add it.",
      source: .support("support.okta.com, post_logout_redirect_uri error")),
    DiagnosisRow(
      "okta-policy", .okta, [.callback, .page, .token],
      .literal("Policy evaluation failed for this request"),
      .literal("no_matching_policy"),
      cause: "No access policy rule of the authorization server fits client, grant, person and"
        + " scopes.",
      fix: "Security > API > Authorization Servers > yours > Access Policies: add a rule that"
        + " allows the client, Authorization Code and Implicit (hybrid).",
      source: .support("support.okta.com, policy evaluation failed")),
    DiagnosisRow(
      "okta-feature", .okta, [.metadata, .page, .token],
      .literal("E0000015"),
      .literal("You do not have permission to access the feature you are requesting"),
      cause: "The org has no API Access Management, so custom authorization servers are closed.",
      fix: "Use the org authorization server: issuer https://YOUR_DOMAIN, endpoints under"
        + " /oauth2/v1.",
      source: .support("support.okta.com, E0000015")),
    DiagnosisRow(
      "okta-response-mode", .okta, [.callback, .page],
      .code("unsupported_response_mode").atThisProvider,
      cause: "query cannot carry id_token or token.",
      fix: "Send response_mode=form_post.",
      source: .document("Okta, OpenID Connect API reference")),
    DiagnosisRow(
      "okta-response-type", .okta, [.callback, .page],
      .code("unsupported_response_type").atThisProvider,
      cause: "The app is not allowed the implicit part of the hybrid flow.",
      fix: "Applications > your app > General > Grant type: tick Implicit (hybrid), with ID token"
        + " and, if wanted, access token.",
      source: .document("Okta, OpenID Connect API reference")),
    DiagnosisRow(
      "okta-grant-type", .okta, [.callback, .page, .token],
      .literal(
        "The client is not authorized to use the provided grant type … Configured grant types"),
      .wording("The client is not authorized to use the provided grant type"),
      cause: "The grant is not ticked for this app.",
      fix: "Applications > your app > General > Grant type: tick Authorization Code and Implicit"
        + " (hybrid).",
      source: .experience("Okta")),
    DiagnosisRow(
      "okta-state-required", .okta, [.callback, .page],
      .wording("authentication request has an invalid 'state' parameter"),
      .wording("invalid 'nonce' parameter … authentication request").atThisProvider,
      cause: "Okta demands state, and nonce where an ID token is asked for.",
      fix: "Send both, as random values of at least 128 bits.",
      source: .document("Okta, OpenID Connect API reference")),
    DiagnosisRow(
      "okta-no-credentials", .okta, [.token],
      .literal("No client credentials found").with("invalid_client").status(401),
      cause: "The token request brought no client credentials, or not in the way the app is set"
        + " to.",
      fix: "Applications > your app > General > Client Credentials: compare the client"
        + " authentication.",
      source: .support("a public copy of Okta\u{2019}s API reference")),
    DiagnosisRow(
      "okta-secret-invalid", .okta, [.token],
      .literal("The client secret supplied for a confidential client is invalid")
        .with("invalid_client"),
      cause: "The secret is wrong or was replaced, or copied in part.",
      fix: "Applications > your app > General > Client Secrets: copy the active one.",
      source: .code("several public clients test for it")),
    DiagnosisRow(
      "okta-client-id-invalid", .okta, [.token, .page],
      .wording("Invalid value for 'client_id' parameter").with("invalid_client"),
      cause: "The org has no active app with this client id.",
      fix: "Applications > your app > General > Client ID; look whether the app is active, and at"
        + " the right org.",
      source: .experience("Okta")),
    DiagnosisRow(
      "okta-code-expired", .okta, [.token],
      .seen(.wording, .slowExchange).needing("invalid_grant").atThisProvider,
      .wording("The authorization code is invalid or has expired").with("invalid_grant"),
      cause: "A code lives 60 seconds and works once.",
      fix: "Exchange at once and explain later (--exchange-at-once); look for a second exchange.",
      source: .document("Okta, OpenID Connect API reference")),
    DiagnosisRow(
      "okta-pkce-required", .okta, [.callback, .page],
      .literal("PKCE code challenge is required by the application"),
      .wording("PKCE code challenge is required when the token endpoint authentication method"),
      cause: "The app demands PKCE, and the request brought no code challenge.",
      fix: "Send code_challenge with S256, or untick Applications > your app > General > Require"
        + " PKCE as additional verification.",
      source: .thread("goauthentik/authentik#16398")),
    DiagnosisRow(
      "okta-pkce-failed", .okta, [.token],
      .wording("PKCE verification failed.").needing("invalid_grant").atThisProvider,
      cause: "The code_verifier does not belong to the code challenge.",
      fix: "Keep one verifier for each login and send that one.",
      source: .experience("Okta")),
    DiagnosisRow(
      "okta-not-assigned", .okta, [.callback, .page],
      .literal("User is not assigned to the client application").with("access_denied"),
      cause: "The person is not assigned to the app.",
      fix: "Applications > your app > Assignments: assign the person or one of their groups.",
      source: .code("several public applications test for it")),
    DiagnosisRow(
      "okta-scope", .okta, [.callback, .page, .token],
      .literal("One or more scopes are not configured for the authorization server resource"),
      cause: "A scope of the request does not exist at this authorization server.",
      fix: "Security > API > Authorization Servers > yours > Scopes: add it, or ask for less.",
      source: .code("snowflakedb connectors test for it")),
    DiagnosisRow(
      "okta-no-session", .okta, [.callback],
      .literal("The client specified not to prompt, but the user is not logged in"),
      blame: nil,
      cause: "prompt=none was sent, and there is no session in this browser.",
      fix: "Leave prompt=none out for the first login.",
      source: .experience("Okta")),
    DiagnosisRow(
      "okta-server-not-found", .okta, [.metadata, .page],
      .literal("Resource not found … (AuthorizationServer)"),
      .wording("E0000007").atThisProvider,
      cause: "There is no authorization server with this id in the org; default exists only where"
        + " API Access Management is switched on.",
      fix: "Security > API > Authorization Servers: copy the Issuer URI.",
      source: .experience("Okta")),
    DiagnosisRow(
      "okta-issuer-other-server", .okta, [],
      .seen(.literal, .issuerOfOtherPath).atThisProvider,
      cause: "Two authorization servers of one org are mixed: the org\u{2019}s own has no path, a"
        + " custom one has /oauth2/ID.",
      fix: "Use the issuer of the server whose endpoints are used: Security > API > Authorization"
        + " Servers.",
      source: .document("Okta, authorization servers")),
  ]
}
