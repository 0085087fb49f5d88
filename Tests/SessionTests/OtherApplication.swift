import Cryptography
import DemoTenant
import HybridFlow
import OpenID
import Recording
import Testing
@testable import Session

/// One key for all tests: making one takes a fraction of a second.
let watchedKey = Result { try SigningKey.generate(.rs256, keyID: "watched") }

/// What an application may do otherwise than a careful one.
struct Habits: Sendable {
  /// Changes the authorization request.
  var asks: @Sendable (inout [FormField]) -> Void = { _ in }
  /// Changes the token request.
  var redeems: @Sendable (inout [FormField]) -> Void = { _ in }
  var secret = "a-secret-of-the-application"
  var callsUserinfo = true
}

/// A demo tenant in memory that is watched, with browsers and an application that log in there.
struct WatchedTenant {
  static let callback = "http://127.0.0.1:8930/callback"
  static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
  static let secret = "a-secret-of-the-application"

  var tenant: DemoTenant
  var logins = WatchedLogins()
  var now = UnixTime(seconds: 1_764_000_000)
  private var cookies: [String: String] = [:]
  private let issuer = "http://127.0.0.1:9000/"
  private let server: ObservedLogin.Server

  init(fault: Fault? = nil, _ adapt: (inout TenantSettings) -> Void = { _ in }) throws {
    var settings = TenantSettings.demo(
      issuer: issuer, redirectURIs: [Self.callback], secret: Secret("unused"))
    settings.clients = [
      TenantClient(
        id: "app", secret: Secret(Self.secret), redirectURIs: [Self.callback], firstParty: true)
    ]
    settings.codesWait = false
    settings.fault = fault
    adapt(&settings)
    tenant = try DemoTenant(
      settings: settings, keys: [try watchedKey.get()], randomness: Randomness.bytes)
    let url = try WebURL(issuer)
    func asked(_ path: String, _ purpose: FetchPurpose, _ tenant: DemoTenant) throws -> SeenExchange
    {
      var copy = tenant
      let request = HTTPRequest(method: "GET", url: try WebURL("http://127.0.0.1:9000" + path))
      let at = UnixTime(seconds: 1_764_000_000)
      return SeenExchange(.application(purpose), request, copy.handle(request, at: at), at: at)
    }
    server = ObservedLogin.Server(
      issuer: url, idTokenAlgorithm: .rs256,
      metadata: try asked("/.well-known/openid-configuration", .metadata, tenant),
      keys: try asked("/.well-known/jwks.json", .keys, tenant))
  }

  /// Sends a request of this browser, or of an application, and has it watched.
  mutating func send(_ request: HTTPRequest, browser: String? = nil) -> (HTTPResponse, Int?) {
    var request = request
    if let cookie = browser.flatMap({ cookies[$0] }) { request.headers.set("Cookie", cookie) }
    now = now.adding(seconds: 1)
    let response = tenant.handle(request, at: now)
    if let browser, let line = response.headers["Set-Cookie"] {
      cookies[browser] = String(line.prefix { $0 != ";" })
    }
    let service = tenant.settings.service(at: request.target)
    let server = server
    let number = logins.take(
      service, request, response, at: now,
      checks: service == .token ? ServerCheck.all(ofLastTokenRequest: tenant) : [],
      server: { $0 ?? server })
    return (response, number)
  }

  /// The authorization request of a browser; returns the login page’s address, or the answer.
  mutating func begin(_ browser: String, _ habits: Habits = Habits()) throws -> HTTPResponse {
    var fields = [
      FormField("client_id", "app"), FormField("redirect_uri", Self.callback),
      FormField("response_type", "code id_token"), FormField("response_mode", "form_post"),
      FormField("scope", "openid email"),
      FormField("state", "state-of-\(browser)-with-twenty-two"),
      FormField("nonce", "nonce-of-\(browser)-with-twenty-two"),
      FormField("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
      FormField("code_challenge_method", "S256"),
    ]
    habits.asks(&fields)
    let url = try WebURL(issuer + "authorize").adding(fields)
    return send(HTTPRequest(method: "GET", url: url), browser: browser).0
  }

  /// Signs in after ``begin(_:_:)``, and returns the parameters of the answer.
  mutating func signIn(_ browser: String, _ begun: HTTPResponse) throws -> [FormField] {
    var response = begun
    var page = try WebURL(try #require(begun.headers["Location"]))
    for _ in 0..<6 {
      if let location = response.headers["Location"] {
        page = try WebURL(location)
        response = send(HTTPRequest(method: "GET", url: page), browser: browser).0
        continue
      }
      let html = try HTMLPage(bytes: response.body, url: page)
      let form = try #require(html.forms.first)
      let action = try html.target(of: form)
      guard action.origin == page.origin else { return form.submission(values: [], pressing: nil) }
      let person = try #require(tenant.settings.people.first)
      let fields = form.submission(
        values: [
          FormField("username", person.signInName),
          FormField("password", person.password.reveal()),
        ], pressing: nil)
      response = send(Self.post(action, fields), browser: browser).0
      page = action
    }
    Issue.record("the sign-in does not end")
    return []
  }

  static func post(_ url: WebURL, _ fields: [FormField]) -> HTTPRequest {
    HTTPRequest(
      method: "POST", url: url,
      headers: ["Content-Type": "application/x-www-form-urlencoded"],
      body: Array(FormEncoding.encode(fields).utf8))
  }

  /// The token request for a code.
  mutating func redeem(
    _ code: String, _ habits: Habits = Habits()
  ) throws -> (HTTPResponse, Int?) {
    var fields = [
      FormField("grant_type", "authorization_code"), FormField("code", code),
      FormField("redirect_uri", Self.callback), FormField("client_id", "app"),
      FormField("client_secret", habits.secret), FormField("code_verifier", Self.verifier),
    ]
    habits.redeems(&fields)
    return send(Self.post(try WebURL(issuer + "oauth/token"), fields))
  }

  mutating func callUserinfo(_ token: String) throws -> (HTTPResponse, Int?) {
    send(
      HTTPRequest(
        method: "GET", url: try WebURL(issuer + "userinfo"),
        headers: ["Authorization": "Bearer " + token]))
  }

  /// A whole login; returns its number and the parameters of the answer.
  @discardableResult
  mutating func logIn(
    _ browser: String = "ada", _ habits: Habits = Habits()
  ) throws -> (number: Int, answer: [FormField]) {
    let begun = try begin(browser, habits)
    let number = try #require(logins.logins.last?.number)
    let answer = try signIn(browser, begun)
    let (tokens, _) = try redeem(try #require(answer["code"]), habits)
    if habits.callsUserinfo, tokens.status == 200,
      let access = try JSONParser.parse(tokens.body)["access_token"]?.string
    {
      _ = try callUserinfo(access)
    }
    return (number, answer)
  }

  /// The run of a login so far.
  func run(_ number: Int) throws -> FlowMachine {
    var run = ReplayRun(try #require(logins[number]).recording())
    run.finish()
    return run.machine
  }
}
