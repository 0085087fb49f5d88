/// What servers say of proofs of possession.
extension Sample {
  static let proofs: [Sample] = [
    Sample(
      "okta-dpop-required",
      json("invalid_dpop_proof", "The DPoP proof JWT header is missing.")),
    Sample(
      "keycloak-dpop-missing", json("invalid_request", "DPoP proof is missing"),
      at: Issuer.keycloak),
    Sample(
      "keycloak-dpop-missing", json("invalid_dpop_proof", "DPoP proof is missing"),
      at: Issuer.keycloak),
    Sample(
      "keycloak-dpop-address",
      json("invalid_request", "DPoP verification failure: DPoP HTTP URL mismatch")),
    Sample("keycloak-dpop-method", json("invalid_request", "DPoP HTTP method mismatch")),
    Sample("keycloak-dpop-time", json("invalid_request", "DPoP proof is not active")),
    Sample("keycloak-dpop-used", json("invalid_request", "DPoP proof has already been used")),
    Sample("keycloak-dpop-ath", json("invalid_token", "No access token hash in DPoP proof")),
    Sample("keycloak-dpop-ath", json("invalid_token", "DPoP proof access token hash mismatch")),
    Sample(
      "keycloak-dpop-code-key",
      json("invalid_request", "DPoP Proof public key thumbprint does not match dpop_jkt")),
    Sample(
      "keycloak-dpop-scheme",
      json(
        "invalid_token",
        "The access token type is DPoP but Authorization Header is not DPoP")),
    Sample(
      "oidc-provider-dpop-code-key",
      json("invalid_grant", "DPoP proof key thumbprint does not match dpop_jkt")),
    Sample(
      "oidc-provider-dpop-address", json("invalid_dpop_proof", "DPoP proof htu mismatch")),
    Sample(
      "oidc-provider-dpop-time",
      json("invalid_dpop_proof", "DPoP proof iat is not recent enough")),
    Sample(
      "oidc-provider-dpop-time",
      json(
        "use_dpop_nonce", "DPoP proof iat is not recent enough, use a DPoP nonce instead")),
    Sample("oidc-provider-dpop-used", json("invalid_grant", "DPoP proof JWT Replay detected")),
  ]
}
