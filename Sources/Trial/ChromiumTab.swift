import HybridFlow
import Network
import OpenID
import Session

/// One tab of Chromium during one visit.
final class ChromiumTab {
  /// How long nothing may happen until a page is taken to stay, in milliseconds.
  private static let quietMilliseconds: Int64 = 300
  /// How long a loaded page may go on asking its server until it is taken as it is.
  private static let restlessMilliseconds: Int64 = 8000
  /// How long a page may take to say what it shows.
  private static let lookMilliseconds = 5000

  let pipe: DebuggingPipe
  let passage: Passage
  private let loop: PollLoop
  private let errands: Errands
  private let context: String
  let session: String
  private var state: TabState
  private var person: PersonAtKeyboard
  /// The document whose form has been filled in.
  private var filledIn = ""
  private var lastSign: Int64 = 0
  private var loadedAt: Int64?
  /// The document that is awaited, by its number, and since when.
  private var awaited: (number: Int, since: Int64)?

  /// Whether the tenant must not be visited: the session is looked for.
  private(set) var forbidsTenant = false
  /// Whether the application sent the browser to the tenant all the same.
  var wentToTenant = false
  /// Why the visit ends here, by the rules.
  var obstacle: Visit.End?
  /// The request that carried the answer, by the network’s name for it.
  var answerID: String?
  /// What is sent after the answer, once that has been received: the answer again.
  var repeated: [HTTPRequest] = []
  /// The headers with which the answer went.
  var sentHeaders: HTTPHeaders?
  var isAnswered = false

  /// Opens a tab in a browser context, with every request held.
  ///
  /// - Parameter tenant: Patterns of the tenant’s addresses.
  init(
    pipe: DebuggingPipe, loop: PollLoop, context: String, passage: Passage, errands: Errands,
    tenant: [String]
  ) throws(DebuggingError) {
    (self.pipe, self.loop, self.passage) = (pipe, loop, passage)
    (self.errands, self.context) = (errands, context)
    person = passage.person
    let made = try pipe.ask(
      "Target.createTarget", ["url": "about:blank", "browserContextId": .string(context)])
    let target = made["targetId"] ?? ""
    let attached = try pipe.ask(
      "Target.attachToTarget", ["targetId": target, "flatten": true])
    session = attached["sessionId"]?.string ?? ""
    // A page’s main frame has the name of its target.
    state = TabState(frame: target.string ?? "")
    patterns = .array(
      [["urlPattern": "*", "requestStage": "Request"]]
        + tenant.map { ["urlPattern": .string($0), "requestStage": "Response"] })
    for (method, parameters) in setUp { _ = try pipe.ask(method, parameters, session: session) }
  }

  /// What is held: every request, and the tenant’s answers, among them redirects with a fragment.
  let patterns: JSONValue
  var frame: String { state.frame }

  private var setUp: [(String, JSONValue)] {
    [
      ("Page.enable", [:]), ("Network.enable", ["maxPostDataSize": 65_536]),
      ("Network.setBypassServiceWorker", ["bypass": true]),
      ("Fetch.enable", ["patterns": patterns]),
      (
        "Target.setAutoAttach",
        ["autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true]
      ),
    ]
  }

  /// Goes to an address and follows until a page stays.
  func rest(at start: WebURL, forbidsTenant: Bool = false) -> Visit.End {
    (self.forbidsTenant, wentToTenant, obstacle) = (forbidsTenant, false, nil)
    errands.foundNobody = false
    state.navigate()
    (loadedAt, lastSign) = (nil, loop.monotonicMilliseconds)
    pipe.tell("Page.navigate", ["url": .string(start.text)], session: session)
    while true {
      if let reason = pipe.ending { return .browserFailed(reason) }
      if errands.isStopped { return .browserFailed("stopped") }
      if let end = end(from: start) { return end }
      sendAgain()
      if let end = endOfStanding(start) { return end }
      loop.turn(maximumMilliseconds: Int(Self.quietMilliseconds / 6))
    }
  }

  /// The end that needs no page.
  private func end(from start: WebURL) -> Visit.End? {
    if let obstacle { return obstacle }
    if wentToTenant { return .circles(start) }
    let url = (try? WebURL(state.url)) ?? start
    if state.hasCrashed { return .browserFailed("the page has crashed") }
    if let failure = state.failure {
      let place = (try? WebURL(failure.url)) ?? url
      errands.foundNobody = failure.error == "net::ERR_CONNECTION_REFUSED"
      if failure.error == "net::ERR_TOO_MANY_REDIRECTS" { return .circles(place) }
      return .noAnswer(place, why: Self.words(of: failure.error))
    }
    if let pageless = state.pageless, let place = try? WebURL(pageless.url) {
      return .page(
        EndPage(
          url: place, status: pageless.status, text: "", body: "",
          cookieNames: cookieNames(of: place.host)))
    }
    if state.documents > Passage.mostRequests { return .circles(url) }
    if isLate {
      return .noAnswer(
        url, why: "no complete answer within \(errands.timeoutMilliseconds / 1000) s")
    }
    guard loop.monotonicMilliseconds - passage.begun < Passage.visitMilliseconds else {
      return .noAnswer(url, why: Visit.tooLong)
    }
    return nil
  }

  /// Whether a document has been awaited for longer than one response may take.
  private var isLate: Bool {
    guard state.awaitsDocument else {
      awaited = nil
      return false
    }
    let now = loop.monotonicMilliseconds
    guard let awaited, awaited.number == state.documents else {
      awaited = (state.documents, now)
      return false
    }
    return now - awaited.since > errands.timeoutMilliseconds
  }

  /// The end at the page that stands, once it stands.
  private func endOfStanding(_ start: WebURL) -> Visit.End? {
    guard state.isLoaded, !state.awaitsDocument, repeated.isEmpty else {
      loadedAt = nil
      return nil
    }
    let now = loop.monotonicMilliseconds
    let since = loadedAt ?? now
    loadedAt = since
    let isQuiet = state.isIdle && now - lastSign >= Self.quietMilliseconds
    let url = try? WebURL(state.url)
    if let url, passage.isOfTenant(url) {
      if filledIn != state.loader, fillIn(url) { return nil }
      guard isQuiet, let (_, page) = look() else { return nil }
      return .refusedByTenant(page)
    }
    guard isQuiet || now - since > Self.restlessMilliseconds else { return nil }
    guard url != nil else { return .noAnswer(start, why: "it shows no page of the web") }
    let loader = state.loader
    guard let (sight, page) = look(), loader == state.loader else { return nil }
    return .page(
      EndPage(
        url: page.url, status: page.status,
        text: passage.masked("\(sight.title)\n\(sight.text)"), body: sight.html,
        cookieNames: cookieNames(of: page.url.host)))
  }

  // MARK: - Looking and filling in

  /// What a page shows.
  private struct Sight {
    var title: String
    var text: String
    var html: String
  }

  private func look() -> (Sight, BrowserPage)? {
    let script = """
      (() => {
        const well = (text) => String(text ?? "").slice(0, 1000000).toWellFormed();
        const root = document.documentElement;
        return {url: location.href, title: well(document.title),
          text: well(document.body ? document.body.innerText : root && root.textContent),
          html: well(root && root.outerHTML)};
      })()
      """
    guard let value = evaluate(script), let address = value["url"]?.string,
      let url = try? WebURL(address), let html = value["html"]?.string
    else { return nil }
    let bytes = Array(html.utf8.prefix(Limit.responseBodyBytes))
    guard let page = (try? HTMLPage(bytes: bytes, url: url)) ?? (try? HTMLPage(bytes: [], url: url))
    else { return nil }
    let sight = Sight(
      title: value["title"]?.string ?? "", text: value["text"]?.string ?? "", html: html)
    return (sight, BrowserPage(url: url, status: state.status, page: page))
  }

  private func evaluate(_ script: String) -> JSONValue? {
    let reply = try? pipe.ask(
      "Runtime.evaluate", ["expression": .string(script), "returnByValue": true],
      session: session, withinMilliseconds: Self.lookMilliseconds)
    return reply?["result"]?["value"]
  }

  /// Fills in the tenant’s form as the person does; whether the page goes on by that or by itself.
  private func fillIn(_ url: WebURL) -> Bool {
    let loader = state.loader
    guard let (_, shown) = look(), loader == state.loader else { return true }
    if shown.page.automaticForm != nil { return state.awaitsDocument }
    filledIn = loader
    guard let form = person.fill(shown) else { return false }
    lastSign = loop.monotonicMilliseconds
    let fields = form.fields.map { JSONValue.array([.string($0.name), .string($0.value)]) }
    // Not form.submit(): a field of that name would stand before it.
    let script = """
      ((action, method, fields) => {
        const form = document.createElement("form");
        [form.action, form.method, form.hidden] = [action, method, true];
        for (const [name, value] of fields) {
          const input = document.createElement("input");
          [input.type, input.name, input.value] = ["hidden", name, value];
          form.append(input);
        }
        document.body.append(form);
        HTMLFormElement.prototype.submit.call(form);
        return true;
      })(\(JSONValue.string(form.action.text).compactText), \
      \(JSONValue.string(form.method).compactText), \(JSONValue.array(fields).compactText))
      """
    return evaluate(script) != nil
  }

  func cookieNames(of host: String) -> Set<String> {
    let reply = try? pipe.ask("Storage.getCookies", ["browserContextId": .string(context)])
    let cookies = reply?["cookies"]?.elements ?? []
    return Set(
      cookies.compactMap { cookie in
        let domain = cookie["domain"]?.string ?? ""
        let bare = String(domain.dropping(prefix: ".") ?? domain[...])
        let isOfHost = bare == host || (bare != domain && host.ends(with: "." + bare))
        return isOfHost ? cookie["name"]?.string : nil
      })
  }

  // MARK: - What the browser tells

  /// Takes an event of this tab or of a frame or worker of its page.
  func take(_ event: String, _ about: JSONValue, session other: String?) {
    switch event {
    case "Fetch.requestPaused": hold(about, session: other)
    case "Target.attachedToTarget": admit(about)
    case "Page.javascriptDialogOpening":
      pipe.tell("Page.handleJavaScriptDialog", ["accept": true], session: other)
    case "Network.requestWillBeSentExtraInfo": noteSent(about)
    case "Network.responseReceivedExtraInfo":
      if let answerID, about["requestId"]?.string == answerID { isAnswered = true }
    default: break
    }
    if other == session, state.take(event, about) { lastSign = loop.monotonicMilliseconds }
  }

  /// A frame or worker with a session of its own: its requests are held as well.
  private func admit(_ about: JSONValue) {
    guard let session = about["sessionId"]?.string else { return }
    pipe.tell("Fetch.enable", ["patterns": patterns], session: session)
    pipe.tell("Runtime.runIfWaitingForDebugger", session: session)
  }

  /// The answer again, from the same browser: with the headers with which it went.
  private func sendAgain() {
    guard isAnswered, let headers = sentHeaders, !repeated.isEmpty else { return }
    let requests = repeated
    repeated = []
    for request in requests {
      var again = request
      again.headers = headers
      again.headers.set("Content-Length", String(again.body.count))
      _ = errands.fetch(again)
    }
  }

  /// Chromium’s word for a network error, in plainer words where there are some.
  private static func words(of error: String) -> String {
    switch error {
    case "net::ERR_CONNECTION_REFUSED": "nothing listens there"
    case "net::ERR_EMPTY_RESPONSE", "net::ERR_CONNECTION_CLOSED", "net::ERR_CONNECTION_RESET":
      "the connection was closed without an answer"
    case "net::ERR_TIMED_OUT", "net::ERR_CONNECTION_TIMED_OUT": "it took too long"
    case "net::ERR_NAME_NOT_RESOLVED": "the host name could not be resolved"
    case "net::ERR_INVALID_HTTP_RESPONSE": "the answer is no HTTP"
    case "net::ERR_CERT_AUTHORITY_INVALID":
      "Chromium does not trust the certificate (net::ERR_CERT_AUTHORITY_INVALID)"
    default: error
    }
  }
}
