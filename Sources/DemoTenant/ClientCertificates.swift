import Cryptography
import OpenID

/// What a client registers of its certificate.
///
/// RFC 8705, sections 2.1.2 and 2.2.2.
public enum CertificateRegistration: Sendable, Equatable {
  /// The whole subject, as RFC 4514 writes it: `tls_client_auth_subject_dn`.
  case subject(String)
  /// One entry of `subjectAltName`: `tls_client_auth_san_dns` and its neighbours.
  case alternativeName(ClientCertificate.NameKind, String)
  /// Certificates that the client made itself, from `x5c` of its `jwks`.
  case selfSigned([ClientCertificate])

  /// The method of authentication that it is for.
  var method: ClientAuthenticationMethod {
    switch self {
    case .subject, .alternativeName: .tlsClientAuth
    case .selfSigned: .selfSignedTLSClientAuth
    }
  }

  /// The name of the member in the client's registration.
  var member: String {
    switch self {
    case .subject: "tls_client_auth_subject_dn"
    case .alternativeName(.dns, _): "tls_client_auth_san_dns"
    case .alternativeName(.uri, _): "tls_client_auth_san_uri"
    case .alternativeName(.address, _): "tls_client_auth_san_ip"
    case .alternativeName(.email, _): "tls_client_auth_san_email"
    case .selfSigned: "jwks"
    }
  }

  /// What is registered, in words.
  var words: String {
    switch self {
    case .subject(let name): name
    case .alternativeName(_, let name): name
    case .selfSigned(let all): all.map(\.thumbprint).joined(separator: " or ")
    }
  }

  /// Whether a certificate is the registered one; its chain is not judged here.
  package func fits(_ certificate: ClientCertificate) -> Bool {
    switch self {
    case .subject(let name): certificate.subject.isIdentical(to: name)
    case .alternativeName(let kind, let name): certificate.hasName(name, kind)
    case .selfSigned(let all):
      // Section 2.2: the key counts, so a certificate that was renewed with it still fits.
      all.contains { $0.der == certificate.der || $0.publicKey == certificate.publicKey }
    }
  }
}

/// The addresses and the authority for clients with a certificate.
public struct MutualTLS: Sendable, Equatable {
  /// Scheme, host and port of the endpoints that ask for a certificate.
  public var origin: String
  /// The authority whose certificates are taken for `tls_client_auth`.
  public var authority: ClientCertificate

  /// Describes them.
  public init(origin: String, authority: ClientCertificate) {
    self.origin = origin
    self.authority = authority
  }

  /// The endpoints with an alias.
  ///
  /// RFC 8705, section 5: never the authorization endpoint, which is for browsers.
  static let endpoints = [
    "token_endpoint", "revocation_endpoint", "introspection_endpoint", "userinfo_endpoint",
    "pushed_authorization_request_endpoint",
  ]
}

extension DemoTenant {
  /// The metadata with the aliases of the endpoints and what is promised of tokens.
  ///
  /// RFC 8705, sections 3.3 and 5.
  func certificateMetadata(_ metadata: JSONValue) -> JSONValue {
    guard let mutual = settings.mutualTLS else { return metadata }
    var metadata = metadata
    let aliases: [JSONMember] = MutualTLS.endpoints.compactMap { name in
      guard let text = metadata[name]?.string, let url = try? WebURL(text) else { return nil }
      return JSONMember(name, .string(mutual.origin + url.requestTarget))
    }
    metadata.set("tls_client_certificate_bound_access_tokens", true)
    metadata.set("mtls_endpoint_aliases", .object(aliases))
    return metadata
  }

  /// The thumbprint to which a token of this answer is bound; nil without a certificate.
  func thumbprint(_ channel: Channel, _ call: Call) -> String? {
    guard settings.mutualTLS != nil, channel == .back else { return nil }
    return call.request.security?.certificate?.thumbprint
  }

  /// Whether a client has proved itself with its certificate, each rule separately.
  mutating func verifyCertificate(
    _ form: Parameters, of client: TenantClient, _ call: Call, at endpoint: TenantEndpoint
  ) -> Bool {
    let certificate = call.request.security?.certificate
    guard let registration = client.certificate else { return false }
    record(
      Finding(
        "mtls-shown", "A certificate came in the handshake",
        expected: "a certificate",
        found: certificate?.subject.isEmpty == false
          ? shortened(certificate?.subject)
          : certificate?.thumbprint ?? (call.request.security == nil ? "plain http" : "none"),
        passed: certificate != nil, .rfc(8705, "2")), at: endpoint, call)
    guard let certificate else { return false }
    var findings = [
      Finding(
        "mtls-registered", "It is the one that was registered",
        expected: "\(registration.member): \(shortened(registration.words))",
        found: registration.method == .tlsClientAuth
          ? shortened(certificate.subject) : certificate.thumbprint,
        passed: registration.fits(certificate),
        .rfc(8705, registration.method == .tlsClientAuth ? "2.1" : "2.2"))
    ]
    if registration.method == .tlsClientAuth, let authority = settings.mutualTLS?.authority {
      let distrust = certificate.distrust(under: authority, at: call.now)
      findings.append(
        Finding(
          "mtls-chain", "A trusted authority has issued it",
          expected: authority.subject,
          found: distrust.map { "\(shortened(certificate.issuer)): \($0)" } ?? certificate.issuer,
          passed: distrust == nil, .rfc(8705, "2.1")))
    }
    return record(findings, at: endpoint, call) == nil
  }

  /// Whether the request names its client, which no certificate does.
  ///
  /// RFC 8705, section 2.
  mutating func recordClientID(_ form: Parameters, _ call: Call, at endpoint: TenantEndpoint) {
    guard call.request.security?.certificate != nil, call.request.headers["Authorization"] == nil,
      form["client_secret"] == nil, form["client_assertion"] == nil
    else { return }
    record(
      Finding(
        "mtls-client-id", "The form names the client",
        expected: "client_id", found: shortened(form["client_id"]),
        passed: form["client_id"] != nil, .rfc(8705, "2")), at: endpoint, call)
  }

  /// Refuses a bound token that comes without its certificate.
  ///
  /// RFC 8705, section 3.
  mutating func requireCertificate(
    _ bound: String?, _ call: Call, at endpoint: TenantEndpoint
  ) throws(BearerRefusal) {
    guard let bound else { return }
    let shown = call.request.security?.certificate?.thumbprint
    let passed = record(
      Finding(
        "token-certificate", "Its certificate comes with it",
        expected: bound, found: shown ?? "no certificate",
        passed: shown?.isIdentical(to: bound) == true, .rfc(8705, "3")), at: endpoint, call)
    guard passed else {
      throw .invalidToken(
        shown == nil
          ? "The token is bound to a certificate, and none was shown"
          : "The token is bound to another certificate")
    }
  }
}
