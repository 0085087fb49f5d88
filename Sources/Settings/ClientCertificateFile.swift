import Cryptography
import Glibc
import HybridFlow
import OpenID
import Platform

/// The client's certificate for mutual TLS.
///
/// RFC 8705.
extension ConnectionReader {
  /// Reads the certificate and its key, and what the person should know about them; nil without one.
  ///
  /// - Throws: ``UsageError`` for files that cannot be used together.
  func clientIdentity(
    _ configuration: inout FlowConfiguration, isDemo: Bool
  ) throws(UsageError) -> (identity: ClientIdentity?, warnings: [String]) {
    if invocation.has(.clientCertificateKey), !invocation.has(.clientCertificate) {
      throw UsageError(
        at: .clientCertificateKey, " needs --client-cert FILE: the certificate of the key.")
    }
    let method = configuration.clientAuthentication
    guard let path = invocation[.clientCertificate] else {
      // The demo tenant makes one for the run.
      guard method?.usesCertificate != true || isDemo else {
        throw UsageError(
          at: .clientAuth,
          " \(method?.rawValue ?? "") needs --client-cert FILE and --client-cert-key FILE.")
      }
      return (nil, [])
    }
    if isDemo, method == .tlsClientAuth {
      throw UsageError(
        at: .clientCertificate,
        " with tls_client_auth: the demo tenant trusts its own authority alone. Leave --client-cert "
          + "out, or say --client-auth self_signed_tls_client_auth.")
    }
    guard readsFiles else { return (nil, []) }
    let identity = try readIdentity(path)
    configuration.clientCertificate = identity.certificate
    return (identity, try warnings(about: identity.certificate, from: path))
  }

  private func readIdentity(_ path: String) throws(UsageError) -> ClientIdentity {
    let limit = ClientIdentity.pemLimitBytes
    let pem = try SystemFiles.read(path, option: Setting.clientCertificate.place, limitBytes: limit)
    let keyPath = invocation[.clientCertificateKey]
    let key =
      try keyPath.map { path throws(UsageError) in
        try SystemFiles.read(path, option: Setting.clientCertificateKey.place, limitBytes: limit)
      } ?? pem
    do throws(ClientCertificateError) {
      return try ClientIdentity(certificate: pem, key: key)
    } catch {
      switch error {
      case .noKey where keyPath == nil:
        throw UsageError(
          at: .clientCertificate,
          " needs --client-cert-key FILE: \(path) has no private key in it.")
      case .noKey, .encryptedKey, .otherKey:
        throw UsageError(
          at: keyPath == nil ? .clientCertificate : .clientCertificateKey,
          " \(keyPath ?? path): \(error).")
      case .noCertificate, .noLibrary, .tooLarge, .notMade:
        throw UsageError(at: .clientCertificate, " \(path): \(error).")
      }
    }
  }

  /// A certificate that does not hold is refused by every server, so nothing is sent with it.
  ///
  /// One that is not for clients is refused by many.
  private func warnings(
    about certificate: ClientCertificate, from path: String
  ) throws(UsageError) -> [String] {
    let now = UnixTime(seconds: Int64(time(nil)))
    if now > certificate.ends {
      throw UsageError(
        at: .clientCertificate,
        " \(path): it expired on \(CivilTime(certificate.ends).text). Give a newer one, or look at "
          + "this machine\u{2019}s clock.")
    }
    if now < certificate.begins {
      throw UsageError(
        at: .clientCertificate,
        " \(path): it does not hold before \(CivilTime(certificate.begins).text). Look at this "
          + "machine\u{2019}s clock.")
    }
    guard !certificate.isForClients else { return [] }
    return [
      "--client-cert \(path): its key usages do not allow it as a client\u{2019}s certificate (no "
        + "clientAuth in extendedKeyUsage, or no digitalSignature in keyUsage). Many servers refuse "
        + "it; nginx says only \u{201C}400 The SSL certificate error\u{201D}."
    ]
  }
}
