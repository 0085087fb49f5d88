import OpenID

/// Stage 1: the listener, the provider's metadata and keys, the values of this run.
///
/// OpenID Connect Discovery 1.0, section 4.
enum PreparationStages {
  static func idle(_ event: FlowEvent, _ step: inout FlowStep) -> FlowMachine.State? {
    guard case .started(let configuration, let secrets) = event else { return nil }
    return begin(configuration, secrets, &step)
  }

  static func openingListener(
    _ begun: Begun, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .listenerReady(let redirectURI) = event {
      return discover(Listening(begun: begun, redirectURI: redirectURI), &step)
    }
    if case .listenerFailed(let reason) = event {
      return step.fail(.login, .environment(.listener(reason)))
    }
    return nil
  }

  static func fetchingMetadata(
    _ listening: Listening, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .fetched(.metadata, let request, let response) = event {
      step.received(.login, request, response, from: .authorizationServer)
      return readMetadata(response, listening, &step)
    }
    if case .fetchFailed(.metadata, let failure) = event {
      return step.fail(.login, .environment(.transport(failure)))
    }
    return nil
  }

  static func fetchingKeys(
    _ discovered: Discovered, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .fetched(.keys, let request, let response) = event {
      step.received(.login, request, response, from: .authorizationServer)
      return readKeys(response, discovered, &step)
    }
    if case .fetchFailed(.keys, let failure) = event {
      return step.fail(.login, .environment(.transport(failure)))
    }
    return nil
  }

  static func prepared(
    _ prepared: Prepared, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .advanced = event else { return nil }
    return AuthorizeStage.write(prepared, &step)
  }

  private static func begin(
    _ configuration: FlowConfiguration, _ secrets: FlowSecrets, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.transcript.startedAt = step.now
    step.transcript.checksOff = configuration.experiment.checksOff
    step.transcript.tampering = configuration.experiment.tampering
    step.transcript.rules = configuration.rules
    step.transcript.witness = configuration.witness?.source
    step.transcript.certificate = configuration.shownCertificate
    step.transcript.proofKey = configuration.proofKey
    step.transcript[.callback].answersBy = configuration.responseMode
    step.begin(.login)
    step.value(.login, "state", secrets.state, .application)
    let begun = Begun(configuration: configuration, secrets: secrets, startedAt: step.now)
    if let witness = configuration.witness {
      return WitnessStages.begin(
        witness, Listening(begun: begun, redirectURI: configuration.redirectURI), &step)
    }
    if configuration.responseType.hasIDToken || configuration.scope.contains("openid") {
      step.value(.login, "nonce", secrets.nonce, .application)
    }
    if configuration.usesPKCE {
      step.value(
        .login, "code_verifier", secrets.codeVerifier.reveal(), secret: true, .application)
      step.value(.login, "code_challenge", secrets.codeChallenge, .application)
    }
    step.effects.append(.listen(configuration.redirectURI))
    return .openingListener(begun)
  }

  private static func discover(
    _ listening: Listening, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let configuration = listening.configuration
    if let metadata = configuration.explicitMetadata {
      step.note(.login, "The endpoints were given by hand; the provider was not asked.")
      return judgeMetadata(metadata, listening, &step)
    }
    do throws(WebURLError) {
      let url = try ProviderMetadata.documentURL(of: configuration.issuer)
      step.send(.login, .metadata, jsonRequest(url), to: .authorizationServer)
      return .fetchingMetadata(listening)
    } catch {
      return step.fail(
        .login,
        .provider(.unreadable("The issuer \(configuration.issuer) gives no discovery URL.")))
    }
  }

  /// A request for JSON, with every header that is sent.
  static func jsonRequest(_ url: WebURL) -> HTTPRequest {
    HTTPRequest(
      method: "GET", url: url,
      headers: ["Host": url.authority, "Accept": "application/json"])
  }

  private static func readMetadata(
    _ response: HTTPResponse, _ listening: Listening, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let address = documentURL(listening.configuration)
    switch JSONAnswer.read(response, "The discovery document", at: address, .discovery) {
    case .failure(let fault):
      step.check(.login, AnswerChecks.unreadable(response, .metadata))
      return step.fail(.login, .provider(fault))
    case .success(let json):
      step.check(.login, AnswerChecks.body(response, .metadata))
      guard let metadata = ProviderMetadata(json) else {
        return step.fail(
          .login, .provider(.unreadable("The discovery document is not a JSON object.")))
      }
      return judgeMetadata(metadata, listening, &step)
    }
  }

  private static func documentURL(_ configuration: FlowConfiguration) -> String {
    (try? ProviderMetadata.documentURL(of: configuration.issuer))?.text ?? configuration.issuer.text
  }

  private static func judgeMetadata(
    _ metadata: ProviderMetadata, _ listening: Listening, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let checks = ConfigurationChecks.metadata(
      metadata, ProviderEvidence(listening.configuration, metadata))
    let witness = listening.configuration.witness
    // The login of a file went on, whatever the verdict.
    let failed = step.check(.login, checks, isOverruled: witness != nil)
    guard failed.isEmpty else { return step.fail(.login, .provider(.checksFailed(failed))) }
    if let witness {
      return WitnessStages.keys(
        witness, Discovered(listening: listening, metadata: metadata), &step)
    }
    guard let text = metadata.jwksURI, let url = try? WebURL(text) else {
      return step.fail(
        .login, .provider(.unreadable("The discovery document names no usable jwks_uri.")))
    }
    step.send(.login, .keys, jsonRequest(url), to: .authorizationServer)
    return .fetchingKeys(Discovered(listening: listening, metadata: metadata))
  }

  private static func readKeys(
    _ response: HTTPResponse, _ discovered: Discovered, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let keys: JSONWebKeySet
    let address = discovered.metadata.jwksURI ?? "jwks_uri"
    switch JSONAnswer.read(response, "The key set", at: address, nil) {
    case .failure(let fault):
      step.check(.login, AnswerChecks.unreadable(response, .keys))
      return step.fail(.login, .provider(fault))
    case .success(let json):
      step.check(.login, AnswerChecks.body(response, .keys))
      do throws(KeySetError) {
        keys = try JSONWebKeySet(json)
      } catch {
        return step.fail(
          .login, .provider(.unreadable("The key set cannot be used: \(error.explanation).")))
      }
    }
    let configuration = discovered.listening.configuration
    let witness = configuration.witness
    let failed = step.check(
      .login,
      [ConfigurationChecks.keys(keys)] + ProfileConnectionChecks.keys(keys, configuration),
      isOverruled: witness != nil)
    guard failed.isEmpty else { return step.fail(.login, .provider(.checksFailed(failed))) }
    if let witness {
      return WitnessStages.prepare(
        witness, discovered, keys, ProviderClock(response, at: step.now), &step)
    }
    return prepare(discovered, keys, ProviderClock(response, at: step.now), &step)
  }

  private static func prepare(
    _ discovered: Discovered, _ keys: JSONWebKeySet, _ clock: ProviderClock?,
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    let metadata = discovered.metadata
    if let why = ProofChecks.unlisted(discovered.listening.configuration, metadata) {
      step.note(.login, why, warns: true)
    }
    guard let text = metadata.authorizationEndpoint, let authorization = try? WebURL(text) else {
      return step.fail(
        .login,
        .provider(.unreadable("The discovery document names no usable authorization_endpoint.")))
    }
    let configuration = discovered.listening.configuration
    guard
      let text = metadata.endpoint("token_endpoint", withCertificate: configuration.usesAliases),
      let token = try? WebURL(text)
    else {
      return step.fail(
        .login, .provider(.unreadable("The discovery document names no usable token_endpoint.")))
    }
    let method = ConfigurationChecks.authentication(metadata, discovered.listening.configuration)
    step.end(.login)
    return .prepared(
      Prepared(
        listening: discovered.listening, metadata: metadata, keys: keys,
        authorizationEndpoint: authorization, tokenEndpoint: token, clientAuthentication: method,
        clock: clock))
  }
}
