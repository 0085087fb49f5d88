import OpenID

/// Stage 5, for an answer that comes as one JWT: nothing in it is used before it is verified.
///
/// JARM, section 2.4. What passes is opened, and goes on as any other answer: ``CallbackStage``.
enum ResponseJWTStage {
  static func examiningResponse(
    _ received: ResponseJWTReceived, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .examined(let findings) = event else { return nil }
    return judge(received, findings, &step)
  }

  static func refetchingResponseKeys(
    _ received: ResponseJWTReceived, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard let keys = CallbackStage.refetched(event, insteadOf: received.keys, .callback, &step)
    else { return nil }
    return examine(
      received.number, received.answer, received.requested, keys, received.examination.envelope,
      refetched: true, &step)
  }

  /// Whether an answer is judged here: it is a JWT, or should be one.
  static func takes(_ answer: AuthorizationResponse, _ requested: Requested) -> Bool {
    if answer.responseJWT != nil { return true }
    return requested.askedMode?.isJWT == true && requested.configuration.witness?.source != .tenant
  }

  /// Records the JWT as it came, and begins its examination; nil for an answer that goes on as one
  /// without a signature, because the lab has switched off the rule against it.
  static func receive(
    _ number: CallbackNumber?, _ answer: AuthorizationResponse, _ requested: Requested,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard let text = answer.responseJWT else {
      return refusePlain(number, answer, requested, &step)
    }
    step.value(
      .callback, AuthorizationResponse.responseField, text, secret: true, .authorizationServer,
      .browser, .application)
    step.token(.callback, .response, .front, text)
    let envelope = TokenEnvelope(response: text, requested.configuration)
    if let envelope, let task = envelope.task(.response) {
      step.effects.append(.decrypt(task))
      return .decryptingResponse(
        ResponseJWTEncrypted(
          requested: requested, number: number, answer: answer, envelope: envelope))
    }
    return examine(
      number, answer, requested, requested.prepared.keys, envelope, refetched: false, &step)
  }

  static func decryptingResponse(
    _ encrypted: ResponseJWTEncrypted, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .decrypted(.response, let outcome) = event else { return nil }
    var envelope = encrypted.envelope
    envelope.outcome = outcome
    step.open(.callback, envelope, .response)
    return examine(
      encrypted.number, encrypted.answer, encrypted.requested, encrypted.requested.prepared.keys,
      envelope, refetched: false, &step)
  }

  private static func examine(
    _ number: CallbackNumber?, _ answer: AuthorizationResponse, _ requested: Requested,
    _ keys: JSONWebKeySet, _ envelope: TokenEnvelope?, refetched: Bool, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let examination = IDTokenExamination(
      response: answer.responseJWT ?? "", requested, keys: keys, envelope: envelope)
    let received = ResponseJWTReceived(
      requested: requested, number: number, answer: answer, keys: keys, examination: examination,
      refetched: refetched)
    // Nothing is fetched for a response of another run: its unknown `kid` may be an attack.
    let state = envelope?.content.flatMap { ResponseJWT.state(in: $0) } ?? answer.apparentState
    let isOurs = (state ?? "").isIdentical(to: requested.sent("state") ?? "")
    if !refetched, isOurs, requested.configuration.witness == nil, examination.newerKeysMayHelp,
      let url = CallbackStage.keysURL(requested)
    {
      step.send(
        .callback, .keysAgain, PreparationStages.jsonRequest(url), to: .authorizationServer)
      return .refetchingResponseKeys(received)
    }
    step.effects.append(.examine(examination.tasks))
    return .examiningResponse(received)
  }

  private static func judge(
    _ received: ResponseJWTReceived, _ findings: [CryptoFinding], _ step: inout FlowStep
  ) -> FlowMachine.State {
    let (answer, requested) = (received.answer, received.requested)
    let evidence = ResponseJWTEvidence(requested, now: step.now)
    let delivery = CallbackStage.delivery(answer, requested)
    let checks =
      delivery + [
        ResponseJWTChecks.modeExact(answer, evidence),
        ResponseJWTChecks.nothingOutside(answer.fields),
      ] + ResponseJWTChecks.all(received.examination, findings, evidence)
    let isWatched = step.transcript.witness == .tenant
    let failed = step.check(.callback, checks, isOverruled: isWatched)
    guard failed.isEmpty, let claims = received.examination.claims,
      ResponseJWTChecks.mayOpen(checks, requested.configuration)
    else { return refuse(received.number, failed, checks, &step) }
    return CallbackStage.open(
      received.number, answer.opened(claims), requested, received.keys,
      refetched: received.refetched, &step)
  }

  /// Refuses an answer without the signature that was asked for.
  private static func refusePlain(
    _ number: CallbackNumber?, _ answer: AuthorizationResponse, _ requested: Requested,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    let evidence = ResponseJWTEvidence(requested, now: step.now)
    let mode = ResponseJWTChecks.modeExact(answer, evidence)
    if requested.configuration.experiment.checksOff.contains(.jarmModeExact) {
      step.check(.callback, [mode])
      return nil
    }
    let checks = CallbackStage.delivery(answer, requested) + [mode]
    return refuse(number, step.check(.callback, checks), checks, &step)
  }

  private static func refuse(
    _ number: CallbackNumber?, _ failed: [CheckID], _ checks: [Check], _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.answer(number, .refused(CallbackStage.refusal(failed)))
    let broken = checks.filter { $0.verdict == .fail }.map(\.id)
    let named = !failed.isEmpty ? failed : broken.isEmpty ? [.jarmSignature] : broken
    return step.fail(.callback, .provider(.checksFailed(named)))
  }
}

extension IDTokenExamination {
  /// The response JWT of a run.
  ///
  /// The client's registration names its algorithm, and is not known here: a signature algorithm
  /// that the provider lists for such JWTs is expected as well as that of the ID tokens.
  init(
    response text: String, _ requested: Requested, keys: JSONWebKeySet,
    envelope: TokenEnvelope? = nil
  ) {
    let configuration = requested.configuration
    let listed = requested.prepared.metadata.responseSigningAlgorithms ?? []
    let found = (try? CompactJWS(envelope?.content ?? text))?.algorithm
    let isListed = found.map { !$0.isSymmetric && listed.contains($0.rawValue) } ?? false
    self.init(
      text, configuration, keys: keys, algorithm: isListed ? found : configuration.idTokenAlgorithm,
      envelope: envelope)
  }
}
