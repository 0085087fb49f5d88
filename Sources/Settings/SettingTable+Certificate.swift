import OpenID

/// The client's certificate for mutual TLS, and the tenant's port for clients with one.
extension Setting {
  package static let clientCertificate = Setting(
    "--client-cert", "FILE", .client, flow, .file, profile: "client_cert",
    "the client's certificate for mutual TLS, PEM, with its chain if it has one: shown at the "
      + "endpoints that need it and at the API, if they ask")
  package static let clientCertificateKey = Setting(
    "--client-cert-key", "FILE", .client, flow, .file, profile: "client_cert_key",
    usual: .words("in the file of --client-cert"), "its private key, PEM without a password")
  package static let certificate = Setting(
    "--certificate", "FILE", .connection, [.decode], .file,
    "compare cnf of an access token with this certificate, PEM")
  package static let client = Setting(
    "--client", "FIELDS", .tenant, [.tenant, .testApp, .watch], .text, repeatable: true,
    "'id=ID,secret-file=FILE,redirect-uri=URI'; redirect-uri may be repeated, and so may "
      + "--client; also secret-command, jwks-file (the client's public keys, for private_key_jwt), "
      + "apple-key, apple-key-id and apple-team (with --habits apple), tls-subject, tls-san-dns, "
      + "tls-san-uri, tls-san-ip or tls-san-email (with --mtls), id-token-encryption, "
      + "response-encryption and encryption-jwks-file, dpop-bound (true: no token without a DPoP "
      + "proof), post-logout-redirect-uri, name, auth, first-party")
  package static let mutualTLS = Setting(
    "--mtls", "PORT", .tenant, [.tenant, .watch], .text,
    "listen at this port as well, with https, and ask clients for a certificate; 0 takes a free one"
  )
  package static let mutualTLSFolder = Setting(
    "--mtls-files", "DIR", .tenant, [.tenant, .watch], .text, suggests: .folder,
    "with --mtls: write what a try-out needs into a folder: server.pem to trust, client.pem and "
      + "client-key.pem to show")
}
