import HybridFlow
import OpenID

@testable import Recording

/// A small HAR, written as browsers write them.
struct SmallHAR {
  /// The example of OpenID Connect Core 1.0, section A.4: the code and its `c_hash`.
  static let code = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"
  static let codeHash = "LDktKdoQak3Pk0cnXxCltA"
  static let provider = "https://op.example"
  static let application = "https://app.example"
  static let state = "state-of-this-login-0001"
  static let nonce = "nonce-of-this-login-0001"

  var entries: [JSONValue] = []
  var creator = "WebInspector"
  private var clock = UnixTime(seconds: 1_780_000_000)

  /// An ID token whose signature nobody can verify.
  static func idToken(nonce: String = nonce, hash: String = codeHash) -> String {
    let header: JSONValue = ["alg": "RS256", "kid": "k1"]
    let claims: JSONValue = [
      "iss": .string(provider + "/"), "sub": "ada", "aud": "client-1",
      "exp": .number(JSONNumber(1_780_003_600)), "iat": .number(JSONNumber(1_780_000_001)),
      "nonce": .string(nonce), "c_hash": .string(hash),
    ]
    let parts = [header, claims].map { Base64URL.encode(Array($0.compactText.utf8)) }
    return parts.joined(separator: ".") + "." + Base64URL.encode([UInt8](repeating: 7, count: 256))
  }

  static func request(
    state: String? = state, mode: String? = "form_post", type: String = "code id_token"
  ) -> String {
    var fields = [
      FormField("client_id", "client-1"), FormField("response_type", type),
      FormField("redirect_uri", application + "/callback"), FormField("scope", "openid"),
      FormField("nonce", nonce),
    ]
    if let state { fields.append(FormField("state", state)) }
    if let mode { fields.append(FormField("response_mode", mode)) }
    return provider + "/authorize?" + FormEncoding.encode(fields)
  }

  static func answer(state: String? = state, token: String = idToken()) -> String {
    var fields = [FormField("code", code), FormField("id_token", token)]
    if let state { fields.append(FormField("state", state)) }
    return FormEncoding.encode(fields)
  }

  /// Adds an entry; each begins this many seconds after the one before.
  mutating func add(
    _ method: String, _ url: String, _ status: Int = 200, sends: [(String, String)] = [],
    posts: JSONValue? = nil, gets: [(String, String)] = [], type: String = "text/html",
    body: String? = nil, redirect: String = "", after seconds: Int64 = 1
  ) {
    clock = clock.adding(seconds: seconds)
    func list(_ pairs: [(String, String)]) -> JSONValue {
      .array(pairs.map { ["name": .string($0.0), "value": .string($0.1)] })
    }
    let time = CivilTime(clock).text
    var request: JSONValue = [
      "method": .string(method), "url": .string(url), "httpVersion": "h2", "headers": list(sends),
      "queryString": [], "cookies": [], "headersSize": -1, "bodySize": -1,
    ]
    if let posts { request.set("postData", posts) }
    var content: JSONValue = ["size": -1, "mimeType": .string(type)]
    if let body { content.set("text", .string(body)) }
    entries.append([
      "startedDateTime": .string(
        time.replacing(bytes: " ", with: "T").replacing(bytes: "Z", with: "") + ".250Z"),
      "time": 12, "request": request,
      "response": [
        "status": .number(JSONNumber(Int64(status))), "statusText": "", "httpVersion": "h2",
        "headers": list(gets), "cookies": [], "content": content,
        "redirectURL": .string(redirect), "headersSize": -1, "bodySize": -1,
      ], "cache": [:], "timings": [:],
    ])
  }

  /// The click on Login, with the cookie that the application sets.
  mutating func click(_ request: String = request(), cookie: String?) {
    let line = cookie.map { [("Set-Cookie", $0)] } ?? []
    add(
      "GET", Self.application + "/login", 302, gets: [("Location", request)] + line, type: "",
      redirect: request)
  }

  /// The request, the sign-in and the consent.
  mutating func signIn(_ request: String = request(), seconds: Int64 = 1) {
    add("GET", request, 200, body: "<form method=post><input type=password name=password></form>")
    add(
      "POST", Self.provider + "/login", 200, posts: Self.form("user=ada&password=hunter2hunter2"),
      after: seconds)
  }

  /// The form post, cross-site.
  mutating func post(
    _ body: String = answer(), _ status: Int = 302, cookie: String? = nil,
    from site: String = "cross-site"
  ) {
    let line = cookie.map { [("Cookie", $0)] } ?? []
    add(
      "POST", Self.application + "/callback", status,
      sends: [
        ("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", site),
      ] + line, posts: Self.form(body))
  }

  static func form(_ text: String) -> JSONValue {
    ["mimeType": "application/x-www-form-urlencoded", "text": .string(text)]
  }

  var bytes: [UInt8] {
    let json: JSONValue = [
      "log": [
        "version": "1.2", "creator": ["name": .string(creator), "version": "1"],
        "entries": .array(entries),
      ]
    ]
    return Array(json.compactText.utf8)
  }

  func book() throws -> HARBook { try HARBook(bytes, named: "login.har") }

  /// The run of a login, gone through to its end.
  func run(_ login: Int? = nil) throws -> ReplayRun {
    var run = ReplayRun(try book().recording(login: login))
    run.finish()
    return run
  }
}

extension ReplayRun {
  var transcript: Transcript { machine.transcript }

  func verdict(_ id: CheckID) -> Check.Verdict? {
    transcript.checks.first { $0.id == id }?.verdict
  }

  /// Every note, with its stage.
  var notes: [String] {
    transcript.stages.flatMap { record in
      record.notes.map { "\(record.stage.number): \($0.text)" }
    }
  }
}
