import Diagnosis
import HybridFlow
import OpenID

/// An answer that ends the flow on the spot: the browser would stay at the provider.
struct ProbeRefusal: Equatable {
  /// What kind of refusal it is.
  enum Cause: Equatable {
    /// The provider says why, and the table of causes knows its words.
    case known(DiagnosisMatch)
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

  init(_ response: HTTPResponse, code: String?, text: String, issuer: WebURL? = nil) {
    status = response.status
    self.code = code
    self.text = text
    cause = Self.cause(code, text, issuer, response)
  }

  private static func cause(
    _ code: String?, _ text: String, _ issuer: WebURL?, _ response: HTTPResponse
  ) -> Cause {
    let fails = response.status >= 500 || response.status == 429
    // Words on the page of a failure have to be sure.
    if let match = known(code, text, issuer), !fails || match.confidence == .high {
      return .known(match)
    }
    if isWall(text, response) { return .wall }
    return fails ? .failure : .unknown
  }

  /// What the table of causes says of the provider's words; nil when it is not sure.
  static func known(_ code: String?, _ text: String, _ issuer: WebURL?) -> DiagnosisMatch? {
    guard !text.isEmpty || code != nil else { return nil }
    // The lines of a page are sentences of their own.
    let text = text.replacing(bytes: " / ", with: ". ")
    let words = [
      code.map { "error: \($0)" },
      text.isEmpty ? nil : code == nil ? text : "error_description: \(text)",
    ].compactMap { $0 }.joined(separator: " ")
    let best = DiagnosisEngine.explanation(words: words, issuer: issuer, place: .page).first
    // A code without words is all that there is; invalid_client would speak of a secret, and none
    // was sent.
    let isBareCode = text.isEmpty && code != nil && code != "invalid_client"
    return best.flatMap { $0.isRecognized && ($0.confidence > .low || isBareCode) ? $0 : nil }
  }

  /// A page that tries whether a person sits before it; its words are no provider's.
  static func isWall(_ text: String, _ response: HTTPResponse) -> Bool {
    let text = text.asciiLowercased
    return response.headers["cf-mitigated"] != nil
      || [
        "just a moment", "captcha", "attention required", "are you a robot", "unusual traffic",
        "enable javascript", "request blocked", "ray id",
      ].contains { text.holds($0) }
  }

  /// Whether another redirect URI may be the registered one.
  var isAboutRedirect: Bool {
    switch cause {
    case .known(let match): match.id.holds("redirect") || match.id.holds("callback")
    case .unknown: true
    case .wall, .failure: false
    }
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

  /// What is said where the document lists no hybrid type, and the provider refuses one.
  static let noHybrid =
    "Its document lists no hybrid type either: this provider seems to have no hybrid flow, and "
    + "there is nothing to switch on."
  /// The codes of a type of answer that is refused.
  static let typeCodes: Set<String> = ["unsupported_response_type", "unauthorized_client"]

  func finding(
    _ redirectURI: WebURL, _ preset: ProviderPreset?, offersHybrid: Bool? = nil
  ) -> CheckFinding {
    var (message, fix, blame) = advice(redirectURI, preset)
    if offersHybrid == false, let code, Self.typeCodes.contains(code) {
      fix = preset?.withoutHybrid == nil ? Self.noHybrid : ProviderPreset.insteadOfHybrid
    }
    // Of a request that never came through, nothing is proved.
    let isProof = cause != .wall && status != 429
    return CheckFinding(
      "authorize-probe", isProof ? .error : .warning, message, evidence: evidence, fix: fix,
      spec: .core("3.1.2.6"), blame: blame)
  }

  private func advice(
    _ redirectURI: WebURL, _ preset: ProviderPreset?
  ) -> (message: String, fix: String, blame: Blame) {
    switch cause {
    case .known(let match):
      let sent = isAboutRedirect ? " Sent was \(redirectURI.text)." : ""
      return (match.cause, match.fix + sent, match.blame ?? .settings)
    case .wall:
      return (
        "Something before the provider lets only browsers pass, so nothing is known of the client.",
        "Try run or explore with a real browser.", .environment
      )
    case .failure:
      return status == 429
        ? (
          "The provider wants fewer requests, so nothing is known of the client.",
          "Wait, then try again.", .provider
        )
        : (
          "The authorization endpoint fails; the browser would end there, with no way back.",
          "Try again later, and look at the provider\u{2019}s log.", .provider
        )
    case .unknown:
      let isBare = text.isEmpty && code == nil
      return (
        isBare
          ? "The provider refuses the request and does not say why; most often the redirect URI "
            + "\(redirectURI.text) is not registered for this client."
          : code.map { "The provider refuses the request on the spot: \($0)." }
            ?? "The browser would end on a page of the provider, with no way back.",
        "Most often the client id or the redirect URI: \(redirectURI.text) must be registered"
          + Self.step(preset, ["redirect", "callback", "platform"]), .settings
      )
    }
  }

  /// The setting's place in the provider's console, at the end of a sentence.
  static func step(_ preset: ProviderPreset?, _ words: [String]) -> String {
    let step = preset?.consoleSteps.first { step in
      words.contains { step.asciiLowercased.holds($0) }
    }
    return step.map { ": \($0)." } ?? "."
  }
}
