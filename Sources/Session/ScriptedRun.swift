import Cryptography
import DemoTenant
import HybridFlow
import Lab
import OpenID
import Recording

/// The whole flow without sockets, clock or chance: always the same, to the last byte.
///
/// The machine, the tenant and the built-in browser are the real ones; time, randomness and the
/// tenant's key are fixed. Pictures and golden files are made from it.
public struct ScriptedRun {
  /// The machine in its current state.
  public private(set) var machine = FlowMachine()
  /// The time of the next event.
  public private(set) var now: UnixTime
  /// Every event that the machine has handled.
  public private(set) var tape: [Recording.Stamped] = []
  /// The tenant's issuer.
  public static let issuerText = "http://127.0.0.1:9000/"
  /// The time at which every scripted run begins: 2026-11-23 09:00:00 UTC.
  public static let start = UnixTime(seconds: 1_795_424_400)
  /// The time between two events.
  static let stepMilliseconds: Int64 = 40
  /// The most events of one run.
  static let mostEvents = 500

  private var runner: EffectRunner<MemoryTransport>
  private var driver: RunDriver
  private var queue: [FlowEvent] = []
  private let secrets: FlowSecrets
  private var careful: CarefulApplication?
  /// The configuration of the run.
  public let configuration: FlowConfiguration

  /// The messages that the tenant reports as spoilt on purpose, in order.
  var spoilt: [SpoiltMessage] { runner.transport.spoilt }
  /// The attack on the authorization response; from the scene, and for tests to change.
  var attack: CallbackAttack? {
    get { runner.attack }
    set { runner.attack = newValue }
  }
  /// Changes a server's response on its way; for tests and figures.
  public var meddle: (@Sendable (FetchPurpose, HTTPResponse) -> HTTPResponse)? {
    get { runner.transport.meddle }
    set { runner.transport.meddle = newValue }
  }

  /// What differs from the default tenant and an honest front channel.
  public struct Scene: Sendable {
    /// The fault that the tenant commits.
    public var fault: Fault?
    /// The attack on the authorization response.
    public var attack: CallbackAttack?
    /// The tenant’s keys, of which the first signs; empty for the fixed key.
    public var keys: [SigningKey]
    /// How the client authenticates; nil chooses by the metadata.
    public var clientAuthentication: ClientAuthenticationMethod?
    /// The client’s own key, for `private_key_jwt`.
    public var clientKey: SigningKey?

    /// Makes a scene, by default without fault and attack.
    public init(
      fault: Fault? = nil, attack: CallbackAttack? = nil, keys: [SigningKey] = [],
      clientAuthentication: ClientAuthenticationMethod? = nil, clientKey: SigningKey? = nil
    ) {
      self.fault = fault
      self.attack = attack
      self.keys = keys
      self.clientAuthentication = clientAuthentication
      self.clientKey = clientKey
    }
  }

  /// Makes a run of a scene.
  ///
  /// - Parameter change: Changes the configuration before the run.
  /// - Throws: When the fixed key or the settings cannot be used.
  public init(
    person: PersonAtKeyboard = PersonAtKeyboard(), scene: Scene = Scene(),
    change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws {
    let redirectURI = try WebURL("http://localhost:8910/callback")
    let secret = Secret("demo-client-secret-for-pictures-only")
    var configuration = try Self.configuration(secret, redirectURI)
    configuration.clientAuthentication = scene.clientAuthentication
    var settings = TenantSettings.demo(
      issuer: Self.issuerText, redirectURIs: [redirectURI.text], secret: secret,
      postLogoutRedirectURIs: [PostLogout.redirectURI(beside: redirectURI)?.text].compactMap(\.self)
    )
    settings.waitForReaders()
    settings.fault = scene.fault
    if let algorithm = scene.keys.first?.algorithm {
      settings.signingAlgorithm = algorithm
      configuration.idTokenAlgorithm = algorithm
    }
    if scene.clientAuthentication == ClientAuthenticationMethod.none {
      settings.clients[0].secret = nil
      configuration.clientSecret = nil
    }
    if let key = scene.clientKey {
      settings.clients[0].keys = [key.publicJWK]
      settings.clients[0].secret = nil
      configuration.clientKey = FlowConfiguration.ClientKey(
        algorithm: key.algorithm, keyID: key.keyID)
      configuration.clientSecret = nil
    }
    let before = configuration
    change(&configuration)
    let clientKey = try Self.clientKey(scene, &configuration, &settings)
    try PictureCertificates.equip(&configuration, &settings)
    let proofKeys = try PictureProofKeys.equip(&configuration)
    settings.demandsProofNonce = configuration.proofAlgorithm != nil
    let fault = configuration.tampering.flatMap { Lab.fault($0.faultID) }
    careful = fault?.careful(configuration, from: before).map {
      CarefulApplication($0, clientKey: clientKey, proofKeys: proofKeys)
    }
    var encryption = try DemoEncryption(made: PictureKey.decryptionKeys(configuration))
    settings.requestKeys = try encryption.requestKey(configuration).map { [$0] } ?? []
    let decryptionKeys = try encryption.keys(&configuration, own: [])
    settings.clients[0].encryption = DemoEncryption.registration(configuration)
    let random = PictureRandomness()
    let tenantKeys = scene.keys.isEmpty ? [try PictureKey.make()] : scene.keys
    let tenant = try DemoTenant(
      settings: settings, keys: tenantKeys.signing(with: settings.signingAlgorithm)
    ) {
      (count: Int) throws(CryptoError) -> [UInt8] in try random.bytes(count)
    }
    secrets = try FlowSecrets(
      state: Base64URL.encode(random.bytes(32)), nonce: Base64URL.encode(random.bytes(32)),
      verifier: Base64URL.encode(random.bytes(32)),
      tokenIdentifier: "scripted",
      // Fixed: one more random value would change all the later ones.
      logoutState: "logout-state-for-pictures-only-0123456789abc",
      session: "session-for-pictures-only-0123456789abcdefgh")
    self.configuration = configuration
    now = Self.start
    runner = EffectRunner(
      MemoryTransport(tenant, redirectURI: redirectURI, now: now), attack: scene.attack,
      clientKey: clientKey)
    runner.decryptionKeys = decryptionKeys
    runner.proofKeys = proofKeys
    runner.begin(configuration)
    driver = RunDriver(person: person)
  }

  /// The configuration of every run, before a scene changes it.
  private static func configuration(
    _ secret: Secret, _ redirectURI: WebURL
  ) throws -> FlowConfiguration {
    let issuer = try WebURL(issuerText)
    var configuration = FlowConfiguration(
      issuer: issuer, clientID: TenantSettings.demoClientID, clientSecret: secret,
      redirectURI: redirectURI)
    configuration.scope = TenantSettings.demoScopes + ["offline_access"]
    configuration.audience = TenantSettings.demoAudience
    configuration.apiURL = try issuer.resolving(TenantSettings.demoResourcePath)
    configuration.alsoUserinfo = true
    configuration.observesTenant = true
    configuration.userAgent = .builtIn
    configuration.sessionCookie = SessionCookie()
    configuration.accounts = .demo()
    return configuration
  }

  /// A key of the client for runs that need one: always the same, like everything here.
  static func clientKey() throws -> SigningKey {
    try PictureKey.make().withAlgorithm(.rs256, keyID: "picture-client-key")
  }

  /// The client's key; in a run as at Apple, or under FAPI 1.0 Advanced, there is always one, and
  /// the tenant behaves so.
  private static func clientKey(
    _ scene: Scene, _ configuration: inout FlowConfiguration, _ settings: inout TenantSettings
  ) throws -> SigningKey? {
    if configuration.rules == .fapi1Advanced {
      let key =
        try scene.clientKey
        ?? PictureKey.make().withAlgorithm(.ps256, keyID: "picture-client-key")
      settings.demandFAPI(
        clientKey: key.publicJWK, pushed: configuration.pushesRequest != .never)
      configuration.clientKey = FlowConfiguration.ClientKey(
        algorithm: key.algorithm, keyID: key.keyID)
      return key
    }
    guard let team = configuration.appleTeam else { return scene.clientKey }
    let key = try scene.clientKey ?? TeamKey.make()
    settings.takeAppleHabits(team: team, key: key.publicJWK)
    configuration.clientKey = FlowConfiguration.ClientKey(
      algorithm: key.algorithm, keyID: key.keyID)
    return key
  }

  /// Starts the run and finishes stage 1.
  public mutating func begin() {
    queue.append(.started(configuration, secrets))
    settle()
  }

  /// Runs the next stage; fills in the forms if that is wanted.
  ///
  /// Without that, stage 4 stops at its page.
  public mutating func advance(fillingForms: Bool = true) {
    queue.append(.advanced)
    settle()
    if fillingForms { fillForms() }
  }

  /// Fills in every form that is shown.
  public mutating func fillForms() { drive(to: nil) }

  /// Starts the run and runs every stage.
  public mutating func runToEnd() { run(to: .data) }

  /// Starts the run and runs every stage up to this one.
  public mutating func run(to stage: Stage) {
    begin()
    drive(to: stage)
  }

  /// Does the actions after the flow, in order; one that cannot be done is left out.
  public mutating func act(_ actions: [AfterAction]) { drive(to: nil, then: actions) }

  /// Passes an event to the machine and waits until nothing is in progress.
  public mutating func post(_ event: FlowEvent) {
    queue.append(event)
    settle()
  }

  /// Lets time pass.
  public mutating func wait(milliseconds: Int64) {
    now = UnixTime(milliseconds: now.milliseconds + milliseconds)
  }

  /// The machine after each stage, stage 1 first; fewer if the run stops early.
  public static func afterEachStage(
    person: PersonAtKeyboard = PersonAtKeyboard(),
    change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws -> [FlowMachine] {
    var run = try ScriptedRun(person: person, change: change)
    run.begin()
    var machines = [run.machine]
    while case .ready = run.machine.situation, machines.count < Stage.allCases.count {
      run.advance()
      machines.append(run.machine)
    }
    return machines
  }

  // MARK: Driving and transport

  /// Continues from the current state.
  private mutating func drive(to goal: Stage?, then actions: [AfterAction] = []) {
    driver = RunDriver(to: goal, person: driver.person, then: actions)
    move()
    settle(isDriven: true)
  }

  private mutating func move() {
    for case .post(let event) in driver.moves(machine) { queue.append(event) }
  }

  private mutating func settle(isDriven: Bool = false) {
    var count = 0
    while !queue.isEmpty, count < Self.mostEvents {
      count += 1
      let event = queue.removeFirst()
      // What a message was is known with the message itself, and a start is left at once.
      let takesTime =
        switch event {
        case .originalKnown, .loginOpened: false
        default: true
        }
      if takesTime { wait(milliseconds: Self.stepMilliseconds) }
      runner.transport.now = now
      tape.append(Recording.Stamped(event, at: now))
      let effects = machine.handle(event, at: now)
      if let original = careful?.take(event, at: now), machine.transcript.lacksOriginal {
        let event = FlowEvent.originalKnown(original)
        tape.append(Recording.Stamped(event, at: now))
        _ = machine.handle(event, at: now)
      }
      for effect in effects { queue += runner.perform(effect) }
      if isDriven { move() }
    }
  }
}
