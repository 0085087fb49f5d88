import HybridFlow

extension DiagnosisEngine {
  /// What providers say of proofs of possession: DPoP, RFC 9449.
  static let proofRows: [DiagnosisRow] = [
    DiagnosisRow(
      "okta-dpop-required", .okta, [.token],
      .literal("The DPoP proof JWT header is missing").with("invalid_dpop_proof"),
      cause: "The app demands a DPoP proof with each token request, and this one had none. New apps"
        + " of some kinds have the switch on from the start.",
      fix: "Send a proof: --dpop. Or Applications > your app > General > General Settings: untick"
        + " Require Demonstrating Proof of Possession (DPoP) header in token requests.",
      source: .support("support.okta.com, The DPoP Proof JWT Header Is Missing")),
    DiagnosisRow(
      "keycloak-dpop-missing", .keycloak, [.token],
      .wording("DPoP proof is missing").atThisProvider,
      cause:
        "The client demands a DPoP proof, or the login named a key with dpop_jkt, and this token"
        + " request had no proof. Newer versions say invalid_request, older ones"
        + " invalid_dpop_proof.",
      fix: "Send a proof: --dpop. Or Clients > your client > Settings: switch Require DPoP bound"
        + " tokens off.",
      source: .code("keycloak, DPoPUtil; keycloak#34842")),
    DiagnosisRow(
      "keycloak-dpop-address", .keycloak, [.token, .api],
      .literal("DPoP HTTP URL mismatch"),
      cause: "htu in the proof is not the address that Keycloak saw. Mostly a proxy in front of it"
        + " changes scheme, host or path, and Keycloak has not been told.",
      fix: "Let htu be the address as sent, without its query. At Keycloak set hostname and"
        + " proxy-headers, so that it knows its public address.",
      source: .code("keycloak, DPoPUtil")),
    DiagnosisRow(
      "keycloak-dpop-method", .keycloak, [.token, .api],
      .literal("DPoP HTTP method mismatch"),
      cause: "htm in the proof is another method than that of the request; its letters count.",
      fix: "Write the method of this very request, such as POST, in large letters.",
      source: .code("keycloak, DPoPUtil")),
    DiagnosisRow(
      "keycloak-dpop-time", .keycloak, [.token, .api],
      .literal("DPoP proof is not active"),
      cause:
        "iat of the proof is too far from Keycloak\u{2019}s clock. By default a proof is good for"
        + " 10 s, and clocks may differ by 15 s.",
      fix: "Set the clocks right, and make each proof just before it is sent.",
      source: .code("keycloak, DPoPUtil")),
    DiagnosisRow(
      "keycloak-dpop-used", .keycloak, [.token, .api],
      .literal("DPoP proof has already been used"),
      cause: "Keycloak has seen this jti before. The harmless cause is a client, or a proxy, that"
        + " sends a request once more as it was.",
      fix: "Make a new proof with a new jti for every request, repeated ones as well.",
      source: .code("keycloak, DPoPUtil")),
    DiagnosisRow(
      "keycloak-dpop-ath", .keycloak, [.api],
      .literal("No access token hash in DPoP proof"),
      .literal("DPoP proof access token hash mismatch"),
      cause: "ath in the proof is not the digest of the access token that came with it.",
      fix: "With an access token, ath is the SHA-256 of its text in base64url, not in hexadecimal.",
      source: .code("keycloak, DPoPUtil")),
    DiagnosisRow(
      "keycloak-dpop-code-key", .keycloak, [.token],
      .literal("DPoP Proof public key thumbprint does not match dpop_jkt"),
      cause:
        "The login was begun for one key, and the proof is by another. An application on several"
        + " nodes, each with a key of its own, does that.",
      fix: "Keep the key with the login, so that the code is redeemed with the same one.",
      source: .code("keycloak, DPoPUtil")),
    DiagnosisRow(
      "keycloak-dpop-scheme", .keycloak, [.api],
      .literal("The access token type is DPoP but Authorization Header is not DPoP"),
      cause: "A token that is bound to a key was sent as a bearer token.",
      fix: "Send Authorization: DPoP with the token, and a proof in the header DPoP.",
      source: .code("keycloak, DPoPUtil")),
    DiagnosisRow(
      "oidc-provider-dpop-code-key", .nodeOIDCProvider, [.token],
      .literal("DPoP proof key thumbprint does not match dpop_jkt").with("invalid_grant"),
      cause: "The login was begun for one key, and the proof is by another.",
      fix: "Keep the key with the login, so that the code is redeemed with the same one.",
      source: .code("panva/node-oidc-provider, lib/actions/grants/authorization_code.js")),
    DiagnosisRow(
      "oidc-provider-dpop-address", .nodeOIDCProvider, [.token, .api],
      .literal("DPoP proof htu mismatch").with("invalid_dpop_proof"),
      cause:
        "htu in the proof is not the address that the server knows itself by. Mostly a proxy in"
        + " front of it changes scheme or host, and the server does not trust the proxy\u{2019}s"
        + " headers.",
      fix: "Let htu be the address as sent, without its query. At the server set provider.proxy to"
        + " true behind a proxy that it may trust.",
      source: .code("panva/node-oidc-provider, lib/helpers/validate_dpop.js")),
    DiagnosisRow(
      "oidc-provider-dpop-time", .nodeOIDCProvider, [.token, .api],
      .literal("DPoP proof iat is not recent enough"),
      cause: "iat of the proof is too far from the server\u{2019}s clock.",
      fix:
        "Set the clocks right. With use_dpop_nonce as the error a nonce helps as well: the server"
        + " has sent one in DPoP-Nonce.",
      source: .code("panva/node-oidc-provider, lib/helpers/validate_dpop.js")),
    DiagnosisRow(
      "oidc-provider-dpop-used", .nodeOIDCProvider, [.token, .api],
      .literal("DPoP proof JWT Replay detected"),
      cause: "The server has seen this jti before. The harmless cause is a client, or a proxy, that"
        + " sends a request once more as it was.",
      fix: "Make a new proof with a new jti for every request, repeated ones as well.",
      source: .code("panva/node-oidc-provider, lib/actions/grants/authorization_code.js")),
  ]
}
