import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID

/// A file for a try-out with a certificate.
package struct CertificateFile: Sendable {
  /// Its name.
  package let name: String
  /// PEM.
  package let text: String
  /// Whether it is a private key.
  package let isSecret: Bool
}

/// The files for a try-out with certificates.
package struct CertificateFiles: Sendable {
  /// The files, that of the server first.
  package var all: [CertificateFile]
  /// The clients for which no certificate could be made that fits what they have registered.
  package var withoutOne: [String] = []

  /// Adds the certificate of a client and its key.
  mutating func add(_ identity: ClientIdentity) {
    let suffix = all.count == 1 ? "" : "-\((all.count + 1) / 2)"
    all.append(
      CertificateFile(name: "client\(suffix).pem", text: identity.certificate.pem, isSecret: false))
    all.append(
      CertificateFile(
        name: "client-key\(suffix).pem",
        text: identity.withKey { String(decoding: $0, as: UTF8.self) }, isSecret: true))
  }
}

extension TenantHost {
  /// Serves clients with a certificate at a port of their own; returns what a try-out needs: the
  /// certificate of the server, and for each client one that it can show, with its key.
  ///
  /// A client that has registered certificates of its own shows those.
  ///
  /// - Throws: ``TenantHostError``.
  package func serveCertificates(
    bind: String, port: Int
  ) throws(TenantHostError) -> CertificateFiles {
    let made = try openCertificatePort(bind: bind, port: port)
    var files = CertificateFiles(all: [
      CertificateFile(
        name: "server.pem", text: String(decoding: made.own.identity.certificate, as: UTF8.self),
        isSecret: false)
    ])
    var registrations: [String: CertificateRegistration] = [:]
    for client in clients {
      let isOwn = client.tokenEndpointAuthMethod == .selfSignedTLSClientAuth
      if case .selfSigned = client.certificate { continue }
      guard !isOwn || client.keys.isEmpty else { continue }
      do throws(ClientCertificateError) {
        guard let identity = try identity(of: client, made) else {
          files.withoutOne.append(client.id)
          continue
        }
        if client.certificate == nil, client.tokenEndpointAuthMethod?.usesCertificate == true {
          registrations[client.id] =
            isOwn
            ? .selfSigned([identity.certificate]) : .subject(identity.certificate.subject)
        }
        files.add(identity)
      } catch {
        // What was registered may be no name that a certificate can have.
        guard client.certificate != nil else { throw .cannotListen("mutual TLS: \(error)") }
        files.withoutOne.append(client.id)
      }
    }
    serve(made.mutual, registrations)
    return files
  }

  /// What a client shows in a try-out; nil where nothing that fits its registration can be made.
  private func identity(
    of client: TenantClient, _ made: CertificatePort
  ) throws(ClientCertificateError) -> ClientIdentity? {
    if let registration = client.certificate {
      return try made.authority.identity(of: client.id, fitting: registration)
    }
    return client.tokenEndpointAuthMethod == .selfSignedTLSClientAuth
      ? try made.selfSigned(client.id) : try made.identity(of: client.id)
  }

  /// The address for clients with a certificate; nil without one.
  package var certificateOrigin: String? { certificatePort?.mutual.origin }

  /// Takes certificates from now on, and registers what the first client proves itself with; nil
  /// gives it up.
  ///
  /// It signs everyone out when something changes.
  func takeCertificates(
    _ wish: (mutual: MutualTLS, registration: CertificateRegistration?)?
  ) {
    guard let wish else {
      guard let plain = plainClient else { return }
      settings.mutualTLS = nil
      settings.clients[0].certificate = nil
      settings.clients[0].secret = plain.secret
      settings.clients[0].tokenEndpointAuthMethod = plain.tokenEndpointAuthMethod
      plainClient = nil
      tenant = nil
      return
    }
    let client = settings.clients.first
    guard settings.mutualTLS != wish.mutual || client?.certificate != wish.registration else {
      return
    }
    takeCertificates(nil)
    plainClient = settings.clients.first
    settings.takeCertificates(wish.mutual, registering: wish.registration)
    tenant = nil
  }

  /// Serves clients with a certificate from now on, with these registrations by client.
  func serve(_ mutual: MutualTLS, _ registrations: [String: CertificateRegistration]) {
    settings.mutualTLS = mutual
    for index in settings.clients.indices {
      guard let registration = registrations[settings.clients[index].id] else { continue }
      settings.clients[index].certificate = registration
      settings.clients[index].secret = nil
    }
    tenant = nil
  }

  /// The port for clients with a certificate; it is opened with the first call.
  ///
  /// - Throws: ``TenantHostError``.
  func openCertificatePort(
    bind: String = "localhost", port: Int = 0
  ) throws(TenantHostError) -> CertificatePort {
    if let certificatePort { return certificatePort }
    var limits = ServerLimits()
    limits.maximumConnections = Self.mostConnections
    let made = try CertificatePort(
      loop: loop, bind: bind, port: port, host: issuer.host.split(atAnyOf: "[]").joined(),
      limits: limits
    ) { [weak self] request, responder in self?.receive(request, responder) }
    certificatePort = made
    return made
  }
}
