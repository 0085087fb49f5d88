import OpenID

/// Stages 3 and 4, and the way into stage 5: what happens in the browser.
///
/// With the built-in browser the person sees each page and the machine waits for them. A real
/// browser sets its own pace, and at a real tenant its steps can only be inferred.
enum BrowserStages {
  static func requested(
    _ requested: Requested, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .advanced = event {
      return requested.configuration.usesBuiltInBrowser
        ? load(requested, &step) : sendAway(requested, &step)
    }
    if case .requestEdited(let edit) = event {
      return AuthorizeStage.rewrite(requested, edit, &step)
    }
    if case .browserRequested = event { return sendAway(requested, &step) }
    return answered(requested, event, staying: state, &step)
  }

  static func loadingPrompt(
    _ requested: Requested, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .pageArrived(let page) = event {
      return arrive(requested, page, isLoading: true, &step)
    }
    if case .pageFailed(let failure) = event {
      return step.fail(.prompt, .environment(.transport(failure)))
    }
    if case .browserRequested = event { return sendAway(requested, &step) }
    return seen(requested, event, signsIn: false, staying: state, &step)
  }

  static func promptShown(
    _ requested: Requested, _ page: BrowserPage, _ event: FlowEvent,
    staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .advanced = event { return showSignIn(requested, page, &step) }
    if case .formFilled(let form) = event {
      _ = showSignIn(requested, page, &step)
      return submit(requested, form, &step)
    }
    if case .browserRequested = event { return sendAway(requested, &step) }
    return seen(requested, event, signsIn: false, staying: state, &step)
  }

  static func authenticating(
    _ requested: Requested, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .formFilled(let form) = event { return submit(requested, form, &step) }
    if case .browserRequested = event { return sendAway(requested, &step) }
    return seen(requested, event, signsIn: true, staying: state, &step)
  }

  static func submittingForm(
    _ requested: Requested, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .pageArrived(let page) = event {
      return arrive(requested, page, isLoading: false, &step)
    }
    if case .pageFailed(let failure) = event {
      return step.fail(.authenticate, .environment(.transport(failure)))
    }
    return seen(requested, event, signsIn: true, staying: state, &step)
  }

  static func holdingAnswer(
    _ requested: Requested, _ form: FormSubmission, _ event: FlowEvent,
    staying state: FlowMachine.State, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .advanced = event { return post(requested, form, &step) }
    return seen(requested, event, signsIn: true, staying: state, &step)
  }

  static func postingAnswer(
    _ requested: Requested, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    let wasRefused = step.transcript.refusedAnswer != nil
    if case .pageArrived(let page) = event {
      return wasRefused
        ? RefusedAnswers.stop(&step) : answeredElsewhere(requested, page, &step)
    }
    if case .pageFailed(let failure) = event {
      return wasRefused
        ? RefusedAnswers.stop(&step) : step.fail(.callback, .environment(.transport(failure)))
    }
    return answered(requested, event, staying: state, &step)
  }

  static func browserAway(
    _ away: BrowserAway, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .browserOpened(let succeeded, let detail) = event {
      return opened(away, succeeded, detail, &step)
    }
    if case .clockAdvanced = event, away.requested.configuration.witness != nil {
      return step.fail(step.newestStage, .application(.unanswered))
    }
    if case .clockAdvanced = event, step.now >= away.until {
      return RefusedAnswers.runOut(away, &step)
    }
    if case .authorizeRefused(let error) = event {
      // The browser stands before an error: nobody can sign in.
      return step.fail(step.newestStage, .provider(.refused(error)))
    }
    if case .browserExchanged(let request, let response) = event {
      var next = away
      next.signsIn = observe(request, response, away.requested, signsIn: away.signsIn, &step)
      return .browserAway(next)
    }
    return answered(away.requested, event, staying: state, &step)
  }

  /// Takes the response, at any time, from the listener or from the person's clipboard.
  private static func answered(
    _ requested: Requested, _ event: FlowEvent, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .callbackArrived(let number, let request) = event {
      return CallbackStage.receive(number, request, requested, staying: state, &step)
    }
    if case .answerPasted(let pasted) = event {
      return CallbackStage.receive(pasted, requested, &step)
    }
    if case .requestRefused(let refused) = event {
      return RefusedAnswers.refuse(refused, requested, staying: state, &step)
    }
    return nil
  }

  /// Takes the messages between the built-in browser and our tenant, and the response.
  private static func seen(
    _ requested: Requested, _ event: FlowEvent, signsIn: Bool, staying state: FlowMachine.State,
    _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .browserExchanged(let request, let response) = event {
      _ = observe(request, response, requested, signsIn: signsIn, &step)
      return state
    }
    return answered(requested, event, staying: state, &step)
  }

  // MARK: - The built-in browser

  private static func load(_ requested: Requested, _ step: inout FlowStep) -> FlowMachine.State {
    step.begin(.prompt)
    step.effects.append(.navigate(step.transcript.cookie?.start ?? requested.url))
    return .loadingPrompt(requested)
  }

  /// The built-in browser stands before our own page: it brought an error that was not taken, and
  /// brings nothing else.
  private static func refusedHere(
    _ requested: Requested, _ page: BrowserPage, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard page.status >= 400, page.url.origin == requested.prepared.listening.redirectURI.origin,
      let error = RefusedAnswers.error(step.transcript)
    else { return nil }
    for earlier in [Stage.prompt, .authenticate] {
      step.begin(earlier, observed: requested.configuration.observesTenant)
      step.end(earlier)
    }
    return step.fail(.callback, RefusedAnswers.failure(error))
  }

  private static func showSignIn(
    _ requested: Requested, _ page: BrowserPage, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.begin(.authenticate)
    step.transcript[.authenticate].page = page
    return .authenticating(requested, page)
  }

  private static func submit(
    _ requested: Requested, _ form: FormSubmission, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.transcript[.authenticate].page = nil
    for field in form.fields where field.name == "password" {
      step.value(
        .authenticate, "password", field.value, secret: true, .browser, .authorizationServer)
    }
    step.effects.append(.submit(form))
    return .submittingForm(requested)
  }

  private static func post(
    _ requested: Requested, _ form: FormSubmission, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.begin(.callback)
    step.effects.append(.submit(form))
    return .postingAnswer(requested)
  }

  /// The built-in browser stopped: at a prompt, at the page with the response, or nowhere useful.
  private static func arrive(
    _ requested: Requested, _ page: BrowserPage, isLoading: Bool, _ step: inout FlowStep
  ) -> FlowMachine.State {
    if let end = refusedHere(requested, page, &step) { return end }
    if let relay = relayForm(on: page, requested, &step) { return .holdingAnswer(requested, relay) }
    if let answer = answerForm(on: page, requested) {
      if isLoading {
        step.note(
          .authenticate,
          answer.fields["error"] == nil
            ? "The tenant asked nothing: the person was signed in already."
            : "The tenant asked nothing: it answers with an error at once.")
      }
      step.end(.prompt)
      step.end(.authenticate)
      return .holdingAnswer(requested, answer)
    }
    guard !page.page.forms.isEmpty, page.status < 400 || isRetry(page) else {
      return step.fail(
        isLoading ? .prompt : .authenticate,
        .provider(
          .refused(
            OAuthError(
              endpoint: .page, code: "", description: pageText(page.page), status: page.status))))
    }
    if isLoading {
      step.transcript[.prompt].page = page
      step.transcript[.prompt].endedAt = step.now
      return .promptShown(requested, page)
    }
    step.transcript[.authenticate].page = page
    return .authenticating(requested, page)
  }

  /// A refused sign-in shows its form again, with a message and perhaps a 4xx status.
  private static func isRetry(_ page: BrowserPage) -> Bool {
    page.page.forms.contains { form in form.inputs.contains { $0.type == "password" } }
  }

  private static func pageText(_ page: HTMLPage) -> String {
    ([page.title] + page.lines).filter { !$0.isEmpty }.prefix(4).joined(separator: " ")
  }

  /// The form that posts the response to the redirect URI.
  static func answerForm(on page: BrowserPage, _ requested: Requested) -> FormSubmission? {
    for form in page.page.forms where form.method.isIdentical(toIgnoringCase: "POST") {
      guard let action = try? page.page.target(of: form),
        action.text.isIdentical(to: requested.redirectURI)
      else { continue }
      return FormSubmission(
        action: action, method: "POST", fields: form.submission(values: [], pressing: nil))
    }
    return nil
  }

  /// What our own page at the redirect URI posts, if the browser came there with a fragment.
  ///
  /// The built-in browser runs no scripts: it does what the script of that page does.
  private static func relayForm(
    on page: BrowserPage, _ requested: Requested, _ step: inout FlowStep
  ) -> FormSubmission? {
    guard page.url.origin == requested.prepared.listening.redirectURI.origin,
      let fragment = page.url.fragment,
      let all = try? FormEncoding.decode(fragment.prefix(bytes: FragmentRelay.maximumBytes)),
      let action = page.page.forms.lazy.compactMap({ try? page.page.target(of: $0) }).first(where: {
        FragmentRelay.isPath($0.path)
      })
    else { return nil }
    for stage in [Stage.prompt, .authenticate] { step.end(stage) }
    return FormSubmission(
      action: action, method: "POST",
      fields: FragmentRelay.fields(
        of: all, takesEverything: requested.askedMode?.carrier == .fragment))
  }

  /// Another server answered the POST, not this application: no response will arrive.
  private static func answeredElsewhere(
    _ requested: Requested, _ page: BrowserPage, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.fail(
      .callback,
      .environment(
        .transport(
          TransportFailure(
            kind: .other,
            message:
              "The answer was posted to \(requested.redirectURI), but another "
              + "program answered there (HTTP \(page.status)): the application listens on "
              + "\(requested.prepared.listening.redirectURI)."))))
  }

  // MARK: - A real browser

  private static func sendAway(
    _ requested: Requested, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let observes = requested.configuration.seesBrowser
    step.begin(.prompt, observed: observes)
    step.transcript[.prompt].page = nil
    step.transcript[.authenticate].page = nil
    step.forgetCookie()
    if requested.configuration.witness == nil {
      step.effects.append(.openBrowser(step.transcript.cookie?.start ?? requested.url))
    }
    if !observes {
      step.message(
        .prompt, from: .browser, to: .authorizationServer, .drawn,
        .request(
          HTTPRequest(
            method: "GET", url: requested.url, headers: ["Host": requested.url.authority])),
        method: "GET", url: requested.url.text)
    }
    return .browserAway(
      BrowserAway(
        requested: requested, since: step.now,
        until: step.now.adding(seconds: requested.configuration.callbackWaitSeconds),
        signsIn: false))
  }

  private static func opened(
    _ away: BrowserAway, _ succeeded: Bool, _ detail: String, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.note(.prompt, detail, warns: !succeeded)
    guard !away.requested.configuration.observesTenant else { return .browserAway(away) }
    // From here on nothing is visible until the callback: the prompt and the sign-in are inferred.
    step.end(.prompt)
    step.begin(.authenticate, observed: false)
    var next = away
    next.signsIn = true
    return .browserAway(next)
  }

  // MARK: - What the built-in tenant sees

  /// Records an exchange between browser and tenant in its stage; returns whether the person has
  /// begun to sign in.
  private static func observe(
    _ request: HTTPRequest, _ response: HTTPResponse, _ requested: Requested, signsIn: Bool,
    _ step: inout FlowStep
  ) -> Bool {
    let url = request.url?.text ?? request.target
    // The authorization request itself may be a POST; every later POST carries credentials.
    let isSignIn =
      signsIn || (request.method == "POST" && !step.transcript[.prompt].messages.isEmpty)
    let stage: Stage = isSignIn ? .authenticate : .prompt
    step.begin(stage)
    if isSignIn, step.transcript[.prompt].endedAt == nil { step.end(.prompt) }
    let answers = carriesAnswer(response, url, requested)
    if !answers, isCrowded(step.transcript) {
      step.count(StrayRequests(.observed), in: stage)
      return isSignIn
    }
    step.message(
      stage, from: .browser, to: .authorizationServer, .observed, .request(request),
      method: request.method, url: url)
    if answers {
      step.end(.prompt)
      step.end(.authenticate)
    }
    step.message(
      answers ? .callback : stage, from: .authorizationServer, to: .browser, .observed,
      .response(response), method: request.method, url: url)
    return isSignIn
  }

  /// Whether enough was recorded: any page in a browser can send the tenant request after request.
  private static func isCrowded(_ transcript: Transcript) -> Bool {
    transcript[.prompt].messages.count + transcript[.authenticate].messages.count
      >= 2 * StrayRequests.observedMaximum
  }

  /// Whether a response sends the browser to the redirect URI.
  private static func carriesAnswer(
    _ response: HTTPResponse, _ url: String, _ requested: Requested
  ) -> Bool {
    let redirectURI = requested.redirectURI
    if let location = response.headers["Location"] {
      return location.before(anyOf: "?#").isIdentical(to: redirectURI)
    }
    guard response.status == 200, response.headers.mediaType == "text/html",
      let address = try? WebURL(url), let page = try? HTMLPage(bytes: response.body, url: address)
    else { return false }
    return answerForm(on: BrowserPage(url: address, status: 200, page: page), requested) != nil
  }
}
