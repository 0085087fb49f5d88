extension DiagnosisEngine {
  /// Microsoft Entra ID's errors about the app and its tenant.
  ///
  /// The numbers serve only for explanations; the program depends on none of them.
  static let entraSetupRows: [DiagnosisRow] = [
    DiagnosisRow(
      "entra-reply-address", .entra, [.page],
      .literal("AADSTS50011"),
      cause: "The redirect URI is not registered, differs in case, or is registered for another"
        + " platform type than Web.",
      fix: "App registrations > your app > Authentication > Platform configurations > Web: add"
        + " the redirect URI exactly.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-reply-address-missing", .entra, [.page],
      .literal("AADSTS900971"),
      cause: "The request has no redirect URI and the app has none either.",
      fix: "App registrations > your app > Authentication > Platform configurations > Web: add"
        + " one, and send it.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-id-token-off", .entra, [.page, .callback],
      .literal("AADSTS700054"),
      cause: "The app may not get ID tokens from the authorization endpoint.",
      fix: "App registrations > your app > Authentication > Implicit grant and hybrid flows:"
        + " tick ID tokens.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-response-type", .entra, [.page, .callback],
      .literal("AADSTS70005"),
      cause: "Access tokens are not switched on for the authorization endpoint, or id_token was"
        + " asked for without the scope openid.",
      fix: "App registrations > your app > Authentication > Implicit grant and hybrid flows:"
        + " tick Access tokens; or add openid to the scope.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-response-mode", .entra, [.page, .callback],
      .literal("AADSTS70007"),
      cause: "The response mode does not go with the response type; query cannot carry tokens.",
      fix: "Send response_mode=form_post.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-app-not-in-tenant", .entra, [.page, .token, .callback],
      .literal("AADSTS700016"),
      cause: "The tenant that was asked has no app with this client id.",
      fix: "App registrations > your app > Overview: compare Application (client) ID and"
        + " Directory (tenant) ID with client id and issuer.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-app-not-found", .entra, [.page, .token, .callback],
      .literal("AADSTS700011"),
      cause: "The app is not present in the directory of the person who signs in.",
      fix: "Use the issuer of the tenant in which the app is registered, or let that"
        + " tenant\u{2019}s administrator consent first.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-app-disabled", .entra, [.page, .token],
      .literal("AADSTS70001"),
      cause: "The app is disabled or unknown in this tenant.",
      fix: "Enterprise applications > your app > Properties > Enabled for users to sign-in.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-secret-wrong", .entra, [.token],
      .literal("AADSTS7000215"),
      cause: "The client secret is wrong; often the Secret ID was copied in place of the Value.",
      fix: "App registrations > your app > Certificates & secrets: the Value shows only once, so"
        + " make a new secret and copy its Value.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-secret-expired", .entra, [.token],
      .literal("AADSTS7000222"),
      cause: "The client secret has expired.",
      fix: "App registrations > your app > Certificates & secrets > New client secret.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-secret-missing", .entra, [.token],
      .literal("AADSTS7000218"),
      cause: "The app is confidential, and the token request brought neither a secret nor an"
        + " assertion.",
      fix: "Send the secret. If the app is meant to be public, register the redirect URI under"
        + " Mobile and desktop applications.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-public-client-secret", .entra, [.token],
      .literal("AADSTS700025"),
      cause: "The redirect URI is registered for a public client, yet a secret came.",
      fix: "App registrations > your app > Authentication: register the redirect URI under Web,"
        + " not under single-page, mobile or desktop.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-credentials", .entra, [.token],
      .literal("AADSTS70002"),
      cause: "The client credentials do not match what the app has.",
      fix: "App registrations > your app > Certificates & secrets: make a new secret and copy"
        + " its Value.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-assertion-signature", .entra, [.token],
      .literal("AADSTS700027"),
      cause: "The client assertion was signed with a key that the app does not know.",
      fix: "App registrations > your app > Certificates & secrets > Certificates: upload the"
        + " certificate of the key that signs, and compare x5t in the assertion.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-assertion-subject", .entra, [.token],
      .literal("AADSTS50048"),
      cause: "In the client assertion iss and sub are not the same client id.",
      fix: "Set both iss and sub of the assertion to the client id.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-assertion-invalid", .entra, [.token],
      .literal("AADSTS50012"),
      cause: "The certificate or signature of the client assertion is not accepted.",
      fix: "App registrations > your app > Certificates & secrets > Certificates: compare"
        + " thumbprint and validity.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-scope-invalid", .entra, [.page, .callback, .token],
      .literal("AADSTS70011"),
      cause: "A scope is malformed, or scopes of two APIs are mixed in one request.",
      fix: "Ask for openid and the scopes of one API, in full: api://ID/name or"
        + " https://graph.microsoft.com/name.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-resource-not-found", .entra, [.page, .callback, .token],
      .literal("AADSTS500011"),
      cause: "The API that was asked for has no service principal in this tenant.",
      fix: "Compare the scope with Expose an API > Application ID URI, and let an administrator"
        + " consent to the API in this tenant.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-resource-unknown", .entra, [.page, .callback, .token],
      .literal("AADSTS50001"),
      cause: "The API does not exist or is disabled in this tenant.",
      fix: "Compare the scope with the API\u{2019}s Application ID URI under Expose an API.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-resource-not-listed", .entra, [.page, .callback, .token],
      .literal("AADSTS650057"),
      cause: "The app asks for an API that is not among its configured permissions.",
      fix: "App registrations > your app > API permissions > Add a permission.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-misconfigured", .entra, [.page, .callback, .token],
      .literal("AADSTS650056"),
      .literal("AADSTS65005"),
      cause: "The app lists no permission for the API, or nobody has consented to it in this"
        + " tenant.",
      fix: "App registrations > your app > API permissions: add the permission, then Grant admin"
        + " consent.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-single-tenant-common", .entra, [.page, .callback, .token],
      .literal("AADSTS50194"),
      cause: "A single-tenant app was used with the endpoint common.",
      fix: "Use https://login.microsoftonline.com/TENANT_ID/v2.0 as issuer, or make the app"
        + " multitenant under Authentication > Supported account types.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-tenant-not-found", .entra, [.metadata, .page, .token],
      .literal("AADSTS90002"),
      cause: "There is no tenant of this name or id, or it lives in another cloud.",
      fix: "Copy the Directory (tenant) ID from App registrations > your app > Overview.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-tenant-unknown", .entra, [.page, .token],
      .literal("AADSTS50059"),
      cause: "Nothing in the request says which tenant is meant.",
      fix: "Put the tenant id into the issuer.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-response-type-not-allowed", .entra, [.page, .callback],
      .literal(
        "The provided value for the input parameter 'response_type' is not allowed for this client"
      ),
      .wording("response_type 'id_token' is not enabled for the application"),
      cause: "The app may get a code only: tokens from the authorization endpoint are off.",
      fix: "App registrations > your app > Authentication > Implicit grant and hybrid flows: tick"
        + " ID tokens, and Access tokens if the response type has token.",
      source: .document("Microsoft Entra, OAuth 2.0 implicit flow")),
    DiagnosisRow(
      "entra-issuer-template", .entra, [],
      .seen(.literal, .issuerIsTemplate).atThisProvider,
      .seen(.wording, .issuerIsTemplate),
      cause: "The metadata of common and organizations name an issuer with a placeholder in place"
        + " of the tenant, so it never equals the one in a token.",
      fix: "Configure https://login.microsoftonline.com/TENANT_ID/v2.0.",
      source: .experience("Microsoft Entra, discovery of common")),
    DiagnosisRow(
      "entra-issuer-version", .entra, [],
      .seen(.literal, .issuerOfOtherHost).atThisProvider,
      .seen(.wording, .issuerOfOtherPath).atThisProvider,
      cause: "Versions are mixed: version 1 tokens name https://sts.windows.net/TENANT_ID/, version"
        + " 2 tokens https://login.microsoftonline.com/TENANT_ID/v2.0; or the tenant is another.",
      fix: "Use the v2.0 issuer; for an API of your own set requestedAccessTokenVersion to 2 under"
        + " App registrations > the API > Manifest.",
      source: .experience("Microsoft Entra, token versions")),
  ]
}
