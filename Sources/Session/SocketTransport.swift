import DemoTenant
import HybridFlow
import Network
import OpenID
import Settings

/// Carries a run over real connections: libcurl, the application's port, a real browser.
///
/// Everything happens on one loop, and nothing waits: answers come in later turns.
final class SocketTransport: Transport {
  /// Told of everything that comes later, unless another run has begun meanwhile.
  var onArrival: ((Arrival) -> Void)?
  /// Told which URL a real browser is to open, before it is tried.
  var onBrowserURL: ((WebURL) -> Void)?
  /// Told the redirect URI with its real port, once it is listened at.
  var onListening: ((WebURL) -> Void)?

  private let loop: PollLoop
  private let tenant: TenantHost?
  private let options: SessionOptions
  private let client: HTTPClient
  private let application: CallbackServer
  private var launch: BrowserLaunch?
  private var browserURL: WebURL?
  /// The address that the tenant knows beside those of its settings.
  private var registered: WebURL?
  /// Counts runs, so that an answer to an earlier one is known as such.
  private var run = 0

  init(loop: PollLoop, tenant: TenantHost?, options: SessionOptions) {
    (self.loop, self.tenant, self.options) = (loop, tenant, options)
    client = HTTPClient(
      loop: loop,
      options: ClientOptions(
        timeoutSeconds: options.timeoutSeconds, caFile: options.caFile,
        userAgent: options.userAgent))
    application = CallbackServer(loop: loop)
    application.onCallback = { [weak self] in self?.onArrival?(.event(.callbackArrived($0, $1))) }
    application.onMisplaced = { [weak self] in self?.onArrival?(.event(.answerMisplaced($0))) }
    application.onRefused = { [weak self] in self?.onArrival?(.event(.requestRefused($0))) }
    application.onLoggedOut = { [weak self] in self?.onArrival?(.event(.loggedOut($0))) }
    tenant?.onBrowserExchange = { [weak self] in
      self?.onArrival?(.event(.browserExchanged($0, $1)))
    }
  }

  /// Gives up what is under way, for another run.
  func reset() {
    run += 1
    client.cancelAll()
    launch?.cancel()
    launch = nil
    browserURL = nil
  }

  /// Gives everything up and closes the application's port.
  func close() {
    reset()
    application.stop()
  }

  /// Whether nothing is under way.
  var isIdle: Bool {
    client.runningCount == 0 && launch == nil && !application.isBusy
      && !(tenant?.isHolding ?? false)
  }

  /// Whether a browser is still to fetch the page that says how it ended.
  var owesPage: Bool { application.owesPage }

  /// Where a real browser was sent; nil when none was.
  var lastBrowserURL: WebURL? { browserURL }

  // MARK: The messages

  var redirectURI: WebURL? { application.redirectURI }

  var tokenChecks: [ServerCheck] { tenant?.tokenChecks ?? [] }

  func listen(at uri: WebURL, clientID: String?) -> FlowEvent {
    do throws(ListenError) {
      let real = try application.listen(at: uri)
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

  func send(_ request: HTTPRequest, for purpose: FetchPurpose) -> [Arrival] {
    let run = run
    client.send(request) { [weak self] result in
      switch result {
      case .success(let exchange):
        self?.bring(.event(.fetched(purpose, exchange.request, exchange.response)), of: run)
      case .failure(let fault):
        self?.bring(.event(.fetchFailed(purpose, TransportFailure(fault))), of: run)
      }
    }
    return []
  }

  func browse(_ requests: [HTTPRequest]) -> [Arrival] {
    guard let request = requests.first else { return [] }
    let run = run
    // Whoever sends it twice does not wait for the second answer.
    for another in requests.dropFirst() { client.send(another) { _ in } }
    client.send(request) { [weak self] result in
      switch result {
      case .success(let exchange): self?.bring(.page(exchange.response), of: run)
      case .failure(let fault): self?.bring(.noPage(TransportFailure(fault)), of: run)
      }
    }
    return []
  }

  func openBrowser(at url: WebURL) -> [Arrival] {
    browserURL = url
    onBrowserURL?(url)
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
    return []
  }

  func answer(_ number: CallbackNumber, _ answer: CallbackAnswer) -> [Arrival] {
    application.answer(number, answer)
    return []
  }

  func answer(of run: OtherRun) -> [FormField]? { tenant?.answer(of: run) }

  /// Tells of an answer, unless another run has begun meanwhile.
  private func bring(_ arrival: Arrival, of run: Int) {
    if run == self.run { onArrival?(arrival) }
  }
}

extension TransportFailure {
  /// The same failure in the flow's words.
  init(_ fault: TransportError) {
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
