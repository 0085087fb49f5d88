import HybridFlow
import OpenID

/// What a run made of a module, and whether that was right.
public struct PlanOutcome: Sendable {
  /// The module.
  public let module: PlanModule
  /// The variant in which it ran.
  public let variant: PlanVariant
  /// Whether the run did what the module expects.
  public let isRight: Bool
  /// The stage at which the run stopped; nil when it came to its end.
  public let stoppedAt: Stage?
  /// The checks that stopped it, in order.
  public let failed: [CheckID]
  /// What the run did, in a few words without a full stop.
  public let did: String

  /// Judges a run by what stopped it, and by what it still asked for.
  public init(_ module: PlanModule, _ variant: PlanVariant, _ transcript: Transcript) {
    (self.module, self.variant) = (module, variant)
    let stopped = transcript.stages.first { $0.failure != nil }
    stoppedAt = stopped?.stage
    failed = stopped?.failure?.failedChecks ?? []
    let asked = Asked(transcript)
    let unasked = module.request.flatMap { asked.lack(of: $0) }
    did = unasked ?? Self.words(stopped, failed, asked)
    let keptBack = asked.keptBack(variant.type)
    isRight =
      switch module.expectation {
      case .accept: stopped == nil && unasked == nil
      case .rejectIDToken(let check): failed.contains(check) && keptBack
      case .rejectAnswer(let check): failed.contains(check) && asked.tokenRequest == nil
      case .rejectOrTryKeys: stopped == nil || !failed.isEmpty && keptBack
      case .discardUserinfo: stopped?.stage == .data && failed.contains(.userinfoSub)
      case .stopAfterDiscovery: stopped?.stage == .login && failed.contains(.discoveryIssuerMatch)
      }
  }

  private static func words(
    _ stopped: StageRecord?, _ failed: [CheckID], _ asked: Asked
  ) -> String {
    guard let stopped else { return "logged in" }
    let cause =
      failed.isEmpty
      ? stopped.failure.map { $0.code } ?? "" : failed.map(\.rawValue).joined(separator: ", ")
    return "stopped at stage \(stopped.stage.number): \(cause)"
  }
}

/// What a run asked of the provider.
private struct Asked {
  let request: [FormField]
  let tokenRequest: HTTPRequest?
  let callsAPI: Bool

  init(_ transcript: Transcript) {
    request = transcript[.authorize].draft?.fields ?? []
    tokenRequest = transcript[.exchange].messages.lazy.compactMap(\.request).first
    callsAPI = transcript[.api].messages.contains { $0.request != nil }
  }

  /// Whether nothing was asked with what came beside a wrong ID token: without one in the
  /// authorization response, the first is that of the token endpoint.
  func keptBack(_ type: ResponseType) -> Bool {
    type.hasIDToken ? tokenRequest == nil : !callsAPI
  }

  /// What the application did not send; nil when it did.
  func lack(of rule: PlanModule.RequestRule) -> String? {
    rule.lack(in: request, usesBasic: usesBasic)
  }

  private var usesBasic: Bool {
    tokenRequest?.headers["Authorization"]?.parting(at: " ").0.asciiLowercased == "basic"
  }
}

extension PlanModule.RequestRule {
  /// What is missing in the requests of an application; nil when nothing is.
  ///
  /// - Parameters:
  ///   - request: The authorization request.
  ///   - usesBasic: Whether the client authenticated in the header at the token endpoint.
  public func lack(in request: [FormField], usesBasic: Bool) -> String? {
    switch self {
    case .nonce: request["nonce"]?.isEmpty == false ? nil : "it sent no nonce"
    case .profileScopes:
      (request["scope"] ?? "").split(at: " ").contains { Self.claimScopes.contains(String($0)) }
        ? nil : "it asked for none of the scopes \(Self.claimScopes.joined(separator: ", "))"
    case .basicAuthentication: usesBasic ? nil : "it did not authenticate with HTTP Basic"
    }
  }

  /// OpenID Connect Core 1.0, section 5.4.
  private static let claimScopes = ["profile", "email", "address", "phone"]
}
