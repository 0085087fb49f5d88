import HybridFlow

extension DiagnosisEngine {
  /// Problems with Auth0 that have no error message of their own.
  static let auth0RunRows: [DiagnosisRow] = [
    DiagnosisRow(
      "auth0-third-party-no-id-token", .auth0, [.token],
      .seen(.wording, .broken(.backIDTokenPresent), .thirdPartyClient),
      cause: "Third-party applications with enhanced security get no ID token from the token"
        + " endpoint and may not call userinfo.",
      fix: "Use a first-party Regular Web Application.",
      source: .document("Auth0, third-party applications, troubleshooting")),
    DiagnosisRow(
      "auth0-opaque-access-token", .auth0, [.api],
      .seen(.wording, .opaqueAccessToken, .noAudience).needing("invalid_token").atThisProvider,
      .wording("jwt malformed").atThisProvider,
      cause: "Without an audience Auth0 gives an opaque access token that only userinfo accepts; an"
        + " API that expects a JWT refuses it.",
      fix: "Send audience with the Identifier of the API (Applications > APIs), or set a default"
        + " audience for the tenant.",
      source: .support("support.auth0.com, invalid access token; community.auth0.com/t/31028")),
    DiagnosisRow(
      "auth0-confirmation-screen", .auth0, [],
      .seen(.hint, .noCallback, .loopbackRedirect).atThisProvider,
      .literal("skip_non_verifiable_callback_uri_confirmation_prompt"),
      blame: nil,
      cause: "For http://localhost and 127.0.0.1 Auth0 shows a screen that asks whether to go on,"
        + " because it cannot verify who listens there. The answer waits for that click.",
      fix: "Click Continue in the browser. For workshops, set"
        + " skip_non_verifiable_callback_uri_confirmation_prompt for the application.",
      source: .document("Auth0, non-verifiable callback URI migration")),
    DiagnosisRow(
      "auth0-id-token-hs256", .auth0, [],
      .seen(.literal, .signedWithHS256).atThisProvider,
      .literal(
        "Signature algorithm of HS256 is not supported … Expected the ID token to be signed with"
          + " RS256"),
      .literal("unexpected JWT alg received, expected RS256, got: HS256").atThisProvider,
      cause: "The application signs its ID tokens with HS256, that is with the client secret.",
      fix: "Applications > your application > Settings > Advanced Settings > OAuth > JsonWebToken"
        + " Signature Algorithm: RS256.",
      source: .thread("auth0/auth0-react#130")),
    DiagnosisRow(
      "auth0-expected-hs256", .auth0, [],
      .seen(.literal, .expectedHS256).atThisProvider,
      .literal("unexpected JWT alg received, expected HS256, got: RS256").atThisProvider,
      cause: "The client is pinned to HS256 while the tenant signs with RS256; a request with an"
        + " audience may switch the algorithm as well.",
      fix: "Expect RS256 in the client.",
      source: .thread("auth0/express-openid-connect#378, auth0/react-native-auth0#96")),
    DiagnosisRow(
      "auth0-issuer-slash", .auth0, [],
      .seen(.literal, .issuerDiffersBySlash).atThisProvider,
      cause: "Auth0\u{2019}s issuer ends with a slash, and the configured one does not.",
      fix: "Configure the issuer as https://YOUR_DOMAIN/ with the slash.",
      source: .thread(
        "quarkusio/quarkus#5829, lrsql#270, spring-projects/spring-boot#15324")),
    DiagnosisRow(
      "auth0-custom-domain-mixed", .auth0, [],
      .seen(.literal, .issuerOfOtherHost).atThisProvider,
      cause: "Two names of the tenant are mixed: tokens made under the custom domain are not good"
        + " under the canonical one, and the reverse.",
      fix: "Use one domain for issuer, endpoints and APIs: Branding > Custom Domains shows which.",
      source: .support("community.auth0.com/t/89079")),
    DiagnosisRow(
      "auth0-no-refresh-token", .auth0, [],
      .seen(.literal, .broken(.refreshTokenExpected), .wantsOfflineAccess).atThisProvider,
      cause: "One of three switches is off: the scope offline_access, Allow Offline Access at the"
        + " API, or the Refresh Token grant of the application.",
      fix: "Applications > APIs > your API > Settings > Allow Offline Access, and Applications >"
        + " your application > Advanced Settings > Grant Types > Refresh Token.",
      source: .document("Auth0, Call Your API Using the Hybrid Flow")),
  ]
}
