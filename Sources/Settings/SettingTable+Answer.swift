/// How the answer comes back when it does not come by plain http to this machine.
extension Setting {
  package static let allowHTTP = Setting(
    "--allow-http", "HOST", .connection, flow, .texts, profile: "allow_http", repeatable: true,
    "allow plain http to this host of your own network, where everybody on the way can read codes, "
      + "tokens and the secret; may be repeated")
  package static let tlsCertificate = Setting(
    "--tls-cert", "FILE", .connection, flow, .file, profile: "tls_cert",
    "the certificate of an https redirect URI on this machine, PEM, with its chain if it has one: "
      + "from mkcert, dotnet dev-certs or openssl. Any host name is listened at with it")
  package static let tlsKey = Setting(
    "--tls-key", "FILE", .connection, flow, .file, profile: "tls_key",
    usual: .words("in the file of --tls-cert"), "its private key, PEM without a password")
  package static let tlsSelfSigned = Setting(
    "--tls-self-signed", .connection, flow, profile: "tls_self_signed",
    "listen for an https redirect URI of another name than localhost, with a certificate made for "
      + "the run; the name has to lead to 127.0.0.1 by your hosts file")
  package static let paste = Setting(
    "--paste", .browser, [.run],
    "read the answer from standard input as well: the address at which the browser ended, the form "
      + "body, a cURL command or a HAR entry. Done unasked where the redirect URI is elsewhere and "
      + "standard input is a terminal")
}
