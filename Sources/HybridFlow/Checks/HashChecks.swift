import OpenID

/// Hash claims: the left half of a digest, which binds a value to a signed token.
///
/// OpenID Connect Core 1.0, sections 3.1.3.6, 3.2.2.9 and 3.3.2.11.
package struct HashChecks {
  private let token: IDTokenExamination
  private let claims: JSONValue
  private let findings: [CryptoFinding]
  private let evidence: TokenEvidence

  /// - Parameter findings: What came of all tasks of the token.
  package init(
    _ token: IDTokenExamination, _ claims: JSONValue, _ findings: [CryptoFinding],
    _ evidence: TokenEvidence
  ) {
    self.token = token
    self.claims = claims
    self.findings = findings
    self.evidence = evidence
  }

  /// The values of the front channel, in the order in which they are hashed.
  package static func hashed(
    code: String?, accessToken: String?, state: String?
  ) -> [HashedValue] {
    [("c_hash", code), ("at_hash", accessToken), ("s_hash", state)].compactMap { claim, value in
      value.map { HashedValue(claim, $0) }
    }
  }

  // MARK: - The front channel

  package func front() -> [Check] { code() + accessToken() + state() }

  private func code() -> [Check] {
    guard case .known(nil) = evidence.code else {
      return required(
        .cHashPresent, .cHashMatch, "c_hash", "code", evidence.code,
        mismatch: "It is not the code that the token was issued with. It must not be sent.",
        match: "The code is the one that was issued with this token.")
    }
    return []
  }

  private func accessToken() -> [Check] {
    guard case .known(nil) = evidence.accessToken else {
      return required(
        .atHashPresent, .atHashMatch, "at_hash", "access token", evidence.accessToken,
        mismatch: "It is not the access token that the ID token was issued with.",
        match: "The access token is the one that was issued with this token.")
    }
    let why = "not run: no access token came with this response type."
    return [Check(.atHashPresent, .skip, why: why), Check(.atHashMatch, .skip, why: why)]
  }

  private func state() -> [Check] {
    switch (claims["s_hash"], evidence.state) {
    case (let claim?, .known(let state?)):
      return [
        compare(
          .sHashMatch, "s_hash", "the state", state, claim,
          mismatch: "The token was issued for another state.",
          match: "The token was issued for this state.")
      ]
    case (.some, .unknown(let why)): return [.undecided(.sHashMatch, "the state", why)]
    case (_, _):
      // The claim is rare: a run says that it looked for it.
      guard evidence.judge == .application else { return [] }
      return [Check(.sHashMatch, .skip, why: "The token has no s_hash, and need not have one.")]
    }
  }

  /// A claim that must be there and match when its value came along.
  private func required(
    _ present: CheckID, _ matches: CheckID, _ name: String, _ noun: String,
    _ value: Known<String?>, mismatch: String, match: String
  ) -> [Check] {
    guard case .known(let value) = value, let value else {
      return [lacking(matches, name, noun, value)]
    }
    guard let claim = claims[name] else {
      return [
        Check(
          present, .fail, expected: name, found: "absent",
          why: "Nothing says which \(noun) belongs to this token."),
        Check(matches, .skip, why: "not run: the token has no \(name)."),
      ]
    }
    let token = evidence.judge == .application ? "The signed token" : "The token"
    return [
      Check(
        present, .pass, expected: name, found: name,
        why: "\(token) has the hash of the \(noun) it was issued with."),
      compare(matches, name, "the \(noun)", value, claim, mismatch: mismatch, match: match),
    ]
  }

  private func lacking(
    _ matches: CheckID, _ name: String, _ noun: String, _ value: Known<String?>
  ) -> Check {
    guard let claim = claims[name] else {
      return Check(
        matches, .skip, why: "The token has no \(name), and no \(noun) is in this text.")
    }
    guard case .unknown(let why) = value else {
      return Check(matches, .skip, found: claim.string, why: "not run: there is no \(noun).")
    }
    return .undecided(matches, found: claim.string, "the \(noun)", why)
  }

  // MARK: - The back channel

  /// OpenID Connect Core 1.0, sections 3.1.3.8 and 3.3.3.6: both claims may be left out.
  package func back() -> [Check] {
    [
      optional(
        .backAtHash, "at_hash",
        evidence.judge == .application ? "the access token beside it" : "the access token",
        evidence.accessToken,
        mismatch: "The token was issued with another access token.",
        match: "Both tokens come from the same answer."),
      optional(
        .backCHash, "c_hash", "the code", evidence.code,
        mismatch: "The token was issued for another code.",
        match: "The token was issued for the code that was sent."),
    ]
  }

  /// The access token of a refresh; its ID token binds no code.
  func refreshed() -> Check {
    optional(
      .backAtHash, "at_hash", "the refreshed access token", evidence.accessToken,
      mismatch: "The token was issued with another access token.",
      match: "Both tokens come from the same answer.", token: "The refreshed ID token")
  }

  private func optional(
    _ id: CheckID, _ name: String, _ words: String, _ value: Known<String?>, mismatch: String,
    match: String, token: String? = nil
  ) -> Check {
    switch (claims[name], value) {
    case (let claim?, .known(let value?)):
      return compare(id, name, words, value, claim, mismatch: mismatch, match: match)
    case (.some, .unknown(let why)): return .undecided(id, words, why)
    case (_, _):
      let token = token ?? (evidence.judge == .application ? "This ID token" : "The ID token")
      return Check(id, .skip, why: "\(token) has no \(name), and need not.")
    }
  }

  // MARK: - One claim

  /// Compares a claim with the digest of the value; a mismatch fails or warns as its rule says.
  private func compare(
    _ id: CheckID, _ name: String, _ words: String, _ value: String, _ claim: JSONValue,
    mismatch: String, match: String
  ) -> Check {
    let broken: Check.Verdict = id.severity == .error ? .fail : .warn
    guard let found = claim.string else {
      return Check(
        id, broken, expected: "a string", found: claim.typeName,
        why: "\(name) is of the wrong type.")
    }
    let algorithm = token.jws?.algorithmName ?? "none"
    guard let digest = token.hashDigest else {
      // Only an algorithm that is refused anyway has no digest.
      return Check(
        id, .skip, found: found,
        why: "not run: the algorithm \(algorithm) has no digest for hash claims.")
    }
    let finding = token.digest(of: name, in: findings)
    guard case .digest(let bytes) = finding else {
      let reason = if case .unusable(let text) = finding { text } else { "no digest came" }
      return Check(id, broken, found: found, why: "It cannot be computed: \(reason).")
    }
    let half = Array(bytes.prefix(bytes.count / 2))
    let expected = Base64URL.encode(half)
    let matches = found.isIdentical(to: expected)
    let steps = [
      DerivationStep(
        "\(words) as it came, \(value.utf8.count) ASCII bytes", value, isSecret: true),
      DerivationStep(
        "\(digest.rawValue), because the token\u{2019}s alg is \(algorithm)",
        Hex.text(bytes), keeps: half.count * 2),
      DerivationStep("left half, \(half.count) bytes", Hex.text(half)),
      DerivationStep("base64url without padding", expected),
      DerivationStep("\(name) in the ID token", found),
    ]
    let match =
      evidence.judge == .application ? match : "It is the one that the token was issued with."
    // The claim of the signed token is expected; the hash of the value is found.
    var check = Check(
      id, matches ? .pass : broken, expected: found, found: expected,
      why: matches ? match : mismatch, derivation: steps)
    if !matches {
      check.explain(
        Likeness.hash(
          of: name, found, right: expected, token.digests(in: findings), algorithm: digest))
    }
    return check
  }
}

// The rules.
extension CheckID {
  package static let cHashPresent = CheckID(
    "c-hash-present", .error,
    rule: "the first ID token has c_hash",
    shows: "a code that could be swapped unseen",
    next: "Tell the operator: an ID token that comes with a code must have c_hash.",
    spec: .core("3.3.2.11"))

  package static let cHashMatch = CheckID(
    "c-hash-match", .error,
    rule: "c_hash is the left half of the code’s digest",
    shows: "an injected code",
    next: "Start again; if it stays, the code was exchanged on the way or alg is unusual.",
    spec: .core("3.3.2.10"))

  package static let atHashPresent = CheckID(
    "at-hash-present", .error,
    rule: "the first ID token has at_hash when an access token comes along",
    shows: "an access token that could be swapped unseen",
    next: "Tell the operator: an ID token beside an access token must have at_hash.",
    spec: .core("3.3.2.11"))

  package static let atHashMatch = CheckID(
    "at-hash-match", .error,
    rule: "at_hash is the left half of the access token’s digest",
    shows: "an injected access token",
    next: "Start again; if it stays, the access token was exchanged on the way.",
    spec: .core("3.3.2.9"))

  package static let sHashMatch = CheckID(
    "s-hash-match", .error,
    rule: "s_hash, if there, belongs to our state",
    shows: "a swapped state",
    next: "Start again; if it stays, state was changed on the way.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.3.1"))

  package static let backAtHash = CheckID(
    "back-at-hash", .error,
    rule: "at_hash, if there, belongs to the access token beside it",
    shows: "tokens of two answers mixed",
    next: "Put the answer and the claims of its ID token side by side.",
    spec: .core("3.1.3.8"))

  package static let backCHash = CheckID(
    "back-c-hash", .error,
    rule: "c_hash, if there, belongs to the code that was sent",
    shows: "tokens of two answers mixed",
    next: "Put the answer and the claims of its ID token side by side.",
    spec: .core("3.3.3.6"))
}

extension HashChecks {
  static let frontRules: [CheckID] = [
    .cHashPresent, .cHashMatch, .atHashPresent, .atHashMatch, .sHashMatch,
  ]
  static let backRules: [CheckID] = [
    .backAtHash, .backCHash,
  ]
}
