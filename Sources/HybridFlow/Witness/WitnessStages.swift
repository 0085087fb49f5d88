import OpenID

/// The stages of a login that a file tells: see ``Witness``.
enum WitnessStages {
  /// Why a stage after the answer is skipped: it is not in the file.
  private static let notSeen =
    "Not seen in this file. An application on a server asks the provider directly, and the browser "
    + "does not see that."

  /// Stage 1, after ``FlowEvent/started(_:_:)``.
  static func begin(
    _ witness: Witness, _ listening: Listening, _ step: inout FlowStep
  ) -> FlowMachine.State {
    // The click on Login is seen when the application's redirect is in the file.
    step.transcript[.login].observed = witness.hasMetadata
    if witness.source == .tenant { step.note(.login, WatchStages.documentsUnseen) }
    guard !witness.hasMetadata else { return .fetchingMetadata(listening) }
    step.note(
      .login,
      "The discovery document is not in this file, so the issuer and its promises are not known.")
    guard let metadata = witness.metadata else {
      return step.fail(.login, .provider(.unreadable("The file names no authorization endpoint.")))
    }
    return keys(witness, Discovered(listening: listening, metadata: metadata), &step)
  }

  /// Stage 1, when the metadata are known or are not in the file.
  static func keys(
    _ witness: Witness, _ discovered: Discovered, _ step: inout FlowStep
  ) -> FlowMachine.State {
    guard witness.hasKeys else {
      step.note(
        .login, "No keys of the provider are in this file, so no signature can be verified.",
        warns: true)
      return prepare(witness, discovered, JSONWebKeySet(keys: []), nil, &step)
    }
    return .fetchingKeys(discovered)
  }

  /// The end of stage 1.
  static func prepare(
    _ witness: Witness, _ discovered: Discovered, _ keys: JSONWebKeySet, _ clock: ProviderClock?,
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    let token = discovered.metadata.tokenEndpoint.flatMap { try? WebURL($0) }
    step.end(.login)
    return .prepared(
      Prepared(
        listening: discovered.listening, metadata: discovered.metadata, keys: keys,
        authorizationEndpoint: witness.endpoint, tokenEndpoint: token ?? witness.endpoint,
        clientAuthentication: .none, clock: clock))
  }

  /// Stage 2: the request as it was sent, judged by the rules of every request.
  static func write(
    _ witness: Witness, _ prepared: Prepared, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.begin(.authorize)
    let request = AuthorizationRequest(endpoint: witness.endpoint, parameters: witness.parameters)
    step.transcript[.authorize].draft = RequestDraft(
      kind: .authorization, endpoint: witness.endpoint, made: witness.parameters,
      redirectURI: prepared.listening.redirectURI.text, challenge: [],
      isWrapped: witness.isReference, edit: nil)
    let known: Known<[FormField]> =
      witness.isReference ? .unknown("are not in this file") : .known(witness.parameters)
    // It was sent, whatever the verdict.
    step.check(.authorize, RequestChecks.all(known, .reader), isOverruled: true)
    for name in ["state", "nonce", "code_challenge"] {
      guard let value = witness.parameters[name] else { continue }
      // The browser never sees pushed parameters.
      if witness.isPushed {
        step.value(.authorize, name, value, .application, .authorizationServer)
      } else {
        step.value(.authorize, name, value, .application, .browser, .authorizationServer)
      }
    }
    guard let url = try? request.url() else {
      return step.fail(
        .authorize, .provider(.unreadable("The authorization URL is longer than any server reads."))
      )
    }
    if witness.source == .tenant {
      if witness.isPushed { step.note(.authorize, WatchStages.pushedSeen) }
      step.note(.authorize, WatchStages.redirectUnseen)
    }
    step.end(.authorize)
    return .requested(Requested(prepared: prepared, request: request, url: url))
  }

  /// Stage 5 is done: what follows is in the file, or is not.
  static func trusted(
    _ trusted: Trusted, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .witnessed(let exchange) = event {
      record(exchange, &step)
      guard exchange.response.status >= 400 else {
        step.end(.callback)
        return .trusted(trusted)
      }
      return step.fail(
        .callback,
        .application(
          .refusedAnswer(
            status: exchange.response.status, lostCookies: exchange.lostCookies)))
    }
    if case .fetched(.token, let request, let response) = event {
      step.end(.callback)
      return exchange(trusted, request, response, &step)
    }
    guard case .advanced = event else { return nil }
    step.end(.callback)
    skip(from: .exchange, &step)
    return step.finish(nil)
  }

  /// Skips this stage and all later ones: nobody saw them.
  private static func skip(from stage: Stage, _ step: inout FlowStep) {
    let why: String =
      switch step.transcript.witness {
      case .tenant: WatchStages.notDone(stage)
      case .file, nil: notSeen
      }
    for later in Stage.allCases where later >= stage {
      step.transcript[later].skippedBecause = why
    }
  }

  /// Stage 6: a token request that was seen.
  private static func exchange(
    _ trusted: Trusted, _ request: HTTPRequest, _ response: HTTPResponse, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    step.begin(.exchange)
    let fields = (try? FormEncoding.decode(request.body)) ?? []
    if let code = fields["code"] {
      step.value(
        .exchange, "code", code, secret: true, .authorizationServer, .browser, .application)
    }
    if step.transcript.witness == .tenant { WatchStages.authentication(request, fields, &step) }
    if let verifier = fields["code_verifier"] {
      step.value(
        .exchange, "code_verifier", verifier, secret: true, .application, .authorizationServer)
    }
    let endpoint = request.url.map { String($0.text.before(anyOf: "?#")) } ?? request.target
    var checks = ExchangeChecks.all(
      trusted, fields: fields, endpoint: endpoint, step.transcript)
    if trusted.requested.prepared.metadata.tokenEndpoint == nil {
      checks = checks.map { check in
        check.id == .issuerBoundEndpoint
          ? .undecided(
            .issuerBoundEndpoint, found: endpoint, "the issuer\u{2019}s token endpoint",
            "is not in this file") : check
      }
    }
    step.check(.exchange, checks, isOverruled: true)
    return ExchangeStages.exchanging(
      Exchanging(trusted: trusted, request: request), .fetched(.token, request, response), &step)
  }

  /// Stage 9: the call that is in the file, or the end.
  static func call(
    _ witness: Witness, _ authorized: Authorized, _ step: inout FlowStep
  ) -> FlowMachine.State {
    guard let purpose = witness.call else {
      skip(from: .api, &step)
      return step.finish(nil)
    }
    return call(purpose, authorized, &step)
  }

  /// Stage 9: the call that was seen.
  static func call(
    _ purpose: FetchPurpose, _ authorized: Authorized, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.begin(.api)
    step.value(
      .api, "access_token", authorized.usedAccessToken, secret: true, .authorizationServer,
      .application, .api)
    return .calling(
      Calling(authorized: authorized, waiting: purpose, remaining: [], answers: []))
  }

  /// Records what the application and the browser said to each other.
  ///
  /// The click on Login stands in stage 1, the redirect that follows in stage 2; the answer's own
  /// request was recorded when it arrived.
  static func record(_ exchange: WitnessedExchange, _ step: inout FlowStep) {
    let isAnswered = step.transcript[.callback].startedAt != nil
    let (request, response) = (exchange.request, exchange.response)
    let url = request.url?.text ?? request.target
    if !isAnswered {
      step.transcript[.login].observed = true
      step.message(
        .login, from: .browser, to: .application, .filed, .request(request),
        method: request.method, url: url)
    }
    step.message(
      isAnswered ? .callback : .authorize, from: .application, to: .browser, .filed,
      .response(response), method: request.method, url: url)
  }
}
