extension Sample {
  /// Messages that name no part of a login, or name another one.
  static let otherWords: [Sample] = [
    Sample(
      "openid-client-jwks-uri", log("TypeError: issuer must be configured with a jwks_uri endpoint")
    ),
    Sample("nimbus-expired", log("com.nimbusds.jwt.proc.BadJWTException: Expired JWT")),
    Sample(
      "nimbus-not-yet-valid", log("com.nimbusds.jwt.proc.BadJWTException: JWT before use time")),
    Sample(
      "mod-auth-openidc-nonce",
      log("[auth_openidc:error] oidc_proto_validate_nonce: the nonce value does not match")),
    Sample(
      "oidc-client-authority", log("Error: authority mismatch on settings vs. signin state")),
    Sample("id-token-hint-refused", form("invalid_request", "id_token_hint is invalid")),
    Sample(
      "python-signature", log("jose.exceptions.JWTError: Signature verification failed.")),
    Sample(
      "entra-pkce-cross-origin",
      json(
        "invalid_request",
        "AADSTS9002325: Proof Key for Code Exchange is required for cross-origin authorization"
          + " code redemption.")),
    Sample(
      "api-token-refused",
      #"{"statusCode":401,"error":"Unauthorized","message":"Invalid token"}"#),
    Sample(
      "scope-not-for-client", form("invalid_scope", "The client is not authorized to use scope x")),
    Sample("idpyoidc-scope", json("invalid_request", "UnAuthorizedClientScope")),
    Sample("id-token-decryption", log("OIDC: no key to decrypt the token")),
  ]
}
