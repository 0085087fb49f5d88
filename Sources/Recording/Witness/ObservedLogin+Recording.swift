import HybridFlow
import OpenID

extension ObservedLogin {
  /// The parameters that have a property of their own in a configuration.
  private static let usual: Set<String> = [
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "audience", "state",
    "nonce", "code_challenge", "code_challenge_method", "max_age",
  ]

  /// The run of the login so far.
  public func recording() -> Recording {
    var run = WitnessRun()
    let configuration = configuration
    build(&run, configuration)
    var header = RecordingHeader(
      configuration, at: at, keepsSecrets: true, title: "login \(number) of \(title)")
    header.run.append(("from", Recording.watched))
    return Recording(header: header, events: run.events, verdicts: [])
  }

  private var title: String { HarmlessText.line(parameters["client_id"] ?? "nobody") }

  /// What is known of the run before it begins.
  private var configuration: FlowConfiguration {
    let sent = parameters
    let redirect = sent["redirect_uri"].flatMap { try? WebURL($0) }
    var configuration = FlowConfiguration(
      issuer: server.issuer, clientID: sent["client_id"] ?? "", clientSecret: nil,
      redirectURI: redirect ?? server.issuer, responseType: responseType)
    configuration.responseMode =
      sent["response_mode"].flatMap { ResponseMode(rawValue: $0) }
      ?? (sent["response_type"] == "code" ? .query : .fragment)
    configuration.scope = (sent["scope"] ?? "").split(at: " ").map(String.init)
    configuration.audience = sent["audience"]
    configuration.maxAgeSeconds = sent["max_age"].flatMap { Int64($0) }
    configuration.extraParameters = sent.filter { !Self.usual.contains($0.name) }
    configuration.usesPKCE = sent["code_challenge"] != nil
    configuration.idTokenAlgorithm = server.idTokenAlgorithm
    configuration.observesTenant = true
    configuration.tampering = server.tampering
    let address = exchanges[0].request.url.map { String($0.text.before(anyOf: "?#")) }
    var witness = Witness(
      endpoint: address.flatMap { try? WebURL($0) } ?? server.issuer, parameters: sent)
    witness.source = .tenant
    witness.isPushed = pushed != nil
    // An object that is encrypted is not read here.
    witness.isReference = sent["response_type"] == nil && sent["request"] != nil
    witness.hasMetadata = server.metadata != nil
    witness.hasKeys = server.keys != nil
    configuration.witness = witness
    return configuration
  }

  private var responseType: ResponseType {
    ResponseType(words: parameters["response_type"] ?? "")
      ?? (parameters["response_type"]?.holds("id_token") == true ? .codeIDToken : .codeToken)
  }

  private func build(_ run: inout WitnessRun, _ configuration: FlowConfiguration) {
    run.begin(
      configuration, verifier: nil, metadata: server.metadata?.drawn(at),
      keys: server.keys?.drawn(at), at: at)
    for _ in 0..<2 { run.post(.advanced, at: at) }
    if let pushed { run.fetched(.pushedRequest, pushed) }
    for (index, exchange) in exchanges.enumerated() {
      switch exchange.route {
      case .browser: walk(exchange, isFirst: index == 0, &run, configuration)
      case .application(let purpose): take(purpose, exchange, &run)
      }
    }
    if isOver { end(&run, at: exchanges.last?.at ?? at) }
  }

  private func walk(
    _ exchange: SeenExchange, isFirst: Bool, _ run: inout WitnessRun,
    _ configuration: FlowConfiguration
  ) {
    guard case .browserAway = run.situation else { return }
    run.walk(exchange, isFirst: isFirst)
    if let answer = DepartingAnswer(
      exchange.response, from: exchange.request.url, to: configuration.redirectURI)
    {
      run.arrive(answer.request, at: exchange.at)
    } else if isFirst, exchange.response.status >= 400,
      let text = PageRefusal.text(
        exchange.response.status, exchange.response.body, exchange.request.url)
    {
      run.post(
        .authorizeRefused(
          OAuthError(
            endpoint: .page, code: "", description: text.isEmpty ? nil : text,
            status: exchange.response.status)), at: exchange.at)
    }
  }

  private func take(
    _ purpose: FetchPurpose, _ exchange: SeenExchange, _ run: inout WitnessRun
  ) {
    switch (run.situation, purpose) {
    case (.ready(next: .exchange), .token): run.redeem(exchange)
    case (.ready(next: .api), .userinfo), (.ready(next: .api), .api):
      run.fetched(purpose, exchange)
      run.post(.advanced, at: exchange.at)
    default:
      run.fetched(purpose, exchange)
      let failed = exchange.serverChecks.filter { $0.passed == false }
      if purpose == .token, !failed.isEmpty { run.post(.ledgerRead(failed), at: exchange.at) }
    }
  }

  /// Tells what was not done.
  private func end(_ run: inout WitnessRun, at: UnixTime) {
    switch run.situation {
    case .browserAway: run.post(.abandoned, at: at)
    case .ready: run.post(.advanced, at: at)
    case .idle, .busy, .pageShown, .finished, .failed: break
    }
  }
}

extension SeenExchange {
  /// The same at another time: nobody sent it then.
  func drawn(_ at: UnixTime) -> SeenExchange {
    var drawn = self
    drawn.at = at
    return drawn
  }
}
