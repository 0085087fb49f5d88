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
    case .keySet: checks += keySet()
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
      .map { PastedCheck("discovery", $0) } + template(metadata)
  }

  /// An issuer with a placeholder, which no token carries.
  private func template(_ metadata: ProviderMetadata) -> [PastedCheck] {
    guard let issuer = metadata.json["issuer"]?.string, issuer.holds("{") else { return [] }
    return [
      PastedCheck(
        "discovery", "discovery-issuer-template", .warn, expected: "an issuer without placeholders",
        found: issuer,
        why: "The issuer is a template: every token carries a tenant in the place of the "
          + "placeholder. Ask the tenant\u{2019}s own address for its document.",
        spec: .discovery("4.3"))
    ]
  }

  /// Whether every key can be read and used.
  private func usable(_ keys: [JSONWebKey]) -> PastedCheck {
    let faults = keys.flatMap { key -> [String] in
      let name = key.keyID.map { "the key \u{201C}\($0)\u{201D}" } ?? "a key without kid"
      let form = key.faults.map(\.explanation)
      guard form.isEmpty, let reason = KeyTrial.unusable(key, compute) else {
        return form.map { "\(name): \($0)" }
      }
      return ["\(name): \(reason)"]
    }
    return PastedCheck(
      "jwk-set", "jwks-usable", faults.isEmpty ? .pass : .fail, expected: "keys that can be used",
      found: faults.isEmpty ? "\(keys.count) that can be used" : "\(faults.count) with a fault",
      why: faults.isEmpty ? "Every key was read." : faults.joined(separator: " "),
      spec: .rfc(7518, "6"))
  }

  private func keySet() -> [PastedCheck] {
    let keys = message.keys
    let set = message.keySet ?? JSONWebKeySet(keys: keys)
    var checks = [PastedCheck("jwk-set", ConfigurationChecks.keys(set)), usable(keys)]
    let short = keys.filter { ($0.modulusBits ?? 2048) < 2048 }
    // The size of a modulus that cannot be read is not known.
    if keys.contains(where: { $0.modulusBits != nil }) {
      checks.append(
        PastedCheck(
          "jwk-set", "jwks-key-size", short.isEmpty ? .pass : .fail, expected: "2048 bits or more",
          found: short.isEmpty
            ? "2048 bits or more"
            : short.map { "\($0.keyID ?? "a key without kid"): \($0.modulusBits ?? 0) bits" }
              .joined(separator: ", "),
          why: short.isEmpty
            ? "No RSA key is too short to be trusted." : "An RSA key this short can be broken.",
          spec: .rfc(7518, "3.3")))
    }
    let names = keys.compactMap { key in key.keyID.map { FormField($0, "") } }
    let repeated = names.repeatedNames
    checks.append(
      PastedCheck(
        "jwk-set", "jwks-kid-unique", repeated.isEmpty ? .pass : .warn, expected: "each kid once",
        found: repeated.isEmpty
          ? "each kid once" : "repeated: " + repeated.joined(separator: ", "),
        why: repeated.isEmpty
          ? "A kid leads to one key." : "A kid that leads to two keys has to be tried with both.",
        spec: .rfc(7517, "4.5")))
    return checks
  }
}
