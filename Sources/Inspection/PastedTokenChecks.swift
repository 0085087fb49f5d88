import HybridFlow
import OpenID

/// The checks of one pasted token: the flow's own, on what this text knows.
struct PastedTokenChecks {
  private let examination: PastedExamination
  private let token: PastedToken

  init(_ examination: PastedExamination, _ token: PastedToken) {
    self.examination = examination
    self.token = token
  }

  private var message: PastedMessage { examination.message }
  private var isIDToken: Bool { token.use == .idToken }
  /// Whether the provider signs it; a client signs the others.
  private var isProviders: Bool {
    !token.isSignedByClient
  }

  func all() -> [PastedCheck] {
    guard case .given = examination.keys else { return judged() }
    return judged().map(Self.withGivenKeys)
  }

  /// The same verdict, told of keys that somebody gave: whose they are is not known.
  private static func withGivenKeys(_ check: PastedCheck) -> PastedCheck {
    var check = check
    switch (check.id, check.verdict) {
    case (CheckID.idTokenKidKnown.rawValue, .pass):
      check.why = "The key is among those that were given."
    case (CheckID.idTokenKidKnown.rawValue, .fail):
      check.verdict = .warn
      check.why = "None of the keys that were given is the one that signed this token."
    case (CheckID.idTokenSignature.rawValue, .pass), ("token-signature", .pass):
      check.why = "Header and claims are what the owner of the given key signed."
    case (CheckID.idTokenSignature.rawValue, .fail), ("token-signature", .fail):
      check.why =
        "Header or claims are not what the owner of the given key signed, or another key signed "
        + "them."
    default: break
    }
    return check
  }

  private func judged() -> [PastedCheck] {
    guard !isIDToken, let jws = token.jws, let claims = token.claims else {
      return list().map { PastedCheck(token.name, $0) }
    }
    return other(jws, claims)
  }

  /// A signed token that is no ID token: its signature, and the rules of its own kind.
  private func other(_ jws: CompactJWS, _ claims: JSONValue) -> [PastedCheck] {
    let work = IDTokenExamination(
      token.text, algorithm: .unknown(PastedExamination.absent), keys: keys,
      clientSecret: .unknown("is not asked for"), hashed: [])
    let findings = work.tasks.map(examination.compute)
    let names: [CheckID: String] = [
      .idTokenSignature: "token-signature", .idTokenAlgNone: "token-alg-none",
    ]
    let signed = SignatureChecks.all(work, findings, evidence).compactMap { check in
      names[check.id].map { name in
        PastedCheck(
          token.name, name, check.verdict, expected: check.expected, found: check.found,
          why: check.why, spec: .rfc(7515, "5.2"))
      }
    }
    return signed
      + TokenRules(
        token.name, token.use, header: jws.header, claims: claims, now: examination.now,
        skew: examination.clockSkewSeconds
      ).checks()
  }

  /// Whether only another reader has to make sense of it: an application passes it on unread.
  private var isUnreadByUs: Bool { [.accessToken, .refreshToken].contains(token.use) }

  private func list() -> [Check] {
    switch token.form {
    case .signed(let jws): return signed(jws)
    case .encrypted:
      return [
        Check(
          .idTokenStructure, .skip, found: "five segments",
          why: "not run: the token is encrypted; only who has the private key can read it.")
      ]
    case .broken(let fault):
      return [
        Check(
          .idTokenStructure, isUnreadByUs ? .warn : .fail,
          expected: "a header, claims and a signature in base64url without padding",
          found: "a damaged token",
          why: fault.explanation)
      ]
    case .opaque(let reason):
      if isIDToken {
        return [
          Check(
            .idTokenStructure, .fail, expected: "a signed JWT in three segments",
            found: "an opaque text", why: "It is no JWT: \(reason).")
        ]
      }
      guard token.use == .accessToken else { return [] }
      return [Check(.accessTokenAud, .skip, why: "not run: the token is opaque; \(reason).")]
    }
  }

  private func signed(_ jws: CompactJWS) -> [Check] {
    let work = IDTokenExamination(
      token.text, algorithm: .unknown(PastedExamination.absent), keys: keys,
      clientSecret: .unknown("is not asked for"),
      hashed: HashChecks.hashed(
        code: known("code"), accessToken: known("access_token"), state: known("state")))
    let evidence = evidence
    let findings = work.tasks.map(examination.compute)
    var checks = SignatureChecks.all(work, findings, evidence)
    guard let claims = token.claims else { return checks }
    checks += ClaimChecks.all(claims, evidence)
    switch token.use {
    case .idToken where message.kind == .tokenResponse:
      checks += HashChecks(work, claims, findings, evidence).back()
    case .idToken where token.name == "id_token" || token.name == "token":
      checks += HashChecks(work, claims, findings, evidence).front()
    default: break
    }
    return checks
  }

  private var keys: SigningKeys {
    if case .given(let set) = examination.keys { return .ofIssuer(named(set)) }
    guard isProviders else { return .ofAnother("the client signed it, not the issuer") }
    switch examination.keys {
    case .none:
      return .missing("there are no keys; --issuer URL fetches them, --key FILE gives them")
    case .unreachable(let reason): return .missing("the keys could not be fetched: \(reason)")
    case .published(_, let set), .given(let set): return .ofIssuer(set)
    }
  }

  /// A key without a name, as PEM holds it, is taken for the one that the token names.
  private func named(_ set: JSONWebKeySet) -> JSONWebKeySet {
    guard let keyID = token.header?["kid"]?.string else { return set }
    return JSONWebKeySet(
      keys: set.keys.map { key in
        guard key.keyID == nil else { return key }
        var json = key.json
        json.set("kid", .string(keyID))
        return JSONWebKey(json) ?? key
      })
  }

  /// What this text tells about the token.
  private var evidence: TokenEvidence {
    var evidence = TokenEvidence(
      unknown: PastedExamination.absent, judge: .reader, now: examination.now,
      clockSkewSeconds: examination.clockSkewSeconds)
    evidence.kind = !isIDToken ? .other : token.name == "id_token_hint" ? .idTokenHint : .idToken
    evidence.channel =
      message.isFrontAnswer ? .front : message.kind == .tokenResponse ? .back : nil
    if isProviders { evidence.issuer = examination.askedIssuer }
    evidence.clientID =
      examination.clientID.map(Known.known) ?? .unknown("is not in this text: give --client-id ID")
    if isIDToken, case .published(let metadata, _) = examination.keys {
      evidence.offeredAlgorithms = .known(metadata.idTokenSigningAlgorithms)
    }
    for (name, part) in [
      ("code", \TokenEvidence.code), ("access_token", \.accessToken), ("state", \.state),
    ] {
      if let value = known(name) { evidence[keyPath: part] = .known(value) }
    }
    if isIDToken, let nonce = examination.extras.nonce ?? examination.request.value("nonce") {
      evidence.nonce = .known(nonce)
    }
    return evidence
  }

  /// A value that came with the token: in the text, or given beside it.
  private func known(_ name: String) -> String? {
    switch name {
    case "code": message[name] ?? examination.extras.code
    case "access_token": message[name] ?? examination.extras.accessToken
    default: message[name]
    }
  }
}
