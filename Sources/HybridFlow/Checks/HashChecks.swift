import OpenID

/// Hash claims: the left half of a digest, which binds a value to a signed token.
///
/// OpenID Connect Core 1.0, sections 3.1.3.6, 3.2.2.9 and 3.3.2.11.
public enum HashChecks: Sendable {
  /// What is known about one hash claim.
  public struct Claim: Sendable {
    let id: CheckID
    let name: String
    let valueName: String
    let value: String
    let claim: JSONValue
    let digest: DigestAlgorithm?
    let finding: CryptoFinding?
    let algorithmName: String

    /// Makes a claim from its parts.
    public init(
      id: CheckID, name: String, valueName: String, value: String, claim: JSONValue,
      digest: DigestAlgorithm? = nil, finding: CryptoFinding? = nil, algorithmName: String
    ) {
      self.id = id
      self.name = name
      self.valueName = valueName
      self.value = value
      self.claim = claim
      self.digest = digest
      self.finding = finding
      self.algorithmName = algorithmName
    }
  }

  /// Compares a claim with the digest of the value; a mismatch fails or warns as its rule says.
  public static func compare(_ item: Claim, mismatch: String, match: String) -> Check {
    let broken: Check.Verdict = item.id.severity == .error ? .fail : .warn
    guard let found = item.claim.string else {
      return Check(
        item.id, broken, expected: "a string", found: item.claim.typeName,
        why: "\(item.name) is of the wrong type.")
    }
    guard let digest = item.digest else {
      // Only an algorithm that is refused anyway has no digest.
      return Check(
        item.id, .skip, found: found,
        why: "not run: the algorithm \(item.algorithmName) has no digest for hash claims.")
    }
    guard case .digest(let bytes) = item.finding else {
      let reason = if case .unusable(let text) = item.finding { text } else { "no digest came" }
      return Check(item.id, broken, found: found, why: "It cannot be computed: \(reason).")
    }
    let half = Array(bytes.prefix(bytes.count / 2))
    let expected = Base64URL.encode(half)
    let matches = found.isIdentical(to: expected)
    let steps = [
      DerivationStep(
        "\(item.valueName) as it came, \(item.value.utf8.count) ASCII bytes", item.value,
        isSecret: true),
      DerivationStep(
        "\(digest.rawValue), because the token\u{2019}s alg is \(item.algorithmName)",
        Hex.text(bytes), keeps: half.count * 2),
      DerivationStep("left half, \(half.count) bytes", Hex.text(half)),
      DerivationStep("base64url without padding", expected),
      DerivationStep("\(item.name) in the ID token", found),
    ]
    // The claim of the signed token is expected; the hash of the value is found.
    return Check(
      item.id, matches ? .pass : broken, expected: found, found: expected,
      why: matches ? match : mismatch, derivation: steps)
  }
}

// The rules.
extension CheckID {
  public static let cHashPresent = CheckID(
    "c-hash-present", .error,
    rule: "the first ID token has c_hash",
    shows: "a code that could be swapped unseen",
    next: "Tell the operator: an ID token that comes with a code must have c_hash.",
    spec: .core("3.3.2.11"))

  public static let cHashMatch = CheckID(
    "c-hash-match", .error,
    rule: "c_hash is the left half of the code’s digest",
    shows: "an injected code",
    next: "Start again; if it stays, the code was exchanged on the way or alg is unusual.",
    spec: .core("3.3.2.10"))

  public static let atHashPresent = CheckID(
    "at-hash-present", .error,
    rule: "the first ID token has at_hash when an access token comes along",
    shows: "an access token that could be swapped unseen",
    next: "Tell the operator: an ID token beside an access token must have at_hash.",
    spec: .core("3.3.2.11"))

  public static let atHashMatch = CheckID(
    "at-hash-match", .error,
    rule: "at_hash is the left half of the access token’s digest",
    shows: "an injected access token",
    next: "Start again; if it stays, the access token was exchanged on the way.",
    spec: .core("3.3.2.9"))

  public static let sHashMatch = CheckID(
    "s-hash-match", .error,
    rule: "s_hash, if there, belongs to our state",
    shows: "a swapped state",
    next: "Start again; if it stays, state was changed on the way.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.3.1"))

  public static let backAtHash = CheckID(
    "back-at-hash", .error,
    rule: "at_hash, if there, belongs to the access token beside it",
    shows: "tokens of two answers mixed",
    next: "Put the answer and the claims of its ID token side by side.",
    spec: .core("3.1.3.8"))

  public static let backCHash = CheckID(
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
