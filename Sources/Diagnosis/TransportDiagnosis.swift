import HybridFlow
import OpenID

extension DiagnosisEngine {
  /// What a request without a usable answer says about its cause.
  ///
  /// The network's own words leave nothing to guess: a certificate's dates, a proxy's refusal.
  static func transport(_ fault: TransportFailure, _ evidence: DiagnosisEvidence) -> DiagnosisMatch
  {
    let isExact = !fault.cause.isEmpty
    let kind = fault.kind.rawValue
    let isNamed = fault.cause.begins(with: kind)
    let id = !isExact ? kind : isNamed ? fault.cause : "\(kind)-\(fault.cause)"
    return DiagnosisMatch(
      id: "next-transport-" + id.replacing(bytes: "_", with: "-"),
      confidence: isExact ? .high : .low, provider: evidence.provider ?? .generic,
      blame: fault.blame,
      cause: fault.happened.isEmpty ? "No usable answer came. \(fault.message)" : fault.happened,
      fix: fault.remedy.isEmpty ? next(fault.kind) : fault.remedy,
      values: fault.details.map { ComparedValue($0.name, $0.text) },
      basis: isExact
        ? fault.kind == .proxy
          ? "the proxy stands between, and this is what came from it"
          : "the TLS connection showed it" : "this run showed it",
      source: "what the run showed", isRecognized: isExact)
  }

  private static func next(_ kind: TransportFailure.Kind) -> String {
    switch kind {
    case .cannotResolve: "Look for a typing mistake in the host name, and at DNS or a VPN."
    case .cannotConnect: "Look whether the server runs at that port, and at firewalls and proxies."
    case .timedOut: "Try again; then raise --timeout, and look at proxies between here and there."
    case .tls:
      "Look at the certificate\u{2019}s dates, names and chain; --ca FILE adds an authority."
    case .tooLarge: "Look what answers there: no document of OpenID Connect is that large."
    case .notHTTP: "Look whether the port is right, and http and https are not mixed up."
    case .reset: "Try again; a proxy or firewall may cut the connection."
    case .insecureURL: "Use https; plain http is accepted on this machine only."
    case .proxy: "Look at the proxy, or name the host in no_proxy."
    case .other: "Try the same address with curl from this machine."
    }
  }
}
