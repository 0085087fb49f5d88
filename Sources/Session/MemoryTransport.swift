import DemoTenant
import HybridFlow
import OpenID

/// Carries a run without sockets: calls the tenant and the application directly.
struct MemoryTransport: Transport {
  /// The tenant's current time.
  var now: UnixTime
  /// Changes a server's response on its way; for tests and figures.
  var meddle: (@Sendable (FetchPurpose, HTTPResponse) -> HTTPResponse)?

  private var tenant: DemoTenant
  private var site: ApplicationSite
  private var callbacks = 0
  private var isOld = false
  /// The callback whose response the browser waits for; nil when there is none.
  private var awaited: CallbackNumber?

  init(_ tenant: DemoTenant, redirectURI: WebURL, now: UnixTime) {
    (self.tenant, self.now) = (tenant, now)
    site = ApplicationSite(redirectURI: redirectURI)
  }

  var redirectURI: WebURL? { site.redirectURI }

  /// The messages that the tenant has spoilt on purpose, in order.
  var spoilt: [SpoiltMessage] { tenant.spoilt.map(\.message) }

  var tokenChecks: [ServerCheck] { ServerCheck.all(ofLastTokenRequest: tenant) }
  var refusalChecks: [ServerCheck] { ServerCheck.all(ofLastRefusal: tenant) }

  func listen(at uri: WebURL, clientID: String?, opensPort: Bool) -> FlowEvent {
    .listenerReady(opensPort ? site.redirectURI : uri)
  }

  mutating func speakOldTLS(_ isOld: Bool) { self.isOld = isOld }

  mutating func send(_ request: HTTPRequest, for purpose: FetchPurpose) -> [Arrival] {
    let sent = completed(request)
    let response = served(tenant.handle(sent, at: now))
    return [.event(.fetched(purpose, sent, meddle?(purpose, response) ?? response))] + original
  }

  /// What the tenant's last response was without its fault, if that changed it.
  private var original: [Arrival] {
    guard let honest = tenant.honestResponse else { return [] }
    return [.event(.originalKnown(.content(.response(served(honest)))))]
  }

  mutating func browse(_ requests: [HTTPRequest]) -> [Arrival] {
    guard let request = requests.first, let url = request.url else { return [] }
    guard url.origin == site.redirectURI.origin else {
      let response = served(tenant.handle(request, at: now))
      return [.event(.browserExchanged(request, response))] + original + [.page(response)]
    }
    switch site.route(request) {
    case .callback: return arrive(requests)
    case .relayed(let handed): return arrive([handed] + requests.dropFirst())
    case .repeated: return [.page(CallbackPages.repeated)]
    case .start:
      return [.event(.loginOpened(request)), .page(served(site.open().response))]
    case .done: return [.page(site.donePage())]
    case .loggedOut: return [.event(.loggedOut(request)), .page(CallbackPages.loggedOut)]
    case .misplaced: return [.event(.answerMisplaced(request)), .page(CallbackPages.misplaced)]
    case .notFound: return [.page(CallbackPages.notFound)]
    }
  }

  /// The browser waits until the machine has answered.
  private mutating func arrive(_ requests: [HTTPRequest]) -> [Arrival] {
    awaited = CallbackNumber(callbacks + 1)
    return requests.map { arriving in
      callbacks += 1
      return .event(.callbackArrived(CallbackNumber(callbacks), arriving))
    }
  }

  func keyed(_ url: WebURL) -> WebURL { url }

  func openBrowser(at url: WebURL) -> [Arrival] {
    let detail = "No browser is opened in a picture."
    return [.event(.browserOpened(succeeded: false, detail: detail))]
  }

  mutating func offer(_ login: HTTPResponse) { site.login = login }

  mutating func answer(_ number: CallbackNumber, _ answer: CallbackAnswer) -> [Arrival] {
    // The browser waits for the response to its first request.
    if let awaited, awaited != number { return [] }
    return [.page(served(site.answer(answer, token: "pictures-of-this-lab-g")))]
  }

  mutating func answer(of run: OtherRun) -> [FormField]? { tenant.answer(of: run, at: now) }

  mutating func earlierSignIn(of name: String, secondsAgo: Int64) -> String? {
    tenant.earlierSignIn(of: name, secondsAgo: secondsAgo, at: now)
  }

  /// Adds what the HTTP client adds on the wire.
  private func completed(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    if isOld, request.url?.isHTTPS == true {
      // What the tenant’s port agrees on then: its key is one of P-256.
      request.security = request.security ?? RequestSecurity()
      request.security?.version = "TLSv1.2"
      request.security?.cipher = "ECDHE-ECDSA-AES256-GCM-SHA384"
    }
    if request.headers["User-Agent"] == nil { request.headers.add("User-Agent", "hybrid-flow") }
    if request.headers["Accept"] == nil { request.headers.add("Accept", "*/*") }
    return request
  }

  /// Adds what the HTTP server adds on the wire.
  private func served(_ response: HTTPResponse) -> HTTPResponse {
    var response = response
    response.headers.set("Content-Length", String(response.body.count))
    return response
  }
}
