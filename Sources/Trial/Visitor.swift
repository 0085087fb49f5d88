import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Session

/// Makes visits: a browser without a window, over real connections, one request at a time.
///
/// It goes to the application, to the tenant, and nowhere else. A code or token goes to the redirect
/// URI only.
final class Visitor {
  /// The most requests of one login, far more than any takes.
  static let mostRequests = 60
  /// The most redirects after the login, when the start address is asked once more.
  static let mostRedirects = 10
  /// The longest a whole visit may take.
  static let visitMilliseconds: Int64 = 45_000

  /// Who stands between the browser and the application.
  enum Between {
    /// Nobody.
    case nobody
    /// The person declines: the application is told so in the place of the answer.
    case refusal
    /// An attacker.
    case attacker(CallbackAttack)
    /// The browser is the attacker’s own: the answer is kept, and not delivered.
    case keeper
  }

  private let loop: PollLoop
  private let host: TenantHost
  private let subject: TrialSubject
  private let watch: TenantWatch
  private let client: HTTPClient
  /// Whether nobody listened where the last request went.
  private(set) var foundNobody = false
  /// Ends every wait, so that a signal ends the command.
  var isStopped = false

  init(loop: PollLoop, host: TenantHost, subject: TrialSubject, options: ClientOptions) {
    (self.loop, self.host, self.subject) = (loop, host, subject)
    watch = TenantWatch(host)
    var options = options
    if let own = subject.ownHost { options.plainHTTPHosts.insert(own.asciiLowercased) }
    client = HTTPClient(loop: loop, options: options)
  }

  /// One login, from the start address to where it ends.
  ///
  /// - Parameters:
  ///   - asksAgain: Whether the start address is asked once more afterwards.
  ///   - isUnderWay: Whether the tenant commits the fault already, and what was seen since counts.
  func login(
    _ fault: Fault? = nil, _ between: Between = .nobody, asksAgain: Bool, isUnderWay: Bool = false
  ) -> Visit {
    if !isUnderWay { watch.begin(fault) }
    let begun = loop.monotonicMilliseconds
    var walk = Walk(begun: begun)
    walk.between = between
    var visit = Visit(end: rest(from: walk.browser.navigate(to: subject.start), &walk))
    visit.deliveredAnswer = walk.deliveredAnswer
    visit.wasAttacked = walk.wasAttacked
    visit.lostCookies = walk.lostCookies
    visit.frontAccessToken = walk.frontAccessToken
    if asksAgain, visit.page != nil { (visit.stays, visit.home) = home(&walk.browser) }
    visit.tenant = watch.look()
    if let url = subject.signOut { _ = rest(from: walk.browser.navigate(to: url), &walk) }
    visit.tenant.logouts = watch.look().logouts
    visit.seconds = Double(loop.monotonicMilliseconds - begun) / 1000
    return visit
  }

  /// Makes the tenant commit a fault before anybody comes.
  func commit(_ fault: Fault?) { watch.begin(fault) }

  /// Waits until the tenant can answer at once.
  func waitForTenant() {
    while !host.isReady, !isStopped { loop.turn() }
  }

  /// Waits until the application answers at its start address; whether it does in time.
  func waitForApplication(milliseconds: Int) -> Bool {
    let deadline = loop.monotonicMilliseconds + Int64(milliseconds)
    while !isStopped, loop.monotonicMilliseconds < deadline {
      var browser = HeadlessBrowser()
      if case .success = fetch(browser.navigate(to: subject.start)) { return true }
      var isOver = false
      loop.after(milliseconds: 100) { isOver = true }
      while !isOver, !isStopped { loop.turn() }
    }
    return false
  }

  // MARK: - The browser's way

  /// The state of a browser on its way.
  private struct Walk {
    var browser = HeadlessBrowser(sendsFreshCookies: true)
    var person = PersonAtKeyboard()
    var between = Between.nobody
    var deliveredAnswer = false
    var wasAttacked = false
    var lostCookies: [LostCookie] = []
    var frontAccessToken: String?
    var kept: [FormField]?
    let begun: Int64

    init(begun: Int64) { self.begun = begun }
  }

  /// Follows redirects and fills in forms until a page stays.
  private func rest(from first: HTTPRequest, _ walk: inout Walk) -> Visit.End {
    var request = first
    var redirects = 0
    for _ in 0..<Self.mostRequests {
      guard let url = request.url else { return .noAnswer(subject.start, why: "no address") }
      guard isOfTenant(url) || subject.mayVisit(url) else { return .elsewhere(url) }
      guard !carriesSecret(request, url) else { return .carriesSecret(url) }
      guard loop.monotonicMilliseconds - walk.begun < Self.visitMilliseconds else {
        return .noAnswer(url, why: "the whole login took longer than 45 s")
      }
      let response: HTTPResponse
      switch send(request, url, &walk) {
      case .success(let answer): response = answer
      case .failure(let error): return .noAnswer(url, why: error.happened)
      }
      switch walk.browser.receive(response) {
      case .follow(let next):
        redirects += 1
        guard redirects < HeadlessBrowser.mostRedirects else { return .circles(url) }
        request = next
      case .fail(let failure): return .noAnswer(url, why: failure.message)
      case .rest(let page):
        redirects = 0
        guard let form = filled(page, &walk) else {
          return isOfTenant(page.url)
            ? .refusedByTenant(page) : .page(endPage(page, response, walk.browser))
        }
        request = walk.browser.submit(form)
      }
    }
    return .circles(request.url ?? subject.start)
  }

  private func filled(_ shown: BrowserPage, _ walk: inout Walk) -> FormSubmission? {
    let page = shown.page
    if let form = page.automaticForm, let action = try? page.target(of: form) {
      return FormSubmission(
        action: action, method: form.method, fields: form.submission(values: [], pressing: nil))
    }
    return isOfTenant(shown.url) ? walk.person.fill(shown) : nil
  }

  private func endPage(
    _ shown: BrowserPage, _ response: HTTPResponse, _ browser: HeadlessBrowser
  ) -> EndPage {
    EndPage(
      url: shown.url, status: shown.status,
      text: masked(([shown.page.title] + shown.page.lines).joined(separator: "\n")),
      body: String(decoding: response.body, as: UTF8.self),
      cookieNames: browser.cookieNames(of: shown.url.host))
  }

  /// Whether the start address shows the application now, and does not send the browser away; and
  /// the page that it shows.
  private func home(_ browser: inout HeadlessBrowser) -> (stays: Bool?, page: EndPage?) {
    var request = browser.navigate(to: subject.start)
    for _ in 0..<Self.mostRedirects {
      guard let url = request.url, !isOfTenant(url) else { return (false, nil) }
      guard subject.mayVisit(url), case .success(let response) = fetch(request) else {
        return (nil, nil)
      }
      switch browser.receive(response) {
      case .follow(let next): request = next
      case .fail: return (nil, nil)
      case .rest(let page):
        if let form = page.page.automaticForm, let action = try? page.page.target(of: form),
          isOfTenant(action)
        {
          return (false, nil)
        }
        return (page.status < 400, endPage(page, response, browser))
      }
    }
    return (nil, nil)
  }

  // MARK: - Between browser and application

  /// Sends a request, as the attacker has changed it.
  private func send(
    _ request: HTTPRequest, _ url: WebURL, _ walk: inout Walk
  ) -> Result<HTTPResponse, TransportError> {
    if case .attacker(let attack) = walk.between, host.service(at: url.requestTarget) == .authorize,
      isOfTenant(url), !walk.wasAttacked
    {
      let changed = attack.authorizeURL(url)
      guard changed.text != url.text else { return fetch(request) }
      walk.wasAttacked = true
      return fetch(walk.browser.navigate(to: changed))
    }
    guard isAnswer(request, url), !walk.deliveredAnswer else { return fetch(request) }
    if case .keeper = walk.between {
      walk.kept = Self.fields(of: request)
      return .failure(.invalidRequest(reason: "the answer is kept"))
    }
    walk.deliveredAnswer = true
    watch.keep(Self.fields(of: request))
    walk.lostCookies = walk.browser.withheldCookies(from: request)
    if url.host.asciiLowercased != subject.start.host.asciiLowercased {
      walk.lostCookies += walk.browser.cookieNames(of: subject.start.host).sorted()
        .map { LostCookie($0, .host) }
    }
    let requests = changed(request, walk.between)
    walk.frontAccessToken = requests.first.flatMap { Self.fields(of: $0)["access_token"] }
    walk.wasAttacked = walk.wasAttacked || requests != [request]
    guard let first = requests.first else { return fetch(request) }
    let result = fetch(first)
    for again in requests.dropFirst() { _ = fetch(again) }
    return result
  }

  private func changed(_ request: HTTPRequest, _ between: Between) -> [HTTPRequest] {
    switch between {
    case .nobody, .keeper: return [request]
    case .refusal: return [refusal(request)]
    case .attacker(let attack):
      let other = attack.takesFromAnotherRun ? answerOfAnother(attack) : nil
      return attack.requests(for: request, other: other)
    }
  }

  /// The answer of another login at the same application, which the attacker makes in a browser of
  /// their own and does not deliver; the tenant makes one up if that fails.
  private func answerOfAnother(_ attack: CallbackAttack) -> [FormField]? {
    guard let configuration = asked,
      let run = attack.otherRun(configuration, redirectURI: configuration.redirectURI.text)
    else { return nil }
    let seen = watch.sighting
    var walk = Walk(begun: loop.monotonicMilliseconds)
    walk.between = .keeper
    walk.person = PersonAtKeyboard(name: run.signInName)
    _ = rest(from: walk.browser.navigate(to: subject.start), &walk)
    watch.forget(since: seen)
    let other = walk.kept ?? host.answer(of: run)
    watch.keep(other ?? [])
    return other
  }

  private static func fields(of answer: HTTPRequest) -> [FormField] {
    let encoded = answer.method == "POST" ? answer.body : Array(answer.query.utf8)
    return (try? FormEncoding.decode(encoded)) ?? []
  }

  /// The last authorization request as a configuration, for the run from which an attacker takes.
  private var asked: FlowConfiguration? {
    guard let fields = watch.sighting.authorizations.last,
      let redirectURI = fields["redirect_uri"].flatMap({ try? WebURL($0) }),
      let type = ResponseType(words: fields["response_type"] ?? "")
    else { return nil }
    var configuration = FlowConfiguration(
      issuer: host.issuer, clientID: subject.client.id, clientSecret: nil,
      redirectURI: redirectURI, responseType: type)
    configuration.scope = (fields["scope"] ?? "").split(at: " ").map(String.init)
    configuration.audience = fields["audience"]
    configuration.usesPKCE = fields["code_challenge"] != nil
    return configuration
  }

  /// The answer of a person who declines, in the place of the real one.
  ///
  /// RFC 6749, section 4.1.2.1.
  private func refusal(_ request: HTTPRequest) -> HTTPRequest {
    let isForm = request.method == "POST"
    let fields = try? FormEncoding.decode(isForm ? request.body : Array(request.query.utf8))
    let refused = FormEncoding.encode(
      [FormField("error", "access_denied")]
        + ["state", "iss"].compactMap { name in fields?[name].map { FormField(name, $0) } })
    var changed = request
    if isForm {
      changed.body = Array(refused.utf8)
      changed.headers.set("Content-Length", String(changed.body.count))
    } else if let url = request.url {
      changed.url = try? WebURL(url.text.before(anyOf: "?#") + "?" + refused)
      changed.target = (changed.url ?? url).requestTarget
    }
    return changed
  }

  private func isAnswer(_ request: HTTPRequest, _ url: WebURL) -> Bool {
    guard subject.isRedirectURI(url) else { return false }
    let inQuery = (try? FormEncoding.decode(Array(request.query.utf8))) ?? []
    guard let inBody = try? FormEncoding.decode(request.body) else { return true }
    let fields = inQuery + inBody
    return ["code", "id_token", "access_token", "error", "state"].contains { fields[$0] != nil }
  }

  private func isOfTenant(_ url: WebURL) -> Bool {
    url.isLoopback ? url.port == host.port : url.origin == host.issuer.origin
  }

  /// A page without the codes and tokens that it repeats: parts of it are printed.
  private func masked(_ text: String) -> String {
    watch.sighting.issued.reduce(text) { $0.replacing(bytes: $1, with: "(a secret)") }
  }

  /// Whether a request would carry a code or token to another place than the redirect URI.
  private func carriesSecret(_ request: HTTPRequest, _ url: WebURL) -> Bool {
    guard !isOfTenant(url), !subject.isRedirectURI(url) else { return false }
    let body = String(decoding: request.body, as: UTF8.self)
    return watch.sighting.issued.contains { url.text.holds($0) || body.holds($0) }
  }

  private func fetch(_ request: HTTPRequest) -> Result<HTTPResponse, TransportError> {
    var result: Result<HTTPExchange, TransportError>?
    let transfer = client.send(request) { result = $0 }
    while result == nil, !isStopped { loop.turn() }
    guard let result else {
      client.cancel(transfer)
      return .failure(.invalidRequest(reason: "stopped"))
    }
    foundNobody = if case .failure(.cannotConnect) = result { true } else { false }
    return result.map(\.response)
  }
}
