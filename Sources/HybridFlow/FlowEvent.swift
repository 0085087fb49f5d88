import OpenID

/// An event: the only input of the flow machine.
public enum FlowEvent: Sendable, Equatable {
  /// The person clicked Login.
  ///
  /// Posted by the command or controller that starts a run.
  case started(FlowConfiguration, FlowSecrets)
  /// The person asked for the next stage.
  ///
  /// Posted on a key press, or by a command without a screen after each stage.
  case advanced
  /// The person gave up.
  case abandoned
  /// The person wants a real browser instead of the built-in one.
  case browserRequested
  /// Something was found out beside the messages of the run, in sentences; a note, nothing more.
  ///
  /// Posted by the commands, the explorer and the transport: a warning before the request is sent,
  /// the proxy on the way.
  case remarked(String, warns: Bool)
  /// The provider refuses this authorization request without asking anybody: no answer will come.
  ///
  /// Posted after a request of its own, by commands and the explorer, while a browser is away.
  case authorizeRefused(OAuthError)

  /// The listener is up at this redirect URI, its port now known.
  ///
  /// Answers ``FlowEffect/listen(_:)``.
  case listenerReady(WebURL)
  /// The listener could not be opened; the text says why and what to do.
  ///
  /// Answers ``FlowEffect/listen(_:)``.
  case listenerFailed(String)

  /// A response arrived.
  ///
  /// Answers ``FlowEffect/fetch(_:_:)``; the request is the one that really went out.
  case fetched(FetchPurpose, HTTPRequest, HTTPResponse)
  /// No response arrived.
  ///
  /// Answers ``FlowEffect/fetch(_:_:)``.
  case fetchFailed(FetchPurpose, TransportFailure)

  /// A real browser was started, or could not be; the text says which and how.
  ///
  /// Answers ``FlowEffect/openBrowser(_:)``.
  case browserOpened(succeeded: Bool, detail: String)
  /// The browser and the tenant exchanged a message; visible because the tenant is built in.
  case browserExchanged(HTTPRequest, HTTPResponse)
  /// The built-in browser stopped at a page.
  ///
  /// Answers ``FlowEffect/navigate(_:)`` and ``FlowEffect/submit(_:)``.
  case pageArrived(BrowserPage)
  /// The built-in browser got no answer.
  case pageFailed(TransportFailure)
  /// The person filled in a form of the page and pressed a button.
  case formFilled(FormSubmission)

  /// A request arrived at the redirect URI's path.
  ///
  /// Posted by the listener; answered by ``FlowEffect/answerCallback(_:_:)`` with the same number.
  case callbackArrived(CallbackNumber, HTTPRequest)
  /// The person pasted the response, because their browser cannot reach the redirect URI.
  case answerPasted(PastedAnswer)
  /// The browser asked for the application's start address, which sends it to the tenant.
  ///
  /// Posted by the listener, which has answered it already: ``FlowEffect/offerLogin(_:)``.
  case loginOpened(HTTPRequest)
  /// A request with parts of a response came to another address of the application.
  ///
  /// Posted by the listener, which has answered it already.
  case answerMisplaced(HTTPRequest)
  /// This many more requests came that do not belong to this run.
  ///
  /// Only in recordings, where it replaces all but the first of them; a live run never posts it.
  case straysCounted(StrayRequests)
  /// A request at the application's port was refused before the application saw it.
  ///
  /// Posted by the listener, which has answered it already.
  case requestRefused(RefusedRequest)
  /// The results of signatures and digests, in the order of the tasks.
  ///
  /// Answers ``FlowEffect/examine(_:)``.
  case examined([CryptoFinding])
  /// The client's key has signed, or could not.
  ///
  /// Answers ``FlowEffect/sign(_:)``.
  case signed(SigningTask.Purpose, SigningOutcome)
  /// An encrypted token was opened, or could not be.
  ///
  /// Answers ``FlowEffect/decrypt(_:)``.
  case decrypted(DecryptionTask.Purpose, DecryptionOutcome)
  /// The built-in tenant's ledger of what it verified.
  ///
  /// Answers ``FlowEffect/readLedger``.
  case ledgerRead([ServerCheck])
  /// Time has passed; posted about every second, so that waits can end.
  case clockAdvanced

  /// The person edited the authorization request, which is written but not sent.
  ///
  /// Posted by the editor of stage 2; the request is written again.
  case requestEdited(RequestEdit)
  /// The person edited the token request, which is not sent yet.
  ///
  /// Posted by the editor of stage 6; `advanced` sends it.
  case exchangeEdited(RequestEdit)
  /// The code is to be exchanged at once, or as soon as the authorization response is trusted.
  ///
  /// Stages 6 to 8 then run without a request from the person: some codes live only a minute.
  case exchangeRequested

  /// The person requested an action with the tokens, after the flow.
  case actionRequested(AfterAction)
  /// The browser came back from a logout, to ``PostLogout/redirectURI(beside:)``.
  case loggedOut(HTTPRequest)

  /// What the message that a fault of the lab has just changed was without the fault.
  ///
  /// Posted after that message by whoever carries out the fault; has no effect without a fault.
  case originalKnown(Message.Original)

  /// The browser and another application exchanged a message, as a file tells it.
  ///
  /// Only in the run of a ``Witness``.
  case witnessed(WitnessedExchange)
}

/// Work that the machine requests from outside.
public enum FlowEffect: Sendable, Equatable {
  /// Open the listener.
  ///
  /// Answered by ``FlowEvent/listenerReady(_:)`` or ``FlowEvent/listenerFailed(_:)``.
  case listen(WebURL)
  /// Send a request over the back channel.
  ///
  /// Answered by ``FlowEvent/fetched(_:_:_:)`` or ``FlowEvent/fetchFailed(_:_:)``.
  case fetch(FetchPurpose, HTTPRequest)
  /// Answer the application's start address like this from now on.
  ///
  /// Every request there is told by ``FlowEvent/loginOpened(_:)``.
  case offerLogin(HTTPResponse)
  /// Send a real browser to this URL.
  ///
  /// Answered by ``FlowEvent/browserOpened(succeeded:detail:)``.
  case openBrowser(WebURL)
  /// Send the built-in browser to this URL.
  ///
  /// Answered by ``FlowEvent/pageArrived(_:)`` or ``FlowEvent/pageFailed(_:)``.
  case navigate(WebURL)
  /// Let the built-in browser submit a form.
  ///
  /// Answered by ``FlowEvent/pageArrived(_:)`` or ``FlowEvent/pageFailed(_:)``.
  case submit(FormSubmission)
  /// Answer a request at the redirect URI.
  case answerCallback(CallbackNumber, CallbackAnswer)
  /// Verify signatures and compute digests.
  ///
  /// Answered by ``FlowEvent/examined(_:)``.
  case examine([CryptoTask])
  /// Sign a JWT with the client's key.
  ///
  /// Answered by ``FlowEvent/signed(_:_:)``.
  case sign(SigningTask)
  /// Open an encrypted token with the client's key.
  ///
  /// Answered by ``FlowEvent/decrypted(_:_:)``.
  case decrypt(DecryptionTask)
  /// Read the built-in tenant's ledger of the token request.
  ///
  /// Answered by ``FlowEvent/ledgerRead(_:)``.
  case readLedger
  /// Read the built-in tenant's ledger of the request that it has refused.
  ///
  /// Answered by ``FlowEvent/ledgerRead(_:)``, after the run has stopped.
  case readRefusal
  /// Close the listener: the run is over.
  case stopListening
}

/// What a back-channel request is for.
public enum FetchPurpose: String, Sendable, Hashable, CaseIterable {
  /// The discovery document.
  case metadata
  /// The provider's keys.
  case keys
  /// The provider's keys once more, because a token names one that was not there.
  case keysAgain
  /// The pushed authorization request.
  ///
  /// RFC 9126, section 2.
  case pushedRequest
  /// The token endpoint.
  case token
  /// The API.
  case api
  /// The userinfo endpoint.
  case userinfo
  /// The token endpoint, for a refresh.
  case refresh
  /// The introspection endpoint.
  case introspection
  /// The revocation endpoint.
  case revocation
}

extension FetchPurpose {
  /// Whether the client's certificate is meant for it: documents are for everybody.
  var showsCertificate: Bool {
    switch self {
    case .metadata, .keys, .keysAgain: false
    case .pushedRequest, .token, .api, .userinfo, .refresh, .introspection, .revocation: true
    }
  }

  /// Whether it carries a proof of possession, if the client has a key for that.
  ///
  /// RFC 9449, sections 5, 7 and 10.1: where tokens are issued or used, and where a code is asked for.
  var carriesProof: Bool {
    switch self {
    case .pushedRequest, .token, .refresh, .api, .userinfo: true
    case .metadata, .keys, .keysAgain, .introspection, .revocation: false
    }
  }

  /// Whether the access token goes with it.
  var usesAccessToken: Bool { self == .api || self == .userinfo }
}

/// Tells requests at the redirect URI apart.
public struct CallbackNumber: Sendable, Hashable {
  /// Counts from 1.
  public var value: Int
  /// Makes a number.
  public init(_ value: Int) { self.value = value }
}

/// The response that the browser gets at the redirect URI.
public enum CallbackAnswer: Sendable, Equatable {
  /// The authorization response was accepted: 303 to a page that says it may be closed.
  case accepted
  /// The authorization response was refused: 303 to a page that says why, and where to look.
  case refused(CallbackRefusal)
  /// A response was already taken: the page says so; nothing was processed.
  case repeated
  /// No run waits for a response.
  case notExpected
  /// The response belongs to another run or to none: it was refused, and the run keeps waiting.
  case notOurs
  /// A GET without parameters: the answer may stand behind the `#`; the page hands it over.
  ///
  /// An application that has not asked for the fragment takes only what holds no secret.
  case relayFragment(takesEverything: Bool, page: CallbackPageTraits = .careful)
}

/// Why a response was refused, as far as the browser is told.
public enum CallbackRefusal: String, Sendable, Hashable, CaseIterable {
  /// A check failed.
  case checks
  /// It belongs to another sign-in: its state is not that of this run.
  case foreign
  /// It was in the URL, where form_post puts nothing.
  case notPosted
  /// It is the provider’s error.
  case error
  /// It is `access_denied`: the person declined, or a rule of the provider did.
  case declined
  /// The person gave up the run in the meantime.
  case abandoned
}

/// A page at which the built-in browser stopped.
public struct BrowserPage: Sendable, Equatable {
  /// Its address.
  public var url: WebURL
  /// The response's status.
  public var status: Int
  /// Its content.
  public var page: HTMLPage

  /// Makes a page.
  public init(url: WebURL, status: Int, page: HTMLPage) {
    self.url = url
    self.status = status
    self.page = page
  }
}

/// A filled-in form for the built-in browser to send.
public struct FormSubmission: Sendable, Equatable {
  /// Where it goes.
  public var action: WebURL
  /// `GET` or `POST`.
  public var method: String
  /// The fields in the order of the document; may hold a password.
  public var fields: [FormField]

  /// Makes a submission.
  public init(action: WebURL, method: String, fields: [FormField]) {
    self.action = action
    self.method = method
    self.fields = fields
  }
}

/// Work for libcrypto.
public enum CryptoTask: Sendable, Equatable {
  /// Verify a token's signature with this key and algorithm.
  case signature(CompactJWS, SignatureAlgorithm, JSONWebKey)
  /// Hash these bytes.
  case digest([UInt8], DigestAlgorithm)
}

/// What libcrypto found.
public enum CryptoFinding: Sendable, Equatable {
  /// The signature verifies.
  case signatureValid
  /// The signature does not verify.
  case signatureInvalid
  /// The digest.
  case digest([UInt8])
  /// The key or algorithm cannot be used; the text says why.
  case unusable(String)
}

/// One thing the authorization server verified in stage 7.
public struct ServerCheck: Sendable, Equatable {
  /// A short id, such as `code-unused`.
  public var id: String
  /// What was verified, in words.
  public var what: String
  /// What was compared, with secrets masked.
  public var detail: String
  /// Whether it passed; nil when that cannot be known from outside.
  public var passed: Bool?
  /// The specification of the rule.
  public var spec: SpecReference
  /// Whether the tenant itself reported it; otherwise it is inferred from the response.
  public var observed: Bool

  /// Makes a line.
  public init(
    id: String, what: String, detail: String, passed: Bool?, spec: SpecReference, observed: Bool
  ) {
    self.id = id
    self.what = what
    self.detail = detail
    self.passed = passed
    self.spec = spec
    self.observed = observed
  }
}
