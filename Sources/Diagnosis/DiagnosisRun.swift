import HybridFlow
import OpenID

extension DiagnosisEvidence {
  /// How many bytes of a response are searched for the provider's messages.
  private static let responseBytes = 64 * 1024
  /// A code sent later than this was late for providers whose codes live a minute.
  private static let slowExchangeMilliseconds: Int64 = 55_000

  /// Reads a run that failed, or ended with warnings.
  public init(transcript: Transcript, configuration: FlowConfiguration) {
    self.init()
    failure = transcript.firstFailure
    provider = Provider.guess(issuer: configuration.issuer)
    let checks = transcript.checks + transcript.afterwards.flatMap(\.record.checks)
    brokenChecks =
      checks.filter { $0.verdict == .fail } + checks.filter { $0.verdict == .warn }
    readMetadata(transcript, configuration)
    readConfiguration(configuration)
    readChecks()
    readCallback(transcript)
    readTokens(transcript, configuration)
    readFailure(transcript)
  }

  private mutating func readMetadata(
    _ transcript: Transcript, _ configuration: FlowConfiguration
  ) {
    guard provider == nil else { return }
    let documents =
      [configuration.explicitMetadata]
      + transcript[.login].messages.map { message in
        message.response.flatMap { try? JSONParser.parse($0.body) }.flatMap(ProviderMetadata.init)
      }
    provider = documents.lazy.compactMap { $0.flatMap(Provider.guess(endpoints:)) }.first
  }

  private mutating func readConfiguration(_ configuration: FlowConfiguration) {
    let extra = configuration.extraParameters
    if configuration.redirectURI.isLoopback { facts.insert(.loopbackRedirect) }
    if configuration.redirectURI.isLoopback, configuration.redirectURI.host != "localhost" {
      facts.insert(.redirectToAddress)
    }
    if extra["prompt"] == "none" { facts.insert(.promptNone) }
    if configuration.audience == nil, extra["audience"] == nil { facts.insert(.noAudience) }
    if configuration.scope.contains("offline_access") { facts.insert(.wantsOfflineAccess) }
    if configuration.clientID.begins(with: "tpc_") { facts.insert(.thirdPartyClient) }
    if !configuration.usesPKCE { facts.insert(.noPKCE) }
    if configuration.responseType.hasAccessToken { facts.insert(.frontAccessToken) }
    if configuration.clientSecret == nil, configuration.appleTeam == nil { facts.insert(.noSecret) }
  }

  private mutating func readChecks() {
    for check in brokenChecks {
      facts.insert(.broken(check.id))
      guard let expected = check.expected, let found = check.found else { continue }
      switch check.id {
      case .discoveryIssuerMatch, .responseIss, .idTokenIss, .responseIssVsIDToken:
        facts.formUnion(
          IssuerDifference(expected: expected, found: found)?.facts ?? [])
        for text in [expected, found] {
          guard let url = try? WebURL(text) else { continue }
          if let named = Provider.guess(issuer: url) { namedProviders.insert(named) }
        }
      case .idTokenAlgAllowlist:
        if found.holds("HS256"), !expected.holds("HS256") { facts.insert(.signedWithHS256) }
        if expected.holds("HS256"), !found.holds("HS256") { facts.insert(.expectedHS256) }
      default: break
      }
    }
  }

  private mutating func readCallback(_ transcript: Transcript) {
    let notes = transcript.stages.flatMap(\.notes)
    // The application does not treat such a GET as a response: only its note mentions it.
    if notes.contains(where: { $0.kind == .stray(.ignored, isEmpty: true) }) {
      facts.insert(.emptyGET)
    }
    // The last one: refused POSTs that were not for this run come before it.
    let refused = transcript.refusedRequests.compactMap(\.request)
    let arrived = transcript[.callback].messages.last { message in
      message.to == .application && message.request.map { !refused.contains($0) } == true
    }
    guard let request = arrived?.request else { return }
    if request.fragment != nil || FragmentRelay.carries(request) {
      facts.insert(.answerInFragment)
    }
    let isGet = request.method == "GET"
    let fields = (try? FormEncoding.decode(isGet ? Array(request.query.utf8) : request.body)) ?? []
    if isGet {
      if fields["code"] != nil { facts.insert(.codeByGET) }
      if fields["error"] != nil { facts.insert(.errorByGET) }
    } else if !fields.contains(where: { AuthorizationResponse.knownNames.contains($0.name) }) {
      facts.insert(.emptyPOST)
    }
  }

  private mutating func readTokens(_ transcript: Transcript, _ configuration: FlowConfiguration) {
    if let token = transcript.token(.accessToken, .back), token.jws == nil {
      facts.insert(.opaqueAccessToken)
    }
    if let came = transcript[.callback].startedAt, let sent = transcript[.exchange].startedAt,
      sent.milliseconds - came.milliseconds > Self.slowExchangeMilliseconds
    {
      facts.insert(.slowExchange)
    }
    guard let request = transcript[.exchange].messages.lazy.compactMap(\.request).first else {
      return
    }
    if request.headers["Authorization"] != nil {
      facts.insert(.basicAuthentication)
      let secret = configuration.clientSecret?.reveal() ?? ""
      if !FormEncoding.encode(secret).isIdentical(to: secret) {
        facts.insert(.secretWithReservedCharacters)
      }
    } else if configuration.clientSecret != nil || configuration.appleTeam != nil {
      facts.insert(.postAuthentication)
    }
  }

  private mutating func readFailure(_ transcript: Transcript) {
    guard let failure else { return }
    switch failure {
    case .provider(.refused(let error)), .person(.declined(let error)): readError(error)
    case .provider(.unreadable):
      let stage = transcript.stages.first { $0.failure != nil }?.stage
      if stage == .login { facts.insert(.unreadableMetadata) }
      if stage == .tokens || stage == .verify { facts.insert(.unreadableTokens) }
      place = stage.map(Self.place)
      readResponse(transcript, stage)
    case .provider(.checksFailed): break
    case .environment(.transport(let fault)):
      facts.insert(.transport(fault.kind))
      place = transcript.stages.first { $0.failure != nil }.map { Self.place($0.stage) }
    case .environment(.answerRefused(let refused)):
      facts.insert(.answerRefused(refused.reason))
      place = .callback
    case .environment(.listener): facts.insert(.listenerFailed)
    case .person(.noCallback): facts.insert(.noCallback)
    case .application: place = .callback
    case .environment(.signing), .person(.abandoned): break
    }
    if case .provider(.refused(let error)) = failure, error.endpoint != .authorization {
      readResponse(transcript, transcript.stages.first { $0.failure != nil }?.stage)
    }
  }

  private mutating func readError(_ error: OAuthError) {
    switch error.endpoint {
    case .authorization: place = .callback
    case .page: place = .page
    case .discovery: place = .metadata
    // An error there would otherwise appear on a page or at the callback.
    case .pushed: break
    case .token, .introspection, .revocation: place = .token
    case .api, .userinfo: place = .api
    }
    // Written like a pasted text, so that each row needs its phrases only once.
    var text = error.code.isEmpty ? "" : "error: \(error.code)"
    if let description = error.description {
      // The lines of a page are sentences of their own.
      text += " error_description: " + description.replacing(bytes: " / ", with: ". ")
    }
    if let status = error.status { text += " HTTP \(status)" }
    read(TextUnwrapper.unwrap(text), isAlone: false)
  }

  private mutating func readResponse(_ transcript: Transcript, _ stage: Stage?) {
    guard let stage else { return }
    let near = [stage, .tokens].flatMap { transcript[$0].messages }
    guard let response = near.last(where: { $0.response != nil })?.response else { return }
    statuses.insert(response.status)
    if (300..<400).contains(response.status) { facts.insert(.redirected) }
    let body = String(decoding: response.body.prefix(Self.responseBytes), as: UTF8.self)
    read(TextUnwrapper.unwrap(body), isAlone: false)
  }

  private static func place(_ stage: Stage) -> DiagnosisPlace {
    switch stage {
    case .login: .metadata
    case .authorize, .prompt, .authenticate: .page
    case .callback: .callback
    case .exchange, .verify, .tokens: .token
    case .api, .data: .api
    }
  }
}
