import Diagnosis
import HybridFlow
import OpenID

/// Sends an authorization request that must not ask a person to log in.
///
/// OpenID Connect Core 1.0, section 3.1.2.1: with `prompt=none` no page may be shown. It follows no
/// redirect and sends no cookie, so the right response is that a login is required.
struct AuthorizeProbe {
  /// What the provider made of it.
  enum Verdict: Equatable {
    /// It answered at the redirect URI, so it knows client and redirect URI.
    case answered([CheckFinding])
    /// It would show a page, or send the browser on to one.
    case asks([CheckFinding])
    /// It refuses on the spot, with no way back to the redirect URI.
    case refused(ProbeRefusal)
    /// It fails, or something before it does not let the request through: of the request nothing is
    /// known.
    case failed(ProbeRefusal)
    /// Its answer is nothing that can be judged.
    case unclear([CheckFinding])
  }

  private(set) var url: WebURL
  let redirectURI: WebURL
  let state: String
  let mode: ResponseMode
  let preset: ProviderPreset?
  let issuer: WebURL
  /// Whether the document lists a type of the hybrid flow; nil when it lists no types.
  var offersHybrid: Bool?

  init(
    endpoint: WebURL, configuration: FlowConfiguration, redirectURI: WebURL, secrets: FlowSecrets,
    preset: ProviderPreset?
  ) throws(WebURLError) {
    self.redirectURI = redirectURI
    self.preset = preset
    issuer = configuration.issuer
    state = secrets.state
    mode = configuration.responseMode
    var fields = [
      FormField("response_type", configuration.responseType.rawValue),
      FormField("response_mode", configuration.responseMode.rawValue),
      FormField("client_id", configuration.clientID),
      FormField("redirect_uri", redirectURI.text),
      FormField("scope", configuration.scope.joined(separator: " ")),
      FormField("state", secrets.state), FormField("nonce", secrets.nonce),
    ]
    if let audience = configuration.audience { fields.append(FormField("audience", audience)) }
    if configuration.usesPKCE {
      fields.append(FormField("code_challenge", secrets.codeChallenge))
      fields.append(FormField("code_challenge_method", "S256"))
    }
    let own = Set(fields.map(\.name) + ["prompt"])
    fields += configuration.resources.map { FormField("resource", $0) }
    fields += configuration.extraParameters.filter { !own.contains($0.name) }
    fields.append(FormField("prompt", "none"))
    url = try endpoint.adding(fields)
  }

  /// Asks what a run has asked already, with random values of its own, so that nothing of the run
  /// is used up; nil for a request that lies at the provider, or is sealed by a signature.
  ///
  /// - Parameter sent: The URL at which the browser was opened.
  init?(
    like sent: WebURL, configuration: FlowConfiguration, secrets: FlowSecrets,
    preset: ProviderPreset?
  ) {
    guard let fields = try? sent.queryFields(), fields["request_uri"] == nil,
      fields["request"] == nil, let text = fields["redirect_uri"],
      let redirectURI = try? WebURL(text),
      let bare = try? WebURL(String(sent.text.before(anyOf: "?#")))
    else { return nil }
    self.redirectURI = redirectURI
    self.preset = preset
    issuer = configuration.issuer
    state = secrets.state
    mode = fields["response_mode"].flatMap(ResponseMode.init) ?? configuration.responseMode
    let fresh = [
      "state": secrets.state, "nonce": secrets.nonce, "code_challenge": secrets.codeChallenge,
    ]
    let copied = fields.filter { $0.name != "prompt" }.map { field in
      fresh[field.name].map { FormField(field.name, $0) } ?? field
    }
    guard let url = try? bare.adding(copied + [FormField("prompt", "none")]) else { return nil }
    self.url = url
  }

  var request: HTTPRequest {
    HTTPRequest(
      method: "GET", url: url, headers: ["Host": url.authority, "Accept": "text/html"])
  }

  // MARK: The answer

  func findings(_ response: HTTPResponse) -> [CheckFinding] {
    switch verdict(response) {
    case .answered(let findings), .asks(let findings), .unclear(let findings): findings
    case .refused(let refusal), .failed(let refusal):
      [refusal.finding(redirectURI, preset, offersHybrid: offersHybrid)]
    }
  }

  /// Whether a request that was refused is now let through: only its redirect URI is another one.
  func takesRedirect(_ response: HTTPResponse) -> Bool {
    switch verdict(response) {
    case .answered, .asks: true
    case .refused, .failed, .unclear: false
    }
  }

  /// The same without `prompt=none`, for a provider that fails because of it: then it shows a page
  /// to somebody who is not there.
  var withoutPrompt: AuthorizeProbe? {
    guard let fields = try? url.queryFields(),
      let bare = try? WebURL(String(url.text.before(anyOf: "?#"))),
      let other = try? bare.adding(fields.filter { $0.name != "prompt" })
    else { return nil }
    var copy = self
    copy.url = other
    return copy
  }

  /// What is said of a provider that only `prompt=none` makes fail.
  static func promptFinding(_ refusal: ProbeRefusal) -> CheckFinding {
    CheckFinding(
      "authorize-probe", .warning,
      "The provider fails at prompt=none; without it, it would ask somebody to log in.",
      evidence: refusal.evidence,
      fix: "Client and redirect URI may well be right: try run or explore, without --prompt none.",
      spec: .core("3.1.2.1"), blame: .provider)
  }

  func verdict(_ response: HTTPResponse) -> Verdict {
    if (300..<400).contains(response.status) { return redirected(response) }
    let words = ResponseWords(response)
    if [.oauthError, .json].contains(words.body), words.code != nil || response.status >= 400 {
      return refusal(response, code: words.code, text: words.description ?? "")
    }
    let page = try? HTMLPage(bytes: response.body, url: url)
    for form in page?.forms ?? [] {
      guard let target = try? page?.target(of: form), leadsBack(target) else { continue }
      return answered(form.submission(values: [], pressing: nil), by: .formPost)
    }
    let text = Self.excerpt(page)
    let isLogin = page?.forms.contains { $0.inputs.contains { $0.type == "password" } } ?? false
    if response.status >= 400 || !isLogin && Self.soundsLikeAnError(text) {
      return refusal(response, code: nil, text: text)
    }
    return .asks([
      CheckFinding(
        "authorize-probe", .warning, "prompt=none was answered with a page.",
        evidence: "HTTP \(response.status)" + (text.isEmpty ? "" : ": \(text)"),
        fix: "Open the login once with run or explore and look at the page.",
        spec: .core("3.1.2.1"), blame: .provider)
    ])
  }

  /// A refusal, unless the words say that only a login is missing, or that the server fails.
  private func refusal(_ response: HTTPResponse, code: String?, text: String) -> Verdict {
    let refusal = ProbeRefusal(response, code: code, text: text, issuer: issuer)
    if let code, Self.loginCodes.contains(code) {
      return .asks([
        CheckFinding(
          "authorize-probe", .warning,
          "The provider would ask somebody to log in, but does not say so at the redirect URI.",
          evidence: refusal.evidence,
          fix: "Client and redirect URI may well be right: try run or explore.",
          spec: .core("3.1.2.6"), blame: .provider)
      ])
    }
    if refusal.cause == .failure || refusal.cause == .wall {
      return .failed(refusal)
    }
    return .refused(refusal)
  }

  private static let loginCodes: Set<String> = [
    "login_required", "interaction_required", "consent_required", "account_selection_required",
  ]

  private func leadsBack(_ target: WebURL) -> Bool {
    target.origin == redirectURI.origin && target.path == redirectURI.path
  }

  private func redirected(_ response: HTTPResponse) -> Verdict {
    guard let location = response.headers["Location"], let target = try? url.resolving(location)
    else {
      return .unclear([
        CheckFinding(
          "authorize-probe", .error, "A redirect leads nowhere.",
          evidence: "HTTP \(response.status) without a usable Location",
          fix: "Look at the provider\u{2019}s log.", blame: .provider, isUnreadable: true)
      ])
    }
    let query = (try? target.queryFields()) ?? []
    if leadsBack(target) {
      let fragment = (try? FormEncoding.decode(target.fragment ?? "")) ?? []
      return fragment.isEmpty ? answered(query, by: .query) : answered(fragment, by: .fragment)
    }
    let code = query["error"]
    if code != nil || target.path.asciiLowercased.holds("error") {
      var refused = ProbeRefusal(
        response, code: code, text: query["error_description"] ?? "", issuer: issuer)
      refused.place = "\(target.origin)\(target.path)"
      return .refused(refused)
    }
    return .asks([
      CheckFinding(
        "authorize-probe", .warning,
        "prompt=none was not honoured: the browser would be sent on to a login.",
        evidence: "HTTP \(response.status) to \(target.origin)\(target.path)",
        fix: "Client and redirect URI may well be right: try run or explore.",
        spec: .core("3.1.2.1"), blame: .provider)
    ])
  }

  /// A response to the redirect URI: the provider knows the client and the redirect URI.
  private func answered(_ sent: [FormField], by way: ResponseMode) -> Verdict {
    // Nothing is done with it but to show it: its signature is not looked at here.
    let jwt = sent["response"].flatMap { ResponseJWT.claims(in: $0) }
    let fields = jwt.map { ResponseJWT.fields(of: $0) } ?? sent
    let evidence =
      "\(way.rawValue): "
      + fields.filter { $0.name.begins(with: "error") }
      .map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    var all: [CheckFinding] = []
    if mode.isJWT, jwt == nil {
      all.append(
        CheckFinding(
          "authorize-probe-mode", .warning,
          "\(mode.rawValue) was asked for, and the answer is no JWT that can be read.",
          evidence: evidence,
          fix:
            "If logins come that way as well, the provider ignores response_mode, and run refuses "
            + "its answers: ask for form_post.",
          spec: .jarm("2.3"), blame: .provider))
    } else if way.carrier != mode.carrier {
      all.append(
        CheckFinding(
          "authorize-probe-mode", .warning,
          "\(mode.rawValue) was asked for, and the answer came by \(way.rawValue).",
          evidence: evidence,
          fix: "If logins come that way as well, the provider ignores response_mode.",
          spec: .formPost("2"), blame: .provider))
    }
    if fields["state"]?.isIdentical(to: state) != true {
      // Many a provider leaves it out of errors, and has it in the answers of a login.
      let isBareError = fields["error"] != nil && fields["state"] == nil
      all.append(
        CheckFinding(
          "authorize-probe-state", isBareError ? .warning : .error,
          isBareError
            ? "The error does not bring our state back; whether a login does is not known."
            : "The answer does not bring our state back.",
          evidence: fields["state"] == nil ? "no state" : "another state",
          fix: "Without it no answer can be told from a foreign one.",
          spec: isBareError ? .rfc(6749, "4.1.2.1") : .core("3.3.2.5"), blame: .provider))
    }
    return .answered([outcome(fields, evidence)] + all)
  }

  private func outcome(_ fields: [FormField], _ evidence: String) -> CheckFinding {
    guard let code = fields["error"] else {
      return CheckFinding(
        "authorize-probe", .info, "The provider answered without asking anybody.",
        evidence: fields.map(\.name).joined(separator: ", "))
    }
    switch code {
    case "login_required", "interaction_required", "consent_required",
      "account_selection_required":
      return CheckFinding(
        "authorize-probe", .info,
        "The provider knows client and redirect URI, and would now ask somebody to log in.",
        evidence: evidence, spec: .core("3.1.2.6"))
    case "access_denied":
      return CheckFinding(
        "authorize-probe", .warning, "The provider said no before anybody was asked.",
        evidence: evidence, fix: "Look at its log: a rule, a policy or a consent is in the way.")
    default:
      let isFailure = ["server_error", "temporarily_unavailable"].contains(code)
      let known = ProbeRefusal.known(code, fields["error_description"] ?? "", issuer)
      return CheckFinding(
        "authorize-probe", .error, "The provider refuses the request.", evidence: evidence,
        fix: fix(code, known), spec: .core("3.1.2.6"), blame: isFailure ? .provider : .settings)
    }
  }

  private func fix(_ code: String, _ known: DiagnosisMatch?) -> String {
    switch code {
    case "unsupported_response_type", "unauthorized_client":
      if offersHybrid == false { return ProbeRefusal.noHybrid }
      return "Switch the hybrid flow on for the application"
        + ProbeRefusal.step(preset, ["grant", "implicit"])
    case "unsupported_response_mode": return "Ask for another mode: --response-mode fragment."
    case "server_error", "temporarily_unavailable":
      return "The provider itself has failed: look at its log, and try again."
    default: break
    }
    if let known { return known.fix }
    switch code {
    case "invalid_scope": return "Ask for other scopes with --scope."
    case "invalid_target": return "Name an API that the provider knows: --audience or --resource."
    case "request_not_supported", "invalid_request_object":
      return "The provider takes no signed requests from this client: leave --request-object out."
    default: return "Read what the provider says, and compare with the application there."
    }
  }

  /// The important words of a page, cut short.
  private static func excerpt(_ page: HTMLPage?) -> String {
    guard let page else { return "" }
    var seen: [String] = []
    for line in [page.title] + page.lines {
      if !line.isEmpty, !seen.contains(line) { seen.append(line) }
    }
    return String(seen.prefix(6).joined(separator: " / ").prefix(scalars: 300))
  }

  private static func soundsLikeAnError(_ text: String) -> Bool {
    let lower = text.asciiLowercased
    return ["error", "aadsts", "invalid", "mismatch", "not allowed", "oops", "wrong"]
      .contains(where: { lower.holds($0) })
  }
}
