import HybridFlow
import OpenID

extension DiagnosisEngine {
  /// What to check next when no row fits; nil when the run did not fail.
  ///
  /// It says only what is known, so its confidence is always low.
  public static func fallback(evidence: DiagnosisEvidence) -> DiagnosisMatch? {
    guard let failure = evidence.failure else { return nil }
    switch failure {
    case .provider(.checksFailed(let checks)):
      guard let check = checks.first else { return nil }
      return advice(for: check, evidence)
    case .provider(.refused(let error)), .person(.declined(let error)):
      return advice(for: error, evidence)
    case .provider(.unreadable(let what)):
      return match(
        "next-unreadable", evidence,
        "The answer could not be read. \(what)",
        "Open the Wire view of this stage: a page in place of JSON comes from a proxy, a firewall"
          + " or a wrong address. Compare the endpoint with the discovery document.")
    case .environment(.transport(let fault)): return transport(fault, evidence)
    case .environment(.listener(let what)):
      return match(
        "next-listener", evidence,
        "The redirect URI\u{2019}s port could not be opened. \(what)",
        "Stop the program that has it, or choose another port with --redirect-uri and register "
          + "that at the provider.")
    case .environment(.answerRefused(let refused)):
      return match(
        "next-answer-refused", evidence, "No answer was taken. \(refused.sentence)",
        "Look at stage 5 for what came, and at the browser for what it shows; then start again.")
    case .environment(.signing(let what)):
      return match(
        "next-signing", evidence,
        "Nothing could be signed with the client\u{2019}s key. \(what)",
        "Give the private key with --client-key, and its algorithm with --client-key-alg.")
    // The run itself says all that is known.
    case .application: return nil
    case .person(.abandoned):
      return match(
        "next-abandoned", evidence, "The run was given up before it ended.", "Start it again.")
    case .person(.noCallback(let seconds)):
      return match(
        "next-no-callback", evidence,
        "Nothing came to the redirect URI within \(seconds) seconds.",
        "Look at the browser: an error page of the provider means that redirect URI or client id"
          + " are not known there. Paste its text into explain.")
    }
  }

  /// The best match, or what to check next when there is none.
  public static func explanation(evidence: DiagnosisEvidence) -> DiagnosisMatch? {
    diagnose(evidence: evidence).first ?? fallback(evidence: evidence)
  }

  private static func match(
    _ id: String, _ evidence: DiagnosisEvidence, _ cause: String, _ fix: String,
    confidence: DiagnosisConfidence = .low, source: String = "what the run showed"
  ) -> DiagnosisMatch {
    DiagnosisMatch(
      id: id, confidence: confidence, provider: evidence.provider ?? .generic,
      blame: evidence.failure.flatMap { RunBlame.of($0, evidence) }, cause: cause, fix: fix,
      basis: confidence == .low ? "only the kind of failure is known" : "this run showed it",
      source: source, isRecognized: false)
  }

  private static func advice(
    for check: CheckID, _ evidence: DiagnosisEvidence
  ) -> DiagnosisMatch {
    var cause = "The rule \(check.rawValue) wants this: \(check.rule)."
    // What was seen makes the better headline.
    if let broken = evidence.brokenChecks.first(where: { $0.id == check }), !broken.why.isEmpty {
      cause = "\(broken.why) \(cause)"
    }
    // What the application itself wrote is known; what came from outside has more than one reason.
    return match(
      "next-check-\(check.rawValue)", evidence, cause, check.next,
      confidence: RunBlame.isOurs(check) ? .high : .low, source: "\(check.spec)")
  }

  private static func advice(
    for error: OAuthError, _ evidence: DiagnosisEvidence
  ) -> DiagnosisMatch {
    let place: String
    let fix: String
    switch error.endpoint {
    case .discovery:
      place = "The discovery document was answered with \(error.summary)."
      fix = "Compare the issuer with the provider\u{2019}s console: tenant, realm and path."
    case .authorization:
      place = "The authorization endpoint answered with \(error.summary)."
      fix =
        "Compare response type, scope and redirect URI with the client\u{2019}s settings; the"
        + " provider\u{2019}s own log at this moment says more."
    case .page:
      place = "The browser ended on a page of the provider, with \(error.summary)."
      fix =
        "Compare client id and redirect URI with the provider\u{2019}s console, character by"
        + " character."
    case .pushed:
      place = "The pushed request was answered with \(error.summary)."
      fix =
        "Compare client authentication, redirect URI and response type with the client\u{2019}s"
        + " settings; without --par the request goes through the browser."
    case .token:
      place = "The token endpoint answered with \(error.summary)."
      fix =
        "Compare client id, secret and authentication method; then redirect_uri and code_verifier"
        + " of both requests in the Wire view."
    case .introspection, .revocation:
      place = "The \(error.endpoint.rawValue) endpoint answered with \(error.summary)."
      fix = "Look whether the provider lets this client use that endpoint, and for this token."
    case .api, .userinfo:
      place = "The API answered with \(error.summary)."
      fix =
        "Read WWW-Authenticate; compare audience, scopes and expiry of the access token with what"
        + " the API wants."
    }
    return match("next-\(error.endpoint.rawValue)-error", evidence, place, fix)
  }
}
