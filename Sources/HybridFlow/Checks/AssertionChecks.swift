import OpenID

/// The JWT with which the client proves who it is, before it leaves; stages 2 and 6.
enum AssertionChecks {
  /// Whether it is for the issuer that was configured, and for nobody else.
  ///
  /// An address out of the provider's metadata is that provider's choice: an attacker's metadata
  /// may name an honest provider's endpoint, and the proof then works there.
  static func audience(_ task: SigningTask, _ configuration: FlowConfiguration) -> Check {
    let issuer = configuration.issuer.text
    let claim = task.claims["aud"]
    let isIssuer = claim?.string?.isIdentical(to: issuer) == true
    return Check(
      .assertionAudience, isIssuer ? .pass : .warn, expected: issuer,
      found: claim.map { $0.string ?? $0.compactText } ?? "absent",
      why: isIssuer
        ? "The proof is good at the issuer that was asked, and nowhere else."
        : configuration.assertionAudience == .tokenEndpoint
          ? "The address comes from the provider\u{2019}s metadata, so the provider chooses where the "
            + "proof is good."
          : "The proof is not tied to the issuer that was asked.")
  }

  static let rules: [CheckID] = [.assertionAudience]
}

// The rule.
extension CheckID {
  package static let assertionAudience = CheckID(
    "assertion-audience", .warning,
    rule: "aud of the client assertion is the issuer, as one string",
    shows: "audience injection: a proof that another provider can use",
    next: "Use --client-assertion-audience issuer, unless the provider refuses it.",
    spec: .rfc(7523, "3"))
}
