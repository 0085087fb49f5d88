import Cryptography
import DemoTenant
import HybridFlow
import Lab
import OpenID
import Recording

/// Carries the messages of a run: over sockets, or in memory.
///
/// Immediate results are returned. Later results arrive through the owner of the transport, which
/// passes them to ``EffectRunner/take(_:)``.
protocol Transport {
  /// The redirect URI with its real port, while the port is open.
  var redirectURI: WebURL? { get }
  /// What the built-in tenant checked in the last token request.
  var tokenChecks: [ServerCheck] { get }
  /// What the built-in tenant checked in the last request that it refused.
  var refusalChecks: [ServerCheck] { get }
  /// Opens the application's port, if it is here, and registers the redirect URI for this client at
  /// the built-in tenant.
  mutating func listen(at uri: WebURL, clientID: String?, opensPort: Bool) -> FlowEvent
  /// Whether connections of the run are to speak no TLS newer than 1.2.
  mutating func speakOldTLS(_ isOld: Bool)
  /// Sends a back-channel request.
  mutating func send(_ request: HTTPRequest, for purpose: FetchPurpose) -> [Arrival]
  /// Sends requests of the built-in browser, which waits for the response to the first one.
  mutating func browse(_ requests: [HTTPRequest]) -> [Arrival]
  /// The address that the browser of this run opens, in place of one that everybody can know.
  func keyed(_ url: WebURL) -> WebURL
  /// Opens a real browser.
  mutating func openBrowser(at url: WebURL) -> [Arrival]
  /// Answers the start address like this from now on.
  mutating func offer(_ login: HTTPResponse)
  /// Answers a request at the redirect URI.
  mutating func answer(_ number: CallbackNumber, _ answer: CallbackAnswer) -> [Arrival]
  /// The authorization response of another run, which the attacker has.
  mutating func answer(of run: OtherRun) -> [FormField]?
  /// The cookie of a session at the tenant in which this person signed in earlier.
  mutating func earlierSignIn(of name: String, secondsAgo: Int64) -> String?
}

/// A result from a transport.
enum Arrival {
  /// An event for the machine.
  case event(FlowEvent)
  /// The response to the built-in browser's request.
  case page(HTTPResponse)
  /// The built-in browser got no response.
  case noPage(TransportFailure)
}

/// Carries out the machine's effects, over sockets or in memory: their only interpreter.
struct EffectRunner<Carrier: Transport> {
  /// The transport of the messages.
  var transport: Carrier
  /// The attack on the authorization response on its way to the application; for the lab.
  var attack: CallbackAttack?
  /// The client's own key, for private_key_jwt and signed requests.
  var clientKey: SigningKey?
  /// The client's keys for proofs of possession; the proof says by its header which one it needs.
  var proofKeys: [SigningKey] = []
  /// The client's keys for encrypted tokens.
  var decryptionKeys: [DecryptionKey] = []
  private var configuration: FlowConfiguration?
  private var browser = HeadlessBrowser()
  /// The attacked requests that have not arrived yet: as the attacker sends them, and as they were.
  private var attackedRequests: [(sent: HTTPRequest, original: HTTPRequest?)] = []
  /// The authorization request as the attacker sends it, and as the application made it.
  private var alteredRequest: (sent: HTTPRequest, original: HTTPRequest)?
  /// Whether the browser stands before the redirect that the attacker changes.
  private var altersNextRedirect = false

  init(_ transport: Carrier, attack: CallbackAttack? = nil, clientKey: SigningKey?) {
    (self.transport, self.attack, self.clientKey) = (transport, attack, clientKey)
  }

  /// Begins a run with a fresh browser.
  mutating func begin(_ configuration: FlowConfiguration) {
    self.configuration = configuration
    transport.speakOldTLS(configuration.speaksOldTLS)
    browser = HeadlessBrowser()
    attackedRequests = []
    alteredRequest = nil
    altersNextRedirect = false
  }

  /// Carries out an effect; returns the events that result at once.
  mutating func perform(_ effect: FlowEffect) -> [FlowEvent] {
    switch effect {
    case .listen(let uri):
      return [
        transport.listen(
          at: uri, clientID: configuration?.clientID,
          opensPort: configuration?.awaitsPaste != true)
      ]
    case .fetch(let purpose, let request): return take(transport.send(request, for: purpose))
    case .offerLogin(let response):
      transport.offer(response)
      return []
    case .openBrowser(let url): return take(transport.openBrowser(at: transport.keyed(url)))
    case .navigate(let url): return leave(for: transport.keyed(url))
    case .submit(let form): return walk(browser.submit(form))
    case .answerCallback(let number, let answer): return take(transport.answer(number, answer))
    case .examine(let tasks): return [.examined(tasks.map(CryptoFinding.init))]
    case .sign(let task):
      return [.signed(task.purpose, SigningOutcome(task, key: clientKey, proofKeys: proofKeys))]
    case .decrypt(let task):
      return [.decrypted(task.purpose, DecryptionOutcome(task, keys: decryptionKeys))]
    case .readLedger: return [.ledgerRead(transport.tokenChecks)]
    case .readRefusal: return [.ledgerRead(transport.refusalChecks)]
    // The port stays open until the next run: the browser still has to fetch the last pages.
    case .stopListening: return []
    }
  }

  /// Takes results of a transport; returns the events for the machine.
  mutating func take(_ arrivals: [Arrival]) -> [FlowEvent] {
    var events: [FlowEvent] = []
    for arrival in arrivals {
      switch arrival {
      case .event(let event): events += [event] + originals(after: event)
      case .noPage(let failure): events.append(.pageFailed(failure))
      case .page(let response):
        switch browser.receive(response) {
        case .follow(let next):
          let isLeaving = altersNextRedirect
          altersNextRedirect = false
          events += walk(isLeaving ? altered(next) : next)
        case .rest(let page): events.append(.pageArrived(page))
        case .fail(let failure): events.append(.pageFailed(failure))
        }
      }
    }
    return events
  }

  /// Sends the browser away: by the application's own address first, which redirects it, or
  /// at once with the authorization request.
  private mutating func leave(for url: WebURL) -> [FlowEvent] {
    let isStart = url.origin == transport.redirectURI?.origin
    if case .alteredRequest = attack, isStart { altersNextRedirect = true }
    return isStart ? walk(browser.navigate(to: url)) : walk(altered(browser.navigate(to: url)))
  }

  /// The authorization request as the attacker has changed it, who hands the browser its address.
  private mutating func altered(_ honest: HTTPRequest) -> HTTPRequest {
    guard case .alteredRequest(_, let secondsAgo) = attack, let attack, let url = honest.url else {
      return honest
    }
    if let secondsAgo,
      let cookie = transport.earlierSignIn(of: attack.signInName, secondsAgo: secondsAgo)
    {
      browser.keep(cookie: cookie, of: url)
    }
    let original = browser.navigate(to: url)
    let request = browser.navigate(to: attack.authorizeURL(url))
    alteredRequest = (request, original)
    return request
  }

  private mutating func walk(_ request: HTTPRequest) -> [FlowEvent] {
    take(transport.browse(attacked(request)))
  }

  /// The browser's requests after the attacker may have changed them.
  private mutating func attacked(_ request: HTTPRequest) -> [HTTPRequest] {
    guard let attack, let configuration, let redirectURI = transport.redirectURI,
      request.url?.origin == redirectURI.origin, request.method == "POST"
    else { return [request] }
    var other: [FormField]?
    if let run = attack.otherRun(configuration, redirectURI: redirectURI.text) {
      other = transport.answer(of: run)
    }
    let requests = attack.requests(for: request, other: other)
    // Of several, the first is the person's own; the others are on top of it.
    attackedRequests = requests.enumerated().map { ($1, $0 == 0 ? request : nil) }
    return requests
  }

  /// What an attacked request was, once it has arrived.
  private mutating func originals(after event: FlowEvent) -> [FlowEvent] {
    if case .browserExchanged(let seen, _) = event, let (sent, original) = alteredRequest,
      seen.target.isIdentical(to: sent.target)
    {
      alteredRequest = nil
      return [.originalKnown(.content(.request(seen.undoing(sent, to: original))))]
    }
    guard case .callbackArrived(_, let arrived) = event,
      let index = attackedRequests.firstIndex(where: { $0.sent.body == arrived.body })
    else { return [] }
    let (sent, original) = attackedRequests.remove(at: index)
    guard let original else { return [.originalKnown(.nothing)] }
    return [.originalKnown(.content(.request(arrived.undoing(sent, to: original))))]
  }
}

extension SigningTask.Recipient {
  /// A signed JWT inside an encrypted one.
  fileprivate func encrypted(_ token: String) throws(CryptoError) -> String {
    var members = [JSONMember("cty", "JWT")]
    if let keyID = key.keyID { members.append(JSONMember("kid", .string(keyID))) }
    return try JWE.encrypt(
      Array(token.utf8), encryption, for: .publicKey(key), members: members)
  }
}

extension SigningOutcome {
  /// Does a task with the client's key, or with the one whose proof it is.
  init(_ task: SigningTask, key: SigningKey?, proofKeys: [SigningKey]) {
    let isProof = task.purpose == .possession
    guard let key = isProof ? task.proofKey(among: proofKeys) : key else {
      self = .unusable(
        isProof
          ? "There is no key for proofs of possession."
          : "There is no client key. Give one with --client-key FILE.")
      return
    }
    do throws(CryptoError) {
      let payload = Array(try task.allClaims().compactText.utf8)
      let token = try key.compactJWS(header: task.header, payload: payload)
      self = .token(Secret(try task.recipient?.encrypted(token) ?? token))
    } catch {
      self = .unusable("The client\u{2019}s key cannot sign. \(error.description)")
    }
  }
}
