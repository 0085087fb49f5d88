import HybridFlow
import Network
import OpenID
import Session

/// The built-in browser on a visit: no window, no scripts, real connections, one request at a time.
final class BuiltInBrowser: VisitingBrowser {
  /// The most redirects after the login, when the start address is asked once more.
  private static let mostRedirects = 10

  let runsScripts = false
  private let loop: PollLoop
  private let subject: TrialSubject
  private let errands: Errands
  private var passage: Passage?
  private var browser = HeadlessBrowser()
  private var person = PersonAtKeyboard()

  init(loop: PollLoop, subject: TrialSubject, errands: Errands) {
    (self.loop, self.subject, self.errands) = (loop, subject, errands)
  }

  func begin(_ passage: Passage) {
    self.passage = passage
    browser = HeadlessBrowser(sendsFreshCookies: true)
    person = passage.person
  }

  func end() { passage = nil }

  func rest(at start: WebURL) -> Visit.End {
    guard let passage else { return .browserFailed("no visit has begun") }
    var request = browser.navigate(to: start)
    var redirects = 0
    for _ in 0..<Passage.mostRequests {
      guard let url = request.url else { return .noAnswer(start, why: "no address") }
      if let obstacle = passage.obstacle(request, url) { return obstacle }
      guard loop.monotonicMilliseconds - passage.begun < Passage.visitMilliseconds else {
        return .noAnswer(url, why: Visit.tooLong)
      }
      let response: HTTPResponse
      switch send(request, url, passage) {
      case .success(let answer): response = answer
      case .failure(let error): return .noAnswer(url, why: error.happened)
      }
      switch browser.receive(response) {
      case .follow(let next):
        redirects += 1
        guard redirects < HeadlessBrowser.mostRedirects else { return .circles(url) }
        request = next
      case .fail(let failure): return .noAnswer(url, why: failure.message)
      case .rest(let page):
        redirects = 0
        guard let form = filled(page, passage) else {
          return passage.isOfTenant(page.url)
            ? .refusedByTenant(page) : .page(endPage(page, response, passage))
        }
        request = browser.submit(form)
      }
    }
    return .circles(request.url ?? start)
  }

  private func filled(_ shown: BrowserPage, _ passage: Passage) -> FormSubmission? {
    let page = shown.page
    if let form = page.automaticForm, let action = try? page.target(of: form) {
      return FormSubmission(
        action: action, method: form.method, fields: form.submission(values: [], pressing: nil))
    }
    return passage.isOfTenant(shown.url) ? person.fill(shown) : nil
  }

  private func endPage(
    _ shown: BrowserPage, _ response: HTTPResponse, _ passage: Passage
  ) -> EndPage {
    EndPage(
      url: shown.url, status: shown.status,
      text: passage.masked(([shown.page.title] + shown.page.lines).joined(separator: "\n")),
      body: String(decoding: response.body, as: UTF8.self),
      cookieNames: browser.cookieNames(of: shown.url.host))
  }

  func home(at start: WebURL) -> (stays: Bool?, page: EndPage?) {
    guard let passage else { return (nil, nil) }
    var request = browser.navigate(to: start)
    for _ in 0..<Self.mostRedirects {
      guard let url = request.url, !passage.isOfTenant(url) else { return (false, nil) }
      guard subject.mayVisit(url), case .success(let response) = errands.fetch(request) else {
        return (nil, nil)
      }
      switch browser.receive(response) {
      case .follow(let next): request = next
      case .fail: return (nil, nil)
      case .rest(let page):
        if let form = page.page.automaticForm, let action = try? page.page.target(of: form),
          passage.isOfTenant(action)
        {
          return (false, nil)
        }
        return (page.status < 400, endPage(page, response, passage))
      }
    }
    return (nil, nil)
  }

  /// Sends a request, as the attacker has changed it.
  private func send(
    _ request: HTTPRequest, _ url: WebURL, _ passage: Passage
  ) -> Result<HTTPResponse, TransportError> {
    if let changed = passage.changedAuthorization(url) {
      return errands.fetch(browser.navigate(to: changed))
    }
    guard let requests = passage.delivery(of: request, url) else {
      return errands.fetch(request)
    }
    guard let first = requests.first else {
      return .failure(.invalidRequest(reason: "the answer is kept"))
    }
    passage.lostCookies = browser.withheldCookies(from: request)
    if url.host.asciiLowercased != subject.start.host.asciiLowercased {
      passage.lostCookies += browser.cookieNames(of: subject.start.host).sorted()
        .map { LostCookie($0, .host) }
    }
    let result = errands.fetch(first)
    for again in requests.dropFirst() { _ = errands.fetch(again) }
    return result
  }
}
