import HybridFlow

extension DiagnosisEngine {
  /// Words of libraries that name no part of a login, or name another one.
  static let moreLibraryRows: [DiagnosisRow] = [
    DiagnosisRow(
      "openid-client-jwks-uri", .generic, [],
      .literal("issuer must be configured with a jwks_uri endpoint"),
      cause:
        "openid-client knows no jwks_uri: the issuer was made by hand, or the discovery document"
        + " has none.",
      fix: "Let it discover the issuer, or give jwks_uri with the other endpoints.",
      source: .code("panva/openid-client, issuer")),
    DiagnosisRow(
      "nimbus-expired", .generic, [],
      .literal("BadJWTException … Expired JWT"),
      blame: .environment,
      cause: "The token has expired for this machine: it is old, or the clocks differ.",
      fix:
        "Let both machines follow a time server, allow a minute of difference, and sign in again.",
      source: .code("Nimbus JOSE+JWT, DefaultJWTClaimsVerifier")),
    DiagnosisRow(
      "nimbus-not-yet-valid", .generic, [],
      .literal("JWT before use time"), .literal("BadJWTException … JWT before use time"),
      blame: .environment,
      cause: "The token is not valid yet for this machine: the clocks differ.",
      fix: "Let both machines follow a time server, and allow a minute of difference.",
      source: .code("Nimbus JOSE+JWT, DefaultJWTClaimsVerifier")),
    DiagnosisRow(
      "mod-auth-openidc-nonce", .generic, [],
      .literal("oidc_proto_validate_nonce"), .literal("oidc_proto_validate_nonce … does not match"),
      cause: "The nonce of the ID token is not the one of the login that mod_auth_openidc began:"
        + " another tab or an old answer, or the provider does not return nonce unchanged.",
      fix: "Start again in one tab; decode the ID token and compare its nonce with that of the"
        + " request.",
      source: .code("OpenIDC/mod_auth_openidc, proto")),
    DiagnosisRow(
      "oidc-client-authority", .generic, [],
      .literal("authority mismatch on settings vs. signin state"),
      cause: "The callback was handled with another authority than the login began with: the"
        + " setting changed in between, or two providers share one callback.",
      fix: "Use the same authority for sign-in and callback, letter by letter, with or without the"
        + " slash at its end; clear the stored state and start again.",
      source: .code("authts/oidc-client-ts, ResponseValidator")),
    DiagnosisRow(
      "id-token-hint-refused", .generic, [],
      .wording("id_token_hint is invalid"), .wording("invalid id_token_hint"),
      .wording("id_token_hint … not valid"), .wording("id_token_hint … could not be"),
      cause: "The provider does not take the id_token_hint: it is no ID token of this issuer and"
        + " client, it was changed, or it is too old for this provider.",
      fix: "Send the ID token as it came, of the same issuer and client; leave id_token_hint out to"
        + " sign in or out without it.",
      source: .document("OpenID Connect Core 1.0, section 3.1.2.1")),
    DiagnosisRow(
      "python-signature", .generic, [],
      .literal("jose.exceptions.JWTError: Signature verification failed"),
      .literal("JWSSignatureError"),
      .literal("InvalidSignatureError: Signature verification failed"),
      .literal("jose.exceptions.JWSError: Signature verification failed"),
      cause:
        "No key that the application has verifies the token\u{2019}s signature: keys of another"
        + " issuer or old ones, or for HS256 another secret.",
      fix: "Compare iss, kid and alg of the token with the issuer whose JWKS was loaded; fetch the"
        + " keys again.",
      source: .code("mpdavis/python-jose and jpadilla/pyjwt")),
    DiagnosisRow(
      "entra-pkce-cross-origin", .entra, [],
      .literal("AADSTS9002325"),
      cause: "The code is redeemed from a page\u{2019}s script without PKCE, which Entra demands"
        + " there.",
      fix: "Send code_challenge and code_verifier (S256); a server must not send an Origin header,"
        + " and belongs under the platform Web, not Single-page application.",
      source: .document("Microsoft identity platform, error codes")),
    DiagnosisRow(
      "api-token-refused", .generic, [.api],
      .wording("statusCode 401 … Invalid token"), .wording("error Unauthorized … Invalid token"),
      cause: "An API does not take the token: it is expired, of another issuer, or for another"
        + " audience, or an ID token was sent in its place.",
      fix:
        "Send the access token, not the ID token; decode it and compare iss, aud and exp with what"
        + " the API wants.",
      source: .document("RFC 6750, section 3.1")),
    DiagnosisRow(
      "scope-not-for-client", .generic, [],
      .wording("not authorized to use scope"), .wording("not allowed to request scope"),
      .wording("is not allowed to request scope"), .wording("scope … not allowed for this client"),
      cause: "This client may not ask for one of the scopes.",
      fix: "Allow the scope for the client in the provider\u{2019}s console, or leave it out.",
      source: .document("RFC 6749, section 4.1.2.1")),
    DiagnosisRow(
      "idpyoidc-scope", .generic, [],
      .literal("UnAuthorizedClientScope"),
      cause: "This client may not ask for one of the scopes.",
      fix: "Add the scope to allowed_scopes of the client at the provider, or leave it out.",
      source: .code("IdentityPython/idpy-oidc, oauth2/authorization")),
    DiagnosisRow(
      "id-token-decryption", .generic, [],
      .wording("decrypt the ID Token"), .wording("decrypting the id token"),
      .wording("no key to decrypt … token"), .wording("decryption of the id_token"),
      cause: "The ID token is encrypted (JWE), and the application has no key that decrypts it.",
      fix: "Switch ID token encryption off for this client at the provider, or give the application"
        + " the private key whose public half is registered there.",
      source: .document("OpenID Connect Core 1.0, section 10.2")),
  ]
}
