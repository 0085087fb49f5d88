import OpenID

/// POSTs at the redirect URI that are not the response to this run, while one is expected.
///
/// Any page in any browser on this machine can post there. If such a POST ended the run, an
/// attacker could end anyone's sign-in. So it is refused and shown, and the run keeps waiting for
/// the real response. Only if none comes do the refused ones decide how the run ends: then the
/// likelier cause is a provider that loses the state.
///
/// RFC 6749, section 10.12; OpenID Connect Core 1.0, section 3.3.2.8.
enum RefusedAnswers {
  /// Most bytes of a refused body that are kept; more would only cost memory.
  static let keptBodyBytes = 4096

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
    return !sent.isEmpty && answer["state"]?.isIdentical(to: sent) != true
  }

  /// Records the POST and what is wrong with it, and does not change the run.
  static func refuse(
    _ number: CallbackNumber, _ request: HTTPRequest, _ answer: AuthorizationResponse,
    _ requested: Requested, staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let evidence = AnswerEvidence(answer, requested)
    var checks = CallbackChecks.delivery(answer, evidence)
    // A body that cannot be decoded has no state to check.
    if answer.fault == nil { checks.append(CallbackChecks.state(evidence)) }
    checks.removeAll { $0.verdict != .fail }
    let rules = checks.map(\.id)
    let size = request.body.count
    let isKept = step.stray(
      StrayRequests(.refused, reasons: rules), step.newestStage,
      "A POST came that is not the answer to this run: "
        + rules.map(\.rawValue).joined(separator: ", ") + " failed. It came from an old tab, "
        + "or from somebody else, was refused and changed nothing: go on signing in."
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
    step.effects.append(.answerCallback(number, .notOurs))
    return state
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
