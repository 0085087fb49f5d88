import OpenID

/// Stage 5: the authorization response arrives, and nothing in it is trusted before it is checked.
///
/// OpenID Connect Core 1.0, section 3.3.2.8: state, parameters, ID token, `c_hash`, `at_hash`.
enum CallbackStage {
  static func examiningAnswer(
    _ received: AnswerReceived, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .examined(let findings) = event else { return nil }
    return judge(received, findings, &step)
  }

  static func refetchingKeys(
    _ received: AnswerReceived, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard let keys = refetched(event, insteadOf: received.keys, .callback, &step) else {
      return nil
    }
    return examine(
      received.number, received.answer, received.requested, keys,
      received.examination.token?.envelope, refetched: true, &step)
  }

  static func decryptingAnswer(
    _ encrypted: AnswerEncrypted, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .decrypted(.frontIDToken, let outcome) = event else { return nil }
    var envelope = encrypted.envelope
    envelope.outcome = outcome
    step.open(.callback, envelope)
    return examine(
      encrypted.number, encrypted.answer, encrypted.requested, encrypted.requested.prepared.keys,
      envelope, refetched: false, &step)
  }

  static func trusted(
    _ trusted: Trusted, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if trusted.configuration.witness != nil { return WitnessStages.trusted(trusted, event, &step) }
    if case .advanced = event { return ExchangeStages.send(trusted, &step) }
    if case .exchangeEdited(let edit) = event {
      return ExchangeStages.change(trusted, edit, &step)
    }
    return nil
  }

  /// The newly fetched keys, or the old ones if that failed; nil for any other event.
  static func refetched(
    _ event: FlowEvent, insteadOf former: JSONWebKeySet, _ stage: Stage, _ step: inout FlowStep
  ) -> JSONWebKeySet? {
    if case .fetched(.keysAgain, let request, let response) = event {
      step.received(stage, request, response, from: .authorizationServer)
      let keys = JSONWebKeySet.read(response)
      if keys == nil { step.note(stage, "The keys, fetched once more, could not be read.") }
      return keys ?? former
    }
    if case .fetchFailed(.keysAgain, let failure) = event {
      step.note(stage, "The keys could not be fetched once more: \(failure.message)")
      return former
    }
    return nil
  }

  /// Takes a request at the redirect URI, if it is an authorization response at all.
  static func receive(
    _ number: CallbackNumber, _ request: HTTPRequest, _ requested: Requested,
    staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let answer = AuthorizationResponse(request, at: step.now)
    // Whoever saw the login tells which request brought the answer; nothing else will come.
    if requested.configuration.witness != nil {
      return take(number, answer, .filed, requested, &step)
    }
    if request.method != "POST" || answer.carrier == .fragment && answer.isEmpty {
      // Link scanners and restored tabs fetch addresses: a GET counts only with this run's state.
      guard
        answer.isSealed
          || answer.apparentState?.isIdentical(to: requested.sent("state") ?? "") == true
      else {
        // An error is not ignored: it may be all that the tenant ever sends.
        if answer.error != nil {
          if (requested.sent("state") ?? "").isEmpty {
            return take(number, answer, .received, requested, &step)
          }
          return RefusedAnswers.refuse(number, request, answer, requested, staying: state, &step)
        }
        ignore(number, answer, requested, &step)
        return state
      }
    }
    if RefusedAnswers.refuses(request, answer, requested, in: state) {
      return RefusedAnswers.refuse(number, request, answer, requested, staying: state, &step)
    }
    return take(number, answer, .received, requested, &step)
  }

  /// Answers a request that brings no answer to this run, or keeps it behind the `#`.
  private static func ignore(
    _ number: CallbackNumber, _ answer: AuthorizationResponse, _ requested: Requested,
    _ step: inout FlowStep
  ) {
    let method = answer.request.method
    let isAwaited = answer.isEmpty && requested.askedMode?.carrier == .fragment && method == "GET"
    let text =
      isAwaited
      ? "The browser came to the redirect URI. What stands behind the # it keeps to itself: the "
        + "page there reads it and hands it over."
      : answer.isEmpty
        ? "A \(method) came to the redirect URI with nothing in it. If that was the "
          + "tenant\u{2019}s answer, it stands behind the #, which no server sees: the page looks."
        : "A \(method) came to the redirect URI without our state. It was ignored."
    step.stray(
      StrayRequests(.ignored), step.newestStage, text, warns: !isAwaited, isEmpty: answer.isEmpty)
    step.effects.append(
      .answerCallback(
        number,
        answer.isEmpty && method == "GET"
          ? .relayFragment(
            takesEverything: requested.askedMode?.carrier == .fragment,
            page: requested.configuration.callbackPage) : .notExpected))
  }

  /// Takes a response that the person pasted, as if the browser had brought it.
  static func receive(
    _ pasted: PastedAnswer, _ requested: Requested, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let request = pasted.request(to: requested.prepared.listening.redirectURI)
    let state = take(
      nil,
      AuthorizationResponse(
        request, at: step.now, tellsCarrier: pasted.carrier != .body || pasted.address != nil),
      .pasted, requested, &step)
    step.note(.callback, "The person pasted this answer: \(pasted.source). Nobody saw it travel.")
    if let elsewhere = pasted.misdirection(from: requested.prepared.listening.redirectURI) {
      step.note(.callback, elsewhere)
    }
    return state
  }

  private static func take(
    _ number: CallbackNumber?, _ answer: AuthorizationResponse, _ evidence: Message.Evidence,
    _ requested: Requested, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let request = answer.request
    for earlier in [Stage.prompt, .authenticate] {
      let isFiled =
        requested.configuration.witness != nil && !step.transcript[earlier].messages.isEmpty
      step.begin(earlier, observed: requested.configuration.observesTenant || isFiled)
      step.end(earlier)
    }
    step.begin(.callback)
    step.message(
      .callback, from: .browser, to: .application, evidence, .request(request),
      method: request.method, url: callbackURL(request, requested))
    if ResponseJWTStage.takes(answer, requested),
      let state = ResponseJWTStage.receive(number, answer, requested, &step)
    {
      return state
    }
    return open(
      number, answer, requested, requested.prepared.keys, refetched: false, &step)
  }

  /// Records what arrived, and opens its ID token if that is encrypted.
  static func open(
    _ number: CallbackNumber?, _ answer: AuthorizationResponse, _ requested: Requested,
    _ keys: JSONWebKeySet, refetched: Bool, _ step: inout FlowStep
  ) -> FlowMachine.State {
    record(answer, requested, &step)
    let envelope = answer["id_token"].flatMap { TokenEnvelope($0, requested.configuration) }
    if let envelope, let task = envelope.task(.frontIDToken) {
      step.effects.append(.decrypt(task))
      return .decryptingAnswer(
        AnswerEncrypted(requested: requested, number: number, answer: answer, envelope: envelope))
    }
    return examine(number, answer, requested, keys, envelope, refetched: refetched, &step)
  }

  static func callbackURL(_ request: HTTPRequest, _ requested: Requested) -> String {
    requested.prepared.listening.redirectURI.origin + request.target
  }

  /// Records what arrived, before any check.
  private static func record(
    _ answer: AuthorizationResponse, _ requested: Requested, _ step: inout FlowStep
  ) {
    let expiresIn = answer["expires_in"].flatMap { Int64($0) }
    if let code = answer["code"] {
      step.value(
        .callback, "code", code, secret: true, .authorizationServer, .browser, .application)
    }
    if let token = answer["id_token"] {
      step.value(
        .callback, "id_token", token, secret: true, .authorizationServer, .browser, .application)
      step.token(.callback, .idToken, .front, token)
    }
    if let token = answer["access_token"] {
      step.value(
        .callback, "access_token", token, secret: true, .authorizationServer, .browser,
        .application)
      step.token(.callback, .accessToken, .front, token, expiresIn: expiresIn)
    }
    if let token = answer["refresh_token"] {
      step.value(
        .callback, "refresh_token", token, secret: true, .authorizationServer, .browser,
        .application)
    }
    for name in ["state", "iss"] {
      guard let value = answer[name] else { continue }
      step.value(.callback, name, value, .authorizationServer, .browser, .application)
    }
  }

  private static func examine(
    _ number: CallbackNumber?, _ answer: AuthorizationResponse, _ requested: Requested,
    _ keys: JSONWebKeySet, _ envelope: TokenEnvelope?, refetched: Bool, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let examination = FrontExamination(
      answer: answer, requested: requested, keys: keys, envelope: envelope)
    let received = AnswerReceived(
      requested: requested, number: number, answer: answer, keys: keys, examination: examination,
      refetched: refetched)
    // Nothing is fetched for a response of another run: its unknown `kid` may be an attack.
    let isOurs = (answer["state"] ?? "").isIdentical(to: requested.sent("state") ?? "")
    if !refetched, isOurs, requested.configuration.witness == nil, let token = examination.token,
      token.newerKeysMayHelp,
      let url = keysURL(requested)
    {
      step.send(
        .callback, .keysAgain, PreparationStages.jsonRequest(url), to: .authorizationServer)
      return .refetchingKeys(received)
    }
    step.effects.append(.examine(examination.tasks))
    return .examiningAnswer(received)
  }

  static func keysURL(_ requested: Requested) -> WebURL? {
    requested.prepared.metadata.jwksURI.flatMap { try? WebURL($0) }
  }

  private static func judge(
    _ received: AnswerReceived, _ findings: [CryptoFinding], _ step: inout FlowStep
  ) -> FlowMachine.State {
    let verdict = received.examination.judge(
      findings, answer: received.answer, requested: received.requested, now: step.now)
    let cookie =
      received.answer.error == nil
      ? step.cookieChecks(
        received.answer.request, value: received.requested.prepared.secrets.session.reveal(),
        isPasted: received.number == nil) : []
    let isWatched = step.transcript.witness == .tenant
    // Another application decides itself what it makes of the answer: the login goes on.
    let failed = step.check(
      .callback,
      verdict.checks + cookie + CertificateChecks.front(received),
      isOverruled: isWatched)
    let code = received.answer["code"]
    if failed.isEmpty, let error = received.answer.error {
      step.answer(
        received.number, .refused(error.code == "access_denied" ? .declined : .error))
      if received.requested.configuration.readsRefusals { step.effects.append(.readRefusal) }
      return step.fail(.callback, RefusedAnswers.failure(error))
    }
    let configuration = received.requested.configuration
    if !failed.isEmpty, let code, configuration.experiment.mistakes.contains(.exchangesAnyway) {
      step.answer(received.number, .accepted)
      step.end(.callback)
      return trust(received, code, verdict.token, &step)
    }
    if isWatched, let code {
      WatchStages.endCallback(verdict.checks, &step)
      return trust(received, code, verdict.token, &step)
    }
    let asked = received.requested.asked
    // What another application could open, and this program cannot, is no flaw of its login.
    let isSealed = received.examination.token?.envelope?.isSealed == true
    let isProven = verdict.token != nil || !asked.hasIDToken || isSealed
    if failed.isEmpty, isProven || isWatched, code == nil, !asked.hasCode {
      return finishWithoutCode(received, verdict.token, &step)
    }
    guard failed.isEmpty, isProven, let code else {
      return refuse(received, failed, verdict.checks, &step)
    }
    step.answer(received.number, .accepted)
    // A file may still tell how another application answered.
    if configuration.witness == nil { step.end(.callback) }
    if configuration.signOnOnly {
      guard let token = verdict.token else {
        step.note(
          .callback,
          "This response type brings no ID token through the browser, so nobody is signed on yet: "
            + "the run goes on to the token endpoint.")
        return trust(received, code, verdict.token, &step)
      }
      for later in Stage.allCases where later > .callback {
        step.transcript[later].skippedBecause =
          "The application only signs people in: the first ID token is all it needs."
      }
      return step.finish(Afterwards(received.requested, signedOn: token))
    }
    return trust(received, code, verdict.token, &step)
  }

  /// Ends the run at an answer that is not believed.
  private static func refuse(
    _ received: AnswerReceived, _ failed: [CheckID], _ checks: [Check], _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.answer(received.number, .refused(refusal(failed)))
    // What an error says comes before how it came, unless the lab has changed it.
    if let error = received.answer.error, failed.allSatisfy(RefusedAnswers.isAboutCarriage),
      received.requested.configuration.experiment.tampering == nil
        || failed.allSatisfy({ $0 == .callbackMethod })
    {
      return step.fail(.callback, RefusedAnswers.failure(error))
    }
    return step.fail(
      .callback, .provider(.checksFailed(failed.isEmpty ? unproven(checks) : failed)))
  }

  /// Ends the run when the person edited the request to a response type without `code`.
  private static func finishWithoutCode(
    _ received: AnswerReceived, _ token: VerifiedIDToken?, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.answer(received.number, .accepted)
    step.end(.callback)
    for later in Stage.allCases where later > .callback {
      step.transcript[later].skippedBecause =
        "The request asked for no code, so there is nothing to exchange."
    }
    return step.finish(token.map { Afterwards(received.requested, signedOn: $0) })
  }

  /// How an answer was delivered: in a run, or as a file tells it.
  static func delivery(_ answer: AuthorizationResponse, _ requested: Requested) -> [Check] {
    let evidence = AnswerEvidence(answer, requested)
    return requested.configuration.witness.map { CallbackChecks.delivery(answer, evidence, $0) }
      ?? CallbackChecks.delivery(answer, evidence)
  }

  /// What the browser is told about failed checks.
  static func refusal(_ failed: [CheckID]) -> CallbackRefusal {
    if failed.contains(.stateMatch) || failed.contains(.jarmState) { return .foreign }
    return failed.contains(.callbackMethod) ? .notPosted : .checks
  }

  /// Which checks to name when no check stops the run but there is no verified token.
  private static func unproven(_ checks: [Check]) -> [CheckID] {
    let broken = checks.filter { $0.verdict == .fail }.map(\.id)
    return broken.isEmpty ? [.idTokenSignature] : broken
  }

  private static func trust(
    _ received: AnswerReceived, _ code: String, _ token: VerifiedIDToken?,
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    let trusted = Trusted(
      requested: received.requested, keys: received.keys, code: code, frontToken: token,
      frontAccessToken: received.answer["access_token"], refetched: received.refetched)
    step.transcript[.exchange].draft = ExchangeStages.draft(trusted)
    return .trusted(trusted)
  }
}

extension JSONWebKeySet {
  /// Reads a key set from a response; nil when it has none.
  static func read(_ response: HTTPResponse) -> JSONWebKeySet? {
    guard response.status == 200, let json = try? JSONParser.parse(response.body) else {
      return nil
    }
    return try? JSONWebKeySet(json)
  }
}
