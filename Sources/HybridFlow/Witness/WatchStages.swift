import OpenID

/// What is special about a login that the demo tenant itself has seen: see ``Witness/Source/tenant``.
///
/// The tenant sees the browser and the back channel. What browser and application say to each other
/// does not pass it, and what the application makes of an answer shows only in what it sends next.
enum WatchStages {
  /// Stage 1: the documents nobody may have asked for in this login.
  static let documentsUnseen =
    "Whether the application has read these two documents cannot be seen: a request for them names "
    + "nobody, and most applications keep them. They are shown as the tenant serves them now."

  /// Stage 5, once.
  private static let answerUnseen =
    "This is the answer as the tenant gave it to the browser. Whether the application compares "
    + "state, nonce, signature and hashes, and what it shows the person, cannot be seen from here: "
    + "only what it sends next."

  /// Stage 8.
  static let comparisonUnseen =
    "Whether the application compares the second ID token with the first cannot be seen from here."

  /// Stage 10.
  static let subjectUnseen =
    "Whether the application compares sub here with sub in the ID token cannot be seen from here."

  /// Why this stage and all after it have nothing to show.
  static func notDone(_ stage: Stage) -> String {
    stage <= .tokens
      ? "The application has not sent the code to the token endpoint."
      : "The application has called neither userinfo nor the API with the access token."
  }

  /// The end of stage 5: the application decides, and nothing tells how.
  static func endCallback(_ checks: [Check], _ step: inout FlowStep) {
    step.note(.callback, answerUnseen)
    let failed = checks.filter { $0.verdict == .fail }.map(\.id.rawValue)
    if !failed.isEmpty {
      step.note(
        .callback,
        "A careful application stops here: \(failed.joined(separator: ", ")). If a token request "
          + "follows at stage 6, this one did not.", warns: true)
    }
    step.end(.callback)
  }

  /// Stage 2.
  static let redirectUnseen =
    "The request is as the browser brought it. The application\u{2019}s redirect to it, with its "
    + "cookies, cannot be seen from here."

  /// Stage 2, for a request that was pushed.
  static let pushedSeen =
    "The application has pushed these parameters to the tenant over the back channel (RFC 9126). The "
    + "browser brought client_id and request_uri alone."

  /// Stage 6: how the application proves who it is.
  static func authentication(
    _ request: HTTPRequest, _ fields: [FormField], _ step: inout FlowStep
  ) {
    let scheme = request.headers["Authorization"]?.before(" ").asciiLowercased ?? ""
    let found =
      scheme == "basic"
      ? "client_secret_basic"
      : fields["client_assertion"] != nil
        ? "private_key_jwt" : fields["client_secret"] != nil ? "client_secret_post" : "none"
    step.value(.exchange, "token_endpoint_auth_method", found, .application)
  }

  /// A back-channel exchange that no stage waits for: a second one, or one after a failed check.
  static func more(
    _ purpose: FetchPurpose, _ request: HTTPRequest, _ response: HTTPResponse,
    _ step: inout FlowStep
  ) {
    let status = "HTTP \(response.status)"
    switch purpose {
    case .token:
      let again = step.transcript[.exchange].messages.contains { $0.request != nil }
      step.received(
        .verify, request, response, from: .authorizationServer, requestStage: .exchange)
      if again { repeated(&step) }
      step.note(
        .exchange,
        again
          ? "The application has sent the code once more: \(status)."
          : "A token request came that this login did not wait for: \(status).", warns: true)
    case .userinfo, .api:
      // A failed check may have ended the run: the application went on.
      for stage in [Stage.api, .data] {
        step.transcript[stage].skippedBecause = nil
        step.end(stage)
      }
      step.received(
        .data, request, response, from: purpose == .userinfo ? .authorizationServer : .api,
        requestStage: .api)
      step.note(.api, "The application has called \(purpose.rawValue): \(status).")
    case .refresh:
      step.note(step.newestStage, "The application has used its refresh token: \(status).")
    case .introspection:
      step.note(step.newestStage, "A token of this login was introspected: \(status).")
    case .revocation:
      step.note(step.newestStage, "The application has revoked a token: \(status).")
    case .pushedRequest:
      step.received(.authorize, request, response, from: .authorizationServer)
    case .metadata, .keys, .keysAgain: break
    }
  }

  /// Says once that the code was sent more than once.
  private static func repeated(_ step: inout FlowStep) {
    step.transcript[.exchange].checks.removeAll { $0.id == .codeExchangeOnce }
    step.check(
      .exchange,
      [
        Check(
          .codeExchangeOnce, .fail, expected: "once", found: "sent again",
          why: "A provider refuses a second use, and should revoke what the first one gave.")
      ], isOverruled: true)
  }
}

extension FetchPurpose {
  /// Whether it is a call with the access token.
  public var isCall: Bool { self == .userinfo || self == .api }
}
