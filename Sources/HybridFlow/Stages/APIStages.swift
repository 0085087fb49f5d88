import OpenID

/// Stages 9 and 10: the API, called with the access token from the back channel.
///
/// RFC 6750, section 2.1; OpenID Connect Core 1.0, section 5.3.
enum APIStages {
  static func authorized(
    _ authorized: Authorized, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .fetched(let purpose, let request, let response) = event, purpose.isCall,
      step.transcript.witness == .tenant
    {
      let state = WitnessStages.call(purpose, authorized, &step)
      guard case .calling(let calling) = state else { return state }
      return received(calling, request, response, &step)
    }
    guard case .advanced = event else { return nil }
    return call(authorized, &step)
  }

  static func calling(
    _ calling: Calling, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .fetched(calling.waiting, let request, let response) = event {
      return received(calling, request, response, &step)
    }
    if case .fetchFailed(calling.waiting, let failure) = event {
      return step.fail(.api, .environment(.transport(failure)))
    }
    return nil
  }

  static func answered(
    _ answered: Answered, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .advanced = event else { return nil }
    return read(answered, &step)
  }

  static func examiningUserinfo(
    _ answered: Answered, _ examination: UserinfoExamination, _ event: FlowEvent,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .examined(let findings) = event else { return nil }
    return judge(answered, examination, findings, &step)
  }

  // MARK: - Stage 9

  private static func call(_ authorized: Authorized, _ step: inout FlowStep) -> FlowMachine.State {
    let configuration = authorized.configuration
    if let witness = configuration.witness {
      return WitnessStages.call(witness, authorized, &step)
    }
    step.begin(.api)
    var purposes: [FetchPurpose] = []
    if configuration.apiURL != nil { purposes.append(.api) }
    let hasUserinfo = userinfoURL(authorized) != nil
    if hasUserinfo, configuration.apiURL == nil || configuration.alsoUserinfo {
      purposes.append(.userinfo)
    }
    guard let first = purposes.first else {
      let why = authorized.trusted.requested.prepared.metadata.nothingToFetch
      step.transcript[.api].skippedBecause = why
      step.transcript[.data].skippedBecause = why
      return step.finish(Afterwards(authorized))
    }
    let failed = step.check(.api, APIChecks.request(authorized))
    guard failed.isEmpty else { return step.fail(.api, .provider(.checksFailed(failed))) }
    step.value(
      .api, "access_token", authorized.usedAccessToken, secret: true, .authorizationServer,
      .application, .api)
    let calling = Calling(
      authorized: authorized, waiting: first, remaining: Array(purposes.dropFirst()), answers: [])
    return send(calling, &step)
  }

  private static func send(_ calling: Calling, _ step: inout FlowStep) -> FlowMachine.State {
    let authorized = calling.authorized
    let address =
      calling.waiting == .userinfo
      ? userinfoURL(authorized) : authorized.configuration.apiURL
    guard let url = address else {
      return step.fail(.api, .provider(.unreadable("The API has no usable address.")))
    }
    var sent = request(url, authorized, authorized.usedAccessToken)
    if authorized.putsTokenInQuery,
      let leaky = try? url.adding([FormField("access_token", authorized.usedAccessToken)])
    {
      sent = HTTPRequest(
        method: "GET", url: leaky,
        headers: ["Host": url.authority, "Accept": "application/json"])
    }
    name(&sent, authorized, calling.waiting)
    let shows = !authorized.configuration.experiment.mistakes.contains(.callsWithoutCertificate)
    let failed = step.check(.api, CertificateChecks.call(authorized, url, isShown: shows))
    guard failed.isEmpty else { return step.fail(.api, .provider(.checksFailed(failed))) }
    step.send(
      .api, calling.waiting, sent, to: actor(calling.waiting), showsCertificate: shows)
    return .calling(calling)
  }

  /// RFC 6750, section 2.1; RFC 9449, section 7.1.
  static func request(
    _ url: WebURL, _ authorized: Authorized, _ accessToken: String
  ) -> HTTPRequest {
    HTTPRequest(
      method: "GET", url: url,
      headers: [
        "Host": url.authority, "Accept": "application/json",
        "Authorization": authorized.scheme + " " + accessToken,
      ])
  }

  /// Gives a call the name by which both sides find it, where the rules want one.
  static func name(
    _ request: inout HTTPRequest, _ authorized: Authorized, _ purpose: FetchPurpose
  ) {
    guard authorized.configuration.rules == .fapi1Advanced else { return }
    request.headers.set(
      FAPIAdvanced.interactionHeader,
      InteractionID.text(authorized.trusted.requested.prepared.secrets, purpose))
  }

  /// The userinfo endpoint belongs to the tenant, under any address.
  private static func actor(_ purpose: FetchPurpose) -> Actor {
    purpose == .userinfo ? .authorizationServer : .api
  }

  private static func userinfoURL(_ authorized: Authorized) -> WebURL? {
    authorized.trusted.requested.prepared.endpoint("userinfo_endpoint")
  }

  private static func received(
    _ calling: Calling, _ request: HTTPRequest, _ response: HTTPResponse, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.received(
      .data, request, response, from: actor(calling.waiting), requestStage: .api)
    let answers = calling.answers + [APIAnswer(purpose: calling.waiting, response: response)]
    guard let next = calling.remaining.first else {
      step.end(.api)
      return .answered(Answered(authorized: calling.authorized, answers: answers))
    }
    return send(
      Calling(
        authorized: calling.authorized, waiting: next,
        remaining: Array(calling.remaining.dropFirst()), answers: answers), &step)
  }

  // MARK: - Stage 10

  private static func read(_ answered: Answered, _ step: inout FlowStep) -> FlowMachine.State {
    step.begin(.data)
    if let signed = answered.answers.first(where: {
      $0.purpose == .userinfo && $0.response.status == 200
        && $0.response.headers.mediaType == "application/jwt"
    }) {
      let examination = UserinfoExamination(
        signed.response.bodyText.trimmingBlanks, answered.authorized)
      step.effects.append(.examine(examination.tasks))
      return .examiningUserinfo(answered, examination)
    }
    return judge(answered, nil, [], &step)
  }

  private static func judge(
    _ answered: Answered, _ examination: UserinfoExamination?, _ findings: [CryptoFinding],
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    for answer in answered.answers {
      guard let text = APIChecks.unreadableUserinfo(answer) else { continue }
      step.check(.data, AnswerChecks.unreadable(answer.response, .userinfo))
      return step.fail(.data, .provider(.unreadable(text)))
    }
    var failed = step.check(
      .data,
      ProfileConnectionChecks.connections(
        step.transcript[.api].messages, answered.authorized.configuration))
    var refusal: OAuthError?
    for answer in answered.answers {
      failed += step.check(
        .data, APIChecks.answer(answer, answered.authorized, examination, findings),
        isOverruled: step.transcript.witness == .tenant)
      if refusal == nil { refusal = APIChecks.refusal(answer) }
    }
    if let refusal {
      if answered.authorized.configuration.proofKey != nil,
        answered.authorized.configuration.readsRefusals
      {
        step.effects.append(.readRefusal)
      }
      return step.fail(.data, .provider(.refused(refusal)))
    }
    if failed.isEmpty { failed = step.openAccount(answered, examination) }
    guard failed.isEmpty else { return step.fail(.data, .provider(.checksFailed(failed))) }
    if step.transcript.witness == .tenant { step.note(.data, WatchStages.subjectUnseen) }
    step.end(.data)
    let isWitnessed = answered.authorized.configuration.witness != nil
    return step.finish(isWitnessed ? nil : Afterwards(answered.authorized))
  }
}
