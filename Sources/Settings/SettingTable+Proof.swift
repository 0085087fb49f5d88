import OpenID

/// Access tokens that are bound to a key: DPoP, RFC 9449.
extension Setting {
  private static let algorithms = DPoP.algorithms.map(\.rawValue)

  package static let dpop = Setting(
    "--dpop", "[ALG]", .client, flow, .choice(algorithms), profile: "dpop",
    alone: SignatureAlgorithm.es256.rawValue,
    "bind access tokens to a key of the client, and prove the key with each request (RFC 9449); "
      + "ALG signs the proofs, \(algorithms.joined(separator: ", ")), and ES256 if it is left out; a "
      + "key is made for the run")
  package static let dpopNonce = Setting(
    "--dpop-nonce", .tenant, [.tenant, .watch],
    "want a nonce of the tenant in each DPoP proof (RFC 9449, sections 8 and 9)")
  package static let dpopKey = Setting(
    "--dpop-key", "FILE", .client, flow, .file, profile: "dpop_key_file",
    "with --dpop: the private key that signs the proofs, PEM or a JWK, instead of one made for the "
      + "run")
}
