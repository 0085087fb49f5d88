import HybridFlow

extension DiagnosisEngine {
  /// What a run shows by itself, for any provider.
  static let runRows: [DiagnosisRow] = [
    DiagnosisRow(
      "run-answer-in-fragment", .generic, [],
      .seen(.literal, .emptyGET), .seen(.literal, .answerInFragment),
      cause: "The answer went into the fragment, which is the default of hybrid response types and"
        + " never reaches a server: all that comes to the redirect URI is a GET without anything.",
      fix: "Send response_mode=form_post. If it was sent, the provider ignored it; the page in the"
        + " browser says which names came back.",
      source: .document("OAuth 2.0 Multiple Response Type Encoding Practices, section 5")),
    DiagnosisRow(
      "run-form-post-ignored", .generic, [],
      .seen(.literal, .codeByGET),
      blame: .provider,
      cause: "The provider ignored form_post and put the code into the query.",
      fix: "Look whether form_post is listed under response_modes_supported; upgrade the provider,"
        + " or use the code flow there.",
      source: .thread("spring-authorization-server#1241, 18F/identity-idp#3204")),
    DiagnosisRow(
      "run-error-by-query", .generic, [],
      .seen(.wording, .errorByGET),
      blame: .provider,
      cause: "The provider sent its error in the query although form_post was asked for.",
      fix: "Read the error itself; that it came by GET is a fault of the provider.",
      source: .thread("wso2/product-is#3501")),
    DiagnosisRow(
      "run-empty-form", .generic, [],
      .seen(.wording, .emptyPOST),
      blame: .provider,
      cause: "A form without any of the answer\u{2019}s fields was posted.",
      fix: "Look at the page that posted it in the browser\u{2019}s developer tools; upgrade the"
        + " provider.",
      source: .thread("gravitee-io/issues#9179")),
    DiagnosisRow(
      "run-state-unknown", .generic, [],
      .seen(.wording, .broken(.stateMatch)),
      blame: .person,
      cause: "The answer belongs to another login: an old tab, a reload, or somebody else\u{2019}s"
        + " link.",
      fix: "Close old tabs of the tenant and start again.",
      source: .document("RFC 6749, section 10.12")),
    DiagnosisRow(
      "run-no-callback", .generic, [],
      .seen(.hint, .noCallback),
      cause: "Nothing came back. Providers do not redirect when the redirect URI or the client id"
        + " is not known to them: the browser then stays on an error page.",
      fix: "Look at the browser. If the page shows an error, paste its text into explain; compare"
        + " redirect URI and client id with the provider\u{2019}s console.",
      source: .document("RFC 6749, section 4.1.2.1")),
    DiagnosisRow(
      "run-code-too-old", .generic, [.token],
      .seen(.wording, .slowExchange).needing("invalid_grant"),
      blame: .person,
      cause: "About a minute or more went by between callback and exchange; some providers give a"
        + " code no longer.",
      fix: "Exchange at once and look at the messages afterwards: the explorer\u{2019}s key !, or"
        + " --exchange-at-once.",
      source: .document("RFC 6749, section 4.1.2")),
    DiagnosisRow(
      "run-secret-encoding", .generic, [.token],
      .seen(.wording, .secretWithReservedCharacters).needing("invalid_client"),
      .seen(.wording, .secretWithReservedCharacters).needing("unauthorized_client"),
      .seen(.wording, .secretWithReservedCharacters).needing("access_denied").status(401),
      cause: "The secret has characters that form encoding changes, and went in the Authorization"
        + " header, where some servers forget to decode it.",
      fix: "Send it in the body (--client-auth post), or make a secret of letters and digits alone."
        + " Only if that fails as well is the secret itself wrong.",
      source: .thread("keycloak/keycloak#16923; RFC 6749, section 2.3.1")),
    DiagnosisRow(
      "run-api-wants-jwt", .generic, [.api],
      .seen(.wording, .opaqueAccessToken).needing("invalid_token"),
      cause: "The access token is opaque, and the API does not know it: it was issued for the"
        + " provider\u{2019}s own endpoints.",
      fix: "Ask for a token for that API: audience, resource or a scope of the API, as the provider"
        + " has it.",
      source: .document("RFC 9068, section 1")),
    DiagnosisRow(
      "run-refresh-token-missing", .generic, [],
      .seen(.hint, .broken(.refreshTokenExpected), .wantsOfflineAccess),
      cause: "offline_access was asked for and no refresh token came: consent was not asked, or the"
        + " client or the API does not allow it.",
      fix: "Send prompt=consent, and allow refresh tokens for the client.",
      source: .document("OpenID Connect Core 1.0, section 11")),
    DiagnosisRow(
      "run-second-id-token-missing", .generic, [.token],
      .seen(.hint, .broken(.backIDTokenPresent)),
      cause: "The token endpoint gave no ID token, as it does for requests without openid.",
      fix: "Look whether openid is among the scopes and allowed for the client.",
      source: .document("OpenID Connect Core 1.0, section 3.1.3.3")),
    DiagnosisRow(
      "run-response-type-short", .generic, [],
      .seen(.hint, .broken(.responseTypeExact)),
      cause: "The answer does not have what the response type stands for: the client is not allowed"
        + " the hybrid flow, or the provider ignored part of it.",
      fix: "Allow implicit and authorization code for the client at the provider.",
      source: .document("OpenID Connect Core 1.0, section 3.3.2.5")),
    DiagnosisRow(
      "run-token-endpoint-redirects", .generic, [.token],
      .seen(.wording, .redirected, .unreadableTokens),
      blame: .provider,
      cause: "The token endpoint answered with a redirect: the address is that of a page, or a"
        + " proxy sends requests to a login.",
      fix: "Compare token_endpoint with the discovery document; look at the proxy.",
      source: .document("RFC 6749, section 3.2")),
    DiagnosisRow(
      "run-tls", .generic, [],
      .seen(.hint, .transport(.tls)),
      blame: .environment,
      cause: "The server\u{2019}s certificate could not be verified.",
      fix: "For a certificate of your own authority give --ca FILE; otherwise look at its dates,"
        + " names and chain.",
      source: .document("RFC 9110, section 4.3.4")),
    DiagnosisRow(
      "run-name-unknown", .generic, [],
      .seen(.hint, .transport(.cannotResolve)),
      blame: .environment,
      cause: "The host name of the provider does not resolve here.",
      fix: "Look for a typing mistake in the issuer; inside a container, names of the host do not"
        + " exist.",
      source: .experience("TCP and DNS")),
    DiagnosisRow(
      "run-refused", .generic, [],
      .seen(.hint, .transport(.cannotConnect)),
      blame: .environment,
      cause: "Nobody listens at the provider\u{2019}s address and port, or a firewall says no.",
      fix: "Look whether the provider runs, and whether localhost in the issuer is the machine that"
        + " is meant.",
      source: .experience("TCP and DNS")),
  ]
}
