import HybridFlow
import OpenID
import Recording

/// Findings about a key set, as ``KeySetJudge`` makes them.
enum KeyFindings {
  static func all(_ set: JSONWebKeySet, _ configuration: FlowConfiguration) -> [CheckFinding] {
    KeySetJudge(set, algorithm: configuration.idTokenAlgorithm) { key in
      KeyTrial.unusable(key, CryptoFinding.init)
    }
    .findings.map { finding in
      let severity: CheckFinding.Severity =
        switch finding.weight {
        case .harmful: .error
        case .doubtful: .warning
        case .harmless: .info
        }
      return CheckFinding(
        finding.rule.rawValue, severity, finding.message, evidence: finding.evidence,
        fix: finding.remedy, spec: finding.spec, blame: finding.isOurs ? .settings : .provider)
    }
  }
}
