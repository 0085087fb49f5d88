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
          .idTokenStructure, .fail,
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
        code: message["code"], accessToken: message["access_token"], state: message["state"]))
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
    guard isProviders else { return .ofAnother("the client signed it, not the issuer") }
    switch examination.keys {
    case .none: return .missing("there are no keys: give --issuer URL to fetch them")
    case .unreachable(let reason): return .missing("the keys could not be fetched: \(reason)")
    case .published(_, let set): return .ofIssuer(set)
    }
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
      if let value = message[name] { evidence[keyPath: part] = .known(value) }
    }
    return evidence
  }
}
