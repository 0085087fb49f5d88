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
    let broken: Check.Verdict = item.id.rule.severity == .error ? .fail : .warn
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
