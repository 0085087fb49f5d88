import HybridFlow
import OpenID

/// A browser without a window: cookies, redirects, forms; no layout and no scripts.
///
/// It does no input or output: it returns the next request and takes the response. So the same
/// browser works over real connections and in a test.
public struct HeadlessBrowser: Sendable {
  /// The most redirects in a row; browsers stop at 20 as well.
  public static let mostRedirects = 20
  /// The value of its `User-Agent` header.
  public static let userAgent = "hybrid-flow built-in browser"

  /// What the browser does after a response.
  public enum Step: Sendable {
    /// It follows a redirect with this request.
    case follow(HTTPRequest)
    /// It shows a page.
    case rest(BrowserPage)
    /// It has no page to show.
    case fail(TransportFailure)
  }

  private var cookies: CookieJar
  private var page: WebURL?
  private var referrerPolicy = ""
  private var redirects = 0
  private var waitingFor: HTTPRequest?
  private var fragment: String?

  /// Makes a browser without history and cookies.
  ///
  /// - Parameter sendsFreshCookies: Whether a cookie without `SameSite` goes with a form of another
  ///   site while it is fresh, as in Chromium.
  public init(sendsFreshCookies: Bool = false) {
    cookies = CookieJar(sendsFreshCookies: sendsFreshCookies)
  }

  /// The names of the cookies that it keeps of a host.
  public func cookieNames(of host: String) -> Set<String> { cookies.names(of: host) }

  /// The cookies that it keeps back from a request, and why.
  public func withheldCookies(from request: HTTPRequest) -> [LostCookie] {
    request.url.map { cookies.withheld(from: $0, method: request.method, page: page) } ?? []
  }

  /// The request for an address that a person typed.
  public mutating func navigate(to url: WebURL) -> HTTPRequest {
    page = nil
    referrerPolicy = ""
    return begin("GET", url, body: [])
  }

  /// Keeps a cookie that it got in an earlier visit to this site.
  mutating func keep(cookie: String, of url: WebURL) {
    cookies.take(["Set-Cookie": cookie], from: url)
  }

  /// The request for a form on the current page.
  public mutating func submit(_ form: FormSubmission) -> HTTPRequest {
    let encoded = FormEncoding.encode(form.fields)
    guard form.method == "POST" else {
      let plain = form.action.text.before(anyOf: "?#")
      let url = (try? WebURL(plain + "?" + encoded)) ?? form.action
      return begin("GET", url, body: [])
    }
    return begin("POST", form.action, body: Array(encoded.utf8))
  }

  private mutating func begin(_ method: String, _ url: WebURL, body: [UInt8]) -> HTTPRequest {
    redirects = 0
    return request(method, url, body: body)
  }

  private mutating func request(
    _ method: String, _ url: WebURL, body: [UInt8], isRedirect: Bool = false
  ) -> HTTPRequest {
    var headers: HTTPHeaders = [
      "Host": url.authority, "User-Agent": Self.userAgent,
      "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    ]
    if method == "POST" {
      headers.add("Content-Type", "application/x-www-form-urlencoded")
      headers.add("Content-Length", String(body.count))
      headers.add("Origin", origin(for: url, isRedirect: isRedirect))
    }
    if let referrer = referrer(for: url) { headers.add("Referer", referrer) }
    if let cookie = cookies.header(for: url, method: method, from: page) {
      headers.add("Cookie", cookie)
    }
    let request = HTTPRequest(method: method, url: url, headers: headers, body: body)
    if let own = url.fragment { fragment = own }
    waitingFor = request
    return request
  }

  /// Takes the response to the last request.
  public mutating func receive(_ response: HTTPResponse) -> Step {
    guard let request = waitingFor, let url = request.url else {
      return .fail(TransportFailure(kind: .other, message: "a response that nobody asked for"))
    }
    waitingFor = nil
    cookies.take(response.headers, from: url)
    if let location = response.headers["Location"],
      [301, 302, 303, 307, 308].contains(response.status)
    {
      return follow(location, response.status, request, url)
    }
    return rest(response, url)
  }

  private mutating func follow(
    _ location: String, _ status: Int, _ request: HTTPRequest, _ url: WebURL
  ) -> Step {
    redirects += 1
    guard redirects <= Self.mostRedirects else {
      return .fail(
        TransportFailure(
          kind: .other,
          message: "\(url.origin) redirected more than \(Self.mostRedirects) times in a row"))
    }
    guard let next = try? url.resolving(location) else {
      return .fail(
        TransportFailure(
          kind: .other, message: "\(url.origin) redirected to something that is no http URL"))
    }
    let keepsMethod = status == 307 || status == 308
    if keepsMethod {
      return .follow(self.request(request.method, next, body: request.body, isRedirect: true))
    }
    return .follow(self.request("GET", next, body: [], isRedirect: true))
  }

  private mutating func rest(_ response: HTTPResponse, _ url: WebURL) -> Step {
    var shown = url
    if shown.fragment == nil, let fragment, let full = try? WebURL(url.text + "#" + fragment) {
      shown = full
    }
    fragment = nil
    page = url
    referrerPolicy = response.headers["Referrer-Policy"]?.asciiLowercased ?? ""
    do throws(HTMLError) {
      let parsed = try HTMLPage(bytes: response.body, url: shown)
      return .rest(BrowserPage(url: shown, status: response.status, page: parsed))
    } catch {
      return .fail(
        TransportFailure(
          kind: .tooLarge, message: "the page at \(url.origin) is larger than a page may be"))
    }
  }

  /// Fetch Standard, "append a request Origin header": without a referrer, no origin either.
  private func origin(for url: WebURL, isRedirect: Bool) -> String {
    guard let page, !referrerPolicy.holds("no-referrer"),
      !isRedirect || page.origin == url.origin
    else { return "null" }
    return page.origin
  }

  /// Referrer Policy, with `strict-origin-when-cross-origin` as the default.
  private func referrer(for url: WebURL) -> String? {
    guard let page, !(page.isHTTPS && !url.isHTTPS) else { return nil }
    let isSameOrigin = page.origin == url.origin
    switch referrerPolicy {
    case "no-referrer": return nil
    case "same-origin": return isSameOrigin ? plain(page) : nil
    case "origin", "strict-origin": return page.origin + "/"
    default: return isSameOrigin ? plain(page) : page.origin + "/"
    }
  }

  private func plain(_ url: WebURL) -> String { String(url.text.before("#")) }
}
