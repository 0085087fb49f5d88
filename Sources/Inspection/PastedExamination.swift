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
    case .formBody, .callback: checks += answer()
    case .authorizeURL: checks += PastedRequestChecks.authorize(message)
    case .tokenRequest: checks += PastedRequestChecks.token(message)
    case .tokenResponse: checks += tokenResponse()
    case .keySet: checks += keySet()
    case .metadata: checks += metadata()
    case .signedToken, .encryptedToken, .opaqueToken, .errorResponse: break
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
    let repeated = message.fields.repeatedNames.filter(AuthorizationResponse.knownNames.contains)
    let isWhole = repeated.isEmpty && message.fault == nil
    var checks = [
      Check(
        .callbackNoDuplicates, isWhole ? .pass : .fail, expected: "each parameter once",
        found: message.fault
          ?? (isWhole ? "each parameter once" : "repeated: " + repeated.joined(separator: ", ")),
        why: isWhole
          ? "Every reader sees the same values."
          : "Two readers could see two different answers; none is to be taken.")
    ]
    guard message.fault == nil else { return checks.map { PastedCheck(part, $0) } }
    checks.append(state())
    checks += responseIssuer()
    let tokens = ["id_token", "access_token"].filter { message[$0] != nil }
    let extra = (message["code"] == nil ? [] : ["code"]) + tokens
    if message["error"] != nil {
      checks.append(
        Check(
          .responseErrorExclusive, extra.isEmpty ? .pass : .fail, expected: "error alone",
          found: extra.isEmpty ? "error alone" : "error and " + extra.joined(separator: ", "),
          why: extra.isEmpty
            ? "No tokens come with the error." : "An answer is an error or it is not."))
    }
    if message.carrier == "query", !tokens.isEmpty {
      checks.append(
        Check(
          .requestModeNotQuery, .fail, expected: "form_post or fragment", found: "query",
          why: "Tokens in a query can end up in histories, logs and Referer headers."))
    }
    checks.append(
      Check(
        .responseTypeExact, .skip, found: extra.joined(separator: ", "),
        why: "not run: the response type that was asked for is not in this text."))
    let leaks = message["refresh_token"] != nil
    checks.append(
      Check(
        .responseNoRefreshToken, leaks ? .warn : .pass, expected: "no refresh token",
        found: leaks ? "a refresh token" : "no refresh token",
        why: leaks
          ? "A long-lived credential came through the browser."
          : "Nothing long-lived comes through the browser."))
    if message["access_token"] != nil {
      checks.append(tokenType(.tokenTypeFront))
      checks.append(AnswerChecks.lifetime(field: message["expires_in"]))
    }
    return checks.map { PastedCheck(part, $0) }
  }

  private func state() -> Check {
    guard message["state"] != nil else {
      return Check(
        .stateMatch, .warn, expected: "a state", found: "absent",
        why: "Nothing says which request this answers, unless none was sent.")
    }
    return Check(
      .stateMatch, .skip, why: "not run: the state that was sent is not in this text.")
  }

  private func responseIssuer() -> [Check] {
    guard let found = message["iss"] else {
      guard case .published(let metadata, _) = keys, metadata.sendsIssuerParameter else {
        return [Check(.responseIss, .skip, why: "The answer has no iss.")]
      }
      return [
        Check(
          .responseIss, .fail, expected: issuer?.text, found: "absent",
          why: "The provider promises iss in every answer; without it this one is not to be taken.")
      ]
    }
    var checks: [Check] = []
    if let issuer {
      let matches = found.isIdentical(to: issuer.text)
      checks.append(
        Check(
          .responseIss, matches ? .pass : .fail, expected: issuer.text, found: found,
          why: matches
            ? "The answer says that it comes from this issuer."
            : "The answer comes from another provider: a mix-up."))
    } else {
      checks.append(
        Check(
          .responseIss, .skip, found: found,
          why: "not run: which issuer was asked is not known: give --issuer URL."))
    }
    if let inside = tokens.first(where: { $0.name == "id_token" })?.claims?["iss"]?.string {
      let agrees = inside.isIdentical(to: found)
      checks.append(
        Check(
          .responseIssVsIDToken, agrees ? .pass : .fail, expected: found, found: inside,
          why: agrees
            ? "Answer and ID token name the same issuer."
            : "Answer and ID token name two issuers."))
    }
    return checks
  }

  private func tokenType(_ id: CheckID) -> Check {
    let found = message["token_type"]
    let isBearer = found?.asciiLowercased == "bearer"
    return Check(
      id, isBearer ? .pass : id.severity == .error ? .fail : .warn, expected: "Bearer",
      found: found ?? "absent",
      why: isBearer ? "Whoever bears the token may use it." : "The type is required.")
  }

  // MARK: - The answer of the token endpoint

  private func tokenResponse() -> [PastedCheck] {
    let part = message.kind.rawValue
    let hasAccessToken = message["access_token"] != nil
    let hasIDToken = message["id_token"] != nil
    return [
      Check(
        .tokenResponseStatusJSON, hasAccessToken ? .pass : .fail,
        expected: "a JSON object with an access token",
        found: hasAccessToken ? "an access token" : "no access_token",
        why: hasAccessToken
          ? "It is a token response; its HTTP status is not in this text."
          : "A token response without an access token."),
      Check(
        .tokenResponseNoStore, .skip, why: "not run: the headers are not in this text."),
      tokenType(.tokenTypeBack),
      AnswerChecks.lifetime(member: message.json?["expires_in"]),
      Check(
        .backIDTokenPresent, hasIDToken ? .pass : .warn, expected: "id_token",
        found: hasIDToken ? "id_token" : "absent",
        why: hasIDToken
          ? "An ID token came with the access token."
          : "It is required after a code; after a refresh token it may be left out."),
    ].map { PastedCheck(part, $0) }
  }

  // MARK: - The provider

  private func documentIssuer(_ metadata: ProviderMetadata, _ issuer: WebURL) -> [PastedCheck] {
    guard let configuration = configuration(issuer: issuer, client: "", .rs256) else { return [] }
    return ConfigurationChecks.metadata(metadata, configuration)
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
    guard let json = message.json, let metadata = ProviderMetadata(json),
      // Where its endpoints may be depends on where the issuer is.
      let configuration = configuration(
        issuer: issuer ?? metadata.issuer.flatMap { try? WebURL($0) }, client: "", .rs256)
    else { return [] }
    return ConfigurationChecks.metadata(metadata, configuration).compactMap { check in
      switch check.id {
      case .discoveryAuthMethod:
        Check(check.id, .skip, why: "not run: which method the client uses is not in this text.")
      case .discoveryIssuerMatch where issuer == nil && metadata.issuer != nil:
        Check(
          check.id, .skip, found: check.found,
          why: "not run: which issuer was asked is not known: give --issuer URL.")
      default: check
      }
    }.map { PastedCheck("discovery", $0) }
  }

  private func keySet() -> [PastedCheck] {
    let keys = message.keys
    let set = message.keySet ?? JSONWebKeySet(keys: keys)
    var checks = [PastedCheck("jwk-set", ConfigurationChecks.keys(set))]
    let short = keys.filter { ($0.modulusBits ?? 2048) < 2048 }
    if keys.contains(where: { $0.keyType == "RSA" }) {
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

  /// A configuration with the known values; nil only if no URL could be made.
  func configuration(
    issuer: WebURL?, client: String, _ algorithm: SignatureAlgorithm
  ) -> FlowConfiguration? {
    guard let somewhere = try? WebURL("https://localhost/") else { return nil }
    var configuration = FlowConfiguration(
      issuer: issuer ?? somewhere, clientID: client, clientSecret: nil, redirectURI: somewhere)
    configuration.idTokenAlgorithm = algorithm
    configuration.clockSkewSeconds = clockSkewSeconds
    return configuration
  }
}
