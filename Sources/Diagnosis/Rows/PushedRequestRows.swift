import HybridFlow

extension DiagnosisEngine {
  /// Pushed and signed requests: what products say when one is demanded, spent or does not fit.
  static let pushedRequestRows: [DiagnosisRow] = [
    DiagnosisRow(
      "auth0-par-required", .auth0, [.callback, .page],
      .literal("Pushed Authorization Requests are required by the configured compliance level"),
      cause: "The application has a FAPI compliance_level at Auth0, and the request came through"
        + " the browser.",
      fix: "Push it: --preset auth0-fapi asks as the level wants, and --par pushes alone. Or take"
        + " compliance_level off the application (Management API).",
      source: .document(
        "auth0.com/docs/get-started/applications/configure-fapi-compliance")),
    DiagnosisRow(
      "keycloak-par-required", .keycloak, [.callback, .page],
      .literal("Pushed Authorization Request is only allowed"),
      cause: "The client takes pushed requests only, and this one came through the browser.",
      fix: "Push it (--par), or switch off: Clients > your client > Advanced > Pushed authorization"
        + " request required.",
      source: .code("keycloak, AuthorizationEndpointChecker")),
    DiagnosisRow(
      "keycloak-par-spent", .keycloak, [.page, .callback],
      .literal("PAR not found. not issued or used multiple times"),
      cause: "Keycloak does not know the request_uri any more: it was used already, for example by"
        + " a reload of the page, or it expired, or another realm gave it out.",
      fix: "Push a new request, and open its address once, at once.",
      source: .code("keycloak, AuthzEndpointParParser")),
    DiagnosisRow(
      "keycloak-request-object-claim", .keycloak, [.callback, .page],
      .literal("Missing parameter in the 'request' object"),
      .literal("Missing parameter value in the 'request' object"),
      .literal("Invalid parameter in the 'request' object"),
      .literal("Invalid parameter. Parameters in 'request' object not matching with request"),
      cause: "A client policy (secure-request-object) wants a claim that the request object lacks,"
        + " or one that has another value: exp, nbf, aud, or a parameter that is sent beside it.",
      fix: "Sign exp, nbf and the realm\u{2019}s issuer as aud into it, with every parameter that"
        + " also stands in the address.",
      source: .code("keycloak, SecureRequestObjectExecutor")),
    DiagnosisRow(
      "keycloak-request-object-time", .keycloak, [.callback, .page],
      .literal("Request's available period is long"),
      .literal("Request not yet being processed").needing(
        "invalid_request_object", "invalid_request_uri"),
      .literal("Request Expired").needing("invalid_request_object"),
      cause: "The time of the request object does not fit Keycloak\u{2019}s: nbf is still to come,"
        + " exp has passed, or more time lies between them than the client policy allows, usually"
        + " 3600 seconds.",
      fix: "Sign a new one with nbf at the current time and exp a few minutes later; compare the"
        + " clocks of both machines.",
      source: .code("keycloak, SecureRequestObjectExecutor")),
    DiagnosisRow(
      "keycloak-request-object-plain", .keycloak, [.callback, .page],
      .literal("Request object not encrypted"),
      cause: "A client policy (secure-request-object) wants request objects that are encrypted.",
      fix: "Encrypt it for the realm\u{2019}s key with use enc (--request-object-encryption"
        + " ALG+ENC), or switch encryption-required off in the policy.",
      source: .code("keycloak, SecureRequestObjectExecutor")),
    DiagnosisRow(
      "oidc-provider-par-required", .nodeOIDCProvider, [.callback, .page],
      .literal("Pushed Authorization Request must be used"),
      cause: "The client is registered with require_pushed_authorization_requests, and the request"
        + " came through the browser.",
      fix: "Push it (--par), or change the registration.",
      source: .code("panva/node-oidc-provider, process_request_object.js")),
    DiagnosisRow(
      "oidc-provider-request-uri-spent", .nodeOIDCProvider, [.callback, .page],
      .literal("request_uri is invalid, expired, or was already used"),
      .wording("request_uri is invalid or expired").needing("invalid_request_uri"),
      cause: "The provider does not know the request_uri, or not any more: it is good once, for a"
        + " short time, for the client that pushed it.",
      fix: "Push a new request, and open its address once, before its expires_in has passed.",
      source: .code("panva/node-oidc-provider, load_pushed_authorization_request.js")),
    DiagnosisRow(
      "oidc-provider-request-object-required", .nodeOIDCProvider, [.callback, .page],
      .literal("Request Object must be used by this client"),
      cause: "The client is registered for signed requests only, and this one has no request"
        + " object.",
      fix: "Sign it: --request-object, with --client-key FILE.",
      source: .code("panva/node-oidc-provider, process_request_object.js")),
    DiagnosisRow(
      "oidc-provider-request-object-claims", .nodeOIDCProvider, [.callback, .page],
      .literal("Request Object claims are invalid"),
      .literal("Request Object is missing the \"exp\" claim"),
      cause: "A claim of the request object does not fit: exp has passed, nbf or iat is still to"
        + " come, iss is not the client id, or aud is not the issuer.",
      fix: "Read the words in parentheses behind it, if there are any. Sign a new one with the"
        + " client id as iss, the issuer as aud, and exp a few minutes ahead; compare the clocks.",
      source: .code("panva/node-oidc-provider, process_request_object.js")),
    DiagnosisRow(
      "oidc-provider-request-object-replay", .nodeOIDCProvider, [.callback, .page],
      .literal("request replay detected"),
      cause: "A request object with this jti was seen before; each is good once.",
      fix: "Sign a new one for every request, with a random jti.",
      source: .code("panva/node-oidc-provider, process_request_object.js")),
    DiagnosisRow(
      "duende-par-required", .duende, [.page, .callback],
      .literal("Pushed authorization is required").needing("invalid_request"),
      cause: "IdentityServer, or this client there, takes pushed requests only.",
      fix: "Push it (--par), or set RequirePushedAuthorization of the client to false; the option"
        + " PushedAuthorization.Required is for all of them.",
      source: .code("IdentityServer, PushedAuthorizationRequestValidator")),
    DiagnosisRow(
      "aspnet-par-off", .generic, [],
      .literal("Pushed authorization is required by the OpenId Connect provider, but disabled by"),
      cause: "The provider\u{2019}s document says require_pushed_authorization_requests, and the"
        + " ASP.NET application has switched pushing off.",
      fix: "Set OpenIdConnectOptions.PushedAuthorizationBehavior to UseIfAvailable or Require.",
      source: .code("dotnet/aspnetcore, OpenIdConnectHandler")),
  ]
}
