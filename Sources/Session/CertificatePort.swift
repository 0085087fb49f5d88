import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Settings

/// The tenant's port for clients with a certificate: https, and every client is asked for one.
///
/// The tenant itself judges what is shown. The server's certificate and the authority for clients are
/// made for this run.
final class CertificatePort {
  /// The server, as this program knows it.
  let own: OwnServer
  /// The addresses and the authority, as the tenant knows them.
  let mutual: MutualTLS
  /// Who issues certificates for clients.
  let authority: ThrowAwayAuthority

  private let server: HTTPServer
  private var identities: [String: ClientIdentity] = [:]

  /// Opens the port; 0 takes a free one.
  ///
  /// - Throws: ``TenantHostError``.
  init(
    loop: PollLoop, bind: String, port: Int, host: String, limits: ServerLimits,
    answer: @escaping (HTTPRequest, Responder) -> Void
  ) throws(TenantHostError) {
    let identity: TLSIdentity
    do throws(TLSIdentityError) {
      identity = try TLSIdentity.throwAway(for: host, askingForCertificates: true)
    } catch {
      throw .cannotListen("mutual TLS: \(error)")
    }
    do throws(ClientCertificateError) {
      authority = try ThrowAwayAuthority(name: "Throw-away authority of the demo tenant")
    } catch {
      throw .cannotListen("mutual TLS: \(error)")
    }
    server = HTTPServer(loop: loop, limits: limits)
    server.identity = identity
    let real: Int
    do throws(ListenError) {
      real = try server.listen(host: bind, port: port)
    } catch {
      throw .cannotListen(error.description)
    }
    let name = host.holds(":") ? "[\(host)]" : host
    let origin = "https://\(name):\(real)"
    server.allowedHosts = Set(
      [name, "localhost", "127.0.0.1", "[::1]"].map { "\($0):\(real)".asciiLowercased })
    server.deferringHandler = { request, _, responder in answer(request, responder) }
    own = OwnServer(origin: origin, identity: identity)
    mutual = MutualTLS(origin: origin, authority: authority.certificate)
  }

  /// The certificate of a client of this name, with its key; always the same.
  ///
  /// - Throws: ``ClientCertificateError``.
  func identity(of name: String) throws(ClientCertificateError) -> ClientIdentity {
    if let known = identities[name] { return known }
    let made = try authority.identity(of: name)
    identities[name] = made
    return made
  }

  /// A certificate of a client that signs itself, with its key; always the same.
  ///
  /// - Throws: ``ClientCertificateError``.
  func selfSigned(_ name: String) throws(ClientCertificateError) -> ClientIdentity {
    let key = "\(name) self-signed"
    if let known = identities[key] { return known }
    let made = try ThrowAwayAuthority.selfSigned(name)
    identities[key] = made
    return made
  }

  /// Closes the port.
  func stop() { server.stop() }
}

extension FlowConfiguration {
  /// Whether a run at the built-in tenant shows a certificate: under FAPI 1.0 Advanced always, as
  /// access tokens are bound there (Part 2, section 5.2.2 (5)).
  var showsCertificateAtTenant: Bool {
    clientCertificate != nil || clientAuthentication?.usesCertificate == true
      || (observesTenant && rules == .fapi1Advanced)
  }

  /// Shows this certificate where the tenant asks for one.
  ///
  /// - Parameter other: The certificate of another client, for a fault that shows that one.
  mutating func show(
    _ certificate: ClientCertificate, other: ClientCertificate?, at mutual: MutualTLS
  ) {
    clientCertificate = certificate
    otherCertificate = mistakes.contains(.showsOtherCertificate) ? other : nil
    if clientAuthentication?.usesCertificate == true { clientSecret = nil }
    guard let api = apiURL, api.origin == issuer.origin else { return }
    // A bound token is good only where its certificate can be shown.
    apiURL = (try? WebURL(mutual.origin + api.requestTarget)) ?? api
  }

  /// What the tenant registers of this certificate; nil when the client proves itself otherwise.
  func registration(of certificate: ClientCertificate) -> CertificateRegistration? {
    guard let clientAuthentication else { return nil }
    return switch clientAuthentication {
    case .tlsClientAuth: .subject(certificate.subject)
    case .selfSignedTLSClientAuth: .selfSigned([certificate])
    case .basic, .post, .privateKeyJWT, .none: nil
    }
  }
}

extension ThrowAwayAuthority {
  /// A certificate of a client that fits what the client has registered; nil where none can be made.
  ///
  /// - Throws: ``ClientCertificateError``.
  func identity(
    of name: String, fitting registration: CertificateRegistration
  ) throws(ClientCertificateError) -> ClientIdentity? {
    let made: ClientIdentity
    switch registration {
    case .selfSigned: return nil
    case .subject(let text):
      guard let subject = DistinguishedName(text) else { return nil }
      made = try identity(withSubject: subject)
    case .alternativeName(let kind, let text):
      // A comma would begin another name.
      guard !text.holds(",") else { return nil }
      made = try identity(of: name, names: "\(kind.prefix):\(text)")
    }
    return registration.fits(made.certificate) ? made : nil
  }
}

extension ClientCertificate.NameKind {
  /// How OpenSSL names the kind where it makes a certificate.
  fileprivate var prefix: String {
    switch self {
    case .dns: "DNS"
    case .uri: "URI"
    case .address: "IP"
    case .email: "email"
    }
  }
}
