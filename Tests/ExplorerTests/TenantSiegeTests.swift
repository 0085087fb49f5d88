import DemoTenant
import Foundation
import Network
import OpenID
import Testing

@testable import Commands
@testable import Session
@testable import HybridFlow
@testable import Settings

/// The tenant behind a real port, asked by many at once.
@Suite struct TenantSiegeTests {
  private static let redirectURI = "http://127.0.0.1:1/callback"

  /// A code that was given out, with an access token beside it.
  private static func code(_ harness: Harness) throws -> [FormField] {
    harness.tenant.register(
      redirectURI: try WebURL(redirectURI), clientID: harness.connection.configuration.clientID)
    let request = try harness.tenant.issuer.resolving("authorize").adding([
      FormField("client_id", harness.connection.configuration.clientID),
      FormField("redirect_uri", redirectURI), FormField("response_type", "code token"),
      FormField("response_mode", "form_post"), FormField("scope", "openid"),
      FormField("nonce", "n-0S6_WzA2Mj"), FormField("state", "af0ifjsldkj"),
    ])
    return try harness.signIn(at: request.text).fields
  }

  private static func exchange(_ code: String, _ harness: Harness) throws -> HTTPRequest {
    let secret = try #require(harness.connection.configuration.clientSecret)
    let fields = [
      FormField("grant_type", "authorization_code"), FormField("code", code),
      FormField("redirect_uri", redirectURI),
      FormField("client_id", harness.connection.configuration.clientID),
      FormField("client_secret", secret.reveal()),
    ]
    return HTTPRequest(
      method: "POST", url: try harness.tenant.issuer.resolving("oauth/token"),
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array(FormEncoding.encode(fields).utf8))
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["0.0.0.0", "::", "127.0.0.1", "localhost"])
  func `a tenant that the network may ask answers to no name but its own`(bind: String) throws {
    let harness = try Harness()
    let host = try TenantHost(
      loop: harness.loop, bind: bind, keys: [try Harness.key.get()]
    ) { _ in TenantSettings(issuer: "https://tenant.example/", clients: [], people: [], apis: []) }
    defer { host.stop() }
    let address = "http://\(bind == "::" ? "[::1]" : "127.0.0.1"):\(host.port)"
    let discovery = address + "/.well-known/openid-configuration"
    for (name, status) in [
      ("tenant.example", 200), ("localhost:\(host.port)", 200), ("127.0.0.1:\(host.port)", 200),
      ("[::1]:\(host.port)", 200), ("evil.example", 421), ("evil.example:\(host.port)", 421),
      ("tenant.example.evil.example", 421), ("192.0.2.7:\(host.port)", 421),
      ("localhost:1", 421),
    ] {
      #expect(try harness.get(discovery, host: name).status == status, "\(name) at \(bind)")
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: 1...5)
  func `of many who redeem a code at once exactly one gets tokens`(round: Int) throws {
    let harness = try Harness()
    let fields = try Self.code(harness)
    let request = try Self.exchange(try #require(fields["code"]), harness)
    let client = HTTPClient(loop: harness.loop)
    let count = 40
    var answers: [HTTPExchange] = []
    for _ in 0..<count {
      client.send(request) { if case .success(let exchange) = $0 { answers.append(exchange) } }
    }
    try harness.wait { answers.count == count }
    // Really at once: each on a connection of its own, one of them left over from the sign-in.
    #expect(answers.filter { !$0.reusedConnection }.count >= count - 1)
    #expect(answers.filter { $0.response.status == 200 }.count == 1)
    for answer in answers where answer.response.status != 200 {
      #expect(answer.response.status == 400)
      #expect(
        try JSONParser.parse(answer.response.body)["error"]?.string == "invalid_grant")
    }
    // RFC 6749, section 4.1.2: the second use takes back what the first one gave.
    let tokens = try JSONParser.parse(
      try #require(answers.first { $0.response.status == 200 }).response.body)
    let userinfo = HTTPRequest(
      method: "GET", url: try harness.tenant.issuer.resolving("userinfo"),
      headers: ["Authorization": "Bearer \(tokens["access_token"]?.string ?? "")"])
    #expect(try harness.send(userinfo).status == 401)
    harness.tenant.stop()
  }

  @Test func `a tenant that the network can reach says what that means`() throws {
    for bind in ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.9.10"] {
      #expect(TenantCommand.warning(bind: bind) == nil, "\(bind)")
    }
    for bind in ["0.0.0.0", "::", "[::]", "192.0.2.1", "localhost.evil.example"] {
      let warning = try #require(TenantCommand.warning(bind: bind), "\(bind)")
      #expect(warning.contains("from the network") && warning.contains("passwords"))
    }
  }
}
