import HybridFlow
import OpenID
import Redaction

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

  package init(_ part: String, _ check: Check) {
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
  /// Keys that the person gave, or that stand in the text; whose they are is not known.
  case given(JSONWebKeySet)
  /// They could not be fetched, for this reason.
  case unreachable(String)
}

/// What belongs to a pasted text and does not stand in it.
public struct PastedExtras: Sendable, Equatable {
  /// The code that came with a token.
  public var code: String?
  /// The access token that came with a token.
  public var accessToken: String?
  /// The certificate to which an access token may be bound.
  public var certificate: ClientCertificate?
  /// The nonce that the application sent.
  public var nonce: String?

  /// Nothing but what the text holds.
  public init(code: String? = nil, accessToken: String? = nil, nonce: String? = nil) {
    (self.code, self.accessToken, self.nonce) = (code, accessToken, nonce)
  }

  /// The secrets among them, shown only on request.
  public var secrets: [KnownSecret] {
    var finder = SecretFinder()
    for (name, value) in [("code", code), ("access_token", accessToken), ("nonce", nonce)] {
      if let value { finder.read(FormField(name, value), guesses: true) }
    }
    return finder.secrets
  }
}

/// Judges a pasted text with only the text, a clock and, if available, the keys.
///
/// The rules are those of the flow. A check that compares with the flow's own request cannot be
/// made here: it is skipped and says what is missing.
public struct PastedExamination {
  /// The message to judge.
  public private(set) var message: PastedMessage
  /// The tokens in it.
  public private(set) var tokens: [PastedToken]
  let issuer: WebURL?
  let clientID: String?
  private(set) var extras: PastedExtras
  /// What the text tells of the request that its answer belongs to.
  let request: PastedRequest
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
  ///   - extras: What belongs to the text and does not stand in it.
  ///   - compute: What libcrypto does; nothing here can verify or hash by itself.
  public init(
    _ message: PastedMessage, issuer: WebURL? = nil, clientID: String? = nil,
    extras: PastedExtras = PastedExtras(), keys: PastedKeys = .none, clockSkewSeconds: Int64 = 60,
    now: UnixTime, compute: @escaping (CryptoTask) -> CryptoFinding
  ) {
    self.message = message.opened
    tokens = message.tokens
    self.issuer = issuer
    self.clientID = clientID ?? message.nearby("client_id")
    self.extras = extras
    self.keys =
      keys == .none
      ? message.related.lazy.compactMap(\.keySet).first.map(PastedKeys.given) ?? .none : keys
    self.clockSkewSeconds = clockSkewSeconds
    self.now = now
    self.compute = compute
    request = PastedRequest(message)
  }

  /// A message that stands beside this one, judged with what is known of both.
  private init(_ related: PastedMessage, beside whole: PastedExamination) {
    self = whole
    message = related
    tokens = related.tokens
    if related.kind == .tokenResponse { extras.code = extras.code ?? whole.message["code"] }
  }

  /// Every verdict, in the order of the text.
  public func checks() -> [PastedCheck] {
    var checks = own()
    if let issuer, case .published(let metadata, let set) = keys, message.kind != .metadata {
      checks = documentIssuer(metadata, issuer) + checks
      // If the private key is published, a valid signature proves nothing.
      if !set.leaks.isEmpty {
        checks.insert(PastedCheck("jwk-set", ConfigurationChecks.keys(set)), at: 1)
      }
    }
    for related in message.related {
      checks += PastedExamination(related, beside: self).own().map { check in
        var check = check
        check.part = Self.name(check.part, in: related)
        return check
      }
    }
    return checks + verifier()
  }

  /// Every token, those of the messages beside this one named with their message.
  public var allTokens: [PastedToken] {
    tokens
      + message.related.flatMap { related in
        related.tokens.map { token in
          var token = token
          token.name = Self.name(token.name, in: related)
          return token
        }
      }
  }

  private static func name(_ part: String, in related: PastedMessage) -> String {
    let kind = related.kind.rawValue
    return part.isIdentical(to: kind)
      ? part : "\(part) (\(kind.replacing(bytes: "-", with: " ")))"
  }

  private func own() -> [PastedCheck] {
    var checks: [PastedCheck] = []
    switch message.kind {
    case .formBody, .callback: checks += answer()
    case .values: if message.isAnswer { checks += answer() }
    case .authorizeURL: checks += PastedRequestChecks.authorize(message)
    case .tokenRequest: checks += PastedRequestChecks.token(message)
    case .tokenResponse: checks += tokenResponse()
    case .setCookie: checks += HeaderDocument.checks(message)
    case .keySet: checks += DocumentChecks.keySet(message, compute)
    case .metadata: checks += metadata()
    case .signedToken, .encryptedToken, .opaqueToken, .errorResponse, .userinfo, .introspection,
      .pushedResponse, .registration, .challenge:
      break
    }
    for token in tokens { checks += PastedTokenChecks(self, token).all() }
    return checks
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

  /// Whether the verifier of a token request is the one of the challenge; RFC 7636, section 4.6.
  private func verifier() -> [PastedCheck] {
    guard let challenge = request.value("code_challenge"),
      let verifier = message.nearby("code_verifier")
    else { return [] }
    let method = request.value("code_challenge_method") ?? "plain"
    var made: String? = method.isIdentical(to: "plain") ? verifier : nil
    if method.isIdentical(to: "S256"),
      case .digest(let bytes) = compute(.digest(Array(verifier.utf8), .sha256))
    {
      made = Base64URL.encode(bytes)
    }
    guard let made else { return [] }
    let matches = made.isIdentical(to: challenge)
    return [
      PastedCheck(
        "token-request", "code-verifier-match", matches ? .pass : .fail, expected: challenge,
        found: made,
        why: matches
          ? "The verifier is the one whose challenge was sent."
          : CodeChallenge(s256: challenge).fault.flatMap { method == "S256" ? $0 : nil }
            ?? "The verifier is not the one whose challenge was sent: the code was asked for "
            + "with another one.",
        spec: .rfc(7636, "4.6"))
    ]
  }

  // MARK: - The answer through the browser

  private func answer() -> [PastedCheck] {
    let part = message.kind.rawValue
    // A logout token is posted without a login; a signed response holds its parameters inside.
    if message["logout_token"] != nil || message["response"] != nil {
      let once = CallbackChecks.noDuplicates(
        AnswerEvidence(
          message.fields, fault: message.fault, unknown: Self.absent, judge: .reader))
      let alone =
        message["response"] == nil ? [] : [ResponseJWTChecks.nothingOutside(message.fields)]
      return ([once] + alone).map { PastedCheck(part, $0) }
    }
    var evidence = AnswerEvidence(
      message.fields, fault: message.fault, unknown: Self.absent, judge: .reader)
    evidence.issuer = askedIssuer
    if let state = request.value("state") { evidence.sentState = .known(state) }
    if case .published(let metadata, _) = keys {
      evidence.promisesIssuer = .known(metadata.sendsIssuerParameter)
    }
    evidence.idTokenClaims = tokens.first { $0.name == "id_token" }?.claims
    evidence.idTokenIssuer = evidence.idTokenClaims?["iss"]?.string
    var checks = [CallbackChecks.noDuplicates(evidence)]
    if message.fault == nil {
      checks.append(request.ofAnotherLogin ?? CallbackChecks.state(evidence))
      checks += CallbackChecks.issuer(evidence)
      if message["error"] != nil { checks.append(CallbackChecks.errorExclusive(evidence)) }
      if let carrier = message.carrier.flatMap(PastedAnswer.Carrier.init) {
        checks += CallbackChecks.tokensNotInQuery(evidence, carrier)
      }
      checks += [CallbackChecks.typeExact(evidence), CallbackChecks.noRefreshToken(evidence)]
      checks += CallbackChecks.accessToken(evidence) + UnsignedFieldChecks.all(evidence)
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

  private func metadata() -> [PastedCheck] {
    guard let metadata = message.json.flatMap(ProviderMetadata.init) else { return [] }
    let asked = issuer.map(Known.known) ?? .unknown(Self.noIssuer)
    return ConfigurationChecks.metadata(metadata, provider(asked))
      .map { PastedCheck("discovery", $0) } + DocumentChecks.metadata(metadata)
  }
}
