import OpenID

/// An ID token that passed its checks.
///
/// Only the type below can make one, so no later stage can use an unchecked token.
public struct VerifiedIDToken: Sendable, Equatable {
  /// The token as received.
  public let text: String
  /// Its claims.
  public let claims: JSONValue
  /// Its algorithm.
  public let algorithm: SignatureAlgorithm

  fileprivate init(text: String, claims: JSONValue, algorithm: SignatureAlgorithm) {
    self.text = text
    self.claims = claims
    self.algorithm = algorithm
  }
}

/// A token before it is judged: its form, and the work for libcrypto.
///
/// With nothing but the token there is no work, and ``SignatureChecks`` say why.
public struct IDTokenExamination: Sendable, Equatable {
  let text: String
  /// The outer form; nil where no encryption is in play.
  private(set) var envelope: TokenEnvelope?
  let form: Result<CompactJWS, TokenError>
  let claims: JSONValue?
  let claimsFault: TokenError?
  /// The algorithm that the client expects.
  let expected: Known<SignatureAlgorithm>
  let selection: KeySelection
  /// The token's algorithm, unless it is not the expected one.
  let algorithm: SignatureAlgorithm?
  /// The values whose digests are needed, each under its hash claim.
  private let hashed: [HashedValue]

  /// Reads a token and selects the keys that may have signed it.
  ///
  /// - Parameters:
  ///   - clientSecret: The key of symmetric algorithms.
  ///   - hashed: The values that came with the token, in the order in which they are hashed.
  package init(
    _ text: String, algorithm expected: Known<SignatureAlgorithm>, keys: SigningKeys,
    clientSecret: Known<Secret?>, hashed: [HashedValue] = []
  ) {
    self.text = text
    self.expected = expected
    let token: CompactJWS
    do throws(TokenError) {
      token = try CompactJWS(text)
      form = .success(token)
    } catch {
      form = .failure(error)
      claims = nil
      claimsFault = nil
      selection = .notSought("the token cannot be read")
      algorithm = nil
      self.hashed = []
      return
    }
    do throws(TokenError) {
      claims = try token.claims()
      claimsFault = nil
    } catch {
      claims = nil
      claimsFault = error
    }
    self.hashed = token.algorithm == nil ? [] : hashed
    algorithm = token.algorithm.flatMap { found in
      expected.value.map { $0 == found } ?? true ? found : nil
    }
    selection = KeySelection.select(
      for: token, algorithm: algorithm, isExpected: expected.value != nil, keys: keys,
      clientSecret: clientSecret)
  }

  /// A token of a run; of one that was encrypted, what was inside.
  init(
    _ text: String, _ configuration: FlowConfiguration, keys: JSONWebKeySet,
    algorithm: SignatureAlgorithm? = nil, hashed: [HashedValue] = [], envelope: TokenEnvelope?
  ) {
    let text = envelope?.content ?? text
    defer { self.envelope = envelope }
    if let witness = configuration.witness {
      self.init(
        text, algorithm: witness.algorithm(configuration),
        keys: witness.hasKeys
          ? .ofIssuer(keys) : .missing("no keys of the issuer are in this file"),
        clientSecret: .unknown(witness.unseen), hashed: hashed)
      return
    }
    self.init(
      text, algorithm: .known(algorithm ?? configuration.idTokenAlgorithm), keys: .ofIssuer(keys),
      clientSecret: .known(configuration.clientSecret), hashed: hashed)
  }

  var jws: CompactJWS? { try? form.get() }

  /// Whether fetching the keys again could help: the token names an unknown key.
  var newerKeysMayHelp: Bool {
    if case .none(_, true) = selection { true } else { false }
  }

  /// One signature verification for each candidate key, then the digests.
  package var tasks: [CryptoTask] {
    signatureTasks + digested.map { .digest(Array($0.value.utf8), $0.algorithm) }
  }

  /// What is hashed: each value as the claims want it, and after these, for a claim that does not
  /// match, what a provider may have hashed instead.
  private var digested: [DigestedValue] {
    guard let wanted = hashDigest else { return [] }
    let right = hashed.map { DigestedValue($0.claim, $0.value, wanted) }
    let others = [DigestAlgorithm.sha256, .sha384, .sha512].filter { $0 != wanted }
    return right
      + others.flatMap { other in hashed.map { DigestedValue($0.claim, $0.value, other) } }
      + hashed.flatMap { value in
        Likeness.spellings(of: value.value).map {
          DigestedValue(value.claim, $0.value, wanted, spelling: $0.how)
        }
      }
  }

  /// The digests that came, each with what was hashed.
  func digests(in findings: [CryptoFinding]) -> [(value: DigestedValue, bytes: [UInt8])] {
    zip(digested, findings.dropFirst(signatureTasks.count)).compactMap { value, finding in
      if case .digest(let bytes) = finding { (value, bytes) } else { nil }
    }
  }

  private var signatureTasks: [CryptoTask] {
    guard let jws, let algorithm else { return [] }
    return selection.candidates.map { .signature(jws, algorithm, $0) }
  }

  /// What came of the signature tasks.
  func signatures(in findings: [CryptoFinding]) -> [CryptoFinding] {
    Array(findings.prefix(signatureTasks.count))
  }

  /// What came of the digest of the value that this claim binds.
  func digest(of claim: String, in findings: [CryptoFinding]) -> CryptoFinding? {
    guard let index = hashed.firstIndex(where: { $0.claim == claim }) else { return nil }
    return findings.dropFirst(signatureTasks.count + index).first
  }

  /// The digest of this token's hash claims; nil when the algorithm has none.
  ///
  /// The token's own `alg` decides, even if it is not the expected one.
  var hashDigest: DigestAlgorithm? {
    guard let jws, let algorithm = jws.algorithm else { return nil }
    // Without the key, the length of the signature tells the two Edwards curves apart.
    let curve =
      selection.candidates.first?.curve ?? (jws.signature.count == 114 ? "Ed448" : nil)
    return algorithm.hashClaimDigest(curve: curve)
  }

  /// Makes the verified token if its signature is valid and no error-level check failed.
  ///
  /// A skipped signature check has not passed. A check that the lab has switched off does not
  /// count.
  func verified(_ checks: [Check], _ configuration: FlowConfiguration) -> VerifiedIDToken? {
    let off = configuration.experiment.checksOff
    let broken = checks.filter { $0.verdict == .fail }.map(\.id)
    guard let claims, broken.allSatisfy(off.contains) else { return nil }
    let signature = checks.first { $0.id == .idTokenSignature }?.verdict
    let causes: [CheckID] = [.idTokenAlgNone, .idTokenAlgAllowlist, .idTokenKidKnown]
    // Without a key nothing was verified; only a switched-off rule that caused it excuses that.
    // A file may have no keys: what the application made of the token is in what it did next.
    let isExcused =
      signature == .skip
      && (configuration.witness != nil || broken.contains(where: causes.contains))
    guard signature == .pass || broken.contains(.idTokenSignature) || isExcused else { return nil }
    return VerifiedIDToken(
      text: text, claims: claims, algorithm: algorithm ?? configuration.idTokenAlgorithm)
  }
}

/// A value whose digest is computed.
struct DigestedValue: Sendable, Equatable {
  let claim: String
  let value: String
  let algorithm: DigestAlgorithm
  /// How the value was changed before it is hashed; nil for the value as it came.
  let spelling: String?

  init(
    _ claim: String, _ value: String, _ algorithm: DigestAlgorithm, spelling: String? = nil
  ) {
    (self.claim, self.value, self.algorithm) = (claim, value, algorithm)
    self.spelling = spelling
  }
}

/// A value that came with a token, and the hash claim that binds it.
package struct HashedValue: Sendable, Equatable {
  let claim: String
  let value: String

  package init(_ claim: String, _ value: String) { (self.claim, self.value) = (claim, value) }
}
