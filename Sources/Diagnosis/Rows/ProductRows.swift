import HybridFlow

extension DiagnosisEngine {
  /// Azure AD B2C, Cognito, Duende IdentityServer and OpenIddict.
  static let productRows: [DiagnosisRow] = [
    DiagnosisRow(
      "b2c-implicit-off", .azureB2C, [.page, .callback],
      .literal("AADB2C90057"),
      cause: "The app does not allow tokens from the authorization endpoint.",
      fix: "App registrations > your app > Authentication > Implicit grant and hybrid flows: tick"
        + " ID tokens (and Access tokens).",
      source: .thread("Azure-Samples, active-directory-b2c samples, #154")),
    DiagnosisRow(
      "b2c-redirect-uri", .azureB2C, [.page],
      .literal("AADB2C90006"),
      cause: "The redirect URI is not registered for the app.",
      fix: "App registrations > your app > Authentication > Web > Redirect URIs: add it.",
      source: .experience("Azure AD B2C")),
    DiagnosisRow(
      "b2c-cancelled", .azureB2C, [.callback],
      .literal("AADB2C90091"),
      blame: .person,
      cause: "The person left the page without finishing.",
      fix: "Start the login again.",
      source: .experience("Azure AD B2C")),
    DiagnosisRow(
      "b2c-forgot-password", .azureB2C, [.callback],
      .literal("AADB2C90118"),
      blame: .application,
      cause: "The person chose Forgot your password; B2C leaves it to the application to start that"
        + " user flow.",
      fix: "Send the browser to the password reset flow, or use a sign-in flow with self-service"
        + " reset built in.",
      source: .experience("Azure AD B2C")),
    DiagnosisRow(
      "b2c-grant-other-policy", .azureB2C, [.token],
      .literal("AADB2C90088"),
      cause: "The code was issued by another user flow than the token endpoint belongs to.",
      fix: "Use the endpoints of one user flow for both requests.",
      source: .experience("Azure AD B2C")),
    DiagnosisRow(
      "b2c-secret-missing", .azureB2C, [.token],
      .literal("AADB2C90079"),
      cause: "The token request brought no client secret.",
      fix: "App registrations > your app > Certificates & secrets: make one and send it.",
      source: .experience("Azure AD B2C")),
    DiagnosisRow(
      "cognito-redirect-uri", .cognito, [.page],
      .code("redirect_mismatch"),
      .literal("error redirect_mismatch"),
      cause: "The redirect URI is not among the app client\u{2019}s callback URLs.",
      fix: "User pool > App clients > Login pages > Allowed callback URLs: add it exactly.",
      source: .thread(
        "aws/aws-aspnet-cognito-identity-provider#167, aws-amplify/amplify-js#4308")),
    DiagnosisRow(
      "cognito-grant", .cognito, [.callback, .page, .token],
      .code("unauthorized_client").atThisProvider,
      cause: "The app client does not allow this grant. Cognito has no hybrid response types: it"
        + " knows code and token.",
      fix: "User pool > App clients > Login pages > OAuth grant types: tick Authorization code"
        + " grant; use response_type=code.",
      source: .thread("aws-amplify/amplify-js#5284")),
    DiagnosisRow(
      "duende-hybrid-not-allowed", .duende, [.page, .callback],
      .literal("Invalid grant type for client: hybrid"),
      .code("unauthorized_client").atThisProvider,
      cause: "The client\u{2019}s grant types do not include hybrid.",
      fix: "Set AllowedGrantTypes = GrantTypes.Hybrid, or HybridAndClientCredentials.",
      source: .thread("IdentityServer4#1459, IdentityServer3#1305")),
    DiagnosisRow(
      "duende-implicit-and-hybrid", .duende, [],
      .literal("Grant types list cannot contain both implicit and hybrid"),
      cause: "A client may have one of the two, not both.",
      fix: "Keep hybrid and take implicit off the client.",
      source: .thread("skoruba/IdentityServer4.Admin#309")),
    DiagnosisRow(
      "duende-redirect-uri", .duende, [.page],
      .literal("unauthorized_client … Invalid redirect_uri"),
      .wording("Invalid redirect_uri").atThisProvider,
      cause: "The redirect URI is not on the client.",
      fix: "Add it to RedirectUris of the client, exactly as it is sent.",
      source: .thread("IdentityServer4#1592, IdentityServer3#3485")),
    DiagnosisRow(
      "duende-code-challenge", .duende, [.page, .callback],
      .literal("error_description code challenge required"),
      .wording("code challenge required").atThisProvider,
      cause: "The client demands PKCE (RequirePkce), and the request brought no code challenge.",
      fix: "Send code_challenge with S256.",
      source: .experience("Duende IdentityServer")),
    DiagnosisRow(
      "duende-token-over-browser", .duende, [.page, .callback],
      .literal("Client not configured to receive access tokens via browser"),
      cause: "The response type has token, and the client may not have access tokens in the front"
        + " channel.",
      fix: "Use code id_token, or set AllowAccessTokensViaBrowser on the client.",
      source: .experience("Duende IdentityServer")),
    DiagnosisRow(
      "openiddict-redirect-uri", .openIddict, [.page],
      .literal("The specified 'redirect_uri' is not valid for this client application"),
      .literal("errors/ID2043"),
      cause: "The redirect URI is not on the application.",
      fix: "Add it to RedirectUris of the application\u{2019}s descriptor.",
      source: .thread("abpframework/abp#15356")),
    DiagnosisRow(
      "openiddict-permission", .openIddict, [.page, .callback, .token],
      .literal("This client application is not allowed to use the specified"),
      .literal("This client application is not allowed to use the authorization endpoint"),
      .literal("This client application is not allowed to use the token endpoint"),
      cause: "The application lacks a permission: response type, grant, scope or endpoint, as the"
        + " message says.",
      fix: "Add the permission to the descriptor, for the hybrid flow"
        + " ResponseTypes.CodeIdToken and GrantTypes.Implicit beside AuthorizationCode.",
      source: .code("openiddict-core, server handlers")),
    DiagnosisRow(
      "openiddict-response-type", .openIddict, [.page, .callback],
      .literal("The specified 'response_type' is not supported by this server"),
      .literal("The specified 'response_type' is not supported"),
      cause: "The server itself has the hybrid flow switched off.",
      fix: "Call AllowHybridFlow() when configuring the server.",
      source: .thread("openiddict/openiddict-core#174")),
    DiagnosisRow(
      "openiddict-redirect-uri-missing", .openIddict, [.page],
      .literal("redirect_uri must be included when making an OpenID Connect request"),
      .wording("The mandatory 'redirect_uri' parameter is missing"),
      cause: "The request brought no redirect_uri; that one is registered does not replace it.",
      fix: "Send redirect_uri.",
      source: .thread("openiddict/openiddict-core#174")),
  ]
}
