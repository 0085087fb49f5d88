import Cryptography
import DemoTenant
import HybridFlow
import Lab
import OpenID
import Recording
import Synchronization

/// The whole flow without a socket, a clock or chance: the same every time, to the last byte.
///
/// The machine, the tenant and the built-in browser are the real ones; time, randomness and the
/// tenant's key are fixed. Pictures and goldens are made from it.
public struct ScriptedRun {
  /// The machine as it is now.
  public private(set) var machine = FlowMachine()
  /// The moment at which the next event happens.
  public private(set) var now: UnixTime
  /// Every event that the machine was handed.
  public private(set) var tape: [Recording.Stamped] = []
  /// What the tenant calls itself.
  public static let issuerText = "http://localhost:9000/"
  /// The moment at which every scripted run begins: 2026-11-23 09:00:00 UTC.
  public static let start = UnixTime(seconds: 1_795_424_400)
  /// Between two events.
  static let stepMilliseconds: Int64 = 40
  /// The most events of one run.
  static let mostEvents = 500

  private var tenant: DemoTenant
  private var browser = BuiltInBrowser()
  private var site: ApplicationSite
  private var person: PersonAtKeyboard
  private var queue: [FlowEvent] = []
  private var callbacks = 0
  /// What happens to the answer on its way; from the scene, and for tests to change.
  var attack: CallbackAttack?
  /// What happens to the answer of a server on its way; for tests and figures.
  public var meddle: (@Sendable (FetchPurpose, HTTPResponse) -> HTTPResponse)?
  /// The callback that is being answered, and the answer once it is known.
  private var answer: HTTPResponse?
  private let secrets: FlowSecrets
  /// The run as it is asked for.
  public let configuration: FlowConfiguration
  private let clientKey: SigningKey?

  /// What differs from the usual tenant and the usual way back.
  public struct Scene: Sendable {
    /// What the tenant does wrong.
    public var fault: Fault?
    /// What happens to the answer on its way.
    public var attack: CallbackAttack?
    /// The tenant’s keys, of which the first signs; empty for the fixed one.
    public var keys: [SigningKey]
    /// How the application proves itself; nil as the metadata say.
    public var clientAuthentication: ClientAuthenticationMethod?
    /// The client’s own key, for `private_key_jwt`.
    public var clientKey: SigningKey?

    /// Makes a scene, by default the usual one.
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

  /// Sets the scene.
  ///
  /// - Parameter change: Changes the configuration before the run.
  /// - Throws: When the fixed key or the settings cannot be used.
  public init(
    person: PersonAtKeyboard = PersonAtKeyboard(), scene: Scene = Scene(),
    change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws {
    let issuer = try WebURL(Self.issuerText)
    let redirectURI = try WebURL("http://localhost:8910/callback")
    let secret = Secret("demo-client-secret-for-pictures-only")
    var configuration = FlowConfiguration(
      issuer: issuer, clientID: TenantSettings.demoClientID, clientSecret: secret,
      redirectURI: redirectURI)
    configuration.scope = TenantSettings.demoScopes + ["offline_access"]
    configuration.audience = TenantSettings.demoAudience
    configuration.apiURL = try issuer.resolving(TenantSettings.demoResourcePath)
    configuration.alsoUserinfo = true
    configuration.observesTenant = true
    configuration.userAgent = .builtIn
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
    change(&configuration)
    let random = PictureRandomness()
    tenant = try DemoTenant(
      settings: settings, keys: scene.keys.isEmpty ? [PictureKey.make()] : scene.keys
    ) {
      (count: Int) throws(CryptoFault) -> [UInt8] in try random.bytes(count)
    }
    secrets = try FlowSecrets(
      state: Base64URL.encode(random.bytes(32)), nonce: Base64URL.encode(random.bytes(32)),
      verifier: Base64URL.encode(random.bytes(32)),
      tokenIdentifier: "scripted",
      // Not drawn: everything that is drawn later would change with it.
      logoutState: "logout-state-for-pictures-only-0123456789abc")
    site = ApplicationSite(redirectURI: redirectURI)
    self.configuration = configuration
    attack = scene.attack
    clientKey = scene.clientKey
    self.person = person
    now = Self.start
  }

  /// Starts, and goes on to the end of stage 1.
  public mutating func begin() {
    queue.append(.started(configuration, secrets))
    settle()
  }

  /// Runs the next stage; the person fills in what is to be filled in, if that is wanted.
  ///
  /// Without a person stage 4 stays at its page.
  public mutating func advance(fillingForms: Bool = true) {
    queue.append(.advanced)
    settle()
    if fillingForms { fillForms() }
  }

  /// The person fills in every form that is shown.
  public mutating func fillForms() {
    while case .pageShown(_, let page) = machine.situation {
      guard let form = person.fill(page) else { return }
      queue.append(.formFilled(form))
      settle()
    }
  }

  /// Begins and runs every stage.
  public mutating func runToEnd() {
    begin()
    var count = 0
    while case .ready = machine.situation, count < Self.mostEvents {
      count += 1
      advance()
    }
  }

  /// Does what an application does after the flow, in order; what cannot be done is left out.
  public mutating func act(_ actions: [AfterAction]) {
    for action in actions {
      let offer = machine.afterActions.first { $0.action == action }
      guard let offer, offer.unavailable == nil else { continue }
      queue.append(.actionRequested(action))
      settle()
      fillForms()
    }
  }

  /// Hands the machine any event and waits until everything has come to rest.
  public mutating func post(_ event: FlowEvent) {
    queue.append(event)
    settle()
  }

  /// Lets time go by.
  public mutating func wait(milliseconds: Int64) {
    now = UnixTime(milliseconds: now.milliseconds + milliseconds)
  }

  /// The machine after each stage, stage 1 first; a run that stops early gives fewer.
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

  // MARK: The outside

  private mutating func settle() {
    var count = 0
    while !queue.isEmpty, count < Self.mostEvents {
      count += 1
      let event = queue.removeFirst()
      now = UnixTime(milliseconds: now.milliseconds + Self.stepMilliseconds)
      tape.append(Recording.Stamped(event, at: now))
      for effect in machine.handle(event, at: now) { perform(effect) }
    }
  }

  private mutating func perform(_ effect: FlowEffect) {
    switch effect {
    case .listen: queue.append(.listenerReady(site.redirectURI))
    case .fetch(let purpose, let request):
      let sent = completed(request)
      let response = served(tenant.handle(sent, at: now))
      queue.append(.fetched(purpose, sent, meddle?(purpose, response) ?? response))
    case .openBrowser:
      queue.append(.browserOpened(succeeded: false, detail: "No browser is opened in a picture."))
    case .navigate(let url): walk(browser.navigate(to: url))
    case .submit(let form): walk(browser.submit(form))
    case .answerCallback(let number, let answer):
      // The browser waits for the answer to what it sent first.
      guard number.value == 1 || attack != .sentTwice else { return }
      self.answer = served(site.answer(answer, nonce: "picture"))
      goOn()
    case .examine(let tasks): queue.append(.examined(tasks.map(CryptoFinding.init)))
    case .sign(let task):
      queue.append(.signed(task.purpose, SigningOutcome(task, key: clientKey)))
    case .readLedger: queue.append(.ledgerRead(ServerCheck.all(ofLastTokenRequest: tenant)))
    case .stopListening: break
    }
  }

  private mutating func walk(_ first: HTTPRequest) {
    var next: HTTPRequest? = first
    while let request = next {
      next = nil
      guard let url = request.url else { return }
      let response: HTTPResponse
      if url.origin == site.redirectURI.origin {
        switch site.route(request) {
        case .callback:
          for arriving in attacked(request) {
            callbacks += 1
            queue.append(.callbackArrived(CallbackNumber(callbacks), arriving))
          }
          // The browser waits until the machine has answered.
          return
        case .done: response = site.donePage()
        case .loggedOut:
          queue.append(.loggedOut(request))
          response = CallbackPages.loggedOut
        case .misplaced:
          queue.append(.answerMisplaced(request))
          response = CallbackPages.misplaced
        case .notFound: response = CallbackPages.notFound
        }
      } else {
        response = served(tenant.handle(request, at: now))
        queue.append(.browserExchanged(request, response))
      }
      next = take(response)
    }
  }

  /// What arrives at the application in place of what the browser sent.
  private mutating func attacked(_ request: HTTPRequest) -> [HTTPRequest] {
    guard let attack else { return [request] }
    let run = attack.otherRun(configuration, redirectURI: site.redirectURI.text)
    let other = run.flatMap { tenant.answer(of: $0, at: now) }
    return attack.requests(for: request, other: other)
  }

  /// The browser takes up the answer to its callback.
  private mutating func goOn() {
    guard let response = answer else { return }
    answer = nil
    if let next = take(response) { walk(next) }
  }

  private mutating func take(_ response: HTTPResponse) -> HTTPRequest? {
    switch browser.receive(response) {
    case .follow(let request): return request
    case .rest(let page): queue.append(.pageArrived(page))
    case .fail(let failure): queue.append(.pageFailed(failure))
    }
    return nil
  }

  /// What the HTTP client adds on the wire.
  private func completed(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    if request.headers["User-Agent"] == nil { request.headers.add("User-Agent", "hybrid-flow") }
    if request.headers["Accept"] == nil { request.headers.add("Accept", "*/*") }
    return request
  }

  /// What the HTTP server adds on the wire.
  private func served(_ response: HTTPResponse) -> HTTPResponse {
    var response = response
    response.headers.set("Content-Length", String(response.body.count))
    return response
  }
}

/// Bytes that look random and are the same every time; for pictures and goldens only.
private final class PictureRandomness: Sendable {
  private let counter = Mutex<Int64>(0)

  func bytes(_ count: Int) throws(CryptoFault) -> [UInt8] {
    var output: [UInt8] = []
    while output.count < count {
      let number = counter.withLock { value in
        value += 1
        return value
      }
      output += try Digest.hash(Array("picture \(number)".utf8), .sha256)
    }
    return Array(output.prefix(count))
  }
}

/// The tenant's key in pictures and goldens.
///
/// It is published here and therefore worth nothing: no tenant that listens anywhere uses it.
private enum PictureKey {
  static func make() throws -> SigningKey {
    let json: JSONValue = [
      "kty": "RSA", "kid": "picture-key", "e": "AQAB", "n": .string(modulus),
      "d": .string(exponent),
      "p": .string(firstPrime), "q": .string(secondPrime),
      "dp": .string(firstExponent), "dq": .string(secondExponent), "qi": .string(coefficient),
    ]
    guard let key = JSONWebKey(json) else { throw CryptoFault.unusableKey("the picture key") }
    return try SigningKey(privateJWK: key, algorithm: .rs256)
  }

  private static let modulus = """
    rGmPipnrIZMDda1j3G1n5AaU5CAoNhFEphgjizdeO-YOWZauxOADDiHGjS1XdTAGtT4Sc6OAN3Cwg5cY\
    3LK1VeHUEeBsZULcv0Gl6RdwjYt3jvQj9xNULKI0gI0LrJ9lC6zfpfhQPw40mxRQZcyOCXATmF4MsmXb\
    m9Z3qdjjhVhoI0eFLlyNLAEueWcxiq3jCtOeZqzePKQ1v85vO4IllC9UvjXb4IP930Gz4q7q1JCdnfnE\
    TWURehCXcvbVUyEw4mk7zRSCaP_vpjO-pgfpWW0F1vs7w3YOze5fCYS38bthD8oclbzNHwEUQ4wpmqG1\
    5nBAvhRPOuvRgqrtEMgAEw
    """

  private static let exponent = """
    PouKyYZ9wG_DFQkCDYBY7GUg1UL_I2IPS8u89S9wTX1vHjvmCcCUCyfgje1xaS8zd8NdUTryc-o69nm1\
    SLbBxraGRrfpyrA_QViQ1eata4O5KxBRDbwi0JBFSI8iOYyXTO15Mo3Kmp1OIyXy5oMW0cCpMyCHLZ56\
    1OUwAtsN6pynafGHLCRhaAsDgV1cGoe7e47Rgpqd0py5Gn95Xa8ULZhhRfjFMW3vMNG7Kxq4gyj2dzQR\
    dOHQtEGBIvpHgg9sZJ8aPRloz_55MuDgpBvGFVKmG59L4WbebbfLvpJVhAutZ054UdH_1fz2HwLqERNe\
    JfkrQl-RkfxJDptGwlC2BQ
    """

  private static let firstPrime = """
    3-KO9890ictmgVMaZrRtb7x3ypiPy-dmqb0uF6rLBqJuyZ5OTUDX4dvNUzwYeSCNVeRovwqkSxmK3xzF\
    RNEc6PPV5SIjADllbWwY6m19bLlPohWIlJq6_BjumNJ37OBKWo6JzKoa1zyoEsPdo8Mzuk9DpoLXkk_k\
    1rI9D8KMqj8
    """

  private static let secondPrime = """
    xSTWlR3Jh2cU-LmZnwd2ac5EQX4YrHo-XOor9vceOXPwp9PxPFKuTgWha2d5IgGcjFoWctGUgeSPjAAU\
    JvwabPDFsMKVJJkrGkEaYyXe1anmeBO4d1pnzqSAGFOdv7sbt75jEcVOdafOHD2wzgS5qYDsqRiPsEls\
    0k6FuNmfLS0
    """

  private static let firstExponent = """
    RgAlaXAQ5QCWxTrBl3k0emo4Hj1DQKLSY6IF5lp9bk6dSybXHqp2lWTPNwYkNMMrzb5Dze-63MxYslfh\
    ihnD60ZKC4F35hsMDoFs7Odc_wCV2HzZHnWenzIAcAHmg0bBmLzWcwqAp-mMN4nMI-blpowf_9ELK_EV\
    ANfr5aCTsKs
    """

  private static let secondExponent = """
    wMIPKcfxN3o70CIxKYQzbKqopFy1pVb1SQYSLKxdGhHZuU8KrU-ubE0nEowerXhj5_thvaxcB1FCZcHh\
    8mhHMkONGBJ5n0pAEbCcK1to8QLpfHjTwadcnnjLYn3HXSOGq3b1CPghifqkFYrgJ-AI5MpRG9kPDXAN\
    fegW6bGm6JU
    """

  private static let coefficient = """
    23uTjB4PiydTmanE-J6CqE2u4IrPJ0GR3uOq7qdZsm5c4_vpskJLQ1AkOtI314PG0MxxKqg-h5RCHOr0\
    QegusFx7YYbxKp9tFl0M-pjlWPCvNZvESzo8YH1TITPjdQUQaLVq55Cs4QGQSQZFU19D7t-e30y-0TmI\
    gMCtpdAzjWM
    """
}
