import OpenID

/// Checks on a provider before anyone signs in; stage 1.
public enum ConfigurationChecks {
  package static func metadata(
    _ metadata: ProviderMetadata, _ evidence: ProviderEvidence
  ) -> [Check] {
    let faults = EndpointRules(metadata, evidence)
    return [
      issuer(metadata, evidence.issuer), https(faults), uri(faults), reach(faults, evidence),
      responseType(metadata, evidence), formPost(metadata, evidence),
      authMethod(metadata, evidence), fragment(metadata),
    ] + claimsParameter(metadata, evidence)
  }

  /// Whether a consent that the `claims` parameter asks for will be read.
  private static func claimsParameter(
    _ metadata: ProviderMetadata, _ evidence: ProviderEvidence
  ) -> [Check] {
    guard evidence.asksForIntent else { return [] }
    // Discovery 1.0, section 3: what is not there is false.
    let found = metadata.json["claims_parameter_supported"]
    let isListed = found?.bool == true
    return [
      Check(
        .discoveryClaimsParameter, isListed ? .pass : .warn, expected: "true",
        found: found?.compactText ?? "absent, which means false",
        why: isListed
          ? "The provider reads the claims parameter, and with it openbanking_intent_id."
          : "By its document the provider does not read it: expect an ID token without "
            + "openbanking_intent_id.")
    ]
  }

  private static func issuer(_ metadata: ProviderMetadata, _ asked: Known<WebURL>) -> Check {
    guard let found = metadata.issuer else {
      return Check(
        .discoveryIssuerMatch, .fail, expected: asked.value?.text ?? "an issuer",
        found: "absent", why: "The document names no issuer.")
    }
    let expected: String
    switch asked {
    case .unknown(let why):
      return .undecided(.discoveryIssuerMatch, found: found, "which issuer was asked", why)
    case .known(let asked): expected = asked.text
    }
    let matches = found.isIdentical(to: expected)
    let differsBySlash =
      found.isIdentical(to: expected + "/") || expected.isIdentical(to: found + "/")
    return Check(
      .discoveryIssuerMatch, matches ? .pass : .fail, expected: expected, found: found,
      why: matches
        ? "The provider calls itself what it was asked as."
        : differsBySlash
          ? "The two differ by one slash at the end; configure the issuer as the document has it."
          : "The document speaks for another issuer.")
  }

  private static func https(_ faults: EndpointRules) -> Check {
    guard faults.insecure.isEmpty else {
      return Check(
        .discoveryHTTPS, .fail, expected: "https everywhere",
        found: faults.insecure.joined(separator: ", "),
        why: "What is sent there can be read and changed on the way"
          + (faults.hasForeignLoopback
            ? ", or goes to a service of your own: plain http is excused on this machine only "
              + "for an issuer on this machine." : "."))
    }
    guard faults.allowed.isEmpty else {
      return Check(
        .discoveryHTTPS, .warn, expected: "https everywhere",
        found: faults.allowed.joined(separator: ", "),
        why:
          "Plain http was allowed by --allow-http. Everybody on the way can read and change what "
          + "is sent: codes, tokens, the client secret.")
    }
    return Check(
      .discoveryHTTPS, .pass, expected: "https everywhere",
      found: faults.isLocal ? "http on this machine only" : "https everywhere",
      why: faults.isLocal
        ? "Plain http is excused because it does not leave this machine."
        : "Nothing travels unencrypted.")
  }

  private static func uri(_ faults: EndpointRules) -> Check {
    let isGood = faults.malformed.isEmpty
    return Check(
      .discoveryEndpointURI, isGood ? .pass : .fail,
      expected: "only what a URI has, the rest percent-encoded",
      found: isGood ? "URIs" : faults.malformed.joined(separator: ", "),
      why: isGood
        ? "Every program reads these addresses alike."
        : "A browser, or the script that opens one, may read it otherwise: nothing is sent there.")
  }

  private static func reach(_ faults: EndpointRules, _ evidence: ProviderEvidence) -> Check {
    guard !evidence.isTyped else {
      return Check(
        .discoveryEndpointReach, .skip,
        why: "not run: the endpoints were given by hand, and stand where you say.")
    }
    guard let issuer = faults.issuer else {
      return .undecided(.discoveryEndpointReach, "where the issuer stands", "is not known")
    }
    let isGood = faults.outOfReach.isEmpty
    let place = issuer.reach.words.map { " (\($0))" } ?? ""
    return Check(
      .discoveryEndpointReach, isGood ? .pass : .fail,
      expected: "nothing nearer than the issuer \(issuer.host)\(place)",
      found: isGood ? "nothing nearer" : faults.outOfReach.joined(separator: ", "),
      why: isGood
        ? "No address of it leads into a network that only you can reach."
        : "The request would go to a service that only you can reach, with your client\u{2019}s "
          + "secret or your token: nothing is sent there.")
  }

  /// RFC 6749, sections 3.1 and 3.2.
  private static func fragment(_ metadata: ProviderMetadata) -> Check {
    let found = metadata.endpointsWithFragment
    return Check(
      .discoveryNoFragment, found.isEmpty ? .pass : .warn, expected: "no fragment",
      found: found.isEmpty
        ? "no fragment" : found.map { "\($0.name): \($0.url)" }.joined(separator: ", "),
      why: found.isEmpty
        ? "Every endpoint is asked under the address that the document names."
        : "What stands behind the # is never sent: the address that is asked is another one.")
  }

  private static func responseType(
    _ metadata: ProviderMetadata, _ evidence: ProviderEvidence
  ) -> Check {
    let wanted = evidence.responseType
    let listed = wanted.isListed(in: metadata.responseTypes)
    let unlisted =
      switch metadata.listsHybrid {
      case false?: "No type of the hybrid flow is listed: by its document, the provider has none."
      case true?: "The provider does not list this type, but another one of the hybrid flow."
      case nil: "Nothing says which types the provider offers."
      }
    if !listed, metadata.answersHybridUnlisted {
      return Check(
        .discoveryResponseType, .skip, expected: wanted.rawValue,
        found: metadata.responseTypes.joined(separator: ", "),
        why: "A note: Apple lists only code, and its own script for web pages asks for "
          + "code id_token.")
    }
    return Check(
      .discoveryResponseType, listed ? .pass : .warn, expected: wanted.rawValue,
      found: metadata.responseTypes.joined(separator: ", "),
      why: listed
        ? "The provider offers this hybrid type." : unlisted)
  }

  private static func formPost(
    _ metadata: ProviderMetadata, _ evidence: ProviderEvidence
  ) -> Check {
    guard evidence.responseMode == .formPost else {
      return evidence.responseMode.isJWT
        ? responseJWT(metadata, evidence.responseMode)
        : Check(
          .discoveryFormPost, .skip,
          why: "The response mode asked for is \(evidence.responseMode.rawValue).")
    }
    let listed = metadata.responseModes.contains("form_post")
    return Check(
      .discoveryFormPost, listed ? .pass : .warn, expected: "form_post",
      found: metadata.responseModes.joined(separator: ", "),
      why: listed
        ? "The answer can come as a form post."
        : "form_post is not listed; the answer may come in the fragment, where no server sees it.")
  }

  private static func responseJWT(_ metadata: ProviderMetadata, _ mode: ResponseMode) -> Check {
    let listed = metadata.responseModes.contains(mode.rawValue)
    return Check(
      .discoveryFormPost, listed ? .pass : .warn, expected: mode.rawValue,
      found: metadata.responseModes.joined(separator: ", "),
      why: listed
        ? "The answer can come as a signed JWT."
        : "\(mode.rawValue) is not listed: the provider may refuse the request, or answer without "
          + "a signature, and such an answer is not taken.",
      spec: .jarm("4"))
  }

  private static func authMethod(
    _ metadata: ProviderMetadata, _ evidence: ProviderEvidence
  ) -> Check {
    let chosen: ClientAuthenticationMethod
    switch evidence.authentication {
    case .unknown(let why):
      return .undecided(.discoveryAuthMethod, "which method the client uses", why)
    case .known(let method): chosen = method
    }
    let offered = metadata.tokenEndpointAuthMethods
    let listed = offered.contains(chosen.rawValue)
    return Check(
      .discoveryAuthMethod, listed ? .pass : .warn, expected: chosen.rawValue,
      found: offered.joined(separator: ", "),
      why: listed
        ? "The token endpoint takes this kind of client authentication."
        : "The token endpoint does not list it; expect invalid_client.")
  }

  /// The configured method, or the first offered one that can be used.
  static func authentication(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> ClientAuthenticationMethod {
    if let method = configuration.clientAuthentication { return method }
    // Apple lists client_secret_post alone.
    if configuration.appleTeam != nil { return .post }
    let offered = metadata.tokenEndpointAuthMethods
    let signs = configuration.clientKey != nil
    let method = ClientAuthenticationMethod.privateKeyJWT
    if signs, offered.contains(method.rawValue) { return method }
    guard configuration.clientSecret != nil else {
      return certificateMethod(offered, configuration) ?? (signs ? method : .none)
    }
    return [.basic, .post].first { offered.contains($0.rawValue) } ?? .basic
  }

  /// The method for a client that has a certificate and nothing else; nil without a certificate.
  private static func certificateMethod(
    _ offered: [String], _ configuration: FlowConfiguration
  ) -> ClientAuthenticationMethod? {
    guard let certificate = configuration.clientCertificate, configuration.clientKey == nil else {
      return nil
    }
    let isOwn = certificate.subject.isIdentical(to: certificate.issuer)
    let order: [ClientAuthenticationMethod] =
      isOwn
      ? [.selfSignedTLSClientAuth, .tlsClientAuth] : [.tlsClientAuth, .selfSignedTLSClientAuth]
    return order.first { offered.contains($0.rawValue) } ?? order[0]
  }

  package static func keys(_ set: JSONWebKeySet) -> Check {
    guard set.leaks.isEmpty else {
      let names = set.leaks.map { leak in
        "\(leak.keyID ?? "a key without kid"): \(leak.members.joined(separator: " "))"
      }
      return Check(
        .jwksNoPrivate, .fail, expected: "public members only",
        found: names.joined(separator: ", "),
        why: "Anyone who reads this set can sign tokens in the provider\u{2019}s name.")
    }
    return Check(
      .jwksNoPrivate, .pass, expected: "public members only",
      found: "\(set.keys.count) public \(set.keys.count == 1 ? "key" : "keys")",
      why: "Nothing in the set could sign.")
  }
}

// The rules.
extension CheckID {
  package static let discoveryIssuerMatch = CheckID(
    "discovery-issuer-match", .error,
    rule: "the issuer in the document is the configured one, byte for byte",
    shows: "impersonated metadata, or a trailing slash too many",
    next: "Copy issuer from the discovery document into the configuration, or ask the right host.",
    spec: .discovery("4.3"))

  package static let discoveryHTTPS = CheckID(
    "discovery-https", .error,
    rule: "every endpoint uses https; a tenant on this machine is exempt",
    shows: "a downgrade that lets others read codes and secrets",
    next:
      "Let the provider publish https endpoints; behind a proxy it must learn its public address.",
    spec: .discovery("3"))

  package static let discoveryEndpointURI = CheckID(
    "discovery-endpoint-uri", .error,
    rule: "every endpoint is a URI, byte for byte",
    shows: "an address that a shell or a browser reads otherwise than it is written",
    next: "Let the provider percent-encode what no URI has; until then nothing is sent there.",
    spec: .rfc(3986, "2"))

  package static let discoveryEndpointReach = CheckID(
    "discovery-endpoint-reach", .error,
    rule: "an issuer elsewhere names no endpoint on this machine or in a private network",
    shows: "requests, with the client secret, to services that only you can reach",
    next:
      "Let the provider publish addresses that its clients can reach; behind a proxy it must learn its public one. If you run it yourself, give the endpoints by hand.",
    spec: .rfc(9728, "7.7"))

  package static let discoveryResponseType = CheckID(
    "discovery-response-type", .warning,
    rule: "the wanted response type is listed",
    shows: "the hybrid flow switched off at the provider",
    next: "Choose a response type that the metadata list, or switch the hybrid flow on there.",
    spec: .discovery("3"))

  package static let discoveryFormPost = CheckID(
    "discovery-form-post", .warning,
    rule: "form_post is among the response modes",
    shows: "an answer in the fragment, which browsers send to no server",
    next: "Try it all the same: many providers leave form_post out of the list.",
    spec: .formPost("2"))

  package static let discoveryAuthMethod = CheckID(
    "discovery-auth-method", .warning,
    rule: "the chosen client authentication is listed",
    shows: "invalid_client at the token endpoint",
    next: "Choose one of token_endpoint_auth_methods_supported.",
    spec: .discovery("3"))

  package static let discoveryNoFragment = CheckID(
    "discovery-no-fragment", .warning,
    rule: "no endpoint has a fragment",
    shows: "an address that is not the one that is asked",
    next: "Tell the provider\u{2019}s operator: an endpoint has no fragment.",
    spec: .rfc(6749, "3.1"))

  package static let discoveryClaimsParameter = CheckID(
    "discovery-claims-parameter", .warning,
    rule: "claims_parameter_supported is true where openbanking_intent_id is asked for",
    shows: "a consent that the provider does not look at",
    next: "Ask the provider how it takes the consent: some take it in another parameter.",
    spec: .discovery("3"))

  package static let jwksNoPrivate = CheckID(
    "jwks-no-private", .error,
    rule: "the published keys have no private or symmetric members",
    shows: "a leaked signing key: anybody could forge tokens",
    next: "Tell the provider\u{2019}s operator: those keys must be replaced.",
    spec: .discovery("3"))
}

extension ConfigurationChecks {
  static let rules: [CheckID] = [
    .discoveryIssuerMatch, .discoveryHTTPS, .discoveryEndpointURI, .discoveryEndpointReach,
    .discoveryResponseType, .discoveryFormPost, .discoveryAuthMethod, .discoveryNoFragment,
    .discoveryClaimsParameter, .jwksNoPrivate,
  ]
}
