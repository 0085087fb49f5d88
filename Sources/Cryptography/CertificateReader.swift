import COpenSSL
import OpenID

/// Why a client certificate and its key cannot be used.
public enum ClientCertificateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// libssl or libcrypto cannot be loaded.
  case noLibrary
  /// There is no certificate in PEM.
  case noCertificate
  /// There is no unencrypted private key in PEM.
  case noKey
  /// The key is encrypted.
  case encryptedKey
  /// The key belongs to another certificate.
  case otherKey
  /// The certificate with its chain is larger than a server takes.
  case tooLarge(bytes: Int)
  /// The library makes none, for a demo.
  case notMade

  /// What is wrong, as the end of a sentence, and what to do.
  public var description: String {
    switch self {
    case .noLibrary: "libssl.so.3 cannot be loaded; on Debian, libssl3 has it"
    case .noCertificate: "there is no certificate in it. Give a PEM file with BEGIN CERTIFICATE"
    case .noKey: "there is no private key in it. Give a PEM file with BEGIN PRIVATE KEY"
    case .encryptedKey:
      "the key is encrypted. Write it without a password, for example with "
        + "'openssl pkey -in FILE -out NEW'"
    case .otherKey:
      "the key does not belong to the certificate. Give the two that were made together"
    case .tooLarge(let bytes):
      "the certificate with its chain has \(bytes) bytes, more than servers take "
        + "(\(ClientCertificate.bytesMaximum))"
    case .notMade: "no certificate could be made"
    }
  }
}

extension ClientCertificate {
  /// Reads a certificate in DER, and takes over the chain above it.
  ///
  /// - Throws: ``ClientCertificateError``.
  public init(der: [UInt8], chain: [UInt8] = []) throws(ClientCertificateError) {
    let size = der.count + chain.count
    guard size <= Self.bytesMaximum else { throw .tooLarge(bytes: size) }
    var facts = certificate_facts()
    switch certificate_read(der, der.count, &facts) {
    case 1: break
    case 0: throw .noCertificate
    default: throw .noLibrary
    }
    self.init(
      der: der, chain: chain,
      thumbprint: Base64URL.encode(withUnsafeBytes(of: facts.sha256) { Array($0) }),
      subject: Self.text(withUnsafeBytes(of: facts.subject) { Array($0) }),
      issuer: Self.text(withUnsafeBytes(of: facts.issuer) { Array($0) }),
      begins: UnixTime(seconds: facts.begins), ends: UnixTime(seconds: facts.ends))
  }

  /// Reads the first certificate of a PEM text; those behind it are its chain.
  ///
  /// - Throws: ``ClientCertificateError``.
  public init(pem: [UInt8]) throws(ClientCertificateError) {
    guard let der = Self.certificate(0, of: pem) else {
      var facts = certificate_facts()
      throw certificate_read([], 0, &facts) < 0 ? .noLibrary : .noCertificate
    }
    var chain: [UInt8] = []
    var index: Int32 = 1
    while der.count + chain.count <= Self.bytesMaximum,
      let next = Self.certificate(index, of: pem)
    {
      chain += next
      index += 1
    }
    try self.init(der: der, chain: chain)
  }

  private static func certificate(_ index: Int32, of pem: [UInt8]) -> [UInt8]? {
    let count = certificate_of_pem(pem, pem.count, index, nil, 0)
    guard count > 0 else { return nil }
    var der = [UInt8](repeating: 0, count: count)
    certificate_of_pem(pem, pem.count, index, &der, count)
    return der
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The certificate, without its chain, in PEM.
  public var pem: String {
    let text = Base64.encode(der)
    var lines: [Substring] = []
    var rest = text[...]
    while !rest.isEmpty {
      lines.append(rest.prefix(64))
      rest = rest.dropFirst(64)
    }
    return "-----BEGIN CERTIFICATE-----\n\(lines.joined(separator: "\n"))\n"
      + "-----END CERTIFICATE-----\n"
  }

  /// Its public key as SubjectPublicKeyInfo, in DER.
  public var publicKey: [UInt8] {
    let count = certificate_public_key(der, der.count, nil, 0)
    var key = [UInt8](repeating: 0, count: count)
    if count > 0 { certificate_public_key(der, der.count, &key, count) }
    return key
  }

  /// Whether its key usages allow it as the certificate of a TLS client.
  ///
  /// RFC 5280, section 4.2.1.12: one without such extensions is good for everything.
  public var isForClients: Bool { certificate_is_for_clients(der, der.count) == 1 }

  /// A kind of name in `subjectAltName`.
  public enum NameKind: Sendable, Equatable, CaseIterable {
    case dns, uri, address, email
  }

  /// Whether `subjectAltName` has exactly this entry; addresses are compared in binary, host names
  /// without case.
  public func hasName(_ name: String, _ kind: NameKind) -> Bool {
    let code =
      switch kind {
      case .dns: certificate_name_dns
      case .uri: certificate_name_uri
      case .address: certificate_name_address
      case .email: certificate_name_email
      }
    return certificate_has_name(der, der.count, code, name) == 1
  }

  /// Why it does not stand under this authority at this time; nil when it does.
  ///
  /// The certificate must be one for clients. RFC 5280, section 6.
  public func distrust(under authority: ClientCertificate, at now: UnixTime) -> String? {
    let error = certificate_verify(
      der, der.count, chain, chain.count, authority.der, authority.der.count, now.seconds)
    return error == 0 ? nil : String(cString: certificate_error_text(error))
  }
}
