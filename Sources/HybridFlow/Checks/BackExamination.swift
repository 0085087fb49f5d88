import OpenID

/// The work of stage 8: the second ID token, and whether it agrees with the first.
struct BackExamination: Sendable, Equatable {
  let token: IDTokenExamination?

  /// What came out.
  struct Verdict {
    let checks: [Check]
    let token: VerifiedIDToken?
  }

  init(
    response: TokenResponse, trusted: Trusted, keys: JSONWebKeySet, envelope: TokenEnvelope?
  ) {
    let hashed = [
      HashedValue("at_hash", response.accessToken ?? ""), HashedValue("c_hash", trusted.code),
    ]
    token = response.idToken.map {
      IDTokenExamination(
        $0, trusted.configuration, keys: keys, hashed: hashed, envelope: envelope)
    }
  }

  /// Signatures first, then the digests of the access token and the code.
  var tasks: [CryptoTask] { token?.tasks ?? [] }

  func judge(
    _ findings: [CryptoFinding], response: TokenResponse, http: HTTPResponse, trusted: Trusted,
    now: UnixTime
  ) -> Verdict {
    var checks = TokenResponseChecks.response(response, http, trusted)
    guard let token else { return Verdict(checks: checks, token: nil) }
    var evidence = TokenEvidence(trusted.requested, channel: .back, now: now)
    evidence.accessToken = .known(response.accessToken)
    evidence.code = .known(trusted.code)
    checks += SignatureChecks.all(token, findings, evidence)
    checks += ProfileTokenChecks.token(token, trusted.requested, .back)
    if let claims = token.claims {
      checks += ClaimChecks.all(claims, evidence)
      checks += SecondTokenChecks.all(claims, first: trusted.frontToken?.claims)
      checks += HashChecks(token, claims, findings, evidence).back()
    }
    checks += TokenResponseChecks.after(response, trusted)
    return Verdict(checks: checks, token: token.verified(checks, trusted.configuration))
  }
}

/// Whether the second ID token agrees with the first.
///
/// OpenID Connect Core 1.0, section 3.3.3.6.
enum SecondTokenChecks {
  /// Claims about the sign-in itself.
  static let eventClaims = ["auth_time", "acr", "amr"]
  /// Claims that say nothing about the person.
  static let tokenClaims: Set<String> = [
    "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "nonce", "azp", "at_hash", "c_hash", "s_hash",
    "auth_time", "acr", "amr", "sid", "session_state", "scope", "client_id", "typ", "cnf",
  ]

  static func all(_ second: JSONValue, first: JSONValue?) -> [Check] {
    guard let first else {
      return [
        CheckID.secondIDTokenIss, .secondIDTokenSub, .secondIDTokenEventClaims,
        .secondIDTokenUserClaims,
      ].map {
        Check($0, .skip, why: "not run: this response type brings one ID token only.")
      }
    }
    return [
      equal(.secondIDTokenIss, "iss", first, second, "Both come from the same issuer."),
      equal(.secondIDTokenSub, "sub", first, second, "Both are about the same person."),
      event(first, second), user(first, second),
    ]
  }

  private static func equal(
    _ id: CheckID, _ name: String, _ first: JSONValue, _ second: JSONValue, _ match: String
  ) -> Check {
    let one = first[name]?.string
    let two = second[name]?.string
    let matches = one.flatMap { one in two.map { $0.isIdentical(to: one) } } ?? false
    return Check(
      id, matches ? .pass : .fail, expected: one ?? "absent", found: two ?? "absent",
      why: matches ? match : "The two ID tokens contradict each other: neither is to be believed.")
  }

  private static func event(_ first: JSONValue, _ second: JSONValue) -> Check {
    let different = eventClaims.filter { first[$0] != second[$0] }
    let present = eventClaims.filter { first[$0] != nil || second[$0] != nil }
    guard !present.isEmpty else {
      return Check(
        .secondIDTokenEventClaims, .skip, why: "Neither token tells of the login.")
    }
    return Check(
      .secondIDTokenEventClaims, different.isEmpty ? .pass : .warn,
      expected: "the same " + present.joined(separator: ", "),
      found: different.isEmpty
        ? "the same" : "different or missing: " + different.joined(separator: ", "),
      why: different.isEmpty
        ? "Both tell of the same login." : "What one says of the login, the other should say too.")
  }

  private static func user(_ first: JSONValue, _ second: JSONValue) -> Check {
    let names = (first.members ?? []).map(\.name).filter { !tokenClaims.contains($0) }
    let shared = names.filter { second[$0] != nil }
    let different = shared.filter { first[$0] != second[$0] }
    let onlySecond = (second.members ?? []).map(\.name)
      .filter { !tokenClaims.contains($0) && first[$0] == nil }
    let extra =
      onlySecond.isEmpty ? "" : " Only in the second: \(onlySecond.joined(separator: ", "))."
    return Check(
      .secondIDTokenUserClaims, different.isEmpty ? .pass : .warn,
      expected: "agreement on \(shared.count) shared \(shared.count == 1 ? "claim" : "claims")",
      found: different.isEmpty ? "agreement" : "different: " + different.joined(separator: ", "),
      why: (different.isEmpty
        ? "Nothing about the person changed on the way."
        : "The two tokens say different things about the person.") + extra)
  }
}

// The rules.
extension CheckID {
  package static let secondIDTokenIss = CheckID(
    "second-id-token-iss", .error,
    rule: "both ID tokens have the same iss",
    shows: "tokens of two issuers",
    next: "Put both ID tokens side by side, and look who was signed in.",
    spec: .core("3.3.3.6"))

  package static let secondIDTokenSub = CheckID(
    "second-id-token-sub", .error,
    rule: "both ID tokens have the same sub",
    shows: "a person exchanged between the channels",
    next: "Put both ID tokens side by side, and look who was signed in.",
    spec: .core("3.3.3.6"))

  package static let secondIDTokenEventClaims = CheckID(
    "second-id-token-event-claims", .warning,
    rule: "both ID tokens tell of the same login",
    shows: "a second login in between",
    next: "Put both ID tokens side by side.",
    spec: .core("3.3.3.6"))

  package static let secondIDTokenUserClaims = CheckID(
    "second-id-token-user-claims", .warning,
    rule: "claims about the person agree where both tokens have them",
    shows: "a profile that changed on the way",
    next: "Put both ID tokens side by side.",
    spec: .core("3.3.3.6"))
}

extension SecondTokenChecks {
  static let rules: [CheckID] = [
    .secondIDTokenIss, .secondIDTokenSub, .secondIDTokenEventClaims, .secondIDTokenUserClaims,
  ]
}
