import HybridFlow
import OpenID

/// One verdict on a pasted text, and the part of the text that it is about.
public struct PastedCheck: Sendable, Equatable {
  /// The part: a token's name, or the kind of the whole text.
  public var part: String
  /// The id: that of ``CheckID`` if the flow has the same check.
  public var id: String
  /// The result.
  public var verdict: Check.Verdict
  /// What the rule requires.
  public var expected: String?
  /// What was seen.
  public var found: String?
  /// The reason in a sentence.
  public var why: String
  /// The specification of the rule.
  public var spec: SpecReference

  init(
    _ part: String, _ id: String, _ verdict: Check.Verdict, expected: String? = nil,
    found: String? = nil, why: String, spec: SpecReference
  ) {
    self.part = part
    self.id = id
    self.verdict = verdict
    self.expected = expected
    self.found = found
    self.why = why
    self.spec = spec
  }

  init(_ part: String, _ check: Check) {
    self.init(
      part, check.id.rawValue, check.verdict, expected: check.expected, found: check.found,
      why: check.why, spec: check.spec)
  }
}

/// The keys for verifying a signature, or why there are none.
public enum PastedKeys: Sendable, Equatable {
  /// No issuer was named.
  case none
  /// The issuer's published keys.
  case published(ProviderMetadata, JSONWebKeySet)
  /// They could not be fetched, for this reason.
  case unreachable(String)
}

/// Judges a pasted text with only the text, a clock and, if available, the keys.
///
/// The rules are those of the flow. A check that compares with the flow's own request cannot be
/// made here: it is skipped and says what is missing.
public struct PastedExamination {
  /// The message to judge.
  public let message: PastedMessage
  /// The tokens in it.
  public let tokens: [PastedToken]
  let issuer: WebURL?
  let clientID: String?
  let keys: PastedKeys
  let clockSkewSeconds: Int64
  /// The current time, for comparisons.
  public let now: UnixTime
  let compute: (CryptoTask) -> CryptoFinding

  /// Why a value is not known that only the flow's own request, or its headers, could tell.
  static let absent = "is not in this text"
  /// The issuer that the person named.
  var askedIssuer: Known<String> {
    issuer.map { .known($0.text) } ?? .unknown(Self.noIssuer)
  }

  private static let noIssuer = "is not known: give --issuer URL"

  /// Collects the text and what is known besides it.
  ///
  /// - Parameters:
  ///   - issuer: The issuer that the person named.
  ///   - clientID: The client's identifier, when the person named it; else that of the text.
  ///   - compute: What libcrypto does; nothing here can verify or hash by itself.
  public init(
    _ message: PastedMessage, issuer: WebURL? = nil, clientID: String? = nil,
    keys: PastedKeys = .none, clockSkewSeconds: Int64 = 60, now: UnixTime,
    compute: @escaping (CryptoTask) -> CryptoFinding
  ) {
    self.message = message
    tokens = message.tokens
    self.issuer = issuer
    self.clientID = clientID ?? message["client_id"]
    self.keys = keys
    self.clockSkewSeconds = clockSkewSeconds
    self.now = now
    self.compute = compute
  }

  /// Every verdict, in the order of the text.
  public func checks() -> [PastedCheck] {
    var checks: [PastedCheck] = []
    switch message.kind {
    case .formBody, .callback, .values: checks += answer()
    case .authorizeURL: checks += PastedRequestChecks.authorize(message)
    case .tokenRequest: checks += PastedRequestChecks.token(message)
    case .tokenResponse: checks += tokenResponse()
    case .keySet: checks += DocumentChecks.keySet(message, compute)
    case .metadata: checks += metadata()
    case .signedToken, .encryptedToken, .opaqueToken, .errorResponse, .userinfo, .introspection,
      .pushedResponse, .registration:
      break
    }
    if let issuer, case .published(let metadata, let set) = keys, message.kind != .metadata {
      checks += documentIssuer(metadata, issuer)
      // If the private key is published, a valid signature proves nothing.
      if !set.leaks.isEmpty { checks.append(PastedCheck("jwk-set", ConfigurationChecks.keys(set))) }
    }
    for token in tokens { checks += PastedTokenChecks(self, token).all() }
    return checks
  }

  // MARK: - The answer through the browser

  private func answer() -> [PastedCheck] {
    let part = message.kind.rawValue
    // A logout token is posted without a login; a signed response holds its parameters inside.
    if message["logout_token"] != nil || message["response"] != nil, message["code"] == nil {
      return [
        CallbackChecks.noDuplicates(
          AnswerEvidence(
            message.fields, fault: message.fault, unknown: Self.absent, judge: .reader))
      ].map { PastedCheck(part, $0) }
    }
    var evidence = AnswerEvidence(
      message.fields, fault: message.fault, unknown: Self.absent, judge: .reader)
    evidence.issuer = askedIssuer
    if case .published(let metadata, _) = keys {
      evidence.promisesIssuer = .known(metadata.sendsIssuerParameter)
    }
    evidence.idTokenIssuer = tokens.first { $0.name == "id_token" }?.claims?["iss"]?.string
    var checks = [CallbackChecks.noDuplicates(evidence)]
    if message.fault == nil {
      checks.append(CallbackChecks.state(evidence))
      checks += CallbackChecks.issuer(evidence)
      if message["error"] != nil { checks.append(CallbackChecks.errorExclusive(evidence)) }
      if let carrier = message.carrier.flatMap(PastedAnswer.Carrier.init) {
        checks += CallbackChecks.tokensNotInQuery(evidence, carrier)
      }
      checks += [CallbackChecks.typeExact(evidence), CallbackChecks.noRefreshToken(evidence)]
      checks += CallbackChecks.accessToken(evidence)
    }
    return checks.map { PastedCheck(part, $0) }
  }

  // MARK: - The answer of the token endpoint

  private func tokenResponse() -> [PastedCheck] {
    let response = TokenResponse(json: message.json ?? .null)
    return [
      TokenResponseChecks.accessToken(response, .unknown(Self.absent)),
      TokenResponseChecks.noStore(.unknown("are not in this text")),
      AnswerChecks.tokenType(
        .tokenTypeBack, message["token_type"], whyNot: "The type is required."),
      AnswerChecks.lifetime(member: message.json?["expires_in"]),
      TokenResponseChecks.idToken(response, followsCode: .unknown(Self.absent)),
    ].map { PastedCheck(message.kind.rawValue, $0) }
  }

  // MARK: - The provider

  /// What is known of the client that a provider's document is read for: this program's defaults.
  private func provider(_ issuer: Known<WebURL>) -> ProviderEvidence {
    ProviderEvidence(
      issuer: issuer, authentication: .unknown(Self.absent), responseType: .codeIDToken,
      responseMode: .formPost)
  }

  private func documentIssuer(_ metadata: ProviderMetadata, _ issuer: WebURL) -> [PastedCheck] {
    ConfigurationChecks.metadata(metadata, provider(.known(issuer)))
      .filter { $0.id == .discoveryIssuerMatch || Self.keepsKeysBack($0) }
      .map { PastedCheck("discovery", $0) }
  }

  /// Whether the check says why an issuer's keys were not fetched.
  private static func keepsKeysBack(_ check: Check) -> Bool {
    switch check.id {
    case .discoveryHTTPS, .discoveryEndpointURI, .discoveryEndpointReach: check.verdict == .fail
    default: false
    }
  }

  private func metadata() -> [PastedCheck] {
    guard let metadata = message.json.flatMap(ProviderMetadata.init) else { return [] }
    let asked = issuer.map(Known.known) ?? .unknown(Self.noIssuer)
    return ConfigurationChecks.metadata(metadata, provider(asked))
      .map { PastedCheck("discovery", $0) } + DocumentChecks.metadata(metadata)
  }
}
