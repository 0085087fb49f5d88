import HybridFlow

extension DiagnosisEngine {
  /// Ory Hydra and Authelia, ZITADEL, authentik, node-oidc-provider, Spring, WSO2 and Gravitee.
  static let serverRows: [DiagnosisRow] = [
    DiagnosisRow(
      "ory-redirect-uri", .ory, [.page],
      .literal(
        "parameter does not match any of the OAuth 2.0 Client's pre-registered redirect"),
      .literal(
        "parameter does not match any of the OAuth 2.0 Client's pre-registered 'redirect_uris'"),
      cause: "The redirect URI is not registered for the client.",
      fix: "Hydra: hydra update oauth2-client --redirect-uri; Authelia: redirect_uris of the client"
        + " in configuration.yml.",
      source: .thread("ory/hydra#3031, nicotsx/zerobyte#722")),
    DiagnosisRow(
      "ory-verifier-mismatch", .ory, [.token],
      .literal("The PKCE code challenge did not match the code verifier"),
      cause: "The code_verifier does not belong to the code challenge.",
      fix: "Keep one verifier for each login and send that one.",
      source: .code("ory/fosite, handler/pkce")),
    DiagnosisRow(
      "ory-state-entropy", .ory, [.page, .callback],
      .literal("state is missing or does not have enough characters"),
      .wording("parameter 'state' … must be at least … characters long to ensure sufficient"),
      cause: "state is missing or shorter than 8 characters.",
      fix: "Send a random state of at least 128 bits.",
      source: .experience("Ory, authorize request handler")),
    DiagnosisRow(
      "ory-pkce-required", .ory, [.page, .callback],
      .literal("Clients must include a code_challenge when performing the authorize code flow"),
      .wording("This client must include a code_challenge when performing the authorize code flow"),
      cause: "PKCE is enforced, and the request brought no code challenge.",
      fix: "Send code_challenge with S256.",
      source: .experience("Ory, PKCE handler")),
    DiagnosisRow(
      "ory-response-type", .ory, [.page, .callback],
      .literal("The client is not allowed to request response_type"),
      cause: "The client\u{2019}s response types do not include the one that was asked for.",
      fix: "Hydra: --response-type 'code id_token'; Authelia: response_types of the client.",
      source: .experience("Ory, authorize request handler")),
    DiagnosisRow(
      "ory-auth-method", .ory, [.token],
      .literal("The OAuth 2.0 Client supports client authentication method"),
      .wording("requested with … but the registered client authentication method is"),
      cause: "The client is registered for another authentication method than was used.",
      fix: "Use that method, or change token_endpoint_auth_method of the client.",
      source: .experience("Ory, client authentication")),
    DiagnosisRow(
      "zitadel-redirect-uri", .zitadel, [.page],
      .literal("The requested redirect_uri is missing in the client configuration"),
      cause: "The redirect URI is not on the application; a line break at its end counts as well.",
      fix: "Projects > your project > your application > Redirect Settings: add it.",
      source: .code("zitadel/oidc, authorization request tests")),
    DiagnosisRow(
      "zitadel-http", .zitadel, [.page],
      .literal("redirect_uri not allowed"),
      .wording("client's redirect_uri is http and is not allowed"),
      cause: "A web application may not use http with tokens from the authorization endpoint.",
      fix: "Use https, switch on Development Mode of the application, or register a native one.",
      source: .thread("zitadel/zitadel#499")),
    DiagnosisRow(
      "authentik-redirect-uri", .authentik, [.page],
      .literal("Redirect URI Error", "missing, invalid, or mismatching redirection URI"),
      .wording("The request fails due to a missing, invalid, or mismatching redirection URI"),
      cause: "The redirect URI is not on the provider.",
      fix: "Applications > Providers > your provider > Edit > Redirect URIs/Origins: add it as"
        + " Strict.",
      source: .code("set-up notes of a public application quote it")),
    DiagnosisRow(
      "authentik-issuer-slash", .authentik, [],
      .seen(.literal, .issuerDiffersBySlash).atThisProvider,
      cause: "authentik\u{2019}s issuer ends with a slash after the application\u{2019}s slug.",
      fix: "Configure https://HOST/application/o/SLUG/ with the slash.",
      source: .thread("nextauthjs/next-auth#6875, maziggy/bambuddy#995")),
    DiagnosisRow(
      "node-oidc-redirect-uri", .nodeOIDCProvider, [.page],
      .literal("redirect_uri did not match any of the client's registered redirect_uris"),
      cause: "The redirect URI is not on the client.",
      fix: "Add it to redirect_uris of the client (in Logto: the application\u{2019}s Redirect"
        + " URIs).",
      source: .code("panva/node-oidc-provider, tests")),
    DiagnosisRow(
      "node-oidc-response-type", .nodeOIDCProvider, [.page, .callback],
      .literal("requested response_type is not allowed for this client"),
      cause: "The client\u{2019}s response_types do not include the one that was asked for.",
      fix: "Add it to response_types, with implicit and authorization_code among grant_types.",
      source: .code("panva/node-oidc-provider, check_response_type")),
    DiagnosisRow(
      "node-oidc-grant-invalid", .nodeOIDCProvider, [.token],
      .literal("grant request is invalid").needing("invalid_grant"),
      cause: "The code is unknown, used, expired, of another client, or came with another redirect"
        + " URI or verifier; the server\u{2019}s log says which.",
      fix: "Log in again and exchange the code once; listen to grant.error on the server.",
      source: .experience("node-oidc-provider")),
    DiagnosisRow(
      "spring-form-post-ignored", .spring, [],
      .seen(.literal, .codeByGET).atThisProvider,
      .wording("spring-authorization-server … form_post"),
      .wording("OAuth2AuthorizationEndpointFilter … form_post"),
      blame: .provider,
      cause: "Spring Authorization Server ignores response_mode and answers by redirect.",
      fix: "Use the code flow with a query answer, or give the authorization endpoint a success"
        + " handler that posts a form.",
      source: .thread("spring-authorization-server#1241, #207")),
    DiagnosisRow(
      "wso2-hybrid-off", .wso2, [.page, .callback],
      .literal("Hybrid flow is not enabled for the application"),
      cause: "The application does not allow the hybrid flow.",
      fix: "Applications > your application > Protocol > Hybrid Flow: enable it and tick the"
        + " response type.",
      source: .thread("wso2/product-is#23199")),
    DiagnosisRow(
      "wso2-implicit-needed", .wso2, [.page, .callback],
      .code("unauthorized_client").atThisProvider,
      .wording("The authenticated client is not authorized to use this authorization grant type"),
      cause: "Versions before 5.10 wanted the Implicit grant for every response type with"
        + " id_token or token.",
      fix: "Tick Implicit beside Code among the Allowed Grant Types, or upgrade.",
      source: .thread("wso2/product-is#6616")),
    DiagnosisRow(
      "wso2-error-by-redirect", .wso2, [],
      .seen(.literal, .errorByGET).atThisProvider,
      .literal("oauth2_error.do*"),
      blame: .provider,
      cause: "WSO2 sends errors by redirect although form_post was asked for, or shows them on its"
        + " own page with the reason in the address.",
      fix: "Read oauthErrorMsg in the address; upgrade for errors by form post.",
      source: .thread("wso2/product-is#3501, #23199")),
    DiagnosisRow(
      "gravitee-empty-form", .gravitee, [],
      .seen(.literal, .emptyPOST).atThisProvider,
      .literal("login_sso_post"),
      blame: .provider,
      cause: "For hybrid response types Gravitee posted a form without its fields.",
      fix: "Upgrade Gravitee Access Management.",
      source: .thread("gravitee-io/issues#9179")),
  ]
}
