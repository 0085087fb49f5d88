import OpenID

/// Posts at the redirect URI that are not the answer to this run, while one is waited for.
///
/// Any page in any browser of this machine can post there. If such a post ended the run, a stranger
/// could end anybody's sign-in: so it is refused, shown, and the run goes on waiting for the true
/// answer. Only when none comes do the refused ones decide how the run ends, because then a
/// provider that loses the state is the likelier cause.
///
/// RFC 6749, section 10.12; OpenID Connect Core 1.0, section 3.3.2.8.
enum RefusedAnswers {
  /// Most bytes of a refused body that are kept; the others cost memory and say nothing.
  static let keptBodyBytes = 4096

  /// Whether a post is none of ours.
  ///
  /// The laboratory's faults are to stop the run, and do.
  static func refuses(
    _ request: HTTPRequest, _ answer: AuthorizationResponse, _ requested: Requested,
    in state: FlowMachine.State
  ) -> Bool {
    // What the built-in browser has posted just now is the answer, whatever is wrong with it.
    if case .postingAnswer = state { return false }
    guard request.method == "POST" else { return false }
    guard requested.configuration.experiment.tampering == nil else { return false }
    let sent = requested.sent("state") ?? ""
    return !sent.isEmpty && answer["state"]?.isIdentical(to: sent) != true
  }

  /// Writes the post down with what is wrong about it, and leaves the run as it is.
  static func refuse(
    _ number: CallbackNumber, _ request: HTTPRequest, _ answer: AuthorizationResponse,
    _ requested: Requested, staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State {
    var checks = CallbackChecks.delivery(answer)
    // A body that cannot be decoded has no state to look at.
    if answer.fault == nil { checks.append(CallbackChecks.state(answer, requested)) }
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

  /// The rules that the refused posts have broken, if any came.
  static func broken(_ transcript: Transcript) -> [CheckID] {
    transcript[.callback].checks.filter { $0.isOfRefused && $0.verdict == .fail }.map(\.id)
  }

  /// No answer came in time.
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
