import HybridFlow
import OpenID

/// What the rules of the run want of the provider, held against its document.
struct RulesFindings {
  let metadata: ProviderMetadata
  let configuration: FlowConfiguration

  var all: [CheckFinding] {
    switch configuration.rules {
    case .openID: []
    case .fapi1Advanced: [responseType, pushing, signing, idTokens, authentication, transport]
    }
  }

  private static func part2(_ section: String) -> SpecReference {
    SpecReference("FAPI 1.0 Advanced", section)
  }

  private var algorithms: [String] {
    FAPIAdvanced.algorithms.map(\.rawValue)
  }

  private func texts(_ name: String) -> [String]? { metadata.json[name]?.strings }

  /// A finding that is an information when the document lists what is wanted.
  private func finding(
    _ id: String, _ isGood: Bool, good: String, bad: String, evidence: String, fix: String,
    _ spec: SpecReference
  ) -> CheckFinding {
    CheckFinding(
      id, isGood ? .info : .error, isGood ? good : bad, evidence: evidence,
      fix: isGood ? nil : fix + demoWords, spec: spec)
  }

  /// How a demo tenant on this machine gets these rules.
  private var demoWords: String {
    configuration.issuer.isLoopback
      ? " If it is a demo tenant: start it with hybrid-flow tenant --rules fapi1-advanced." : ""
  }

  private func evidence(_ name: String) -> String {
    texts(name).map { "\(name): \($0.joined(separator: ", "))" } ?? "no \(name)"
  }

  private var responseType: CheckFinding {
    finding(
      "fapi-response-type", ResponseType.codeIDToken.isListed(in: metadata.responseTypes),
      good: "The provider offers code id_token, which signs the answer.",
      bad: "The provider does not list code id_token.",
      evidence: evidence("response_types_supported"),
      fix: "Switch FAPI 1.0 Advanced on for this client, or ask which FAPI the provider has.",
      Self.part2("5.2.2 (2)"))
  }

  private var pushing: CheckFinding {
    let endpoint = metadata.pushedRequestEndpoint
    let takesObjects = metadata.json["request_parameter_supported"]?.bool == true
    return finding(
      "fapi-request-way", endpoint != nil || takesObjects,
      good: endpoint == nil
        ? "Signed requests go through the browser." : "Signed requests can be pushed.",
      bad: "The provider takes signed requests neither pushed nor through the browser.",
      evidence: endpoint.map { "pushed_authorization_request_endpoint: \($0)" }
        ?? "no pushed_authorization_request_endpoint, request_parameter_supported is "
        + "\(takesObjects)",
      fix: "Let the provider switch on Pushed Authorization Requests.", Self.part2("5.2.2 (1)"))
  }

  private var signing: CheckFinding {
    let name = "request_object_signing_alg_values_supported"
    // RFC 8414 has no default for it: a document without the member says nothing.
    let isGood = texts(name).map { $0.contains(where: algorithms.contains) } ?? true
    return finding(
      "fapi-request-alg", isGood,
      good: texts(name) == nil
        ? "The document does not say how requests may be signed."
        : "Requests may be signed with PS256 or ES256.",
      bad: "Requests may be signed neither with PS256 nor with ES256.", evidence: evidence(name),
      fix: "Let the provider allow PS256 for this client.", Self.part2("8.6"))
  }

  private var idTokens: CheckFinding {
    let listed = metadata.idTokenSigningAlgorithms
    return finding(
      "fapi-id-token-alg", listed.contains(configuration.idTokenAlgorithm.rawValue),
      good: "ID tokens can be signed with \(configuration.idTokenAlgorithm.rawValue).",
      bad: "\(configuration.idTokenAlgorithm.rawValue) is not listed for ID tokens.",
      evidence: listed.joined(separator: ", "),
      fix: "Let the provider sign this client\u{2019}s ID tokens with PS256, or say "
        + "--id-token-alg ES256.", Self.part2("8.6"))
  }

  private var authentication: CheckFinding {
    let ways = ["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"]
    let offered = metadata.tokenEndpointAuthMethods.filter(ways.contains)
    return finding(
      "fapi-client-auth", !offered.isEmpty,
      good: "A client can prove itself without a secret.",
      bad: "The token endpoint lists neither a client\u{2019}s key nor its certificate.",
      evidence: evidence("token_endpoint_auth_methods_supported"),
      fix: "Let the provider register a public key for this client.", Self.part2("5.2.2 (14)"))
  }

  private var transport: CheckFinding {
    let isGood = configuration.issuer.isHTTPS || configuration.issuer.isLoopback
    let binds = metadata.json["tls_client_certificate_bound_access_tokens"]?.bool == true
    return finding(
      "fapi-transport", isGood,
      good: binds
        ? "Access tokens can be tied to the client\u{2019}s certificate."
        : "The document does not say that access tokens are tied to a certificate, as FAPI wants.",
      bad: "The issuer is not https.",
      evidence: binds
        ? "tls_client_certificate_bound_access_tokens is true"
        : "no tls_client_certificate_bound_access_tokens",
      fix: "Use the https address of the provider.", Self.part2("5.2.2 (5)"))
  }
}
