import HybridFlow
import OpenID

/// A failed run as its diagnosis reads it.
struct RunFacts {
  let transcript: Transcript
  let configuration: FlowConfiguration
  let evidence: DiagnosisEvidence
  let failure: FlowFailure

  init(
    _ transcript: Transcript, _ configuration: FlowConfiguration, _ evidence: DiagnosisEvidence,
    _ failure: FlowFailure
  ) {
    (self.transcript, self.configuration) = (transcript, configuration)
    (self.evidence, self.failure) = (evidence, failure)
  }

  /// The stage that failed; nil for an action after the flow.
  var stage: Stage? {
    let failed = transcript.stages.first {
      $0.failure != nil || $0.checks.contains { $0.isOverruled || $0.isOfAnother }
    }
    return failed?.stage
  }

  /// The record that failed.
  private var record: StageRecord? {
    stage.map { transcript[$0] } ?? transcript.afterwards.map(\.record).first { $0.failure != nil }
  }

  /// How sure a match must be to say who it was: that a person declined is known without it.
  var confidenceToBlame: DiagnosisConfidence {
    if case .person(.declined) = failure { .high } else { .medium }
  }

  /// The error of the provider, if it was one that ended the run.
  var error: OAuthError? {
    switch failure {
    case .provider(.refused(let error)), .person(.declined(let error)): error
    case .provider, .environment, .person, .application: nil
    }
  }

  /// The response that could not be used; nil when none came over the back channel.
  var response: HTTPResponse? {
    let near = [record, stage == .verify ? transcript[.tokens] : nil].compactMap { $0 }
    return near.lazy.compactMap { $0.messages.last { $0.response != nil && $0.channel == .back } }
      .first?.response
  }

  /// The address of that response.
  var address: String? {
    record?.messages.last { $0.response != nil && $0.channel == .back }
      .map { String($0.url.before(anyOf: "?#")) }
  }

  /// A check of the run that failed or warned.
  func broken(_ id: CheckID) -> Check? { evidence.brokenChecks.first { $0.id == id } }

  /// Whether the answer was to be posted.
  var asksForFormPost: Bool {
    guard configuration.witness == nil, let mode = sent("response_mode") else {
      return [.formPost, .formPostJWT].contains(configuration.responseMode)
    }
    return [.formPost, .formPostJWT].contains(ResponseMode(rawValue: mode))
  }

  /// A parameter of the authorization request, as it was sent.
  func sent(_ name: String) -> String? {
    guard let draft = transcript[.authorize].draft else { return nil }
    return draft.fields[name]
  }

  /// The metadata of the provider.
  var metadata: ProviderMetadata? {
    configuration.explicitMetadata
      ?? transcript[.login].messages.lazy.compactMap { message in
        message.response.flatMap { try? JSONParser.parse($0.body) }.flatMap(ProviderMetadata.init)
      }.first { $0.authorizationEndpoint != nil }
  }

  /// Something that the run itself showed.
  func made(
    _ id: String, _ confidence: DiagnosisConfidence, _ blame: Blame?, _ cause: String,
    _ fix: String, values: [ComparedValue] = [], basis: String = "this run showed it",
    source: String = "what the run showed"
  ) -> DiagnosisMatch {
    DiagnosisMatch(
      id: id, confidence: confidence, provider: evidence.provider ?? .generic, blame: blame,
      cause: cause, fix: fix, values: values, basis: basis, source: source)
  }

  // MARK: Values

  /// The values that should agree, or what was sent beside what was answered.
  var values: [ComparedValue] {
    if let error { return values(of: error) }
    if case .environment(.transport(let fault)) = failure {
      return [ComparedValue("seen", fault.message)]
    }
    guard let id = failure.failedChecks.first,
      let check = evidence.brokenChecks.first(where: { $0.id == id && $0.verdict == .fail })
    else { return response.map { [ComparedValue("the answer", ResponseWords($0).words)] } ?? [] }
    return Self.values(of: check)
  }

  static func values(of check: Check) -> [ComparedValue] {
    [("expected", check.expected), ("found", check.found)].compactMap { name, text in
      text.map { ComparedValue(name, $0) }
    }
  }

  private func values(of error: OAuthError) -> [ComparedValue] {
    let words = (error.code + " " + (error.description ?? "")).asciiLowercased
    var values: [ComparedValue] = []
    var told = error
    for (name, marks) in Self.subjects where marks.contains(where: { words.holds($0) }) {
      if let sent = sent(name), !sent.isEmpty { values.append(ComparedValue("sent", sent)) }
      if error.endpoint == .page { told.description = Self.line(of: error, about: marks) }
      break
    }
    let who = error.endpoint == .api ? "the API" : "the tenant"
    return values + [ComparedValue(who, told.summary)]
  }

  /// The line of a page that is about this; the whole text where none is.
  private static func line(of error: OAuthError, about marks: [String]) -> String? {
    let lines = (error.description ?? "").split(at: " / ").map(String.init)
    return lines.first { line in marks.contains { line.asciiLowercased.holds($0) } }
      ?? error.description
  }

  /// Parameters, each with the words by which an error is about it.
  private static let subjects: [(String, [String])] = [
    ("redirect_uri", ["redirect", "callback", "reply url", "reply address", "return url"]),
    ("response_type", ["response_type", "response type"]),
    ("response_mode", ["response_mode", "response mode"]),
    ("scope", ["scope"]),
    ("client_id", ["client_id", "client id", "client not found", "unknown client", "application"]),
    ("prompt", ["login_required", "interaction_required", "consent_required"]),
  ]

  // MARK: Remarks

  /// What the run noticed besides: how an error came, and what it had warned of before.
  var remarks: [String] {
    guard let error else {
      if case .person(.noCallback) = failure { return warnings }
      return []
    }
    return (error.endpoint == .authorization ? carriage : [])
      + ([.authorization, .page, .pushed].contains(error.endpoint) ? warnings : [])
      + (error.endpoint == .token ? methodWarning : [])
  }

  /// How an error came that came in another way than it should.
  private var carriage: [String] {
    var remarks: [String] = []
    if let check = broken(.stateMatch), check.verdict == .fail {
      remarks.append(
        check.found == "absent"
          ? "The answer also leaves out state, which an error must carry too."
          : "The answer also brings another state than the one that was sent.")
    }
    if let check = broken(.callbackMethod), check.verdict == .fail {
      let mode = asksForFormPost ? "form_post" : "another way"
      remarks.append("It came by \(check.found ?? "GET"), although \(mode) was asked for.")
    }
    return remarks
  }

  /// Earlier warnings about the request.
  private var warnings: [String] {
    var remarks: [String] = []
    if broken(.discoveryResponseType) != nil {
      remarks.append(
        "Its metadata do not list the response type \(configuration.responseType.rawValue).")
    }
    if broken(.discoveryFormPost) != nil {
      remarks.append("Its metadata do not list the response mode form_post.")
    }
    return remarks
  }

  private var methodWarning: [String] {
    guard let check = broken(.discoveryAuthMethod), let offered = check.found else { return [] }
    return ["Its metadata offer \(offered) at the token endpoint, not \(check.expected ?? "this")."]
  }
}
