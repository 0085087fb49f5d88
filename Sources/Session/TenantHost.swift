import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Recording

/// The demo tenant on a real port of this machine.
///
/// It listens at once. Its key is made on another thread, because that takes a fraction of a
/// second; earlier requests wait for it.
public final class TenantHost {
  /// The most requests that wait for the key.
  static let mostHeldRequests = mostConnections
  /// The most connections: hundreds of people, each with a browser and an application.
  static let mostConnections = 512

  /// Called for every exchange of a browser with the tenant; the request's URL is absolute.
  public var onBrowserExchange: ((HTTPRequest, HTTPResponse) -> Void)?
  /// Called for every exchange.
  public var onExchange: ((HTTPRequest, HTTPResponse) -> Void)?
  /// Called for every response that the fault has changed: the response, and what it was without.
  ///
  /// It comes after the two calls above.
  var onChangedResponse: ((HTTPRequest, HTTPResponse, _ honest: HTTPResponse) -> Void)?
  /// Called when the tenant can never answer, because there is no key.
  public var onFailure: ((String) -> Void)?
  /// The tenant's issuer.
  public let issuer: WebURL
  /// The port on which it listens.
  public let port: Int

  /// Whether a request may choose a fault by its ``FaultHeader``; otherwise the header means nothing.
  public var takesFaultHeader = false
  /// Called for each request that chooses no fault itself: what to do wrong in the answer, and if it
  /// is an authorization request, in that whole login; nil for what the settings say.
  var onService: ((TenantService) -> Fault?)?
  /// The id of the fault that the last answer committed; nil when that answer was honest.
  public private(set) var committedFault: String?
  /// The id of the fault that the last request chose; nil when it chose none.
  public private(set) var chosenFault: String?

  let loop: PollLoop
  private let server: HTTPServer
  /// The port for clients with a certificate; nil for a tenant without mutual TLS.
  var certificatePort: CertificatePort?
  /// The server of that port, as this program knows it.
  var secured: OwnServer? { certificatePort?.own }
  /// The first client before a run that wanted certificates.
  var plainClient: TenantClient?
  var settings: TenantSettings
  /// The settings before a run that wanted the habits of Apple, or other rules.
  var plainSettings: TenantSettings?
  private var keys: [SigningKey] = []
  var tenant: DemoTenant?
  private var failure: String?
  private var held: [(HTTPRequest, Responder)] = []

  /// Opens the port and starts to make a key.
  ///
  /// `bind` is `localhost` or a numeric address; port 0 takes a free one. The settings are made
  /// when the port is known, because the issuer contains it.
  ///
  /// - Throws: ``TenantHostError``.
  public init(
    loop: PollLoop, bind: String = "localhost", port: Int = 0, keys: [SigningKey]? = nil,
    settings make: (_ port: Int) -> TenantSettings
  ) throws(TenantHostError) {
    self.loop = loop
    var limits = ServerLimits()
    limits.maximumConnections = Self.mostConnections
    server = HTTPServer(loop: loop, limits: limits)
    do throws(ListenError) {
      self.port = try server.listen(host: bind, port: port)
    } catch {
      throw .cannotListen(error.description)
    }
    settings = make(self.port)
    do throws(WebURLError) {
      issuer = try WebURL(settings.issuer)
    } catch {
      server.stop()
      throw .settings("the issuer \(settings.issuer) is no http or https URL")
    }
    server.allowedHosts = Self.hosts(of: issuer, bind: bind, port: self.port)
    server.allowsOwnAddress = Self.isEveryAddress(bind)
    server.deferringHandler = { [weak self] request, _, responder in
      self?.receive(request, responder)
    }
    if let keys {
      use(keys)
    } else {
      try makeKey()
    }
    if let fault = checkSettings() {
      server.stop()
      throw .settings(fault)
    }
  }

  deinit {
    server.stop()
    certificatePort?.stop()
  }

  /// The host names that it accepts: the issuer's, this machine's, and its listening address.
  ///
  /// It accepts no other, even if the whole network may connect: otherwise a web page whose host
  /// name resolves to this machine could read the tenant's pages.
  private static func hosts(of issuer: WebURL, bind: String, port: Int) -> Set<String> {
    var hosts: Set<String> = [issuer.authority.asciiLowercased]
    for name in ["localhost", "127.0.0.1", "[::1]"] { hosts.insert("\(name):\(port)") }
    let bare = bind.holds(":") && !bind.begins(with: "[") ? "[\(bind)]" : bind.asciiLowercased
    hosts.insert("\(bare):\(port)")
    return hosts
  }

  /// Whether a bound address is unspecified, which means all addresses of this machine.
  private static func isEveryAddress(_ bind: String) -> Bool {
    HostReach(host: bind) == .nowhere
  }

  private func checkSettings() -> String? {
    do throws(TenantSettingsError) {
      try DemoTenant.check(settings)
      return nil
    } catch {
      return error.words
    }
  }

  /// Why there is no key.
  private struct KeyFault: Error {
    let words: String
  }

  private func makeKey() throws(TenantHostError) {
    let algorithm = settings.signingAlgorithm
    let handover: Handover<Result<SigningKey, KeyFault>>
    do throws(NetworkError) {
      handover = try loop.handover(once: true) { [weak self] result in
        guard let self else { return }
        switch result {
        case .success(let key): self.use([key])
        case .failure(let fault): self.fail("The tenant's key could not be made. \(fault.words)")
        }
      }
    } catch {
      throw .cannotListen(error.description)
    }
    // In the first turn of the loop: the first frame is drawn before that, with both processors.
    loop.post {
      do throws(NetworkError) {
        try SideThread.run {
          do throws(CryptoError) {
            let keyID = try Randomness.token(byteCount: 12)
            handover.send(.success(try SigningKey.generate(algorithm, keyID: keyID)))
          } catch {
            handover.send(.failure(KeyFault(words: "\(error)")))
          }
        }
      } catch {
        handover.send(.failure(KeyFault(words: "\(error).")))
      }
    }
  }

  private func use(_ keys: [SigningKey]) {
    self.keys = keys
    let waiting = held
    held = []
    for (request, responder) in waiting { receive(request, responder) }
  }

  private func fail(_ why: String) {
    failure = why
    held = []
    onFailure?(why)
  }

  /// Whether the key is ready, so that every answer is immediate.
  public var isReady: Bool { !keys.isEmpty }
  /// Whether requests wait for the key.
  public var isHolding: Bool { !held.isEmpty }

  /// Registers a redirect URI, and the matching address for after a logout.
  ///
  /// It replaces the earlier one of the same application: each run may use another port. Returns
  /// whether the address is new; one from the settings is not, and stays.
  @discardableResult
  public func register(
    redirectURI: WebURL, clientID: String, insteadOf former: WebURL? = nil
  ) -> Bool {
    guard let index = settings.clients.firstIndex(where: { $0.id == clientID }) else {
      return false
    }
    var client = settings.clients[index]
    if let former, !former.text.isIdentical(to: redirectURI.text) {
      client.redirectURIs.removeAll { $0.isIdentical(to: former.text) }
      if let uri = PostLogout.redirectURI(beside: former) {
        client.postLogoutRedirectURIs.removeAll { $0.isIdentical(to: uri.text) }
      }
    }
    guard !client.redirectURIs.contains(where: { $0.isIdentical(to: redirectURI.text) }) else {
      return false
    }
    client.redirectURIs.append(redirectURI.text)
    if let uri = PostLogout.redirectURI(beside: redirectURI) {
      client.postLogoutRedirectURIs.append(uri.text)
    }
    settings.clients[index] = client
    // The tenant is made from its settings; the next request makes a new one.
    tenant = nil
    return true
  }

  /// Makes the tenant commit a fault from now on; nil makes it honest again.
  ///
  /// - Parameter signsOut: Whether everyone is signed out, so that each run in the lab starts fresh;
  ///   otherwise the tenant remembers what it has given out.
  public func commit(_ fault: Fault?, signsOut: Bool = true) {
    settings.fault = fault
    if signsOut { tenant = nil } else { tenant?.commit(fault) }
  }

  /// Registers another key of a client.
  func register(clientKey: JSONWebKey, clientID: String) {
    guard let index = settings.clients.firstIndex(where: { $0.id == clientID }),
      !settings.clients[index].keys.contains(clientKey)
    else { return }
    settings.clients[index].keys.append(clientKey)
    tenant = nil
  }

  /// Encrypts the ID tokens of a client like this from now on; nil only signs them.
  func encrypt(_ encryption: TenantEncryption?, clientID: String) {
    guard let index = settings.clients.firstIndex(where: { $0.id == clientID }),
      settings.clients[index].encryption != encryption
    else { return }
    settings.clients[index].encryption = encryption
    tenant = nil
  }

  /// Opens request objects that are encrypted for this key from now on; nil takes signed ones alone.
  func openRequests(with key: DecryptionKey?) {
    let keys = key.map { [$0] } ?? []
    guard settings.requestKeys.map(\.publicJWK) != keys.map(\.publicJWK) else { return }
    settings.requestKeys = keys
    tenant = nil
  }

  /// What the tenant checked in the last token request.
  public var tokenChecks: [ServerCheck] {
    tenant.map { ServerCheck.all(ofLastTokenRequest: $0) } ?? []
  }

  /// What the tenant checked in the last request that it refused.
  var refusalChecks: [ServerCheck] {
    tenant.map { ServerCheck.all(ofLastRefusal: $0) } ?? []
  }

  /// The messages that the fault has spoilt since it was chosen, oldest first.
  package var spoilt: [SpoiltMessage] { tenant?.spoilt.map(\.message) ?? [] }
  /// What the tenant has refused since its settings changed, oldest first.
  package var refusals: [LedgerEntry] { tenant?.ledger.filter { !$0.passed } ?? [] }

  /// What a request is for, by its path.
  package func service(at target: String) -> TenantService { settings.service(at: target) }

  /// What the tenant checked in the last request, if that was a token request; empty otherwise.
  var checksOfLastRequest: [ServerCheck] {
    guard let tenant, tenant.ledger.last?.request == tenant.requestCount else { return [] }
    return tokenChecks
  }

  /// The algorithm of the tenant's ID tokens.
  var signingAlgorithm: SignatureAlgorithm { settings.signingAlgorithm }

  /// The registered clients.
  public var clients: [TenantClient] { settings.clients }

  /// The discovery document and the keys as the tenant serves them now; nil without a key.
  ///
  /// A copy of the tenant is asked, so that nothing is written in its ledger.
  ///
  /// - Parameter fault: What it does wrong in them; nil for what the settings say.
  func documents(committing fault: Fault?) -> [FetchPurpose: SeenExchange] {
    makeTenant()
    guard var copy = tenant, let url = try? ProviderMetadata.documentURL(of: issuer) else {
      return [:]
    }
    func ask(_ purpose: FetchPurpose, _ url: WebURL) -> SeenExchange {
      let request = HTTPRequest(method: "GET", url: url, headers: ["Host": url.authority])
      return SeenExchange(
        .application(purpose), request,
        copy.handle(request, at: loop.now, committing: fault), at: loop.now)
    }
    let metadata = ask(.metadata, url)
    guard let address = (try? JSONParser.parse(metadata.response.body))?["jwks_uri"]?.string,
      let keysURL = try? WebURL(address)
    else { return [.metadata: metadata] }
    return [.metadata: metadata, .keys: ask(.keys, keysURL)]
  }

  /// The cookie of a session in which this person signed in earlier; nil without a key.
  func earlierSignIn(of name: String, secondsAgo: Int64) -> String? {
    makeTenant()
    return tenant?.earlierSignIn(of: name, secondsAgo: secondsAgo, at: loop.now)
  }

  /// The authorization response of another run, which the attacker has; nil without a key.
  public func answer(of run: OtherRun) -> [FormField]? {
    makeTenant()
    return tenant?.answer(of: run, at: loop.now)
  }

  /// Closes the port.
  public func stop() {
    server.stop()
    certificatePort?.stop()
  }

  func receive(_ request: HTTPRequest, _ responder: Responder) {
    if failure != nil || held.count >= Self.mostHeldRequests {
      responder.respond(
        HTTPResponse(
          status: 503, mediaType: "text/plain; charset=utf-8", text: "The tenant has no key.\n"))
      return
    }
    guard !keys.isEmpty else {
      held.append((request, responder))
      return
    }
    responder.respond(answer(request))
  }

  /// Makes the tenant from its settings if there is a key and no tenant yet.
  private func makeTenant() {
    guard tenant == nil, !keys.isEmpty else { return }
    tenant = try? DemoTenant(
      settings: settings, keys: keys.signing(with: settings.signingAlgorithm),
      randomness: Randomness.bytes)
  }

  /// Whether a request is a browser's.
  func isOfBrowser(_ request: HTTPRequest) -> Bool {
    TenantTraffic.isOfBrowser(request.path, settings: settings)
  }

  private func answer(_ request: HTTPRequest) -> HTTPResponse {
    makeTenant()
    (committedFault, chosenFault) = (nil, nil)
    let chosen: Fault?
    do throws(FaultHeader.Refusal) {
      chosen = takesFaultHeader ? try FaultHeader.fault(of: request) : nil
    } catch {
      onExchange?(request, error.response)
      return error.response
    }
    let fault = chosen ?? onService?(service(at: request.target))
    guard let response = tenant?.handle(request, at: loop.now, committing: fault) else {
      return HTTPResponse(
        status: 500, mediaType: "text/plain; charset=utf-8", text: "The tenant cannot start.\n")
    }
    (committedFault, chosenFault) = (tenant?.committedFault, fault?.id)
    onExchange?(request, response)
    if let onBrowserExchange, isOfBrowser(request) {
      var seen = request
      seen.url = try? WebURL(issuer.origin + request.target)
      onBrowserExchange(seen, response)
    }
    if let honest = tenant?.honestResponse { onChangedResponse?(request, response, honest) }
    return response
  }
}
