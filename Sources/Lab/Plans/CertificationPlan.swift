import DemoTenant
import HybridFlow
import OpenID

/// A plan of the OpenID Foundation’s conformance suite for relying parties: what a provider does,
/// and what an application must make of it.
///
/// The suite certifies; this only shows the same situations with the same names.
public struct CertificationPlan: Sendable {
  /// The plans there are, by the names of the command line.
  public enum Name: String, Sendable, CaseIterable {
    case hybrid
    case formPost = "form-post"
    case fapi1Advanced = "fapi1-advanced"
    case jarm
  }

  /// The name on the command line.
  public let name: Name
  /// The suite’s own name.
  public let suiteName: String
  /// What all modules’ names begin with.
  public let prefix: String
  /// The variants in which modules run, in the order of the columns.
  public let variants: [PlanVariant]
  /// The modules, in the suite’s order.
  public let modules: [PlanModule]

  /// The plan of a name.
  public static func named(_ name: Name) -> CertificationPlan {
    switch name {
    case .hybrid: hybrid
    case .formPost: formPost
    case .fapi1Advanced: fapi1Advanced
    case .jarm: jarm
    }
  }

  /// The name of a module without what all have in common; the first module has nothing else.
  public func shortName(_ module: PlanModule) -> String {
    let rest = module.name.dropping(prefix: prefix).map(String.init) ?? module.name
    return rest.isEmpty ? "(the honest login)" : rest
  }
}

/// A variant of a plan: with what the application asks.
public struct PlanVariant: Sendable {
  /// What distinguishes it, for the legend: unlike any other of its plan.
  public let title: String
  /// The letter above its column.
  public let letter: Character
  /// The response type.
  public let type: ResponseType
  /// What it changes in the configuration of a run.
  let prepare: @Sendable (inout FlowConfiguration) -> Void
}

/// One module: a situation, and what the application must make of it.
public struct PlanModule: Sendable {
  /// What the application must do.
  public enum Expectation: Sendable, Equatable {
    /// Sign the person in, and call userinfo and the API.
    case accept
    /// Refuse the ID token by this check: nothing more is asked with what came beside it.
    case rejectIDToken(CheckID)
    /// Refuse the authorization response by this check: nothing in it is used.
    case rejectAnswer(CheckID)
    /// Refuse, or find the right key by trying each.
    case rejectOrTryKeys
    /// Use nothing of the userinfo answer.
    case discardUserinfo
    /// Go no further than the provider’s metadata.
    case stopAfterDiscovery

    /// It in a few words.
    public var words: String {
      switch self {
      case .accept: "log in"
      case .rejectIDToken: "refuse the ID token"
      case .rejectAnswer: "refuse the answer"
      case .rejectOrTryKeys: "refuse, or try every key"
      case .discardUserinfo: "discard userinfo"
      case .stopAfterDiscovery: "stop after discovery"
      }
    }
  }

  /// The suite’s name.
  public let name: String
  /// What the provider does, or what the application must send, in a sentence.
  public let does: String
  /// What the application must do.
  public let expectation: Expectation
  /// The specifications of the rule.
  public let sections: [SpecReference]
  /// The response types whose variants have it.
  let types: [ResponseType]
  /// What the provider does.
  let actions: [TenantAction]
  /// What it needs in the configuration of a run beside its variant.
  let prepare: @Sendable (inout FlowConfiguration) -> Void
  /// What an application must have asked for, so that the module says something about it.
  public let need: Need?
  /// Why it is not run here; nil for one that is.
  public let notRun: String?
  /// What the application itself must send; nil where only its reaction counts.
  public let request: RequestRule?

  /// What only some applications ask for.
  public enum Need: Sendable, Equatable {
    /// ID tokens that are encrypted for it.
    case encryptedIDTokens
    /// `openbanking_intent_id`, by the parameter `claims`.
    case intentID
    /// An authorization response in a JWT.
    case responseJWT
  }

  /// A rule for what the application sends.
  public enum RequestRule: Sendable, Equatable {
    /// A nonce is in the authorization request.
    case nonce
    /// Scopes ask for the claims of a profile.
    case profileScopes
    /// The client authenticates with HTTP Basic.
    case basicAuthentication
  }

  init(
    _ name: String, _ expectation: Expectation, types: [ResponseType] = ResponseType.allCases,
    _ actions: [TenantAction] = [], request: RequestRule? = nil, need: Need? = nil,
    notRun: String? = nil, sections: [SpecReference],
    prepare: @escaping @Sendable (inout FlowConfiguration) -> Void = { _ in }, does: String
  ) {
    (self.prepare, self.notRun, self.need) = (prepare, notRun, need)
    (self.name, self.expectation, self.types, self.actions) = (name, expectation, types, actions)
    (self.request, self.sections, self.does) = (request, sections, does)
  }

  /// Whether the provider does nothing in it that it should not do.
  public var isHonest: Bool { actions.isEmpty }

  /// Whether a variant of the plan has it.
  public func isIn(_ variant: PlanVariant) -> Bool { types.contains(variant.type) }

  /// It as a row of the lab, which commits it under the module’s name; it teaches nothing.
  public func row(in variant: PlanVariant) -> LabFault {
    let check: CheckID? =
      switch expectation {
      case .accept: nil
      case .rejectIDToken(let id), .rejectAnswer(let id): id
      case .rejectOrTryKeys: .idTokenSignature
      case .discardUserinfo: .userinfoSub
      case .stopAfterDiscovery: .discoveryIssuerMatch
      }
    let prepare: @Sendable (inout FlowConfiguration) -> Void = { [prepare] in
      variant.prepare(&$0)
      prepare(&$0)
    }
    guard let check else {
      return LabFault(
        harmless: name, types: types, sections: sections, by: .tenant(actions),
        prepare: prepare, does: does, because: "")
    }
    let place: (Stage, Stage) =
      switch expectation {
      case .discardUserinfo: (.data, .data)
      case .stopAfterDiscovery: (.login, .login)
      case .rejectAnswer: (.callback, .callback)
      case .accept, .rejectIDToken, .rejectOrTryKeys: (.callback, .tokens)
      }
    return LabFault(
      name, .claims, check, types: types, at: place.0, withoutIDTokenAt: place.1,
      sections: sections, by: .tenant(actions), prepare: prepare, does: does, gain: "",
      lesson: "")
  }
}
