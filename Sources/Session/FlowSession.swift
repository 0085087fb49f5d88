import Cryptography
import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Recording
import Settings

/// One run of the flow with its surroundings: the machine and what carries out its effects.
///
/// The explorer, `run` and the tests use it. Events go in by ``post(_:)`` and are handled one by
/// one in a later turn of the loop; ``onChange`` is called after each.
public final class FlowSession {
  /// The loop on which everything runs.
  public let loop: PollLoop
  /// The built-in demo tenant, if the session has one.
  public let tenant: TenantHost?
  /// The machine in its current state.
  public internal(set) var machine = FlowMachine()
  /// The configuration of the run; nil before the first start.
  public internal(set) var configuration: FlowConfiguration?
  /// Called after each event that the machine has handled.
  public var onChange: (() -> Void)?
  /// Called with the URL for a real browser, before it is opened.
  public var onBrowserURL: ((WebURL) -> Void)? {
    get { outside.onBrowserURL }
    set { outside.onBrowserURL = newValue }
  }
  /// Called with the redirect URI and its real port, once the port is open.
  public var onListening: ((WebURL) -> Void)? {
    get { outside.onListening }
    set { outside.onListening = newValue }
  }
  /// The attack on the authorization response between browser and application; for the lab.
  ///
  /// It needs the built-in tenant.
  public var attack: CallbackAttack? {
    get { runner.attack }
    set { runner.attack = tenant == nil ? nil : newValue }
  }
  /// The key with which the client signs; of a real tenant, only the one of its options.
  var clientKey: SigningKey? {
    get { runner.clientKey }
    set { if tenant != nil { runner.clientKey = newValue } }
  }
  /// The configuration of a careful application, for a lab run with a careless one: its requests
  /// are kept beside those of the run.
  public var carefulConfiguration: FlowConfiguration?
  private var careful: CarefulApplication?
  /// Records the run; nil records nothing.
  public var recorder: Recorder?
  /// The recording that is replayed instead of a run.
  public internal(set) var replay: ReplayRun?

  package let options: SessionOptions
  private let outside: SocketTransport
  private var runner: EffectRunner<SocketTransport>
  private var queue: [FlowEvent] = []
  private var isDraining = false
  private var clock: LoopTimer?
  /// Counts runs, to recognize events of an earlier one.
  private var run = 0

  /// A key of the team that was made for the runs of this session.
  private var madeKey: SigningKey?
  /// The keys that were made for encrypted tokens.
  private var encryption = DemoEncryption()
  /// A key of the client that was made for runs under FAPI 1.0 Advanced.
  private var profileKey: SigningKey?
  private static let madeKeyID = "DEMOKEY001"

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
    runner.decryptionKeys = options.decryptionKeys
    outside.onArrival = { [weak self] arrival in
      guard let self else { return }
      for event in self.runner.take([arrival]) { self.post(event) }
    }
  }

  // MARK: For commands and controllers

  /// Starts a run, from the beginning and with fresh random values.
  ///
  /// - Throws: `CryptoError` when there is no randomness.
  public func start(_ configuration: FlowConfiguration) throws(CryptoError) {
    if replay != nil {
      self.configuration = configuration
      return replayFromStart()
    }
    let secrets = try FlowSecrets.drawn()
    var configuration = configuration
    try prepareTenant(&configuration)
    runner.proofKeys = try configuration.equipWithProofKeys(own: options.proofKey)
    run += 1
    outside.reset()
    queue = []
    runner.begin(configuration)
    machine = FlowMachine()
    careful =
      tenant == nil
      ? nil
      : carefulConfiguration.map {
        var careful = $0
        careful.clientKey = configuration.clientKey
        careful.clientCertificate = configuration.clientCertificate
        careful.proofKey = configuration.proofKey
        careful.otherProofKey = configuration.otherProofKey
        careful.clientSecret = configuration.clientSecret
        careful.apiURL = configuration.apiURL
        return CarefulApplication(
          careful, clientKey: runner.clientKey, proofKeys: runner.proofKeys)
      }
    self.configuration = configuration
    post(.started(configuration, secrets))
  }

  /// Gives the demo tenant the habits that the run expects: those of Apple, with a key of the team.
  ///
  /// Without a key of the person's own, one is made for the run.
  private func prepareTenant(_ configuration: inout FlowConfiguration) throws(CryptoError) {
    guard let tenant, configuration.observesTenant else { return }
    runner.decryptionKeys = try encryption.keys(&configuration, own: options.decryptionKeys)
    let requestKey = try encryption.requestKey(configuration)
    defer {
      tenant.encrypt(
        DemoEncryption.registration(configuration), clientID: configuration.clientID)
      tenant.openRequests(with: requestKey)
      tenant.demandProofNonce(configuration.proofAlgorithm != nil)
    }
    if configuration.rules == .fapi1Advanced {
      try prepareFAPI(tenant, &configuration)
      return try prepareCertificates(&configuration, tenant)
    }
    tenant.demandFAPI(nil)
    guard let team = configuration.appleTeam else {
      tenant.behaveAsApple(nil)
      return try prepareCertificates(&configuration, tenant)
    }
    tenant.takeCertificates(nil)
    let key: SigningKey
    if let own = options.clientKey {
      key = own
    } else {
      if let madeKey {
        key = madeKey
      } else {
        key = try SigningKey.generate(.es256, keyID: Self.madeKeyID)
      }
      madeKey = key
      configuration.clientKey = FlowConfiguration.ClientKey(
        algorithm: .es256, keyID: Self.madeKeyID)
    }
    runner.clientKey = key
    tenant.behaveAsApple((team, key.publicJWK))
  }

  /// Makes the demo tenant enforce FAPI 1.0 Advanced for this client.
  ///
  /// Without a key of the person's own, one for PS256 is made, and kept for later runs.
  private func prepareFAPI(
    _ tenant: TenantHost, _ configuration: inout FlowConfiguration
  ) throws(CryptoError) {
    let key: SigningKey
    if let own = options.clientKey {
      key = own
    } else {
      if let profileKey {
        key = profileKey
      } else {
        key = try SigningKey.generate(.ps256, keyID: "demo-client-key")
      }
      profileKey = key
      configuration.clientKey = FlowConfiguration.ClientKey(
        algorithm: key.algorithm, keyID: key.keyID)
    }
    runner.clientKey = key
    tenant.demandFAPI(key.publicJWK, pushed: configuration.pushesRequest != .never)
  }

  /// Opens the tenant's port for clients with a certificate, where the run shows one.
  ///
  /// Without a certificate of the person's own, one is made for the run.
  private func prepareCertificates(
    _ configuration: inout FlowConfiguration, _ tenant: TenantHost
  ) throws(CryptoError) {
    guard configuration.showsCertificateAtTenant else {
      outside.use(options.clientIdentity.map { [$0] } ?? [])
      return tenant.takeCertificates(nil)
    }
    do {
      let port = try tenant.openCertificatePort()
      let name = configuration.clientID
      let own =
        try options.clientIdentity
        ?? (configuration.clientAuthentication == .selfSignedTLSClientAuth
          ? port.selfSigned(name) : port.identity(of: name))
      let other = try port.identity(of: "another-client")
      outside.use([own, other])
      configuration.show(own.certificate, other: other.certificate, at: port.mutual)
      tenant.takeCertificates(
        (port.mutual, configuration.registration(of: own.certificate)))
    } catch let error as TenantHostError {
      throw .unsupported(error.message)
    } catch {
      throw .unsupported("mutual TLS, because \(error)")
    }
  }

  /// Passes an event to the machine in a later turn of the loop.
  public func post(_ event: FlowEvent) {
    if replay != nil { return replay(event) }
    queue.append(event)
    guard !isDraining else { return }
    isDraining = true
    loop.post { [weak self] in self?.drain() }
  }

  /// Whether nothing is in progress: the next event comes from a person, a browser or the clock.
  public var isIdle: Bool { queue.isEmpty && outside.isIdle }

  /// The same, but for a browser of which nobody knows yet whether it could be started.
  public var isQuiet: Bool { queue.isEmpty && outside.isQuiet }

  /// Whether the run has ended, with success or not.
  public var isOver: Bool {
    switch machine.situation {
    case .finished, .failed: true
    case .idle, .ready, .busy, .pageShown, .browserAway: false
    }
  }

  /// The redirect URI with its real port, while the port is open.
  public var redirectURI: WebURL? { outside.redirectURI }

  /// The certificate that the open port shows to browsers; nil for http.
  ///
  /// It is nowhere in the transcript, so nothing that is kept or handed on has it.
  public var redirectIdentity: TLSIdentity? { outside.identity }

  /// Opens the last URL in a real browser again.
  public func openBrowserAgain() {
    guard let url = outside.lastBrowserURL else { return }
    for event in runner.perform(.openBrowser(url)) { post(event) }
  }

  /// The last URL for a real browser; nil when there was none.
  public var lastBrowserURL: WebURL? { outside.lastBrowserURL }

  /// Whether a browser still has to fetch the page with the result.
  public var owesPage: Bool { outside.owesPage }

  /// Stops everything and closes the application's port.
  public func close() {
    run += 1
    clock?.cancel()
    clock = nil
    queue = []
    outside.close()
  }

  /// Gives the client the key that a fault of the lab needs, and registers it at the built-in
  /// tenant; for any other fault nothing is done.
  ///
  /// - Throws: `CryptoError` when no key can be made.
  public func equip(
    for fault: LabFault?, _ configuration: inout FlowConfiguration
  ) throws(CryptoError) {
    guard let tenant, let fault, fault.needsClientKey else { return }
    let key: SigningKey
    if let known = clientKey {
      key = known
    } else {
      key = try SigningKey.generate(.es256, keyID: "lab-client-key")
      clientKey = key
    }
    tenant.register(clientKey: key.publicJWK, clientID: configuration.clientID)
    configuration.clientKey = FlowConfiguration.ClientKey(
      algorithm: key.algorithm, keyID: key.keyID)
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
      if let original = careful?.take(event, at: now), machine.transcript.lacksOriginal {
        let event = FlowEvent.originalKnown(original)
        _ = machine.handle(event, at: now)
        recorder?.take(event, at: now, in: machine.situation, strays: machine.transcript.strays)
      }
      for effect in effects {
        for event in runner.perform(effect) { post(event) }
      }
      onChange?()
    }
    windClock()
  }

  /// Tells the machine the time while it waits; it has no other clock.
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
      tokenIdentifier: Randomness.token(), logoutState: Randomness.token(),
      session: Randomness.token())
  }

  /// Makes the values; the code challenge is the digest of the verifier.
  ///
  /// RFC 7636, section 4.2.
  init(
    state: String, nonce: String, verifier: String, tokenIdentifier: String,
    logoutState: String, session: String
  ) throws(CryptoError) {
    let digest = try Digest.hash(Array(verifier.utf8), .sha256)
    self.init(
      state: state, nonce: nonce, codeVerifier: Secret(verifier),
      codeChallenge: Base64URL.encode(digest), tokenIdentifier: tokenIdentifier,
      logoutState: logoutState, session: Secret(session))
  }
}
