import OpenID

/// What is known about a response JWT and around it when it is judged.
public struct ResponseJWTEvidence: Sendable {
  /// For whom it is judged.
  public var judge: Judge
  /// The issuer that was asked.
  public var issuer: Known<String>
  /// The client's identifier.
  public var clientID: Known<String>
  /// The state that was sent.
  public var sentState: Known<String?>
  /// The response mode that was asked for, as it was written.
  public var askedMode: Known<String>
  /// Everything about its signature, which is judged as that of an ID token.
  var token: TokenEvidence

  /// A JWT of which nothing else is known, for this reason: the rest of a sentence.
  public init(unknown why: String, token: TokenEvidence) {
    judge = token.judge
    (issuer, clientID) = (token.issuer, token.clientID)
    sentState = .unknown(why)
    askedMode = .unknown(why)
    self.token = token
    self.token.kind = .idToken
  }

  /// The JWT of a run, which knows its own request.
  init(_ requested: Requested, now: UnixTime) {
    var token = TokenEvidence(requested, channel: .front, now: now)
    token.offeredAlgorithms =
      requested.prepared.metadata.responseSigningAlgorithms.map { .known($0) }
      ?? .unknown("is not listed")
    self.token = token
    judge = .application
    (issuer, clientID) = (token.issuer, token.clientID)
    sentState = .known(requested.sent("state"))
    askedMode = .known(requested.sent("response_mode") ?? "")
    guard let witness = requested.configuration.witness else { return }
    sentState = witness.sent("state")
    if case .unknown(let why) = witness.sent("response_mode") { askedMode = .unknown(why) }
  }
}

/// The JWT that carries an authorization response; stage 5.
///
/// JARM, section 2.4: no parameter in it is used before all of these have passed.
public enum ResponseJWTChecks {
  /// The longest life without a warning, in seconds.
  ///
  /// JARM, section 2.1, recommends at most ten minutes.
  static let lifeSecondsMaximum: Int64 = 600

  /// Whether the answer came as a JWT or not, as it was asked for.
  static func modeExact(_ answer: AuthorizationResponse, _ evidence: ResponseJWTEvidence) -> Check {
    modeExact(
      found: answer.responseJWT != nil || answer.keepsResponseJWT, error: answer.error, evidence)
  }

  private static func modeExact(
    found isJWT: Bool, error: OAuthError?, _ evidence: ResponseJWTEvidence
  ) -> Check {
    let found = isJWT ? "one JWT, in the parameter response" : "plain parameters"
    let asked: String
    switch evidence.askedMode {
    case .unknown(let why):
      return .undecided(.jarmModeExact, found: found, "the response mode", why)
    case .known(let mode): asked = mode
    }
    let wantsJWT = ResponseMode(asked: asked)?.isJWT ?? asked.ends(with: "jwt")
    let words = error.map { " It says \($0.summary), which anybody could have written." } ?? ""
    return Check(
      .jarmModeExact, wantsJWT == isJWT ? .pass : .fail,
      expected: wantsJWT ? "one JWT, in the parameter response" : "plain parameters", found: found,
      why: wantsJWT == isJWT
        ? "It came in the way that was asked for: \(asked)."
        : wantsJWT
          ? "\(asked) was asked for, and nothing here is signed: the provider ignored it, or "
            + "somebody took the signature away." + words
          : "A JWT was not asked for.")
  }

  /// Nothing stands beside the JWT that could be taken for part of the answer.
  package static func nothingOutside(_ fields: [FormField]) -> Check {
    let known = AuthorizationResponse.knownNames
    let beside = fields.map(\.name).filter {
      $0 != AuthorizationResponse.responseField && known.contains($0)
    }
    return Check(
      .jarmNothingOutside, beside.isEmpty ? .pass : .fail, expected: "response alone",
      found: beside.isEmpty ? "response alone" : "response, and " + beside.joined(separator: ", "),
      why: beside.isEmpty
        ? "Every part of the answer is inside the signature."
        : "What stands beside the JWT is not signed, and a reader could take it for the answer.")
  }

  /// The JWT itself.
  package static func all(
    _ examination: IDTokenExamination, _ findings: [CryptoFinding],
    _ evidence: ResponseJWTEvidence
  ) -> [Check] {
    let outer = examination.envelope.map(EncryptionChecks.all) ?? []
    // Of a key alone nothing follows for either form.
    let isRegistered = examination.envelope?.registered?.idTokens != nil
    let form = outer.prefix(isRegistered ? 1 : 0).map(encrypted)
    if let broken = outer.dropFirst().first(where: { $0.verdict == .fail }) {
      return form + [
        Check(
          .jarmStructure, .fail, expected: broken.expected, found: broken.found, why: broken.why,
          derivation: broken.derivation)
      ]
    }
    if ResponseJWT.isEncrypted(examination.text) {
      return [
        Check(
          .jarmStructure, .fail, expected: "a signed JWT in three segments",
          found: "five segments: an encrypted one",
          why: "The answer is encrypted for a key of the client, and none was given. Give it with "
            + "--encryption-key FILE, or take authorization_encrypted_response_alg out of the "
            + "client\u{2019}s registration.")
      ]
    }
    let signed = SignatureChecks.all(examination, findings, evidence.token)
    let structure = structure(signed, examination.claims)
    guard let claims = examination.claims else { return form + [structure] }
    return form + [
      structure, chosen(.jarmAlg, signed, [.idTokenAlgNone], main: .idTokenAlgAllowlist),
      issuer(claims, evidence), audience(claims, evidence), end(claims, evidence),
      chosen(.jarmSignature, signed, [.idTokenKidKnown], main: .idTokenSignature),
      state(claims["state"], evidence),
    ]
  }

  /// The rule of ID tokens, under the name that it has here.
  private static func encrypted(_ check: Check) -> Check {
    Check(
      .jarmEncryptedAsRegistered, check.verdict, expected: check.expected, found: check.found,
      why: check.verdict == .fail
        ? "Either the provider does not have the registration, or somebody put another answer in "
          + "its place. Code and tokens in it can be read on the way."
        : "Nobody on the way can read the code and the tokens in it: not the browser, and no log.")
  }

  /// A JWT of which nothing can be read, not even to which run it belongs.
  static func unreadable(_ text: String, _ requested: Requested) -> Check {
    let examination = IDTokenExamination(response: text, requested, keys: requested.prepared.keys)
    let evidence = TokenEvidence(requested, channel: .front, now: UnixTime(seconds: 0))
    return structure(SignatureChecks.all(examination, [], evidence), nil)
  }

  /// A rule of every signed token, under the name that it has here.
  private static func chosen(
    _ id: CheckID, _ checks: [Check], _ others: [CheckID], main: CheckID
  ) -> Check {
    let chosen =
      checks.first { others.contains($0.id) && $0.verdict == .fail }
      ?? checks.first { $0.id == main }
    guard let chosen else { return Check(id, .skip, why: "not run: the JWT cannot be read.") }
    return Check(
      id, chosen.verdict, expected: chosen.expected, found: chosen.found, why: chosen.why,
      derivation: chosen.derivation)
  }

  private static func structure(_ signed: [Check], _ claims: JSONValue?) -> Check {
    let mistyped = claims.map(ResponseJWT.mistyped) ?? []
    guard mistyped.isEmpty else {
      return Check(
        .jarmStructure, .fail, expected: "texts, and expires_in as a number",
        found: "another kind of value: " + mistyped.joined(separator: ", "),
        why: "Two readers could make two different texts of it.")
    }
    return chosen(
      .jarmStructure, signed, [.idTokenCrit, .idTokenNoRemoteKey, .idTokenHeaderClaims],
      main: .idTokenStructure)
  }

  private static func issuer(_ claims: JSONValue, _ evidence: ResponseJWTEvidence) -> Check {
    guard let claim = claims["iss"] else { return absent(.jarmIss, "iss") }
    guard let found = claim.string else { return ClaimChecks.mistyped(.jarmIss, "string", claim) }
    switch evidence.issuer {
    case .unknown(let why):
      return .undecided(.jarmIss, found: found, "which issuer was asked", why)
    case .known(let expected):
      let matches = found.isIdentical(to: expected)
      var check = Check(
        .jarmIss, matches ? .pass : .fail, expected: expected, found: found,
        why: matches
          ? "The answer comes from the provider that was asked."
          : "The answer comes from another provider: a mix-up.")
      if !matches { check.explain(Likeness.issuer(found, to: expected)) }
      return check
    }
  }

  private static func audience(_ claims: JSONValue, _ evidence: ResponseJWTEvidence) -> Check {
    guard let claim = claims["aud"] else { return absent(.jarmAud, "aud") }
    guard let audiences = claim.string.map({ [$0] }) ?? claim.strings, !audiences.isEmpty else {
      return ClaimChecks.mistyped(.jarmAud, "string or array of strings", claim)
    }
    let found = audiences.joined(separator: ", ")
    switch evidence.clientID {
    case .unknown(let why): return .undecided(.jarmAud, found: found, "the client id", why)
    case .known(let clientID):
      let isOurs = audiences.contains { $0.isIdentical(to: clientID) }
      return Check(
        .jarmAud, !isOurs ? .fail : audiences.count == 1 ? .pass : .warn, expected: clientID,
        found: found,
        why: !isOurs
          ? "The answer was made for another client."
          : audiences.count == 1
            ? "The answer was made for this client."
            : "The answer was made for others as well: one of them could hand it on.")
    }
  }

  private static func end(_ claims: JSONValue, _ evidence: ResponseJWTEvidence) -> Check {
    guard let claim = claims["exp"] else { return absent(.jarmExp, "exp") }
    guard let exp = claim.integer else { return ClaimChecks.mistyped(.jarmExp, "number", claim) }
    let (now, skew) = (evidence.token.now.seconds, evidence.token.clockSkewSeconds)
    let earliest = TimeChecks.saturatingSubtract(now, skew)
    let lives = earliest < exp
    let life = TimeChecks.saturatingSubtract(exp, now)
    let isLong = life > TimeChecks.saturatingAdd(lifeSecondsMaximum, skew)
    return Check(
      .jarmExp, !lives ? .fail : isLong ? .warn : .pass,
      expected: "after \(TimeChecks.date(earliest))", found: TimeChecks.date(exp),
      why: !lives
        ? "It expired \(ProviderClock.length(TimeChecks.saturatingSubtract(now, exp))) ago; clocks may differ "
          + "by \(skew) s. Is this clock right, or was an old answer brought again?"
        : isLong
          ? "It is good for \(ProviderClock.length(life)); ten minutes are enough for the way "
            + "through a browser."
          : "It has not expired; clocks may differ by \(skew) s.")
  }

  /// Whether the state in the JWT is the one that was sent.
  static func state(_ claim: JSONValue?, _ evidence: ResponseJWTEvidence) -> Check {
    let found = claim?.string
    let sent: String
    switch evidence.sentState {
    case .unknown(let why):
      return .undecided(.jarmState, found: found, "the state that was sent", why)
    case .known(let text):
      guard let text, !text.isEmpty else {
        return Check(.jarmState, .skip, why: "No state was sent.")
      }
      sent = text
    }
    let matches = found?.isIdentical(to: sent) == true
    var check = Check(
      .jarmState, matches ? .pass : .fail, expected: sent, found: found ?? "absent",
      why: matches
        ? "The signed answer belongs to this run."
        : found == nil
          ? "The signed answer says nothing of the run that it belongs to."
          : "The answer is of another run: somebody else began it, or it comes from an old tab.")
    if !matches { check.explain(found.flatMap { Likeness.text($0, to: sent) }) }
    return check
  }

  private static func absent(_ id: CheckID, _ name: String) -> Check {
    Check(
      id, .fail, expected: "the claim \(name)", found: "absent",
      why: "Every response JWT must have it.")
  }

  /// Whether the JWT may be opened: nothing failed that counts, and its signature was verified.
  ///
  /// Where a file has no keys, what the application made of it is in what it did next.
  static func mayOpen(_ checks: [Check], _ configuration: FlowConfiguration) -> Bool {
    let off = configuration.experiment.checksOff
    let broken = checks.filter { $0.verdict == .fail }.map(\.id)
    let signature = checks.first { $0.id == .jarmSignature }?.verdict
    let isExcused =
      configuration.witness != nil || !broken.isEmpty && broken.allSatisfy(off.contains)
    return (broken.allSatisfy(off.contains) || configuration.witness?.source == .tenant)
      && (signature == .pass || isExcused)
  }
}

// The rules.
extension CheckID {
  package static let jarmModeExact = CheckID(
    "jarm-mode-exact", .error,
    rule: "the answer is a JWT if one was asked for, and else not",
    shows: "a downgrade: an answer without the signature that was asked for",
    next: "Compare response_mode as sent with response_modes_supported.",
    spec: .jarm("2.3"))

  package static let jarmNothingOutside = CheckID(
    "jarm-nothing-outside", .error,
    rule: "no other part of an answer stands beside response",
    shows: "unsigned values beside the signed ones",
    next: "Look at the Wire view for what came beside response, and who adds it.",
    spec: .jarm("2.3"))

  package static let jarmEncryptedAsRegistered = CheckID(
    "jarm-encrypted-as-registered", .error,
    rule: "an answer in a JWT is encrypted if the client has registered that",
    shows: "an answer put in the place of the real one, or a registration that one side lacks",
    next:
      "Compare authorization_encrypted_response_alg at the provider with --response-encryption.",
    spec: .jarm("3"))

  package static let jarmStructure = CheckID(
    "jarm-structure", .error,
    rule: "response is a signed JWT: three strict segments, JSON objects, no repeated names",
    shows: "tricks with parsers that read differently",
    next: "Decode the value of response; five parts: encrypted, so give --encryption-key FILE.",
    spec: .jarm("2.1"))

  package static let jarmAlg = CheckID(
    "jarm-alg", .error,
    rule: "alg is the expected one, and never none",
    shows: "an answer anybody could have written",
    next: "Compare alg in the header with authorization_signed_response_alg of the client.",
    spec: .jarm("2.4"))

  package static let jarmIss = CheckID(
    "jarm-iss", .error,
    rule: "iss is there, and is the issuer that was asked",
    shows: "mix-up: the answer of another provider",
    next: "Compare iss in the JWT with the configured issuer, character by character.",
    spec: .jarm("2.4"))

  package static let jarmAud = CheckID(
    "jarm-aud", .error,
    rule: "aud is there, and is this client",
    shows: "the answer to another client, brought to this one",
    next: "Compare aud in the JWT with the client id.",
    spec: .jarm("2.4"))

  package static let jarmExp = CheckID(
    "jarm-exp", .error,
    rule: "exp is there and not over; ten minutes ahead at most",
    shows: "an old answer, brought again",
    next: "Compare exp with the clocks on both sides.",
    spec: .jarm("2.4"))

  package static let jarmSignature = CheckID(
    "jarm-signature", .error,
    rule: "the signature verifies with a key of the issuer",
    shows: "a forged or altered answer",
    next: "Look whether the keys are the issuer\u{2019}s, and the JWT came whole.",
    spec: .jarm("2.4"))

  package static let jarmState = CheckID(
    "jarm-state", .error,
    rule: "state in the JWT is the one that was sent",
    shows: "login CSRF: a real answer of another run",
    next: "Start again in one tab; look whether something shortens or rewrites state.",
    spec: .jarm("2.4"))
}

extension ResponseJWTChecks {
  static let rules: [CheckID] = [
    .jarmModeExact, .jarmNothingOutside, .jarmEncryptedAsRegistered, .jarmStructure, .jarmAlg,
    .jarmIss, .jarmAud, .jarmExp, .jarmSignature, .jarmState,
  ]
}
