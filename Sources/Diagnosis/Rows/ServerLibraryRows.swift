import HybridFlow

extension DiagnosisEngine {
  /// Apache and nginx modules, Spring, Nimbus, OmniAuth and Doorkeeper.
  static let serverLibraryRows: [DiagnosisRow] = [
    DiagnosisRow(
      "mod-auth-state-cookie", .generic, [],
      .literal("oidc_unsolicited_proto_state"),
      .literal("unable to restore state", "oidc_authorization_response_match_state"),
      .literal("oidc_authorization_response_match_state: unable to restore state"),
      .literal("no \"mod_auth_openidc_state_*"),
      .literal("invalid authorization response state and no default SSO URL is set"),
      cause: "mod_auth_openidc did not get its state cookie back, so it takes the answer for one "
        + "that nobody asked for.",
      fix: "Keep one host name and https from start to callback; set OIDCCookieSameSite Off (or "
        + "None) for form posts, and raise OIDCStateTimeout if people take long to sign in.",
      source: .thread("OpenIDC/mod_auth_openidc#877, #213")),
    DiagnosisRow(
      "mod-auth-state-differs", .generic, [],
      .literal("calculated state from cookie does not match state parameter passed back in URL"),
      cause: "The state of the answer does not fit the cookie: user agent or address of the "
        + "browser changed on the way, or another login\u{2019}s cookie was used.",
      fix: "Start again in one tab; behind a proxy that changes them, set OIDCStateInputHeaders "
        + "none.",
      source: .code("OpenIDC/mod_auth_openidc, state")),
    DiagnosisRow(
      "mod-auth-state-many", .generic, [],
      .literal("number of existing, valid state cookies … has exceeded the limit"),
      cause: "Too many logins were started and not ended: their state cookies have piled up.",
      fix:
        "Delete the site\u{2019}s cookies; set OIDCStateMaxNumberOfCookies 7 true, and let requests "
        + "of scripts get 401 (OIDCUnAuthAction).",
      source: .code("OpenIDC/mod_auth_openidc, state cookies")),
    DiagnosisRow(
      "mod-auth-host", .generic, [],
      .literal(
        "of the configured OIDCRedirectURI does not match the URL hostname of the URL being accessed"
      ),
      cause: "The page is opened under another host name than the redirect URI\u{2019}s, so their "
        + "cookies are not shared.",
      fix: "Send people to the host name of OIDCRedirectURI, or set OIDCCookieDomain to the "
        + "domain of both.",
      source: .code("OpenIDC/mod_auth_openidc, configuration check")),
    DiagnosisRow(
      "mod-auth-key", .generic, [],
      .literal("could not find key with kid"),
      .literal("oidc_proto_jwt_verify: JWT signature verification failed"),
      .literal("id_token signature could not be validated, aborting"),
      cause: "mod_auth_openidc has no key that verifies the ID token: its kid is not in the key "
        + "set that was loaded.",
      fix: "Compare kid of the token with OIDCProviderJwksUri; lower OIDCJWKSRefreshInterval, "
        + "and restart Apache after the keys were rotated.",
      source: .code("OpenIDC/mod_auth_openidc, key lookup")),
    DiagnosisRow(
      "mod-auth-issuer", .generic, [],
      .literal("does not match received \"iss\" value in id_token"),
      .literal("oidc_proto_validate_iss"),
      cause: "The ID token\u{2019}s issuer is not the configured one.",
      fix: "Set OIDCProviderMetadataURL (or OIDCProviderIssuer) so that issuer equals iss of the "
        + "token, character by character.",
      source: .code("OpenIDC/mod_auth_openidc, ID token checks")),
    DiagnosisRow(
      "mod-auth-audience", .generic, [],
      .literal("could not be found in the array of values for \"aud\" claim"),
      cause: "The ID token was issued for another client: OIDCClientID is not in its aud.",
      fix: "Compare OIDCClientID with aud of the token.",
      source: .code("OpenIDC/mod_auth_openidc, ID token checks")),
    DiagnosisRow(
      "mod-auth-time", .generic, [],
      .literal("\"exp\" validation failure"),
      .literal("\"iat\" validation failure"),
      .literal("oidc_proto_validate_iat"),
      .literal("oidc_proto_validate_exp"),
      blame: .environment,
      cause: "The ID token is out of its time on this machine: the clocks differ.",
      fix: "Let both machines follow a time server; OIDCIDTokenIatSlack allows more seconds.",
      source: .code("OpenIDC/mod_auth_openidc, ID token checks")),
    DiagnosisRow(
      "lua-oidc-state", .generic, [],
      .literal("does not match state restored from session"),
      .literal("request to the redirect_uri path but there's no session state found"),
      cause: "lua-resty-openidc did not find the login in its session: the cookie did not come "
        + "back, another tab replaced it, or each worker made its own session secret.",
      fix: "Set one session secret for all workers ($session_secret), SameSite=None; Secure for "
        + "form posts, one host name, and a redirect URI that is a path of its own.",
      source: .code("zmartzone/lua-resty-openidc")),
    DiagnosisRow(
      "lua-oidc-discovery", .generic, [],
      .literal("accessing discovery url"),
      .literal("could not decode JSON from Discovery"),
      blame: .environment,
      cause: "lua-resty-openidc could not read the discovery document.",
      fix: "nginx needs resolver and lua_ssl_trusted_certificate to fetch it; give the whole "
        + "address with /.well-known/openid-configuration in discovery.",
      source: .code("zmartzone/lua-resty-openidc")),
    DiagnosisRow(
      "spring-id-token", .generic, [],
      .literal("[invalid_id_token]"),
      .literal("The ID Token contains invalid claims"),
      cause: "Spring Security did not accept the ID token; the words behind [invalid_id_token] "
        + "name the claim or the signature.",
      fix: "Compare issuer-uri, client-id and the clock with iss, aud, exp and iat of the token; "
        + "a JwtDecoderFactory allows another algorithm than RS256.",
      source: .code("spring-security, OIDC login")),
    DiagnosisRow(
      "spring-verifier-missing", .generic, [],
      .literal("[missing_signature_verifier]"),
      cause: "Spring Security has no keys for the ID token: neither jwk-set-uri nor issuer-uri "
        + "is configured.",
      fix: "Set spring.security.oauth2.client.provider.NAME.issuer-uri, or jwk-set-uri.",
      source: .code("spring-security, OidcIdTokenDecoderFactory")),
    DiagnosisRow(
      "spring-token-response", .generic, [],
      .literal("[invalid_token_response]"),
      cause:
        "Spring Security could not use the token endpoint\u{2019}s answer: it was an error, or no "
        + "JSON; the words behind it quote it.",
      fix: "Look at the status and body in the message: 401 is client id, secret or "
        + "client-authentication-method; HTML comes from a wrong token-uri or a proxy.",
      source: .code("spring-security, OAuth 2 client")),
    DiagnosisRow(
      "spring-userinfo", .generic, [],
      .literal("[invalid_user_info_response]"),
      .literal("[missing_user_info_uri]"),
      .literal("[missing_user_name_attribute]"),
      cause: "Spring Security could not read who signed in from the userinfo endpoint.",
      fix: "Set user-info-uri and user-name-attribute as the provider has them (sub as a rule), "
        + "and ask for openid.",
      source: .code("spring-security, OAuth 2 login")),
    DiagnosisRow(
      "nimbus-issuer", .generic, [],
      .literal("Unexpected JWT (ID token) issuer"),
      .literal("Unexpected JWT issuer"),
      .literal("JWT iss claim has value"),
      cause: "The ID token\u{2019}s issuer is not the configured one.",
      fix: "Copy issuer from the discovery document, character by character.",
      source: .code("Nimbus OAuth 2.0 SDK, IDTokenClaimsVerifier")),
    DiagnosisRow(
      "nimbus-audience", .generic, [],
      .literal("Unexpected JWT (ID token) audience"),
      .literal("Unexpected JWT audience"),
      .literal("JWT aud claim has value"),
      .literal("JWT audience rejected"),
      cause: "The token was issued for another audience than the configured client id or API.",
      fix: "Compare client id or API identifier with aud of the token.",
      source: .code("Nimbus OAuth 2.0 SDK, IDTokenClaimsVerifier")),
    DiagnosisRow(
      "nimbus-nonce", .generic, [],
      .literal("Unexpected JWT nonce"),
      .literal("Missing JWT nonce"),
      .literal("Missing JWT (ID token) nonce"),
      cause: "The ID token\u{2019}s nonce is missing or is another login\u{2019}s.",
      fix: "Start again in one tab; store a nonce for each login and hand that one to the check.",
      source: .code("Nimbus OAuth 2.0 SDK, IDTokenClaimsVerifier")),
    DiagnosisRow(
      "nimbus-time", .generic, [],
      .literal("JWT issue time after current time"),
      .literal("Expired JWT (ID token)"),
      blame: .environment,
      cause: "The ID token is out of its time on this machine: the clocks differ.",
      fix:
        "Let both machines follow a time server; the verifier\u{2019}s maximum clock skew allows a "
        + "minute.",
      source: .code("Nimbus OAuth 2.0 SDK, IDTokenClaimsVerifier")),
    DiagnosisRow(
      "nimbus-signature", .generic, [],
      .literal("Signed JWT rejected: Invalid signature"),
      cause: "The token\u{2019}s signature does not verify with the keys that were loaded.",
      fix: "Compare kid, alg and iss of the token with the configured jwk-set-uri; Microsoft "
        + "Graph tokens cannot be verified by others.",
      source: .code("Nimbus JOSE + JWT")),
    DiagnosisRow(
      "omniauth-csrf", .generic, [],
      .literal("because \"Csrf detected\""),
      .literal("omniauth: (openid_connect) Authentication failure! csrf_detected"),
      .literal("Invalid 'state' parameter", "openid_connect"),
      .literal("Authentication failure! invalid_state"),
      .literal("csrf_detected | CSRF detected"), .literal("CallbackError: csrf_detected"),
      .literal("Authentication failure! csrf_detected"),
      cause: "OmniAuth did not find the state of this login in its session: the cookie did not "
        + "come back, or the session was replaced.",
      fix: "Keep one host name and https from start to callback (GitLab: external_url), let the "
        + "session cookie be SameSite=None for form posts, and start again in one tab.",
      source: .code("omniauth_openid_connect")),
    DiagnosisRow(
      "omniauth-issuer", .generic, [],
      .literal("because \"Issuer mismatch\""),
      .literal("InvalidIssuer: Issuer does not match"),
      .literal("OpenIDConnect::Discovery::DiscoveryFailed"),
      .literal("because \"Unexpected issuer"),
      cause: "OmniAuth\u{2019}s issuer is not the one that the provider names, or its discovery "
        + "document could not be read.",
      fix: "Set issuer in the options exactly as the discovery document writes it, with "
        + "discovery: true.",
      source: .code("omniauth_openid_connect and openid_connect")),
    DiagnosisRow(
      "omniauth-key", .generic, [],
      .literal("JSON::JWK::Set::KidNotFound"),
      .literal("because \"Kid not found"),
      cause:
        "The key that the ID token names is not in the provider\u{2019}s key set, or the token was "
        + "signed with the client secret (HS256) and has no kid.",
      fix: "Set client_signing_alg to the algorithm of the token, or let the provider sign with "
        + "RS256.",
      source: .code("json-jwt and omniauth_openid_connect")),
    DiagnosisRow(
      "doorkeeper-redirect", .generic, [],
      .literal("The requested redirect uri is malformed or doesn't match client redirect URI"),
      .literal("The redirect uri included is not valid"),
      cause: "The redirect URI is not on the application (the words are Doorkeeper\u{2019}s, as in "
        + "GitLab).",
      fix: "GitLab: Admin > Applications (or User settings > Applications) > Redirect URI: add "
        + "it on a line of its own, exactly as it is sent.",
      source: .code("Doorkeeper, error messages")),
    DiagnosisRow(
      "doorkeeper-client", .generic, [],
      .literal(
        "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method"
      ),
      cause: "Client id or secret are wrong, or the secret was not sent the way the application "
        + "expects (the words are Doorkeeper\u{2019}s, as in GitLab).",
      fix: "Copy application id and secret again; send the secret in the body or by Basic; a "
        + "deleted application is unknown as well.",
      source: .code("Doorkeeper, error messages")),
    DiagnosisRow(
      "doorkeeper-grant", .generic, [],
      .wording(
        "is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client"
      ),
      cause: "The code is expired, used, of another client, or came with another redirect_uri; "
        + "the words are the specification\u{2019}s and do not say which.",
      fix: "Redeem the code once, at once, with the same client id and redirect_uri as in the "
        + "authorization request.",
      source: .document("RFC 6749, section 5.2")),
    DiagnosisRow(
      "gitlab-scope", .generic, [],
      .literal("The requested scope is invalid, unknown, or malformed"),
      cause: "A scope of the request is not ticked for the application (the words are "
        + "Doorkeeper\u{2019}s, as in GitLab).",
      fix: "GitLab: the application > Scopes: tick openid, and profile and email where they are "
        + "asked for.",
      source: .code("Doorkeeper, error messages")),
  ]
}
