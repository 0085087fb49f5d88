import HybridFlow
import OpenID

/// Proofs of possession in a discovery document.
///
/// RFC 9449, section 5.1.
extension MetadataFindings {
  /// Whether the provider takes the proofs that this connection would send; nil without any, where
  /// the provider knows none either.
  var proofs: CheckFinding? {
    let listed = metadata.json[DPoP.algorithmsMember]?.strings
    let evidence = metadata.state(of: DPoP.algorithmsMember)
    guard let wanted = configuration.proofAlgorithm else {
      guard let listed else { return nil }
      return CheckFinding(
        "dpop", .info, "Access tokens can be bound to a key of the client, with --dpop.",
        evidence: "\(DPoP.algorithmsMember): \(listed.joined(separator: ", "))",
        spec: .rfc(9449, "5.1"))
    }
    guard let listed else {
      return CheckFinding(
        "dpop", .warning,
        "The metadata do not say that the provider knows DPoP: expect tokens that are not bound.",
        evidence: evidence,
        fix: "Leave --dpop out, or look whether it has to be switched on at the provider.",
        spec: .rfc(9449, "5.1"))
    }
    let isListed = listed.contains(wanted.rawValue)
    return CheckFinding(
      "dpop", isListed ? .info : .warning,
      isListed
        ? "The provider takes proofs that are signed with \(wanted.rawValue)."
        : "The provider does not list \(wanted.rawValue) for proofs.",
      evidence: "\(DPoP.algorithmsMember): \(listed.joined(separator: ", "))",
      fix: isListed
        ? nil
        : DPoP.algorithms.first { listed.contains($0.rawValue) }.map {
          "Say --dpop \($0.rawValue)."
        }, spec: .rfc(9449, "5.1"))
  }
}
