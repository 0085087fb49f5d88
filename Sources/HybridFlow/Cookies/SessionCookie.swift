import OpenID

/// The cookie in which the application recognizes the browser that it sent away.
///
/// Set before the browser leaves for the tenant, wanted back with the answer. Without one, an answer
/// is known by its `state` alone.
public struct SessionCookie: Sendable, Equatable {
  /// Its `SameSite` attribute, as it can be chosen.
  public enum SameSite: String, Sendable, Equatable, CaseIterable {
    /// `SameSite=None`: it goes with every request, a form of another site too.
    case none
    /// `SameSite=Lax`: of another site’s requests only with links and redirects.
    case lax
    /// `SameSite=Strict`: never with what another site sends.
    case strict
    /// No attribute: browsers decide.
    case unset
  }
  /// Its `SameSite` attribute.
  public var sameSite: SameSite
  /// Whether its name begins with `__Host-`, so that no neighbour’s `Domain` or `Path` reaches it.
  ///
  /// RFC 6265bis, section 4.1.3.2.
  public var hasHostPrefix: Bool

  /// Chooses a cookie.
  public init(_ sameSite: SameSite = .none, hasHostPrefix: Bool = true) {
    (self.sameSite, self.hasHostPrefix) = (sameSite, hasHostPrefix)
  }

  /// Its name at a redirect URI.
  ///
  /// Cookies ignore ports, so that of the application stands in it: two runs on one machine would
  /// overwrite each other’s.
  public func name(at redirectURI: WebURL) -> String {
    (hasHostPrefix ? "__Host-" : "") + "session_\(redirectURI.port)"
  }

  /// The value of the `Set-Cookie` header.
  func line(_ value: String, at redirectURI: WebURL) -> String {
    "\(name(at: redirectURI))=\(value); Path=/; HttpOnly; Secure"
      + (word.map { "; SameSite=\($0)" } ?? "")
  }

  /// The attribute as it is written; nil when it is left out.
  public var word: String? { sameSite == .unset ? nil : sameSite.rawValue.capitalized }

  /// The attribute in words, for a sentence.
  public var words: String { word.map { "SameSite=\($0)" } ?? "no SameSite" }
}

/// The address of the application where a login starts: its answer sets the cookie and sends the
/// browser to the tenant.
public enum LoginStart {
  /// The address beside a redirect URI.
  public static func url(beside redirectURI: WebURL) -> WebURL? {
    try? WebURL(redirectURI.origin + path(beside: redirectURI))
  }

  /// The path of that address: never the path of the redirect URI.
  public static func path(beside redirectURI: WebURL) -> String {
    redirectURI.path == "/login" ? "/start" : "/login"
  }
}

/// What became of the application’s cookie in a run.
public struct CookieTrail: Sendable, Equatable {
  /// The cookie as the application sets it.
  public internal(set) var cookie: SessionCookie
  /// Its name.
  public internal(set) var name: String
  /// The address that sets it.
  public internal(set) var start: WebURL
  /// The address that wants it back.
  public internal(set) var redirectURI: WebURL
  /// The address to which the browser leaves.
  public internal(set) var tenant: WebURL
  /// When it was set in the browser that has the run; nil as long as that has not asked for the start.
  public internal(set) var setAt: UnixTime?
  /// The request that asked for the start; nil as long as there was none.
  public internal(set) var opened: HTTPRequest?
  /// How the answer came; nil before it.
  public internal(set) var end: End?

  /// How the cookie came with the answer, or did not.
  public enum End: Sendable, Equatable {
    /// It came, once, with the value that was set.
    case returned
    /// It did not come, and this rule of browsers is the reason.
    case withheld(LostCookie.Reason)
    /// It came with another value, or more than once.
    case replaced(count: Int)
    /// It cannot be told: nobody set it, or nobody saw the request.
    case unknown
  }

  /// The cookie as a browser has it, without its value.
  public var browserCookie: BrowserCookie {
    var made = BrowserCookie(
      name: name, host: start.host.asciiLowercased, setAt: setAt ?? UnixTime(seconds: 0))
    (made.isSecure, made.isHTTPOnly) = (true, true)
    made.sameSite = cookie.word?.asciiLowercased
    return made
  }

  /// Whether the tenant and the application are different sites; nil where that is not known.
  public var isCrossSite: Bool? { BrowserCookie.isCrossSite(from: tenant, to: redirectURI) }
}
