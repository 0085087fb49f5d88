import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Settings

/// Carries a run over real connections: libcurl, the application's port, a real browser.
///
/// Everything runs on one loop, and nothing blocks: responses come in later turns.
final class SocketTransport: Transport {
  /// Called for every later result, unless a new run has begun.
  var onArrival: ((Arrival) -> Void)?
  /// Called with the URL for a real browser, before it is opened.
  var onBrowserURL: ((WebURL) -> Void)?
  /// Called with the redirect URI and its real port, once the port is open.
  var onListening: ((WebURL) -> Void)?

  private let loop: PollLoop
  private let tenant: TenantHost?
  private let options: SessionOptions
  private let client: HTTPClient
  private let application: CallbackServer
  private var launch: BrowserLaunch?
  /// The browser that was opened last, while no answer has come: it may fail after all.
  private var browser: BrowserLaunch?
  /// Whether that program still ran when the answer came, so that it is the browser itself.
  private var browserOutlivedAnswer = false
  /// The hosts that were reached through a proxy in this run.
  private var proxied: Set<String> = []
  private var browserURL: WebURL?
  /// The redirect URI registered at the tenant in addition to those of its settings.
  private var registered: WebURL?
  /// Responses that the tenant's fault has changed, on their way to the application.
  private var changed: [Changed] = []
  /// Counts runs, to recognize answers to an earlier one.
  private var run = 0

  /// A response that the tenant's fault has changed.
  private struct Changed {
    var request: HTTPRequest
    var made: HTTPResponse
    var honest: HTTPResponse
  }

  /// The most of them that are kept: nobody may wait for the others any more.
  private static let changedMaximum = 16

  init(loop: PollLoop, tenant: TenantHost?, options: SessionOptions) {
    (self.loop, self.tenant, self.options) = (loop, tenant, options)
    client = HTTPClient(
      loop: loop,
      options: options.clientOptions)
    application = CallbackServer(loop: loop, certificate: options.redirectCertificate)
    application.onCallback = { [weak self] in
      self?.browser?.cancel()
      self?.onArrival?(.event(.callbackArrived($0, $1)))
    }
    application.onMisplaced = { [weak self] in self?.onArrival?(.event(.answerMisplaced($0))) }
    application.onLogin = { [weak self] in self?.onArrival?(.event(.loginOpened($0))) }
    application.onRefused = { [weak self] in self?.onArrival?(.event(.requestRefused($0))) }
    application.onLoggedOut = { [weak self] in self?.onArrival?(.event(.loggedOut($0))) }
    tenant?.onBrowserExchange = { [weak self] in
      self?.onArrival?(.event(.browserExchanged($0, $1)))
    }
    tenant?.onChangedResponse = { [weak self] in
      self?.keep(Changed(request: $0, made: $1, honest: $2))
    }
  }

  /// Drops what is in progress, for a new run.
  func reset() {
    run += 1
    client.cancelAll()
    launch?.cancel()
    launch = nil
    browser?.cancel()
    browser = nil
    browserOutlivedAnswer = false
    proxied = []
    browserURL = nil
    changed = []
  }

  /// Lets requests show the certificates of these clients.
  func use(_ identities: [ClientIdentity]) { client.options.clientIdentities = identities }

  /// Stops everything and closes the application's port.
  func close() {
    reset()
    application.stop()
  }

  /// Whether nothing is in progress.
  var isIdle: Bool { isQuiet && launch == nil }

  /// The same, but for a browser that may have been started or not.
  var isQuiet: Bool {
    client.runningCount == 0 && !application.isBusy && !(tenant?.isHolding ?? false)
  }

  /// Whether a browser still has to fetch the page with the result.
  ///
  /// A program that brought the answer and has ended since will not come back. One that had ended
  /// before has only handed the URL to the browser.
  var owesPage: Bool {
    application.owesPage && !(browserOutlivedAnswer && browser?.isRunning == false)
  }

  /// The last URL for a real browser; nil when there was none.
  var lastBrowserURL: WebURL? { browserURL }

  // MARK: The messages

  var redirectURI: WebURL? { application.redirectURI }

  /// What the application's port shows to browsers; nil for http.
  var identity: TLSIdentity? { application.ownServer?.identity }

  var tokenChecks: [ServerCheck] { tenant?.tokenChecks ?? [] }
  var refusalChecks: [ServerCheck] { tenant?.refusalChecks ?? [] }

  func listen(at uri: WebURL, clientID: String?, opensPort: Bool) -> FlowEvent {
    do throws(ListenError) {
      if !opensPort { application.stop() }
      let real = opensPort ? try application.listen(at: uri) : uri
      client.options.ownServers = [application.ownServer, tenant?.secured].compactMap(\.self)
      if let clientID, let tenant {
        let isNew = tenant.register(redirectURI: real, clientID: clientID, insteadOf: registered)
        if isNew { registered = real }
      }
      onListening?(real)
      return .listenerReady(real)
    } catch {
      return .listenerFailed("The redirect URI cannot be listened at: \(error).")
    }
  }

  func speakOldTLS(_ isOld: Bool) { client.options.speaksOldTLS = isOld }

  func send(_ request: HTTPRequest, for purpose: FetchPurpose) -> [Arrival] {
    let run = run
    client.send(request) { [weak self] result in
      switch result {
      case .success(let exchange):
        self?.tellProxy(of: exchange, run)
        self?.bring(.event(.fetched(purpose, exchange.request, exchange.response)), of: run)
        if let original = self?.original(of: exchange.response, to: exchange.request) {
          self?.bring(.event(.originalKnown(.content(.response(original)))), of: run)
        }
      case .failure(let fault):
        self?.bring(.event(.fetchFailed(purpose, TransportFailure(fault))), of: run)
      }
    }
    return []
  }

  func browse(_ requests: [HTTPRequest]) -> [Arrival] {
    guard let request = requests.first else { return [] }
    let run = run
    // A sender that repeats a request does not wait for the second response.
    for another in requests.dropFirst() { client.send(another) { _ in } }
    client.send(request) { [weak self] result in
      switch result {
      case .success(let exchange): self?.bring(.page(exchange.response), of: run)
      case .failure(let fault): self?.bring(.noPage(TransportFailure(fault)), of: run)
      }
    }
    return []
  }

  func keyed(_ url: WebURL) -> WebURL { application.keyed(url) }

  func openBrowser(at url: WebURL) -> [Arrival] {
    let isAgain = browserURL == url
    browserURL = url
    onBrowserURL?(url)
    guard isAgain || !options.waitsBeforeBrowser else {
      let detail =
        "No browser is opened unasked: first keep the answer from the site at its redirect URI."
      return [.event(.browserOpened(succeeded: false, detail: detail))]
    }
    guard options.opensBrowser else {
      let detail = "No browser was opened, as asked."
      return [.event(.browserOpened(succeeded: false, detail: detail))]
    }
    let run = run
    launch?.cancel()
    launch = Browser.open(url, environment: options.childEnvironment, loop: loop) {
      [weak self] outcome in
      self?.launch = nil
      let isOpened = if case .opened = outcome { true } else { false }
      let detail = outcome.description.capitalized
      self?.bring(.event(.browserOpened(succeeded: isOpened, detail: detail + ".")), of: run)
    }
    browser?.cancel()
    browser = launch
    browser?.onLateFailure = { [weak self] words in
      let detail = "The browser failed: \(words)."
      self?.bring(.event(.browserOpened(succeeded: false, detail: detail)), of: run)
    }
    return []
  }

  /// Tells once a run and host that a proxy stands between.
  private func tellProxy(of exchange: HTTPExchange, _ run: Int) {
    guard let proxy = exchange.proxy, let host = exchange.request.url?.host,
      proxied.insert(host).inserted
    else { return }
    let text =
      "What goes to \(host) goes through the proxy \(proxy.place), as \(proxy.variable) says."
    bring(.event(.remarked(text, warns: false)), of: run)
  }

  func offer(_ login: HTTPResponse) { application.offer(login) }

  func answer(_ number: CallbackNumber, _ answer: CallbackAnswer) -> [Arrival] {
    browserOutlivedAnswer = browser?.isRunning == true
    application.answer(number, answer)
    return []
  }

  func answer(of run: OtherRun) -> [FormField]? { tenant?.answer(of: run) }

  func earlierSignIn(of name: String, secondsAgo: Int64) -> String? {
    tenant?.earlierSignIn(of: name, secondsAgo: secondsAgo)
  }

  /// Keeps what a response was until it arrives; the browser's are seen at once.
  private func keep(_ response: Changed) {
    if tenant?.isOfBrowser(response.request) == true {
      onArrival?(.event(.originalKnown(.content(.response(response.honest)))))
    } else {
      changed = changed.suffix(Self.changedMaximum - 1) + [response]
    }
  }

  /// What a response was before the tenant's fault changed it; nil if it did not.
  private func original(of response: HTTPResponse, to request: HTTPRequest) -> HTTPResponse? {
    let index = changed.firstIndex {
      $0.request.method == request.method && $0.request.target == request.target
        && $0.made.status == response.status && $0.made.body == response.body
    }
    guard let index else { return nil }
    let found = changed.remove(at: index)
    return response.undoing(found.made, to: found.honest)
  }

  /// Delivers a result, unless a new run has begun.
  private func bring(_ arrival: Arrival, of run: Int) {
    if run == self.run { onArrival?(arrival) }
  }
}

extension TransportFailure {
  /// Converts a transport error to the flow's failure.
  package init(_ fault: TransportError) {
    let kind: Kind =
      switch fault {
      case .cannotResolve: .cannotResolve
      case .cannotConnect: .cannotConnect
      case .timedOut: .timedOut
      case .tls, .unusableAuthorities: .tls
      case .proxy: .proxy
      case .tooLarge: .tooLarge
      case .notHTTP: .notHTTP
      case .brokenOff: .reset
      case .insecureURL: .insecureURL
      case .invalidRequest, .other: .other
      }
    self.init(kind: kind, message: fault.description.capitalized + ".")
    cause =
      switch fault {
      case .tls(_, _, let failure): failure.kind.rawValue
      case .proxy(_, _, let failure): failure.code
      default: ""
      }
    happened = fault.brief.capitalized + "."
    remedy = fault.remedy.map { $0.capitalized + "." } ?? ""
    details = fault.details.map { Detail($0.name, $0.text) }
  }
}
