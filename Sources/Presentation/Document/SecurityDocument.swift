import HybridFlow
import OpenID
import Redaction

/// What TLS did for a request, as every text tells it.
package struct SecurityDocument: Sendable {
  private let security: RequestSecurity
  private let redactor: Redactor

  init(_ security: RequestSecurity, _ redactor: Redactor) {
    (self.security, self.redactor) = (security, redactor)
  }

  /// Everything, one sentence or row of facts after the other.
  package var lines: [String] { [agreement, certificate].compactMap(\.self) }

  /// The protocol and the suite; nil where no connection was seen.
  private var agreement: String? {
    guard !security.version.isEmpty else { return nil }
    let suite = security.cipher.isEmpty ? "" : ", \(redactor.line(security.cipher))"
    return "TLS: \(redactor.line(security.version))\(suite)"
  }

  /// The certificate of the client, and whether the server has seen it.
  private var certificate: String? {
    guard let certificate = security.certificate else { return nil }
    let subject = redactor.line(certificate.subject)
    let words =
      "\(subject), x5t#S256 \(certificate.thumbprint), until \(CivilTime(certificate.ends).text)"
    switch security.isAsked {
    case true?: return "Client certificate, shown: \(words)"
    case false?:
      return "Client certificate, not shown, because the server did not ask for one: \(words)"
    case nil:
      return security.version.isEmpty
        ? "Client certificate, handed over inside this program, without a TLS connection: \(words)"
        : "Client certificate, shown if the server asked: \(words)"
    }
  }
}

extension MessageDocument {
  /// What TLS did for the request; none for plain http, for answers, and where it is not known.
  package var security: [String] {
    guard let security = message.request?.security else { return [] }
    return SecurityDocument(security, redactor).lines
  }
}
