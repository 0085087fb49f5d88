import DemoTenant
import OpenID

/// The application under test, and what may be done with it.
public struct TrialSubject: Sendable {
  /// The address that begins a login.
  public var start: WebURL
  /// How it is registered at the tenant.
  public var client: TenantClient
  /// A text that only a signed-in person sees; nil leaves it to be learnt.
  public var signedInText: String?
  /// The address that signs out, for an application whose session is not the browser's alone.
  public var signOut: WebURL?
  /// The host besides this machine that may be asked; nil for none.
  public var ownHost: String?

  /// Describes an application.
  public init(
    start: WebURL, client: TenantClient, signedInText: String? = nil, signOut: WebURL? = nil,
    ownHost: String? = nil
  ) {
    (self.start, self.client, self.signedInText) = (start, client, signedInText)
    (self.signOut, self.ownHost) = (signOut, ownHost)
  }

  /// Whether the browser may go there: this machine, or the host that the person owns.
  func mayVisit(_ url: WebURL) -> Bool {
    url.isLoopback || ownHost.map { url.host.asciiLowercased == $0.asciiLowercased } ?? false
  }

  /// Whether this is one of the registered redirect URIs, with any query.
  func isRedirectURI(_ url: WebURL) -> Bool {
    let bare = url.text.before(anyOf: "?#")
    return client.redirectURIs.contains { $0.before(anyOf: "?#") == bare }
  }
  /// Whether this is on the server of one of the redirect URIs.
  func isBesideRedirectURI(_ url: WebURL) -> Bool {
    client.redirectURIs.contains { (try? WebURL($0))?.origin == url.origin }
  }
}
