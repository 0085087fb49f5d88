import OpenID

/// The hybrid flow, as one state machine.
///
/// An application wants to know who the person is, and to call an API on their behalf. It sends the
/// browser to the tenant, the tenant asks the person, and the browser comes back with two things:
/// an ID token, which says who signed in, and a code, which is useless without the application's
/// own secret. The application then exchanges the code over the back channel for a second ID token
/// and an access token. The flow uses both channels, hence the name.
///
/// ```
///   User/Browser            Application                  Tenant                  API
///        │   1 login            │                           │                      │
///        │─────────────────────▶│ state, nonce, verifier    │                      │
///        │   2 302              │                           │                      │
///        │◀─────────────────────│                           │                      │
///        │   2 GET /authorize   │                           │                      │
///        │──────────────────────┼──────────────────────────▶│                      │
///        │   3 login page       │                           │                      │
///        │◀─────────────────────┼───────────────────────────│                      │
///        │   4 credentials, consent                         │                      │
///        │──────────────────────┼──────────────────────────▶│                      │
///        │   5 a form: code, id_token, state                │                      │
///        │◀─────────────────────┼───────────────────────────│                      │
///        │   5 POST             │                           │                      │
///        │─────────────────────▶│ every check               │                      │
///        │                      │   6 code, secret, verifier                       │
///        │                      │┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▶│ 7 verifies           │
///        │                      │   8 second ID token, access token                │
///        │                      │◀┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄│                      │
///        │                      │   9 GET with the access token                    │
///        │                      │┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▶│
///        │                      │   10 data                                        │
///        │                      │◀┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┼┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄│
/// ```
///
/// What comes through the front channel can be seen and replaced in the browser. So stage 5 trusts
/// nothing: `state` proves that the response belongs to this run, the signature and the `nonce`
/// prove it for the ID token, and `c_hash` in the signed token proves that the code was issued with
/// it. Only then is the code sent. OpenID Connect Core 1.0, section 3.3.2.8, gives the order:
/// state, parameters, ID token, `c_hash`, `at_hash`.
///
/// The machine is pure. Events come in through ``handle(_:at:)`` with their time; effects go out as
/// values; random numbers, signatures and digests are computed outside and arrive as data. Every
/// state has a function that lists the events it waits for; any other event is late, and
/// `FlowStep.late(_:staying:)` handles it. The machine never goes backwards: everything that
/// happened stays in the ``transcript``. Only what is not sent yet can change:
/// ``FlowEvent/requestEdited(_:)``, ``FlowEvent/exchangeEdited(_:)``. A stage begins when the
/// person asks for it (``FlowEvent/advanced``), except where a real browser sets the pace.
public struct FlowMachine: Sendable, Equatable {
  /// What the machine waits for.
  enum State: Sendable, Equatable {
    /// Nothing was started.
    ///
    /// Leaves on `started`.
    case idle
    /// Stage 1: the listener is being opened.
    ///
    /// Leaves on `listenerReady` and `listenerFailed`.
    case openingListener(Begun)
    /// Stage 1: the discovery document is on its way.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case fetchingMetadata(Listening)
    /// Stage 1: the keys are on their way.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case fetchingKeys(Discovered)
    /// Stage 1 is done.
    ///
    /// Leaves on `advanced`.
    case prepared(Prepared)
    /// Stage 2: the request is being signed.
    ///
    /// Leaves on `signed`.
    case signingRequest(Writing)
    /// Stage 2: the client assertion of the pushed request is being signed.
    ///
    /// Leaves on `signed`.
    case signingPush(Writing)
    /// Stage 2: the pushed request is on its way.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case pushing(Writing)
    /// Stage 2 is done: the request is written.
    ///
    /// Leaves on `advanced`, `browserRequested`, `requestEdited` and, because the URL can be
    /// opened by hand, `callbackArrived`.
    case requested(Requested)
    /// Stage 3: the built-in browser fetches the prompt.
    ///
    /// Leaves on `pageArrived`, `pageFailed`, `browserRequested` and `callbackArrived`.
    case loadingPrompt(Requested)
    /// Stage 3 is done: the prompt is there.
    ///
    /// Leaves on `advanced`, `formFilled`, `browserRequested` and `callbackArrived`.
    case promptShown(Requested, BrowserPage)
    /// Stage 4: a page waits for the person.
    ///
    /// Leaves on `formFilled`, `browserRequested` and `callbackArrived`.
    case authenticating(Requested, BrowserPage)
    /// Stage 4: the built-in browser sends a form.
    ///
    /// Leaves on `pageArrived`, `pageFailed` and `callbackArrived`.
    case submittingForm(Requested)
    /// Stage 4 is done: the built-in browser holds the page that posts the answer.
    ///
    /// Leaves on `advanced` and `callbackArrived`.
    case holdingAnswer(Requested, FormSubmission)
    /// Stage 5: the built-in browser posts the answer.
    ///
    /// Leaves on `callbackArrived`; after `pageArrived` or `pageFailed` no response can arrive.
    case postingAnswer(Requested)
    /// Stages 3 and 4 with a real browser.
    ///
    /// Leaves on `callbackArrived`, `answerPasted`, `authorizeRefused`, and on `clockAdvanced` when
    /// the wait is over.
    case browserAway(BrowserAway)
    /// Stage 5: the encrypted ID token is being opened.
    ///
    /// Leaves on `decrypted`.
    case decryptingAnswer(AnswerEncrypted)
    /// Stage 5: the encrypted JWT that carries the answer is being opened.
    ///
    /// Leaves on `decrypted`.
    case decryptingResponse(ResponseJWTEncrypted)
    /// Stage 5: the signature of the JWT that carries the answer is being verified.
    ///
    /// Leaves on `examined`.
    case examiningResponse(ResponseJWTReceived)
    /// Stage 5: the JWT that carries the answer names an unknown key; the keys are fetched once more.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case refetchingResponseKeys(ResponseJWTReceived)
    /// Stage 5: signatures and digests are being computed.
    ///
    /// Leaves on `examined`.
    case examiningAnswer(AnswerReceived)
    /// Stage 5: the token names an unknown key; the keys are fetched once more.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case refetchingKeys(AnswerReceived)
    /// Stage 5 is done: the code may be sent.
    ///
    /// Leaves on `advanced` and `exchangeRequested`; `exchangeEdited` changes how the code will be
    /// sent.
    case trusted(Trusted)
    /// Stage 6: the client assertion is being signed.
    ///
    /// Leaves on `signed`.
    case signingExchange(SigningExchange)
    /// Stage 6: the code is on its way.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case exchanging(Exchanging)
    /// Stage 6 is done: the token endpoint has answered.
    ///
    /// Leaves on `advanced`.
    case exchanged(Exchanged)
    /// Stage 7: the tenant's ledger is being read.
    ///
    /// Leaves on `ledgerRead`.
    case readingLedger(Exchanged)
    /// Stage 7 is done.
    ///
    /// Leaves on `advanced`.
    case verified(Exchanged)
    /// Stage 8: the second ID token, which is encrypted, is being opened.
    ///
    /// Leaves on `decrypted`.
    case decryptingTokens(TokensEncrypted)
    /// Stage 8: signatures and digests are being computed.
    ///
    /// Leaves on `examined`.
    case examiningTokens(TokensReceived)
    /// Stage 8: the second token names an unknown key.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case refetchingKeysAgain(TokensReceived)
    /// Stage 8 is done.
    ///
    /// Leaves on `advanced`.
    case authorized(Authorized)
    /// Stage 9: the API is being called.
    ///
    /// Leaves on `fetched` and `fetchFailed`.
    case calling(Calling)
    /// Stage 9 is done: the API has answered.
    ///
    /// Leaves on `advanced`.
    case answered(Answered)
    /// Stage 10: signed userinfo is being verified.
    ///
    /// Leaves on `examined`.
    case examiningUserinfo(Answered, UserinfoExamination)
    /// Every stage was run, or correctly skipped.
    ///
    /// Leaves on `actionRequested`, if there is a token to act with.
    case finished(Afterwards?)
    /// After the flow: an action is under way.
    ///
    /// Leaves on the response to its request, and on `abandoned`.
    case acting(Acting)
    /// The run stopped at this stage; the failure is in the transcript.
    case failed(Stage, FlowFailure)
  }

  private(set) var state: State = .idle
  /// Everything that happened so far.
  public private(set) var transcript = Transcript()
  /// Whether stages 6 to 8 run as soon as the answer is trusted.
  public private(set) var exchangesAtOnce = false
  /// What proofs of possession need from request to request; nil for a client without a key for them.
  private var proofs: ProofLedger?

  /// Makes a machine that waits for ``FlowEvent/started(_:_:)``.
  public init() {}

  /// Makes a machine in a given state with an empty transcript.
  init(state: State) { self.state = state }

  /// Takes an event and returns the work to do outside.
  ///
  /// Any event may come at any time: one that is late, repeated or impossible now adds a note at
  /// most.
  public mutating func handle(_ event: FlowEvent, at now: UnixTime) -> [FlowEffect] {
    if case .originalKnown(let original) = event {
      transcript.keep(original)
      return []
    }
    takeOrder(event)
    var step = FlowStep(transcript: transcript, now: now, proofs: proofs)
    transcript = Transcript()
    state = Self.transition(from: state, on: event, &step)
    // Some codes live only a minute, so the person is not asked between these stages.
    while exchangesAtOnce, isBetweenExchangeAndTokens {
      state = Self.transition(from: state, on: .advanced, &step)
    }
    transcript = step.transcript
    proofs = step.proofs
    return step.effects
  }

  /// Remembers what holds for the whole run: its key for proofs, and whether the code is to be
  /// exchanged at once.
  private mutating func takeOrder(_ event: FlowEvent) {
    if case .started(let configuration, let secrets) = event, state == .idle {
      exchangesAtOnce = configuration.exchangesAtOnce
      proofs = ProofLedger(configuration, secrets)
    }
    if event == .exchangeRequested, state != .idle { exchangesAtOnce = true }
  }

  /// Whether the person would be asked before stage 6, 7 or 8.
  private var isBetweenExchangeAndTokens: Bool {
    if case .ready(let next) = situation {
      Stage.exchange <= next && next <= .tokens
    } else {
      false
    }
  }

  private static func transition(
    from state: State, on event: FlowEvent, _ step: inout FlowStep
  ) -> State {
    ProofStage.take(event, staying: state, &step)
      ?? next(from: state, on: event, &step) ?? step.late(event, staying: state)
  }

  /// The next state after an event that the state waits for; nil for other events.
  private static func next(
    from state: State, on event: FlowEvent, _ step: inout FlowStep
  ) -> State? {
    switch state {
    case .idle: PreparationStages.idle(event, &step)
    case .openingListener(let begun): PreparationStages.openingListener(begun, event, &step)
    case .fetchingMetadata(let listening):
      PreparationStages.fetchingMetadata(listening, event, &step)
    case .fetchingKeys(let discovered): PreparationStages.fetchingKeys(discovered, event, &step)
    case .prepared(let prepared): PreparationStages.prepared(prepared, event, &step)
    case .signingRequest(let writing): AuthorizeStage.signingRequest(writing, event, &step)
    case .signingPush(let writing): AuthorizeStage.signingPush(writing, event, &step)
    case .pushing(let writing): AuthorizeStage.pushing(writing, event, &step)
    case .requested(let requested):
      BrowserStages.requested(requested, event, staying: state, &step)
    case .loadingPrompt(let requested):
      BrowserStages.loadingPrompt(requested, event, staying: state, &step)
    case .promptShown(let requested, let page):
      BrowserStages.promptShown(requested, page, event, staying: state, &step)
    case .authenticating(let requested, _):
      BrowserStages.authenticating(requested, event, staying: state, &step)
    case .submittingForm(let requested):
      BrowserStages.submittingForm(requested, event, staying: state, &step)
    case .holdingAnswer(let requested, let form):
      BrowserStages.holdingAnswer(requested, form, event, staying: state, &step)
    case .postingAnswer(let requested):
      BrowserStages.postingAnswer(requested, event, staying: state, &step)
    case .browserAway(let away): BrowserStages.browserAway(away, event, staying: state, &step)
    case .decryptingAnswer(let encrypted): CallbackStage.decryptingAnswer(encrypted, event, &step)
    case .decryptingResponse(let encrypted):
      ResponseJWTStage.decryptingResponse(encrypted, event, &step)
    case .examiningResponse(let received):
      ResponseJWTStage.examiningResponse(received, event, &step)
    case .refetchingResponseKeys(let received):
      ResponseJWTStage.refetchingResponseKeys(received, event, &step)
    case .examiningAnswer(let received): CallbackStage.examiningAnswer(received, event, &step)
    case .refetchingKeys(let received): CallbackStage.refetchingKeys(received, event, &step)
    case .trusted(let trusted): CallbackStage.trusted(trusted, event, &step)
    case .signingExchange(let signing): ExchangeStages.signingExchange(signing, event, &step)
    case .exchanging(let exchanging): ExchangeStages.exchanging(exchanging, event, &step)
    case .exchanged(let exchanged): ExchangeStages.exchanged(exchanged, event, &step)
    case .readingLedger(let exchanged): ExchangeStages.readingLedger(exchanged, event, &step)
    case .verified(let exchanged): ExchangeStages.verified(exchanged, event, &step)
    case .decryptingTokens(let encrypted):
      ExchangeStages.decryptingTokens(encrypted, event, &step)
    case .examiningTokens(let received): ExchangeStages.examiningTokens(received, event, &step)
    case .refetchingKeysAgain(let received):
      ExchangeStages.refetchingKeysAgain(received, event, &step)
    case .authorized(let authorized): APIStages.authorized(authorized, event, &step)
    case .calling(let calling): APIStages.calling(calling, event, &step)
    case .answered(let answered): APIStages.answered(answered, event, &step)
    case .examiningUserinfo(let answered, let examination):
      APIStages.examiningUserinfo(answered, examination, event, &step)
    case .finished(let after): AfterStage.finished(after, event, staying: state, &step)
    case .acting(let acting): AfterStage.acting(acting, event, &step)
    case .failed: nil
    }
  }

  /// What the run waits for, and what the person can do about it.
  public var situation: Situation {
    switch state {
    case .idle: .idle
    case .openingListener: .busy(.login, .openingListener)
    case .fetchingMetadata: .busy(.login, .fetchingMetadata)
    case .fetchingKeys: .busy(.login, .fetchingKeys)
    case .prepared: .ready(next: .authorize)
    case .signingRequest, .signingPush: .busy(.authorize, .signing)
    case .pushing: .busy(.authorize, .pushingRequest)
    case .requested: .ready(next: .prompt)
    case .loadingPrompt: .busy(.prompt, .loadingPage)
    case .promptShown: .ready(next: .authenticate)
    case .authenticating(_, let page): .pageShown(.authenticate, page)
    case .submittingForm: .busy(.authenticate, .submittingForm)
    case .holdingAnswer: .ready(next: .callback)
    case .postingAnswer: .busy(.callback, .submittingForm)
    case .browserAway(let away):
      .browserAway(away.signsIn ? .authenticate : .prompt, since: away.since, until: away.until)
    case .decryptingResponse, .examiningResponse, .decryptingAnswer, .examiningAnswer:
      .busy(.callback, .examiningCallback)
    case .refetchingResponseKeys, .refetchingKeys: .busy(.callback, .fetchingKeys)
    case .trusted: .ready(next: .exchange)
    case .signingExchange: .busy(.exchange, .signing)
    case .exchanging: .busy(.exchange, .exchangingCode)
    case .exchanged: .ready(next: .verify)
    case .readingLedger: .busy(.verify, .readingLedger)
    case .verified: .ready(next: .tokens)
    case .decryptingTokens, .examiningTokens: .busy(.tokens, .examiningTokens)
    case .refetchingKeysAgain: .busy(.tokens, .fetchingKeys)
    case .authorized: .ready(next: .api)
    case .calling(let calling):
      .busy(.api, calling.waiting == .userinfo ? .callingUserinfo : .callingAPI)
    case .answered: .ready(next: .data)
    case .examiningUserinfo: .busy(.data, .examiningTokens)
    case .finished: .finished
    case .acting(let acting): acting.situation(transcript.newestStage)
    case .failed(let stage, let failure): .failed(stage, failure)
    }
  }

  /// The actions offered after the flow, in list order; empty before its end.
  public var afterActions: [AfterOffer] {
    var busy: String?
    let after: Afterwards
    if case .finished(let finished?) = state {
      after = finished
    } else if case .acting(let acting) = state {
      after = acting.after
      busy = "still at work"
    } else {
      return []
    }
    if transcript.afterwards.count >= Afterwards.actionsMaximum {
      busy = "\(Afterwards.actionsMaximum) actions are enough for one run"
    }
    return AfterAction.all.map {
      AfterOffer(action: $0, unavailable: busy ?? after.unavailable($0))
    }
  }
}
