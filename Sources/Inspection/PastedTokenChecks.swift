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
    guard case .given = examination.keys, token.ownKeys == nil else { return judged() }
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
    case (CheckID.idTokenSignature.rawValue, .pass), ("token-signature", .pass),
      (CheckID.jarmSignature.rawValue, .pass):
      check.why = "Header and claims are what the owner of the given key signed."
    case (CheckID.idTokenSignature.rawValue, .fail), ("token-signature", .fail),
      (CheckID.jarmSignature.rawValue, .fail):
      check.why =
        "Header or claims are not what the owner of the given key signed, or another key signed "
        + "them."
    default: break
    }
    return check
  }

  private func judged() -> [PastedCheck] {
    if case .encrypted = token.form { return copied() + encrypted() }
    if case .broken(let fault) = token.form { return [broken(fault)] }
    if token.use == .responseObject, let jws = token.jws {
      return copied() + response(jws).map { PastedCheck(token.name, $0) }
    }
    guard !isIDToken, let jws = token.jws, let claims = token.claims else {
      return copied() + list().map { PastedCheck(token.name, $0) }
    }
    return copied() + other(jws, claims)
  }

  /// What happened to the token while it was copied; it was mended before it was read.
  private func copied() -> [PastedCheck] {
    guard let slip = token.slip, !slip.isFault else { return [] }
    return [
      PastedCheck(
        token.name, "token-copy", .warn, expected: "the token as it was issued",
        found: "a changed copy",
        why: slip.sentence + " It was read without that; a program would refuse it.",
        spec: .rfc(7515, "7.1"))
    ]
  }

  /// A damaged token; one that is no ID token only warns, for it is its own receiver that reads it.
  private func broken(_ fault: TokenError) -> PastedCheck {
    PastedCheck(
      token.name, isIDToken ? CheckID.idTokenStructure.rawValue : "token-structure",
      isIDToken ? .fail : .warn,
      expected: "a header, claims and a signature in base64url without padding",
      found: token.slip == nil ? "a damaged token" : "a token in the wrong encoding",
      why: [fault.explanation, token.slip?.sentence].compactMap { $0 }.joined(separator: " "),
      spec: .rfc(7515, "5.2"))
  }

  /// An encrypted token: only its parts can be looked at.
  private func encrypted() -> [PastedCheck] {
    let parts = token.encryptedParts?.parts ?? []
    let faults = parts.compactMap { part in part.fault.map { "\(part.name): \($0)" } }
    return [
      PastedCheck(
        token.name, isIDToken ? CheckID.idTokenStructure.rawValue : "token-structure", .skip,
        found: "five segments",
        why: "not run: the token is encrypted; only who has the private key can read it. "
          + "--key FILE with that key opens it.",
        spec: .rfc(7516, "7.1")),
      PastedCheck(
        token.name, "jwe-parts", faults.isEmpty ? .pass : .fail,
        expected: "five parts of the lengths that alg and enc have",
        found: parts.map { "\($0.name) \($0.length)" }.joined(separator: ", "),
        why: faults.isEmpty
          ? "Nothing was cut off, as far as the lengths tell." : faults.joined(separator: " "),
        spec: .rfc(7516, "7.1")),
    ]
  }

  /// A signed token that is no ID token: its signature, and the rules of its own kind.
  private func other(_ jws: CompactJWS, _ claims: JSONValue) -> [PastedCheck] {
    let work = IDTokenExamination(
      jws.text, algorithm: .unknown(PastedExamination.absent), keys: keys,
      clientSecret: .unknown("is not asked for"), hashed: [])
    let findings = work.tasks.map(examination.compute)
    let names: [CheckID: String] = [
      .idTokenSignature: "token-signature", .idTokenAlgNone: "token-alg-none",
    ]
    let signed = SignatureChecks.all(work, findings, evidence).compactMap { check in
      names[check.id].map { name in
        let own = name == "token-signature" && token.ownKeys != nil
        return PastedCheck(
          token.name, name, check.verdict, expected: check.expected,
          found: own && check.verdict == .pass
            ? "\(jws.algorithmName), \(token.ownKeyName)" : check.found,
          why: (own ? token.meaning(ofOwn: check.verdict) : nil) ?? check.why,
          spec: .rfc(7515, "5.2"))
      }
    }
    return signed
      + TokenRules(
        token.name, token.use, header: jws.header, claims: claims, now: examination.now,
        skew: examination.clockSkewSeconds
      ).checks()
      + ProofRules(
        token: token, claims: claims, accessToken: message["access_token"],
        compute: examination.compute
      ).checks()
      + boundTo(claims)
  }

  /// Whether it is bound to the certificate that was given.
  private func boundTo(_ claims: JSONValue) -> [PastedCheck] {
    guard let certificate = examination.extras.certificate, isProviders else { return [] }
    return [PastedCheck(token.name, CertificateChecks.pasted(claims, certificate))]
  }

  /// A signed authorization response: the flow's own checks of it.
  private func response(_ jws: CompactJWS) -> [Check] {
    let work = IDTokenExamination(
      jws.text, algorithm: .unknown(PastedExamination.absent), keys: keys,
      clientSecret: .unknown("is not asked for"), hashed: [])
    var own = evidence
    if case .published(let metadata, _) = examination.keys,
      let listed = metadata.responseSigningAlgorithms
    {
      own.offeredAlgorithms = .known(listed)
    }
    var known = ResponseJWTEvidence(unknown: PastedExamination.absent, token: own)
    if let state = examination.request.value("state") { known.sentState = .known(state) }
    return ResponseJWTChecks.all(work, work.tasks.map(examination.compute), known)
  }

  private func list() -> [Check] {
    switch token.form {
    case .signed(let jws): return signed(jws)
    case .encrypted: return []
    case .broken: return []
    case .opaque(let reason):
      if isIDToken {
        return [
          Check(
            .idTokenStructure, .fail, expected: "a signed JWT in three segments",
            found: "an opaque text", why: token.slip?.sentence ?? "It is no JWT: \(reason).")
        ]
      }
      guard token.use == .accessToken else { return [] }
      return [Check(.accessTokenAud, .skip, why: "not run: the token is opaque; \(reason).")]
    }
  }

  private func signed(_ jws: CompactJWS) -> [Check] {
    let work = IDTokenExamination(
      jws.text, algorithm: .unknown(PastedExamination.absent), keys: keys,
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
    if let own = token.ownKeys { return .ofIssuer(own) }
    if let why = token.whyNotVerifiable { return .ofAnother(why) }
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
