import Cryptography
import DemoTenant
import OpenID
import Testing

/// One key for all tests: making one takes a fraction of a second.
let rsaKey = Result { try SigningKey.generate(.rs256, keyID: "tests-rs256") }

let callback = "http://localhost:8910/callback"
let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

/// A tenant, a clock and a browser with its cookie jar.
struct World {
  var tenant: DemoTenant
  var now = UnixTime(seconds: 1_764_000_000)
  var cookies: [String: String] = [:]
  /// The fault that the next request chooses, and no other.
  var choosing: Fault?

  static let secret = Secret("s3cret: with+reserved %&=~ characters")

  init(
    issuer: String = "http://localhost:9000/", key: SigningKey? = nil,
    _ adapt: (inout TenantSettings) throws -> Void = { _ in },
    randomness: @escaping @Sendable (Int) throws(CryptoError) -> [UInt8] = Randomness.bytes
  ) throws {
    var settings = TenantSettings.demo(
      issuer: issuer, redirectURIs: [callback, callback + "?from=tenant"], secret: Self.secret,
      postLogoutRedirectURIs: ["http://localhost:8910/bye"])
    settings.clients.append(
      TenantClient(
        id: "other", secret: Secret("other-secret"),
        redirectURIs: ["http://localhost:8920/callback"], firstParty: true))
    try adapt(&settings)
    tenant = try DemoTenant(
      settings: settings, keys: [try key ?? rsaKey.get()], randomness: randomness)
  }

  mutating func advance(seconds: Int64) { now = now.adding(seconds: seconds) }

  /// Sends one request as a browser would: with its cookie, keeping the new one.
  mutating func send(_ request: HTTPRequest) -> HTTPResponse {
    var request = request
    if !cookies.isEmpty {
      let pairs = cookies.map { $0.key + "=" + $0.value }
      request.headers.set("Cookie", pairs.joined(separator: "; "))
    }
    let fault = choosing
    choosing = nil
    let response = tenant.handle(request, at: now, committing: fault)
    for line in response.headers.all("Set-Cookie") {
      let pair = line.prefix { $0 != ";" }.split(separator: "=", omittingEmptySubsequences: false)
      if pair[1].isEmpty {
        cookies[String(pair[0])] = nil
      } else {
        cookies[String(pair[0])] = String(pair[1])
      }
    }
    return response
  }

  mutating func get(_ target: String) -> HTTPResponse {
    send(HTTPRequest(method: "GET", target: target))
  }

  mutating func post(
    _ target: String, _ fields: [FormField], headers: HTTPHeaders = HTTPHeaders()
  ) -> HTTPResponse {
    var headers = headers
    headers.set("Content-Type", "application/x-www-form-urlencoded")
    return send(
      HTTPRequest(
        method: "POST", target: target, headers: headers,
        body: Array(FormEncoding.encode(fields).utf8)))
  }

  /// Follows redirects as long as they stay at the tenant.
  mutating func follow(_ first: HTTPResponse) throws -> HTTPResponse {
    var response = first
    for _ in 0..<10 {
      guard let location = response.headers["Location"],
        location.hasPrefix(tenant.address("/"))
      else { return response }
      response = get(try WebURL(location).requestTarget)
    }
    Issue.record("too many redirects")
    return response
  }

  /// Presses a button of a form of a page: the first form, the first button, if not told.
  mutating func submit(
    _ response: HTTPResponse, _ values: [FormField] = [], pressing label: String? = nil
  ) throws -> HTTPResponse {
    let page = try readPage(response)
    let forms = page.forms.filter { form in
      label == nil || form.buttons.contains { $0.label == label }
    }
    let form = try #require(forms.first)
    let button = form.buttons.first { label == nil || $0.label == label }
    var request = try page.request(submitting: form, values: values, pressing: button)
    request.headers.set("Origin", "http://localhost:9000")
    return try follow(send(request))
  }

  func readPage(_ response: HTTPResponse) throws -> HTMLPage {
    try HTMLPage(bytes: response.body, url: WebURL(tenant.address("/page")))
  }

  mutating func authorize(_ changes: [String: String?] = [:]) throws -> HTTPResponse {
    try follow(get("/authorize?" + FormEncoding.encode(authorizeFields(changes))))
  }

  mutating func signIn(
    _ page: HTTPResponse, as name: String = "ada@demo.example", password: String = "hybrid"
  ) throws -> HTTPResponse {
    try submit(
      page, [FormField("username", name), FormField("password", password)], pressing: "Sign in")
  }

  /// The whole way through the browser: the fields that reach the application.
  mutating func flow(
    _ changes: [String: String?] = [:], as name: String = "ada@demo.example"
  ) throws -> [FormField] {
    var page = try authorize(changes)
    if try title(page) == "Sign in" { page = try signIn(page, as: name) }
    if try title(page).hasPrefix("Allow") { page = try submit(page, pressing: "Allow") }
    return try answer(page)
  }

  func title(_ response: HTTPResponse) throws -> String {
    try readPage(response).title.split(separator: " · ").first.map(String.init) ?? ""
  }

  /// The fields of an answer, by whatever mode it travels.
  func answer(_ response: HTTPResponse) throws -> [FormField] {
    if let location = response.headers["Location"] {
      let url = try WebURL(location)
      return try FormEncoding.decode(url.fragment ?? url.query ?? "")
    }
    let page = try readPage(response)
    let form = try #require(page.automaticForm, "\(page.lines)")
    #expect(form.action == callback)
    return form.submission(values: [], pressing: nil)
  }

  mutating func token(
    _ fields: [FormField], clientID: String = TenantSettings.demoClientID,
    secret: Secret? = World.secret
  ) -> HTTPResponse {
    var headers = HTTPHeaders()
    if let secret {
      headers.add(
        "Authorization", ClientAuthentication.basicHeader(clientID: clientID, secret: secret))
    }
    return post("/oauth/token", fields, headers: headers)
  }

  mutating func exchange(_ code: String?, _ changes: [String: String?] = [:]) -> HTTPResponse {
    token(exchangeFields(code, changes))
  }

  mutating func tokens(_ changes: [String: String?] = [:]) throws -> JSONValue {
    let fields = try flow(changes)
    let response = exchange(fields["code"])
    #expect(response.status == 200, "\(response.bodyText)")
    return try JSONParser.parse(response.body)
  }

  mutating func call(_ path: String, bearer token: String?) -> HTTPResponse {
    var headers = HTTPHeaders()
    if let token { headers.add("Authorization", "Bearer " + token) }
    return send(HTTPRequest(method: "GET", target: path, headers: headers))
  }

  /// The claims of a token whose signature the published keys confirm.
  mutating func verified(_ text: String?) throws -> JSONValue {
    let jws = try CompactJWS(try #require(text))
    let keys = try JSONParser.parse(get("/.well-known/jwks.json").body)
    let set = try JSONWebKeySet(keys)
    let key = try #require(set.keys.first { $0.keyID == jws.keyID })
    let algorithm = try #require(jws.algorithm)
    #expect(try Signature.verify(jws, algorithm: algorithm, key: key))
    return try jws.claims()
  }
}

/// An honest authorization request with some parameters changed, or left out.
func authorizeFields(_ changes: [String: String?] = [:]) -> [FormField] {
  change(
    [
      FormField("response_type", "code id_token"), FormField("response_mode", "form_post"),
      FormField("client_id", TenantSettings.demoClientID), FormField("redirect_uri", callback),
      FormField("scope", "openid profile email read:appointments"),
      FormField("audience", TenantSettings.demoAudience), FormField("state", "the-state"),
      FormField("nonce", "the-nonce"), FormField("code_challenge", challenge),
      FormField("code_challenge_method", "S256"),
    ], changes)
}

func exchangeFields(_ code: String?, _ changes: [String: String?] = [:]) -> [FormField] {
  change(
    [
      FormField("grant_type", "authorization_code"), FormField("code", code ?? ""),
      FormField("redirect_uri", callback), FormField("code_verifier", verifier),
    ], changes)
}

private func change(_ fields: [FormField], _ changes: [String: String?]) -> [FormField] {
  var fields = fields
  for (name, value) in changes {
    fields.removeAll { $0.name == name }
    if let value { fields.append(FormField(name, value)) }
  }
  return fields
}

/// The hash claim of a value, computed here and not by the tenant.
func hashClaim(_ value: String?, _ algorithm: DigestAlgorithm = .sha256) throws -> String {
  let digest = try Digest.hash(Array(try #require(value).utf8), algorithm)
  return Base64URL.encode(digest.prefix(digest.count / 2))
}

func json(_ response: HTTPResponse) throws -> JSONValue { try JSONParser.parse(response.body) }
