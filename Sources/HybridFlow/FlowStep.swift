import OpenID

/// One turn of the machine: the transcript being written, and the effects being collected.
struct FlowStep {
  var transcript: Transcript
  let now: UnixTime
  /// What proofs of possession need; nil for a client without a key for them.
  var proofs: ProofLedger?
  var effects: [FlowEffect] = []
  /// Whether entries belong to the last requested action instead of a stage.
  var isAfterwards = false

  private subscript(stage: Stage) -> StageRecord {
    get {
      guard isAfterwards, let last = transcript.afterwards.last else { return transcript[stage] }
      return last.record
    }
    set {
      guard isAfterwards, let last = transcript.afterwards.indices.last else {
        transcript[stage] = newValue
        return
      }
      transcript.afterwards[last].record = newValue
    }
  }

  /// The last stage that has begun.
  var newestStage: Stage { transcript.newestStage }

  /// Opens a stage.
  mutating func begin(_ stage: Stage, observed: Bool = true) {
    guard transcript[stage].startedAt == nil else { return }
    transcript[stage].startedAt = now
    transcript[stage].observed = observed
  }

  /// Closes a stage.
  mutating func end(_ stage: Stage) {
    begin(stage)
    if transcript[stage].endedAt == nil { transcript[stage].endedAt = now }
    transcript[stage].page = nil
  }

  /// Stops the run.
  mutating func fail(_ stage: Stage, _ failure: FlowFailure) -> FlowMachine.State {
    begin(stage)
    transcript[stage].endedAt = now
    transcript[stage].page = nil
    transcript[stage].failure = failure
    for later in Stage.allCases where later > stage && transcript[later].startedAt == nil {
      transcript[later].skippedBecause = "The run stopped at stage \(stage.number)."
    }
    effects.append(.stopListening)
    return .failed(stage, failure)
  }

  /// Ends the run well.
  mutating func finish(_ after: Afterwards?) -> FlowMachine.State {
    effects.append(.stopListening)
    return .finished(after)
  }

  /// Most notes of one stage: any client that reaches the redirect URI can cause them.
  static let notesMaximum = 100

  /// Adds a note, up to ``notesMaximum`` times a stage.
  mutating func note(_ stage: Stage, _ text: String, warns: Bool = false) {
    // Notes on stray requests have a limit of their own.
    let count = self[stage].notes.count { $0.kind == .event }
    guard count < Self.notesMaximum else { return }
    let isLast = count == Self.notesMaximum - 1
    let text = isLast ? "More happened here than is written down." : text
    self[stage].notes.append(Note(at: now, text: text, warns: warns))
  }

  /// Adds a note as it is.
  mutating func note(_ note: Note, in stage: Stage) { self[stage].notes.append(note) }

  /// Records verdicts and returns the error-level ones that failed and stop the run.
  ///
  /// - Parameter isOverruled: Whether the person sends a request that breaks a rule, or another
  ///   application decides: nothing stops.
  @discardableResult
  mutating func check(
    _ stage: Stage, _ checks: [Check], isOverruled: Bool = false
  ) -> [CheckID] {
    let marked = checks.map { check in
      var check = transcript.rules.judged(check)
      check.isOff = check.verdict == .fail && transcript.checksOff.contains(check.id)
      let goesOn = check.verdict == .fail && !check.isOff && isOverruled
      check.isOfAnother = goesOn && transcript.witness == .tenant
      check.isOverruled = goesOn && !check.isOfAnother
      return check
    }
    self[stage].checks += marked
    return marked.filter {
      $0.verdict == .fail && !$0.isOff && !$0.isOverruled && !$0.isOfAnother
    }.map(\.id)
  }

  /// Records a value and who holds it from now on.
  mutating func value(
    _ stage: Stage, _ name: String, _ value: String, secret: Bool = false, _ holders: Actor...
  ) {
    self[stage].values.append(
      FlowValue(name: name, value: value, isSecret: secret, holders: holders))
  }

  /// Records a message.
  mutating func message(
    _ stage: Stage, from: Actor, to: Actor, _ evidence: Message.Evidence,
    _ content: Message.Content, method: String, url: String
  ) {
    transcript.messageCount += 1
    let tampering = transcript.tampering
    let action = isAfterwards ? transcript.afterwards.count - 1 : nil
    let isTampered =
      tampering?.covers(stage, from: from, to: to, url: url, action: action) ?? false
    self[stage].messages.append(
      Message(
        id: transcript.messageCount, stage: stage, at: now, from: from, to: to,
        evidence: seen(stage, evidence, from: from, to: to), content: content, url: url,
        method: method,
        tamperedBy: isTampered ? tampering?.faultID : nil))
  }

  /// How a message of another application's login became known.
  ///
  /// Whatever passes the tenant was observed there. Its documents nobody may have asked for, and the
  /// browser's way to the application does not lead past it.
  private func seen(
    _ stage: Stage, _ evidence: Message.Evidence, from: Actor, to: Actor
  ) -> Message.Evidence {
    switch transcript.witness {
    case nil: evidence
    case .file: .filed
    case .tenant:
      stage == .login || (stage == .callback && to == .application && from == .browser)
        ? .drawn : .observed
    }
  }

  /// Sends a back-channel request and records it.
  ///
  /// Nothing is sent in a run that a file tells. With a key for proofs, a request that carries one
  /// waits for it.
  ///
  /// - Parameter showsCertificate: Whether the client's certificate goes along, if the request is one
  ///   for which it is meant.
  mutating func send(
    _ stage: Stage, _ purpose: FetchPurpose, _ request: HTTPRequest, to: Actor,
    showsCertificate: Bool = true
  ) {
    guard !transcript.isWitnessed else { return }
    if purpose.carriesProof, proofs != nil {
      let waiting = ProvenRequest(
        stage: stage, purpose: purpose, request: request, to: to,
        showsCertificate: showsCertificate)
      return ProofStage.prove(waiting, &self)
    }
    dispatch(stage, purpose, request, to: to, showsCertificate: showsCertificate)
  }

  /// Sends a back-channel request that is complete, and records it.
  mutating func dispatch(
    _ stage: Stage, _ purpose: FetchPurpose, _ request: HTTPRequest, to: Actor,
    showsCertificate: Bool
  ) {
    var request = request
    if showsCertificate, purpose.showsCertificate, request.url?.isHTTPS == true,
      let certificate = transcript.certificate
    {
      request.security = RequestSecurity(certificate: certificate)
    }
    message(
      stage, from: .application, to: to, .sent, .request(request), method: request.method,
      url: request.url?.text ?? request.target)
    effects.append(.fetch(purpose, request))
  }

  /// What TLS did for the last request of the last requested action; nil for plain http.
  var lastSecurity: RequestSecurity? {
    transcript.afterwards.last?.record.messages.last { $0.request != nil }?.request?.security
  }

  /// Records a back-channel response, and the request as it was really sent.
  mutating func received(
    _ stage: Stage, _ request: HTTPRequest, _ response: HTTPResponse, from: Actor,
    requestStage: Stage? = nil
  ) {
    let asked = requestStage ?? stage
    if transcript.isWitnessed {
      message(
        asked, from: .application, to: from, .filed, .request(request), method: request.method,
        url: request.url?.text ?? request.target)
    }
    if let index = self[asked].messages.lastIndex(where: {
      $0.from == .application && $0.to == from && $0.request != nil
    }) {
      self[asked].messages[index].complete(with: request)
    }
    message(
      stage, from: from, to: .application, .received, .response(response),
      method: request.method, url: request.url?.text ?? request.target)
  }

  /// Records a token, decoded as far as possible.
  mutating func token(
    _ stage: Stage, _ use: TokenRecord.Use, _ channel: Channel, _ text: String,
    expiresIn: Int64? = nil
  ) {
    var record = TokenRecord(
      use: use, channel: channel, text: text, jws: nil, claims: nil, opaqueBecause: nil,
      receivedAt: now, expiresIn: expiresIn)
    do throws(TokenError) {
      let jws = try CompactJWS(text)
      record.jws = jws
      record.claims = try jws.claims()
    } catch {
      record.opaqueBecause = error.explanation
    }
    self[stage].tokens.append(record)
  }

  /// Writes what was inside an encrypted token to the record of that token.
  mutating func open(
    _ stage: Stage, _ envelope: TokenEnvelope, _ use: TokenRecord.Use = .idToken
  ) {
    guard let index = self[stage].tokens.lastIndex(where: { $0.use == use }) else { return }
    self[stage].tokens[index].envelope = envelope.jwe
    guard let content = envelope.content else { return }
    self[stage].tokens[index].content = content
    do throws(TokenError) {
      let jws = try CompactJWS(content)
      self[stage].tokens[index].jws = jws
      self[stage].tokens[index].claims = try jws.claims()
      self[stage].tokens[index].opaqueBecause = nil
    } catch {
      self[stage].tokens[index].opaqueBecause =
        "It was opened, and no signed token is inside. " + error.explanation
    }
  }

  /// Handles an event that this state does not wait for: at most a note is added.
  mutating func late(_ event: FlowEvent, staying state: FlowMachine.State) -> FlowMachine.State {
    let stage = newestStage
    switch event {
    case .callbackArrived(let number, let request):
      let answered = transcript[.callback].startedAt != nil
      effects.append(.answerCallback(number, answered ? .repeated : .notExpected))
      if answered, request.method == "POST" { warnOfRepetition() }
      stray(
        StrayRequests(.unexpected), answered ? .callback : stage,
        answered
          ? "Another request came to the redirect URI. It was answered, not processed."
          : "A request came to the redirect URI before anything was asked.")
    case .browserOpened(let succeeded, let detail):
      if !succeeded { note(stage, detail) }
    case .fetched(let purpose, let request, let response) where transcript.witness == .tenant:
      WatchStages.more(purpose, request, response, &self)
    case .fetched, .fetchFailed:
      note(stage, "A response came that nobody waits for any more.")
    case .ledgerRead(let checks) where transcript.witness == .tenant:
      transcript[.verify].serverChecks += checks
    case .ledgerRead(let checks) where transcript.readsRefusals && transcript.stop != nil:
      transcript[stage].serverChecks = checks
    case .answerPasted:
      note(
        stage,
        transcript[.callback].startedAt == nil
          ? "An answer was pasted before anything was asked."
          : "An answer was pasted, but one "
            + "had been taken already.")
    case .answerMisplaced(let request):
      let path = request.target.before(anyOf: "?#")
      stray(
        StrayRequests(.misplaced), stage,
        "A \(request.method) with parts of an answer came to \(path), which is not the redirect "
          + "URI. It was not taken.", warns: true)
    case .loginOpened(let request): loginOpened(request)
    case .loggedOut:
      stray(
        StrayRequests(.loggedOut), stage,
        "A browser came to the address after a logout, and no logout is going on.")
    case .straysCounted(let strays): count(strays, in: stage)
    case .requestRefused(let refused):
      note(stage, refused.sentence, warns: true)
    case .remarked(let text, let warns): note(stage, text, warns: warns)
    case .witnessed(let exchange):
      if transcript.isWitnessed { WitnessStages.record(exchange, &self) }
    case .abandoned:
      return abandon(staying: state)
    case .started, .advanced, .browserRequested, .listenerReady, .listenerFailed,
      .browserExchanged, .pageArrived, .pageFailed, .formFilled, .examined, .signed, .decrypted,
      .ledgerRead,
      .clockAdvanced, .requestEdited, .exchangeEdited, .exchangeRequested, .actionRequested,
      .originalKnown, .authorizeRefused:
      break
    }
    return state
  }

  /// Answers the browser that brought the response; for a pasted response no browser waits.
  mutating func answer(_ number: CallbackNumber?, _ answer: CallbackAnswer) {
    guard let number, !transcript.isWitnessed else { return }
    effects.append(.answerCallback(number, answer))
    guard let asked = self[.callback].messages.last(where: { $0.to == .application }) else {
      return
    }
    message(
      .callback, from: .application, to: .browser, .sent,
      .response(HTTPResponse(status: 303, headers: ["Location": Self.pageAfter(asked.url)])),
      method: asked.method, url: asked.url)
  }

  /// The page of the application to which the redirect URI sends the browser.
  static func pageAfter(_ url: String) -> String {
    (try? WebURL(url))?.path == "/done" ? "/finished" : "/done"
  }

  /// Notes once that a second response came where only one is accepted.
  private mutating func warnOfRepetition() {
    let known = transcript[.callback].checks
    guard !known.contains(where: { $0.id == .callbackSingleUse && $0.verdict == .warn }) else {
      return
    }
    transcript[.callback].checks.append(
      Check(
        .callbackSingleUse, .warn, expected: "one answer", found: "another answer",
        why: "A reload, a double submit or a replay: it was answered, not processed."))
  }

  private mutating func abandon(staying state: FlowMachine.State) -> FlowMachine.State {
    switch state {
    case .idle, .finished, .failed: return state
    case .acting(let acting): return AfterStage.end(acting.after, .person(.abandoned), &self)
    // The browser still waits for a response.
    case .decryptingResponse(let encrypted):
      answer(encrypted.number, .refused(.abandoned))
      return fail(newestStage, .person(.abandoned))
    case .examiningResponse(let received), .refetchingResponseKeys(let received):
      answer(received.number, .refused(.abandoned))
      return fail(newestStage, .person(.abandoned))
    case .decryptingAnswer(let encrypted):
      answer(encrypted.number, .refused(.abandoned))
      return fail(newestStage, .person(.abandoned))
    case .examiningAnswer(let received), .refetchingKeys(let received):
      answer(received.number, .refused(.abandoned))
      return fail(newestStage, .person(.abandoned))
    case .openingListener, .fetchingMetadata, .fetchingKeys, .prepared, .signingRequest,
      .signingPush, .pushing, .requested, .loadingPrompt, .promptShown, .authenticating,
      .submittingForm, .holdingAnswer, .postingAnswer, .browserAway, .trusted, .signingExchange,
      .exchanging, .exchanged, .readingLedger, .verified, .decryptingTokens, .examiningTokens,
      .refetchingKeysAgain,
      .authorized, .calling, .answered, .examiningUserinfo:
      return fail(newestStage, .person(.abandoned))
    }
  }
}
