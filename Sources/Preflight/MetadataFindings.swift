import Diagnosis
import HybridFlow
import OpenID

/// Findings about a discovery document, for the requested flow.
///
/// OpenID Connect Discovery 1.0, section 3.
struct MetadataFindings {
  let metadata: ProviderMetadata
  let configuration: FlowConfiguration
  let preset: ProviderPreset?

  var all: [CheckFinding] {
    let faults = EndpointRules(metadata, configuration)
    var all = [required, types, https(faults)].compactMap { $0 } + addresses(faults)
    all += [responseType, formPost, clientAuthentication, algorithm]
    all += [fragment, scope, codeChallenge, userinfo, grants].compactMap { $0 }
    all += RequestFindings(metadata: metadata, configuration: configuration).all
    all += EncryptionFindings(metadata: metadata, configuration: configuration).all
    all += RulesFindings(metadata: metadata, configuration: configuration).all
    all += extras
    return all
  }

  private var required: CheckFinding {
    let names = ProviderMetadata.requiredMembers
    let missing = metadata.missing
    let blocking = missing.filter { names.prefix(3).contains($0) }
    let list = missing.joined(separator: ", ")
    if missing.isEmpty {
      return CheckFinding(
        "metadata-complete", .info, "Every required member is there.",
        evidence: "\(names.count) members", spec: .discovery("3"))
    }
    return CheckFinding(
      "metadata-complete", blocking.isEmpty ? .warning : .error,
      "Required members are missing.", evidence: list,
      fix: blocking.isEmpty
        ? "Let the provider complete the document."
        : "Give the endpoints by hand: --authorization-endpoint, --token-endpoint, --jwks-uri.",
      spec: .discovery("3"), blame: .provider)
  }

  /// A member of another type than its own is read as if it were not there.
  var types: CheckFinding? {
    let found = metadata.mistyped
    guard !found.isEmpty else { return nil }
    return CheckFinding(
      "metadata-types", .warning,
      "Members of the document have the wrong type; nobody can use them.",
      evidence: found.map(\.words).joined(separator: "; "),
      fix: "Let the provider correct the document.", spec: .discovery("3"), blame: .provider)
  }

  private func https(_ faults: EndpointRules) -> CheckFinding {
    guard faults.insecure.isEmpty else {
      let isPart = faults.insecure.allSatisfy { $0.ends(with: ": not a URL") }
      return CheckFinding(
        "endpoints-https", .error,
        isPart
          ? "An endpoint is no whole address."
          : faults.hasForeignLoopback
            ? "An endpoint is not https; plain http on this machine is excused only for an issuer "
              + "on this machine."
            : "An endpoint is not https.",
        evidence: faults.insecure.joined(separator: "; "),
        fix: isPart
          ? "Let the provider write it with https:// and its host."
          : "The provider does not know that it stands behind TLS: set its public address there.",
        spec: .discovery("3"), blame: .provider)
    }
    return CheckFinding(
      "endpoints-https", .info,
      faults.isLocal ? "Plain http, on this machine only." : "Every endpoint is https.",
      evidence: "\(metadata.endpoints.count) endpoints", spec: .discovery("3"))
  }

  /// Findings about invalid bytes in a URI, and about addresses that the issuer may not name.
  private func addresses(_ faults: EndpointRules) -> [CheckFinding] {
    var all: [CheckFinding] = []
    if !faults.malformed.isEmpty {
      all.append(
        CheckFinding(
          "endpoints-uri", .error,
          "An endpoint has a byte that no URI has: nothing is sent there, and no browser is opened "
            + "at it.",
          evidence: faults.malformed.joined(separator: "; "),
          fix: "The provider must percent-encode it.", spec: .rfc(3986, "2"), blame: .provider))
    }
    if !faults.outOfReach.isEmpty {
      all.append(
        CheckFinding(
          "endpoints-reach", .error,
          "An endpoint stands where only you can reach it, and the issuer does not: nothing is sent "
            + "there.",
          evidence: faults.outOfReach.joined(separator: "; "),
          fix: "Set the provider\u{2019}s public address there. If it is yours and meant, give the "
            + "endpoints by hand: --token-endpoint and so on.", spec: .rfc(9728, "7.7"),
          blame: .provider))
    }
    return all
  }

  private var fragment: CheckFinding? {
    let found = metadata.endpointsWithFragment
    guard !found.isEmpty else { return nil }
    return CheckFinding(
      "endpoints-fragment", .warning, "An endpoint has a fragment, which is never sent.",
      evidence: found.map { "\($0.name): \($0.url)" }.joined(separator: "; "),
      fix: "Let the provider name the endpoint without what stands behind the #.",
      spec: .rfc(6749, "3.1"), blame: .provider)
  }

  private var responseType: CheckFinding {
    let wanted = configuration.responseType
    let listed = metadata.responseTypes.joined(separator: ", ")
    guard !wanted.isListed(in: metadata.responseTypes) else {
      return CheckFinding(
        "response-type", .info, "'\(wanted.rawValue)' is offered.", evidence: listed,
        spec: .discovery("3"))
    }
    if listed.isEmpty {
      return CheckFinding(
        "response-type", .warning, "Nothing says which response types are offered.",
        evidence: metadata.state(of: "response_types_supported"),
        fix: "Try '\(wanted.rawValue)' with run or explore.", spec: .discovery("3"),
        blame: .provider)
    }
    if let other = ResponseType.allCases.first(where: { $0.isListed(in: metadata.responseTypes) }) {
      return CheckFinding(
        "response-type", .warning,
        "'\(wanted.rawValue)' is not listed, but another hybrid type is.",
        evidence: listed, fix: "Ask for --response-type '\(other.rawValue)'.",
        spec: .discovery("3"))
    }
    return noHybrid(wanted, listed)
  }

  /// No type of the hybrid flow is listed.
  private func noHybrid(_ wanted: ResponseType, _ listed: String) -> CheckFinding {
    if metadata.answersHybridUnlisted {
      return CheckFinding(
        "response-type", .info,
        "'\(wanted.rawValue)' is not listed, and Apple answers it all the same.",
        evidence: listed, spec: .discovery("3"))
    }
    if let why = preset?.withoutHybrid {
      return CheckFinding(
        "response-type", .error, "No hybrid flow here: \(why)", evidence: listed,
        fix: ProviderPreset.insteadOfHybrid, spec: .discovery("3"), blame: .provider)
    }
    let step = preset?.consoleSteps.first { step in
      ["grant", "implicit"].contains { step.asciiLowercased.holds($0) }
    }
    let hasOnlyCode = metadata.responseTypes.allSatisfy { ["code", "none"].contains($0) }
    let refused = "if it is refused, this provider has no hybrid flow."
    let message =
      "'\(wanted.rawValue)' is not listed: by its document, the provider "
      + (hasOnlyCode ? "knows only code." : "has no hybrid flow.")
    return CheckFinding(
      "response-type", .warning, message, evidence: listed,
      fix: step.map { "\($0). Then the document may list it." }
        ?? "Nothing is known that would switch it on. Try run or explore all the same, for some "
        + "providers leave it out of the list; \(refused)",
      spec: .discovery("3"), blame: step == nil ? .provider : .settings)
  }

  private var formPost: CheckFinding {
    let mode = configuration.responseMode.rawValue
    let listed = metadata.responseModes.joined(separator: ", ")
    let isSaid = metadata.json["response_modes_supported"]?.strings != nil
    guard !metadata.responseModes.contains(mode) else {
      let algorithms = configuration.responseMode.isJWT ? metadata.responseSigningAlgorithms : nil
      return CheckFinding(
        "response-mode", .info, "\(mode) is offered.",
        evidence: (isSaid ? listed : "query and fragment, the default")
          + (algorithms.map { "; such JWTs are signed with \($0.joined(separator: ", "))" } ?? ""),
        spec: configuration.responseMode.isJWT ? .jarm("4") : .formPost("2"))
    }
    let hasFragment = metadata.responseModes.contains(ResponseMode.fragment.rawValue)
    return CheckFinding(
      "response-mode", .warning, "\(mode) is not listed.",
      evidence: isSaid
        ? listed
        : "no response_modes_supported: query and fragment by default, which is no proof that more "
          + "is absent",
      fix: "Look at what authorize-probe says."
        + (hasFragment
          ? " The mode that is listed is --response-mode fragment: its answer reaches no server, so "
            + "a script of the page has to hand it on." : ""),
      spec: configuration.responseMode.isJWT ? .jarm("4") : .formPost("2"))
  }

  private var clientAuthentication: CheckFinding {
    let listed = metadata.tokenEndpointAuthMethods
    let usable = ClientAuthenticationMethod.allCases.map(\.rawValue).filter(listed.contains)
    let wanted = configuration.clientAuthentication
    let member = "token_endpoint_auth_methods_supported"
    let isSaid = metadata.json[member]?.strings != nil
    let text =
      isSaid
      ? listed.joined(separator: ", ")
      : "\(metadata.state(of: member)): client_secret_basic by default"
    if let found = certificateAtDemoTenant(text) { return found }
    if let wanted, !listed.contains(wanted.rawValue) {
      return CheckFinding(
        "client-auth", .warning,
        isSaid
          ? "\(wanted.rawValue) is not listed: expect invalid_client."
          : "Nothing says that \(wanted.rawValue) is taken.",
        evidence: text,
        fix: usable.first.map { "Use \($0), and register it for the application there." },
        spec: .core("9"))
    }
    if let missing = missingCertificate(usable, text) { return missing }
    guard !usable.isEmpty else {
      return CheckFinding(
        "client-auth", .error, "No listed client authentication can be done here.",
        evidence: text, fix: "Switch on client_secret_basic or private_key_jwt.", spec: .core("9"))
    }
    return wanted == .privateKeyJWT || usable == [ClientAuthenticationMethod.privateKeyJWT.rawValue]
      ? keyAuthentication(text)
      : CheckFinding(
        "client-auth", .info,
        wanted.map { isSaid ? "\($0.rawValue) is offered." : "\($0.rawValue) is the default." }
          ?? (isSaid
            ? "\(usable.joined(separator: ", ")) can be used."
            : "Nothing says how the client authenticates; the default can be used."),
        evidence: text, spec: .core("9"))
  }

  /// private_key_jwt, which needs a key of the right kind.
  private func keyAuthentication(_ text: String) -> CheckFinding {
    guard let key = configuration.clientKey else {
      return CheckFinding(
        "client-auth", .warning,
        "The client can only authenticate with private_key_jwt here, and no key is given.",
        evidence: text,
        fix: "Give the private key with --client-key FILE, and register its public part there.",
        spec: .core("9"))
    }
    let member = "token_endpoint_auth_signing_alg_values_supported"
    if let offered = metadata.json[member]?.strings, !offered.contains(key.algorithm.rawValue) {
      return CheckFinding(
        "client-auth", .warning,
        "The client key signs with \(key.algorithm.rawValue), which is not listed: expect "
          + "invalid_client.", evidence: "\(member): \(offered.joined(separator: ", "))",
        fix: "Use a key for one of these with --client-key.", spec: .discovery("3"))
    }
    return CheckFinding(
      "client-auth", .info, "private_key_jwt is offered.", evidence: text, spec: .core("9"))
  }

  private var algorithm: CheckFinding {
    let wanted = configuration.idTokenAlgorithm.rawValue
    let listed = metadata.idTokenSigningAlgorithms
    let text = listed.joined(separator: ", ")
    let name = "id_token_signing_alg_values_supported"
    guard metadata.json[name]?.strings != nil else {
      return CheckFinding(
        "signing-alg", .warning, "Nothing says with which algorithms ID tokens are signed.",
        evidence: metadata.state(of: name),
        fix: "Try RS256, the usual one; --id-token-alg names another.", spec: .discovery("3"),
        blame: .provider)
    }
    guard listed.contains(wanted) else {
      let known = SignatureAlgorithm.allCases.first { listed.contains($0.rawValue) }
      return CheckFinding(
        "signing-alg", .warning, "ID tokens are not signed with \(wanted) there.",
        evidence: text, fix: known.map { "Say --id-token-alg \($0.rawValue)." },
        spec: .core("3.1.3.7"))
    }
    if !listed.contains("RS256") {
      return CheckFinding(
        "signing-alg", .warning, "RS256 is not listed, though every provider must offer it.",
        evidence: text, spec: .discovery("3"), blame: .provider)
    }
    let none = listed.contains("none")
    return CheckFinding(
      "signing-alg", none ? .warning : .info,
      none ? "none is listed: unsigned ID tokens are never taken here." : "\(wanted) is offered.",
      evidence: text, fix: none ? "Switch none off at the provider." : nil, spec: .core("2"),
      blame: .provider)
  }

  private var scope: CheckFinding? {
    guard configuration.scope.contains("openid") else {
      return CheckFinding(
        "scope", .error, "openid is not asked for: this would be plain OAuth.",
        evidence: configuration.scope.joined(separator: " "), fix: "Add openid to --scope.",
        spec: .core("3.1.2.1"))
    }
    guard let listed = metadata.scopes else { return nil }
    let unknown = configuration.scope.filter { !listed.contains($0) }
    guard !unknown.isEmpty else { return nil }
    // An API's own scopes are rarely listed.
    return CheckFinding(
      "scope", unknown.contains("openid") ? .warning : .info,
      "Scopes are asked for that are not listed.", evidence: unknown.joined(separator: " "),
      fix: "Leave them out of --scope unless they belong to an API.", spec: .discovery("3"))
  }

  private var codeChallenge: CheckFinding? {
    guard configuration.usesPKCE else { return nil }
    guard let listed = metadata.codeChallengeMethods else {
      return CheckFinding(
        "pkce", .info, "Nothing says whether PKCE is known; it is sent, and does no harm.",
        evidence: metadata.state(of: "code_challenge_methods_supported"), spec: .rfc(8414, "2"))
    }
    let hasS256 = listed.contains("S256")
    return CheckFinding(
      "pkce", hasS256 ? .info : .warning,
      hasS256 ? "PKCE with S256 is offered." : "PKCE with S256 is not listed.",
      evidence: listed.joined(separator: ", "),
      fix: hasS256 ? nil : "Say --no-pkce if the request is refused.", spec: .rfc(8414, "2"))
  }

  private var extras: [CheckFinding] {
    var extras: [CheckFinding] = []
    if metadata.requiresPushedRequests, metadata.pushedRequestEndpoint == nil {
      extras.append(
        CheckFinding(
          "par", .error, "Requests must be pushed, and no endpoint for it is named.",
          evidence: metadata.state(of: "pushed_authorization_request_endpoint"),
          fix: "Let the provider name the endpoint in its document.", spec: .rfc(9126, "5"),
          blame: .provider))
    } else if metadata.requiresPushedRequests {
      extras.append(
        CheckFinding(
          "par", .info, "Requests must be pushed; that is done unasked.",
          evidence: "require_pushed_authorization_requests", spec: .rfc(9126, "5")))
    }
    if let mutualTLS { extras.append(mutualTLS) }
    if let proofs { extras.append(proofs) }
    if metadata.sendsIssuerParameter {
      extras.append(
        CheckFinding(
          "iss-parameter", .info, "Answers carry iss: mix-ups are caught.",
          evidence: "authorization_response_iss_parameter_supported", spec: .rfc(9207, "3")))
    }
    return extras
  }

  /// Stage 9 calls an API: the one that was named, or else the userinfo endpoint.
  private var userinfo: CheckFinding? {
    guard metadata.userinfoEndpoint == nil, configuration.apiURL == nil, !configuration.signOnOnly
    else { return nil }
    if metadata.answersHybridUnlisted {
      return CheckFinding(
        "userinfo", .info, metadata.nothingToFetch,
        evidence: metadata.state(of: "userinfo_endpoint"), spec: .discovery("3"))
    }
    return CheckFinding(
      "userinfo", .info,
      "There is no userinfo endpoint: stage 9 has nothing to call without --api.",
      evidence: metadata.state(of: "userinfo_endpoint"), fix: "Name an API with --api URL.",
      spec: .discovery("3"))
  }

  /// A list of grants without the one of the code.
  private var grants: CheckFinding? {
    guard let listed = metadata.json["grant_types_supported"]?.strings,
      !listed.contains("authorization_code")
    else { return nil }
    return CheckFinding(
      "grant-types", .warning, "authorization_code is not listed: a code could not be redeemed.",
      evidence: listed.joined(separator: ", "),
      fix: "Look whether this is the right tenant, or endpoint, for applications with users.",
      spec: .discovery("3"), blame: .provider)
  }
}
