import HybridFlow
import OpenID

/// A request with its response, who sent it, and when: one thing that was seen of a login.
public struct SeenExchange: Sendable, Equatable {
  /// Who asked, and what for.
  public enum Route: Sendable, Equatable {
    /// The browser, a page of the authorization server.
    case browser
    /// The application, over the back channel.
    case application(FetchPurpose)
  }

  /// Who asked, and what for.
  public var route: Route
  /// The request; its URL is absolute.
  public var request: HTTPRequest
  /// The response.
  public var response: HTTPResponse
  /// When the request came.
  public var at: UnixTime
  /// What the authorization server verified for it, where its ledger is known.
  public var serverChecks: [ServerCheck]

  /// Makes an exchange.
  public init(
    _ route: Route, _ request: HTTPRequest, _ response: HTTPResponse, at: UnixTime,
    serverChecks: [ServerCheck] = []
  ) {
    (self.route, self.request, self.response) = (route, request, response)
    (self.at, self.serverChecks) = (at, serverChecks)
  }
}
