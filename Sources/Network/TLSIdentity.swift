import COpenSSL
import Glibc
import OpenID

/// Why a certificate and its key cannot be used by a server.
public enum TLSIdentityError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The TLS library cannot be loaded.
  case noLibrary
  /// There is no certificate in PEM.
  case noCertificate
  /// There is no private key in PEM.
  case noKey
  /// The key is encrypted.
  case encryptedKey
  /// The key belongs to another certificate.
  case otherKey
  /// The library refuses them, for this reason.
  case refused(reason: String)

  /// What is wrong, as the end of a sentence, and what to do.
  public var description: String {
    switch self {
    case .noLibrary: "libssl.so.3 cannot be loaded; on Debian, libssl3 has it"
    case .noCertificate: "there is no certificate in it. Give a PEM file with BEGIN CERTIFICATE"
    case .noKey: "there is no private key in it. Give a PEM file with BEGIN PRIVATE KEY"
    case .encryptedKey:
      "the key is encrypted. Write it without a password, for example with "
        + "'openssl pkey -in FILE -out NEW', or 'dotnet dev-certs https --format Pem --no-password'"
    case .otherKey:
      "the key does not belong to the certificate. Give the two that were made together"
    case .refused(let reason): "the TLS library refuses it (\(reason))"
    }
  }
}

/// Who a TLS server is: its certificate, the chain above it and its private key.
///
/// It can be made on one thread and used on others. It never shows its key, and libcrypto erases
/// the key when the last connection is gone.
public final class TLSIdentity: @unchecked Sendable, CustomReflectable {
  /// The largest file with a certificate or a key, in bytes.
  public static let pemLimitBytes = 256 * 1024
  /// How long a throw-away certificate holds.
  public static let throwAwayDays = 7

  /// Whether the certificate was made for this run.
  public let isThrowAway: Bool
  /// Whether clients are asked for a certificate.
  let asksForCertificates: Bool
  /// The SHA-256 of the certificate, as browsers show it: pairs of digits and colons.
  public let fingerprint: String
  /// The time from which it holds.
  public let begins: UnixTime
  /// The time after which it holds no longer.
  public let ends: UnixTime
  /// The certificate in PEM, without its key.
  package let certificate: [UInt8]
  /// The SHA-256 of its public key in Base64, as a client pins it.
  ///
  /// RFC 7469, section 2.4.
  let keyPin: String
  private let pointer: OpaquePointer

  private init(owning pointer: OpaquePointer, isThrowAway: Bool, asks: Bool = false) {
    self.pointer = pointer
    self.isThrowAway = isThrowAway
    asksForCertificates = asks
    begins = UnixTime(seconds: tls_identity_begins(pointer))
    ends = UnixTime(seconds: tls_identity_ends(pointer))
    var digest = [UInt8](repeating: 0, count: 32)
    tls_identity_fingerprint(pointer, &digest)
    fingerprint = digest.map(Self.hex).joined(separator: ":")
    tls_identity_key_digest(pointer, &digest)
    keyPin = Base64.encode(digest)
    var der = [UInt8](repeating: 0, count: tls_identity_der(pointer, nil, 0))
    tls_identity_der(pointer, &der, der.count)
    certificate = Array(
      "-----BEGIN CERTIFICATE-----\n\(Base64.encode(der))\n-----END CERTIFICATE-----\n".utf8)
  }

  deinit { tls_identity_free(pointer) }

  /// Nothing: it has a private key.
  public var customMirror: Mirror { Mirror(self, children: []) }

  private static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    return String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
  }

  /// Reads a certificate, which may be followed by its chain, and an unencrypted key: PKCS #8,
  /// PKCS #1 or SEC 1, all in PEM.
  public convenience init(certificates: [UInt8], key: [UInt8]) throws(TLSIdentityError) {
    var fault = tls_identity_fine
    let made = tls_identity_read(certificates, certificates.count, key, key.count, &fault)
    guard let made else {
      if fault == tls_identity_no_key, Self.isEncrypted(key) { throw .encryptedKey }
      throw Self.error(fault)
    }
    self.init(owning: made, isThrowAway: false)
  }

  /// Makes a certificate that signs itself, for the loopback names and this host.
  ///
  /// Its key is new and exists in memory only.
  ///
  /// - Parameter asks: Whether clients are asked for a certificate; any is taken, or none.
  public static func throwAway(
    for host: String, askingForCertificates asks: Bool = false
  ) throws(TLSIdentityError) -> TLSIdentity {
    let name = host.asciiLowercased
    var names = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"]
    let own = (isAddress(name) ? "IP:" : "DNS:") + name
    if !names.contains(own) { names.append(own) }
    var fault = tls_identity_fine
    let made = tls_identity_make(
      "hybrid-flow, for one run", names.joined(separator: ","), throwAwayDays, &fault)
    guard let made else { throw error(fault) }
    if asks { tls_identity_ask(made) }
    return TLSIdentity(owning: made, isThrowAway: true, asks: asks)
  }

  private static func isAddress(_ name: String) -> Bool {
    SocketAddress(name, port: 0) != nil
  }

  private static func isEncrypted(_ key: [UInt8]) -> Bool {
    let text = String(decoding: key, as: UTF8.self)
    return text.holds("BEGIN ENCRYPTED PRIVATE KEY") || text.holds("Proc-Type: 4,ENCRYPTED")
  }

  private static func error(_ fault: tls_identity_fault) -> TLSIdentityError {
    switch fault {
    case tls_identity_no_library: return .noLibrary
    case tls_identity_no_certificate: return .noCertificate
    case tls_identity_no_key: return .noKey
    case tls_identity_other_key: return .otherKey
    default:
      let reason = crypto_take_reason().map { String(cString: $0) }
      if let reason, reason.holds("key too small") {
        return .refused(reason: "\(reason): an RSA key needs 2048 bits")
      }
      return .refused(reason: reason ?? "without a reason")
    }
  }

  /// Whether the certificate holds now, by the clock of this machine.
  public enum Validity: Sendable {
    case holds, notYet, noLonger
  }

  /// Whether the certificate holds now.
  public var validity: Validity {
    let now = UnixTime(seconds: Int64(time(nil)))
    return now < begins ? .notYet : now > ends ? .noLonger : .holds
  }

  /// Whether the certificate is for this host name or numeric address.
  ///
  /// The common name of the subject does not count, as in browsers: RFC 9525, section 6.3.
  public func names(_ host: String) -> Bool { tls_identity_names(pointer, host) == 1 }

  /// The state of a new connection; nil without memory.
  func makeSession() -> OpaquePointer? { tls_session_make(pointer) }
}
