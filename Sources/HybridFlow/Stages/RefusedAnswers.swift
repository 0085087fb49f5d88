import OpenID

/// POSTs at the redirect URI that are not the response to this run, while one is expected.
///
/// Any page in any browser on this machine can post there. If such a POST ended the run, an
/// attacker could end anyone's sign-in. So it is refused and shown, and the run keeps waiting for
/// the real response. Only if none comes do the refused ones decide how the run ends: then the
/// likelier cause is a provider that loses the state.
///
/// An error without any state is what a provider sends that leaves out state. It shortens the wait
/// to ``graceSeconds``: time enough for a true response that is on its way already. A page that
/// forges one gains nothing but an end that says where to look.
///
/// RFC 6749, section 10.12; OpenID Connect Core 1.0, section 3.3.2.8.
enum RefusedAnswers {
  /// Most bytes of a refused body that are kept; more would only cost memory.
  static let keptBodyBytes = 4096
  /// How long the run still waits after an error that came without a state, in seconds.
  static let graceSeconds: Int64 = 5

  /// Whether a POST does not belong to this run.
  ///
  /// The lab's faults must stop the run, so they are not refused.
  static func refuses(
    _ request: HTTPRequest, _ answer: AuthorizationResponse, _ requested: Requested,
    in state: FlowMachine.State
  ) -> Bool {
    // A POST just sent by the built-in browser is the response, even if it is wrong.
    if case .postingAnswer = state { return false }
    guard request.method == "POST" else { return false }
    guard requested.configuration.experiment.tampering == nil else { return false }
    let sent = requested.sent("state") ?? ""
    return !sent.isEmpty && !answer.isSealed
      && answer.apparentState?.isIdentical(to: sent) != true
  }

  /// Records the POST and what is wrong with it, and does not change the run.
  static func refuse(
    _ number: CallbackNumber, _ request: HTTPRequest, _ answer: AuthorizationResponse,
    _ requested: Requested, staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let evidence = AnswerEvidence(answer, requested)
    var checks = CallbackChecks.delivery(answer, evidence)
    // A body that cannot be decoded has no state to check.
    if answer.fault == nil { checks += belonging(answer, requested, evidence, at: step.now) }
    checks.removeAll { $0.verdict != .fail }
    let rules = checks.map(\.id)
    let size = request.body.count
    let isKept = step.stray(
      StrayRequests(.refused, reasons: rules), step.newestStage,
      note(request, answer, rules)
        + (size > keptBodyBytes
          ? " Of its \(size) bytes the first \(keptBodyBytes) are kept." : ""),
      warns: true)
    if isKept {
      var kept = request
      kept.body = Array(request.body.prefix(keptBodyBytes))
      step.message(
        .callback, from: .browser, to: .application, .received, .request(kept),
        method: request.method, url: CallbackStage.callbackURL(request, requested))
    }
    let known = broken(step.transcript)
    for var check in checks where !known.contains(check.id) {
      check.isOfRefused = true
      check.why += " It was refused, and the run waits for the true answer."
      step.transcript[.callback].checks.append(check)
    }
    // A tenant that leaves out state is no stranger.
    let isBare = answer.error != nil && answer["state"] == nil && !wantsJWT(requested)
    step.effects.append(.answerCallback(number, isBare ? .notExpected : .notOurs))
    guard isKept, isBare,
      case .browserAway(let away) = state
    else { return state }
    return .browserAway(away.waiting(until: step.now.adding(seconds: graceSeconds)))
  }

  /// Whether only a signed answer counts, so that nothing else that came is believed.
  private static func wantsJWT(_ requested: Requested) -> Bool {
    requested.askedMode?.isJWT == true
  }

  /// Whether it is an answer to this run.
  private static func belonging(
    _ answer: AuthorizationResponse, _ requested: Requested, _ evidence: AnswerEvidence,
    at now: UnixTime
  ) -> [Check] {
    let jwt = ResponseJWTEvidence(requested, now: now)
    // The state is in the JWT, which the page has kept: only the way can be judged.
    if answer.keepsResponseJWT { return [] }
    guard let text = answer.responseJWT else {
      return (wantsJWT(requested) ? [ResponseJWTChecks.modeExact(answer, jwt)] : [])
        + [CallbackChecks.state(evidence)]
    }
    guard let claims = ResponseJWT.claims(in: text) else {
      return [ResponseJWTChecks.unreadable(text, requested)]
    }
    return [ResponseJWTChecks.state(claims["state"], jwt)]
  }

  private static func note(
    _ request: HTTPRequest, _ answer: AuthorizationResponse, _ rules: [CheckID]
  ) -> String {
    let reasons = rules.map(\.rawValue).joined(separator: ", ")
    guard let error = answer.error else {
      return "A \(request.method) came that is not the answer to this run: \(reasons) failed. It "
        + "came from an old tab, or from somebody else, was refused and changed nothing: go on "
        + "signing in."
    }
    let words = error.summary.prefix(bytes: keptBodyBytes / 8)
    return answer["state"] == nil
      ? "A \(request.method) came with \(words), and without state. It is the tenant\u{2019}s "
        + "answer if it leaves out state; for \(graceSeconds) s the run waits for another one."
      : "A \(request.method) came with \(words), and with another state: \(reasons) failed. "
        + "It was refused; if nothing else comes, it is taken for the tenant\u{2019}s answer."
  }

  /// The error in the newest of the refused requests, if one of them brought an error.
  static func error(_ transcript: Transcript) -> OAuthError? {
    transcript[.callback].messages.reversed().lazy
      .filter { $0.from == .browser && $0.to == .application }
      .compactMap(\.request)
      .compactMap { AuthorizationResponse($0, at: UnixTime(seconds: 0)).error }.first
  }

  /// How a run ends that was answered with an error.
  ///
  /// `access_denied` means that the person declined, or that a rule of the provider did.
  static func failure(_ error: OAuthError) -> FlowFailure {
    error.code == "access_denied" ? .person(.declined(error)) : .provider(.refused(error))
  }

  /// Whether a rule is about how an answer came, and not about what it says.
  static func isAboutCarriage(_ id: CheckID) -> Bool {
    [.callbackMethod, .responseModeExact, .callbackContentType, .stateMatch, .responseIss]
      .contains(id)
  }

  /// The rules that the refused POSTs broke, if there were any.
  static func broken(_ transcript: Transcript) -> [CheckID] {
    transcript[.callback].checks.filter { $0.isOfRefused && $0.verdict == .fail }.map(\.id)
  }

  /// No response came in time.
  static func runOut(_ away: BrowserAway, _ step: inout FlowStep) -> FlowMachine.State {
    let broken = broken(step.transcript)
    guard broken.isEmpty else {
      for earlier in [Stage.prompt, .authenticate] {
        step.begin(earlier, observed: away.requested.configuration.observesTenant)
        step.end(earlier)
      }
      if !wantsJWT(away.requested), let error = error(step.transcript) {
        return step.fail(.callback, failure(error))
      }
      return step.fail(.callback, .provider(.checksFailed(broken)))
    }
    guard step.transcript.refusedAnswer == nil else {
      for earlier in [Stage.prompt, .authenticate] {
        step.begin(earlier, observed: away.requested.configuration.observesTenant)
        step.end(earlier)
      }
      return stop(&step)
    }
    // The built-in browser may have been at the sign-in before the real one took over.
    return step.fail(
      step.newestStage,
      .person(.noCallback(seconds: away.requested.configuration.callbackWaitSeconds)))
  }
}
