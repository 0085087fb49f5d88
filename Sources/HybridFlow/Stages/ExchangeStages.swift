import OpenID

/// Stages 6, 7 and 8: the code is exchanged for tokens over the back channel.
///
/// OpenID Connect Core 1.0, sections 3.3.3 and 3.1.3.
enum ExchangeStages {
  static func signingExchange(
    _ signing: SigningExchange, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .signed(.tokenAssertion, let outcome) = event else { return nil }
    switch outcome {
    case .unusable(let why): return step.fail(.exchange, .environment(.signing(why)))
    case .token(let assertion):
      var request = signing.request
      request.take(assertion)
      return exchange(signing.trusted, request, &step)
    }
  }

  static func exchanging(
    _ exchanging: Exchanging, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .fetched(.token, let request, let response) = event {
      let answer = TokenAnswer.read(response)
      // A refusal belongs to stage 7; tokens belong to stage 8.
      let stage: Stage = if case .refused = answer { .verify } else { .tokens }
      step.received(
        stage, request, response, from: .authorizationServer, requestStage: .exchange)
      let sent = step.transcript[.exchange].messages.filter { $0.request != nil }.count
      let mistakes = exchanging.trusted.configuration.experiment.mistakes
      if mistakes.contains(.sendsCodeTwice), sent < 2 { return send(exchanging.trusted, &step) }
      step.end(.exchange)
      return .exchanged(
        Exchanged(trusted: exchanging.trusted, response: response, answer: answer))
    }
    if case .fetchFailed(.token, let failure) = event {
      return step.fail(.exchange, .environment(.transport(failure)))
    }
    return nil
  }

  static func exchanged(
    _ exchanged: Exchanged, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .advanced = event else { return nil }
    step.begin(.verify, observed: exchanged.trusted.configuration.observesTenant)
    guard exchanged.trusted.configuration.observesTenant else {
      return verify(exchanged, inferred(exchanged, step), &step)
    }
    step.effects.append(.readLedger)
    return .readingLedger(exchanged)
  }

  static func readingLedger(
    _ exchanged: Exchanged, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .ledgerRead(let checks) = event else { return nil }
    return verify(exchanged, checks, &step)
  }

  /// Ends a run that sent a wrong verifier on purpose.
  private static func endTry(_ check: Check, _ step: inout FlowStep) -> FlowMachine.State {
    guard step.check(.verify, [check]).isEmpty else {
      return step.fail(.verify, .provider(.checksFailed([check.id])))
    }
    step.note(.verify, check.why)
    step.end(.verify)
    for later in Stage.allCases where later > .verify {
      step.transcript[later].skippedBecause =
        "The tenant refused the wrong verifier, as it must: there are no tokens."
    }
    return step.finish(nil)
  }

  static func verified(
    _ exchanged: Exchanged, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .advanced = event else { return nil }
    return readTokens(exchanged, &step)
  }

  static func examiningTokens(
    _ received: TokensReceived, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .examined(let findings) = event else { return nil }
    return judge(received, findings, &step)
  }

  static func refetchingKeysAgain(
    _ received: TokensReceived, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard let keys = CallbackStage.refetched(event, insteadOf: received.keys, .tokens, &step)
    else { return nil }
    return examine(
      received.exchanged, received.response, keys, received.examination.token?.envelope,
      refetched: true, &step)
  }

  static func decryptingTokens(
    _ encrypted: TokensEncrypted, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .decrypted(.backIDToken, let outcome) = event else { return nil }
    var envelope = encrypted.envelope
    envelope.outcome = outcome
    step.open(.tokens, envelope)
    return examine(
      encrypted.exchanged, encrypted.response, encrypted.exchanged.trusted.keys, envelope,
      refetched: encrypted.exchanged.trusted.refetched, &step)
  }

  /// Stage 6: writes the token request and sends it, at once or when its assertion is signed.
  static func send(_ trusted: Trusted, _ step: inout FlowStep) -> FlowMachine.State {
    step.begin(.exchange)
    let draft = draft(trusted)
    let request = request(draft, trusted)
    step.transcript[.exchange].draft = draft
    if let code = request.fields["code"] {
      step.value(
        .exchange, "code", code, secret: true, .authorizationServer, .browser, .application)
    }
    if let verifier = request.fields["code_verifier"] {
      step.value(
        .exchange, "code_verifier", verifier, secret: true, .application, .authorizationServer)
    }
    let failed = step.check(
      .exchange,
      ExchangeChecks.all(
        trusted, fields: request.fields, endpoint: request.endpoint.text, step.transcript),
      isOverruled: trusted.edit?.goesAnyway == true)
    guard failed.isEmpty else { return step.fail(.exchange, .provider(.checksFailed(failed))) }
    guard request.lacksSignature(trusted.configuration) else {
      return exchange(trusted, request, &step)
    }
    guard let task = request.proof(.tokenAssertion, trusted.requested.prepared, at: step.now)
    else {
      return step.fail(.exchange, .environment(.signing(request.missingKey)))
    }
    step.check(.exchange, [AssertionChecks.audience(task, trusted.configuration)])
    step.effects.append(.sign(task))
    return .signingExchange(SigningExchange(trusted: trusted, request: request))
  }

  /// Sends the token request, once.
  private static func exchange(
    _ trusted: Trusted, _ request: TokenRequest, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.credentials(.exchange, request)
    let sent = request.httpRequest()
    step.send(.exchange, .token, sent, to: .authorizationServer)
    return .exchanging(Exchanging(trusted: trusted, request: sent))
  }

  private static func inferred(_ exchanged: Exchanged, _ step: FlowStep) -> [ServerCheck] {
    let sent = step.transcript[.exchange].values.last { $0.name == "code_verifier" }
    return ServerInference(exchanged, sentVerifier: sent?.value).checks
  }

  /// Stage 7: what the tenant verified, seen or inferred.
  private static func verify(
    _ exchanged: Exchanged, _ checks: [ServerCheck], _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.transcript[.verify].serverChecks = checks
    step.transcript[.verify].inferredChecks = inferred(exchanged, step)
    let requested = exchanged.trusted.requested
    if requested.configuration.triesWrongVerifier, requested.usesPKCE,
      let check = ExchangeChecks.enforcement(exchanged.answer)
    {
      return endTry(check, &step)
    }
    if case .refused(let error) = exchanged.answer {
      return step.fail(.verify, .provider(.refused(error)))
    }
    step.end(.verify)
    return .verified(exchanged)
  }

  /// Stage 8: reads the response.
  private static func readTokens(
    _ exchanged: Exchanged, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.begin(.tokens)
    switch exchanged.answer {
    case .refused(let error):
      return step.fail(.tokens, .provider(.refused(error)))
    case .unreadable(let reason):
      step.check(
        .tokens,
        [
          Check(
            .tokenResponseStatusJSON, .fail, expected: "200 and a JSON object",
            found: "HTTP \(exchanged.response.status)", why: reason)
        ] + AnswerChecks.unreadable(exchanged.response, .tokens))
      return step.fail(.tokens, .provider(.unreadable(reason)))
    case .tokens(let response):
      record(response, in: .tokens, &step)
      let envelope = response.idToken.flatMap {
        TokenEnvelope($0, exchanged.trusted.configuration)
      }
      if let envelope, let task = envelope.task(.backIDToken) {
        step.effects.append(.decrypt(task))
        return .decryptingTokens(
          TokensEncrypted(exchanged: exchanged, response: response, envelope: envelope))
      }
      return examine(
        exchanged, response, exchanged.trusted.keys, envelope,
        refetched: exchanged.trusted.refetched,
        &step)
    }
  }

  static func record(_ response: TokenResponse, in stage: Stage, _ step: inout FlowStep) {
    if let token = response.accessToken {
      step.value(stage, "access_token", token, secret: true, .authorizationServer, .application)
      step.token(stage, .accessToken, .back, token, expiresIn: response.expiresIn)
    }
    if let token = response.idToken {
      step.value(stage, "id_token", token, secret: true, .authorizationServer, .application)
      step.token(stage, .idToken, .back, token)
    }
    if let token = response.refreshToken {
      step.value(stage, "refresh_token", token, secret: true, .authorizationServer, .application)
      step.token(stage, .refreshToken, .back, token)
    }
  }

  private static func examine(
    _ exchanged: Exchanged, _ response: TokenResponse, _ keys: JSONWebKeySet,
    _ envelope: TokenEnvelope?, refetched: Bool, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let examination = BackExamination(
      response: response, trusted: exchanged.trusted, keys: keys, envelope: envelope)
    let received = TokensReceived(
      exchanged: exchanged, response: response, keys: keys, examination: examination,
      refetched: refetched)
    if !refetched, exchanged.trusted.configuration.witness == nil,
      examination.token?.newerKeysMayHelp == true,
      let url = CallbackStage.keysURL(exchanged.trusted.requested)
    {
      step.send(.tokens, .keysAgain, PreparationStages.jsonRequest(url), to: .authorizationServer)
      return .refetchingKeysAgain(received)
    }
    step.effects.append(.examine(examination.tasks))
    return .examiningTokens(received)
  }

  /// What keeps a token from being trusted where nothing stopped the run by itself.
  private static func unproven(_ checks: [Check]) -> [CheckID] {
    let failed = checks.filter { $0.verdict == .fail }.map(\.id)
    return failed.isEmpty ? [.backIDTokenPresent] : failed
  }

  /// Ends what is told of a login whose ID token only the other application can open.
  private static func endSealed(_ step: inout FlowStep) -> FlowMachine.State {
    step.end(.tokens)
    for later in Stage.allCases where later > .tokens {
      step.transcript[later].skippedBecause =
        "The ID token is encrypted, and not judged without the key: what follows needs its claims."
    }
    return step.finish(nil)
  }

  private static func judge(
    _ received: TokensReceived, _ findings: [CryptoFinding], _ step: inout FlowStep
  ) -> FlowMachine.State {
    let trusted = received.exchanged.trusted
    let verdict = received.examination.judge(
      findings, response: received.response, http: received.exchanged.response, trusted: trusted,
      now: step.now)
    let isWatched = step.transcript.witness == .tenant
    let security = step.transcript[.exchange].messages.last { $0.request != nil }?.request?.security
    let certificate = CertificateChecks.accessToken(
      received.response.accessToken, security, trusted.requested.prepared)
    let connections = ProfileConnectionChecks.connections(
      [Stage.login, .authorize, .exchange].flatMap { step.transcript[$0].messages },
      trusted.configuration)
    let failed = step.check(
      .tokens, verdict.checks + certificate + connections, isOverruled: isWatched)
    let off = trusted.configuration.experiment.checksOff
    // An application that does not require a second ID token continues with the first.
    let spare = isWatched || off.contains(.backIDTokenPresent) ? trusted.frontToken : nil
    if failed.isEmpty, spare == nil, received.examination.token?.envelope?.isSealed == true {
      return endSealed(&step)
    }
    guard failed.isEmpty, let idToken = verdict.token ?? spare,
      let access = received.response.accessToken
    else {
      return step.fail(
        .tokens,
        .provider(.checksFailed(failed.isEmpty ? unproven(verdict.checks) : failed)))
    }
    if isWatched { step.note(.tokens, WatchStages.comparisonUnseen) }
    step.end(.tokens)
    return .authorized(
      Authorized(
        trusted: trusted, idToken: idToken, accessToken: access,
        refreshToken: received.response.refreshToken, keys: received.keys,
        isBound: trusted.configuration.proofKey != nil
          && ProofChecks.isBound(received.response.tokenType)))
  }
}
