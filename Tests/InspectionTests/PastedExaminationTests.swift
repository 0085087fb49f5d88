import OpenID
import Testing
import TestSupport

@testable import HybridFlow
@testable import Inspection

/// What `decode` says of the published examples, of faulty ones, and of requests.
@Suite struct PastedExaminationTests {
  private let core: JSONValue
  private let now: UnixTime

  init() throws {
    core = try Fixture.vectors().at("oidc_core")
    now = UnixTime(seconds: try #require(try core.at("clock_for_valid").integer))
  }

  private func published() throws -> PastedKeys {
    let metadata = try #require(ProviderMetadata(["issuer": try core.at("issuer")]))
    return .published(metadata, JSONWebKeySet(keys: [try core.key("public_jwk")]))
  }

  private func checks(
    _ text: String, clientID: String? = nil, withKeys: Bool = false, now: UnixTime? = nil
  ) throws -> [PastedCheck] {
    PastedExamination(
      try PastedReader.read(text), issuer: withKeys ? try WebURL(core.text("issuer")) : nil,
      clientID: clientID, keys: withKeys ? try published() : .none, now: now ?? self.now,
      compute: CryptoWork.finding
    ).checks()
  }

  private func ids(_ checks: [PastedCheck], _ verdict: Check.Verdict) -> Set<String> {
    Set(checks.filter { $0.verdict == verdict }.map(\.id))
  }

  private func example(_ id: String) throws -> JSONValue {
    try #require(core.list("examples").first { $0["id"]?.string == id })
  }

  @Test(arguments: ["core-A.2", "core-A.3", "core-A.4", "core-A.5", "core-A.6"])
  func `a published answer passes, and its hash claims are compared offline`(id: String) throws {
    let text = try example(id).text("redirect_location")
    let offline = try checks(text)
    #expect(ids(offline, .fail) == [])
    let params = try example(id).at("params")
    let hasIDToken = params["id_token"] != nil
    let passed = ids(offline, .pass)
    #expect(passed.contains("c-hash-match") == (hasIDToken && params["code"] != nil))
    #expect(passed.contains("at-hash-match") == (hasIDToken && params["access_token"] != nil))
    guard hasIDToken else { return }
    let unsigned = try #require(offline.first { $0.id == "id-token-signature" })
    #expect(unsigned.verdict == .skip)
    #expect(unsigned.why.contains("--issuer"))

    let online = try checks(text, clientID: core.text("client_id"), withKeys: true)
    #expect(ids(online, .fail) == [])
    let proved = [
      "id-token-signature", "id-token-iss", "id-token-aud", "id-token-alg-allowlist",
      "discovery-issuer-match",
    ]
    #expect(ids(online, .pass).isSuperset(of: proved))
  }

  @Test(arguments: ["core-A.4", "core-A.5", "core-A.6"])
  func `a published request lacks only what is newer than it`(id: String) throws {
    let verdicts = try checks(example(id).text("request_target"))
    #expect(ids(verdicts, .fail) == [])
    #expect(ids(verdicts, .warn) == ["request-nonce", "request-state", "request-pkce"])
  }

  /// What the text alone shows of the derived faults; the others need the issuer or the request.
  private static let offlineFaults: Set<String> = [
    "id-token-aud-present", "id-token-sub-present", "id-token-iat-present",
    "id-token-exp-present", "nonce-present", "c-hash-match", "c-hash-present", "at-hash-match",
    "at-hash-present", "id-token-alg-none",
  ]

  @Test func `each derived fault fails its check, offline where that can be`() throws {
    let params = try example("core-A.6").at("params")
    let cases = try Fixture.vectors().list("derived_negative.cases")
    #expect(cases.count == 17)
    for item in cases {
      let fault = try item.text("fails_check")
      let text = PercentEncoding.query([
        FormField("code", try params.text("code")),
        FormField("access_token", try params.text("access_token")),
        FormField("token_type", "bearer"), FormField("state", "af0ifjsldkj"),
        FormField("id_token", try item.text("id_token")),
      ])
      let offline = try ids(checks(text), .fail)
      #expect(offline == (Self.offlineFaults.contains(fault) ? [fault] : []), "\(fault)")
      let online = try checks(text, clientID: core.text("client_id"), withKeys: true)
      let failed = ids(online, .fail)
      // Whose nonce it is, only the request knows.
      let expected = fault == "(must pass)" || fault == "nonce-match" ? [] : [fault]
      #expect(failed.isSuperset(of: expected), "\(fault): \(failed)")
      if expected.isEmpty { #expect(failed == [], "\(fault)") }
      if fault == "nonce-match" { #expect(ids(online, .skip).contains(fault)) }
    }
  }

  @Test func `times are compared with the clock, give or take the skew`() throws {
    let token = try example("core-A.2").at("params").text("id_token")
    let end: Int64 = 1_311_281_970
    for (seconds, failed) in [(end + 59, false), (end + 60, true)] {
      let verdicts = try checks(token, now: UnixTime(seconds: seconds))
      #expect(ids(verdicts, .fail).contains("id-token-exp") == failed)
    }
    let early = try checks(token, now: UnixTime(seconds: end - 2000))
    #expect(ids(early, .warn).contains("id-token-iat"))
  }

  @Test func `a token response binds the access token to the ID token`() throws {
    let params = try example("core-A.3").at("params")
    func response(_ access: String) throws -> String {
      let json: JSONValue = [
        "access_token": .string(access), "token_type": "bearer", "expires_in": 60,
        "id_token": try params.at("id_token"),
      ]
      return json.prettyText
    }
    let honest = try checks(response(params.text("access_token")))
    #expect(ids(honest, .pass).contains("back-at-hash"))
    let swapped = try checks(response("another-token"))
    #expect(ids(swapped, .fail).contains("back-at-hash"))
  }

  private static func token(_ header: JSONValue, _ claims: JSONValue) -> String {
    [header.compactText, claims.compactText].map { Base64URL.encode($0.utf8) }
      .joined(separator: ".") + "." + signature(header["alg"]?.string)
  }

  /// As long as the algorithm makes them; nobody looks at more of it here.
  private static func signature(_ algorithm: String?) -> String {
    Base64URL.encode([UInt8](repeating: 1, count: algorithm == "HS256" ? 32 : 256))
  }

  private static let claims: JSONValue = [
    "iss": "https://a.example", "sub": "1", "aud": "app", "exp": 1_311_281_970,
    "iat": 1_311_280_970, "nonce": "n",
  ]

  @Test(
    arguments: [
      ("crit", ["alg": "RS256", "crit": ["x"]], [:], "id-token-crit", Check.Verdict.fail),
      ("jku", ["alg": "RS256", "jku": "https://b"], [:], "id-token-no-remote-key", .fail),
      ("alg", ["alg": "XX256"], [:], "id-token-alg-allowlist", .warn),
      ("kid", ["alg": "RS256", "kid": 5], [:], "id-token-structure", .fail),
      ("typ", ["alg": "RS256", "typ": "other+jwt"], [:], "id-token-typ", .warn),
      ("nbf", ["alg": "RS256"], ["nbf": 4_000_000_000], "id-token-nbf", .fail),
      ("years", ["alg": "RS256"], ["exp": 4_000_000_000], "id-token-lifetime", .warn),
      ("exp", ["alg": "RS256"], ["exp": "1311281970"], "id-token-exp-present", .fail),
      ("sub", ["alg": "RS256"], ["sub": 7], "id-token-sub-present", .fail),
      ("two aud", ["alg": "RS256"], ["aud": ["app", "b"]], "id-token-aud-extra", .warn),
      ("no azp", ["alg": "RS256"], ["aud": ["app", "b"]], "id-token-azp", .warn),
      ("azp", ["alg": "RS256"], ["azp": "b"], "id-token-azp", .warn),
      ("nonce", ["alg": "RS256"], ["nonce": 7], "nonce-present", .fail),
      ("shared secret", ["alg": "HS256"], [:], "id-token-signature", .skip),
    ] as [(String, JSONValue, JSONValue, String, Check.Verdict)])
  func `header and claims are judged without a key`(
    name: String, header: JSONValue, changes: JSONValue, id: String, verdict: Check.Verdict
  ) throws {
    var claims = Self.claims
    for member in changes.members ?? [] { claims.set(member.name, member.value) }
    let verdicts = try checks(Self.token(header, claims))
    let found = verdicts.filter { $0.id == id }.map(\.verdict)
    #expect(found == [verdict])
    if verdict != .fail { #expect(ids(verdicts, .fail) == []) }
  }

  @Test func `an access token is not judged as an ID token`() throws {
    let claims: JSONValue = ["iss": "https://a.example", "scope": "x", "exp": 1, "aud": "api"]
    let verdicts = try checks(Self.token(["alg": "RS256", "typ": "at+jwt"], claims))
    #expect(Set(ids(verdicts, .fail)) == ["token-exp", "access-token-claims"])
    #expect(ids(verdicts, .skip) == ["token-signature"])
    #expect(!verdicts.contains { $0.id == "nonce-present" || $0.id == "id-token-sub-present" })
  }

  private static let goodRequest =
    "https://a.example/auth?response_type=code%20id_token&client_id=x&scope=openid"
    + "&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_mode=form_post"
    + "&state=0123456789012345678901&nonce=0123456789012345678901"
    + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

  @Test(arguments: [
    ("", "", "", Check.Verdict.pass),
    ("form_post", "query", "request-mode-not-query", .fail),
    ("scope=openid", "scope=email", "request-openid-scope", .fail),
    ("&nonce=0123456789012345678901", "", "request-nonce", .fail),
    ("&state=0123456789012345678901", "", "request-state", .warn),
    ("=S256", "=plain", "request-pkce", .warn),
    ("client_id=x", "client_id=x&client_id=y", "request-no-duplicates", .fail),
    ("client_id=x&", "", "request-client-id", .fail),
    ("https%3A%2F%2Fapp.example%2Fcb", "%2Fcb", "request-redirect-uri", .fail),
    ("app.example%2Fcb", "app.example%2Fcb%23x", "request-redirect-uri", .fail),
    ("https%3A%2F%2Fapp.example", "http%3A%2F%2Fapp.example", "request-redirect-uri", .warn),
    ("code%20id_token", "code%20banana", "request-response-type", .fail),
    ("client_id=x", "client_id=x&client_secret=y", "request-no-secret", .fail),
  ])
  func `an authorize URL is judged`(
    old: String, new: String, id: String, verdict: Check.Verdict
  ) throws {
    let parts = Self.goodRequest.split(separator: old, maxSplits: 1)
    let text = old.isEmpty ? Self.goodRequest : parts.joined(separator: new)
    let verdicts = try checks(text)
    #expect(ids(verdicts, .fail) == (verdict == .fail ? [id] : []))
    #expect(ids(verdicts, .warn) == (verdict == .warn ? [id] : []))
  }

  private static let edwards =
    #""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#

  @Test(arguments: [
    ("https://a/cb?code=abc&state=x&state=y", "callback-no-duplicates"),
    ("https://a/cb?code=%zz", "callback-no-duplicates"),
    ("https://a/cb?error=access_denied&code=abc&state=x", "response-error-exclusive"),
    ("https://a/cb?access_token=abc&token_type=Bearer&state=x", "request-mode-not-query"),
    (#"{"token_type":"mac","access_token":"abc"}"#, "token-type-back"),
    (#"{"kty":"oct","k":"AAAA"}"#, "jwks-no-private"),
    (#"{"keys":[{"kid":"x","d":"AAAA"}]}"#, "jwks-no-private"),
    (#"{"keys":[{\#(edwards),"d":"AAAA"}]}"#, "jwks-no-private"),
    (#"{\#(edwards),"d":"AAAA"}"#, "jwks-no-private"),
    (#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAA"}]}"#, "jwks-usable"),
    ("access_token=abc&token_type=mac&state=x", "token-type-front"),
    (#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "jwks-key-size"),
    (#"{"issuer":"https://a","token_endpoint":"http://a/t"}"#, "discovery-https"),
    (#"{"issuer":"https://a.example","jwks_uri":"https://10.1/k"}"#, "discovery-endpoint-reach"),
    (
      #"{"issuer":"https://a.example","jwks_uri":"https://a.example/`k`"}"#,
      "discovery-endpoint-uri"
    ),
    ("grant_type=authorization_code&code=x&code_verifier=short", "token-request-verifier"),
  ])
  func `other messages are judged`(text: String, id: String) throws {
    #expect(try ids(checks(text), .fail) == [id])
  }

  @Test func `an issuer that could not be asked leaves the signature unchecked, and says so`()
    throws
  {
    let text = try example("core-A.4").text("redirect_location")
    let verdicts = PastedExamination(
      try PastedReader.read(text), keys: .unreachable("nobody answered"), now: now,
      compute: CryptoWork.finding
    ).checks()
    let signature = try #require(verdicts.first { $0.id == "id-token-signature" })
    #expect(signature.verdict == .skip)
    #expect(signature.why.contains("nobody answered"))
  }

  @Test func `the keys of an issuer that publishes private ones prove nothing`() throws {
    var key = try core.key("public_jwk").json
    key.set("d", "AQAB")
    let metadata = try #require(ProviderMetadata(["issuer": try core.at("issuer")]))
    let set = try JSONWebKeySet(["keys": [key]])
    let verdicts = PastedExamination(
      try PastedReader.read(example("core-A.4").text("redirect_location")),
      issuer: try WebURL(core.text("issuer")), keys: .published(metadata, set), now: now,
      compute: CryptoWork.finding
    ).checks()
    #expect(ids(verdicts, .fail) == ["jwks-no-private"])
  }

  @Test func `a document without an issuer is judged by none that was made up`() throws {
    let verdicts = try checks(#"{"jwks_uri":"https://10.0.0.1/k"}"#)
    #expect(ids(verdicts, .skip).contains("discovery-endpoint-reach"))
    let issuer = try #require(verdicts.first { $0.id == "discovery-issuer-match" })
    #expect(issuer.verdict == .fail && issuer.expected == "an issuer")
  }
}
