extension Sample {
  /// Messages from documentation and source code.
  static let moreProducts: [Sample] = [
    Sample(
      "mod-auth-state-cookie",
      log("[auth_openidc:error] oidc_authorization_response_match_state: unable to restore state")),
    Sample(
      "mod-auth-state-differs",
      log(
        "[auth_openidc:error] oidc_restore_proto_state: calculated state from cookie does not "
          + "match state parameter passed back in URL: \"a\" != \"b\"")),
    Sample(
      "mod-auth-state-many",
      log(
        "[auth_openidc:warn] the number of existing, valid state cookies (8) has exceeded the "
          + "limit (7), no additional authorization request + state cookie can be generated")),
    Sample(
      "mod-auth-host",
      log(
        "[auth_openidc:error] the URL hostname (a.example.org) of the configured OIDCRedirectURI "
          + "does not match the URL hostname of the URL being accessed (b.example.org): the "
          + "\"state\" and \"session\" cookies will not be shared between the two!")),
    Sample(
      "mod-auth-key",
      log(
        "oidc_proto_jwt_verify: JWT signature verification failed: [src/jose.c:843: "
          + "oidc_jwt_verify]: could not find key with kid: pw9td")),
    Sample(
      "mod-auth-issuer",
      log(
        "[auth_openidc:error] requested issuer (https://a.example) does not match received \"iss\" "
          + "value in id_token (https://b.example)")),
    Sample(
      "mod-auth-audience",
      log(
        "[auth_openidc:error] our configured client_id (app-1) could not be found in the array of "
          + "values for \"aud\" claim")),
    Sample(
      "mod-auth-time",
      log(
        "[auth_openidc:error] \"exp\" validation failure (1763806333): JWT expired 12 seconds ago")),
    Sample(
      "lua-oidc-state",
      log("openidc.lua: request to the redirect_uri path but there's no session state found")),
    Sample(
      "lua-oidc-discovery",
      log(
        "openidc.lua: accessing discovery url "
          + "(https://id.example.org/.well-known/openid-configuration) failed: 20: unable to get "
          + "local issuer certificate")),
    Sample(
      "spring-id-token",
      log(
        "OAuth2AuthenticationException: [invalid_id_token] The ID Token contains invalid claims: "
          + "{iat=2026-11-22T10:12:13Z}")),
    Sample(
      "spring-verifier-missing",
      log(
        "[missing_signature_verifier] Failed to find a Signature Verifier for Client Registration: "
          + "'demo'.")),
    Sample(
      "spring-token-response",
      log(
        "[invalid_token_response] An error occurred while attempting to retrieve the OAuth 2.0 "
          + "Access Token Response: 401 Unauthorized: [no body]")),
    Sample(
      "spring-userinfo",
      log(
        "[missing_user_name_attribute] Missing required \"user name\" attribute name in "
          + "UserInfoEndpoint for Client Registration: demo")),
    Sample(
      "nimbus-issuer",
      log("Bad JWT: Unexpected JWT issuer: https://id.example.org/")),
    Sample(
      "nimbus-audience",
      log("BadJWTException: JWT audience rejected: [account]")),
    Sample(
      "nimbus-nonce",
      log("BadJWTException: Unexpected JWT nonce (nonce) claim: n-1")),
    Sample(
      "nimbus-time",
      log("BadJWTException: JWT issue time after current time")),
    Sample(
      "nimbus-signature",
      log(
        "An error occurred while attempting to decode the Jwt: Signed JWT rejected: Invalid "
          + "signature")),
    Sample(
      "omniauth-csrf",
      log("Could not authenticate you from OpenIDConnect because \"Csrf detected\".")),
    Sample(
      "omniauth-issuer",
      log("Could not authenticate you from OpenIDConnect because \"Issuer mismatch\".")),
    Sample(
      "omniauth-key",
      log("JSON::JWK::Set::KidNotFound")),
    Sample(
      "doorkeeper-redirect",
      log("The redirect URI included is not valid.")),
    Sample(
      "doorkeeper-client",
      json(
        "invalid_client",
        "Client authentication failed due to unknown client, no client authentication included, or "
          + "unsupported authentication method.")),
    Sample(
      "doorkeeper-grant",
      json(
        "invalid_grant",
        "The provided authorization grant is invalid, expired, revoked, does not match the "
          + "redirection URI used in the authorization request, or was issued to another client.")),
    Sample(
      "gitlab-scope",
      form(
        "invalid_scope",
        "The requested scope is invalid, unknown, or malformed.")),
    Sample(
      "django-oidc-state",
      "SuspiciousOperation at /oidc/callback/\nOIDC callback state not found in session "
        + "`oidc_states`!"),
    Sample(
      "django-oidc-key",
      log("SuspiciousOperation: JWS token verification failed.")),
    Sample(
      "social-auth-state",
      log("social_core.exceptions.AuthStateMissing: Session value state missing.")),
    Sample(
      "social-auth-refused",
      log("social_core.exceptions.AuthForbidden: Your credentials aren't allowed")),
    Sample(
      "social-auth-token",
      log("social_core.exceptions.AuthTokenError: Token error: Signature verification failed")),
    Sample(
      "authlib-claim",
      log("authlib.jose.errors.InvalidClaimError: invalid_claim: Invalid claim \"iss\"")),
    Sample(
      "authlib-signature",
      log("authlib.jose.errors.BadSignatureError: bad_signature: ")),
    Sample(
      "oauthlib-http",
      log(
        "oauthlib.oauth2.rfc6749.errors.InsecureTransportError: (insecure_transport) OAuth 2 MUST "
          + "utilize https.")),
    Sample(
      "oauthlib-scope",
      log(
        "Warning: Scope has changed from \"openid email\" to \"openid "
          + "https://www.googleapis.com/auth/userinfo.email\".")),
    Sample(
      "oauthlib-token-missing",
      log(
        "oauthlib.oauth2.rfc6749.errors.MissingTokenError: (missing_token) Missing access token "
          + "parameter.")),
    Sample(
      "jumbojett-discovery",
      log(
        "Jumbojett\\OpenIDConnectClientException: The provider authorization_endpoint could not be "
          + "fetched. Make sure your provider has a well known configuration available.")),
    Sample(
      "jumbojett-state",
      log("Jumbojett\\OpenIDConnectClientException: Unable to determine state")),
    Sample(
      "jumbojett-token",
      log("Jumbojett\\OpenIDConnectClientException: Unable to verify JWT claims")),
    Sample(
      "jumbojett-openid",
      log("Jumbojett\\OpenIDConnectClientException: User did not authorize openid scope.")),
    Sample(
      "laravel-state",
      log("Laravel\\Socialite\\Two\\InvalidStateException")),
    Sample(
      "pyjwt-algorithm",
      log("jwt.exceptions.InvalidAlgorithmError: The specified alg value is not allowed")),
    Sample(
      "keycloak-event-client-credentials",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"CODE_TO_TOKEN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"invalid_client_credentials\", "
        + "auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-redirect-uri",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"invalid_redirect_uri\", "
        + "auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-code",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"CODE_TO_TOKEN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"invalid_code\", auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-pkce",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"CODE_TO_TOKEN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"pkce_verification_failed\", "
        + "auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-password",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"invalid_user_credentials\", "
        + "auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-user-disabled",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"user_temporarily_disabled\", "
        + "auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-client-disabled",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"client_disabled\", auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-not-allowed",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"not_allowed\", auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-declined",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"rejected_by_user\", auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-session",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"CODE_TO_TOKEN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"user_session_not_found\", "
        + "auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-cookie",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"cookie_not_found\", auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-https",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", userId=\"null\", "
        + "ipAddress=\"203.0.113.9\", error=\"ssl_required\", auth_method=\"openid-connect\""),
    Sample(
      "keycloak-event-broker",
      "2026-10-08 20:15:47,489 WARN  [org.keycloak.events] (executor-thread-57) "
        + "type=\"IDENTITY_PROVIDER_LOGIN_ERROR\", realmId=\"demo\", clientId=\"files\", "
        + "userId=\"null\", ipAddress=\"203.0.113.9\", "
        + "error=\"identity_provider_login_failure\", auth_method=\"openid-connect\""),
    Sample(
      "salesforce-client-id",
      "https://login.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_client_id&error_description=client%20identifier%20invalid"
    ),
    Sample(
      "salesforce-redirect",
      log(
        "error=redirect_uri_mismatch&error_description=redirect_uri%20must%20match%20configuration")
    ),
    Sample(
      "salesforce-app-blocked",
      log(
        "error=OAUTH_APP_ACCESS_DENIED&error_description=user+is+not+admin+approved+to+access+this+app"
      )),
    Sample(
      "okta-configured-types",
      log(
        "OAuthError: The response type is not supported by the authorization server. Configured "
          + "response types: [code].")),
    Sample(
      "proxy-header-size",
      "400 Bad Request\nRequest Header Or Cookie Too Large\nnginx/1.17.6"),
    Sample(
      "proxy-header-size",
      log("upstream sent too big header while reading response header from upstream")),
    Sample(
      "registered-uris",
      log("RedirectURIError: Doesn't match any registered uris")),
  ]
}
