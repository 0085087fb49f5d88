import OpenID

/// The work of stage 5: what libcrypto must compute, and the verdict on everything together.
struct FrontExamination: Sendable, Equatable {
  let token: IDTokenExamination?
  /// What came out.
  struct Verdict {
    let checks: [Check]
    let token: VerifiedIDToken?
  }

  init(
    answer: AuthorizationResponse, requested: Requested, keys: JSONWebKeySet,
    envelope: TokenEnvelope?
  ) {
    let hashed = HashChecks.hashed(
      code: answer["code"], accessToken: answer["access_token"], state: answer["state"])
    token = answer["id_token"].map {
      IDTokenExamination(
        $0, requested.configuration, keys: keys, hashed: hashed, envelope: envelope)
    }
  }

  var tasks: [CryptoTask] { token?.tasks ?? [] }

  func judge(
    _ findings: [CryptoFinding], answer: AuthorizationResponse, requested: Requested, now: UnixTime
  ) -> Verdict {
    let received = AnswerEvidence(answer, requested, token)
    // How the JWT came in which it was is judged already.
    var checks = answer.outer == nil ? CallbackStage.delivery(answer, requested) : []
    let off = requested.configuration.experiment.checksOff
    if answer.fault != nil || !off.contains(.callbackNoDuplicates),
      checks.contains(where: { $0.id == .callbackNoDuplicates && $0.verdict == .fail })
    {
      return Verdict(checks: checks, token: nil)
    }
    // The page has told what came, and has kept the values.
    guard answer.kept.isEmpty || answer.error != nil else {
      return Verdict(checks: checks + [CallbackChecks.state(received)], token: nil)
    }
    checks += CallbackChecks.parameters(received)
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
    var evidence = TokenEvidence(requested, channel: .front, now: now)
    evidence.code = .known(answer["code"])
    evidence.accessToken = .known(answer["access_token"])
    evidence.state = .known(answer["state"])
    checks += SignatureChecks.all(token, findings, evidence)
    checks += ProfileTokenChecks.token(token, requested, .front)
    if let claims = token.claims {
      checks += ClaimChecks.all(claims, evidence)
      checks += HashChecks(token, claims, findings, evidence).front()
    }
    return Verdict(checks: checks, token: token.verified(checks, requested.configuration))
  }
}
