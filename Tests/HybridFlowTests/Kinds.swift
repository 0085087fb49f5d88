import OpenID

@testable import HybridFlow
import Inspection

/// What a machine waits for, by name.
///
/// One case for each state, and one for each thing that an action after the flow waits for: a state
/// that is added does not compile before it has a case here, and a case not before it has a row in
/// the tables of ``EventWalkTests``.
enum StateKind: String, Sendable, Hashable, CaseIterable {
  case idle, openingListener, fetchingMetadata, fetchingKeys, prepared
  case signingRequest, signingPush, pushing, requested
  case loadingPrompt, promptShown, authenticating, submittingForm, holdingAnswer, postingAnswer
  case browserAway
  case decryptingResponse, examiningResponse, refetchingResponseKeys
  case decryptingAnswer, examiningAnswer, refetchingKeys, trusted
  case signingExchange, exchanging, exchanged, readingLedger, verified
  case decryptingTokens, examiningTokens, refetchingKeysAgain, authorized
  case calling, answered, examiningUserinfo
  case finished, failed
  case actingSigning = "acting(signing)"
  case actingResponse = "acting(response)"
  case actingDecrypting = "acting(decrypting)"
  case actingKeys = "acting(keys)"
  case actingRefresh = "acting(refresh)"
  case actingUserinfo = "acting(userinfo)"
  case actingNavigation = "acting(navigation)"
  case actingPage = "acting(page)"
  case actingBrowser = "acting(browser)"

  init(_ state: FlowMachine.State) {
    self =
      switch state {
      case .idle: .idle
      case .openingListener: .openingListener
      case .fetchingMetadata: .fetchingMetadata
      case .fetchingKeys: .fetchingKeys
      case .prepared: .prepared
      case .signingRequest: .signingRequest
      case .signingPush: .signingPush
      case .pushing: .pushing
      case .requested: .requested
      case .loadingPrompt: .loadingPrompt
      case .promptShown: .promptShown
      case .authenticating: .authenticating
      case .submittingForm: .submittingForm
      case .holdingAnswer: .holdingAnswer
      case .postingAnswer: .postingAnswer
      case .browserAway: .browserAway
      case .decryptingAnswer: .decryptingAnswer
      case .decryptingResponse: .decryptingResponse
      case .examiningResponse: .examiningResponse
      case .refetchingResponseKeys: .refetchingResponseKeys
      case .examiningAnswer: .examiningAnswer
      case .refetchingKeys: .refetchingKeys
      case .trusted: .trusted
      case .signingExchange: .signingExchange
      case .exchanging: .exchanging
      case .exchanged: .exchanged
      case .readingLedger: .readingLedger
      case .verified: .verified
      case .decryptingTokens: .decryptingTokens
      case .examiningTokens: .examiningTokens
      case .refetchingKeysAgain: .refetchingKeysAgain
      case .authorized: .authorized
      case .calling: .calling
      case .answered: .answered
      case .examiningUserinfo: .examiningUserinfo
      case .finished: .finished
      case .failed: .failed
      case .acting(let acting): StateKind(acting.waiting)
      }
  }

  private init(_ waiting: Acting.Waiting) {
    self =
      switch waiting {
      case .signing: .actingSigning
      case .response: .actingResponse
      case .decrypting: .actingDecrypting
      case .keys: .actingKeys
      case .refresh: .actingRefresh
      case .userinfo: .actingUserinfo
      case .navigation: .actingNavigation
      case .page: .actingPage
      case .browser: .actingBrowser
      }
  }

  /// Whether an action after the flow is under way.
  var isActing: Bool { rawValue.hasPrefix("acting(") }
}

extension FlowMachine {
  var stateKind: StateKind { StateKind(state) }
}

/// Events by name; complete by the same means.
enum EventKind: String, Sendable, Hashable, CaseIterable {
  case started, advanced, abandoned, browserRequested, listenerReady, listenerFailed
  case fetched, fetchFailed, browserOpened, browserExchanged, pageArrived, pageFailed, formFilled
  case callbackArrived, answerPasted, answerMisplaced, straysCounted, requestRefused
  case examined, signed, decrypted, ledgerRead, clockAdvanced, requestEdited, exchangeEdited
  case exchangeRequested, actionRequested, loggedOut, originalKnown, remarked, authorizeRefused
  case witnessed, loginOpened

  init(_ event: FlowEvent) {
    self =
      switch event {
      case .started: .started
      case .advanced: .advanced
      case .abandoned: .abandoned
      case .browserRequested: .browserRequested
      case .listenerReady: .listenerReady
      case .listenerFailed: .listenerFailed
      case .fetched: .fetched
      case .fetchFailed: .fetchFailed
      case .browserOpened: .browserOpened
      case .browserExchanged: .browserExchanged
      case .pageArrived: .pageArrived
      case .pageFailed: .pageFailed
      case .formFilled: .formFilled
      case .callbackArrived: .callbackArrived
      case .answerPasted: .answerPasted
      case .answerMisplaced: .answerMisplaced
      case .straysCounted: .straysCounted
      case .requestRefused: .requestRefused
      case .examined: .examined
      case .signed: .signed
      case .decrypted: .decrypted
      case .ledgerRead: .ledgerRead
      case .clockAdvanced: .clockAdvanced
      case .requestEdited: .requestEdited
      case .exchangeEdited: .exchangeEdited
      case .exchangeRequested: .exchangeRequested
      case .actionRequested: .actionRequested
      case .loggedOut: .loggedOut
      case .originalKnown: .originalKnown
      case .remarked: .remarked
      case .authorizeRefused: .authorizeRefused
      case .witnessed: .witnessed
      case .loginOpened: .loginOpened
      }
  }

  /// Events of this kind, with values that fit no particular state.
  func samples() throws -> [FlowEvent] {
    let request = HTTPRequest(method: "GET", url: try Sample.url(Sample.issuer + "login"))
    let failure = TransportFailure(kind: .reset, message: "The connection was reset.")
    let form = FormSubmission(
      action: try Sample.url(Sample.issuer + "login"), method: "POST",
      fields: [FormField("password", "short")])
    let stateless = HTTPRequest(method: "GET", target: "/callback")
    switch self {
    case .started: return [.started(try Sample.configuration(), Sample.secrets)]
    case .advanced: return [.advanced]
    case .abandoned: return [.abandoned]
    case .browserRequested: return [.browserRequested]
    case .listenerReady: return [.listenerReady(try Sample.url("http://localhost:1/other"))]
    case .listenerFailed: return [.listenerFailed("The port is taken.")]
    case .fetched:
      return FetchPurpose.allCases.map {
        .fetched($0, request, HonestProvider.json(["keys": []]))
      }
    case .fetchFailed: return FetchPurpose.allCases.map { .fetchFailed($0, failure) }
    case .browserOpened:
      return [
        .browserOpened(succeeded: true, detail: "Opened."),
        .browserOpened(succeeded: false, detail: "There is no browser."),
      ]
    case .browserExchanged: return [.browserExchanged(request, HTTPResponse(status: 200))]
    case .pageArrived: return [.pageArrived(try Pages.login("Another page"))]
    case .pageFailed: return [.pageFailed(failure)]
    case .formFilled: return [.formFilled(form)]
    case .callbackArrived:
      return [
        .callbackArrived(CallbackNumber(90), stateless),
        .callbackArrived(
          CallbackNumber(91), HTTPRequest(method: "GET", target: "/callback?state=other&code=x")),
      ]
    case .answerPasted: return [.answerPasted(try PastedAnswer("code=x&state=other"))]
    case .answerMisplaced: return [.answerMisplaced(stateless)]
    case .straysCounted:
      return [.straysCounted(StrayRequests(.refused, count: 330, reasons: [.stateMatch]))]
    case .requestRefused:
      return [
        .requestRefused(RefusedRequest(.tls, of: nil, answered: HTTPResponse(status: 400))),
        .requestRefused(
          RefusedRequest(.bodyTooLarge, of: stateless, answered: HTTPResponse(status: 413))),
      ]
    case .examined:
      return [.examined([]), .examined([.signatureValid, .digest([1]), .unusable("no")])]
    case .signed:
      return SigningTask.Purpose.allCases.map { .signed($0, .token(Secret("a.b.c"))) }
    case .decrypted:
      return DecryptionTask.Purpose.allCases.map { .decrypted($0, .content(Secret("a.b.c"))) }
    case .ledgerRead: return [.ledgerRead(Pages.ledger)]
    case .clockAdvanced: return [.clockAdvanced]
    case .requestEdited:
      return [
        .requestEdited(RequestEdit(rows: [])),
        .requestEdited(RequestEdit(rows: [.given(FormField("nonce", "n"))], goesAnyway: true)),
      ]
    case .exchangeEdited: return [.exchangeEdited(RequestEdit(rows: [.kept("code", 0)]))]
    case .exchangeRequested: return [.exchangeRequested]
    case .actionRequested: return AfterAction.all.map(FlowEvent.actionRequested)
    case .loggedOut: return [.loggedOut(stateless)]
    case .originalKnown: return [.originalKnown(.nothing)]
    case .remarked:
      return [
        .remarked("By a proxy.", warns: false), .remarked("The clock is wrong.", warns: true),
      ]
    case .authorizeRefused:
      return [.authorizeRefused(OAuthError(endpoint: .page, code: "", status: 403))]
    case .witnessed:
      return [.witnessed(WitnessedExchange(request, HTTPResponse(status: 400)))]
    case .loginOpened: return [.loginOpened(HTTPRequest(method: "GET", target: "/login"))]
    }
  }
}

extension FlowEvent {
  /// The event's name, with the purpose of what has one.
  var kind: String {
    let name = EventKind(self).rawValue
    if case .fetched(let purpose, _, _) = self { return "\(name)(\(purpose.rawValue))" }
    if case .fetchFailed(let purpose, _) = self { return "\(name)(\(purpose.rawValue))" }
    if case .signed(let purpose, _) = self { return "\(name)(\(purpose.rawValue))" }
    if case .decrypted(let purpose, _) = self { return "\(name)(\(purpose.rawValue))" }
    return name
  }
}
