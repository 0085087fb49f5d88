import HybridFlow
import OpenID

// What the request, the client's credentials and the metadata say about a refusal, and what an
// address that does not answer means at that stage.
extension RunFacts {
  // MARK: The authorization request

  /// Why the request itself was refused, where the request or the metadata show it.
  func requestFinding(_ error: OAuthError) -> DiagnosisMatch? {
    guard [.authorization, .page, .pushed].contains(error.endpoint) else { return nil }
    let words = (error.description ?? "").asciiLowercased
    let asksPKCE = ["code_challenge", "code challenge", "pkce"].contains { words.holds($0) }
    if asksPKCE, sent("code_challenge") == nil {
      return made(
        "run-pkce-demanded", .high, .settings,
        "The provider demands PKCE for this client, and no code challenge was sent.",
        "Leave out --no-pkce, or in an application switch PKCE on, with S256.",
        values: values, basis: "the provider says so, and the request has none",
        source: "RFC 7636, section 4.4.1")
    }
    guard error.code == "unsupported_response_type", broken(.discoveryResponseType) != nil else {
      return nil
    }
    let hybrids = (metadata?.responseTypes ?? []).filter {
      $0.split(at: " ").count > 1 && $0.split(at: " ").contains("code")
    }
    guard let other = hybrids.first else {
      return made(
        "run-no-hybrid-flow", .high, .provider,
        "This provider has no hybrid flow: its metadata list no such response type, and it refuses"
          + " this one.",
        "Ask its operator whether it can be switched on; otherwise use the code flow there.",
        values: values, basis: "its metadata and its answer agree",
        source: "OpenID Connect Discovery 1.0, section 3")
    }
    return made(
      "run-other-hybrid-type", .high, .settings,
      "The provider does not offer \(configuration.responseType.rawValue), but another hybrid type.",
      "Choose one of its own: --response-type '\(other)'.",
      values: values, basis: "its metadata and its answer agree",
      source: "OpenID Connect Discovery 1.0, section 3")
  }

  // MARK: Client authentication

  /// Why the client was refused, where the request or the metadata show it.
  func clientFinding(_ error: OAuthError) -> DiagnosisMatch? {
    let codes = ["invalid_client", "unauthorized_client"]
    guard error.endpoint == .token || error.endpoint == .pushed,
      codes.contains(error.code) || error.status == 401,
      let request = credentials
    else { return nil }
    let fields = (try? FormEncoding.decode(request.body)) ?? []
    let signs = fields["client_assertion"] != nil
    if signs, let clock = ProviderClock(transcript),
      let words = clock.sentence(leeway: configuration.clockSkewSeconds)
    {
      return made(
        "run-clock-assertion", .medium, .environment,
        "\(words) The client\u{2019}s assertion carries this machine\u{2019}s time.",
        "Set this machine\u{2019}s clock, as with timedatectl set-ntp true.", values: values,
        basis: "the provider\u{2019}s Date header was compared", source: "RFC 7523, section 3")
    }
    guard !signs, request.headers["Authorization"] == nil, fields["client_secret"] == nil else {
      return methodFinding(error)
    }
    if configuration.clientAuthentication?.usesCertificate == true {
      return made(
        "run-client-certificate", .high, .settings,
        "The client proves itself with its certificate alone, and the provider did not take it: it is"
          + " not the one that is registered for this client, its authority is not trusted there, or"
          + " it did not reach the provider.",
        "Compare its subject with what is registered for tls_client_auth, or the certificate itself"
          + " with x5c of the client\u{2019}s keys for self_signed_tls_client_auth. Wire says whether"
          + " the server asked for it; a proxy before the provider has to pass it on.",
        values: values, basis: "the request has no other proof", source: "RFC 8705, section 2")
    }
    return made(
      "run-client-without-secret", .medium, .settings,
      "No client secret was sent, and the provider wants this client to prove who it is.",
      "Give the secret, with HYBRID_FLOW_CLIENT_SECRET or --client-secret-file; or make the client"
        + " a public one at the provider.",
      values: values, basis: "the request shows it", source: "RFC 6749, section 3.2.1")
  }

  private func methodFinding(_ error: OAuthError) -> DiagnosisMatch? {
    guard let check = broken(.discoveryAuthMethod), let sent = check.expected,
      let offered = check.found
    else { return nil }
    let other = offered.holds("client_secret_post") ? "post" : "basic"
    return made(
      "run-auth-method", .medium, .settings,
      "The secret was sent with \(sent), which the provider does not offer.",
      offered.holds("client_secret")
        ? "Send it the other way: --client-auth \(other)."
        : "The provider takes \(offered): choose one of these for the client.",
      values: [ComparedValue("sent", sent), ComparedValue("offered", offered)] + values,
      basis: "its metadata do not list it", source: "OpenID Connect Core 1.0, section 9")
  }

  /// The request that carried the client's credentials.
  private var credentials: HTTPRequest? {
    let stages: [Stage] = stage == .authorize ? [.authorize] : [.exchange]
    return stages.lazy.flatMap { transcript[$0].messages }
      .filter { $0.from == .application && $0.to == .authorizationServer }
      .compactMap(\.request).first { $0.method == "POST" }
  }

  // MARK: Addresses that do not answer

  /// What silence means at this stage, when the rest of the provider has answered.
  func silenceFinding(_ fault: TransportFailure) -> DiagnosisMatch? {
    guard [.cannotConnect, .cannotResolve, .timedOut, .reset].contains(fault.kind) else {
      return nil
    }
    if stage == .login, configuration.explicitMetadata == nil, let keys = metadata?.jwksURI {
      return made(
        "run-keys-unreachable", .medium, .provider,
        "The provider answered, but its key set does not. \(fault.message)",
        "Compare jwks_uri in its metadata: it must be an address that applications can reach.",
        values: [ComparedValue("jwks_uri", keys)], basis: "the discovery document came")
    }
    guard stage == .api || stage == .data else { return nil }
    if let api = configuration.apiURL {
      return made(
        "run-api-unreachable", .medium, .settings, "The API does not answer. \(fault.message)",
        "Look whether --api names the right address, and whether the API runs.",
        values: [ComparedValue("--api", api.text)], basis: "everything before it has answered")
    }
    return made(
      "run-userinfo-unreachable", .medium, .provider,
      "The userinfo endpoint does not answer. \(fault.message)",
      "Compare userinfo_endpoint in the metadata: it must be an address that applications can"
        + " reach.",
      values: [ComparedValue("userinfo", metadata?.userinfoEndpoint ?? "unknown")],
      basis: "everything before it has answered")
  }
}
