import Diagnosis
import HybridFlow
import OpenID

/// An answer that ends the flow on the spot: the browser would stay at the provider.
struct ProbeRefusal: Equatable {
  /// What is refused.
  enum Cause: Equatable {
    case redirectURI, client, responseType, scope
    /// Refused without a known reason; most often client id or redirect URI.
    case unknown
    /// Something before the provider that lets only browsers pass.
    case wall
    /// The server itself fails.
    case failure
  }

  /// What is refused.
  let cause: Cause
  /// The status.
  let status: Int
  /// The code of the error; nil for none.
  let code: String?
  /// What the provider says; empty for nothing.
  let text: String
  /// The page to which the browser would be sent; nil for none.
  var place: String?

  init(_ response: HTTPResponse, code: String?, text: String) {
    status = response.status
    self.code = code
    self.text = text
    cause = Self.cause(of: "\(code ?? "") \(text)".asciiLowercased, response)
  }

  private static func cause(of words: String, _ response: HTTPResponse) -> Cause {
    let says = { (parts: [String]) in parts.contains { words.holds($0) } }
    if says(["redirect", "callback url", "reply address", "reply url", "aadsts50011"]) {
      return .redirectURI
    }
    if says([
      "client_id", "client id", "invalid client", "client not found", "unknown client",
      "invalid_client", "aadsts700016", "client is not registered", "client does not exist",
      "no client", "application not found",
    ]) {
      return .client
    }
    if says(["response_type", "response type", "unauthorized_client", "grant"]) {
      return .responseType
    }
    if says(["scope"]) { return .scope }
    if says([
      "just a moment", "captcha", "attention required", "are you a robot", "unusual traffic",
      "enable javascript", "request blocked", "ray id",
    ]) || response.headers["cf-mitigated"] != nil {
      return .wall
    }
    return response.status >= 500 || response.status == 429 ? .failure : .unknown
  }

  /// The provider's words as an error of the run.
  var error: OAuthError {
    OAuthError(
      endpoint: .page, code: code ?? "", description: text.isEmpty ? nil : text, status: status)
  }

  /// Status, address and words in one line.
  var evidence: String {
    let words = [code, text.isEmpty ? nil : text].compactMap { $0 }.joined(separator: ", ")
    let head = "HTTP \(status)" + (place.map { " to \($0)" } ?? "")
    return words.isEmpty ? head : "\(head): \(words)"
  }

  func finding(_ redirectURI: WebURL, _ preset: ProviderPreset?) -> CheckFinding {
    let (message, fix, blame) = advice(redirectURI, preset)
    return CheckFinding(
      "authorize-probe", .error, message, evidence: evidence, fix: fix, spec: .core("3.1.2.6"),
      blame: blame)
  }

  private func advice(
    _ redirectURI: WebURL, _ preset: ProviderPreset?
  ) -> (message: String, fix: String, blame: Blame) {
    switch cause {
    case .redirectURI:
      return (
        "The redirect URI is not registered for this client.",
        "Register \(redirectURI.text) letter by letter"
          + Self.step(preset, ["redirect", "callback", "platform"]), .settings
      )
    case .client:
      return (
        "The provider does not know this client.",
        "Compare --client-id with the application there, and the issuer with its tenant.",
        .settings
      )
    case .responseType:
      return (
        "The provider does not allow this client the hybrid flow.",
        "Switch the hybrid flow on for the application" + Self.step(preset, ["grant", "implicit"]),
        .settings
      )
    case .scope:
      return (
        "The provider refuses the scopes.",
        "Ask for others with --scope; openid must be among them.", .settings
      )
    case .wall:
      return (
        "Something before the provider lets only browsers pass, so nothing is known of the client.",
        "Try run or explore with a real browser.", .environment
      )
    case .failure:
      return (
        "The authorization endpoint fails; the browser would end there, with no way back.",
        "Try again later, and look at the provider\u{2019}s log.", .provider
      )
    case .unknown:
      if let known = known(redirectURI) { return known }
      let isBare = text.isEmpty && code == nil
      return (
        isBare
          ? "The provider refuses the request and does not say why; most often the redirect URI "
            + "\(redirectURI.text) is not registered for this client."
          : "The browser would end on a page of the provider, with no way back.",
        "Most often the client id or the redirect URI: \(redirectURI.text) must be registered"
          + Self.step(preset, ["redirect", "callback", "platform"]), .settings
      )
    }
  }

  /// What the table of causes says of the provider's words; nil when it is not sure.
  private func known(_ redirectURI: WebURL) -> (message: String, fix: String, blame: Blame)? {
    guard !text.isEmpty || code != nil else { return nil }
    let words = (code.map { "error: \($0) " } ?? "") + "error_description: \(text)"
    let best = DiagnosisEngine.diagnose(evidence: DiagnosisEvidence(pasted: words)).first
    guard let best, best.confidence == .high else { return nil }
    return (best.cause, best.fix, best.blame ?? .settings)
  }

  /// The setting's place in the provider's console, at the end of a sentence.
  static func step(_ preset: ProviderPreset?, _ words: [String]) -> String {
    let step = preset?.consoleSteps.first { step in
      words.contains { step.asciiLowercased.holds($0) }
    }
    return step.map { ": \($0)." } ?? "."
  }
}
