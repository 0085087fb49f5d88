import OpenID

/// What can be said about a provider before anybody logs in; stage 1.
enum ConfigurationChecks {
  static func metadata(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> [Check] {
    [
      issuer(metadata, configuration), https(metadata, configuration),
      responseType(metadata, configuration), formPost(metadata, configuration),
      authMethod(metadata, configuration),
    ]
  }

  private static func issuer(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> Check {
    let expected = configuration.issuer.text
    let found = metadata.issuer
    guard let found else {
      return Check(
        .discoveryIssuerMatch, .fail, expected: expected, found: "absent",
        why: "The document names no issuer.")
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

  private static func https(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> Check {
    var plain: [String] = []
    var local = false
    for (name, text) in metadata.endpoints {
      guard let url = try? WebURL(text) else {
        plain.append("\(name): not a URL")
        continue
      }
      if url.isHTTPS { continue }
      if url.isLoopback { local = true } else { plain.append("\(name): \(text)") }
    }
    if !plain.isEmpty {
      return Check(
        .discoveryHTTPS, .fail, expected: "https everywhere",
        found: plain.joined(separator: ", "),
        why: "What is sent there can be read and changed on the way.")
    }
    return Check(
      .discoveryHTTPS, .pass, expected: "https everywhere",
      found: local ? "http on this machine only" : "https everywhere",
      why: local
        ? "Plain http is excused because it does not leave this machine."
        : "Nothing travels unencrypted.")
  }

  private static func responseType(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> Check {
    let wanted = configuration.responseType
    let listed = wanted.isListed(in: metadata.responseTypes)
    return Check(
      .discoveryResponseType, listed ? .pass : .warn, expected: wanted.rawValue,
      found: metadata.responseTypes.joined(separator: ", "),
      why: listed
        ? "The provider offers this hybrid type."
        : "The provider does not list this type; it may have to be switched on for the client.")
  }

  private static func formPost(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> Check {
    guard configuration.responseMode == .formPost else {
      return Check(
        .discoveryFormPost, .skip,
        why: "The response mode asked for is \(configuration.responseMode.rawValue).")
    }
    let listed = metadata.responseModes.contains("form_post")
    return Check(
      .discoveryFormPost, listed ? .pass : .warn, expected: "form_post",
      found: metadata.responseModes.joined(separator: ", "),
      why: listed
        ? "The answer can come as a form post."
        : "form_post is not listed; the answer may come in the fragment, where no server sees it.")
  }

  private static func authMethod(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> Check {
    let chosen = authentication(metadata, configuration)
    let offered = metadata.tokenEndpointAuthMethods
    let listed = offered.contains(chosen.rawValue)
    return Check(
      .discoveryAuthMethod, listed ? .pass : .warn, expected: chosen.rawValue,
      found: offered.joined(separator: ", "),
      why: listed
        ? "The token endpoint takes this kind of client authentication."
        : "The token endpoint does not list it; expect invalid_client.")
  }

  /// The method that was configured, or the first one offered that can be used.
  static func authentication(
    _ metadata: ProviderMetadata, _ configuration: FlowConfiguration
  ) -> ClientAuthenticationMethod {
    if let method = configuration.clientAuthentication { return method }
    let offered = metadata.tokenEndpointAuthMethods
    let signs = configuration.clientKey != nil
    let method = ClientAuthenticationMethod.privateKeyJWT
    if signs, offered.contains(method.rawValue) { return method }
    guard configuration.clientSecret != nil else { return signs ? method : .none }
    return [.basic, .post].first { offered.contains($0.rawValue) } ?? .basic
  }

  static func keys(_ set: JSONWebKeySet) -> Check {
    let leaking = set.keys.filter { !$0.privateMembers.isEmpty }
    guard leaking.isEmpty else {
      let names = leaking.map { key in
        "\(key.keyID ?? "a key without kid"): \(key.privateMembers.joined(separator: " "))"
      }
      return Check(
        .jwksNoPrivate, .fail, expected: "public members only",
        found: names.joined(separator: ", "),
        why: "Whoever reads this set can sign tokens in the provider\u{2019}s name.")
    }
    return Check(
      .jwksNoPrivate, .pass, expected: "public members only",
      found: "\(set.keys.count) public \(set.keys.count == 1 ? "key" : "keys")",
      why: "Nothing in the set could sign.")
  }
}
