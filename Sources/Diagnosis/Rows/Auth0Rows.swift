import HybridFlow

extension DiagnosisEngine {
  /// Auth0's error messages.
  static let auth0Rows: [DiagnosisRow] = [
    DiagnosisRow(
      "auth0-callback-mismatch", .auth0, [.page, .callback],
      .literal("The provided redirect_uri is not in the list of allowed callback URLs"),
      .wording("Callback URL mismatch").with("unauthorized_client"),
      cause: "The redirect URI is not registered character for character: scheme, host, port,"
        + " path and slash all count, and localhost is not 127.0.0.1.",
      fix: "Applications > your application > Settings > Allowed Callback URLs: add the redirect"
        + " URI exactly as it is sent.",
      source: .thread(
        "auth0-samples/auth0-nodejs-webapp-sample#80, ayastreb/money-tracker#116")),
    DiagnosisRow(
      "auth0-callback-built-from-listener", .auth0, [.page, .callback],
      .literal("Callback URL mismatch. http* … is not in the list of allowed callback URLs")
        .with("unauthorized_client"),
      cause: "The redirect URI named in the message is not on the application\u{2019}s list. Often"
        + " it was put together from the address the server listens on, such as 0.0.0.0.",
      fix: "Take the redirect URI from the configuration, not from the listener, and add it under"
        + " Applications > Settings > Allowed Callback URLs.",
      source: .thread("lobehub#4258")),
    DiagnosisRow(
      "auth0-grant-type-off", .auth0, [.callback, .page, .token],
      .literal("Grant type … not allowed for the client").with("unauthorized_client"),
      cause: "The application lacks a grant type: the hybrid flow wants Implicit and Authorization"
        + " Code, and a refresh token wants Refresh Token.",
      fix: "Applications > your application > Settings > Advanced Settings > Grant Types: tick"
        + " Implicit and Authorization Code.",
      source: .document("Auth0, Update Grant Types")),
    DiagnosisRow(
      "auth0-third-party-response-type", .auth0, [.callback, .page],
      .code("unsupported_response_type").atThisProvider,
      .code("unsupported_response_type").when(.thirdPartyClient),
      cause: "Third-party applications, whose client id begins with tpc_, cannot ask for id_token"
        + " or token at the authorization endpoint.",
      fix: "Use a first-party Regular Web Application, or the code flow with PKCE.",
      source: .document("Auth0, third-party applications, troubleshooting")),
    DiagnosisRow(
      "auth0-third-party-parameter", .auth0, [.callback, .page],
      .code("invalid_request").when(.thirdPartyClient),
      cause: "For third-party applications the authorization endpoint refuses parameters such as"
        + " request, request_uri, screen_hint and invitation.",
      fix: "Leave these parameters out, or register a first-party application.",
      source: .document("Auth0, third-party applications, troubleshooting")),
    DiagnosisRow(
      "auth0-service-not-found", .auth0, [.callback, .page],
      .literal("Service not found").needing("access_denied"),
      .literal("Service not found: http*"), .literal("Service not found: urn*"),
      .wording("access_denied … Service not found"),
      cause: "The audience is no API identifier of this tenant; a slash at the end counts.",
      fix: "Applications > APIs > your API > Settings: copy the Identifier as it stands into the"
        + " audience.",
      source: .support("support.auth0.com, access_denied")),
    DiagnosisRow(
      "auth0-person-declined", .auth0, [.callback],
      .literal("User has canceled the interaction"),
      .wording("User did not authorize the request").needing("access_denied"),
      blame: .person,
      cause: "The person said no on the consent screen.",
      fix: "Sign in again and accept, or let first-party applications skip consent: Applications >"
        + " APIs > your API > Settings > Allow Skipping User Consent.",
      source: .support("support.auth0.com, access_denied")),
    DiagnosisRow(
      "auth0-action-denied", .auth0, [.callback, .page],
      .code("access_denied").atThisProvider,
      cause: "With a description in free text, an Action or Rule of the tenant refused the login,"
        + " or failed with an error that it did not catch.",
      fix: "Monitoring > Logs shows which one; correct it under Actions > Library or Actions >"
        + " Triggers.",
      source: .support("support.auth0.com, access_denied")),
    DiagnosisRow(
      "auth0-code-invalid", .auth0, [.token],
      .literal("Invalid authorization code").needing("invalid_grant").status(403),
      cause: "The code is expired, was used before, belongs to another client, or came with another"
        + " redirect URI.",
      fix: "Log in again and send the code once. If it comes back, look for a second exchange, such"
        + " as a reloaded callback page.",
      source: .support("community.auth0.com/t/73029")),
    DiagnosisRow(
      "auth0-verifier-mismatch", .auth0, [.token],
      .literal("Failed to verify code verifier").needing("invalid_grant"),
      cause: "The code_verifier does not belong to the code_challenge of the authorization request:"
        + " a second login replaced it, or it was lost on the way.",
      fix: "Keep one verifier for each login, found by its state, and send the one that belongs to"
        + " this code.",
      source: .code("an error handler that matches openid-client\u{2019}s text of it")),
    DiagnosisRow(
      "auth0-exchange-unauthorized", .auth0, [.token],
      .literal("error access_denied error_description Unauthorized"),
      .wording("access_denied (Unauthorized)"),
      .literal("feacft").atThisProvider,
      cause: "The client secret is wrong (a cookie secret is a common mix-up), or the application"
        + " has another type or another authentication method than was used.",
      fix: "Applications > your application > Settings: copy the Client Secret; Credentials:"
        + " compare the authentication method. Monitoring > Logs shows Failed Exchange.",
      source: .thread(
        "auth0/express-openid-connect#363, auth0-samples/auth0-python-web-app#62,"
          + " laravel-auth0#42")),
    DiagnosisRow(
      "auth0-client-authentication-failed", .auth0, [.token],
      .wording("Client authentication failed").needing("invalid_client").atThisProvider,
      .code("invalid_client").atThisProvider,
      cause: "The client id, the secret or the way it was sent is not what the application has.",
      fix: "Applications > your application > Credentials: compare the method (Basic, Post or"
        + " private key JWT) and copy the Client Secret again.",
      source: .document("Auth0, Authentication API reference")),
    DiagnosisRow(
      "auth0-client-grant-missing", .auth0, [.token, .callback],
      .literal("Client is not authorized to access … client-grant"),
      .wording("You need to create a client-grant associated to this API"),
      .code("unauthorized_client").atThisProvider,
      cause: "The application may not have tokens for that API: a client grant is missing, which"
        + " third-party applications always need.",
      fix: "Applications > APIs > your API > Application Access (or Machine to Machine"
        + " Applications): authorize the application.",
      source: .document("Auth0, API access policies for applications")),
    DiagnosisRow(
      "auth0-login-required", .auth0, [.callback],
      .code("login_required").atThisProvider,
      blame: nil,
      cause: "prompt=none was sent and there is no session. On a loopback redirect URI Auth0 also"
        + " answers so, because it wants to show its confirmation screen.",
      fix: "Leave prompt=none out and sign in, or set"
        + " skip_non_verifiable_callback_uri_confirmation_prompt for the application.",
      source: .document("Auth0, silent authentication; non-verifiable callback migration")),
    DiagnosisRow(
      "auth0-consent-required", .auth0, [.callback],
      .code("consent_required").atThisProvider,
      blame: nil,
      cause: "With prompt=none nobody can be asked, but consent is needed: on localhost it cannot"
        + " be skipped, or the API does not allow skipping it.",
      fix: "Leave prompt=none out, use a host name other than localhost, or switch on Allow"
        + " Skipping User Consent at the API.",
      source: .support("auth0.com/docs, user consent and third-party applications")),
    DiagnosisRow(
      "auth0-interaction-required", .auth0, [.callback],
      .code("interaction_required").atThisProvider,
      blame: nil,
      cause: "An Action wants to redirect or multi-factor authentication is due, and prompt=none"
        + " forbids showing anything.",
      fix: "Leave prompt=none out for this login.",
      source: .document("Auth0, silent authentication")),
    DiagnosisRow(
      "auth0-redirect-uri-missing", .auth0, [.page],
      .literal("Unable to issue redirect for OAuth 2.0 transaction"),
      cause: "The authorization request had no redirect_uri, often because an SDK option stood in"
        + " the wrong place.",
      fix: "Send redirect_uri; in the SDK\u{2019}s options it belongs among the authorization"
        + " parameters.",
      source: .thread("auth0/auth0-spa-js#1050")),
    DiagnosisRow(
      "auth0-organization-invalid", .auth0, [.callback, .page],
      .literal("parameter organization is invalid"),
      cause: "The organization does not exist here, or the application is not enabled for it.",
      fix: "Organizations: copy the id (org_\u{2026}); at the application, Organizations tab: allow"
        + " the kind of users.",
      source: .document("Auth0, organizations, error codes")),
    DiagnosisRow(
      "auth0-organization-required", .auth0, [.callback, .page],
      .literal("parameter organization is required"),
      cause: "The application lets only members of organizations in, and the request names none.",
      fix: "Send organization=org_\u{2026}, or at the application, Organizations tab, let"
        + " individuals sign in or choose Prompt for Organization.",
      source: .code("set-up notes of several public applications quote it")),
    DiagnosisRow(
      "auth0-no-connections", .auth0, [.callback, .page],
      .literal("no connections enabled for the client"),
      cause: "No way to sign in is switched on for this application.",
      fix: "Applications > your application > Connections: switch one on; third-party and"
        + " registered-on-the-fly applications need a domain-level connection.",
      source: .code("set-up notes of several public applications quote it")),
    DiagnosisRow(
      "auth0-user-blocked", .auth0, [.callback, .page],
      .literal("error unauthorized error_description user is blocked"),
      .wording("user is blocked").atThisProvider,
      cause: "The account is blocked in this tenant.",
      fix: "User Management > Users > the user > Actions > Unblock.",
      source: .experience("Auth0")),
    DiagnosisRow(
      "auth0-form-post-warning", .auth0, [],
      .literal("form_post … may cause issues for you logging in over http"),
      .literal("form_post may cause issues for you logging in over http"),
      cause: "The SDK keeps its state in a cookie. On plain http that cookie cannot be"
        + " SameSite=None, and a form post from another site then comes without it.",
      fix: "Use https for the application, or keep the state on the server by its value.",
      source: .thread("auth0/express-openid-connect#159")),
    DiagnosisRow(
      "auth0-too-many-requests", .auth0, [],
      .code("too_many_requests").atThisProvider,
      .wording("Global limit has been reached"),
      blame: .provider,
      cause: "The tenant\u{2019}s rate limit is reached, often by fetching a new token for each"
        + " call of an API.",
      fix: "Keep an access token until it expires; Monitoring > Logs shows who asks so often.",
      source: .document("Auth0, rate limit policy")),
    DiagnosisRow(
      "auth0-refresh-token-unknown", .auth0, [.token],
      .literal("Unknown or invalid refresh token"),
      cause: "The refresh token was replaced by rotation, revoked, or belongs to another client.",
      fix: "Store the newest refresh token of each answer; Applications > Settings > Refresh Token"
        + " Rotation shows the reuse interval.",
      source: .experience("Auth0")),
  ]
}
