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
  public var onBrowserURL: ((WebURL) -> Void)? {
    get { outside.onBrowserURL }
    set { outside.onBrowserURL = newValue }
  }
  /// Told the redirect URI with its real port, once it is listened at.
  public var onListening: ((WebURL) -> Void)? {
    get { outside.onListening }
    set { outside.onListening = newValue }
  }
  /// What happens to the answer between the built-in browser and the application; for the lab.
  ///
  /// There is none without the built-in tenant.
  public var attack: CallbackAttack? {
    get { runner.attack }
    set { runner.attack = tenant == nil ? nil : newValue }
  }
  /// What keeps the run; nil keeps nothing.
  public var recorder: Recorder?
  /// The recording that is gone through in place of a run.
  public internal(set) var replay: ReplayRun?

  package let options: SessionOptions
  private let outside: SocketTransport
  private var runner: EffectRunner<SocketTransport>
  private var queue: [FlowEvent] = []
  private var isDraining = false
  private var clock: LoopTimer?
  /// Counts runs, so that events of an earlier one are known as such.
  private var run = 0

  /// Milliseconds between two ticks.
  static let tickMilliseconds = 1000

  /// Makes a session that waits for ``start(_:)``.
  public init(loop: PollLoop, tenant: TenantHost? = nil, options: SessionOptions = SessionOptions())
  {
    self.loop = loop
    self.tenant = tenant
    self.options = options
    outside = SocketTransport(loop: loop, tenant: tenant, options: options)
    runner = EffectRunner(outside, clientKey: options.clientKey)
    outside.onArrival = { [weak self] arrival in
      guard let self else { return }
      for event in self.runner.take([arrival]) { self.post(event) }
    }
  }

  // MARK: For faces

  /// Starts a run, from the beginning and with fresh random values.
  ///
  /// - Throws: `CryptoError` when there is no randomness.
  public func start(_ configuration: FlowConfiguration) throws(CryptoError) {
    if replay != nil {
      self.configuration = configuration
      return replayFromStart()
    }
    let secrets = try FlowSecrets.drawn()
    run += 1
    outside.reset()
    queue = []
    runner.begin(configuration)
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
  public var isIdle: Bool { queue.isEmpty && outside.isIdle }

  /// Whether the run is over, one way or the other.
  public var isOver: Bool {
    switch machine.situation {
    case .finished, .failed: true
    case .idle, .ready, .busy, .pageShown, .browserAway: false
    }
  }

  /// The redirect URI with its real port, while it is listened at.
  public var redirectURI: WebURL? { outside.redirectURI }

  /// Sends a real browser once more to where it was sent before.
  public func openBrowserAgain() {
    guard let url = outside.lastBrowserURL else { return }
    for event in runner.perform(.openBrowser(url)) { post(event) }
  }

  /// Whether a browser is still to fetch the page that says how it ended.
  public var owesPage: Bool { outside.owesPage }

  /// Gives everything up and closes the application's port.
  public func close() {
    run += 1
    clock?.cancel()
    clock = nil
    queue = []
    outside.close()
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
      for effect in effects {
        for event in runner.perform(effect) { post(event) }
      }
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
}

extension FlowSecrets {
  /// Draws the random values of one run.
  public static func drawn() throws(CryptoError) -> FlowSecrets {
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
  ) throws(CryptoError) {
    let digest = try Digest.hash(Array(verifier.utf8), .sha256)
    self.init(
      state: state, nonce: nonce, codeVerifier: Secret(verifier),
      codeChallenge: Base64URL.encode(digest), tokenIdentifier: tokenIdentifier,
      logoutState: logoutState)
  }
}
