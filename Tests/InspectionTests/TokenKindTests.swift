import Cryptography
import OpenID
import TestSupport
import Testing

@testable import HybridFlow
@testable import Inspection

/// Tokens of every kind, made by joserfc and jwcrypto: see `Tests/Labs/tokens/make.py`.
@Suite struct TokenKindTests {
  struct Sample: Sendable, CustomStringConvertible {
    let name: String
    let kind: String
    var testDescription: String { name }
    var description: String { name }
  }

  static let samples: [Sample] =
    ((try? Fixture.json("jwt/kinds.json"))?.elements ?? []).map {
      Sample(name: $0["name"]?.string ?? "", kind: $0["kind"]?.string ?? "")
    }

  /// When the tokens are read: a little after they were made.
  private static let now = UnixTime(seconds: 1_790_000_030)

  static func text(_ name: String) throws -> String {
    String(decoding: try Fixture.bytes("jwt/\(name).txt"), as: UTF8.self)
  }

  static func examination(
    _ text: String, keys: PastedKeys = .none, now: UnixTime = now
  ) throws -> PastedExamination {
    PastedExamination(
      try PastedReader.read(text), keys: keys, now: now, compute: CryptoWork.finding)
  }

  /// The ids that may stand beside a token of a kind, by their beginnings.
  private static let rules: [String: [String]] = [
    "access_token": ["access-token-"], "refresh_token": [], "logout_token": ["logout-token-"],
    "client_assertion": ["client-assertion-", "apple-secret-"],
    "request": ["request-"],
    "response": ["jarm-", "response-", "callback-", "state-match", "token-type"],
    "dpop_proof": ["dpop-"],
    "userinfo": ["userinfo-"], "introspection": ["introspection-"], "sd_jwt": ["sd-jwt-"],
    "software_statement": ["software-statement-"], "entity_statement": ["entity-statement-"],
    "signed_metadata": ["signed-metadata-"], "security_event": ["security-event-"],
    "encrypted": ["jwe-"],
  ]

  @Test func `there are more than twenty kinds`() {
    #expect(Self.samples.count > 40)
    #expect(Set(Self.samples.map(\.kind)).count > 15)
  }

  @Test(arguments: samples)
  func `the kind is named, and only its own rules are applied`(_ sample: Sample) throws {
    let examination = try Self.examination(Self.text(sample.name))
    let token = try #require(examination.tokens.first)
    let kind = token.form.isEncrypted ? "encrypted" : token.use.rawValue
    #expect(kind == sample.kind)
    let checks = examination.checks()
    let failed = checks.filter { $0.verdict == .fail }.map(\.id)
    #expect(failed == (sample.name == "unsecured" ? ["id-token-alg-none"] : []))
    if let own = Self.rules[sample.kind] {
      for check in checks {
        #expect(
          (own + ["token-"]).contains { check.id.hasPrefix($0) }, "a foreign rule: \(check.id)")
      }
    } else {
      #expect(checks.contains { $0.id == "id-token-exp" && $0.verdict == .pass })
    }
  }

  @Test(arguments: samples.filter { !["encrypted", "id_token"].contains($0.kind) })
  func `a token of any kind but an ID token is not old as long as it lives`(
    _ sample: Sample
  ) throws {
    let later = UnixTime(seconds: 1_790_000_000 + 3 * 3600)
    let checks = try Self.examination(Self.text(sample.name), now: later).checks()
    #expect(!checks.contains { $0.why.contains("replay") })
    #expect(
      checks.filter { $0.verdict == .fail }.allSatisfy {
        ["token-exp", "jarm-exp"].contains($0.id)
      }, "\(checks)")
  }

  /// Tokens that a provider signs, by name.
  private static let signed = samples.filter {
    !["client_assertion", "request", "dpop_proof", "encrypted", "refresh_token"].contains($0.kind)
      && !["id-token-hs256", "unsecured", "access-entra-graph"].contains($0.name)
  }

  @Test(arguments: signed)
  func `the signature of another library verifies`(_ sample: Sample) throws {
    let keys = try JSONWebKeySet(Fixture.json("jwt/keys.json"))
    let metadata = try #require(ProviderMetadata(["issuer": "https://op.example.com"]))
    let checks = try Self.examination(
      Self.text(sample.name), keys: .published(metadata, keys)
    ).checks()
    let signature = checks.first {
      ["token-signature", "id-token-signature", "jarm-signature"].contains($0.id)
    }
    #expect(signature?.verdict == .pass, "\(signature?.why ?? "none")")
  }

  @Test func `a DPoP proof is verified with its own key, and fails when it was changed`() throws {
    let text = try Self.text("dpop-ath").trimmed
    func signature(_ text: String) throws -> PastedCheck? {
      try Self.examination(text).checks().first { $0.id == "token-signature" }
    }
    #expect(try signature(text)?.verdict == .pass)
    let parts = text.split(separator: ".")
    let claims = #"{"jti":"x","htm":"GET","htu":"https://a.example/","iat":1790000000}"#
    let changed = "\(parts[0]).\(Base64URL.encode(claims.utf8)).\(parts[2])"
    #expect(try signature(changed)?.verdict == .fail)
    // With the access token beside it, its hash is compared.
    for (token, verdict) in [
      ("made-up-access-token", Check.Verdict.pass), ("another-one-0123456789", .fail),
    ] {
      let both = #"{"access_token":"\#(token)","token_type":"DPoP","dpop":"\#(text)"}"#
      let found = try Self.examination(both).checks().first { $0.id == "dpop-ath" }
      #expect(found?.verdict == verdict, "\(token)")
    }
  }

  /// The access token and the key of RFC 9449, sections 6.1 and 7.1.
  @Test(arguments: [
    ("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", Check.Verdict.pass, "belongs"),
    ("7d41f23b6af66770d9e7712c36b5816f4c565e868dcb9f4888a080aa4b26404a", .fail, "hexadecimal"),
    ("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEp", .fail, "another"),
  ])
  func `ath is that of the RFC, and hexadecimal is named`(
    ath: String, verdict: Check.Verdict, says: String
  ) throws {
    let proof = try Self.proof(["ath": .string(ath), "htu": "https://a.example/r"])
    let both =
      #"{"access_token":"Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU","token_type":"DPoP","#
      + #""dpop":"\#(proof)"}"#
    let check = try Self.examination(both).checks().first { $0.id == "dpop-ath" }
    #expect(check?.verdict == verdict)
    #expect(check?.why.contains(says) == true, "\(check?.why ?? "none")")
  }

  @Test(arguments: [
    ("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", Check.Verdict.pass),
    ("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J", .fail),
  ])
  func `the key of the proof is compared with the one that the token is bound to`(
    jkt: String, verdict: Check.Verdict
  ) throws {
    let claims: JSONValue = ["iss": "https://a", "scope": "a", "cnf": ["jkt": .string(jkt)]]
    let header: JSONValue = ["alg": "ES256", "typ": "at+jwt"]
    let access =
      [header, claims].map { Base64URL.encode(Array($0.compactText.utf8)) }
      .joined(separator: ".") + "." + Base64URL.encode([UInt8](repeating: 1, count: 64))
    let proof = try Self.proof(["htu": "https://a.example/r?x=1"])
    let checks = try Self.examination(
      #"{"access_token":"\#(access)","token_type":"DPoP","dpop":"\#(proof)"}"#
    ).checks()
    #expect(checks.first { $0.id == "dpop-jkt" }?.verdict == verdict)
    #expect(checks.first { $0.id == "dpop-htu" }?.verdict == .warn)
  }

  /// A proof with the key of RFC 9449, section 4.1, that nobody signed.
  private static func proof(_ more: JSONValue) throws -> String {
    let header: JSONValue = [
      "alg": "ES256", "typ": "dpop+jwt",
      "jwk": [
        "kty": "EC", "crv": "P-256", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
      ],
    ]
    var claims: JSONValue = ["jti": "e1j3V_bKic8-LAEB", "htm": "GET", "iat": 1_790_000_000]
    for member in more.members ?? [] { claims.set(member.name, member.value) }
    return [header, claims].map { Base64URL.encode(Array($0.compactText.utf8)) }
      .joined(separator: ".") + "." + Base64URL.encode([UInt8](repeating: 1, count: 64))
  }

  @Test func `an answer in a JWT is judged as a run judges it, and what it carries as well`() throws
  {
    let keys = try JSONWebKeySet(Fixture.json("jwt/keys.json"))
    let metadata = try #require(ProviderMetadata(["issuer": "https://op.example.com"]))
    let token = try Self.text("jarm").trimmed
    for (text, extra) in [
      (token, nil), ("response=\(token)", nil),
      ("response=\(token)&code=of-the-attacker-0123456789", CheckID.jarmNothingOutside),
    ] {
      let examination = PastedExamination(
        try PastedReader.read(text), issuer: try WebURL("https://op.example.com"), clientID: "web",
        keys: .published(metadata, keys), now: Self.now, compute: CryptoWork.finding)
      let checks = examination.checks()
      for id: CheckID in [.jarmStructure, .jarmSignature, .jarmIss, .jarmAud, .jarmExp] {
        #expect(
          checks.first { $0.id == id.rawValue }?.verdict == .pass, "\(id): \(text.prefix(20))")
      }
      #expect(
        checks.filter { $0.verdict == .fail }.map(\.id) == (extra.map { [$0.rawValue] } ?? []))
      #expect(examination.message.related.first?["code"]?.hasPrefix("Qcb0") == true)
      #expect(checks.contains { $0.id == "response-type-exact" })
    }
  }

  @Test func `a Graph token is not called forged, whatever keys are at hand`() throws {
    let keys = try JSONWebKeySet(Fixture.json("jwt/keys.json"))
    let metadata = try #require(ProviderMetadata(["issuer": "https://sts.windows.net/x/"]))
    let check = try Self.examination(
      Self.text("access-entra-graph"), keys: .published(metadata, keys)
    ).checks().first { $0.id == "token-signature" }
    #expect(check?.verdict == .skip)
    #expect(check?.why.contains("Microsoft") == true)
  }

  @Test func `what an SD-JWT discloses is shown, and has to be signed`() throws {
    let text = try Self.text("sd-jwt").trimmed
    let examination = try Self.examination(text)
    #expect(examination.tokens[0].disclosed.map(\.name) == ["given_name", "email"])
    func verdict(_ text: String) throws -> Check.Verdict? {
      try Self.examination(text).checks().first { $0.id == "sd-jwt-disclosures" }?.verdict
    }
    #expect(try verdict(text) == .pass)
    let added = Base64URL.encode(#"["salt","admin",true]"#.utf8)
    #expect(try verdict(text + added + "~") == .fail)
    #expect(try verdict(text + "no-list~") == .fail)
  }

  /// The five parts of a token with something done to one of them.
  static let cuts: [(name: String, part: Int, keeps: Int?, says: String)] = [
    ("nested-rsa-oaep", 1, 40, "encrypted key"),
    ("nested-rsa-oaep", 2, 8, "initialization vector"),
    ("nested-rsa-oaep", 3, 0, "ciphertext"), ("nested-rsa-oaep", 4, 8, "authentication tag"),
    ("encrypted-rsa-oaep-256", 3, 40, "ciphertext"),
    ("nested-ecdh-es", 1, nil, "encrypted key"), ("nested-dir", 1, nil, "encrypted key"),
  ]

  @Test(arguments: cuts)
  func `a part of an encrypted token that was cut off is named`(
    _ cut: (name: String, part: Int, keeps: Int?, says: String)
  ) throws {
    var parts = try Self.text(cut.name).trimmed.split(
      separator: ".", omittingEmptySubsequences: false
    ).map(String.init)
    parts[cut.part] = cut.keeps.map { String(parts[cut.part].prefix($0)) } ?? "AAAA"
    let check = try Self.examination(parts.joined(separator: ".")).checks().first {
      $0.id == "jwe-parts"
    }
    #expect(check?.verdict == .fail)
    #expect(check?.why.contains(cut.says) == true, "\(check?.why ?? "none")")
  }

  /// Claims, the header, and the check that fails, with a word of its reason.
  static let broken: [(header: JSONValue, claims: JSONValue, id: String, says: String)] = [
    (
      ["alg": "ES256"],
      [
        "iss": "DEF123GHIJ", "iat": 1_790_000_000, "exp": 1_806_000_000,
        "aud": "https://appleid.apple.com", "sub": "app",
      ], "apple-secret-lifetime", "six months"
    ),
    (
      ["alg": "ES256"],
      [
        "iss": "DEF123GHIJ", "iat": 1_790_000_000, "exp": 1_790_006_000,
        "aud": "https://appleid.apple.com", "sub": "app",
      ], "apple-secret-kid", "name the key"
    ),
    (
      ["alg": "ES256", "typ": "at+jwt"],
      ["iss": "https://a.example", "exp": 1_790_000_600], "access-token-claims", "must have"
    ),
    (
      ["alg": "ES256", "typ": "at+jwt"], ["exp": 1_790_000_600_000], "token-exp", "milliseconds"
    ),
    (["alg": "ES256", "typ": "at+jwt"], ["exp": "1790000600"], "token-exp", "string"),
    (
      ["alg": "ES256", "typ": "logout+jwt"],
      [
        "iss": "https://a.example", "aud": "a", "iat": 1_790_000_000, "jti": "x", "sub": "y",
        "nonce": "z", "events": ["http://schemas.openid.net/event/backchannel-logout": [:]],
      ], "logout-token-no-nonce", "ID token"
    ),
    (["alg": "ES256", "typ": "dpop+jwt"], ["htm": "GET", "htu": "https://a/"], "dpop-key", "key"),
    (["alg": "ES256", "typ": "secevent+jwt"], ["iss": "a"], "security-event-claims", "must have"),
  ]

  @Test(arguments: broken.indices)
  func `a broken rule of a kind is told`(_ index: Int) throws {
    let one = Self.broken[index]
    let token = try SigningKey.generate(.es256, keyID: "a")
      .compactJWS(header: one.header, payload: Array(one.claims.compactText.utf8))
    let checks = try Self.examination(token).checks()
    let check = try #require(checks.first { $0.id == one.id && $0.verdict == .fail }, "\(checks)")
    #expect(check.why.contains(one.says), "\(check.why)")
  }

  /// Claims that have been taken for those of another kind.
  static let others: [(claims: JSONValue, use: PastedToken.Use)] = [
    (
      [
        "iss": "https://token.actions.githubusercontent.com", "sub": "repo:a/b:ref:refs/heads/m",
        "aud": "sts.amazonaws.com", "exp": 1, "repository_owner": "a",
      ], .workload
    ),
    (
      [
        "iss": "https://kubernetes.default.svc", "sub": "system:serviceaccount:a:b",
        "aud": ["https://kubernetes.default.svc"], "exp": 1, "kubernetes.io": ["namespace": "a"],
      ], .workload
    ),
    (
      [
        "iss": "robot@project.iam.gserviceaccount.com", "scope": "https://a/auth", "iat": 1,
        "aud": "https://oauth2.googleapis.com/token", "exp": 2,
      ], .authorizationGrant
    ),
    (
      ["iss": "web", "sub": "ada", "aud": "https://op.example.com/oauth/token", "exp": 2],
      .authorizationGrant
    ),
    (
      ["iss": "web", "sub": "web", "aud": "https://op.example.com/oauth/token", "exp": 2],
      .clientAssertion
    ),
    (
      [
        "iss": "https://x.supabase.co/auth/v1", "sub": "a", "aud": "authenticated", "exp": 2,
        "role": "authenticated", "aal": "aal1", "amr": [["method": "password"]],
      ], .accessToken
    ),
    (
      [
        "iss": "r@p.iam.gserviceaccount.com", "sub": "r@p.iam.gserviceaccount.com", "exp": 2,
        "aud": "https://pubsub.googleapis.com/",
      ], .accessToken
    ),
    (
      [
        "iss": "r@p.iam.gserviceaccount.com", "sub": "r@p.iam.gserviceaccount.com", "uid": "ada",
        "aud":
          "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit",
        "exp": 2,
      ], .authorizationGrant
    ),
    (
      [
        "iss": "https://kc.example/realms/a", "sub": "a", "aud": "https://kc.example/realms/a",
        "exp": 2, "nonce": "n", "typ": "reset-credentials",
      ], .unknown
    ),
    (["iss": "https://a.example", "sub": "a", "aud": "b", "exp": 2], .idToken),
    (["foo": "bar"], .unknown), (["sub": "a", "exp": 2], .unknown),
  ]

  @Test(arguments: others.indices)
  func `the words of a token tell its kind`(_ index: Int) throws {
    let one = Self.others[index]
    let token = try SigningKey.generate(.es256, keyID: "a")
      .compactJWS(header: ["alg": "ES256"], payload: Array(one.claims.compactText.utf8))
    #expect(try PastedReader.read(token).tokens.first?.use == one.use)
  }
}
