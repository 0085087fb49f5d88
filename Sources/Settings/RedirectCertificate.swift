import Network
import OpenID
import Platform

/// What the application's https port shows to browsers.
public enum RedirectCertificate: Sendable {
  /// A certificate that is made when the port is opened, and kept nowhere.
  case throwAway
  /// The person's own.
  case given(TLSIdentity)
}

/// An https redirect URI on this machine: whether it is listened at, and with which certificate.
extension ConnectionReader {
  /// Whether the answer to this redirect URI can arrive here.
  ///
  /// Plain http is for loopback hosts. https is for those as well, and for any other name once a
  /// certificate is named: the person then says that the name leads to this machine.
  func listens(at uri: WebURL) -> Bool {
    uri.isLoopback || uri.isHTTPS && hasCertificate
  }

  /// Whether the options say what an https port shows.
  private var hasCertificate: Bool {
    invocation.has(.tlsCertificate) || invocation.has(.tlsSelfSigned)
  }

  /// Reads what the port of the redirect URI shows, and what the person should know about it.
  ///
  /// - Throws: ``UsageError`` for a certificate or key that cannot be used.
  func redirectCertificate(
    for uri: WebURL
  ) throws(UsageError) -> (certificate: RedirectCertificate, warnings: [String]) {
    if invocation.has(.tlsKey), !invocation.has(.tlsCertificate) {
      throw UsageError(at: .tlsKey, " needs --tls-cert FILE: the certificate of the key.")
    }
    guard let path = invocation[.tlsCertificate] else { return (.throwAway, []) }
    if invocation.has(.tlsSelfSigned) {
      throw UsageError("--tls-cert and --tls-self-signed are two certificates: leave one out.")
    }
    guard uri.isHTTPS else {
      let words = "--tls-cert is for an https redirect URI and is not used: \(uri) has http."
      return (.throwAway, [words])
    }
    guard readsFiles else { return (.throwAway, []) }
    let identity = try identity(path)
    return (.given(identity), Self.warnings(about: identity, for: uri, from: path))
  }

  private func identity(_ path: String) throws(UsageError) -> TLSIdentity {
    let limit = TLSIdentity.pemLimitBytes
    let certificates = try SystemFiles.read(
      path, option: Setting.tlsCertificate.place, limitBytes: limit)
    let keyPath = invocation[.tlsKey]
    let key =
      try keyPath.map { path throws(UsageError) in
        try SystemFiles.read(path, option: Setting.tlsKey.place, limitBytes: limit)
      } ?? certificates
    do throws(TLSIdentityError) {
      return try TLSIdentity(certificates: certificates, key: key)
    } catch {
      switch error {
      case .noKey where keyPath == nil:
        throw UsageError(
          at: .tlsCertificate, " needs --tls-key FILE: \(path) has no private key in it.")
      case .noKey, .encryptedKey, .otherKey:
        throw UsageError(
          at: keyPath == nil ? .tlsCertificate : .tlsKey, " \(keyPath ?? path): \(error).")
      case .noCertificate, .noLibrary, .refused:
        throw UsageError(at: .tlsCertificate, " \(path): \(error).")
      }
    }
  }

  /// What a browser will refuse: it decides, not this program.
  private static func warnings(
    about identity: TLSIdentity, for uri: WebURL, from path: String
  ) -> [String] {
    var all: [String] = []
    switch identity.validity {
    case .holds: break
    case .noLonger:
      all.append(
        "The certificate of \(path) expired on \(CivilTime(identity.ends).text): browsers refuse "
          + "it. Make a new one.")
    case .notYet:
      all.append(
        "The certificate of \(path) does not hold before \(CivilTime(identity.begins).text): "
          + "browsers refuse it. Look at this machine\u{2019}s clock.")
    }
    if !identity.names(uri.host) {
      all.append(
        "The certificate of \(path) is not for \(uri.host): its subjectAltName does not have it, "
          + "and browsers refuse it. Make one for this name, or use a redirect URI with its name.")
    }
    return all
  }
}
