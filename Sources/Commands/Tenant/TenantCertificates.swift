import Cryptography
import DemoTenant
import HybridFlow
import OpenID
import Platform
import Session
import Settings

/// What a client registers of its certificate.
///
/// RFC 8705, section 2.1.2: exactly one of them.
enum CertificateFields {
  /// The names in --client.
  static let names = ["tls-subject", "tls-san-dns", "tls-san-uri", "tls-san-ip", "tls-san-email"]

  /// The members in a settings file, named as in client registration, and their names in --client.
  static let members = [
    "tls_client_auth_subject_dn": "tls-subject", "tls_client_auth_san_dns": "tls-san-dns",
    "tls_client_auth_san_uri": "tls-san-uri", "tls_client_auth_san_ip": "tls-san-ip",
    "tls_client_auth_san_email": "tls-san-email",
  ]

  static func register(
    _ name: String, _ value: String, in client: inout TenantClient, _ origin: String
  ) throws(UsageError) {
    guard client.certificate == nil else {
      throw UsageError(
        "\(origin): of \(names.joined(separator: ", ")) a client has exactly one "
          + "(RFC 8705, section 2.1.2).")
    }
    client.certificate =
      switch name {
      case "tls-san-dns": .alternativeName(.dns, value)
      case "tls-san-uri": .alternativeName(.uri, value)
      case "tls-san-ip": .alternativeName(.address, value)
      case "tls-san-email": .alternativeName(.email, value)
      default: .subject(value)
      }
    client.tokenEndpointAuthMethod = .tlsClientAuth
  }
}

extension TenantOptions {
  /// Reads the port for clients with a certificate, and what they have registered.
  mutating func readMutualTLS(_ invocation: Invocation) throws(UsageError) {
    if let text = invocation[.mutualTLS] {
      guard let port = Int(text), (0...65535).contains(port) else {
        throw UsageError("--mtls \(text): give a number from 0 to 65535; 0 takes a free port.")
      }
      mutualTLSPort = port
    }
    if let folder = invocation[.mutualTLSFolder] { mutualTLSFolder = folder }
    guard mutualTLSPort == nil else { return try readSelfSigned() }
    if mutualTLSFolder != nil {
      throw UsageError("--mtls-files needs --mtls PORT: the port for clients with a certificate.")
    }
    for client in clients
    where client.certificate != nil || client.tokenEndpointAuthMethod?.usesCertificate == true {
      throw UsageError(
        "--client \(client.id): a client with a certificate needs --mtls PORT.")
    }
  }

  /// Takes the certificates of clients that sign their own out of `x5c` of their keys.
  ///
  /// RFC 8705, section 2.2.2.
  private mutating func readSelfSigned() throws(UsageError) {
    for index in clients.indices
    where clients[index].tokenEndpointAuthMethod == .selfSignedTLSClientAuth {
      guard !clients[index].keys.isEmpty else { continue }
      let texts = clients[index].keys.compactMap { $0.json["x5c"]?.elements?.first?.string }
      let certificates = texts.compactMap { text in
        (try? Base64.decode(text)).flatMap { try? ClientCertificate(der: $0) }
      }
      guard !certificates.isEmpty else {
        throw UsageError(
          "--client \(clients[index].id): none of its keys has a certificate as x5c "
            + "(RFC 8705, section 2.2.2).")
      }
      clients[index].certificate = .selfSigned(certificates)
      clients[index].keys = []
    }
  }
}

extension TenantHost {
  /// Opens the port for clients with a certificate, as the options say, and writes the files for a
  /// try-out.
  ///
  /// - Throws: ``TenantHostError``.
  package func openMutualTLS(_ options: TenantOptions) throws(TenantHostError) {
    guard let port = options.mutualTLSPort else { return }
    let files = try serveCertificates(bind: options.bind, port: port)
    guard let folder = options.mutualTLSFolder else { return }
    do throws(UsageError) {
      for file in files {
        try OutputFolder.write(file.text, to: file.name, in: folder, isPrivate: file.isSecret)
      }
    } catch {
      throw .settings("--mtls-files \(error.message)")
    }
  }
}
