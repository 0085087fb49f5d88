import HybridFlow
import OpenID

/// Verdicts on a provider's pasted documents, with the judges that `check` has as well.
enum DocumentChecks {
  // MARK: Keys

  /// A key set, or one key.
  static func keySet(
    _ message: PastedMessage, _ compute: (CryptoTask) -> CryptoFinding
  ) -> [PastedCheck] {
    let set = message.keySet ?? JSONWebKeySet(keys: message.keys)
    let judge = KeySetJudge(set, isSet: message.keySet != nil) { KeyTrial.unusable($0, compute) }
    return judge.findings.map { finding in
      let verdict: Check.Verdict =
        switch finding.weight {
        case .harmful: .fail
        case .doubtful: .warn
        case .harmless: .pass
        }
      // The rule about private members is one of the flow.
      let id = finding.rule == .noPrivate ? CheckID.jwksNoPrivate.rawValue : finding.rule.rawValue
      return PastedCheck(
        "jwk-set", id, verdict, expected: expected(finding.rule), found: finding.evidence,
        why: [finding.message, verdict == .pass ? nil : finding.remedy].compactMap { $0 }
          .joined(separator: " "), spec: finding.spec)
    }
  }

  private static func expected(_ rule: KeySetFinding.Rule) -> String {
    switch rule {
    case .noPrivate: "public members only"
    case .keySize: "\(KeySetJudge.leastModulusBits) bits or more"
    case .keyID: "each kid once"
    case .use: "a use for every key"
    case .form: "keys as RFC 7517 writes them"
    case .usable: "keys that can be used"
    }
  }

  // MARK: Metadata

  /// What a discovery document is like, without a client that asks for it.
  static func metadata(_ metadata: ProviderMetadata) -> [PastedCheck] {
    [template(metadata), types(metadata), missing(metadata)].compactMap { $0 }
  }

  private static func warning(
    _ id: String, expected: String, found: String, _ why: String, _ spec: SpecReference
  ) -> PastedCheck {
    PastedCheck("discovery", id, .warn, expected: expected, found: found, why: why, spec: spec)
  }

  /// An issuer with a placeholder, which no token carries.
  private static func template(_ metadata: ProviderMetadata) -> PastedCheck? {
    guard let issuer = metadata.issuer, issuer.holds("{") else { return nil }
    return warning(
      "discovery-issuer-template", expected: "an issuer without placeholders", found: issuer,
      "The issuer is a template: every token carries a tenant in the place of the placeholder. Ask "
        + "the tenant\u{2019}s own address for its document.", .discovery("4.3"))
  }

  private static func types(_ metadata: ProviderMetadata) -> PastedCheck? {
    let found = metadata.mistyped
    guard !found.isEmpty else { return nil }
    return warning(
      "discovery-types", expected: "the types of the specifications",
      found: found.map(\.words).joined(separator: "; "),
      "Members of the document have the wrong type; nobody can use them.", .discovery("3"))
  }

  private static func missing(_ metadata: ProviderMetadata) -> PastedCheck? {
    let missing = metadata.missing
    guard !missing.isEmpty else { return nil }
    return warning(
      "discovery-complete", expected: "every required member",
      found: "absent: " + missing.joined(separator: ", "), "Required members are missing.",
      .discovery("3"))
  }
}
