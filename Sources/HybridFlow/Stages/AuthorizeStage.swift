import OpenID

/// Stage 2: the authorization request.
///
/// OpenID Connect Core 1.0, sections 3.1.2.1 and 3.3.2.1. If configured, the client signs the
/// parameters as a JWT (RFC 9101), or pushes them over the back channel (RFC 9126); the browser
/// then carries only a reference to them.
enum AuthorizeStage {
  static func signingRequest(
    _ writing: Writing, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .signed(.requestObject, let outcome) = event else { return nil }
    switch outcome {
    case .unusable(let why): return step.fail(.authorize, .environment(.signing(why)))
    case .token(let object):
      var writing = writing
      step.value(
        .authorize, "request", object.reveal(), .application, .browser, .authorizationServer)
      // RFC 9126, 3: beside a pushed object there is only what authenticates the client.
      writing.carried =
        isPushed(writing.prepared)
        ? [FormField("request", object.reveal())]
        : SignedRequest.carrier(of: writing.request, object: object).map {
          $0.name == "scope" && repeatsOutside(writing.prepared) ? otherScope : $0
        }
      return deliver(writing, &step)
    }
  }

  static func signingPush(
    _ writing: Writing, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    guard case .signed(.pushAssertion, let outcome) = event else { return nil }
    switch outcome {
    case .unusable(let why): return step.fail(.authorize, .environment(.signing(why)))
    case .token(let assertion): return push(writing, proof: assertion, &step)
    }
  }

  static func pushing(
    _ writing: Writing, _ event: FlowEvent, _ step: inout FlowStep
  ) -> FlowMachine.State? {
    if case .fetched(.pushedRequest, let request, let response) = event {
      step.received(.authorize, request, response, from: .authorizationServer)
      return pushed(writing, response, &step)
    }
    if case .fetchFailed(.pushedRequest, let failure) = event {
      return step.fail(.authorize, .environment(.transport(failure)))
    }
    return nil
  }

  /// Writes the request again after the person edited it.
  static func rewrite(
    _ requested: Requested, _ edit: RequestEdit, _ step: inout FlowStep
  ) -> FlowMachine.State {
    step.takeBackRequest(.authorize)
    if let draft = step.transcript[.authorize].draft { step.noteEdit(.authorize, draft, edit) }
    return write(requested.prepared, edit: edit, &step)
  }

  /// Writes and checks the request; signs and pushes it if needed; then offers it to the browser.
  static func write(
    _ prepared: Prepared, edit: RequestEdit? = nil, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let configuration = prepared.configuration
    if let witness = configuration.witness { return WitnessStages.write(witness, prepared, &step) }
    step.begin(.authorize)
    let draft = draft(prepared, edit)
    step.transcript[.authorize].draft = draft
    let request = AuthorizationRequest(endpoint: draft.endpoint, parameters: draft.fields)
    let failed = step.check(
      .authorize,
      RequestChecks.all(
        .known(request.parameters), .application,
        encrypted: configuration.decryption?.responses != nil)
        + ProfileRequestChecks.request(request, prepared),
      isOverruled: edit?.goesAnyway == true)
    // A request that breaks a rule is not sent, so no message is recorded.
    guard failed.isEmpty else { return step.fail(.authorize, .provider(.checksFailed(failed))) }
    let writing = Writing(
      prepared: prepared, request: request, carried: request.parameters,
      goesAnyway: edit?.goesAnyway == true)
    guard configuration.signsRequest else { return deliver(writing, &step) }
    guard let key = configuration.clientKey else {
      return step.fail(
        .authorize, .environment(.signing("A signed request needs the client\u{2019}s key.")))
    }
    var task = SignedRequest.task(writing, key: key, at: step.now)
    let broken = step.check(
      .authorize, ProfileRequestChecks.object(task, configuration, at: step.now),
      isOverruled: edit?.goesAnyway == true)
    guard broken.isEmpty else { return step.fail(.authorize, .provider(.checksFailed(broken))) }
    if let encryption = configuration.requestEncryption,
      !configuration.experiment.mistakes.contains(.leavesRequestReadable)
    {
      do throws(SigningTask.Recipient.LackError) {
        let right = try SigningTask.Recipient.choose(encryption, from: prepared.keys)
        task.recipient =
          configuration.experiment.mistakes.contains(.encryptsForAnotherKey)
          ? right.withForeignKey : right
      } catch {
        return step.fail(.authorize, .provider(.unreadable(error.why)))
      }
    }
    step.effects.append(.sign(task))
    return .signingRequest(writing)
  }

  /// Delivers the parameters as configured: through the browser, or pushed.
  private static func deliver(
    _ writing: Writing, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let prepared = writing.prepared
    guard isPushed(prepared) else { return leave(writing, &step) }
    guard let request = pushedRequest(writing), request.lacksSignature(prepared.configuration)
    else { return push(writing, proof: nil, &step) }
    guard let task = request.proof(.pushAssertion, prepared, at: step.now) else {
      return step.fail(.authorize, .environment(.signing(request.missingKey)))
    }
    step.check(.authorize, [AssertionChecks.audience(task, prepared.configuration)])
    step.effects.append(.sign(task))
    return .signingPush(writing)
  }

  private static func isPushed(_ prepared: Prepared) -> Bool {
    prepared.configuration.pushes(to: prepared.metadata)
  }

  /// Posts the parameters to the provider.
  ///
  /// RFC 9126, section 2.1.
  private static func push(
    _ writing: Writing, proof: Secret?, _ step: inout FlowStep
  ) -> FlowMachine.State {
    guard var request = pushedRequest(writing) else {
      return step.fail(
        .authorize,
        .provider(
          .unreadable(
            "The discovery document names no usable pushed_authorization_request_endpoint.")))
    }
    if let proof { request.take(proof) }
    step.credentials(.authorize, request)
    step.send(.authorize, .pushedRequest, request.httpRequest(), to: .authorizationServer)
    return .pushing(writing)
  }

  /// The request that carries the parameters; nil when the metadata name no usable endpoint.
  private static func pushedRequest(_ writing: Writing) -> TokenRequest? {
    let prepared = writing.prepared
    let configuration = prepared.configuration
    guard let endpoint = prepared.endpoint("pushed_authorization_request_endpoint") else {
      return nil
    }
    return TokenRequest(
      endpoint: endpoint, fields: writing.carried, method: prepared.clientAuthentication,
      clientID: configuration.clientID, clientSecret: configuration.clientSecret)
  }

  /// Reads the response to a pushed request.
  ///
  /// RFC 9126, sections 2.2 and 2.3.
  private static func pushed(
    _ writing: Writing, _ response: HTTPResponse, _ step: inout FlowStep
  ) -> FlowMachine.State {
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(response.body)
    } catch {
      return step.fail(
        .authorize,
        .provider(
          .unreadable(response.unusable("The endpoint for pushed requests", error))))
    }
    if let error = OAuthError(json, of: response, at: .pushed) {
      if writing.prepared.configuration.readsRefusals { step.effects.append(.readRefusal) }
      return step.fail(.authorize, .provider(.refused(error)))
    }
    guard response.status == 200 || response.status == 201,
      let reference = json["request_uri"]?.string, !reference.isEmpty
    else {
      return step.fail(
        .authorize,
        .provider(
          .unreadable(
            ResponseWords(response).sentence("The endpoint for pushed requests")
              + " It gave no request_uri.")))
    }
    if let seconds = json["expires_in"]?.integer {
      step.note(.authorize, "The provider keeps the pushed request for \(seconds) seconds.")
    }
    step.value(
      .authorize, "request_uri", reference, .application, .browser, .authorizationServer)
    var writing = writing
    writing.carried = [
      FormField(
        "client_id",
        writing.request.parameters["client_id"] ?? writing.prepared.configuration.clientID),
      FormField("request_uri", reference),
    ]
    if repeatsOutside(writing.prepared) { writing.carried.append(otherScope) }
    return leave(writing, &step)
  }

  /// What a careless application says outside, and has not signed.
  private static let otherScope = FormField("scope", "openid payments")

  private static func repeatsOutside(_ prepared: Prepared) -> Bool {
    prepared.configuration.experiment.mistakes.contains(.repeatsOutside)
  }

  /// Offers the request to the browser as a redirect.
  private static func leave(_ writing: Writing, _ step: inout FlowStep) -> FlowMachine.State {
    let failed = step.check(
      .authorize, ProfileRequestChecks.carriage(writing), isOverruled: writing.goesAnyway)
    guard failed.isEmpty else { return step.fail(.authorize, .provider(.checksFailed(failed))) }
    let url: WebURL
    do throws(WebURLError) {
      url = try AuthorizationRequest(
        endpoint: writing.request.endpoint, parameters: writing.carried
      ).url()
    } catch {
      return step.fail(
        .authorize,
        .provider(.unreadable("The authorization URL would be longer than any server reads.")))
    }
    var redirect = HTTPResponse(
      status: 302,
      headers: ["Location": url.text, "Cache-Control": "no-store", "Content-Length": "0"])
    if let cookie = writing.prepared.configuration.usedCookie {
      let session = writing.prepared.secrets.session.reveal()
      redirect.headers.add(
        "Set-Cookie", cookie.line(session, at: writing.prepared.listening.redirectURI))
    }
    step.offerLogin(redirect, writing.prepared, to: url)
    step.message(
      .authorize, from: .application, to: .browser,
      writing.prepared.configuration.redirectEvidence, .response(redirect), method: "GET",
      // With a cookie it answers a request of its own, and not one that is drawn.
      url: step.transcript.cookie?.start.text ?? url.text)
    for name in ["state", "nonce", "code_challenge"] {
      guard let value = writing.request.parameters[name] else { continue }
      // The browser never sees the pushed parameters.
      if writing.carried["request_uri"] == nil {
        step.value(.authorize, name, value, .application, .browser, .authorizationServer)
      } else {
        step.value(.authorize, name, value, .application, .authorizationServer)
      }
    }
    if writing.prepared.configuration.awaitsPaste {
      step.note(
        .authorize,
        "The answer goes to \(writing.prepared.listening.redirectURI.origin), not to this machine: "
          + "it is pasted. Block that address in the browser first; if the site there redeems the "
          + "code, it is used up.")
    }
    step.end(.authorize)
    let requested = Requested(prepared: writing.prepared, request: writing.request, url: url)
    // The person may have edited the mode.
    step.transcript[.callback].answersBy = requested.askedMode ?? .formPost
    return .requested(requested)
  }

  /// The request as the flow makes it, with the person's edit.
  private static func draft(_ prepared: Prepared, _ edit: RequestEdit?) -> RequestDraft {
    RequestDraft(
      kind: .authorization, endpoint: prepared.authorizationEndpoint,
      made: parameters(prepared), redirectURI: prepared.listening.redirectURI.text,
      challenge: challenge(prepared.secrets),
      isWrapped: prepared.configuration.signsRequest || isPushed(prepared), edit: edit)
  }

  /// The two parameters of PKCE.
  ///
  /// RFC 7636, section 4.3.
  private static func challenge(_ secrets: FlowSecrets) -> [FormField] {
    [
      FormField("code_challenge", secrets.codeChallenge),
      FormField("code_challenge_method", "S256"),
    ]
  }

  /// The parameters in an order that suits readers.
  static func parameters(_ prepared: Prepared) -> [FormField] {
    let configuration = prepared.configuration
    let secrets = prepared.secrets
    var fields = [
      FormField("response_type", configuration.responseType.rawValue),
      FormField("response_mode", configuration.responseMode.rawValue),
      FormField("client_id", configuration.clientID),
      FormField(
        "redirect_uri",
        configuration.experiment.mistakes.contains(.asksForPlainRedirect)
          ? "http://app.demo.example/callback" : prepared.listening.redirectURI.text),
      FormField("scope", configuration.scope.joined(separator: " ")),
    ]
    if let audience = configuration.audience { fields.append(FormField("audience", audience)) }
    fields.append(FormField("state", secrets.state))
    // Sent with every response type: the ID token of the token endpoint carries it as well.
    fields.append(FormField("nonce", secrets.nonce))
    if configuration.usesPKCE { fields += challenge(secrets) }
    // RFC 9449, section 10: a pushed request has a proof, which says the same.
    if let key = configuration.proofKey, !configuration.pushes(to: prepared.metadata) {
      fields.append(FormField(DPoP.keyParameter, key.thumbprint))
    }
    if let age = configuration.maxAgeSeconds { fields.append(FormField("max_age", String(age))) }
    for resource in configuration.resources { fields.append(FormField("resource", resource)) }
    for extra in configuration.extraParameters {
      if let index = fields.firstIndex(where: { $0.name == extra.name }) {
        fields[index] = extra
      } else {
        fields.append(extra)
      }
    }
    return fields
  }
}
