/// What products say of pushed and signed requests.
extension Sample {
  static let pushedRequests: [Sample] = [
    Sample(
      "auth0-par-required",
      address(
        "invalid_request",
        "Pushed Authorization Requests are required by the configured compliance level"),
      at: Issuer.auth0),
    Sample(
      "keycloak-par-required",
      form("invalid_request", "Pushed Authorization Request is only allowed."),
      at: Issuer.keycloak),
    Sample(
      "keycloak-par-spent",
      page("We are sorry...", "PAR not found. not issued or used multiple times."),
      at: Issuer.keycloak),
    Sample(
      "keycloak-request-object-claim",
      address("invalid_request_object", "Missing parameter in the 'request' object: nbf"),
      at: Issuer.keycloak),
    Sample(
      "keycloak-request-object-claim",
      address(
        "invalid_request",
        "Invalid parameter. Parameters in 'request' object not matching with request parameters"),
      at: Issuer.keycloak),
    Sample(
      "keycloak-request-object-time",
      address("invalid_request_object", "Request's available period is long"),
      at: Issuer.keycloak),
    Sample(
      "keycloak-request-object-time", address("invalid_request_object", "Request Expired"),
      at: Issuer.keycloak),
    Sample(
      "keycloak-request-object-time",
      json("invalid_request_uri", "Request not yet being processed"), at: Issuer.keycloak),
    Sample(
      "keycloak-request-object-plain",
      address("invalid_request_object", "Request object not encrypted"), at: Issuer.keycloak),
    Sample(
      "oidc-provider-par-required",
      address("invalid_request", "Pushed Authorization Request must be used")),
    Sample(
      "oidc-provider-request-uri-spent",
      address("invalid_request_uri", "request_uri is invalid, expired, or was already used")),
    Sample(
      "oidc-provider-request-uri-spent",
      address("invalid_request_uri", "request_uri is invalid or expired")),
    Sample(
      "oidc-provider-request-object-required",
      address("invalid_request", "Request Object must be used by this client")),
    Sample(
      "oidc-provider-request-object-claims",
      address("invalid_request_object", "Request Object claims are invalid (jwt expired)")),
    Sample(
      "oidc-provider-request-object-claims",
      json("invalid_request_object", "Request Object is missing the \"exp\" claim")),
    Sample(
      "oidc-provider-request-object-replay",
      address("invalid_request_object", "request replay detected (jti: 6b1c)")),
    Sample(
      "duende-par-required",
      "InvalidRequest: error: invalid_request\nerror_description: Pushed authorization is required."
    ),
    Sample(
      "aspnet-par-off",
      log(
        "System.InvalidOperationException: Pushed authorization is required by the OpenId Connect "
          + "provider, but disabled by the OpenIdConnectOptions.PushedAuthorizationBehavior.")),
    Sample("code-invalid-request-uri", json("invalid_request_uri")),
  ]
}
