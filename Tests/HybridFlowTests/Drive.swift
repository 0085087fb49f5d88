import Cryptography
import OpenID
import TestSupport
import Testing

@testable import HybridFlow

/// Runs the machine against an ``HonestProvider``: answers each effect until nothing is left to do.
struct Drive {
  /// One event, and the machine before and after it.
  struct Turn {
    let event: FlowEvent
    let before: FlowMachine
    let effects: [FlowEffect]
    let after: FlowMachine
    let now: UnixTime
  }

  let configuration: FlowConfiguration
  var provider: HonestProvider
  var machine = FlowMachine()
  private(set) var turns: [Turn] = []
  private(set) var authorizeRequest: [FormField] = []
  private(set) var tokenRequests: [HTTPRequest] = []
  private(set) var apiRequests: [HTTPRequest] = []
  private(set) var pushedRequests: [HTTPRequest] = []
  private(set) var signings: [SigningTask] = []
  /// The client's own key; without one nothing can be signed.
  var clientKey: SigningKey?
  /// The client's key for encrypted tokens.
  var decryptionKey = try? Encrypted.key()
  /// Answers a request in the provider's place; nil lets the provider answer.
  var interrupts: (FetchPurpose, HTTPRequest) throws -> HTTPResponse? = { _, _ in nil }
  private(set) var refreshRequests: [HTTPRequest] = []
  private var queue: [FlowEvent] = []
  private var offered: HTTPResponse?
  /// The application's cookie in the browser.
  private var jar: BrowserCookie?
  private(set) var now = Sample.start
  private var callbacks = 0

  init(_ configuration: FlowConfiguration, _ provider: HonestProvider) {
    self.configuration = configuration
    self.provider = provider
    queue = [.started(configuration, Sample.secrets)]
  }

  /// Runs to the end and returns the drive.
  static func run(
    _ configuration: FlowConfiguration, _ provider: HonestProvider? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Drive {
    var drive = Drive(
      configuration, try provider ?? HonestProvider(configuration.idTokenAlgorithm))
    try drive.run()
    drive.expectInvariants(sourceLocation)
    return drive
  }

  var transcript: Transcript { machine.transcript }
  var effects: [FlowEffect] { turns.flatMap(\.effects) }

  /// Runs until the run is over, or until a turn after which `stop` holds.
  mutating func run(until stop: (FlowMachine) -> Bool = { _ in false }) throws {
    for _ in 0..<200 {
      if stop(machine) { return }
      guard let event = next() else { return }
      try deliver(event)
    }
    throw Unexpected("the run does not end: \(machine.stateName)")
  }

  private mutating func next() -> FlowEvent? {
    if !queue.isEmpty { return queue.removeFirst() }
    switch machine.situation {
    case .ready: return .advanced
    case .pageShown(_, let page): return filledIn(page)
    case .browserAway(_, _, let until):
      // A refused answer ends the run only when the wait is over.
      guard
        transcript[.callback].checks.contains(where: \.isOfRefused)
          || !transcript.refusedRequests.isEmpty
      else { return nil }
      now = until
      return .clockAdvanced
    case .idle, .busy, .finished, .failed: return nil
    }
  }

  /// Forgets what was about to happen, such as an answer that is not to arrive.
  mutating func forgetQueue() { queue = [] }

  /// Delivers an event and queues the answers to the machine's effects.
  @discardableResult
  mutating func deliver(_ event: FlowEvent) throws -> [FlowEffect] {
    let before = machine
    now = now.adding(seconds: 1)
    let effects = machine.handle(event, at: now)
    turns.append(
      Turn(event: event, before: before, effects: effects, after: machine, now: now))
    for effect in effects { try answer(effect) }
    return effects
  }

  private mutating func answer(_ effect: FlowEffect) throws {
    switch effect {
    case .listen(let url): queue.append(.listenerReady(url))
    case .fetch(let purpose, let request): try fetch(purpose, request)
    case .openBrowser(let url): try browse(url)
    case .navigate(let url):
      authorizeRequest = try asked(by: try followed(url))
      queue.append(.pageArrived(try Pages.login()))
    case .submit(let form):
      if form.action == configuration.redirectURI {
        try callBack(form.fields)
      } else {
        let fields = try provider.answer(authorizeRequest, at: now)
        queue.append(.pageArrived(try Pages.answer(fields, to: configuration.redirectURI)))
      }
    case .examine(let tasks): queue.append(.examined(tasks.map(CryptoWork.finding)))
    case .sign(let task):
      signings.append(task)
      queue.append(.signed(task.purpose, try sign(task)))
    case .decrypt(let task):
      queue.append(.decrypted(task.purpose, CryptoWork.opened(task, with: decryptionKey)))
    case .readLedger: queue.append(.ledgerRead(Pages.ledger))
    case .offerLogin(let response): offered = response
    case .answerCallback, .stopListening, .readRefusal: break
    }
  }

  /// What stands behind an address: of the start, where it sends the browser.
  private mutating func followed(_ url: WebURL) throws -> WebURL {
    guard url == LoginStart.url(beside: configuration.redirectURI), let offered else { return url }
    queue.append(.loginOpened(HTTPRequest(method: "GET", url: url)))
    if let line = offered.headers["Set-Cookie"] {
      jar = BrowserCookie(setCookie: line, from: url, at: now)
    }
    return try url.resolving(offered.headers["Location"] ?? "")
  }

  private mutating func fetch(_ purpose: FetchPurpose, _ request: HTTPRequest) throws {
    let interruption = try interrupts(purpose, request)
    let response: HTTPResponse
    switch purpose {
    case .metadata:
      var document = HonestProvider.json(try provider.metadata())
      try provider.editDocument(&document)
      response = document
    case .keys: response = try provider.keySet(again: false)
    case .keysAgain: response = try provider.keySet(again: true)
    case .pushedRequest:
      pushedRequests.append(request)
      response = try provider.pushed()
    case .token:
      tokenRequests.append(request)
      response = try provider.tokens(authorizeRequest, at: now)
    case .api:
      apiRequests.append(request)
      response = try provider.api()
    case .userinfo:
      apiRequests.append(request)
      response = try provider.userinfo()
    case .refresh:
      refreshRequests.append(request)
      response = try provider.refreshed(authorizeRequest, at: now)
    case .introspection: response = try provider.introspected()
    case .revocation: response = try provider.revoked()
    }
    queue.append(.fetched(purpose, request, interruption ?? response))
  }

  private func sign(_ task: SigningTask) throws -> SigningOutcome {
    guard let clientKey else { return .unusable("There is no key.") }
    let payload = Array(task.claims.compactText.utf8)
    return .token(Secret(try clientKey.compactJWS(header: task.header, payload: payload)))
  }

  /// The parameters, taken out of whatever wraps them.
  private func asked(by url: WebURL) throws -> [FormField] {
    var fields = try FormEncoding.decode(url.query ?? "")
    if fields["request_uri"] != nil, let pushed = pushedRequests.last {
      fields = try FormEncoding.decode(pushed.body)
    }
    if let object = fields["request"] {
      let claims = try CompactJWS(object).claims()
      fields = (claims.members ?? []).map { FormField($0.name, $0.value.string ?? "") }
    }
    return fields
  }

  private mutating func browse(_ address: WebURL) throws {
    let url = try followed(address)
    authorizeRequest = try asked(by: url)
    queue.append(.browserOpened(succeeded: true, detail: "A browser was opened."))
    let fields = try provider.answer(authorizeRequest, at: now)
    if configuration.observesTenant {
      queue += try Pages.observed(url, fields, configuration.redirectURI)
    }
    try callBack(fields)
  }

  private mutating func callBack(_ fields: [FormField]) throws {
    callbacks += 1
    var provider = provider
    if let jar, isSent(jar) {
      let edit = provider.editCallback
      provider.editCallback = {
        $0.headers.add("Cookie", "\(jar.name)=\(jar.value)")
        try edit(&$0)
      }
    }
    queue.append(
      .callbackArrived(
        CallbackNumber(callbacks),
        try provider.callback(
          fields, redirectURI: configuration.redirectURI, by: configuration.responseMode)))
  }

  private func isSent(_ cookie: BrowserCookie) -> Bool {
    cookie.withheld(
      from: configuration.redirectURI, method: "POST",
      isCrossSite: BrowserCookie.isCrossSite(
        from: configuration.issuer, to: configuration.redirectURI), at: now) == nil
  }

  private func filledIn(_ page: BrowserPage) -> FlowEvent? {
    guard let form = page.page.forms.first, let action = try? page.page.target(of: form) else {
      return nil
    }
    let values = [FormField("username", "jane"), FormField("password", Sample.password)]
    return .formFilled(
      FormSubmission(
        action: action, method: "POST",
        fields: form.submission(values: values, pressing: form.buttons.first)))
  }

  /// What holds at the end of every run, good or bad.
  func expectInvariants(_ sourceLocation: SourceLocation = #_sourceLocation) {
    let unfinished = transcript.stages.filter { $0.status == .running || $0.status == .pending }
    #expect(unfinished.map(\.stage) == [], sourceLocation: sourceLocation)
    #expect(effects.last == .stopListening, sourceLocation: sourceLocation)
    #expect(
      effects.filter { $0 == .stopListening }.count == 1, sourceLocation: sourceLocation)
    let arrived = turns.compactMap { turn -> CallbackNumber? in
      if case .callbackArrived(let number, _) = turn.event { number } else { nil }
    }
    let answered = effects.compactMap { effect -> CallbackNumber? in
      if case .answerCallback(let number, _) = effect { number } else { nil }
    }
    #expect(arrived == answered, "each callback is answered once", sourceLocation: sourceLocation)
    #expect(tokenRequests.count <= 1, "the code is sent once", sourceLocation: sourceLocation)
    #expect(
      transcript.messages.map(\.id) == Array(1..<(transcript.messages.count + 1)),
      sourceLocation: sourceLocation)
    if let failure = transcript.failure {
      let stage = transcript.stages.first { $0.failure != nil }?.stage ?? .login
      #expect(machine.situation == .failed(stage, failure), sourceLocation: sourceLocation)
      for later in transcript.stages where later.stage > stage {
        #expect(later.status == .skipped, sourceLocation: sourceLocation)
        #expect(later.checks.isEmpty, sourceLocation: sourceLocation)
      }
    } else {
      #expect(machine.situation == .finished, sourceLocation: sourceLocation)
    }
  }
}
