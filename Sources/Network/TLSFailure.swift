import OpenID

/// Why a TLS connection is not there, or not trusted.
public struct TLSFailure: Sendable, Equatable {
  /// What it was.
  public enum Kind: String, Sendable, CaseIterable {
    /// The certificate is signed with its own key, and nobody here vouches for it.
    case selfSigned = "self_signed"
    /// The chain ends at an authority that is not trusted here.
    case unknownAuthority = "unknown_authority"
    /// The certificate is for other names.
    case wrongName = "wrong_name"
    /// A certificate of the chain holds no longer.
    case expired
    /// A certificate of the chain does not hold yet.
    case notYetValid = "not_yet_valid"
    /// The port speaks plain http.
    case plainHTTP = "plain_http"
    /// What the port speaks is not TLS.
    case notTLS = "not_tls"
    /// The server has only versions of TLS that are too old.
    case version = "tls_version"
    /// The server wants a certificate of the client.
    case clientCertificate = "client_certificate"
    /// The server asked for a certificate of the client, and refuses the one that it was shown.
    case clientCertificateRefused = "client_certificate_refused"
    /// Another fault of a certificate.
    case certificate
    /// Another fault of the handshake.
    case handshake
  }
  /// What it was.
  public var kind: Kind
  /// What OpenSSL or libcurl say.
  public var reason: String
  /// The server's certificate; nil when none came, or it is not known.
  public var certificate: PeerCertificate?
  /// The certificate that was refused, if it is another one, further up in the chain.
  public var refused: PeerCertificate?
  /// What is trusted here, in words.
  public var trusted: String
  /// This machine's time at the failure.
  public var now: UnixTime?

  /// Makes a failure.
  public init(
    _ kind: Kind, reason: String, certificate: PeerCertificate? = nil,
    refused: PeerCertificate? = nil, trusted: String = "the system\u{2019}s authorities",
    now: UnixTime? = nil
  ) {
    self.kind = kind
    self.reason = reason
    self.certificate = certificate
    self.refused = refused
    self.trusted = trusted
    self.now = now
  }

  /// What happened, without a full stop.
  func happened(_ host: String, _ port: Int) -> String {
    let owner = refused.map { "a certificate in the chain of \(host), that of \($0.subject)," }
    switch kind {
    case .selfSigned: return "the certificate of \(host) is self-signed, and not trusted here"
    case .unknownAuthority:
      let issuer = certificate.map { ", \(($0.isSelfIssued ? refused ?? $0 : $0).issuer)," } ?? ""
      return
        "the certificate of \(host) is issued by an authority\(issuer) that is not trusted here"
    case .wrongName:
      return "the certificate of \(host) port \(port) is for other names"
        + (certificate.map { ": \($0.nameList)" } ?? "")
    case .expired:
      let date = (refused ?? certificate)?.ends.map { " on \(CivilTime($0).text)" } ?? ""
      return "\(owner ?? "the certificate of \(host)") expired\(date)"
    case .notYetValid:
      let date = (refused ?? certificate)?.begins.map { " before \(CivilTime($0).text)" } ?? " yet"
      return "\(owner ?? "the certificate of \(host)") does not hold\(date)"
    case .plainHTTP:
      return "the server at \(host) port \(port) speaks plain http, where https is asked for"
    case .notTLS: return "what \(host) port \(port) speaks is not TLS, so not https"
    case .version:
      return "the server at \(host) port \(port) has only versions of TLS older than 1.2"
    case .clientCertificate:
      return "the server at \(host) port \(port) wants a TLS certificate of the client (mutual TLS)"
    case .clientCertificateRefused:
      return "the server at \(host) port \(port) refuses the TLS certificate of the client"
    case .certificate: return "the certificate of \(host) is refused"
    case .handshake: return "no TLS connection to \(host) port \(port)"
    }
  }

  /// What to do.
  func remedy(_ host: String) -> String {
    let clock = now.map { "; this machine\u{2019}s clock says \(CivilTime($0).text)" } ?? ""
    switch kind {
    case .selfSigned:
      return "if the server is yours, add its certificate with --ca FILE; otherwise its operator "
        + "has to get one from a known authority"
    case .unknownAuthority:
      return "add the authority\u{2019}s certificate with --ca FILE, or let the server send its "
        + "intermediate certificates, if it leaves them out"
    case .wrongName:
      return "use a name that the certificate has, or give the server one for \(host)"
    case .expired: return "renew it at the server, unless the clock here is wrong\(clock)"
    case .notYetValid: return "set the clock, if it is behind\(clock)"
    case .plainHTTP, .notTLS:
      return "give the port at which https is spoken, or http:// for a server on this machine"
    case .version: return "switch TLS 1.2 or 1.3 on at the server, or at the proxy before it"
    case .clientCertificate:
      return "give one that it accepts, with --client-cert FILE and --client-cert-key FILE; or use "
        + "an address without mutual TLS"
    case .clientCertificateRefused:
      return "look at what TLS says: an unknown authority wants a certificate of the issuer that "
        + "this server trusts, sent with its chain; else look at its dates and its purpose"
    case .certificate:
      return "look at the certificate\u{2019}s dates, names and chain; --ca FILE adds an authority"
    case .handshake: return "look at the TLS settings of the server, and at what stands before it"
    }
  }

  /// What is known beside the sentence.
  var details: [TransportDetail] {
    var all: [TransportDetail] = []
    if !reason.isEmpty { all.append(TransportDetail("TLS says", reason)) }
    switch kind {
    case .plainHTTP, .notTLS, .version, .handshake, .clientCertificate, .clientCertificateRefused:
      break
    case .selfSigned, .unknownAuthority, .wrongName, .expired, .notYetValid, .certificate:
      all += certificate?.parts ?? []
      if let refused { all.append(TransportDetail("refused", refused.summary)) }
      if [.selfSigned, .unknownAuthority].contains(kind) {
        all.append(TransportDetail("trusted here", trusted))
      }
    }
    return all
  }
}

/// What was seen of a handshake, and what follows from it.
struct TLSEvidence {
  var certificate: PeerCertificate?
  var refused: PeerCertificate?
  /// OpenSSL's number of the error of the refused certificate; 0 for none.
  var error = 0
  /// How far up in the chain it stands.
  var depth = 0
  /// Whether the server asked for a certificate of ours.
  var asksForCertificate = false
  /// The first bytes that came.
  var firstBytes: [UInt8] = []

  mutating func refuse(_ lines: CertificateLines) {
    // The first error decides; later ones follow from it.
    guard error == 0 else { return }
    (error, depth) = (lines.number("error") ?? 0, lines.number("depth") ?? 0)
    if depth > 0 { refused = lines.certificate }
  }

  /// The kind of a failure, from what was seen and from OpenSSL's words.
  func kind(_ reason: String) -> TLSFailure.Kind {
    // The numbers are those of x509_vfy.h.
    switch error {
    case 0: break
    case 9: return .notYetValid
    case 10: return .expired
    case 18: return .selfSigned
    case 2, 19, 20, 21: return .unknownAuthority
    case 62, 64: return .wrongName
    default: return .certificate
    }
    let says = { (part: String) in reason.asciiLowercased.holds(part) }
    // A server may answer what it takes for a very old request with a page alone.
    if ["HTTP/", "<!DOC", "<html", "<HTML"].contains(where: { firstBytes.starts(with: $0.utf8) }) {
      return .plainHTTP
    }
    if ["subject name", "no alternative certificate"].contains(where: says) { return .wrongName }
    if says("certificate required") { return .clientCertificate }
    if says("protocol version") || says("unsupported protocol") { return .version }
    if ["wrong version number", "packet length too long", "http request", "record overflow"]
      .contains(where: says)
    {
      return .notTLS
    }
    if asksForCertificate, says("alert") { return .clientCertificate }
    return certificate == nil ? .handshake : says("certificate") ? .certificate : .handshake
  }
}
