import Cryptography
import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Recording
import Settings

/// One run of the flow with everything around it: the machine, and those who do what it asks for.
///
/// Every face uses it: the explorer, `run` and the tests. Events go in by ``post(_:)`` and are
/// handled one by one in a later turn of the loop; after each the face is told.
public final class FlowSession {
  /// The loop on which everything happens.
  public let loop: PollLoop
  /// The built-in tenant, when the session has one.
  public let tenant: TenantHost?
  /// The machine as it is now.
  public internal(set) var machine = FlowMachine()
  /// The configuration of the run, once one was started.
  public private(set) var configuration: FlowConfiguration?
  /// Told after each event that the machine has handled.
  public var onChange: (() -> Void)?
  /// Told which URL a real browser is to open, before it is tried.
  public var onBrowserURL: ((WebURL) -> Void)?
  /// Told the redirect URI with its real port, once it is listened at.
  public var onListening: ((WebURL) -> Void)?
  /// What happens to the answer between the built-in browser and the application; for the lab.
  ///
  /// It counts only with the built-in tenant.
  public var attack: CallbackAttack?
  /// What keeps the run; nil keeps nothing.
  public var recorder: Recorder?
  /// The recording that is gone through in place of a run.
  public internal(set) var replay: ReplayRun?

  package let options: SessionOptions
  private let client: HTTPClient
  private let application: CallbackServer
  private var browser = BuiltInBrowser()
  private var launch: BrowserLaunch?
  private var browserURL: WebURL?
  private var queue: [FlowEvent] = []
  private var isDraining = false
  private var clock: LoopTimer?
  /// The address of this session that the tenant knows beside those of its settings.
  private var registered: WebURL?
  /// Counts runs, so that an answer to an earlier one is known as such.
  private var run = 0

  /// Milliseconds between two ticks.
  static let tickMilliseconds = 1000

  /// Makes a session that waits for ``start(_:)``.
  public init(loop: PollLoop, tenant: TenantHost? = nil, options: SessionOptions = SessionOptions())
  {
    self.loop = loop
    self.tenant = tenant
    self.options = options
    client = HTTPClient(
      loop: loop,
      options: ClientOptions(
        timeoutSeconds: options.timeoutSeconds, caFile: options.caFile,
        userAgent: options.userAgent))
    application = CallbackServer(loop: loop)
    application.onCallback = { [weak self] number, request in
      self?.post(.callbackArrived(number, request))
    }
    application.onMisplaced = { [weak self] request in self?.post(.answerMisplaced(request)) }
    application.onRefused = { [weak self] refused in self?.post(.requestRefused(refused)) }
    application.onLoggedOut = { [weak self] request in self?.post(.loggedOut(request)) }
    tenant?.onBrowserExchange = { [weak self] request, response in
      self?.post(.browserExchanged(request, response))
    }
  }

  // MARK: For faces

  /// Starts a run, from the beginning and with fresh random values.
  ///
  /// - Throws: `CryptoFault` when there is no randomness.
  public func start(_ configuration: FlowConfiguration) throws(CryptoFault) {
    if replay != nil {
      self.configuration = configuration
      return replayFromStart()
    }
    let secrets = try FlowSecrets.drawn()
    run += 1
    client.cancelAll()
    launch?.cancel()
    launch = nil
    queue = []
    browser = BuiltInBrowser()
    browserURL = nil
    machine = FlowMachine()
    self.configuration = configuration
    post(.started(configuration, secrets))
  }

  /// Hands an event to the machine, in a later turn of the loop.
  public func post(_ event: FlowEvent) {
    if replay != nil { return replay(event) }
    queue.append(event)
    guard !isDraining else { return }
    isDraining = true
    loop.post { [weak self] in self?.drain() }
  }

  /// Whether nothing is under way: what happens next is up to a person, a browser or the clock.
  public var isIdle: Bool {
    queue.isEmpty && client.runningCount == 0 && launch == nil && !application.isBusy
      && !(tenant?.isHolding ?? false)
  }

  /// Whether the run is over, one way or the other.
  public var isOver: Bool {
    switch machine.situation {
    case .finished, .failed: true
    case .idle, .ready, .busy, .pageShown, .browserAway: false
    }
  }

  /// The redirect URI with its real port, while it is listened at.
  public var redirectURI: WebURL? { application.redirectURI }

  /// Sends a real browser once more to where it was sent before.
  public func openBrowserAgain() {
    if let browserURL { open(browserURL) }
  }

  /// Whether a browser is still to fetch the page that says how it ended.
  public var owesPage: Bool { application.owesPage }

  /// Gives everything up and closes the application's port.
  public func close() {
    run += 1
    client.cancelAll()
    launch?.cancel()
    launch = nil
    clock?.cancel()
    clock = nil
    queue = []
    application.stop()
  }

  // MARK: The machine

  private func drain() {
    isDraining = false
    let events = queue
    queue = []
    let current = run
    for event in events where current == run {
      let now = loop.now
      let situation = machine.situation
      let effects = machine.handle(event, at: now)
      recorder?.take(event, at: now, in: situation, strays: machine.transcript.strays)
      for effect in effects { perform(effect) }
      onChange?()
    }
    windClock()
  }

  /// Tells the machine the time while it waits for somebody; nothing else of it looks at a clock.
  private func windClock() {
    guard clock == nil, case .browserAway = machine.situation else { return }
    clock = loop.after(milliseconds: Self.tickMilliseconds) { [weak self] in
      self?.clock = nil
      self?.post(.clockAdvanced)
    }
  }

  /// Posts an answer, unless another run has begun meanwhile.
  private func answer(_ run: Int, _ event: FlowEvent) {
    if run == self.run { post(event) }
  }

  /// The only switch over effects.
  private func perform(_ effect: FlowEffect) {
    let run = run
    switch effect {
    case .listen(let uri): post(listen(at: uri))
    case .fetch(let purpose, let request):
      client.send(request) { [weak self] result in
        switch result {
        case .success(let exchange):
          self?.answer(run, .fetched(purpose, exchange.request, exchange.response))
        case .failure(let fault): self?.answer(run, .fetchFailed(purpose, TransportFailure(fault)))
        }
      }
    case .openBrowser(let url): open(url)
    case .navigate(let url): walk(browser.navigate(to: url))
    case .submit(let form): walk(browser.submit(form))
    case .answerCallback(let number, let answer): application.answer(number, answer)
    case .examine(let tasks): post(.examined(tasks.map(CryptoFinding.init)))
    case .sign(let task):
      post(.signed(task.purpose, SigningOutcome(task, key: options.clientKey)))
    case .readLedger: post(.ledgerRead(tenant?.tokenChecks ?? []))
    // The pages after the callback are still to be fetched: the port stays until the next run.
    case .stopListening: break
    }
  }

  private func listen(at uri: WebURL) -> FlowEvent {
    do throws(ListenFault) {
      let real = try application.listen(at: uri)
      if let configuration, let tenant {
        let isNew = tenant.register(
          redirectURI: real, clientID: configuration.clientID, insteadOf: registered)
        if isNew { registered = real }
      }
      onListening?(real)
      return .listenerReady(real)
    } catch {
      return .listenerFailed("The redirect URI cannot be listened at: \(error).")
    }
  }

  private func open(_ url: WebURL) {
    browserURL = url
    onBrowserURL?(url)
    guard options.opensBrowser else {
      return post(.browserOpened(succeeded: false, detail: "No browser was opened, as asked."))
    }
    let run = run
    launch?.cancel()
    launch = Browser.open(url, environment: options.childEnvironment, loop: loop) {
      [weak self] outcome in
      self?.launch = nil
      let isOpened = if case .opened = outcome { true } else { false }
      let detail = outcome.description.capitalized
      self?.answer(run, .browserOpened(succeeded: isOpened, detail: detail + "."))
    }
  }

  /// What leaves the browser, after whoever stands in between has had it in hand.
  private func attacked(_ request: HTTPRequest) -> [HTTPRequest] {
    guard let attack, let tenant, let configuration, let redirectURI,
      request.url?.origin == redirectURI.origin, request.method == "POST"
    else { return [request] }
    let other = attack.otherRun(configuration, redirectURI: redirectURI.text)
    return attack.requests(for: request, other: other.flatMap(tenant.answer))
  }

  private func walk(_ intended: HTTPRequest) {
    let run = run
    let requests = attacked(intended)
    guard let request = requests.first else { return }
    // Whoever sends it twice does not wait for the second answer.
    for another in requests.dropFirst() { client.send(another) { _ in } }
    client.send(request) { [weak self] result in
      guard let self, run == self.run else { return }
      switch result {
      case .failure(let fault): self.post(.pageFailed(TransportFailure(fault)))
      case .success(let exchange):
        switch self.browser.receive(exchange.response) {
        case .follow(let next): self.walk(next)
        case .rest(let page): self.post(.pageArrived(page))
        case .fail(let failure): self.post(.pageFailed(failure))
        }
      }
    }
  }
}

extension CryptoFinding {
  /// Does a task with libcrypto.
  public init(_ task: CryptoTask) {
    do throws(CryptoFault) {
      switch task {
      case .signature(let jws, let algorithm, let key):
        let isValid = try Signature.verify(jws, algorithm: algorithm, key: key)
        self = isValid ? .signatureValid : .signatureInvalid
      case .digest(let bytes, let algorithm):
        self = .digest(try Digest.hash(bytes, algorithm))
      }
    } catch {
      self = .unusable(error.description)
    }
  }
}

extension SigningOutcome {
  /// Does a task with the client's key.
  init(_ task: SigningTask, key: SigningKey?) {
    guard let key else {
      self = .unusable("There is no client key. Give one with --client-key FILE.")
      return
    }
    do throws(CryptoFault) {
      let payload = Array(task.claims.compactText.utf8)
      self = .token(Secret(try key.compactJWS(header: task.header, payload: payload)))
    } catch {
      self = .unusable("The client\u{2019}s key cannot sign. \(error.description)")
    }
  }
}

extension FlowSecrets {
  /// Draws the random values of one run.
  public static func drawn() throws(CryptoFault) -> FlowSecrets {
    try FlowSecrets(
      state: Randomness.token(), nonce: Randomness.token(), verifier: Randomness.token(),
      tokenIdentifier: Randomness.token(), logoutState: Randomness.token())
  }

  /// Puts the values together; the challenge is the verifier's digest.
  ///
  /// RFC 7636, section 4.2.
  init(
    state: String, nonce: String, verifier: String, tokenIdentifier: String,
    logoutState: String
  ) throws(CryptoFault) {
    let digest = try Digest.hash(Array(verifier.utf8), .sha256)
    self.init(
      state: state, nonce: nonce, codeVerifier: Secret(verifier),
      codeChallenge: Base64URL.encode(digest), tokenIdentifier: tokenIdentifier,
      logoutState: logoutState)
  }
}

extension TransportFailure {
  /// The same failure in the flow's words.
  init(_ fault: TransportFault) {
    let kind: Kind =
      switch fault {
      case .cannotResolve: .cannotResolve
      case .cannotConnect: .cannotConnect
      case .timedOut: .timedOut
      case .tls, .unusableAuthorities: .tls
      case .tooLarge: .tooLarge
      case .notHTTP: .notHTTP
      case .brokenOff: .reset
      case .insecureURL: .insecureURL
      case .invalidRequest, .other: .other
      }
    let text = fault.description
    self.init(kind: kind, message: text.capitalized + ".")
  }
}
