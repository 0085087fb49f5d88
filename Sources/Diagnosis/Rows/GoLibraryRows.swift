import HybridFlow

extension DiagnosisEngine {
  /// go-oidc, go-jose, oauth2-proxy, and servers written in Go.
  static let goLibraryRows: [DiagnosisRow] = [
    DiagnosisRow(
      "go-algorithm", .generic, [],
      .literal("oidc: id token signed with unsupported algorithm"),
      .literal("go-jose: unexpected signature algorithm"),
      .literal("go-jose/go-jose: unexpected signature algorithm"),
      .literal("id token signed with unsupported algorithm, expected"),
      cause: "The ID token is signed with another algorithm than go-oidc takes; without more "
        + "settings it takes RS256. HS256 stands for the client secret.",
      fix:
        "Set the client\u{2019}s ID token signing algorithm to RS256 at the provider (a signing key "
        + "in authentik, a certificate elsewhere), or name the provider\u{2019}s in "
        + "SupportedSigningAlgs.",
      source: .code("coreos/go-oidc, verify")),
    DiagnosisRow(
      "go-audience", .generic, [],
      .literal("oidc: expected audience"),
      cause: "The ID token was issued for another client: its audience is not the configured "
        + "client id.",
      fix: "Compare the client id here with aud of the token.",
      source: .code("coreos/go-oidc, verify")),
    DiagnosisRow(
      "go-expired", .generic, [],
      .literal("oidc: token is expired"),
      .literal("before the nbf (not before) time"),
      blame: .environment,
      cause: "The ID token is out of its time on this machine: the clocks differ, or it is old.",
      fix: "Let the machine follow a time server, and sign in again.",
      source: .code("coreos/go-oidc, verify")),
    DiagnosisRow(
      "go-signature", .generic, [],
      .literal("failed to verify signature: failed to verify id token signature"),
      .literal("failed to verify id token signature"),
      .literal("go-jose: error in cryptographic primitive"),
      .literal("go-jose/go-jose: error in cryptographic primitive"),
      cause:
        "No key of the issuer verifies the ID token\u{2019}s signature: keys were rotated, or the "
        + "token is of another issuer or realm.",
      fix: "Compare kid and iss of the token with jwks_uri of the configured issuer; restart the "
        + "application to drop old keys.",
      source: .code("coreos/go-oidc, verify")),
    DiagnosisRow(
      "go-malformed", .generic, [],
      .literal("oidc: malformed jwt"),
      cause: "What came as ID token is no signed JWT: it is encrypted, opaque or empty.",
      fix:
        "Look at the token endpoint\u{2019}s answer; switch ID token encryption off, and ask for "
        + "openid.",
      source: .code("coreos/go-oidc, verify")),
    DiagnosisRow(
      "go-keys", .generic, [],
      .literal("fetching keys oidc: get keys failed"),
      .literal("oidc: get keys failed"),
      .literal("oidc: failed to decode keys"),
      blame: .environment,
      cause: "The provider\u{2019}s keys could not be fetched from jwks_uri.",
      fix: "Fetch jwks_uri with curl from the same machine or container: DNS, proxy and trusted "
        + "certificates count there.",
      source: .code("coreos/go-oidc, jwks")),
    DiagnosisRow(
      "oauth2-proxy-csrf", .generic, [],
      .literal("unable to obtain CSRF cookie"),
      .literal("Unable to find a valid CSRF token. Please try again"),
      .literal("CSRF token mismatch, potential attack"),
      .literal("OAuth2: unable to obtain CSRF"),
      cause: "oauth2-proxy did not get back the cookie of the login it started "
        + "(_oauth2_proxy_csrf), or it belongs to another login.",
      fix: "Keep one host name and https from start to callback; set --cookie-domain to fit, "
        + "--cookie-samesite=none with --cookie-secure for form posts, the same --cookie-secret "
        + "on all instances, and --cookie-csrf-per-request for several tabs.",
      source: .code("oauth2-proxy, callback")),
    DiagnosisRow(
      "oauth2-proxy-audience", .generic, [],
      .literal("does not match with any of allowed audiences"),
      .literal("audience claims … do not exist in claims"),
      cause: "The token\u{2019}s audience is not the client id of oauth2-proxy.",
      fix: "Add an audience mapper for this client at the provider (Keycloak: Client scopes > "
        + "dedicated > Add mapper > Audience), or name the audience with --oidc-extra-audience.",
      source: .code("oauth2-proxy, token verification")),
    DiagnosisRow(
      "oauth2-proxy-email", .generic, [],
      .literal("isn't verified", "email in id_token"),
      .literal("neither the id_token nor the profileURL set an email"),
      cause: "oauth2-proxy wants a verified e-mail address, and the token says it is not "
        + "verified or has none.",
      fix: "Mark the address as verified at the provider, ask for the scope email, or set "
        + "--oidc-email-claim.",
      source: .code("oauth2-proxy, OIDC provider")),
    DiagnosisRow(
      "dex-client-id", .generic, [],
      .literal("Bad Request Invalid client_id"),
      .wording("Invalid client_id ("),
      cause: "The client id is unknown to this provider (the words are Dex\u{2019}s).",
      fix: "Dex: declare the client id in staticClients of its configuration, or add it by its "
        + "API; compare it letter by letter with what the application sends.",
      source: .thread("dexidp/dex#798")),
    DiagnosisRow(
      "dex-redirect-uri", .generic, [],
      .literal("Unregistered redirect_uri"),
      cause: "The redirect URI is not registered for this client (the words are Dex\u{2019}s).",
      fix: "Dex: add it to redirectURIs of the client in staticClients, exactly as it is sent.",
      source: .code("dexidp/dex, authorization requests")),
    DiagnosisRow(
      "dex-scope", .generic, [],
      .literal("Missing required scope(s) [\"openid\"]"),
      .literal("Client can't request scope"),
      cause:
        "A scope is missing (openid), or not allowed for this client (the words are Dex\u{2019}s).",
      fix: "Ask for openid; for scopes of another client name this one among its trustedPeers.",
      source: .code("dexidp/dex, authorization requests")),
    DiagnosisRow(
      "openshift-basic", .generic, [],
      .literal("client_secret must be provided in the Authorization header"),
      cause: "This application\u{2019}s provider wants the secret by Basic authentication, in the "
        + "Authorization header, and it came another way.",
      fix: "Send the secret with client_secret_basic (Authorization header), where the library "
        + "lets you choose the authentication style.",
      source: .thread("openshift/origin#18675")),
  ]
}
