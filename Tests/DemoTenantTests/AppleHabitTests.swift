import Cryptography
import DemoTenant
import OpenID
import Testing

/// A client secret of Apple's kind with one thing wrong, and the rules that must say so.
struct BadSecret: Sendable, CustomTestStringConvertible {
  var name: String
  var rules: [String]
  var change: @Sendable (inout SecretDraft) throws -> Void
  var testDescription: String { name }

  init(
    _ name: String, _ rules: String...,
    change: @escaping @Sendable (inout SecretDraft) throws -> Void
  ) {
    self.name = name
    self.rules = rules
    self.change = change
  }
}

/// A client secret in the making.
struct SecretDraft {
  var header: JSONValue
  var claims: JSONValue
  var key: SigningKey
  var text: String?

  init(at now: UnixTime, key: SigningKey) {
    self.key = key
    header = key.header()
    claims = [
      "iss": "DEF123GHIJ", "sub": .string(TenantSettings.demoClientID),
      "aud": "http://localhost:9000/", "iat": .number(JSONNumber(now.seconds)),
      "exp": .number(JSONNumber(now.seconds + 300)),
    ]
  }

  func secret() throws -> String {
    try text ?? key.compactJWS(header: header, payload: Array(claims.compactText.utf8))
  }
}

/// A tenant with the habits of Sign in with Apple, by Apple's metadata and public threads.
@Suite struct AppleHabitTests {
  private static let key: SigningKey? = try? SigningKey.generate(.es256, keyID: "ABC123DEFG")
  /// A request as Apple takes it.
  private static let request: [String: String?] = [
    "scope": "openid name email", "audience": nil, "code_challenge": nil,
    "code_challenge_method": nil,
  ]

  private func world() throws -> World {
    let key = try #require(Self.key)
    return try World { $0.takeAppleHabits(team: "DEF123GHIJ", key: key.publicJWK) }
  }

  private func exchange(_ world: inout World, _ code: String?, _ secret: String) -> HTTPResponse {
    world.post(
      "/oauth/token",
      exchangeFields(code, ["code_verifier": nil]) + [
        FormField("client_id", TenantSettings.demoClientID), FormField("client_secret", secret),
      ])
  }

  private func failed(_ world: World) -> [String] {
    world.tenant.ledger.filter { $0.endpoint == .token && !$0.passed }.map(\.rule)
  }

  @Test func `its metadata are as short as those of Apple`() throws {
    var world = try world()
    let metadata = try JSONParser.parse(world.get("/.well-known/openid-configuration").body)
    #expect(metadata["response_types_supported"]?.strings == ["code"])
    #expect(metadata["scopes_supported"]?.strings == ["openid", "email", "name"])
    #expect(metadata["token_endpoint_auth_methods_supported"]?.strings == ["client_secret_post"])
    for name in ["userinfo_endpoint", "end_session_endpoint", "code_challenge_methods_supported"] {
      #expect(metadata[name] == nil)
    }
    for path in ["/userinfo", "/oidc/logout"] { #expect(world.get(path).status == 404) }
  }

  @Test func `name and address come once, beside tokens with texts for booleans`() throws {
    var world = try world()
    let first = try world.flow(Self.request)
    #expect(
      first["user"]
        == #"{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"ada@demo.example"}"#)
    #expect(first["iss"] == nil)
    let claims = try world.verified(first["id_token"])
    #expect(claims["email_verified"]?.string == "true")
    #expect(claims["is_private_email"]?.string == "false")
    #expect(claims["nonce_supported"]?.bool == true && claims["nonce"]?.string == "the-nonce")
    #expect(claims["email"]?.string == "ada@demo.example")
    #expect(claims["name"] == nil && claims["c_hash"] != nil)
    #expect(try world.flow(Self.request)["user"] == nil, "the second time it does not come")
    let bob = try world.flow(
      Self.request.merging(["prompt": "login"]) { $1 }, as: "bob@demo.example")
    #expect(bob["user"] == #"{"name":{"firstName":"","lastName":""},"email":"bob@demo.example"}"#)
    #expect(try world.verified(bob["id_token"])["email_verified"]?.string == "false")
  }

  @Test func `without name and email nothing is told, and the fragment is taken`() throws {
    var world = try world()
    let plain = try world.flow(
      Self.request.merging(["scope": "openid", "response_mode": "fragment"]) { $1 })
    #expect(plain["user"] == nil && plain["code"] != nil)
    let claims = try world.verified(plain["id_token"])
    #expect(claims["email"] == nil && claims["email_verified"] == nil)
    let refused = try world.authorize(Self.request.merging(["response_mode": "fragment"]) { $1 })
    #expect(refused.status == 400)
    #expect(refused.bodyText.contains("response_mode must be form_post when name or email scope"))
  }

  @Test func `a secret signed by the team is taken, and brings a refresh token`() throws {
    var world = try world()
    let code = try world.flow(Self.request)["code"]
    let secret = try SecretDraft(at: world.now, key: #require(Self.key)).secret()
    let response = exchange(&world, code, secret)
    #expect(response.status == 200, "\(response.bodyText)")
    #expect(failed(world).isEmpty)
    let answer = try JSONParser.parse(response.body)
    #expect(answer["refresh_token"]?.string != nil)
    let claims = try world.verified(answer["id_token"]?.string)
    let hash = try hashClaim(answer["access_token"]?.string)
    #expect(claims["at_hash"]?.string == hash)
  }

  static let rows: [BadSecret] = [
    BadSecret("no JWT", "secret-jwt") { $0.text = "a-fixed-secret" },
    BadSecret("another algorithm", "secret-algorithm", "secret-signature") {
      $0.key = try SigningKey.generate(.es384, keyID: "ABC123DEFG")
      $0.header = $0.key.header()
    },
    BadSecret("unsigned", "secret-algorithm", "secret-signature") {
      $0.header.set("alg", "none")
      let parts = [$0.header, $0.claims].map { Base64URL.encode($0.compactText.utf8) }
      $0.text = parts.joined(separator: ".") + "."
    },
    BadSecret("no kid", "secret-key", "secret-signature") { $0.header.remove("kid") },
    BadSecret("another kid", "secret-key", "secret-signature") { $0.header.set("kid", "ZZZ") },
    BadSecret("a stranger's key", "secret-signature") {
      $0.key = try SigningKey.generate(.es256, keyID: "ABC123DEFG")
    },
    BadSecret("an extension", "secret-signature") { $0.header.set("crit", ["exp"]) },
    BadSecret("another team", "secret-team") { $0.claims.set("iss", "OTHER12345") },
    BadSecret("the App ID", "secret-subject") { $0.claims.set("sub", "com.example.app") },
    BadSecret("no subject", "secret-subject") { $0.claims.remove("sub") },
    BadSecret("another provider", "secret-audience") {
      $0.claims.set("aud", "https://appleid.apple.com")
    },
    BadSecret("several providers", "secret-audience") {
      $0.claims.set("aud", ["http://localhost:9000/", "https://x.example"])
    },
    BadSecret("a second too long", "secret-lifetime") {
      $0.claims.set("exp", .number(JSONNumber(($0.claims["iat"]?.integer ?? 0) + 15_777_001)))
    },
    BadSecret("no end", "secret-unexpired", "secret-lifetime") { $0.claims.remove("exp") },
    BadSecret("no beginning", "secret-begun", "secret-lifetime") { $0.claims.remove("iat") },
    BadSecret("ended", "secret-unexpired") {
      let now = $0.claims["iat"]?.integer ?? 0
      $0.claims.set("iat", .number(JSONNumber(now - 900)))
      $0.claims.set("exp", .number(JSONNumber(now - 600)))
    },
    BadSecret("from the future", "secret-begun") {
      let now = $0.claims["iat"]?.integer ?? 0
      $0.claims.set("iat", .number(JSONNumber(now + 200)))
    },
    BadSecret("times beyond all numbers", "secret-unexpired", "secret-begun", "secret-lifetime") {
      $0.claims.set("iat", .number(JSONNumber(Int64.max)))
      $0.claims.set("exp", .number(JSONNumber(Int64.min)))
    },
  ]

  @Test(arguments: rows)
  func `a secret that does not hold is refused, and each rule is named`(_ row: BadSecret) throws {
    var world = try world()
    let code = try world.flow(Self.request)["code"]
    var draft = SecretDraft(at: world.now, key: try #require(Self.key))
    try row.change(&draft)
    let response = exchange(&world, code, try draft.secret())
    #expect(response.status == 401)
    #expect(response.bodyText.contains("invalid_client"))
    #expect(Set(failed(world)) == Set(row.rules + ["client-authenticated"]))
  }

  @Test func `half a year to the second is taken, and neither header nor assertion is`() throws {
    let key = try #require(Self.key)
    var world = try world()
    var draft = SecretDraft(at: world.now, key: key)
    draft.claims.set("exp", .number(JSONNumber(world.now.seconds + 15_777_000)))
    let longest = try draft.secret()
    let response = exchange(&world, try world.flow(Self.request)["code"], longest)
    #expect(response.status == 200)
    let code = try world.flow(Self.request)["code"]
    let basic = world.token(
      exchangeFields(code, ["code_verifier": nil]), secret: Secret(longest))
    #expect(basic.status == 401)
    let assertion = world.post(
      "/oauth/token",
      exchangeFields(code, ["code_verifier": nil]) + [
        FormField("client_id", TenantSettings.demoClientID),
        FormField("client_assertion", longest),
        FormField(
          "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
      ])
    #expect(assertion.status == 401)
  }
}
