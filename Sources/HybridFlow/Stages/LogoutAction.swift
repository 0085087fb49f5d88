import OpenID

/// The person is signed out at the tenant, through the browser.
///
/// OpenID Connect RP-Initiated Logout 1.0, sections 2 and 3.
enum LogoutAction {
  static func begin(_ after: Afterwards, _ step: inout FlowStep) -> FlowMachine.State {
    let stage = step.newestStage
    let listening = after.requested.prepared.listening
    let state = listening.secrets.logoutState
    var fields = [
      FormField("id_token_hint", after.newest.text),
      FormField("client_id", after.configuration.clientID),
    ]
    // The site of somebody else has its own address for this, which is not known here.
    if !after.configuration.awaitsPaste,
      let uri = PostLogout.redirectURI(beside: listening.redirectURI)
    {
      fields.append(FormField("post_logout_redirect_uri", uri.text))
      if !state.isEmpty { fields.append(FormField("state", state)) }
    }
    guard let endpoint = after.metadata.endSessionEndpoint.flatMap({ try? WebURL($0) }),
      let url = try? endpoint.adding(fields)
    else {
      let text = "The logout URL would be longer than any server reads."
      return AfterStage.end(after, .provider(.unreadable(text)), &step)
    }
    step.value(
      stage, "id_token_hint", after.newest.text, secret: true, .application, .browser,
      .authorizationServer)
    if !state.isEmpty {
      step.value(stage, "state", state, .application, .browser, .authorizationServer)
    }
    let redirect = HTTPResponse(
      status: 302,
      headers: ["Location": url.text, "Cache-Control": "no-store", "Content-Length": "0"])
    step.message(
      stage, from: .application, to: .browser, after.configuration.redirectEvidence,
      .response(redirect), method: "GET", url: url.text)
    guard !after.configuration.usesBuiltInBrowser else {
      step.effects.append(.navigate(url))
      return .acting(Acting(after: after, action: .logout, waiting: .navigation))
    }
    step.effects.append(.openBrowser(url))
    let until = step.now.adding(seconds: after.configuration.callbackWaitSeconds)
    return .acting(
      Acting(after: after, action: .logout, waiting: .browser(since: step.now, until: until)))
  }

  static func act(
    _ acting: Acting, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .loggedOut(let request) = event { return cameBack(acting, request, &step) }
    if case .browserExchanged(let request, let response) = event {
      exchanged(request, response, &step)
      return .acting(acting)
    }
    switch acting.waiting {
    case .navigation: return navigated(acting, event, &step)
    case .page:
      guard case .formFilled(let form) = event else { return nil }
      show(nil, &step)
      step.effects.append(.submit(form))
      return waiting(acting, for: .navigation)
    case .browser(_, let until): return away(acting, until, event, &step)
    // Not part of a logout.
    case .signing, .response, .decrypting, .keys, .refresh, .userinfo: return nil
    }
  }

  private static func navigated(
    _ acting: Acting, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .pageArrived(let page) = event {
      let asks = page.page.forms.contains { !$0.buttons.isEmpty }
      guard asks, page.status < 400 else { return rested(acting, page, &step) }
      show(page, &step)
      return waiting(acting, for: .page(page))
    }
    if case .pageFailed(let failure) = event {
      return AfterStage.end(acting.after, .environment(.transport(failure)), &step)
    }
    return nil
  }

  private static func away(
    _ acting: Acting, _ until: UnixTime, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .browserOpened(_, let detail) = event {
      step.note(step.newestStage, detail)
      return .acting(acting)
    }
    guard case .clockAdvanced = event, step.now >= until else { return nil }
    step.note(
      step.newestStage,
      "The browser did not come back. A tenant sends it back only to an address that is "
        + "registered there as post-logout redirect URI.")
    let seconds = acting.after.configuration.callbackWaitSeconds
    return AfterStage.end(acting.after, .person(.noCallback(seconds: seconds)), &step)
  }

  private static func waiting(
    _ acting: Acting, for next: Acting.Waiting
  ) -> FlowMachine.State {
    var acting = acting
    acting.waiting = next
    return .acting(acting)
  }

  private static func show(_ page: BrowserPage?, _ step: inout FlowStep) {
    step.transcript.afterwards[step.transcript.afterwards.count - 1].record.page = page
  }

  private static func exchanged(
    _ request: HTTPRequest, _ response: HTTPResponse, _ step: inout FlowStep
  ) {
    let url = request.url?.text ?? request.target
    step.message(
      step.newestStage, from: .browser, to: .authorizationServer, .observed, .request(request),
      method: request.method, url: url)
    step.message(
      step.newestStage, from: .authorizationServer, to: .browser, .observed, .response(response),
      method: request.method, url: url)
  }

  private static func cameBack(
    _ acting: Acting, _ request: HTTPRequest, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let listening = acting.after.requested.prepared.listening
    let target = request.target.begins(with: "/") ? request.target : "/"
    step.message(
      step.newestStage, from: .browser, to: .application, .received, .request(request),
      method: request.method, url: listening.redirectURI.origin + target)
    let sent = listening.secrets.logoutState
    let found = (try? FormEncoding.decode(request.query))?["state"]
    if sent.isEmpty {
      step.check(
        step.newestStage, [Check(.logoutState, .skip, why: "No state was sent.")])
    } else {
      let matches = found?.isIdentical(to: sent) == true
      step.check(
        step.newestStage,
        [
          Check(
            .logoutState, matches ? .pass : .warn, expected: sent, found: found ?? "absent",
            why: matches
              ? "The browser comes back from the logout that this application asked for."
              : "Somebody else may have sent the browser here: whether the person is signed out "
                + "is not known.")
        ])
      // Without the state of this run, nothing is known about the tenant's session.
      guard matches else { return AfterStage.end(acting.after, nil, &step) }
    }
    var after = acting.after
    after.isSignedOut = true
    step.note(
      step.newestStage,
      "The session at the tenant is over. Tokens that were issued before live on until they "
        + "expire or are revoked.")
    return AfterStage.end(after, nil, &step)
  }

  /// The built-in browser stopped at a page of the tenant that does not send it back.
  private static func rested(
    _ acting: Acting, _ page: BrowserPage, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let text = ([page.page.title] + page.page.lines).filter { !$0.isEmpty }.prefix(4)
      .joined(separator: " ")
    guard page.status < 400 else {
      return AfterStage.end(
        acting.after,
        .provider(
          .refused(OAuthError(endpoint: .page, code: "", description: text, status: page.status))),
        &step)
    }
    step.note(
      step.newestStage, "The browser stayed at the tenant, which did not send it back: \(text)")
    var after = acting.after
    after.isSignedOut = true
    return AfterStage.end(after, nil, &step)
  }
}

// The rules.
extension CheckID {
  package static let logoutState = CheckID(
    "logout-state", .warning,
    rule: "state comes back after logout",
    shows: "an answer to a logout nobody asked for",
    next: "Look whether state was sent to the logout endpoint.",
    spec: SpecReference("OpenID Connect RP-Initiated Logout 1.0", "3"))
}

extension LogoutAction {
  static let rules: [CheckID] = [
    .logoutState
  ]
}
