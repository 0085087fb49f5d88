import HybridFlow

extension DiagnosisEngine {
  /// Error messages of client libraries, for any provider.
  static let libraryRows: [DiagnosisRow] = [
    DiagnosisRow(
      "library-state-lost", .generic, [],
      .literal("checks.state argument is missing"),
      .literal("did not find expected authorization request details in session"),
      .literal("Unable to verify authorization request state"),
      .literal("authorization_request_not_found"),
      .literal("No correlation cookie associated with the specified state"),
      .literal("Correlation failed", "RemoteAuthentication*"),
      .wording("Exception: Correlation failed"),
      .literal("Correlation failed", "Microsoft.AspNetCore*"),
      .wording("AuthenticationFailureException: Correlation failed"),
      .wording("handling the remote login … Correlation failed"),
      .literal("AspNetCore.Correlation*", "cookie not found"),
      .literal("OpenIdConnectAuthenticationHandler: message.State is null or empty"),
      cause: "The application does not find the login it started. It keeps it in a cookie, and the"
        + " form post comes from another site: a cookie with SameSite Lax or Strict stays behind.",
      fix: "Set that cookie to SameSite=None; Secure and use https, or find the login by state on"
        + " the server. Use one host name from start to callback.",
      source: .thread(
        "auth0/express-openid-connect#159, aspnet/Security#1839,"
          + " openiddict/openiddict-core#1602, dotnet/aspnetcore#3615")),
    DiagnosisRow(
      "library-state-mismatch", .generic, [],
      .literal("mismatching_state: CSRF Warning! State not equal in request and response"),
      .literal("state mismatch, expected"),
      .literal("unexpected \"state\" response parameter value"),
      .literal("invalid_state_parameter"),
      cause: "The answer belongs to another login: an old tab, the back button, two logins at once,"
        + " or a session that was replaced in between.",
      fix: "Start again in one tab; keep one entry for each login instead of one for each session.",
      source: .code("authlib and openid-client, state checks")),
    DiagnosisRow(
      "library-state-missing", .generic, [],
      .literal("state missing from the response"),
      cause: "The answer has no state: the callback\u{2019}s parameters were not all handed to the"
        + " library, or went into the fragment.",
      fix: "Hand over the whole form body; ask for response_mode=form_post.",
      source: .code("openid-client, callback checks")),
    DiagnosisRow(
      "library-nonce-lost", .generic, [],
      .literal("IDX21323"),
      .literal("OpenIdConnectProtocolValidationContext.Nonce was null"),
      .literal("invalid_nonce"),
      .wording("nonce was null"),
      cause: "The library lost the nonce it sent: its cookie did not come back with the callback.",
      fix: "Let the nonce cookie be SameSite=None; Secure over https, and keep one host name.",
      source: .document("Microsoft, OWIN OpenID Connect error messages")),
    DiagnosisRow(
      "library-nonce-mismatch", .generic, [],
      .literal("nonce mismatch, expected"),
      .literal("unexpected ID Token \"nonce\" claim value"),
      .literal("IDX21326"),
      .wording("IdTokenException: Nonce mismatch"),
      .wording("Nonce (nonce) claim mismatch in the ID token"),
      cause: "The ID token was made for another login, or the library was not told which nonce was"
        + " sent.",
      fix: "Store the nonce with the state and hand it to the check.",
      source: .thread("certd/certd#594, openid/AppAuth-Android#650")),
    DiagnosisRow(
      "library-nonce-absent", .generic, [],
      .literal("ID token did not contain a nonce claim"),
      .literal("IDX21324"),
      .literal("Wrong nonce: undefined"),
      .wording("nonce missing from ID Token"),
      blame: .provider,
      cause: "A nonce was sent, and the provider left it out of the ID token.",
      fix: "A provider must repeat it; look for a proxy or an old version that drops it.",
      source: .thread(
        "mitreid-connect/OpenID-Connect-Java-Spring-Server#464,"
          + " manfredsteyer/angular-oauth2-oidc#1040")),
    DiagnosisRow(
      "library-issuer-slash", .generic, [],
      .seen(.literal, .issuerDiffersBySlash),
      .literal("Cannot GET //.well-known/openid-configuration"),
      cause: "Configured issuer and the provider\u{2019}s own differ by one slash at the end, or"
        + " the discovery address was put together with two slashes.",
      fix: "Configure the issuer exactly as the discovery document writes it.",
      source: .thread("quarkusio/quarkus#5829, lrsql#270, panva/openid-client#807")),
    DiagnosisRow(
      "library-issuer-local", .generic, [],
      .seen(.literal, .issuerOfOtherHost, .issuerIsLocal),
      cause: "The provider calls itself by a name of this machine, the client by another one: the"
        + " usual picture when one of the two runs in a container.",
      fix: "Give the provider one public name and let browser and application both use it.",
      source: .code("troubleshooting notes for Dex and oauth2-proxy")),
    DiagnosisRow(
      "library-issuer-port", .generic, [],
      .seen(.literal, .issuerOfOtherHost, .issuerOfOtherLocalPort),
      cause: "The provider and the client name the same machine, and another port: the provider was"
        + " started at another one, or a port that is passed on stands in its settings.",
      fix: "Start the provider at the port of the issuer, or copy the issuer from its discovery"
        + " document; scheme and port count too.",
      source: .code("troubleshooting notes for Dex and oauth2-proxy")),
    DiagnosisRow(
      "library-issuer-mismatch", .generic, [],
      .literal("issuer did not match the issuer returned by provider"),
      .literal("id token issued by a different provider"),
      .literal("unexpected iss value, expected"),
      .literal("provided in the configuration metadata did not match the requested issuer"),
      .literal("IDX10205"),
      .literal("Issuer (iss) claim mismatch in the ID token"),
      .literal("unexpected \"iss\" (issuer)"),
      .seen(.wording, .issuerOfOtherHost),
      .seen(.wording, .issuerOfOtherPath),
      .seen(.wording, .issuerDiffersByScheme),
      cause: "The issuer that was configured is not the one that the provider or the token names.",
      fix: "Open the discovery document and copy its issuer; it is compared character by"
        + " character.",
      source: .thread("axa-group/oauth2-mock-server#353, OpenAEV-Platform/openaev#360")),
    DiagnosisRow(
      "library-alg-hs256", .generic, [],
      .seen(.literal, .signedWithHS256),
      .literal("unexpected JWT alg received, expected RS256, got: HS256"),
      cause: "The provider signs ID tokens of this client with HS256, that is with the client"
        + " secret, and the application expects RS256.",
      fix: "Set the client\u{2019}s ID token signing algorithm to RS256 at the provider.",
      source: .thread("auth0/auth0-react#130")),
    DiagnosisRow(
      "library-alg-other", .generic, [],
      .seen(.wording, .expectedHS256),
      .literal("unexpected JWT alg received, expected"),
      .literal("Signed JWT rejected: Another algorithm expected, or no matching key(s) found"),
      .seen(.wording, .broken(.idTokenAlgAllowlist)),
      cause: "The token was signed with another algorithm than the application expects, or with a"
        + " key that it has not loaded.",
      fix: "Compare alg and kid in the token\u{2019}s header with the settings and the JWKS.",
      source: .code("Nimbus JOSE + JWT and openid-client")),
    DiagnosisRow(
      "library-key-unknown", .generic, [],
      .literal("IDX10501"),
      .literal("IDX10503"),
      .literal("no applicable key found in the JSON Web Key Set"),
      .literal("no matching key found in issuer's jwks_uri"),
      .literal("Unable to find a signing key that matches"),
      .seen(.wording, .broken(.idTokenKidKnown)),
      blame: .provider,
      cause: "The key that the token names is not in the key set: it was rotated, or the token is"
        + " of another tenant.",
      fix: "Fetch the keys again; compare iss of the token with the issuer whose keys were loaded.",
      source: .experience("Microsoft.IdentityModel, jose, PyJWT")),
    DiagnosisRow(
      "library-metadata-unreachable", .generic, [],
      .literal("IDX20803"),
      .literal("IDX20804"),
      .wording("Unable to resolve the Configuration with the provided Issuer"),
      .wording("Unable to resolve Configuration with the provided Issuer"),
      blame: .environment,
      cause: "The library could not fetch the discovery document: a wrong issuer, no way out of the"
        + " container, or a certificate it does not trust.",
      fix: "Fetch ISSUER/.well-known/openid-configuration with curl from the same machine.",
      source: .code("Microsoft.IdentityModel, ConfigurationManager")),
    DiagnosisRow(
      "library-clock", .generic, [],
      .literal("id_token issued in the future"),
      .literal("JWT expired, now"),
      .literal("IDX10222"),
      .literal("IDX10223"),
      .wording("Token used before issued").with("invalid_token"),
      .seen(.wording, .broken(.idTokenIat)),
      blame: .environment,
      cause: "The clocks of provider and application differ, or the token is old.",
      fix: "Let both machines follow a time server; allow a minute of difference.",
      source: .experience("openid-client, Microsoft.IdentityModel")),
    DiagnosisRow(
      "library-jwt-malformed", .generic, [.api],
      .wording("jwt malformed"),
      cause: "Something that expects a JWT got an opaque token, an empty one, or the word Bearer"
        + " with it.",
      fix: "Ask the provider for a token for that API, and pass on the token alone.",
      source: .support("community.auth0.com/t/31028")),
  ]
}
