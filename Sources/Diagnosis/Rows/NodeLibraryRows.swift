import HybridFlow

extension DiagnosisEngine {
  /// Client libraries of JavaScript and of phones.
  static let nodeLibraryRows: [DiagnosisRow] = [
    DiagnosisRow(
      "node-issuer-status", .generic, [],
      .literal("OPError: expected 200 OK, got:"),
      .literal("is not a conform Authorization Server Metadata response"),
      .literal("issuer must be configured on the issuer"),
      .literal("node_modules/openid-client*", "is not valid JSON"),
      .literal("Failed connecting to OIDC issuer"),
      cause: "Discovery did not give a document: the configured issuer is wrong, or the address "
        + "answers with something else.",
      fix: "Configure the issuer alone; ISSUER/.well-known/openid-configuration must answer 200 "
        + "with JSON from the same machine.",
      source: .code("openid-client")),
    DiagnosisRow(
      "node-token-claims", .generic, [],
      .literal("missing required JWT property"),
      .literal("\"response\" body \"id_token\" property must be a string"),
      blame: .provider,
      cause: "The ID token lacks a claim that it must have; the message names it.",
      fix: "Look at the ID token (hybrid-flow decode): nonce is missing when the request sent "
        + "none, c_hash and at_hash are the provider\u{2019}s to add, and an access token is no ID "
        + "token.",
      source: .code("openid-client, ID token checks")),
    DiagnosisRow(
      "node-audience", .generic, [],
      .literal("RPError: aud mismatch"),
      .literal("aud is missing the client_id"),
      .literal("unexpected JWT \"aud\" (audience) claim value"),
      .literal("azp mismatch, got:"),
      cause: "The ID token was issued for another client: aud or azp is not the configured "
        + "client id.",
      fix: "Compare client_id here with the aud of the token; look for two clients whose "
        + "settings were mixed.",
      source: .code("openid-client, ID token checks")),
    DiagnosisRow(
      "node-expired", .generic, [],
      .literal("RPError: id_token expired"),
      .literal(
        "unexpected JWT \"exp\" (expiration time) claim value, expiration is past current timestamp"
      ),
      .literal("unexpected JWT \"iat\" (issued at) claim value"),
      .literal("RPError: id_token not active yet"),
      blame: .environment,
      cause: "The ID token is out of its time on this machine: the clocks differ, or it is old.",
      fix: "Let the machine follow a time server; custom.clock_tolerance (clockTolerance) allows "
        + "some seconds.",
      source: .code("openid-client, ID token checks")),
    DiagnosisRow(
      "node-signature", .generic, [],
      .literal("failed to validate JWT signature"),
      .literal("RPError: failed to decode JWT … signature"),
      cause: "The ID token\u{2019}s signature does not verify with the keys or the secret that the "
        + "library has.",
      fix:
        "Compare kid, alg and iss with the issuer\u{2019}s JWKS; for HS256 compare the client secret.",
      source: .code("openid-client, ID token checks")),
    DiagnosisRow(
      "node-encrypted", .generic, [],
      .literal("encrypted JWTs cannot be decoded"),
      .literal("unexpected JWE"),
      .literal("ID Token encryption … not configured"),
      cause: "The ID token is encrypted (JWE), and the application expects it to be signed only.",
      fix: "Switch ID token encryption off for this client at the provider (authentik: Providers "
        + "> your provider > Encryption Key: none), or configure id_token_encrypted_response_alg "
        + "and the private key.",
      source: .code("openid-client, decoding of JWTs")),
    DiagnosisRow(
      "node-hash", .generic, [],
      .literal("RPError: at_hash mismatch"),
      .literal("RPError: c_hash mismatch"),
      .literal("RPError: s_hash mismatch"),
      .literal("could not validate ID Token \"c_hash\""),
      .literal("invalid ID Token \"c_hash\""),
      .literal("invalid ID Token \"at_hash\""),
      blame: .provider,
      cause: "c_hash or at_hash of the ID token does not fit the code or access token that came "
        + "with it.",
      fix: "Decode the ID token beside them; code and token must be of the same answer.",
      source: .code("openid-client, ID token checks")),
    DiagnosisRow(
      "node-code-missing", .generic, [],
      .literal("code missing from response"),
      .literal("id_token missing from response"),
      .literal("access_token missing from response"),
      .literal("id_token not present in TokenSet"),
      cause: "The answer does not have what its response type promises: openid was not asked "
        + "for, or the client is not allowed that response type.",
      fix: "Ask for the scope openid, allow the response type for the client, and hand the "
        + "callback\u{2019}s whole form to the library.",
      source: .code("openid-client, callback checks")),
    DiagnosisRow(
      "next-auth-cookies", .generic, [],
      .literal("State cookie was missing"),
      .literal("PKCE code_verifier cookie was missing"),
      .literal("pkceCodeVerifier value could not be parsed"),
      .literal("InvalidCheck: pkceCodeVerifier"),
      .literal("InvalidCheck: state"),
      .literal("InvalidCheck: nonce"),
      .literal("Nonce cookie was missing"),
      cause: "NextAuth (Auth.js) did not get back the cookie of the login it started, or could "
        + "not read it.",
      fix: "Set NEXTAUTH_URL (AUTH_URL) to the public https address, keep one host name, set the "
        + "same secret on all instances, and trust the proxy (AUTH_TRUST_HOST).",
      source: .code("next-auth, checks")),
    DiagnosisRow(
      "next-auth-linked", .generic, [],
      .literal("OAuthAccountNotLinked"),
      cause: "An account with this e-mail address exists already, from another way to sign in.",
      fix: "Sign in the first way and link the account, or let the application link by e-mail if "
        + "both providers verify it.",
      source: .document("NextAuth, error codes")),
    DiagnosisRow(
      "oidc-client-state", .generic, [],
      .literal("No matching state found in storage"),
      .literal("state not valid (expected"),
      .literal("client_id mismatch on settings vs. signin state"),
      .literal("Frame window timed out"),
      cause: "oidc-client found no login that fits the state of this answer: the page was loaded "
        + "twice, another tab or origin started it, storage was cleared, or a server answers "
        + "with a state of its own.",
      fix: "Process the callback once, on the same origin (host and port) that started the "
        + "login; look which state the provider returns: it must be the one that was sent.",
      source: .code("oidc-client-ts and react-oidc")),
    DiagnosisRow(
      "oidc-client-no-state", .generic, [],
      .literal("No state in response"),
      cause:
        "oidc-client found no state in the callback\u{2019}s address: it looks in the query, and "
        + "the parameters stand behind # (hash routing or response_mode=fragment), or the page "
        + "was opened without an answer.",
      fix: "Use a redirect URI without #, or set response_mode to where the parameters really "
        + "come (fragment or query); call signinCallback only on the callback page.",
      source: .code("oidc-client-ts, OidcClient")),
    DiagnosisRow(
      "passport-oidc", .generic, [],
      .literal("Invalid authorization request state"),
      .literal("In collectInfoFromReq: invalid state received in the request"),
      .literal("ID token not present in token response"),
      cause: "passport did not find the login of this state in its session, or got no ID token.",
      fix: "Let the session cookie come back with the callback (SameSite=None; Secure for form "
        + "posts, trust proxy behind TLS), and ask for the scope openid.",
      source: .code("passport-openidconnect, passport-azure-ad")),
    DiagnosisRow(
      "appauth-state", .generic, [],
      .literal("State mismatch, expecting"),
      cause: "AppAuth got an answer that belongs to another login, or an error it only passes on.",
      fix: "Keep the request until its answer came, and start one login at a time; the inner "
        + "error says what the provider refused.",
      source: .code("AppAuth-iOS and AppAuth-Android")),
    DiagnosisRow(
      "appauth-clock", .generic, [],
      .literal("Issued at time is more than 10 minutes before or after the current time"),
      .literal("ID Token expired … AppAuth"),
      blame: .environment,
      cause: "The clock of the device differs from the provider\u{2019}s by more than ten minutes.",
      fix: "Let the device set its time by itself.",
      source: .code("AppAuth, ID token checks")),
  ]
}
