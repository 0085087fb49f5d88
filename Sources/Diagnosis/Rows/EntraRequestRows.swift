import HybridFlow

extension DiagnosisEngine {
  /// Microsoft Entra ID's errors about a request.
  ///
  /// The numbers serve only for explanations; the program depends on none of them.
  static let entraRequestRows: [DiagnosisRow] = [
    DiagnosisRow(
      "entra-code-redeemed", .entra, [.token],
      .literal("AADSTS54005"),
      cause: "The code was used before.",
      fix: "Exchange each code once; look for a reloaded callback page or a second worker.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-grant-expired", .entra, [.token],
      .literal("AADSTS70008"),
      cause: "The code or refresh token has expired.",
      fix: "Exchange the code within some minutes; log in again.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-refresh-inactive", .entra, [.token],
      .literal("AADSTS700082"),
      .literal("AADSTS700084"),
      cause: "The refresh token was idle too long, or belongs to a single-page app and has a fixed"
        + " end.",
      fix: "Log in again.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-refresh-invalid", .entra, [.token],
      .literal("AADSTS70000"),
      cause: "The grant is malformed or no longer valid.",
      fix: "Log in again; send code or refresh token without change.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-code-of-other-tenant", .entra, [.token],
      .literal("AADSTS700005"),
      cause: "The code comes from another tenant than the token endpoint belongs to: common and a"
        + " tenant id were mixed.",
      fix: "Use one issuer for both requests.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-verifier-mismatch", .entra, [.token],
      .literal("AADSTS501481"),
      cause: "The code_verifier does not belong to the code_challenge.",
      fix: "Keep one verifier for each login and send that one.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-challenge-size", .entra, [.page, .callback, .token],
      .literal("AADSTS50147"),
      .literal("AADSTS501491"),
      cause: "The code_challenge is missing or has a wrong length.",
      fix: "Send base64url(SHA-256(verifier)) without padding: 43 characters, with"
        + " code_challenge_method=S256.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-parameter-missing", .entra, [.page, .token],
      .literal("AADSTS900144"),
      .literal("AADSTS90014"),
      cause: "A parameter is missing; the message names it.",
      fix: "Add it. At the token endpoint, look whether the body was sent as"
        + " application/x-www-form-urlencoded.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-method-not-post", .entra, [.page],
      .literal("AADSTS900561"),
      blame: .application,
      cause: "An endpoint that takes POST was reached by GET: mostly the back button or a reload.",
      fix: "Start the login again.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-malformed", .entra, [.page, .token],
      .literal("AADSTS9002313"),
      .literal("AADSTS90023"),
      .literal("AADSTS90004"),
      .literal("AADSTS90100"),
      .literal("AADSTS90013"),
      blame: .application,
      cause: "A parameter is malformed; the message goes on with what.",
      fix: "Compare the request with what the message names: encoding, repeated parameters,"
        + " empty values.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-not-a-token-request", .entra, [.token],
      .literal("AADSTS90056"),
      blame: .application,
      cause: "The token endpoint got something that is no token request: a GET, or a body without"
        + " a grant.",
      fix: "POST the code to /oauth2/v2.0/token.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-grant-type", .entra, [.token],
      .literal("AADSTS70003"),
      cause: "The grant type is not known or not allowed here.",
      fix: "Send grant_type=authorization_code.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-loop", .entra, [.page, .callback],
      .literal("AADSTS50196"),
      blame: .application,
      cause: "The same request came too often in a short time: the app starts a new login after"
        + " each one.",
      fix: "Look why the application does not keep its session, often a cookie that a cross-site"
        + " POST does not bring.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-resource-parameter", .entra, [.page, .callback, .token],
      .literal("AADSTS901002"),
      cause: "The parameter resource belongs to version 1 of the endpoints.",
      fix: "Name the API in the scope, or use the v1 endpoints.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-consumers-endpoint", .entra, [.page, .token],
      .literal("AADSTS9002332"),
      .literal("AADSTS9001023"),
      cause: "The endpoint is for other kinds of accounts than the app admits.",
      fix: "Use the tenant\u{2019}s own issuer, or change Authentication > Supported account"
        + " types.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-throttled", .entra, [.page, .token],
      .literal("AADSTS90055"),
      .literal("AADSTS90024"),
      blame: .provider,
      cause: "The tenant or the service is asked too often at the moment.",
      fix: "Wait, then try again.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-jwt-signature", .entra, [.page, .token, .callback],
      .literal("AADSTS900384"),
      .literal("AADSTS50006"),
      cause: "A JWT in the request does not verify: a request object, an assertion or a hint.",
      fix: "Compare the key that signs with the one registered under Certificates & secrets.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
    DiagnosisRow(
      "entra-id-token-hint", .entra, [.page, .callback, .token],
      .literal("AADSTS50027"),
      cause: "A JWT in the request is malformed, expired or for somebody else.",
      fix: "Send the newest ID token as hint, or none.",
      source: .document("Microsoft Entra, authentication and authorization error codes")),
  ]
}
