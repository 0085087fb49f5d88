import DemoTenant
import HybridFlow
import Lab
import OpenID

/// One visit of a fresh browser to the application: what the browser saw, and what the tenant saw.
public struct Visit: Sendable {
  /// Where the browser came to rest.
  public enum End: Sendable {
    /// It shows a page of the application.
    case page(EndPage)
    /// The tenant shows a page on which nothing can be filled in.
    case refusedByTenant(BrowserPage)
    /// A request got no answer that can be read; the text says why.
    case noAnswer(WebURL, why: String)
    /// The application sent the browser to another machine; nothing was sent there.
    case elsewhere(WebURL)
    /// The application sent the browser on with a code or token in the request; it was not followed.
    case carriesSecret(WebURL)
    /// More requests than a login takes.
    case circles(WebURL)
    /// The browser itself does not work; the text says why.
    case browserFailed(String)
  }

  /// Why a visit is given up.
  static let tooLong =
    "the whole login took longer than \(Passage.visitMilliseconds / 1000) s"

  /// How it ended.
  public var end: End
  /// What the tenant saw until then.
  public var tenant = TenantSighting()
  /// Whether the browser brought an authorization response to the redirect URI.
  public var deliveredAnswer = false
  /// Whether an attacker in the browser has changed something.
  public var wasAttacked = false
  /// The cookies that did not go with the answer, and why.
  public var lostCookies: [LostCookie] = []
  /// Whether the start address shows the application afterwards and asks for no login; nil when it
  /// was not asked.
  public var stays: Bool?
  /// The page that the start address showed then.
  var home: EndPage?
  /// The access token of the answer in the browser; a secret.
  var frontAccessToken: String?
  /// How long it took, in seconds.
  public var seconds = 0.0

  /// The pages of the application at the end: where the login ended, and the start address.
  var pages: [EndPage] { [page, home].compactMap { $0 } }

  /// The page at which it ended, if the application shows one.
  public var page: EndPage? { if case .page(let page) = end { page } else { nil } }
}

/// A page of the application at which a visit ended.
public struct EndPage: Sendable {
  /// Its address.
  public var url: WebURL
  /// The status.
  public var status: Int
  /// The text that a reader sees, with the title; untrusted.
  public var text: String
  /// The body as it came; untrusted.
  var body: String
  /// The names of the application's cookies that the browser keeps.
  public var cookieNames: Set<String>

  /// Address without query, and status: what stays the same from login to login.
  var place: String { "\(url.text.before(anyOf: "?#")) \(status)" }

  /// Whether the page holds a text, as it is shown or as it is written.
  func holds(_ text: String) -> Bool { self.text.holds(text) || body.holds(text) }

  /// The beginning of its text in one line, harmless.
  public func excerpt(scalars: Int = 160) -> String {
    HarmlessText.line(
      String(text.split(atAnyOf: " \n\t").joined(separator: " ").prefix(scalars: scalars)))
  }
}
