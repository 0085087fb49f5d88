import COpenSSL
import Glibc
import OpenID

/// A client certificate with its private key, for TLS.
///
/// It never shows its key.
public struct ClientIdentity: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The largest file with a certificate or a key, in bytes.
  public static let pemLimitBytes = 256 * 1024

  /// The certificate.
  public let certificate: ClientCertificate
  /// The certificate and its chain in PEM.
  package let certificatePEM: [UInt8]
  /// The private key in PEM, unencrypted.
  private let key: Secret

  /// Reads a certificate, which may be followed by its chain, and its unencrypted key, both in PEM.
  ///
  /// - Throws: ``ClientCertificateError``.
  public init(certificate pem: [UInt8], key: [UInt8]) throws(ClientCertificateError) {
    certificate = try ClientCertificate(pem: pem)
    certificatePEM = pem
    let der = certificate.der
    switch certificate_fits_key(der, der.count, key, key.count) {
    case 1: self.key = Secret(String(decoding: key, as: UTF8.self))
    case 0: throw .otherKey
    default:
      let text = String(decoding: key, as: UTF8.self)
      let isEncrypted =
        text.holds("BEGIN ENCRYPTED PRIVATE KEY") || text.holds("Proc-Type: 4,ENCRYPTED")
      throw isEncrypted ? .encryptedKey : .noKey
    }
  }

  /// Gives the key, in PEM, to a function that needs it.
  package func withKey<Result>(_ body: ([UInt8]) -> Result) -> Result {
    body(Array(key.reveal().utf8))
  }

  /// The subject of the certificate.
  public var description: String { certificate.subject }
  /// Nothing: it has a private key.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Whether both are the same certificate.
  public static func == (left: ClientIdentity, right: ClientIdentity) -> Bool {
    left.certificate == right.certificate
  }
}

/// A certificate authority that was made for one run; its key exists in memory only.
public final class ThrowAwayAuthority: @unchecked Sendable, CustomReflectable {
  /// How long what it issues holds.
  public static let days = 7

  /// Its certificate.
  public let certificate: ClientCertificate
  private let pointer: OpaquePointer

  /// Makes an authority of this name.
  ///
  /// - Throws: ``ClientCertificateError``.
  public init(name: String) throws(ClientCertificateError) {
    guard let pointer = certificate_authority_make(name, Self.days) else {
      var facts = certificate_facts()
      throw certificate_read([], 0, &facts) < 0 ? .noLibrary : .notMade
    }
    var der = [UInt8](repeating: 0, count: certificate_authority_der(pointer, nil, 0))
    certificate_authority_der(pointer, &der, der.count)
    do throws(ClientCertificateError) {
      certificate = try ClientCertificate(der: der)
    } catch {
      certificate_authority_free(pointer)
      throw error
    }
    self.pointer = pointer
  }

  deinit { certificate_authority_free(pointer) }

  /// Nothing: it has a private key.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// Issues a certificate for a client.
  ///
  /// - Parameter names: What `subjectAltName` has, such as `DNS:client.example`; nil for none.
  /// - Throws: ``ClientCertificateError``.
  public func identity(
    of commonName: String, names: String? = nil
  ) throws(ClientCertificateError) -> ClientIdentity {
    try Self.issue(pointer, [("CN", commonName)], names)
  }

  /// Issues a certificate with this whole subject.
  ///
  /// - Parameter names: What `subjectAltName` has; nil for none.
  /// - Throws: ``ClientCertificateError``.
  public func identity(
    withSubject subject: DistinguishedName, names: String? = nil
  ) throws(ClientCertificateError) -> ClientIdentity {
    try Self.issue(pointer, subject.parts.map { ($0.type, $0.value) }, names)
  }

  /// Makes a certificate that signs itself.
  ///
  /// - Throws: ``ClientCertificateError``.
  public static func selfSigned(
    _ commonName: String
  ) throws(ClientCertificateError) -> ClientIdentity {
    try issue(nil, [("CN", commonName)], nil)
  }

  private static func issue(
    _ authority: OpaquePointer?, _ subject: [(String, String)], _ names: String?
  ) throws(ClientCertificateError) -> ClientIdentity {
    var (certificate, key): (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?)
    var (certificateCount, keyCount) = (0, 0)
    let texts = subject.flatMap { [strdup($0.0), strdup($0.1)] }
    defer { for text in texts { free(text) } }
    var row = texts.map { UnsafePointer($0) } + [nil]
    guard texts.allSatisfy({ $0 != nil }),
      certificate_issue(
        authority, &row, names, days, &certificate, &certificateCount, &key, &keyCount) == 1
    else { throw .notMade }
    defer {
      certificate_text_free(certificate, certificateCount)
      certificate_text_free(key, keyCount)
    }
    return try ClientIdentity(
      certificate: bytes(certificate, certificateCount), key: bytes(key, keyCount))
  }

  private static func bytes(_ text: UnsafeMutablePointer<CChar>?, _ count: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: text, count: count))
  }
}
