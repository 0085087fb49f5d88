import Diagnosis
import HybridFlow
import OpenID

/// Sends an authorization request that must not ask a person to log in.
///
/// OpenID Connect Core 1.0, section 3.1.2.1: with `prompt=none` no page may be shown. It follows no
/// redirect and sends no cookie, so the right response is that a login is required.
struct AuthorizeProbe {
  let url: WebURL
  let redirectURI: WebURL
  let state: String
  let mode: ResponseMode
  let preset: ProviderPreset?

  init(
    endpoint: WebURL, configuration: FlowConfiguration, redirectURI: WebURL, secrets: FlowSecrets,
    preset: ProviderPreset?
  ) throws(WebURLError) {
    self.redirectURI = redirectURI
    self.preset = preset
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

  var request: HTTPRequest {
    HTTPRequest(
      method: "GET", url: url, headers: ["Host": url.authority, "Accept": "text/html"])
  }

  // MARK: The answer

  func findings(_ response: HTTPResponse) -> [CheckFinding] {
    if (300..<400).contains(response.status) { return redirected(response) }
    if let json = try? JSONParser.parse(response.body), let code = json["error"]?.string {
      let words = [code, json["error_description"]?.string].compactMap { $0 }
        .joined(separator: ", ")
      return [refusal("HTTP \(response.status): \(words)", words)]
    }
    let page = try? HTMLPage(bytes: response.body, url: url)
    for form in page?.forms ?? [] {
      guard let target = try? page?.target(of: form), leadsBack(target) else { continue }
      return answered(form.submission(values: [], pressing: nil), by: .formPost)
    }
    let text = Self.excerpt(page)
    let evidence = "HTTP \(response.status)" + (text.isEmpty ? "" : ": \(text)")
    if response.status >= 400 { return [refusal(evidence, text)] }
    if Self.soundsLikeAnError(text) { return [refusal(evidence, text)] }
    return [
      CheckFinding(
        "authorize-probe", .warning, "prompt=none was answered with a page.", evidence: evidence,
        fix: "Open the login once with run or explore and look at the page.",
        spec: .core("3.1.2.1"))
    ]
  }

  private func leadsBack(_ target: WebURL) -> Bool {
    target.origin == redirectURI.origin && target.path == redirectURI.path
  }

  private func redirected(_ response: HTTPResponse) -> [CheckFinding] {
    guard let location = response.headers["Location"], let target = try? url.resolving(location)
    else {
      return [
        CheckFinding(
          "authorize-probe", .error, "A redirect leads nowhere.",
          evidence: "HTTP \(response.status) without a usable Location", isUnreadable: true)
      ]
    }
    let query = (try? target.queryFields()) ?? []
    if leadsBack(target) {
      let fragment = (try? FormEncoding.decode(target.fragment ?? "")) ?? []
      return fragment.isEmpty ? answered(query, by: .query) : answered(fragment, by: .fragment)
    }
    let place = "HTTP \(response.status) to \(target.origin)\(target.path)"
    let code = query["error"]
    if code != nil || target.path.asciiLowercased.holds("error") {
      let words = [code, query["error_description"]].compactMap { $0 }.joined(separator: ", ")
      return [refusal(words.isEmpty ? place : "\(place): \(words)", words)]
    }
    return [
      CheckFinding(
        "authorize-probe", .warning,
        "prompt=none was not honoured: the browser would be sent on to a login.",
        evidence: place,
        fix: "Client and redirect URI may well be right: try run or explore.",
        spec: .core("3.1.2.1"))
    ]
  }

  /// A response to the redirect URI: the provider knows the client and the redirect URI.
  private func answered(_ fields: [FormField], by way: ResponseMode) -> [CheckFinding] {
    let evidence =
      "\(way.rawValue): "
      + fields.filter { $0.name.begins(with: "error") }
      .map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
    var all: [CheckFinding] = []
    if way != mode {
      all.append(
        CheckFinding(
          "authorize-probe-mode", .warning,
          "\(mode.rawValue) was asked for, and the answer came by \(way.rawValue).",
          evidence: evidence,
          fix: "If logins come that way as well, the provider ignores response_mode.",
          spec: .formPost("2")))
    }
    if fields["state"]?.isIdentical(to: state) != true {
      all.append(
        CheckFinding(
          "authorize-probe-state", .error, "The answer does not bring our state back.",
          evidence: fields["state"] == nil ? "no state" : "another state",
          fix: "Without it no answer can be told from a foreign one.", spec: .core("3.3.2.5")))
    }
    return [outcome(fields, evidence)] + all
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
      return CheckFinding(
        "authorize-probe", .error, "The provider refuses the request.", evidence: evidence,
        fix: fix(code), spec: .core("3.1.2.6"))
    }
  }

  private func fix(_ code: String) -> String {
    switch code {
    case "unsupported_response_type", "unauthorized_client":
      return "Switch the hybrid flow on for the application" + place("grant")
    case "unsupported_response_mode": return "The provider has no form_post: ask for another mode."
    case "invalid_scope": return "Ask for other scopes with --scope."
    case "invalid_target": return "Name an API that the provider knows: --audience or --resource."
    case "request_not_supported", "invalid_request_object":
      return "The provider takes no signed requests from this client: leave --request-object out."
    case "server_error", "temporarily_unavailable":
      return "The provider itself has failed: look at its log, and try again."
    default: return "Read what the provider says, and compare with the application there."
    }
  }

  /// An error page that ends the flow: no response would reach the redirect URI.
  private func refusal(_ evidence: String, _ text: String) -> CheckFinding {
    let lower = text.asciiLowercased
    let isRedirect =
      ["redirect", "callback url", "reply address", "aadsts50011"].contains(where: {
        lower.holds($0)
      })
    let isClient =
      [
        "client_id", "invalid client", "client not found", "unknown client", "invalid_client",
        "aadsts700016", "client is not registered",
      ].contains(where: { lower.holds($0) })
    let (message, fix): (String, String)
    if isRedirect {
      message = "The redirect URI is not registered for this client."
      fix = "Register \(redirectURI.text) letter by letter" + place("redirect")
    } else if isClient {
      message = "The provider does not know this client."
      fix = "Compare --client-id with the application there, and the issuer with its tenant."
    } else if ["response_type", "response type", "unauthorized_client", "grant"]
      .contains(where: { lower.holds($0) })
    {
      message = "The provider does not allow this client the hybrid flow."
      fix = self.fix("unauthorized_client")
    } else if lower.holds("scope") {
      message = "The provider refuses the scopes."
      fix = "Ask for others with --scope; openid must be among them."
    } else {
      message = "The browser would end on a page of the provider, with no way back."
      fix = "Most often the client id or the redirect URI: \(redirectURI.text) must be registered."
    }
    return CheckFinding(
      "authorize-probe", .error, message, evidence: evidence, fix: fix, spec: .core("3.1.2.6"))
  }

  /// The setting's place in the provider's console.
  private func place(_ word: String) -> String {
    let names =
      word == "redirect" ? ["redirect", "callback", "platform"] : ["grant", "implicit"]
    let step = preset?.consoleSteps.first { step in
      names.contains { step.asciiLowercased.holds($0) }
    }
    return step.map { ": \($0)." } ?? "."
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
