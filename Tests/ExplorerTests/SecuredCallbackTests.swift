import Network
import OpenID
import Testing

@testable import Session
@testable import Settings

/// The application's port by https: which certificate it shows, and under which names.
@Suite struct SecuredCallbackTests {
  @Test func `a certificate that was made stays for later runs at the same host`() throws {
    let server = CallbackServer(loop: PollLoop())
    let uri = try WebURL("https://localhost:0/callback")
    let real = try server.listen(at: uri)
    let first = try #require(server.ownServer)
    #expect(real.port > 0 && first.origin == real.origin)
    // A new run at the same address: the browser asks nobody a second time.
    #expect(try server.listen(at: uri) == real && server.ownServer == first)
    // Another path is another address of the same host.
    _ = try server.listen(at: try WebURL("https://localhost:0/other"))
    #expect(server.ownServer?.identity === first.identity)
    _ = try server.listen(at: try WebURL("https://app.example.com:0/cb"))
    #expect(server.ownServer?.identity.fingerprint != first.identity.fingerprint)
    #expect(server.ownServer?.identity.names("app.example.com") == true)
    _ = try server.listen(at: try WebURL("http://localhost:0/callback"))
    #expect(server.ownServer == nil)
    server.stop()
  }

  @Test func `one's own certificate is shown for every host`() throws {
    let own = try TLSIdentity.throwAway(for: "localhost")
    let server = CallbackServer(loop: PollLoop(), certificate: .given(own))
    for text in ["https://localhost:0/cb", "https://app.example.com:0/cb"] {
      _ = try server.listen(at: try WebURL(text))
      #expect(server.ownServer?.identity === own)
    }
    server.stop()
  }

  /// Browsers leave out the port of the scheme, and no other.
  @Test(arguments: [
    ("https://localhost/cb", "localhost", true), ("https://localhost:443/cb", "localhost", true),
    ("https://app.example.com:443/cb", "app.example.com", true),
    ("https://app.example.com/cb", "app.example.com:443", true),
    ("https://app.example.com:8443/cb", "app.example.com:8443", true),
    ("https://app.example.com:8443/cb", "app.example.com", false),
    ("https://[::1]/cb", "[::1]", true), ("https://[::1]:443/cb", "[::1]", true),
    ("https://localhost:80/cb", "localhost", false),
    ("http://localhost:443/cb", "localhost", false),
    ("http://localhost/cb", "localhost", true),
    ("http://localhost:8910/cb", "127.0.0.1:8910", true),
    ("https://app.example.com/cb", "evil.example", false),
  ])
  func `the host names that are answered`(uri: String, host: String, isAnswered: Bool) throws {
    let site = ApplicationSite(redirectURI: try WebURL(uri))
    #expect(site.hosts.contains(host) == isAnswered)
  }
}
