import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Testing

@testable import Commands
@testable import Session
@testable import Settings

/// The demo tenant behind a gate that wants what the tenant itself does not know: assertions,
/// pushed requests and signed ones, each verified as a provider would.
final class KeyTenant {
  static let secret = Secret("known-to-the-gate-alone")
  let loop: PollLoop
  let server: HTTPServer
  let port: Int
  var issuer: String { "http://127.0.0.1:\(port)/" }
  /// What the gate has refused, in its words.
  private(set) var refusals: [String] = []
  private(set) var identifiers: [String] = []
  private(set) var pushes = 0
  private(set) var objects = 0
  private var tenant: DemoTenant?
  private var pushed: [FormField]?
  private let clientKey: JSONWebKey
  private let tenantKey: SigningKey

  init() throws {
    loop = PollLoop()
    clientKey = try CheckKey.client().publicJWK
    tenantKey = try CheckKey.tenant()
    server = HTTPServer(loop: loop)
    port = try server.listen(host: "127.0.0.1", port: 0)
    server.handler = { [unowned self] request, _ in
      (try? self.answer(request)) ?? HTTPResponse(status: 500)
    }
  }

  deinit { server.stop() }

  private func answer(_ request: HTTPRequest) throws -> HTTPResponse {
    var request = request
    switch request.path {
    case "/.well-known/openid-configuration":
      var response = try handle(request)
      var json = try JSONParser.parse(response.body)
      json.set("token_endpoint_auth_methods_supported", ["private_key_jwt"])
      json.set("pushed_authorization_request_endpoint", .string(issuer + "par"))
      response = HandMade.json(json)
      return response
    case "/par":
      let form = try FormEncoding.decode(request.body)
      guard accepts(form) else { return refuse() }
      pushes += 1
      pushed = form.filter { !$0.name.hasPrefix("client_assertion") }
      return HandMade.json(["request_uri": "urn:example:1", "expires_in": 60], status: 201)
    case "/authorize":
      var fields = try FormEncoding.decode(request.query)
      if fields["request_uri"] == "urn:example:1", let pushed { fields = pushed }
      if let object = fields["request"] { fields = try opened(object) }
      if let uri = fields["redirect_uri"] { try know(uri) }
      request.target = "/authorize?" + FormEncoding.encode(fields)
      return try handle(request)
    case "/oauth/token":
      var form = try FormEncoding.decode(request.body)
      guard accepts(form) else { return refuse() }
      form.removeAll { $0.name.hasPrefix("client_assertion") }
      form.append(FormField("client_secret", Self.secret.reveal()))
      request.body = Array(FormEncoding.encode(form).utf8)
      return try handle(request)
    default: return try handle(request)
    }
  }

  private func refuse() -> HTTPResponse {
    HandMade.json(["error": "invalid_client"], status: 401)
  }

  private func know(_ redirectURI: String) throws {
    guard tenant == nil else { return }
    tenant = try make([redirectURI])
  }

  private func make(_ redirectURIs: [String]) throws -> DemoTenant {
    try DemoTenant(
      settings: TenantSettings.demo(
        issuer: issuer, redirectURIs: redirectURIs, secret: Self.secret), keys: [tenantKey],
      randomness: Randomness.bytes)
  }

  private func handle(_ request: HTTPRequest) throws -> HTTPResponse {
    guard tenant != nil else {
      var fresh = try make([])
      return fresh.handle(request, at: loop.now)
    }
    return tenant?.handle(request, at: loop.now) ?? HTTPResponse(status: 500)
  }

  private func claims(_ token: String, type: String) -> JSONValue? {
    guard let jws = try? CompactJWS(token), jws.type == type, jws.keyID == "client-key",
      (try? Signature.verify(jws, algorithm: .es256, key: clientKey)) == true,
      let claims = try? jws.claims(), claims["aud"]?.string == issuer,
      let expires = claims["exp"]?.integer, expires > loop.now.seconds,
      let id = claims["jti"]?.string, !identifiers.contains(id)
    else { return nil }
    identifiers.append(id)
    return claims
  }

  private func accepts(_ form: [FormField]) -> Bool {
    guard form["client_assertion_type"] == TokenRequest.assertionType,
      form["client_secret"] == nil,
      let claims = claims(form["client_assertion"] ?? "", type: "JWT"),
      claims["iss"]?.string == TenantSettings.demoClientID,
      claims["sub"]?.string == TenantSettings.demoClientID
    else {
      refusals.append("assertion")
      return false
    }
    return true
  }

  private func opened(_ object: String) throws -> [FormField] {
    guard let claims = claims(object, type: "oauth-authz-req+jwt") else {
      refusals.append("request")
      return []
    }
    objects += 1
    let registered: Set<String> = ["iss", "aud", "jti", "iat", "nbf", "exp"]
    return (claims.members ?? []).filter { !registered.contains($0.name) }
      .map { FormField($0.name, $0.value.string ?? $0.value.compactText) }
  }
}

@Suite(.timeLimit(.minutes(1))) struct ClientKeyRunTests {
  private func run(
    _ tenant: KeyTenant, key: SigningKey? = nil, sink: Collected = Collected(),
    change: (inout FlowConfiguration) -> Void = { _ in }
  ) throws -> RunOutcome {
    var configuration = FlowConfiguration(
      issuer: try WebURL(tenant.issuer), clientID: TenantSettings.demoClientID,
      clientSecret: nil, redirectURI: try WebURL("http://localhost:0/callback"))
    configuration.userAgent = .builtIn
    configuration.clientKey = FlowConfiguration.ClientKey(algorithm: .es256, keyID: "client-key")
    change(&configuration)
    var options = SessionOptions()
    options.clientKey = try key ?? CheckKey.client()
    let session = FlowSession(loop: tenant.loop, options: options)
    defer { session.close() }
    var style = RunStyle()
    style.isJSON = true
    return RunCommand(
      session: session, configuration: configuration, style: style, sink: sink
    ).run()
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func `a client with a key goes through all ten stages`(_ pushes: Bool, _ signs: Bool) throws {
    let tenant = try KeyTenant()
    let sink = Collected()
    let outcome = try run(tenant, sink: sink) {
      if pushes { $0.pushesRequest = .always }
      $0.signsRequest = signs
    }
    #expect(outcome == .exit(0), "\(sink.text.suffix(2000))")
    #expect(tenant.refusals == [])
    #expect(tenant.pushes == (pushes ? 1 : 0))
    #expect(tenant.objects == (signs ? 1 : 0))
    #expect(tenant.identifiers.count == 1 + (pushes ? 1 : 0) + (signs ? 1 : 0))
    #expect(Set(tenant.identifiers).count == tenant.identifiers.count)
  }

  @Test func `a stranger's key is refused, and the flow says by whom`() throws {
    let tenant = try KeyTenant()
    let sink = Collected()
    let stranger = try SigningKey.generate(.es256, keyID: "client-key")
    #expect(try run(tenant, key: stranger, sink: sink) == .exit(4))
    #expect(tenant.refusals == ["assertion"])
    #expect(sink.text.contains("provider.token_error"))
    let pushing = try KeyTenant()
    let second = Collected()
    #expect(
      try run(pushing, key: stranger, sink: second) { $0.pushesRequest = .always } == .exit(4))
    #expect(second.text.contains("provider.par_error"))
  }

  @Test func `no output holds an assertion`() throws {
    let tenant = try KeyTenant()
    let sink = Collected()
    #expect(try run(tenant, sink: sink) { $0.pushesRequest = .always } == .exit(0))
    #expect(sink.text.contains("client_assertion"))
    #expect(!sink.text.contains("client_assertion=ey"))
  }
}
