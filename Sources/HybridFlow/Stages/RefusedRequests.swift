import OpenID

/// Requests at the redirect URI that its HTTP layer refused: no answer ever stood in them as far as
/// the application can know, and yet one of them may have been the tenant's.
///
/// Each is shown, and the run goes on waiting, because anybody can cause one. When no answer comes,
/// the first of them says why.
extension RefusedAnswers {
  /// Writes down what was refused, and leaves the run as it is.
  static func refuse(
    _ refused: RefusedRequest, _ requested: Requested, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State {
    let redirectURI = requested.prepared.listening.redirectURI
    guard refused.mayBeFor(redirectURI) else {
      return step.late(.requestRefused(refused), staying: state)
    }
    guard
      step.stray(
        StrayRequests(.unread), step.newestStage,
        refused.sentence + " The run waits for the answer.", warns: true)
    else { return state }
    step.transcript.refusedRequests.append(refused)
    let method = refused.request?.method ?? ""
    let url = redirectURI.origin + (refused.request?.target ?? "")
    if let request = refused.request {
      step.message(
        .callback, from: .browser, to: .application, .received, .request(request),
        method: method, url: url)
    }
    if let response = refused.response {
      step.message(
        .callback, from: .application, to: .browser, .sent, .response(response), method: method,
        url: url)
    }
    return state
  }

  /// Stops the run for want of an answer.
  static func stop(_ step: inout FlowStep) -> FlowMachine.State {
    guard let refused = step.transcript.refusedAnswer else {
      return step.fail(.callback, .provider(.unreadable("No answer was taken.")))
    }
    return step.fail(.callback, .environment(.answerRefused(refused)))
  }
}

extension Transcript {
  /// The refused request that stands for the answer that did not come.
  ///
  /// One of which it is known that it went to the redirect URI, where there is such a one.
  var refusedAnswer: RefusedRequest? {
    refusedRequests.first { $0.request != nil } ?? refusedRequests.first
  }
}

extension RefusedRequest {
  /// Whether it went to the redirect URI as far as can be known.
  func mayBeFor(_ redirectURI: WebURL) -> Bool {
    guard let request else { return true }
    return request.path.isIdentical(to: redirectURI.path.isEmpty ? "/" : redirectURI.path)
  }

  /// What came and what became of it; its path is not yet made harmless.
  public var sentence: String {
    let what = line.map { "The request \($0)" } ?? "A request"
    let answered = status.map { "was refused with HTTP \($0)" } ?? "was not taken"
    return "\(what) at the application\u{2019}s port \(answered): \(why)."
  }
}
