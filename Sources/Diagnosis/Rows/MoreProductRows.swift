extension DiagnosisEngine {
  /// More products, and proxies before them.
  static let moreProductRows: [DiagnosisRow] = [
    DiagnosisRow(
      "salesforce-client-id", .generic, [],
      .literal("invalid_client_id … client identifier invalid"),
      .literal("error invalid_client_id"),
      cause: "Salesforce does not know this client id (consumer key); a connected app made just "
        + "now takes up to ten minutes until it is known.",
      fix: "Setup > App Manager > your app > Manage Consumer Details: copy the Consumer Key, and "
        + "look whether the login host (production, sandbox, My Domain) is the right one.",
      source: .thread("pozil/salesforce-react-integration#15")),
    DiagnosisRow(
      "salesforce-redirect", .generic, [],
      .literal("redirect_uri must match configuration"),
      cause: "The redirect URI is not the callback URL of the connected app in Salesforce.",
      fix: "Setup > App Manager > your app > Edit > Callback URL: add it exactly as it is sent.",
      source: .experience("Salesforce")),
    DiagnosisRow(
      "salesforce-app-blocked", .generic, [],
      .literal("OAUTH_APP_BLOCKED"),
      .literal("OAUTH_APP_ACCESS_DENIED"),
      .literal("user is not admin approved to access this app"),
      cause: "Salesforce does not let this person use the connected app.",
      fix: "Setup > Connected Apps OAuth Usage: install or unblock the app; Manage > Permitted "
        + "Users, profiles and permission sets.",
      source: .experience("Salesforce")),
    DiagnosisRow(
      "okta-configured-types", .okta, [],
      .literal(
        "response type is not supported by the authorization server. Configured response types"),
      cause: "This client may use only the response types that the message lists: the implicit "
        + "(hybrid) grant is off for it, or the client id is another application\u{2019}s.",
      fix: "Applications > your application > General > Grant type: tick Implicit (hybrid); "
        + "compare the client id.",
      source: .thread("okta/samples-nodejs-express-4#59, okta/okta-angular#41")),
    DiagnosisRow(
      "proxy-header-size", .generic, [],
      .literal("Request Header Or Cookie Too Large"),
      .literal("upstream sent too big header while reading response header from upstream"),
      .literal("HTTP Error 400. The size of the request headers is too long"),
      .literal("431 Request Header Fields Too Large"),
      cause: "The header lines are too large: cookies of logins (state, nonce, session) have "
        + "piled up, or tokens stand in cookies.",
      fix: "Delete the site\u{2019}s cookies; let abandoned logins expire and keep sessions on the "
        + "server; raise nginx\u{2019}s large_client_header_buffers, for answers proxy_buffer_size.",
      source: .thread("dotnet/aspnetcore#24870; zazuko/cube-creator#236")),
    DiagnosisRow(
      "registered-uris", .generic, [],
      .literal("Doesn't match any registered uris"),
      .literal("RedirectURIError"),
      .literal("UnknownOrNoRegisteredRedirectURI"),
      cause: "The redirect URI is not registered for this client as it was sent.",
      fix: "Register it at the provider character by character: scheme, host, port, path and a "
        + "slash at the end all count.",
      source: .code("idpyoidc, authorization")),
  ]
}
