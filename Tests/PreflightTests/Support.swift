import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Testing

@testable import Preflight
@testable import Session
@testable import Settings

/// One key for all tests: making an RSA key is what would take time.
enum CheckKey {
  private static let rsa = Result { try SigningKey.generate(.rs256, keyID: "key-1") }
  private static let elliptic = Result { try SigningKey.generate(.es256, keyID: "client-key") }
  static func tenant() throws -> SigningKey { try rsa.get() }
  static func client() throws -> SigningKey { try elliptic.get() }
}

/// A provider as a value: what it answers at which path, over a real socket.
final class HandMade {
  let loop: PollLoop
  let server: HTTPServer
  let port: Int
  var origin: String { "http://127.0.0.1:\(port)" }
  var answers: [String: HTTPResponse] = [:]
  /// Whether the authorization endpoint answers prompt=none with a failure.
  var promptFails = false
  /// The only redirect URIs that the authorization endpoint knows; nil for every one.
  var registered: [String]?
  private(set) var requests: [HTTPRequest] = []

  init() throws {
    loop = PollLoop()
    server = HTTPServer(loop: loop)
    port = try server.listen(host: "127.0.0.1", port: 0)
    server.handler = { [unowned self] request, _ in
      self.requests.append(request)
      return self.answers[request.path]
        ?? HTTPResponse(status: 404, mediaType: "text/plain", text: "Nothing is here.\n")
    }
  }

  deinit { server.stop() }

  /// A provider with which nothing is wrong; the probe is answered by `login_required`.
  static func good() throws -> HandMade {
    let made = try HandMade()
    made.publish { _ in }
    made.answers["/jwks"] = json(["keys": [try CheckKey.tenant().publicJWK.json]])
    return made
  }

  static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, mediaType: "application/json", text: value.compactText)
  }

  func metadata() -> JSONValue {
    [
      "issuer": .string(origin), "authorization_endpoint": .string(origin + "/authorize"),
      "token_endpoint": .string(origin + "/token"), "jwks_uri": .string(origin + "/jwks"),
      "response_types_supported": ["code", "code id_token", "code id_token token"],
      "response_modes_supported": ["query", "fragment", "form_post"],
      "subject_types_supported": ["public"],
      "id_token_signing_alg_values_supported": ["RS256"],
      "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
      "code_challenge_methods_supported": ["S256"],
    ]
  }

  func publish(at path: String = "", _ edit: (inout JSONValue) -> Void) {
    var json = metadata()
    edit(&json)
    answers[path + "/.well-known/openid-configuration"] = Self.json(json)
  }

  func configuration(_ issuer: String? = nil) throws -> FlowConfiguration {
    FlowConfiguration(
      issuer: try WebURL(issuer ?? origin), clientID: "web", clientSecret: nil,
      redirectURI: try WebURL("http://localhost:8910/callback"))
  }

  /// Looks at it; the probe's answer is made from what was asked.
  func check(
    _ configuration: FlowConfiguration? = nil,
    probe: ((_ state: String) -> HTTPResponse)? = nil
  ) throws -> CheckReport {
    server.handler = { [unowned self] request, _ in
      self.requests.append(request)
      if request.path == "/authorize", self.answers["/authorize"] == nil {
        let fields = (try? FormEncoding.decode(request.query)) ?? []
        let state = fields["state"] ?? ""
        let uri = fields["redirect_uri"] ?? ""
        let isKnown = self.registered?.contains(uri) ?? true
        if self.promptFails, isKnown, fields["prompt"] == "none" {
          return HTTPResponse(status: 500)
        }
        if let registered = self.registered {
          guard registered.contains(uri) else { return HTTPResponse(status: 403) }
          return Self.formPost([("error", "login_required"), ("state", state)], to: uri)
        }
        return probe?(state) ?? Self.formPost([("error", "login_required"), ("state", state)])
      }
      return self.answers[request.path]
        ?? HTTPResponse(status: 404, mediaType: "text/plain", text: "Nothing is here.\n")
    }
    let check = TenantCheck(
      loop: loop, configuration: try configuration ?? self.configuration(),
      options: SessionOptions())
    var report: CheckReport?
    check.onReport = { report = $0 }
    check.start()
    try #require(loop.run(withinMilliseconds: 10_000) { report != nil })
    return try #require(report)
  }

  static func formPost(
    _ fields: [(String, String)], to target: String = "http://localhost:8910/callback"
  ) -> HTTPResponse {
    let inputs = fields.map { "<input type=hidden name=\"\($0.0)\" value=\"\($0.1)\">" }.joined()
    return HTTPResponse(
      status: 200, mediaType: "text/html",
      text: "<body onload=\"document.forms[0].submit()\"><form method=post action=\"\(target)\">"
        + "\(inputs)</form>")
  }
}

extension CheckReport {
  func finding(_ id: String) -> CheckFinding? { findings.first { $0.id == id } }
  var errors: [String] { findings.filter { $0.severity == .error }.map(\.id) }
  var warnings: [String] { findings.filter { $0.severity == .warning }.map(\.id) }
}
