import OpenID

/// Stage 2: the authorization request.
///
/// OpenID Connect Core 1.0, sections 3.1.2.1 and 3.3.2.1.
enum AuthorizeStage {
  /// Writes the request, checks it, and offers it to the browser as a redirect.
  static func write(_ prepared: Prepared, _ step: inout FlowStep) -> FlowMachine.State {
    step.begin(.authorize)
    let request = AuthorizationRequest(
      endpoint: prepared.authorizationEndpoint, parameters: parameters(prepared))
    let failed = step.check(.authorize, RequestChecks.all(request, prepared.configuration))
    let url: WebURL
    do throws(URLFault) {
      url = try request.url()
    } catch {
      return step.fail(
        .authorize,
        .provider(.unreadable("The authorization URL would be longer than any server reads.")))
    }
    // A request that breaks a rule is not sent, so no message says that it was.
    guard failed.isEmpty else { return step.fail(.authorize, .provider(.checksFailed(failed))) }
    let redirect = HTTPResponse(
      status: 302,
      headers: ["Location": url.text, "Cache-Control": "no-store", "Content-Length": "0"])
    step.message(
      .authorize, from: .application, to: .browser, .sent, .response(redirect), method: "GET",
      url: url.text)
    for name in ["state", "nonce", "code_challenge"] {
      guard let value = request.parameters[name] else { continue }
      step.value(.authorize, name, value, .application, .browser, .authorizationServer)
    }
    step.end(.authorize)
    return .requested(Requested(prepared: prepared, request: request, url: url))
  }

  /// The parameters in the order in which a reader wants them.
  static func parameters(_ prepared: Prepared) -> [FormField] {
    let configuration = prepared.configuration
    let secrets = prepared.secrets
    var fields = [
      FormField("response_type", configuration.responseType.rawValue),
      FormField("response_mode", configuration.responseMode.rawValue),
      FormField("client_id", configuration.clientID),
      FormField("redirect_uri", prepared.listening.redirectURI.text),
      FormField("scope", configuration.scope.joined(separator: " ")),
    ]
    if let audience = configuration.audience { fields.append(FormField("audience", audience)) }
    fields.append(FormField("state", secrets.state))
    // Sent with every type: the ID token of the token endpoint carries it as well.
    fields.append(FormField("nonce", secrets.nonce))
    if configuration.usesPKCE {
      fields.append(FormField("code_challenge", secrets.codeChallenge))
      fields.append(FormField("code_challenge_method", "S256"))
    }
    if let age = configuration.maxAgeSeconds { fields.append(FormField("max_age", String(age))) }
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
