import OpenID
import TestSupport
import Testing

@testable import HybridFlow

/// A check takes what is known, and says what is not: the published token of OpenID Connect Core
/// 1.0, appendix A.4, with more and more around it.
@Suite struct KnownTests {
  private let core: JSONValue
  private let params: JSONValue
  private let now: UnixTime

  init() throws {
    core = try Fixture.vectors().at("oidc_core")
    now = UnixTime(seconds: try #require(try core.at("clock_for_valid").integer))
    params = try #require(try core.list("examples").first { $0["id"]?.string == "core-A.4" })
      .at("params")
  }

  /// What is added to a token alone, and which checks that decides.
  struct Addition: Sendable {
    let name: String
    let decides: [String: Check.Verdict]
    let add: @Sendable (inout TokenEvidence) -> Void

    init(
      _ name: String, _ decides: [String: Check.Verdict],
      add: @escaping @Sendable (inout TokenEvidence) -> Void
    ) {
      (self.name, self.decides, self.add) = (name, decides, add)
    }
  }

  private func verdicts(
    keys: SigningKeys, expected: Known<SignatureAlgorithm>,
    add: (inout TokenEvidence) -> Void = { _ in }
  ) throws -> [String: Check.Verdict] {
    var evidence = TokenEvidence(
      unknown: "is not in this test", judge: .reader, now: now, clockSkewSeconds: 60)
    add(&evidence)
    let token = IDTokenExamination(
      try params.text("id_token"), algorithm: expected, keys: keys,
      clientSecret: .unknown("is not asked for"),
      hashed: HashChecks.hashed(code: try params.text("code"), accessToken: nil, state: nil))
    let findings = token.tasks.map(CryptoWork.finding)
    let claims = try #require(token.claims)
    let checks =
      SignatureChecks.all(token, findings, evidence) + ClaimChecks.all(claims, evidence)
      + HashChecks(token, claims, findings, evidence).front()
    for check in checks { #expect(!check.why.isEmpty, "\(check.id)") }
    #expect(Set(checks.map(\.id)).count == checks.count, "one verdict each")
    return Dictionary(uniqueKeysWithValues: checks.map { ($0.id.rawValue, $0.verdict) })
  }

  private static let alone: Set<String> = [
    "id-token-alg-allowlist", "id-token-kid-known", "id-token-signature", "id-token-iss",
    "id-token-aud", "nonce-match", "auth-time", "acr", "c-hash-match",
  ]

  private static let additions: [Addition] = [
    Addition("nothing", [:]) { _ in },
    Addition("the issuer", ["id-token-iss": .pass]) {
      $0.issuer = .known("https://server.example.com")
    },
    Addition("another issuer", ["id-token-iss": .fail]) { $0.issuer = .known("https://x") },
    Addition("the client", ["id-token-aud": .pass]) { $0.clientID = .known("s6BhdRkqt3") },
    Addition("another client", ["id-token-aud": .fail, "id-token-aud-extra": .fail]) {
      $0.clientID = .known("x")
    },
    Addition("the nonce", ["nonce-match": .pass]) { $0.nonce = .known("n-0S6_WzA2Mj") },
    Addition("another nonce", ["nonce-match": .fail]) { $0.nonce = .known("x") },
    Addition("that max_age was not sent", [:]) { $0.maxAge = .known(nil) },
    Addition("max_age", ["auth-time": .warn]) { $0.maxAge = .known(60) },
    Addition("acr_values", ["acr": .warn]) { $0.acrValues = .known(["a"]) },
    Addition("the code", ["c-hash-present": .pass, "c-hash-match": .pass]) {
      $0.code = .known(
        "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk")
    },
    Addition("what the issuer lists", ["id-token-alg-allowlist": .pass]) {
      $0.offeredAlgorithms = .known(["RS256"])
    },
  ]

  @Test func `what is added decides what it can, and nothing else`() throws {
    let missing = SigningKeys.missing("there are no keys")
    let unknown = Known<SignatureAlgorithm>.unknown("is not in this test")
    let alone = try verdicts(keys: missing, expected: unknown)
    #expect(Set(alone.filter { $0.value == .skip }.keys).isSuperset(of: Self.alone))
    #expect(!alone.values.contains(.fail))
    for row in Self.additions {
      let found = try verdicts(keys: missing, expected: unknown, add: row.add)
      #expect(found == alone.merging(row.decides) { $1 }, "\(row.name)")
    }
  }

  @Test func `keys decide the signature, and only it`() throws {
    let set = JSONWebKeySet(keys: [try core.key("public_jwk")])
    let missing = SigningKeys.missing("there are no keys")
    let unknown = Known<SignatureAlgorithm>.unknown("is not in this test")
    let alone = try verdicts(keys: missing, expected: unknown)
    let decides: [String: Check.Verdict] = [
      "id-token-kid-known": .pass, "id-token-signature": .pass,
    ]
    let signed = try verdicts(keys: .ofIssuer(set), expected: unknown)
    #expect(signed == alone.merging(decides) { $1 })
    // A client that expects another algorithm does not even look for a key.
    let other = try verdicts(keys: .ofIssuer(set), expected: .known(.es256))
    #expect(other == alone.merging(["id-token-alg-allowlist": .fail]) { $1 })
  }

  @Test func `a skipped check names what is lacking, and why`() {
    let check = Check.undecided(.nonceMatch, "the nonce that was sent", "is not in this test")
    #expect(check.verdict == .skip)
    #expect(check.why == "not run: the nonce that was sent is not in this test.")
  }
}
