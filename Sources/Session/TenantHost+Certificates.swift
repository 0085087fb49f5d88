import Cryptography
import HybridFlow
import Network
import OpenID

extension TenantHost {
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
