import Cryptography
import Diagnosis
import OpenID
import Testing

@testable import HybridFlow

/// A run that goes wrong, and what its card must say.
struct CauseCase: CustomTestStringConvertible, Sendable {
  typealias Change = @Sendable (inout FlowConfiguration, inout HonestProvider) throws -> Void

  let name: String
  let type: ResponseType
  let code: String
  let stage: Stage
  let blame: Blame?
  let words: [String]
  let change: Change
  var testDescription: String { name }

  init(
    _ name: String, _ code: String, _ stage: Stage, _ blame: Blame?, _ words: [String],
    type: ResponseType = .codeIDTokenToken, _ change: @escaping Change
  ) {
    (self.name, self.type, self.code, self.stage) = (name, type, code, stage)
    (self.blame, self.words, self.change) = (blame, words, change)
  }

  /// A broken check of the authorization response.
  static func check(
    _ name: String, _ blame: Blame?, _ words: String..., stage: Stage = .callback,
    _ change: @escaping Change
  ) -> CauseCase {
    CauseCase(name, "provider.check_failed", stage, blame, words, change)
  }

  /// A changed claim of the first ID token.
  static func claim(
    _ name: String, _ claim: String, _ words: String..., blame: Blame = .provider,
    _ value: @escaping @Sendable (String) throws -> String
  ) -> CauseCase {
    CauseCase(name, "provider.check_failed", .callback, blame, words) { _, provider in
      provider.editFrontClaims = { claims in
        claims.set(claim, .string(try value(claims[claim]?.string ?? "")))
      }
    }
  }
}

enum Causes {
  private static func digest(_ text: String, _ algorithm: DigestAlgorithm) throws -> [UInt8] {
    try Digest.hash(Array(text.utf8), algorithm)
  }
  private static func half(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.prefix(bytes.count / 2)) }

  static let hashes: [CauseCase] = [
    .claim("c_hash with padding", "c_hash", "with padding", "Right would be") { $0 + "==" },
    .claim("c_hash in base64", "c_hash", "writes the hash") {
      Base64.encode(try Base64URL.decode($0))
    },
    .claim("at_hash in hexadecimal digits", "at_hash", "hexadecimal digits") {
      Hex.text(try Base64URL.decode($0))
    },
    .claim("c_hash as base64url of digits", "c_hash", "base64url of its hexadecimal digits") {
      Base64URL.encode(Array(Hex.text(try Base64URL.decode($0)).utf8))
    },
    .claim("c_hash encoded twice", "c_hash", "encodes the hash twice") {
      Base64URL.encode(Base64.encode(try Base64URL.decode($0)).utf8)
    },
    .claim("c_hash by SHA-512", "c_hash", "SHA-512", "wants SHA-256") { _ in
      Base64URL.encode(half(try digest(Sample.code, .sha512)))
    },
    .claim("at_hash by SHA-384", "at_hash", "SHA-384") { _ in
      Base64URL.encode(half(try digest(Sample.frontAccessToken, .sha384)))
    },
    .claim("the whole digest", "c_hash", "the whole hash") { _ in
      Base64URL.encode(try digest(Sample.code, .sha256))
    },
    .claim("the right half", "at_hash", "the right half") { _ in
      Base64URL.encode(try digest(Sample.frontAccessToken, .sha256).suffix(16))
    },
    .claim("c_hash of the access token", "c_hash", "the access token in place of the code") { _ in
      Base64URL.encode(half(try digest(Sample.frontAccessToken, .sha256)))
    },
    .claim("at_hash of the code", "at_hash", "the code in place of the access token") { _ in
      Base64URL.encode(half(try digest(Sample.code, .sha256)))
    },
    .claim("another code", "c_hash", "swapped", blame: .attacker) { _ in
      Base64URL.encode(half(try digest("another code", .sha256)))
    },
    .claim("another access token", "at_hash", "swapped", blame: .attacker) { _ in
      Base64URL.encode(half(try digest("another token", .sha256)))
    },
  ]

  static let values: [CauseCase] = [
    .claim("nonce percent-encoded", "nonce", "Right would be") {
      PercentEncoding.encode($0).replacing(bytes: "-", with: "%2D")
    },
    .claim("nonce in base64", "nonce", "in base64") { Base64.encode(Array($0.utf8)) },
    .claim("nonce cut off", "nonce", "cuts it off") { String($0.prefix(20)) },
    .claim("another nonce", "nonce", "from another login", blame: .attacker) { _ in
      "a-nonce-of-somebody-else"
    },
    .claim("iss percent-encoded", "iss", "percent-encoded") {
      $0.replacing(bytes: ":", with: "%3A").replacing(bytes: "/", with: "%2F")
    },
    .claim("iss without its slash", "iss", "slash") { String($0.dropLast()) },
    .claim("iss with another scheme", "iss", "http in place of https") {
      $0.replacing(bytes: "https", with: "http")
    },
    .claim("aud in another case", "aud", "another case") { $0.uppercased() },
    .check("no nonce", .provider, "has no nonce") { _, provider in
      provider.editFrontClaims = { $0.remove("nonce") }
    },
    .check("iss of the answer encoded twice", .provider, "percent-encoded") { _, provider in
      provider.editFields = { $0.append(FormField("iss", "https%3A%2F%2Ftenant.example%2F")) }
    },
    .check("iss promised and not sent", .provider, "breaks its promise") { _, provider in
      provider.editMetadata = { $0.set("authorization_response_iss_parameter_supported", true) }
    },
    .check("iss of another provider", .attacker, "a mix-up") { _, provider in
      provider.editFields = { $0.append(FormField("iss", "https://evil.example/")) }
    },
    .check("another algorithm, which is listed", .settings, "--id-token-alg RS256") { own, _ in
      own.idTokenAlgorithm = .ps256
    },
    .check("another algorithm, which is not listed", .provider, "the metadata are wrong") {
      own, provider in
      provider = try HonestProvider(.es256)
      provider.editMetadata = { $0.set("id_token_signing_alg_values_supported", ["RS256"]) }
      own.idTokenAlgorithm = .rs256
    },
    .check("a key that was rotated away", .provider, "rotated") { _, provider in
      provider.editFrontHeader = { $0.set("kid", "newer") }
    },
    .check("a slash too many", .settings, "slash", stage: .login) { _, provider in
      provider.editMetadata = { $0.set("issuer", "https://tenant.example") }
    },
    .check("an expired token, and our clock is ahead", .environment, "min ahead") { _, provider in
      provider.editKeySet = { $0.headers.set("Date", "Tue, 14 Nov 2023 22:03:20 GMT") }
      provider.editFrontClaims = {
        $0.set("exp", .number(JSONNumber(Sample.start.seconds - 300)))
        $0.set("iat", .number(JSONNumber(Sample.start.seconds - 600)))
      }
    },
  ]

  private static func token(_ response: HTTPResponse) -> CauseCase.Change {
    { _, provider in provider.editTokenResponse = { $0 = response } }
  }
  private static func page(_ status: Int, _ title: String) -> HTTPResponse {
    HTTPResponse(status: status, mediaType: "text/html", text: "<title>\(title)</title>")
  }
  private static func json(_ status: Int, _ json: JSONValue) -> HTTPResponse {
    HonestProvider.json(json, status: status)
  }
  private static let redirect = HTTPResponse(
    status: 302, headers: ["Location": "https://tenant.example/sorry?token=x"])

  static let statuses: [CauseCase] = [
    CauseCase(
      "token endpoint: 302", "provider.unreadable", .tokens, .provider,
      ["https://tenant.example/sorry"], token(redirect)),
    CauseCase(
      "token endpoint: 429", "provider.unreadable", .tokens, .provider, ["429", "wait 30 s"],
      token(HTTPResponse(status: 429, headers: ["Retry-After": "30"]))),
    CauseCase(
      "token endpoint: 502", "provider.unreadable", .tokens, .provider, ["502", "Bad gateway"],
      token(page(502, "Bad gateway"))),
    CauseCase(
      "token endpoint: 500 in JSON", "provider.token_error", .verify, .provider, ["HTTP 500"],
      token(json(500, ["message": "Oops"]))),
    CauseCase(
      "token endpoint: secret, in other words", "provider.token_error", .verify, .settings,
      ["Incorrect secret"], token(json(401, ["message": "Incorrect secret"]))),
    CauseCase(
      "discovery: 404", "provider.unreadable", .login, .settings,
      ["nothing is at this address", "/.well-known/openid-configuration", "tenant, realm"]
    ) { _, provider in provider.editDocument = { $0 = HTTPResponse(status: 404) } },
    CauseCase(
      "discovery: a redirect", "provider.unreadable", .login, .settings,
      ["https://tenant.example/sorry", "redirects are not followed"]
    ) { _, provider in provider.editDocument = { $0 = redirect } },
    CauseCase(
      "discovery: a wall", "provider.unreadable", .login, .provider, ["Just a moment", "403"]
    ) { _, provider in provider.editDocument = { $0 = page(403, "Just a moment...") } },
    CauseCase(
      "discovery: overloaded", "provider.unreadable", .login, .provider, ["503", "Try again"]
    ) { _, provider in provider.editDocument = { $0 = HTTPResponse(status: 503) } },
    CauseCase(
      "discovery: a page", "provider.unreadable", .login, .settings, ["Shop", "issuer"]
    ) { _, provider in provider.editDocument = { $0 = page(200, "Shop") } },
    CauseCase(
      "discovery: an error of OAuth", "provider.discovery_error", .login, .settings,
      ["AADSTS90002"]
    ) { _, provider in
      provider.editDocument = {
        $0 = json(
          400,
          [
            "error": "invalid_tenant",
            "error_description": "AADSTS90002: Tenant 'x' not found. Check to make sure.",
          ])
      }
    },
    CauseCase(
      "keys: a page", "provider.unreadable", .login, nil, ["Welcome"]
    ) { _, provider in provider.editKeySet = { $0 = page(200, "Welcome") } },
    CauseCase(
      "keys: none", "provider.check_failed", .callback, .provider, ["key set is empty"]
    ) { _, provider in (provider.published, provider.publishedLater) = ([], []) },
    CauseCase(
      "userinfo: 500", "provider.userinfo_error", .data, .provider, ["HTTP 500"]
    ) { _, provider in provider.editUserinfo = { $0 = page(500, "Oops") } },
    CauseCase(
      "userinfo: 302", "provider.userinfo_error", .data, nil, ["https://tenant.example/sorry"]
    ) { _, provider in provider.editUserinfo = { $0 = redirect } },
    CauseCase(
      "API: 403 in JSON", "provider.api_error", .data, .settings, ["HTTP 403", "No entry", "--api"]
    ) { own, provider in
      own.apiURL = try WebURL("https://api.example/things")
      provider.editAPI = { $0 = json(403, ["message": "No entry"]) }
    },
    CauseCase(
      "API: 401 bare", "provider.api_error", .data, .settings, ["HTTP 401", "--api"]
    ) { own, provider in
      own.apiURL = try WebURL("https://api.example/things")
      provider.editAPI = { $0 = HTTPResponse(status: 401) }
    },
  ]

  static let errors: [CauseCase] = [
    CauseCase(
      "nobody is signed in", "provider.authorization_error", .callback, nil,
      ["no error of the setup"]
    ) { own, provider in
      own.extraParameters = [FormField("prompt", "none")]
      provider.editFields = {
        $0 = [FormField("error", "login_required"), FormField("state", Sample.secrets.state)]
      }
    },
    CauseCase(
      "declined", "person.declined", .callback, .person, ["Not today"]
    ) { _, provider in
      provider.editFields = {
        $0 = [
          FormField("error", "access_denied"), FormField("error_description", "Not today"),
          FormField("state", Sample.secrets.state),
        ]
      }
    },
    CauseCase(
      "a secret with a line break", "provider.token_error", .verify, .settings, ["line break"]
    ) { own, provider in
      own.clientSecret = Secret("s3cret\n")
      provider.editTokenResponse = {
        $0 = json(401, ["error": "invalid_client", "error_description": "No."])
      }
    },
    CauseCase(
      "PKCE demanded", "provider.authorization_error", .callback, .settings, ["demands PKCE"]
    ) { own, provider in
      own.usesPKCE = false
      provider.editFields = {
        $0 = [
          FormField("error", "invalid_request"),
          FormField("error_description", "Missing parameter: code_challenge"),
          FormField("state", Sample.secrets.state),
        ]
      }
    },
    CauseCase(
      "no hybrid flow at all", "provider.authorization_error", .callback, .provider,
      ["has no hybrid flow"]
    ) { _, provider in
      provider.editMetadata = { $0.set("response_types_supported", ["code"]) }
      provider.editFields = {
        $0 = [
          FormField("error", "unsupported_response_type"),
          FormField("state", Sample.secrets.state),
        ]
      }
    },
    CauseCase(
      "no secret", "provider.token_error", .verify, .settings, ["secret"]
    ) { own, provider in
      own.clientSecret = nil
      provider.editTokenResponse = { $0 = json(401, ["error": "invalid_client"]) }
    },
    CauseCase(
      "a method that is not offered", "provider.token_error", .verify, .settings,
      ["--client-auth post"]
    ) { own, provider in
      own.clientAuthentication = .basic
      provider.editMetadata = {
        $0.set("token_endpoint_auth_methods_supported", ["client_secret_post"])
      }
      provider.editTokenResponse = { $0 = json(401, ["error": "invalid_client"]) }
    },
    CauseCase(
      "a failure of the provider", "provider.authorization_error", .callback, .provider,
      ["server_error"]
    ) { _, provider in
      provider.editFields = {
        $0 = [FormField("error", "server_error"), FormField("state", Sample.secrets.state)]
      }
    },
  ]
}

@Suite struct CauseTests {
  @Test(arguments: Causes.hashes + Causes.values + Causes.statuses + Causes.errors)
  func `the card says the cause, who, and at which stage`(row: CauseCase) throws {
    var configuration = try Sample.configuration(row.type)
    var provider = try HonestProvider(configuration.idTokenAlgorithm)
    try row.change(&configuration, &provider)
    let drive = try Drive.run(configuration, provider)
    let diagnosis = try #require(RunDiagnosis(drive.transcript, configuration))
    #expect(diagnosis.failure.code == row.code)
    #expect(diagnosis.stage == row.stage)
    let match = diagnosis.match
    let said =
      ([match.cause, match.fix] + match.values.map { "\($0.name) \($0.text)" })
      .joined(separator: "\n")
    if row.name == "keys: a page" || row.name == "userinfo: 302" {
      #expect(diagnosis.blame == .settings || diagnosis.blame == .provider)
    } else {
      #expect(diagnosis.blame == row.blame, "\(match.id): \(said)")
    }
    for words in row.words { #expect(said.contains(words), "\(match.id): \(said)") }
    #expect(!match.values.isEmpty, "\(match.id)")
    #expect(match.blame == diagnosis.blame)
  }

  @Test func `a request that was edited is the application's, whatever was changed`() throws {
    let honest = Drive(try Sample.configuration(.codeIDToken), try HonestProvider())
    for kind in [RequestDraft.Kind.authorization, .token] {
      let stop: Stage = kind == .authorization ? .prompt : .exchange
      var start = honest
      try start.run { $0.situation == .ready(next: stop) }
      let draft = try #require(
        start.transcript[kind == .authorization ? .authorize : .exchange].draft)
      let credentials = ["client_id", "client_secret", "client_assertion", "client_assertion_type"]
      for field in draft.made where kind == .authorization || !credentials.contains(field.name) {
        let changed = draft.made.map { $0 == field ? FormField(field.name, "x") : $0 }
        for wanted in [changed, draft.made.filter { $0 != field }] {
          var drive = start
          let edit = RequestEdit(from: draft.made, to: wanted, goesAnyway: true)
          drive.provider.editFields = { $0 = [FormField("error", "invalid_request")] }
          drive.provider.editTokenResponse = {
            $0 = HonestProvider.json(["error": "invalid_grant"], status: 400)
          }
          try drive.deliver(kind == .authorization ? .requestEdited(edit) : .exchangeEdited(edit))
          try drive.run()
          let diagnosis = try #require(RunDiagnosis(drive.transcript, drive.configuration))
          #expect(diagnosis.blame == .application, "\(kind), \(field.name)")
        }
      }
    }
  }

  @Test func `signed userinfo without iss and aud warns, and wrong ones stop`() throws {
    // OpenID Connect Core 1.0, section 5.3.2: they SHOULD be there.
    for (edit, verdict) in [
      ({ @Sendable (claims: inout JSONValue) in claims.remove("iss") }, Check.Verdict.warn),
      ({ @Sendable (claims: inout JSONValue) in claims.remove("aud") }, .warn),
      (
        { @Sendable (claims: inout JSONValue) in claims.set("iss", "https://evil.example/") }, .fail
      ),
    ] {
      var provider = try HonestProvider()
      provider.editUserinfo = {
        $0 = try HonestProvider.signedUserinfo(TestKeys.key(.rs256), edit: edit)
      }
      let drive = try Drive.run(try Sample.configuration(.codeIDToken), provider)
      let check = drive.transcript.checks.first { $0.id == .userinfoSigned }
      #expect(check?.verdict == verdict)
      #expect((drive.transcript.failure == nil) == (verdict == .warn))
    }
  }
}
