import HybridFlow
import OpenID

/// Mutual TLS in a discovery document.
///
/// RFC 8705.
extension MetadataFindings {
  /// That the demo tenant opens its port for certificates when a run shows one; nil otherwise.
  func certificateAtDemoTenant(_ evidence: String) -> CheckFinding? {
    guard configuration.observesTenant, let method = configuration.clientAuthentication,
      method.usesCertificate
    else { return nil }
    return CheckFinding(
      "client-auth", .info,
      "The demo tenant takes \(method.rawValue): run makes a certificate, and opens its port for it.",
      evidence: evidence, spec: .rfc(8705, "2"))
  }

  /// That the client can prove itself with a certificate only, and has none; nil otherwise.
  func missingCertificate(_ usable: [String], _ evidence: String) -> CheckFinding? {
    guard !usable.isEmpty, usable.allSatisfy({ $0.ends(with: "tls_client_auth") }),
      configuration.clientCertificate == nil, !configuration.observesTenant
    else { return nil }
    return CheckFinding(
      "client-auth", .warning,
      "The client has to show a TLS certificate (mutual TLS), and none is given.",
      evidence: evidence,
      fix: "Give the one that is registered there with --client-cert FILE and --client-cert-key "
        + "FILE.", spec: .rfc(8705, "2"))
  }

  /// Mutual TLS: what is promised, and whether this client has a certificate to show.
  var mutualTLS: CheckFinding? {
    let members = metadata.certificateBindingMembers
    let hasCertificate = configuration.clientCertificate != nil
    let aliases = metadata.aliases.map(\.name)
    if hasCertificate, !aliases.isEmpty {
      return CheckFinding(
        "mutual-tls", .info,
        "The certificate is shown at the addresses for mutual TLS.",
        evidence: "mtls_endpoint_aliases: \(aliases.joined(separator: ", "))",
        spec: .rfc(8705, "5"))
    }
    guard metadata.bindsTokensToCertificates else {
      guard hasCertificate else { return nil }
      return CheckFinding(
        "mutual-tls", .info,
        "Nothing says that access tokens are bound to a certificate; yours is shown if a server asks.",
        evidence: metadata.state(of: "tls_client_certificate_bound_access_tokens"),
        spec: .rfc(8705, "3.3"))
    }
    return CheckFinding(
      "mutual-tls", .info,
      hasCertificate
        ? "Access tokens are bound to the certificate that is shown."
        : "Access tokens can be bound to a TLS certificate of the client (mutual TLS): where that is "
          + "switched on for this client, calls without the certificate are refused.",
      evidence: members.joined(separator: ", "),
      fix: hasCertificate
        ? nil
        : "If it is switched on, give the certificate with --client-cert FILE and --client-cert-key "
          + "FILE.", spec: .rfc(8705, "3.3"))
  }
}
