import HybridFlow
import OpenID

/// Who has to change something, as far as a failure alone tells it.
enum RunBlame {
  static func of(_ failure: FlowFailure, _ evidence: DiagnosisEvidence) -> Blame? {
    switch failure {
    case .provider(.checksFailed(let checks)):
      let broken = evidence.brokenChecks.first { $0.id == checks.first && $0.verdict == .fail }
      return broken.map(of) ?? checks.first.map(of)
    case .provider(.refused(let error)), .person(.declined(let error)):
      return of(error, evidence)
    case .provider(.unreadable):
      return evidence.statuses.lazy.compactMap { of(status: $0, evidence) }.first ?? .provider
    // The key is given here.
    case .environment(.signing): return .settings
    case .environment(.transport(let fault)): return fault.blame
    case .environment: return .environment
    case .person: return .person
    case .application(.unanswered): return nil
    case .application(.refusedAnswer(_, let cookies)):
      // Why it refused is known only by a rule of the browser that took a cookie away.
      return cookies?.contains { $0.reason != .unexplained } == true ? .application : nil
    }
  }

  // MARK: Checks

  /// Rules about what only the settings, here or at the provider, can make right.
  private static let ofSettings: Set<CheckID> = [
    .discoveryIssuerMatch, .idTokenAlgAllowlist, .backIDTokenPresent, .responseTypeExact,
    .requestOpenIDScope, .requestNonce, .requestModeNotQuery,
  ]
  /// Rules that the application keeps or breaks by itself.
  private static let ofApplication: Set<CheckID> = [
    .noExchangeBeforeFrontOK, .codeExchangeOnce, .redirectURISame, .issuerBoundEndpoint,
    .bearerHeaderOnly, .callbackSingleUse, .sessionCookieReturned, .accountKey, .accountLinkProof,
  ]
  /// Rules that only a value of somebody else breaks, once every harmless reason is excluded.
  private static let ofAttacker: Set<CheckID> = [
    .stateMatch, .nonceMatch, .backNonceMatch, .cHashMatch, .atHashMatch, .sHashMatch,
    .responseIss, .responseIssVsIDToken, .jarmIss, .jarmAud, .jarmState, .jarmNothingOutside,
  ]

  /// Whether the rule is about a request that was made here.
  static func isOurs(_ id: CheckID) -> Bool {
    ofApplication.contains(id)
      || [.requestOpenIDScope, .requestNonce, .requestModeNotQuery].contains(id)
  }

  static func of(_ check: Check) -> Blame {
    if let likeness = check.likeness { return likeness.blame }
    // What is absent was left out: nobody needs an attack for that.
    if check.found == "absent", !ofSettings.contains(check.id) { return .provider }
    return of(check.id)
  }

  static func of(_ id: CheckID) -> Blame {
    if ofSettings.contains(id) { return .settings }
    if ofApplication.contains(id) { return .application }
    return ofAttacker.contains(id) ? .attacker : .provider
  }

  // MARK: Errors

  /// Errors that only say that nobody is signed in, when nothing may be shown.
  static let silentCodes: Set<String> = [
    "login_required", "interaction_required", "consent_required", "account_selection_required",
  ]

  private static func of(_ error: OAuthError, _ evidence: DiagnosisEvidence) -> Blame? {
    if silentCodes.contains(error.code) {
      return evidence.facts.contains(.promptNone) ? nil : .person
    }
    if ["server_error", "temporarily_unavailable"].contains(error.code) { return .provider }
    if let status = error.status, let blame = of(status: status, evidence) { return blame }
    switch error.endpoint {
    case .authorization: return error.code == "access_denied" ? .person : .settings
    // The userinfo endpoint belongs to the provider that has just issued the token.
    case .userinfo where error.status == 401: return .provider
    case .discovery, .page, .pushed, .token, .api, .userinfo, .introspection, .revocation:
      return .settings
    }
  }

  /// Who is behind a status that has but one meaning; nil for the others.
  private static func of(status: Int, _ evidence: DiagnosisEvidence) -> Blame? {
    switch status {
    case 500..., 429: .provider
    // The address was configured, or found at the address that was.
    case 300..<400, 404:
      evidence.place == .metadata || evidence.place == .api ? .settings : .provider
    case 401: .settings
    case 403: evidence.place == .metadata ? .provider : .settings
    default: nil
    }
  }
}
