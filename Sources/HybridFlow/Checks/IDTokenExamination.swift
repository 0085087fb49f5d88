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

/// What must be known about a token before its signature is verified: form, algorithm, keys.
public struct IDTokenExamination: Sendable, Equatable {
  let text: String
  let form: Result<CompactJWS, TokenError>
  let claims: JSONValue?
  let claimsFault: TokenError?
  package let selection: KeySelection
  /// The algorithm, when it is the expected one.
  let algorithm: SignatureAlgorithm?

  package init(_ text: String, configuration: FlowConfiguration, keys: JSONWebKeySet) {
    self.text = text
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
      return
    }
    do throws(TokenError) {
      claims = try token.claims()
      claimsFault = nil
    } catch {
      claims = nil
      claimsFault = error
    }
    let expected = configuration.idTokenAlgorithm
    guard token.algorithm == expected else {
      algorithm = nil
      selection = .notSought("the algorithm is not the expected one")
      return
    }
    algorithm = expected
    if expected.isSymmetric {
      // OpenID Connect Core 1.0, 3.1.3.7 (8): the key is the UTF-8 of the client secret.
      let secret = Array((configuration.clientSecret?.reveal() ?? "").utf8)
      let key = JSONWebKey(["kty": "oct", "k": .string(Base64URL.encode(secret))])
      selection = key.map(KeySelection.one) ?? .none("no client secret", newerKeysMayHelp: false)
    } else {
      selection = KeySelection.select(for: token, algorithm: expected, from: keys)
    }
  }

  var jws: CompactJWS? { try? form.get() }

  /// Whether fetching the keys again could help: the token names an unknown key.
  var newerKeysMayHelp: Bool {
    if case .none(_, true) = selection { true } else { false }
  }

  /// One signature verification for each candidate key.
  public var tasks: [CryptoTask] {
    guard let jws, let algorithm else { return [] }
    return selection.candidates.map { .signature(jws, algorithm, $0) }
  }

  /// The digest of this token's hash claims; nil when the algorithm has none.
  ///
  /// The token's own `alg` decides, even if it is not the expected one.
  var hashDigest: DigestAlgorithm? {
    guard let jws, let algorithm = jws.algorithm else { return nil }
    return algorithm.hashClaimDigest(curve: selection.candidates.first?.curve)
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
    let isExcused = signature == .skip && broken.contains(where: causes.contains)
    guard signature == .pass || broken.contains(.idTokenSignature) || isExcused else { return nil }
    return VerifiedIDToken(
      text: text, claims: claims, algorithm: algorithm ?? configuration.idTokenAlgorithm)
  }
}

/// What an ID token is checked against.
public struct IDTokenContext: Sendable {
  let configuration: FlowConfiguration
  let metadata: ProviderMetadata
  let sentNonce: String?
  let sentMaxAge: Int64?
  let sentACRValues: [String]
  let channel: Channel
  let now: UnixTime
  /// When the login began for which the token was issued; nil when that is not known.
  let loginStartedAt: UnixTime?

  init(_ requested: Requested, channel: Channel, now: UnixTime) {
    configuration = requested.configuration
    metadata = requested.prepared.metadata
    sentNonce = requested.sent("nonce")
    sentMaxAge = requested.sent("max_age").flatMap { Int64($0) }
    sentACRValues = (requested.sent("acr_values") ?? "").split(at: " ").map(String.init)
    self.channel = channel
    self.now = now
    loginStartedAt = requested.prepared.listening.begun.startedAt
  }

  /// For a token without its request: nothing is known of what was sent.
  public init(
    unrequested configuration: FlowConfiguration, metadata: ProviderMetadata, channel: Channel,
    now: UnixTime
  ) {
    self.configuration = configuration
    self.metadata = metadata
    sentNonce = nil
    sentMaxAge = nil
    sentACRValues = []
    self.channel = channel
    self.now = now
    loginStartedAt = nil
  }
}
