/// Messages written before the rows and the words were looked at: they measure what nobody has
/// tuned for.
extension Sample {
  static let foreignRows: [Sample] = [
    Sample(
      "keycloak-verifier-mismatch",
      #"Error: Error validating login_hint: invalid_grant: PKCE verification failed: Invalid code verifier"#
    ),
    Sample(
      "keycloak-event-pkce",
      #"keycloak | WARN [org.keycloak.events] type=CODE_TO_TOKEN_ERROR, realmId=demo, clientId=web, error=pkce_verification_failed, code_challenge_method=S256"#
    ),
    Sample(
      "keycloak-client-not-found",
      #"WARN [org.keycloak.events] type=LOGIN_ERROR, realmId=demo, clientId=wbe, userId=null, ipAddress=10.0.0.3, error=client_not_found, reason="Cannot match source hash""#
    ),
    Sample(
      "keycloak-event-code",
      #"type=CODE_TO_TOKEN_ERROR, realmId=x, clientId=app, error=expired_code"#),
    Sample(
      "keycloak-event-not-allowed",
      #"type="LOGIN_ERROR" clientId="spa" error="not_allowed" response_type="code id_token" reason="Client is not allowed to initiate browser login with given response_type. Implicit flow is disabled for the client.""#
    ),
    Sample("library-nonce-mismatch", #"RPError: nonce mismatch, expected 5fX, got: undefined"#),
    Sample(
      "library-clock", #"RPError: id_token issued in the future, now 1611234567, iat 1611234599"#),
    Sample("library-state-lost", #"RPError: checks.state argument is missing"#),
    Sample(
      "openid-client-jwks-uri", #"TypeError: issuer must be configured with a jwks_uri endpoint"#),
    Sample(
      "library-alg-other",
      #"org.springframework.security.oauth2.core.OAuth2AuthenticationException: [invalid_id_token] An error occurred while attempting to decode the Jwt: Signed JWT rejected: Another algorithm expected, or no matching key(s) found"#
    ),
    Sample("library-state-lost", #"[authorization_request_not_found] "#),
    Sample("library-nonce-lost", #"[invalid_nonce] "#),
    Sample(
      "spring-userinfo",
      #"[invalid_user_info_response] An error occurred while attempting to retrieve the UserInfo Resource: 401 Unauthorized: [no body]"#
    ),
    Sample(
      "keycloak-issuer-slash",
      #"java.lang.IllegalStateException: The Issuer "https://login.example.com/realms/demo" provided in the configuration metadata did not match the requested issuer "https://login.example.com/realms/demo/""#
    ),
    Sample("nimbus-expired", #"com.nimbusds.jwt.proc.BadJWTException: Expired JWT"#),
    Sample(
      "nimbus-issuer",
      #"BadJOSEException: JWT iss claim has value https://sso.example.org, must be https://sso.example.org/realms/a"#
    ),
    Sample(
      "library-issuer-mismatch",
      #"oidc: id token issued by a different provider, expected "https://accounts.google.com" got "accounts.google.com""#
    ),
    Sample("go-audience", #"oidc: expected audience "my-client" got ["other-client"]"#),
    Sample("go-expired", #"oidc: token is expired (Token Expiry: 2023-03-01 10:00:00 +0000 UTC)"#),
    Sample("go-signature", #"failed to verify signature: failed to verify id token signature"#),
    Sample(
      "code-invalid-client",
      #"oauth2: cannot fetch token: 401 Unauthorized\#nResponse: {"error":"invalid_client"}"#),
    Sample("keycloak-redirect-uri-differs", #"oauth2: "invalid_grant" "Incorrect redirect_uri.""#),
    Sample(
      "entra-issuer-version",
      #"IDX10205: Issuer validation failed. Issuer: 'https://login.microsoftonline.com/x/v2.0'. Did not match: validationParameters.ValidIssuer: 'https://sts.windows.net/x/' or validationParameters.ValidIssuers: 'null'."#
    ),
    Sample(
      "library-clock",
      #"IDX10223: Lifetime validation failed. The token is expired. ValidTo: '05/01/2023 10:00:00', Current time: '05/01/2023 12:00:00'."#
    ),
    Sample(
      "library-key-unknown",
      #"IDX10501: Signature validation failed. Unable to match key: kid: 'abc'."#),
    Sample(
      "library-nonce-lost",
      #"IDX21323: RequireNonce is 'True'. OpenIdConnectProtocolValidationContext.Nonce was null, OpenIdConnectProtocol.ValidatedIdToken.Payload.Nonce was not null. The nonce cannot be validated. If you don't need to check the nonce, set OpenIdConnectProtocolValidator.RequireNonce to 'false'. Note if a 'nonce' is found it will be evaluated."#
    ),
    Sample("library-state-lost", #"System.Exception: Correlation failed."#),
    Sample(
      "library-metadata-unreachable",
      #"IDX20803: Unable to obtain configuration from: 'https://sso/.well-known/openid-configuration'."#
    ),
    Sample(
      "mod-auth-openidc-nonce",
      #"oidc_proto_validate_nonce: the nonce value (abc) passed in the browser state does not match the value in the id_token (def)"#
    ),
    Sample(
      "mod-auth-state-cookie",
      #"oidc_check_user_id_openidc: the state cookie was not found: no "mod_auth_openidc_state_xyz" cookie"#
    ),
    Sample(
      "lua-oidc-state",
      #"lua: access_by_lua: request to the redirect_uri path but there's no session state found, client: 10.1.1.1"#
    ),
    Sample(
      "lua-oidc-state",
      #"[error] request to the redirect_uri path but there's no session state found"#),
    Sample(
      "oauth2-proxy-audience",
      #"could not verify id_token: audience from claim aud with value [account] does not match with any of allowed audiences map[web:{}]"#
    ),
    Sample("oidc-client-state", #"Error: No matching state found in storage"#),
    Sample("oidc-client-authority", #"Error: authority mismatch on settings vs. signin state"#),
    Sample("id-token-hint-refused", #"Error: id_token_hint is invalid"#),
    Sample("python-signature", #"jose.exceptions.JWTError: Signature verification failed."#),
    Sample(
      "omniauth-csrf",
      #"OmniAuth::Strategies::OAuth2::CallbackError: csrf_detected | CSRF detected"#),
    Sample(
      "jumbojett-token", #"Jumbojett\OpenIDConnectClientException: Unable to verify JWT claims"#),
    Sample("jumbojett-state", #"Unable to determine state"#),
    Sample(
      "next-auth-cookies", #"[next-auth][error][OAUTH_CALLBACK_ERROR] State cookie was missing. {"#),
    Sample(
      "next-auth-cookies",
      #"[auth][error] InvalidCheck: pkceCodeVerifier value could not be parsed."#),
    Sample(
      "adfs-resource", #"MSIS9605: The client is not allowed to access the requested resource."#),
    Sample(
      "adfs-redirect-uri",
      #"MSIS9224: Received invalid OAuth authorization request. The received 'redirect_uri' parameter is not a valid registered redirect URI for the client identifier: 'a'."#
    ),
    Sample(
      "b2c-redirect-uri",
      #"AADB2C90006: The redirect URI 'https://x' provided in the request is not registered for the client id 'y'."#
    ),
    Sample(
      "entra-secret-wrong",
      #"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID"#
    ),
    Sample(
      "entra-id-token-off",
      #"AADSTS700054: response_type 'id_token' is not enabled for the application."#),
    Sample(
      "entra-pkce-cross-origin",
      #"AADSTS9002325: Proof Key for Code Exchange is required for cross-origin authorization code redemption."#
    ),
    Sample(
      "entra-single-tenant-common",
      #"AADSTS50194: Application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps"#
    ),
    Sample("doorkeeper-redirect", #"The redirect URI included is not valid."#),
    Sample(
      "okta-client-id-invalid",
      #"{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter."}"#),
    Sample(
      "api-token-refused", #"{"statusCode":401,"error":"Unauthorized","message":"Invalid token"}"#),
    Sample(
      "proxy-header-size",
      #"upstream sent too big header while reading response header from upstream, request: "GET /oauth2/callback?code=abc""#
    ),
    Sample("proxy-header-size", #"HTTP 431 Request Header Fields Too Large"#),
    Sample(
      "authentik-redirect-uri",
      #"authentik: Redirect URI Error: The request fails due to a missing, invalid, or mismatching redirection URI (redirect_uri)."#
    ),
    Sample(
      "zitadel-redirect-uri",
      #"{"error":"invalid_request","error_description":"The requested redirect_uri is missing in the client configuration. If you are the app developer, configure a redirect_uri."}"#
    ),
    Sample(
      "code-invalid-redirect-uri",
      #"The request uri 'http://10.0.0.5:8000/cb' is not allowed. error code: invalid_redirect_uri"#
    ),
    Sample("scope-not-for-client", #"Client is not authorized to use scope 'offline_access'"#),
    Sample(
      "auth0-service-not-found",
      #"The audience parameter is not allowed: Service not found: https://api.example.com"#),
    Sample("code-login-required", #"login_required: Login required prompt=none"#),
    Sample(
      "entra-mfa-required",
      #"error=interaction_required&error_description=AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication"#
    ),
    Sample("id-token-decryption", #"decryption operation failed: no key to decrypt the ID Token"#),
  ]

  static let foreignWords: [Sample] = [
    Sample(
      "values-placeholder",
      #"client_id=undefined&redirect_uri=https://app/cb error=invalid_request client not found"#),
    Sample(
      "values-hash-encoding",
      #"c_hash mismatch, expected 77QmUPtjPfzWtF2AnpK9RQ, got: 77QmUPtjPfzWtF2AnpK9RQ=="#),
    Sample(
      "values-hash-encoding",
      #"at_hash value does not match: expected Hm1r-_3QvZkXxXAoJ0dqdA found Hm1r+/3QvZkXxXAoJ0dqdA"#
    ),
    Sample("words-expiry-expired", #"JWTExpired: "exp" claim timestamp check failed"#),
    Sample("words-audience-mismatch", #"JWTClaimValidationFailed: unexpected "aud" claim value"#),
    Sample(
      "words-issued-at-in-future", #"JWTClaimValidationFailed: "nbf" claim timestamp check failed"#),
    Sample(
      "words-client-authentication-missing",
      #"OPError: invalid_client (Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).)"#
    ),
    Sample(
      "words-access-token-missing",
      #"Error redeeming code during OAuth2 callback: token exchange failed: oauth2: server response missing access_token"#
    ),
    Sample(
      "words-audience-mismatch", #"jwt.exceptions.InvalidAudienceError: Audience doesn't match"#),
    Sample(
      "words-issued-at-in-future",
      #"jwt.exceptions.ImmatureSignatureError: The token is not yet valid (iat)"#),
    Sample(
      "words-nonce-mismatch",
      #"ERROR -- omniauth: (openid_connect) Authentication failure! invalid_credentials: OpenIDConnect::ResponseObject::IdToken::InvalidNonce, Invalid nonce"#
    ),
    Sample(
      "words-client-id-invalid",
      #"An error has occurred: The client identifier provided is invalid."#),
    Sample(
      "words-redirect-uri-unknown",
      #"Error: redirect_uri_mismatch The redirect URI in the request, http://localhost:3000/cb, does not match the ones authorized for the OAuth client."#
    ),
    Sample(
      "words-nonce-missing",
      #"error=invalid_request&error_description=Missing+required+parameter%3A+nonce"#),
    Sample(
      "words-response-type-missing",
      #"error=unsupported_response_type&error_description=OAuth+2+parameters+can+only+have+a+single+value%3A+response_type"#
    ),
    Sample(
      "words-response-mode-unsupported",
      #"error=invalid_request&error_description=invalid+response_mode+for+this+response_type"#),
    Sample(
      "words-redirect-uri-unknown",
      #"{"type":"about:blank","title":"Invalid redirect_uri","status":400,"detail":"The redirect_uri http://a/cb is not whitelisted"}"#
    ),
    Sample(
      "words-client-secret-expired",
      #"error=weird_custom_thing&error_description=The+client+secret+has+expired"#),
    Sample(
      "words-redirect-uri-unknown",
      #"redirect_uri 'http://app.example.com/callback ' is not allowed"#),
    Sample(
      "words-userinfo-subject-mismatch", #"the ID token's sub is different from the userinfo's sub"#
    ),
    Sample(
      "words-userinfo-subject-mismatch",
      #"Sub claim mismatch between ID token and UserInfo response"#),
    Sample("words-client-id-unknown", #"zitadel: Errors.App.NotFound client_id"#),
    Sample(
      "words-response-type-unsupported",
      #"hydra: The OAuth 2.0 Client is not allowed to use response type 'code id_token'."#),
    Sample("words-dpop-missing", #"Use of invalid DPoP proof: nonce required (use_dpop_nonce)"#),
    Sample("words-pushed-request-missing", #"request_uri not found or expired (PAR)"#),
    Sample("words-encryption-unsupported", #"Parse error: Invalid JWE, expected 5 parts"#),
  ]
}
