import OpenID

/// The actions after stage 10, until the person signs out.
///
/// OpenID Connect Core 1.0, sections 5.3 and 12; RFC 7662; RFC 7009.
enum AfterStage {
  static func finished(
    _ after: Afterwards?, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard let after, case .actionRequested(let action) = event else { return nil }
    guard after.unavailable(action) == nil,
      step.transcript.afterwards.count < Afterwards.actionsMaximum
    else { return state }
    return begin(action, after, &step)
  }

  // MARK: - Requests

  private static func begin(
    _ action: AfterAction, _ after: Afterwards, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let stage = step.newestStage
    var record = StageRecord(stage)
    record.startedAt = step.now
    step.transcript.afterwards.append(AfterRecord(action: action, record: record))
    step.isAfterwards = true
    let prepared = after.requested.prepared
    switch action {
    case .refresh:
      let token = after.refreshToken ?? ""
      if after.refreshTokenIsReplaced {
        step.check(stage, [RefreshExamination.replaced])
      }
      step.value(
        stage, "refresh_token", token, secret: true, .application, .authorizationServer)
      let fields = [
        FormField("grant_type", "refresh_token"), FormField("refresh_token", token),
      ]
      return post(
        fields, to: prepared.tokenEndpoint, .refresh, action, after, &step)
    case .userinfo: return askUserinfo(after, &step)
    case .introspect(let use):
      return ask(
        use, prepared.endpoint("introspection_endpoint"), .introspection, action, after, &step)
    case .revoke(let use):
      return ask(use, prepared.endpoint("revocation_endpoint"), .revocation, action, after, &step)
    case .logout: return LogoutAction.begin(after, &step)
    }
  }

  private static func ask(
    _ use: TokenRecord.Use, _ endpoint: WebURL?, _ purpose: FetchPurpose, _ action: AfterAction,
    _ after: Afterwards, _ step: inout FlowStep
  ) -> FlowMachine.State {
    guard let url = endpoint, let token = after.token(use) else {
      return end(after, .provider(.unreadable("There is no such endpoint.")), &step)
    }
    step.value(
      step.newestStage, use.rawValue, token, secret: true, .application, .authorizationServer)
    let fields = [FormField("token", token), FormField("token_type_hint", use.rawValue)]
    return post(fields, to: url, purpose, action, after, &step)
  }

  /// Sends a form with client authentication, as at the token endpoint.
  private static func post(
    _ fields: [FormField], to endpoint: WebURL, _ purpose: FetchPurpose, _ action: AfterAction,
    _ after: Afterwards, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let configuration = after.configuration
    let prepared = after.requested.prepared
    let request = TokenRequest(
      endpoint: endpoint, fields: fields, method: prepared.clientAuthentication,
      clientID: configuration.clientID, clientSecret: configuration.clientSecret)
    let acting = Acting(after: after, action: action, waiting: .signing(request, purpose))
    guard request.lacksSignature(configuration) else {
      return send(acting, request, purpose, &step)
    }
    guard var task = request.proof(.laterAssertion, prepared, at: step.now) else {
      return end(after, .environment(.signing(request.missingKey)), &step)
    }
    if request.method == .privateKeyJWT {
      // Each action signs its own assertion, and no two may have the same `jti`.
      let name = JWTHeader.identifier(.laterAssertion, prepared)
      task.claims.set("jti", .string("\(name)\(step.transcript.afterwards.count)"))
    }
    step.effects.append(.sign(task))
    return .acting(acting)
  }

  private static func send(
    _ acting: Acting, _ request: TokenRequest, _ purpose: FetchPurpose, _ step: inout FlowStep
  ) -> FlowMachine.State {
    var next = acting
    step.credentials(step.newestStage, request)
    step.send(step.newestStage, purpose, request.httpRequest(), to: .authorizationServer)
    next.waiting = .response(purpose)
    return .acting(next)
  }

  private static func askUserinfo(
    _ after: Afterwards, _ step: inout FlowStep
  ) -> FlowMachine.State {
    guard let authorized = after.authorized,
      let url = after.requested.prepared.endpoint("userinfo_endpoint")
    else { return end(after, .provider(.unreadable("There is no userinfo endpoint.")), &step) }
    let stage = step.newestStage
    step.check(stage, APIChecks.request(authorized).filter { $0.id == .bearerHeaderOnly })
    step.value(
      stage, "access_token", authorized.accessToken, secret: true, .application,
      .authorizationServer)
    var request = APIStages.request(url, authorized, authorized.accessToken)
    APIStages.name(&request, authorized, .userinfo)
    step.send(stage, .userinfo, request, to: .authorizationServer)
    return .acting(Acting(after: after, action: .userinfo, waiting: .response(.userinfo)))
  }

  // MARK: - Answers

  static func acting(
    _ acting: Acting, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    step.isAfterwards = true
    let stage = step.newestStage
    switch acting.waiting {
    case .signing(let request, let purpose):
      return signed(acting, request, purpose, event, &step)
    case .response(let purpose):
      if case .fetched(purpose, let request, let response) = event {
        step.received(stage, request, response, from: .authorizationServer)
        return received(acting, purpose, response, &step)
      }
      if case .fetchFailed(purpose, let failure) = event {
        return end(acting.after, .environment(.transport(failure)), &step)
      }
      return nil
    case .decrypting(let examination, var envelope):
      guard case .decrypted(.refreshedIDToken, let outcome) = event else { return nil }
      envelope.outcome = outcome
      step.open(stage, envelope)
      return examine(acting, examination, examination.keys, envelope, refetched: false, &step)
    case .keys(let examination):
      guard let keys = CallbackStage.refetched(event, insteadOf: examination.keys, stage, &step)
      else { return nil }
      return examine(
        acting, examination, keys, examination.token?.envelope, refetched: true, &step)
    case .refresh(let examination):
      guard case .examined(let findings) = event else { return nil }
      return judge(acting, examination, findings, &step)
    case .userinfo(let answer, let examination):
      guard case .examined(let findings) = event else { return nil }
      return judge(acting, answer, examination, findings, &step)
    case .navigation, .page, .browser: return LogoutAction.act(acting, event, &step)
    }
  }

  private static func signed(
    _ acting: Acting, _ request: TokenRequest, _ purpose: FetchPurpose, _ event: FlowEvent,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .signed(.laterAssertion, let outcome) = event else { return nil }
    switch outcome {
    case .unusable(let why): return end(acting.after, .environment(.signing(why)), &step)
    case .token(let assertion):
      var request = request
      request.take(assertion)
      return send(acting, request, purpose, &step)
    }
  }

  private static func received(
    _ acting: Acting, _ purpose: FetchPurpose, _ response: HTTPResponse, _ step: inout FlowStep
  ) -> FlowMachine.State {
    switch acting.action {
    case .refresh: return refreshed(acting, response, &step)
    case .userinfo:
      let answer = APIAnswer(purpose: .userinfo, response: response)
      guard response.status == 200, response.headers.mediaType == "application/jwt",
        let authorized = acting.after.authorized
      else { return judge(acting, answer, nil, [], &step) }
      let examination = UserinfoExamination(response.bodyText.trimmingBlanks, authorized)
      step.effects.append(.examine(examination.tasks))
      var next = acting
      next.waiting = .userinfo(answer, examination)
      return .acting(next)
    case .introspect: return introspected(acting, response, &step)
    case .revoke, .logout:
      if let refusal = refusal(response, .revocation) {
        return end(acting.after, refusal, &step)
      }
      step.note(
        step.newestStage,
        "The tenant has taken the token back. It says so for tokens that it never knew as well; "
          + "try the token to see it refused.")
      return end(acting.after, nil, &step)
    }
  }

  private static func refreshed(
    _ acting: Acting, _ response: HTTPResponse, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let stage = step.newestStage
    switch TokenAnswer.read(response) {
    case .refused(let error):
      if error.code == "invalid_grant" {
        step.note(
          stage,
          "The refresh token is not good any more: expired, revoked, or used by somebody else "
            + "before. The person has to sign in again.")
      }
      return end(acting.after, .provider(.refused(error)), &step)
    case .unreadable(let reason):
      step.check(
        stage,
        [
          Check(
            .tokenResponseStatusJSON, .fail, expected: "200 and a JSON object",
            found: "HTTP \(response.status)", why: reason)
        ] + AnswerChecks.unreadable(response, .tokens))
      return end(acting.after, .provider(.unreadable(reason)), &step)
    case .tokens(let tokens):
      ExchangeStages.record(tokens, in: stage, &step)
      let keys = acting.after.authorized?.keys ?? acting.after.requested.prepared.keys
      let envelope = tokens.idToken.flatMap { TokenEnvelope($0, acting.after.configuration) }
      let examination = RefreshExamination(tokens, response, acting.after, keys, envelope)
      if let envelope, let task = envelope.task(.refreshedIDToken) {
        step.effects.append(.decrypt(task))
        var next = acting
        next.waiting = .decrypting(examination, envelope)
        return .acting(next)
      }
      return examine(acting, examination, keys, envelope, refetched: false, &step)
    }
  }

  private static func examine(
    _ acting: Acting, _ examination: RefreshExamination, _ keys: JSONWebKeySet,
    _ envelope: TokenEnvelope?, refetched: Bool, _ step: inout FlowStep
  ) -> FlowMachine.State {
    var next = acting
    let fresh = RefreshExamination(
      examination.response, examination.http, acting.after, keys, envelope)
    if !refetched, fresh.token?.newerKeysMayHelp == true,
      let url = CallbackStage.keysURL(acting.after.requested)
    {
      step.send(
        step.newestStage, .keysAgain, PreparationStages.jsonRequest(url), to: .authorizationServer)
      next.waiting = .keys(fresh)
      return .acting(next)
    }
    step.effects.append(.examine(fresh.tasks))
    next.waiting = .refresh(fresh)
    return .acting(next)
  }

  private static func judge(
    _ acting: Acting, _ examination: RefreshExamination, _ findings: [CryptoFinding],
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    var after = acting.after
    guard let authorized = after.authorized else { return end(after, nil, &step) }
    let verdict = examination.judge(findings, authorized, after, now: step.now)
    let certificate = CertificateChecks.accessToken(
      examination.response.accessToken, step.lastSecurity, after.requested.prepared)
    let failed = step.check(step.newestStage, verdict.checks + certificate)
    let isProven = verdict.token != nil || examination.token == nil
    guard failed.isEmpty, isProven else {
      // The response is not trusted, and the refresh token may already be used up.
      after.refreshToken = nil
      after.refreshTokenLost = "the answer to the last refresh was not believed"
      return end(
        after, .provider(.checksFailed(failed.isEmpty ? [.idTokenSignature] : failed)), &step)
    }
    after.take(examination.response, verdict.token, examination.keys)
    return end(after, nil, &step)
  }

  private static func judge(
    _ acting: Acting, _ answer: APIAnswer, _ examination: UserinfoExamination?,
    _ findings: [CryptoFinding], _ step: inout FlowStep
  ) -> FlowMachine.State {
    guard let authorized = acting.after.authorized else { return end(acting.after, nil, &step) }
    if let text = APIChecks.unreadableUserinfo(answer) {
      step.check(step.newestStage, AnswerChecks.unreadable(answer.response, .userinfo))
      return end(acting.after, .provider(.unreadable(text)), &step)
    }
    let failed = step.check(
      step.newestStage, APIChecks.answer(answer, authorized, examination, findings))
    if let refusal = APIChecks.refusal(answer) {
      return end(acting.after, .provider(.refused(refusal)), &step)
    }
    return end(acting.after, failed.isEmpty ? nil : .provider(.checksFailed(failed)), &step)
  }

  /// RFC 7662, section 2.2.
  private static func introspected(
    _ acting: Acting, _ response: HTTPResponse, _ step: inout FlowStep
  ) -> FlowMachine.State {
    if let refusal = refusal(response, .introspection) { return end(acting.after, refusal, &step) }
    guard let json = try? JSONParser.parse(response.body), let active = json["active"]?.bool else {
      return end(
        acting.after,
        .provider(
          .unreadable("The introspection endpoint did not say whether the token is active.")),
        &step)
    }
    var text = "The tenant says: the token is active"
    if active {
      if let scope = json["scope"]?.string { text += ", for \(scope)" }
      if let expiry = json["exp"]?.integer {
        text += ", until \(CivilTime(UnixTime(seconds: expiry)).text)"
      }
      text += "."
    } else {
      text = "The tenant says: the token is not active. It expired, was revoked, or is unknown."
    }
    step.note(step.newestStage, text)
    guard case .introspect(.accessToken) = acting.action else {
      return end(acting.after, nil, &step)
    }
    let failed = step.check(
      step.newestStage,
      CertificateChecks.introspection(json, acting.after)
        + ProofChecks.introspection(json, acting.after))
    return end(
      acting.after, failed.isEmpty ? nil : .provider(.checksFailed(failed)), &step)
  }

  /// Why a response cannot be used; nil for 200.
  private static func refusal(
    _ response: HTTPResponse, _ endpoint: OAuthError.Endpoint
  ) -> FlowFailure? {
    guard response.status != 200 else { return nil }
    let words = ResponseWords(response)
    return .provider(
      .refused(
        OAuthError(
          endpoint: endpoint, code: words.code ?? "",
          description: words.description, uri: words.uri,
          status: response.status)))
  }

  /// Ends an action; the run stays finished.
  static func end(
    _ after: Afterwards, _ failure: FlowFailure?, _ step: inout FlowStep
  ) -> FlowMachine.State {
    if let last = step.transcript.afterwards.indices.last {
      step.transcript.afterwards[last].record.endedAt = step.now
      step.transcript.afterwards[last].record.page = nil
      step.transcript.afterwards[last].record.failure = failure
    }
    return .finished(after)
  }
}
