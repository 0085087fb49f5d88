/// The settings of encrypted tokens.
extension Setting {
  package static let encryptionKey = Setting(
    "--encryption-key", "FILE", .client, flow, .file, profile: "encryption_key_file",
    "the client\u{2019}s private key for encrypted ID tokens: PEM, a JWK or a JWK set; the demo "
      + "tenant needs none, as one is made for the run")
  package static let requestObjectEncryption = Setting(
    "--request-object-encryption", "ALG[+ENC]", .client, flow, .text,
    profile: "request_object_encryption", usual: .words("none: it is only signed"),
    suggests: .words(["RSA-OAEP+A256GCM"]),
    "encrypt the signed request object for the key that the provider publishes for that, such as "
      + "RSA-OAEP+A256GCM")
  package static let responseEncryption = Setting(
    "--response-encryption", "ALG[+ENC]", .client, flow, .text, profile: "response_encryption",
    usual: .words("none: answers in a JWT are only signed; ENC is A128CBC-HS256"),
    suggests: .words(["RSA-OAEP+A256GCM", "ECDH-ES+A256GCM", "dir+A256GCM"]),
    "how the client has registered that answers in a JWT are encrypted, such as RSA-OAEP+A256GCM, "
      + "ECDH-ES+A256GCM or dir+A256GCM; any other answer is refused, and query.jwt may be asked for"
  )
  package static let idTokenEncryption = Setting(
    "--id-token-encryption", "ALG[+ENC]", .client, flow, .text, profile: "id_token_encryption",
    usual: .words("none: ID tokens are only signed; ENC is A128CBC-HS256"),
    suggests: .words(["RSA-OAEP+A256GCM", "ECDH-ES+A256GCM", "dir+A256GCM"]),
    "how the client has registered that ID tokens are encrypted, such as RSA-OAEP+A256GCM, "
      + "ECDH-ES+A256GCM or dir+A256GCM; any other ID token is refused")
}
