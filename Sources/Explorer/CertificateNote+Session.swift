import HybridFlow
import Network
import Presentation
import Session

extension CertificateNote {
  /// What a person compares at the redirect URI; nil where no person does, and for http.
  ///
  /// The built-in browser knows the certificate.
  init?(_ session: FlowSession, _ configuration: FlowConfiguration) {
    guard configuration.userAgent == .external, let identity = session.redirectIdentity else {
      return nil
    }
    self.init(fingerprint: identity.fingerprint, isThrowAway: identity.isThrowAway)
  }
}
