import OpenID

/// Requests at the redirect URI that the HTTP layer refused: the application could not read them,
/// yet one of them may have been the tenant's response.
///
/// Each is shown, and the run keeps waiting, because anyone can cause one. When no response comes,
/// the first of them gives the reason.
extension RefusedAnswers {
  /// Records the refused request, and does not change the run.
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
        [refused.sentence, refused.remedy, "The run waits for the answer."]
          .compactMap(\.self).joined(separator: " "), warns: true)
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

  /// Stops the run because no response came.
  static func stop(_ step: inout FlowStep) -> FlowMachine.State {
    guard let refused = step.transcript.refusedAnswer else {
      return step.fail(.callback, .provider(.unreadable("No answer was taken.")))
    }
    return step.fail(.callback, .environment(.answerRefused(refused)))
  }
}

extension Transcript {
  /// The refused request that was probably the missing response.
  ///
  /// One that certainly went to the redirect URI is preferred.
  var refusedAnswer: RefusedRequest? {
    refusedRequests.first { $0.request != nil } ?? refusedRequests.first
  }
}

extension RefusedRequest {
  /// Whether it may have been sent to the redirect URI.
  func mayBeFor(_ redirectURI: WebURL) -> Bool {
    guard let request else { return true }
    return request.path.isIdentical(to: redirectURI.path.isEmpty ? "/" : redirectURI.path)
  }

  /// What arrived and how it was handled; its path is not yet made safe to show.
  public var sentence: String {
    let what = line.map { "The request \($0)" } ?? "A request"
    let answered = status.map { "was refused with HTTP \($0)" } ?? "was not taken"
    return "\(what) at the application\u{2019}s port \(answered): \(why)."
  }
}
