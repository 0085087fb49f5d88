import HybridFlow
import Network
import OpenID
import Testing

@testable import Preflight

@Suite(.timeLimit(.minutes(1))) struct ProbeTests {
  typealias Severity = CheckFinding.Severity
  static let callback = "http://localhost:8910/callback"

  struct Answer: Sendable, CustomStringConvertible {
    let description: String
    let severity: Severity
    let words: String
    let others: [String]
    let make: @Sendable (String) -> HTTPResponse
    init(
      _ what: String, _ severity: Severity, _ words: String, others: [String] = [],
      _ make: @escaping @Sendable (String) -> HTTPResponse
    ) {
      description = what
      self.severity = severity
      self.words = words
      self.others = others
      self.make = make
    }
  }

  static func redirect(_ location: String) -> HTTPResponse {
    HTTPResponse(status: 302, headers: ["Location": location, "Content-Length": "0"])
  }

  static func page(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(
      status: status, mediaType: "text/html", text: "<title>Sign in</title><p>\(text)</p>")
  }

  static let answers: [Answer] = [
    Answer("consent", .info, "knows client and redirect URI") {
      HandMade.formPost([("error", "consent_required"), ("state", $0)])
    },
    Answer("login by query", .info, "knows client", others: ["authorize-probe-mode"]) {
      redirect("\(callback)?error=login_required&state=\($0)")
    },
    Answer("login by fragment", .info, "knows client", others: ["authorize-probe-mode"]) {
      redirect("\(callback)#error=login_required&state=\($0)")
    },
    Answer("no state", .info, "knows client", others: ["authorize-probe-state"]) { _ in
      HandMade.formPost([("error", "login_required")])
    },
    Answer("hybrid off", .error, "refuses") {
      HandMade.formPost([("error", "unsupported_response_type"), ("state", $0)])
    },
    Answer("denied", .warning, "said no") {
      HandMade.formPost([("error", "access_denied"), ("state", $0)])
    },
    Answer("keycloak's page", .error, "redirect URI fits none") { _ in
      page(400, "Invalid parameter: redirect_uri")
    },
    Answer("entra's page", .error, "redirect URI is not registered") { _ in
      page(200, "AADSTS50011: The redirect URI does not match")
    },
    Answer("auth0's page", .error, "redirect URI is not registered") { _ in
      page(403, "Oops! Callback URL mismatch.")
    },
    Answer("unknown client", .error, "client id is unknown") { _ in
      page(400, "The client_id is unknown.")
    },
    Answer("an error as JSON", .error, "redirect URI is not registered") { _ in
      HandMade.json(
        ["error": "invalid_request", "error_description": "RedirectURIError: none matches"],
        status: 400)
    },
    Answer("a client as JSON", .error, "invalid_client") { _ in
      HandMade.json(["error": "invalid_client"], status: 401)
    },
    Answer("a flow that is off", .error, "not allowed what it asked for") { _ in
      page(400, "Client is not allowed to initiate browser login with given response_type.")
    },
    Answer("scopes", .error, "scope") { _ in page(400, "The scope is not allowed.") },
    Answer("google's redirect", .error, "redirect URI is not") { _ in
      redirect("/signin/oauth/error?error=redirect_uri_mismatch")
    },
    Answer("a bare 403", .error, "redirect URI http://localhost:8910/callback is not registered") {
      _ in HTTPResponse(status: 403)
    },
    Answer("a bot wall", .warning, "lets only browsers pass") { _ in
      page(403, "Just a moment... Enable JavaScript and cookies to continue")
    },
    Answer("a login in JSON", .warning, "would ask somebody to log in") { _ in
      HandMade.json(["error": "login_required"], status: 400)
    },
    Answer("a bare 500", .error, "no way back") { _ in HTTPResponse(status: 500) },
    Answer("a login page with a warning", .warning, "answered with a page") { _ in
      HTTPResponse(
        status: 200, mediaType: "text/html",
        text: "<p>Nothing is wrong.</p><form method=post><input type=password name=p></form>")
    },
    Answer("a login", .warning, "sent on to a login") { _ in redirect("/login?x=1") },
    Answer("a login page", .warning, "answered with a page") { _ in page(200, "Welcome") },
    Answer("nowhere", .error, "leads nowhere") { _ in HTTPResponse(status: 302) },
    Answer("someone else's form", .warning, "answered with a page") {
      HandMade.formPost([("error", "login_required"), ("state", $0)], to: "http://localhost:1/x")
    },
  ]

  @Test(arguments: answers)
  func `the answer to the probe is understood`(_ answer: Answer) throws {
    let made = try HandMade.good()
    let report = try made.check(probe: answer.make)
    let finding = try #require(report.finding("authorize-probe"))
    #expect(finding.severity == answer.severity, "\(finding)")
    #expect(finding.message.contains(answer.words), "\(finding.message)")
    let others = report.findings.map(\.id).filter { $0.hasPrefix("authorize-probe-") }
    #expect(others == answer.others)
    let paths = Set(made.requests.map(\.path))
    #expect(
      paths == ["/.well-known/openid-configuration", "/jwks", "/authorize"], "none is followed")
    #expect(made.requests.count <= 3 + RedirectFindings.near(try WebURL(Self.callback)).count)
    if answer.severity == .error, answer.description != "nowhere" {
      #expect(finding.fix?.isEmpty == false)
    }
  }

  @Test func `a provider that fails at prompt=none alone is asked without it`() throws {
    let made = try HandMade.good()
    made.promptFails = true
    let report = try made.check { _ in Self.redirect("/login") }
    let finding = try #require(report.finding("authorize-probe"))
    #expect(finding.severity == .warning && finding.blame == .provider)
    #expect(finding.message.contains("fails at prompt=none"))
    let asked = made.requests.filter { $0.path == "/authorize" }.map(\.query)
    #expect(asked.count == 2 && asked[0].contains("prompt=none"))
    #expect(asked.last?.contains("prompt") == false)
  }

  @Test func `where requests must be pushed nothing is asked`() throws {
    let made = try HandMade.good()
    made.publish {
      $0.set("require_pushed_authorization_requests", true)
      $0.set("pushed_authorization_request_endpoint", .string(made.origin + "/par"))
    }
    let report = try made.check()
    #expect(made.requests.count == 2)
    #expect(report.exitCode == 0)
  }

  @Test(arguments: [
    ("https://appleid.apple.com", "http://localhost:1/cb", Severity.error),
    ("https://login.microsoftonline.com/t/v2.0", "http://127.0.0.1:1/cb", .warning),
    ("https://login.microsoftonline.com/t/v2.0", "http://localhost:1/cb", .info),
    ("https://t.eu.auth0.com/", "http://localhost:1/cb", .warning),
    ("https://accounts.google.com", "http://[::1]:1/cb", .warning),
    ("https://accounts.google.com", "http://127.0.0.1:1/cb", .info),
    ("https://sso.example/realms/x", "http://localhost:1/cb", .info),
    ("https://other.example", "http://localhost:1/cb", .info),
    ("http://localhost:9000/", "http://127.0.0.1:1/cb", .info),
    ("https://appleid.apple.com", "https://localhost:1/cb", .error),
    ("https://appleid.apple.com", "https://app.example.com/cb", .info),
    ("https://login.microsoftonline.com/t/v2.0", "https://127.0.0.1:1/cb", .info),
    ("https://t.eu.auth0.com/", "https://localhost:1/cb", .warning),
    ("https://other.example", "https://localhost:44318/signin-oidc", .info),
  ])
  func `the redirect URI is held against the provider's rules`(
    _ issuer: String, _ redirectURI: String, _ severity: Severity
  ) throws {
    let findings = RedirectFindings.all(try WebURL(redirectURI), issuer: try WebURL(issuer))
    #expect(findings.map(\.severity) == [severity])
    #expect(severity == .info || findings[0].fix != nil)
  }

  @Test func `the same address with the other scheme is among those that people mix up`() throws {
    for (own, other) in [
      ("https://localhost:44318/signin-oidc", "http://localhost:44318/signin-oidc"),
      ("http://[::1]:8910/cb", "https://[::1]:8910/cb"),
    ] {
      let near = RedirectFindings.near(try WebURL(own)).map(\.text)
      #expect(near.contains(other) && !near.contains(own))
    }
    let named = RedirectFindings.near(try WebURL("https://app.example.com/cb")).map(\.text)
    #expect(!named.contains("http://app.example.com/cb"))
  }

  @Test func `a secret that basic authentication would have to encode is warned about`() throws {
    let made = try HandMade.good()
    for (secret, method, warned) in [
      ("plain-0_9.A*z", nil, false), ("a~b:c/d+e", nil, true), ("a~b", .basic, true),
      ("a~b", .post, false),
    ] as [(String, ClientAuthenticationMethod?, Bool)] {
      var configuration = try made.configuration()
      configuration.clientSecret = Secret(secret)
      configuration.clientAuthentication = method
      let found = SecretFindings.all(configuration)
      #expect(found.isEmpty == !warned, "\(secret)")
      #expect(found.allSatisfy { !$0.evidence.contains(secret) && !$0.message.contains(secret) })
    }
  }

  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199),
      ("Sun, 6 Nov 1994 08:49:37 GMT", 784_111_777),
      ("Sun, 30 Feb 2024 00:00:00 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
      ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("", nil), ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
    ] as [(String, Int64?)])
  func `dates of headers are read`(_ text: String, _ seconds: Int64?) {
    #expect(UnixTime(httpDate: text)?.seconds == seconds)
  }

  @Test(
    arguments: [
      ("Nov  6 08:49:37 1994 GMT", 784_111_777), ("Nov 16 08:49:37 1994 GMT", 784_975_777),
      ("Nov 6 1994", nil),
    ] as [(String, Int64?)])
  func `dates of certificates are read`(_ text: String, _ seconds: Int64?) {
    #expect(UnixTime(certificateDate: text)?.seconds == seconds)
  }
}
