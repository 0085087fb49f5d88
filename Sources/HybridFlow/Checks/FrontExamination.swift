import OpenID

/// The work of stage 5: what libcrypto must compute, and the verdict on everything together.
struct FrontExamination: Sendable, Equatable {
  let token: IDTokenExamination?
  /// The digest tasks, which follow the signature tasks.
  private let digests: [Subject]

  /// A value whose digest is needed.
  private struct Subject: Sendable, Equatable {
    let claim: String
    let value: String
  }

  /// What came out.
  struct Verdict {
    let checks: [Check]
    let token: VerifiedIDToken?
  }

  init(answer: AuthorizationResponse, requested: Requested, keys: JSONWebKeySet) {
    token = answer["id_token"].map {
      IDTokenExamination($0, configuration: requested.configuration, keys: keys)
    }
    var subjects: [Subject] = []
    if token?.hashDigest != nil {
      if let code = answer["code"] { subjects.append(Subject(claim: "c_hash", value: code)) }
      if let access = answer["access_token"] {
        subjects.append(Subject(claim: "at_hash", value: access))
      }
      if let state = answer["state"] { subjects.append(Subject(claim: "s_hash", value: state)) }
    }
    digests = subjects
  }

  var tasks: [CryptoTask] {
    guard let token else { return [] }
    guard let digest = token.hashDigest else { return token.tasks }
    return token.tasks + digests.map { .digest(Array($0.value.utf8), digest) }
  }

  func judge(
    _ findings: [CryptoFinding], answer: AuthorizationResponse, requested: Requested, now: UnixTime
  ) -> Verdict {
    var checks = CallbackChecks.delivery(answer)
    let off = requested.configuration.experiment.checksOff
    if answer.fault != nil || !off.contains(.callbackNoDuplicates),
      checks.contains(where: { $0.id == .callbackNoDuplicates && $0.verdict == .fail })
    {
      return Verdict(checks: checks, token: nil)
    }
    checks += CallbackChecks.parameters(answer, requested, token)
    guard answer.error == nil else { return Verdict(checks: checks, token: nil) }
    guard let token else {
      let reason =
        requested.asked.hasIDToken
        ? "not run: the ID token is missing"
        : "not run: this response type brings no ID token through the browser"
      for id: CheckID in [.idTokenSignature, .nonceMatch, .cHashMatch, .atHashMatch] {
        checks.append(Check(id, .skip, why: reason + "."))
      }
      return Verdict(checks: checks, token: nil)
    }
    let context = IDTokenContext(requested, channel: .front, now: now)
    let signatureFindings = Array(findings.prefix(token.tasks.count))
    checks += SignatureChecks.all(token, signatureFindings, context)
    if let claims = token.claims {
      checks += ClaimChecks.all(claims, context)
      checks += hashes(
        claims, token, Array(findings.dropFirst(token.tasks.count)), answer)
    }
    return Verdict(checks: checks, token: token.verified(checks, requested.configuration))
  }

  private func hashes(
    _ claims: JSONValue, _ token: IDTokenExamination, _ findings: [CryptoFinding],
    _ answer: AuthorizationResponse
  ) -> [Check] {
    let binder = Binder(token: token, claims: claims, digests: digests, findings: findings)
    var checks: [Check] = []
    if let code = answer["code"] {
      checks += binder.required(
        .cHashPresent, .cHashMatch, "c_hash", of: "the code", code,
        mismatch: "It is not the code that the token was issued with. It must not be sent.",
        match: "The code is the one that was issued with this token.")
    }
    if let access = answer["access_token"] {
      checks += binder.required(
        .atHashPresent, .atHashMatch, "at_hash", of: "the access token", access,
        mismatch: "It is not the access token that the ID token was issued with.",
        match: "The access token is the one that was issued with this token.")
    } else {
      let why = "not run: no access token came with this response type."
      checks.append(Check(.atHashPresent, .skip, why: why))
      checks.append(Check(.atHashMatch, .skip, why: why))
    }
    if let claim = claims["s_hash"], let state = answer["state"] {
      checks.append(
        HashChecks.compare(
          binder.item(.sHashMatch, "s_hash", "the state", state, claim),
          mismatch: "The token was issued for another state.",
          match: "The token was issued for this state."))
    } else {
      checks.append(
        Check(.sHashMatch, .skip, why: "The token has no s_hash, and need not have one."))
    }
    return checks
  }

  /// Compares the hash claims of one token with the values that arrived with it.
  private struct Binder {
    let token: IDTokenExamination
    let claims: JSONValue
    let digests: [Subject]
    let findings: [CryptoFinding]

    func item(
      _ id: CheckID, _ name: String, _ valueName: String, _ value: String, _ claim: JSONValue
    ) -> HashChecks.Claim {
      let index = digests.firstIndex { $0.claim == name }
      return HashChecks.Claim(
        id: id, name: name, valueName: valueName, value: value, claim: claim,
        digest: token.hashDigest,
        finding: index.flatMap { findings.indices.contains($0) ? findings[$0] : nil },
        algorithmName: token.jws?.algorithmName ?? "none")
    }

    /// A claim that must be present and match.
    func required(
      _ present: CheckID, _ matches: CheckID, _ name: String, of valueName: String,
      _ value: String, mismatch: String, match: String
    ) -> [Check] {
      guard let claim = claims[name] else {
        return [
          Check(
            present, .fail, expected: name, found: "absent",
            why: "Nothing says which \(valueName.dropFirst(bytes: 4)) belongs to this token."),
          Check(matches, .skip, why: "not run: the token has no \(name)."),
        ]
      }
      return [
        Check(
          present, .pass, expected: name, found: name,
          why:
            "The signed token has the hash of the \(valueName.dropFirst(bytes: 4)) it was issued "
            + "with."),
        HashChecks.compare(
          item(matches, name, valueName, value, claim), mismatch: mismatch, match: match),
      ]
    }
  }
}
