import OpenID

/// Stages 6, 7 and 8: the code for tokens, past the browser.
///
/// OpenID Connect Core 1.0, sections 3.3.3 and 3.1.3.
enum ExchangeStages {
  static func transition(
    from state: FlowMachine.State, on event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State {
    switch (state, event) {
    case (.signingExchange(var signing), .signed(.tokenAssertion, let outcome)):
      switch outcome {
      case .unusable(let why): return step.fail(.exchange, .environment(.signing(why)))
      case .token(let assertion):
        signing.request.assertion = assertion
        return exchange(signing.trusted, signing.request, &step)
      }
    case (.exchanging(let exchanging), .fetched(.token, let request, let response)):
      let answer = TokenAnswer.read(response)
      // A refusal is the outcome of stage 7; tokens are what stage 8 brings.
      let stage: Stage = if case .refused = answer { .verify } else { .tokens }
      step.received(
        stage, request, response, from: .authorizationServer, requestStage: .exchange)
      let sent = step.transcript[.exchange].messages.filter { $0.request != nil }.count
      let mistakes = exchanging.trusted.configuration.experiment.mistakes
      if mistakes.contains(.sendsCodeTwice), sent < 2 { return send(exchanging.trusted, &step) }
      step.end(.exchange)
      return .exchanged(
        Exchanged(trusted: exchanging.trusted, response: response, answer: answer))
    case (.exchanging, .fetchFailed(.token, let failure)):
      return step.fail(.exchange, .environment(.transport(failure)))
    case (.exchanged(let exchanged), .advanced):
      step.begin(.verify, observed: exchanged.trusted.configuration.observesTenant)
      guard exchanged.trusted.configuration.observesTenant else {
        return verify(exchanged, ServerInference.checks(exchanged), &step)
      }
      step.effects.append(.readLedger)
      return .readingLedger(exchanged)
    case (.readingLedger(let exchanged), .ledgerRead(let checks)):
      return verify(exchanged, checks, &step)
    case (.verified(let exchanged), .advanced):
      return readTokens(exchanged, &step)
    case (.examiningTokens(let received), .examined(let findings)):
      return judge(received, findings, &step)
    case (.refetchingKeysAgain(let received), .fetched(.keysAgain, let request, let response)):
      step.received(.tokens, request, response, from: .authorizationServer)
      let keys = JSONWebKeySet.read(response)
      if keys == nil { step.note(.tokens, "The keys, fetched once more, could not be read.") }
      return examine(
        received.exchanged, received.response, keys ?? received.keys, refetched: true, &step)
    case (.refetchingKeysAgain(let received), .fetchFailed(.keysAgain, let failure)):
      step.note(.tokens, "The keys could not be fetched once more: \(failure.message)")
      return examine(
        received.exchanged, received.response, received.keys, refetched: true, &step)
    case (_, .started), (_, .advanced), (_, .abandoned), (_, .browserRequested),
      (_, .listenerReady), (_, .listenerFailed), (_, .fetched), (_, .fetchFailed),
      (_, .browserOpened), (_, .browserExchanged), (_, .pageArrived), (_, .pageFailed),
      (_, .formFilled), (_, .callbackArrived), (_, .examined), (_, .signed), (_, .ledgerRead),
      (_, .clockAdvanced), (_, .requestEdited), (_, .exchangeEdited), (_, .actionRequested),
      (_, .loggedOut), (_, .answerPasted), (_, .answerMisplaced), (_, .exchangeRequested),
      (_, .straysCounted), (_, .requestRefused):
      return step.late(event, staying: state)
    }
  }

  /// Stage 6: writes the token request; sends it at once, or as soon as the assertion is signed.
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
    guard request.method == .privateKeyJWT else { return exchange(trusted, request, &step) }
    guard
      let task = ClientAssertion.task(
        .tokenAssertion, trusted.requested.prepared, at: step.now)
    else {
      return step.fail(.exchange, .environment(.signing(ClientAssertion.missingKey)))
    }
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

  /// Stage 7: what the tenant verified, seen or inferred.
  private static func verify(
    _ exchanged: Exchanged, _ checks: [ServerCheck], _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.transcript[.verify].serverChecks = checks
    step.transcript[.verify].inferredChecks = ServerInference.checks(exchanged)
    if case .refused(let error) = exchanged.answer {
      return step.fail(.verify, .provider(.refused(error)))
    }
    step.end(.verify)
    return .verified(exchanged)
  }

  /// Stage 8: reads the answer.
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
      return examine(
        exchanged, response, exchanged.trusted.keys, refetched: exchanged.trusted.refetched,
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
    _ exchanged: Exchanged, _ response: TokenResponse, _ keys: JSONWebKeySet, refetched: Bool,
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    let examination = BackExamination(
      response: response, trusted: exchanged.trusted, keys: keys)
    let received = TokensReceived(
      exchanged: exchanged, response: response, keys: keys, examination: examination,
      refetched: refetched)
    if !refetched, examination.token?.newerKeysMayHelp == true,
      let url = CallbackStage.keysURL(exchanged.trusted.requested)
    {
      step.send(.tokens, .keysAgain, PreparationStages.jsonRequest(url), to: .authorizationServer)
      return .refetchingKeysAgain(received)
    }
    step.effects.append(.examine(examination.tasks))
    return .examiningTokens(received)
  }

  private static func judge(
    _ received: TokensReceived, _ findings: [CryptoFinding], _ step: inout FlowStep
  ) -> FlowMachine.State {
    let trusted = received.exchanged.trusted
    let verdict = received.examination.judge(
      findings, response: received.response, http: received.exchanged.response, trusted: trusted,
      now: step.now)
    let failed = step.check(.tokens, verdict.checks)
    let off = trusted.configuration.experiment.checksOff
    // Who does not insist on a second ID token goes on with the first.
    let spare = off.contains(.backIDTokenPresent) ? trusted.frontToken : nil
    guard failed.isEmpty, let idToken = verdict.token ?? spare,
      let access = received.response.accessToken
    else {
      return step.fail(
        .tokens, .provider(.checksFailed(failed.isEmpty ? [.backIDTokenPresent] : failed)))
    }
    step.end(.tokens)
    return .authorized(
      Authorized(
        trusted: trusted, idToken: idToken, accessToken: access,
        refreshToken: received.response.refreshToken, keys: received.keys))
  }
}

/// What stage 7 must have looked like at a tenant that cannot be seen, read off its answer.
enum ServerInference {
  static func checks(_ exchanged: Exchanged) -> [ServerCheck] {
    let usesPKCE = exchanged.trusted.requested.usesPKCE
    let isPublic = exchanged.trusted.requested.prepared.clientAuthentication == .none
    let client: Bool?
    let grant: Bool?
    let from: String
    switch exchanged.answer {
    case .tokens:
      (client, grant) = (true, true)
      from = "inferred: it issued tokens"
    case .refused(let error):
      from = "inferred from \(error.code)"
      switch error.code {
      case "invalid_client": (client, grant) = (false, nil)
      case "invalid_grant": (client, grant) = (true, nil)
      case "unauthorized_client": (client, grant) = (nil, nil)
      default: (client, grant) = (nil, nil)
      }
    case .unreadable:
      (client, grant) = (nil, nil)
      from = "the answer cannot be read"
    }
    var rows: [(String, String, Bool?, SpecReference)] = [
      (
        "client-authenticated",
        isPublic ? "the client is known" : "the client is known and proved who it is", client,
        .rfc(6749, "3.2.1")
      ),
      ("code-known", "the code was issued here and has not expired", grant, .rfc(6749, "4.1.3")),
      ("code-unused", "the code was not used before", grant, .rfc(6749, "4.1.2")),
      ("code-client", "the code was issued to this client", grant, .rfc(6749, "4.1.3")),
      ("redirect-uri", "redirect_uri is the one of the request", grant, .rfc(6749, "4.1.3")),
    ]
    if usesPKCE {
      rows.append(("pkce", "the verifier fits the code challenge", grant, .rfc(7636, "4.6")))
    }
    return rows.map {
      ServerCheck(
        id: $0.0, what: $0.1, detail: from, passed: $0.2, spec: $0.3, observed: false)
    }
  }
}
