import HybridFlow

extension DiagnosisEngine {
  /// Keycloak's errors at its authorization endpoint, and what a run shows.
  static let keycloakRows: [DiagnosisRow] = [
    DiagnosisRow(
      "keycloak-redirect-uri", .keycloak, [.page],
      .literal("Invalid parameter: redirect_uri"),
      cause: "The redirect URI fits none of the client\u{2019}s patterns; the path is compared with"
        + " case.",
      fix: "Clients > your client > Settings > Valid redirect URIs: add it exactly, or a pattern"
        + " that ends with a star.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-implicit-off", .keycloak, [.callback, .page],
      .literal("Implicit flow is disabled for the client").with("unauthorized_client"),
      cause: "The hybrid flow needs Implicit flow beside Standard flow, because tokens come from"
        + " the authorization endpoint.",
      fix: "Clients > your client > Settings > Capability config: tick Implicit flow.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-standard-off", .keycloak, [.callback, .page],
      .literal("Standard flow is disabled for the client").with("unauthorized_client"),
      cause: "Without Standard flow the client gets no code.",
      fix: "Clients > your client > Settings > Capability config: tick Standard flow.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-nonce-missing", .keycloak, [.callback, .page],
      .literal("Missing parameter: nonce"),
      cause: "The response type has id_token, and the request brought no nonce.",
      fix: "Send a random nonce with every such request.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-response-type-missing", .keycloak, [.callback, .page],
      .literal("Missing parameter: response_type").with("invalid_request"),
      cause: "The request brought no response_type.",
      fix: "Send response_type=code id_token; in a URL the blank is %20.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-response-type-unknown", .keycloak, [.callback, .page],
      .code("unsupported_response_type").atThisProvider,
      cause: "Keycloak does not know the response type; it says so without a description, mostly"
        + " for a misspelt one.",
      fix: "Use code id_token, code token or code id_token token, with one blank between words.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-response-mode-unknown", .keycloak, [.callback, .page],
      .literal("Invalid parameter: response_mode"),
      cause: "Keycloak does not know the response mode.",
      fix: "Send response_mode=form_post.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-response-mode-query", .keycloak, [.callback, .page],
      .literal("Response_mode query not allowed for implicit or hybrid flow"),
      cause: "Tokens must not stand in a query, where histories and logs can keep them.",
      fix: "Send response_mode=form_post.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-dpop-hybrid", .keycloak, [.callback, .page],
      .literal("DPoP is not supported for implicit and hybrid flows"),
      cause: "The client demands access tokens bound to a key, which cannot come through the"
        + " browser.",
      fix: "Clients > your client > Settings: switch Require DPoP bound tokens off, or use the code"
        + " flow.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-scope", .keycloak, [.callback, .page],
      .wording("Invalid scopes:").needing("invalid_scope"),
      cause: "A scope of the request is not assigned to the client.",
      fix: "Clients > your client > Client scopes > Add client scope.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-pkce-required", .keycloak, [.callback, .page],
      .literal("Missing parameter: code_challenge_method"),
      .literal("code challenge method is not matching the configured one"),
      .literal("Missing parameter: code_challenge"),
      cause: "The client is set to demand PKCE, and the request brought none, or another method.",
      fix: "Send code_challenge with code_challenge_method=S256; the setting stands under Clients >"
        + " your client > Advanced > Proof Key for Code Exchange.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-client-not-found", .keycloak, [.page],
      .wording("We are sorry … Client not found"),
      .wording("Client not found").atThisProvider,
      .literal("CLIENT_NOT_FOUND", "realmId"),
      cause: "There is no client with this id in this realm.",
      fix: "Clients in the right realm: compare the Client ID, and the realm in the issuer.",
      source: .experience("Keycloak, error page")),
    DiagnosisRow(
      "keycloak-client-disabled", .keycloak, [.page, .token],
      .wording("Login requester not enabled"),
      .wording("Client is not enabled").atThisProvider,
      cause: "The client exists, but is switched off.",
      fix: "Clients > your client: the switch Enabled at the top.",
      source: .experience("Keycloak, error page")),
    DiagnosisRow(
      "keycloak-https-required", .keycloak, [.page],
      .literal("We are sorry … HTTPS required"),
      .wording("error invalid_request error_description HTTPS required"),
      blame: .environment,
      cause: "The realm wants https, and the request came by http from an address that is not"
        + " excused, often because a proxy hides that https was used.",
      fix: "Realm settings > General > Require SSL, or let the proxy send X-Forwarded-Proto and set"
        + " proxy-headers.",
      source: .experience("Keycloak")),
    DiagnosisRow(
      "keycloak-realm-missing", .keycloak, [.metadata, .page],
      .literal("error Realm does not exist"),
      .wording("Realm does not exist"),
      cause: "The realm in the address does not exist; its name is compared with case. Before"
        + " version 17 the path began with /auth.",
      fix: "Take the issuer from Realm settings > General > Endpoints > OpenID Endpoint"
        + " Configuration.",
      source: .experience("Keycloak")),
    DiagnosisRow(
      "keycloak-cookie-not-found", .keycloak, [.page],
      .literal("Cookie not found. Please make sure cookies are enabled in your browser"),
      .wording("Restart login cookie not found"),
      cause: "The browser did not send Keycloak\u{2019}s own login cookie: the login page is old,"
        + " or was opened under another host name, or by http where the cookie wants https.",
      fix: "Start again with one host name for everything, and https in front of Keycloak.",
      source: .experience("Keycloak, error page")),
    DiagnosisRow(
      "keycloak-issuer-slash", .keycloak, [],
      .seen(.literal, .issuerDiffersBySlash).atThisProvider,
      cause: "Keycloak\u{2019}s issuer ends with the realm\u{2019}s name, without a slash.",
      fix: "Take the slash off the configured issuer.",
      source: .thread("panva/openid-client#807")),
    DiagnosisRow(
      "keycloak-hostname", .keycloak, [],
      .seen(.literal, .issuerOfOtherHost).atThisProvider,
      .seen(.wording, .issuerOfOtherPath).atThisProvider,
      cause: "Keycloak builds its issuer from the host name it is asked by: inside a container or"
        + " behind a proxy that is another one than the browser uses.",
      fix: "Set KC_HOSTNAME to the name that browsers use, and use that one name on both sides.",
      source: .experience("Keycloak, hostname configuration")),
    DiagnosisRow(
      "keycloak-iss-missing", .keycloak, [],
      .seen(.literal, .broken(.responseIss)).atThisProvider,
      .literal("iss missing from the response"),
      .literal("response parameter \"iss\" (issuer) missing"),
      cause: "The metadata promise the parameter iss, but the client library did not get it: it was"
        + " dropped on the way, or excluded for this client.",
      fix: "Hand every parameter of the answer to the library. Clients > your client > Advanced >"
        + " Exclude Issuer From Authentication Response must be off.",
      source: .thread(
        "polis#2074, skooner#441, keycloak/keycloak#25419")),
    DiagnosisRow(
      "keycloak-policy-misses-hybrid", .keycloak, [],
      .wording("GrantTypeCondition … hybrid"),
      .hint("client policy … implicit … hybrid").atThisProvider,
      blame: .provider,
      cause: "A client policy whose condition names the implicit grant does not see hybrid"
        + " requests: the condition takes every response type with code for authorization_code.",
      fix: "Do not rely on that condition; switch Implicit flow off at the clients, or upgrade once"
        + " the bug is fixed.",
      source: .thread("keycloak/keycloak#51159")),
  ]
}
