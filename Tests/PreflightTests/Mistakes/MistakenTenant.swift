import Cryptography
import DemoTenant
import Foundation
import HybridFlow
import Network
import OpenID
import Testing

@testable import Commands
@testable import Session
@testable import Settings

/// A provider over a real socket that is set up wrongly, or is asked wrongly: the demo tenant with
/// one answer replaced or changed.
final class MistakenTenant {
  static let secret = "the-right-secret-of-the-client-0001"
  let loop = PollLoop()
  let key: SigningKey
  private let server: HTTPServer
  private let port: Int
  private var tenant: DemoTenant?
  private let mistake: Mistake
  /// What the browser was told to bring back.
  private(set) var redirectURI = ""
  private(set) var state = ""

  var origin: String { "http://127.0.0.1:\(port)" }
  var issuer: String { origin + "/" }

  init(_ mistake: Mistake) throws {
    self.mistake = mistake
    key = try mistake.key?() ?? CheckKey.tenant()
    server = HTTPServer(loop: loop)
    port = try server.listen(host: "127.0.0.1", port: 0)
    server.handler = { [unowned self] request, _ in
      (try? self.answer(request)) ?? HTTPResponse(status: 500)
    }
  }

  deinit { server.stop() }

  private func answer(_ request: HTTPRequest) throws -> HTTPResponse {
    if request.path == "/authorize" {
      let fields = try FormEncoding.decode(request.query)
      let asked = fields["redirect_uri"] ?? ""
      state = fields["state"] ?? ""
      // Every run listens on a port of its own.
      if tenant == nil || asked != redirectURI {
        tenant = try make(mistake.registers ? [asked] : [])
      }
      redirectURI = asked
    }
    if let answer = mistake.answers?(request, self) { return answer }
    if tenant == nil, request.path != "/authorize" {
      var fresh = try make([])
      return try changed(fresh.handle(request, at: now), request)
    }
    return try changed(tenant?.handle(request, at: now) ?? HTTPResponse(status: 500), request)
  }

  private var now: UnixTime { loop.now.adding(seconds: mistake.clock) }

  private func changed(_ response: HTTPResponse, _ request: HTTPRequest) throws -> HTTPResponse {
    var response = response
    if mistake.clock != 0 { response.headers.set("Date", Self.date(now)) }
    try mistake.changes?(request, &response, self)
    return response
  }

  /// RFC 9110, section 5.6.7.
  private static func date(_ time: UnixTime) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.string(from: Date(timeIntervalSince1970: Double(time.seconds)))
  }

  private func make(_ redirectURIs: [String]) throws -> DemoTenant {
    var settings = TenantSettings.demo(
      issuer: issuer, redirectURIs: redirectURIs, secret: Secret(Self.secret))
    settings.signingAlgorithm = key.algorithm
    settings.clients[0].firstParty = true
    mistake.settings?(&settings)
    return try DemoTenant(settings: settings, keys: [key], randomness: Randomness.bytes)
  }

  /// An answer that the browser brings to the redirect URI, in the query.
  func redirect(_ fields: [FormField]) -> HTTPResponse {
    HTTPResponse(
      status: 302, headers: ["Location": redirectURI + "?" + FormEncoding.encode(fields)])
  }

  /// An answer that the browser brings to the redirect URI, as a form.
  func post(_ fields: [FormField]) -> HTTPResponse {
    let inputs = fields.map {
      "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">"
    }
    return HTTPResponse(
      status: 200, mediaType: "text/html",
      text: "<body onload=\"document.forms[0].submit()\"><form method=\"post\" "
        + "action=\"\(redirectURI)\">\(inputs.joined())</form></body>")
  }

  /// Changes the claims of every ID token in a response, and signs it again.
  func resign(
    _ response: inout HTTPResponse, header: (inout JSONValue) -> Void = { _ in },
    _ edit: (inout JSONValue) -> Void
  ) throws {
    var text = String(decoding: response.body, as: UTF8.self)
    for match in text.matches(of: /eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/) {
      let token = String(match.output)
      guard let jws = try? CompactJWS(token), var claims = try? jws.claims(),
        claims["nonce"] != nil
      else { continue }
      edit(&claims)
      var head = key.header(type: "JWT")
      header(&head)
      let signed = try key.compactJWS(header: head, payload: Array(claims.compactText.utf8))
      text = text.replacing(token, with: signed)
    }
    response.body = Array(text.utf8)
    response.headers.set("Content-Length", "\(response.body.count)")
  }
}

/// A mistake: how it is made, and what must be said of it.
struct Mistake: CustomTestStringConvertible, Sendable {
  typealias Answer = @Sendable (HTTPRequest, MistakenTenant) -> HTTPResponse?
  typealias Change = @Sendable (HTTPRequest, inout HTTPResponse, MistakenTenant) throws -> Void

  var name: String
  /// The stage that fails.
  var stage: Int
  /// Who has to change something; nil for nobody.
  var blame: Blame?
  /// Words of which each must be said, whatever the case; alternatives are divided by bars.
  var says: [String]
  /// Words that would be untrue.
  var never: [String] = []
  /// Whether the redirect URI is registered.
  var registers = true
  /// How far the provider's clock is ahead, in seconds.
  var clock: Int64 = 0
  var configure: (@Sendable (inout FlowConfiguration, MistakenTenant) throws -> Void)?
  var settings: (@Sendable (inout TenantSettings) -> Void)?
  var key: (@Sendable () throws -> SigningKey)?
  var answers: Answer?
  var changes: Change?

  var testDescription: String { name }
}

/// What a run says.
struct Said {
  var text: String
  var result: JSONValue
  var failedStage: Int?

  init(_ mistake: Mistake) throws {
    let tenant = try MistakenTenant(mistake)
    var configuration = FlowConfiguration(
      issuer: try WebURL(tenant.issuer), clientID: TenantSettings.demoClientID,
      clientSecret: Secret(MistakenTenant.secret),
      redirectURI: try WebURL("http://localhost:0/callback"))
    configuration.userAgent = .builtIn
    configuration.callbackWaitSeconds = 2
    try mistake.configure?(&configuration, tenant)
    let json = try Self.run(configuration, tenant, isJSON: true)
    let lines = try json.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    result = try #require(lines.last { $0["type"] == "result" })
    failedStage = lines.first { $0["type"] == "stage" && $0["status"] == "failed" }
      .flatMap { $0["stage"]?.integer }.map { Int($0) }
    text = try Self.run(configuration, tenant, isJSON: false)
  }

  private static func run(
    _ configuration: FlowConfiguration, _ tenant: MistakenTenant, isJSON: Bool
  ) throws -> String {
    let session = FlowSession(loop: tenant.loop, options: SessionOptions())
    defer { session.close() }
    let sink = Collected()
    var style = RunStyle()
    style.isJSON = isJSON
    _ = RunCommand(
      session: session, configuration: configuration, style: style, sink: sink
    ).run()
    return sink.text
  }
}
