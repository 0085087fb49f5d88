import DemoTenant
import HybridFlow
import OpenID

/// One fault of the lab: who commits it, which check must catch it, and what it teaches.
public struct LabFault: Sendable {
  /// The groups of the table, in its order.
  public enum Group: String, Sendable, Hashable, CaseIterable {
    case code = "Stolen or swapped code"
    case replay = "Replayed ID token"
    case csrf = "Login CSRF"
    case mixUp = "Mix-up"
    case request = "A request changed in the browser"
    case signature = "Forged and confused signatures"
    case claims = "Wrong or missing claims"
    case hashes = "Hash claims"
    case times = "Times"
    case second = "The second token"
    case tokenEndpoint = "The token endpoint"
    case api = "The API"
    case after = "After the flow"
    case transport = "Transport and parsing"
    case configuration = "Configuration"
    case cookie = "Session cookie"
    case account = "Whose account it is"
    case jarm = "An answer in a JWT (JARM)"
    case encryption = "Encrypted ID tokens"
    case apple = "Sign in with Apple"
    case fapi = "FAPI 1.0 Advanced"
    case certificate = "Mutual TLS"
    case proof = "Proof of possession (DPoP)"
    case harmless = "Harmless: must pass"
  }

  /// Who commits it.
  public enum Deed: Sendable {
    /// The tenant, in its own messages.
    case tenant([TenantAction])
    /// An attacker between browser and application.
    case attacker(CallbackAttack)
    /// The application itself.
    case application([ApplicationMistake])
  }

  /// What must catch it.
  public enum Catcher: Sendable, Equatable {
    /// A check of the application.
    case check(CheckID)
    /// A check that only informs: it says nothing in an honest flow, and this text here.
    case information(CheckID, found: String)
    /// The tenant, when it refuses a request, by this rule of its ledger.
    case tenant(rule: String)
    /// Nothing: it is odd, and allowed.
    case nothing
  }

  /// The name in commands.
  public let id: String
  /// The kind of fault.
  public let group: Group
  /// What the attacker or the faulty server does, in a sentence.
  public let does: String
  /// What the attacker gains without the check, in a sentence.
  public let gain: String
  /// The lesson, in 40 to 100 words.
  public let lesson: String
  /// The specifications of the rules.
  public let sections: [SpecReference]
  /// The response types to which the fault applies.
  public let types: [ResponseType]
  /// What must catch it.
  public let catcher: Catcher
  /// Other checks that may complain, because the fault breaks their rules as well.
  public let companions: Set<CheckID>
  /// How it is committed.
  public let deed: Deed
  /// The actions after the flow, for a fault that shows only there.
  public let then: [AfterAction]
  /// Who is to blame, where it is not who sends the changed message.
  let blaming: Culprit?
  /// Changes to the configuration that the fault needs in order to show.
  let prepare: @Sendable (inout FlowConfiguration) -> Void
  private let stageWithIDToken: Stage
  private let stageWithoutIDToken: Stage

  /// The stage at which it must be caught.
  public func stage(for type: ResponseType) -> Stage {
    type.hasIDToken ? stageWithIDToken : stageWithoutIDToken
  }

  /// Whether the run must stop there; warnings let it go on.
  public var stops: Bool {
    switch catcher {
    case .check(.callbackSingleUse), .information: false
    case .check(let id): rules.severity(of: id) == .error
    case .tenant: true
    case .nothing: false
    }
  }

  /// The check that catches it; nil when the tenant does.
  public var check: CheckID? {
    switch catcher {
    case .check(let id), .information(let id, _): id
    case .tenant, .nothing: nil
    }
  }

  /// Whether the check that catches it can be switched off, to see its purpose.
  public var canSwitchOff: Bool { check != nil && stops }

  /// Where it must be caught, in words: `stage 5`, or the action after the flow.
  public func place(for type: ResponseType) -> String {
    if let last = then.last { return "the \(last.id) after the flow" }
    return "stage \(stage(for: type).number)"
  }

  /// The id of the check or rule that must catch it.
  public var caughtBy: String {
    switch catcher {
    case .check(let id), .information(let id, _): id.rawValue
    case .tenant(let rule): rule
    case .nothing: "nothing"
    }
  }

}

extension LabFault {
  static let withIDToken: [ResponseType] = [.codeIDToken, .codeIDTokenToken]
  static let withAccessToken: [ResponseType] = [.codeToken, .codeIDTokenToken]

  /// A row whose fault a check of the application catches.
  init(
    _ id: String, _ group: Group, _ check: CheckID, also: Set<CheckID> = [],
    types: [ResponseType] = ResponseType.allCases, at stage: Stage = .callback,
    withoutIDTokenAt: Stage? = nil, sections: [SpecReference] = [], by deed: Deed,
    blaming: Culprit? = nil, informing found: String? = nil, then: [AfterAction] = [],
    prepare: @escaping @Sendable (inout FlowConfiguration) -> Void = { _ in },
    does: String, gain: String, lesson: String
  ) {
    self.init(
      id: id, group: group, does: does, gain: gain, lesson: lesson,
      sections: [check.spec] + sections.filter { $0 != check.spec }, types: types,
      catcher: found.map { .information(check, found: $0) } ?? .check(check), companions: also,
      deed: deed, then: then, blaming: blaming, prepare: prepare,
      stageWithIDToken: stage, stageWithoutIDToken: withoutIDTokenAt ?? stage)
  }

  /// A row whose fault only the tenant can catch: when the code is exchanged, or at another stage.
  init(
    _ id: String, _ group: Group, tenantRule rule: String, types: [ResponseType],
    at stage: Stage = .verify, sections: [SpecReference], by deed: Deed,
    prepare: @escaping @Sendable (inout FlowConfiguration) -> Void = { _ in },
    does: String, gain: String, lesson: String
  ) {
    self.init(
      id: id, group: group, does: does, gain: gain, lesson: lesson, sections: sections,
      types: types, catcher: .tenant(rule: rule), companions: [], deed: deed, then: [],
      blaming: nil, prepare: prepare,
      stageWithIDToken: stage, stageWithoutIDToken: stage)
  }

  /// A row that is odd and allowed: nothing may complain.
  init(
    harmless id: String, types: [ResponseType] = ResponseType.allCases,
    sections: [SpecReference], by deed: Deed, then: [AfterAction] = [],
    prepare: @escaping @Sendable (inout FlowConfiguration) -> Void = { _ in },
    does: String, because lesson: String
  ) {
    self.init(
      id: id, group: .harmless, does: does, gain: "Nothing: it is allowed.", lesson: lesson,
      sections: sections, types: types, catcher: .nothing, companions: [], deed: deed, then: then,
      blaming: nil, prepare: prepare, stageWithIDToken: .data, stageWithoutIDToken: .data)
  }
}

/// The lab's table, which the command, the explorer and the tests read.
public enum Lab {
  /// Every fault, group by group.
  public static let faults: [LabFault] =
    codeFaults + replayFaults + csrfFaults + mixUpFaults + sharedAddressFaults + requestFaults
    + signatureFaults
    + keyNameFaults + claimFaults + kindFaults + headerFaults
    + hashFaults + timeFaults + secondTokenFaults + tokenEndpointFaults + assertionFaults
    + apiFaults + profileFaults + afterFaults
    + transportFaults + repeatedFormFaults + configurationFaults + jarmFaults
    + encryptionFaults + appleFaults + fapiFaults + fapiWayFaults + certificateFaults
    + proofFaults
    + cookieFaults + accountFaults

  /// The rows of a group, in the order of the table.
  public static func faults(in group: LabFault.Group) -> [LabFault] {
    group == .harmless ? harmless : faults.filter { $0.group == group }
  }

  /// The fault or the harmless oddity with this id.
  public static func row(_ id: String) -> LabFault? {
    fault(id) ?? harmless.first { $0.id == id }
  }

  /// Suggestions for an unknown name: those that contain the text, or the nearest one.
  public static func names(near word: String) -> [String] {
    let names = (faults + harmless).map(\.id)
    let holding = word.isEmpty ? [] : names.filter { $0.holds(word.asciiLowercased) }
    if !holding.isEmpty { return Array(holding.prefix(4)) }
    return Spelling.nearest(to: word, among: names).map { [$0] } ?? []
  }

  /// The fault with this id.
  public static func fault(_ id: String) -> LabFault? { faults.first { $0.id == id } }
}

extension LabFault {
  /// The rank of the match with lower-case words, the lowest first: the exact name, a name that
  /// starts with them or holds them, a check, a kind, the deed; nil without a match.
  package func rank(matching words: String) -> Int? {
    if id == words { return 0 }
    if id.begins(with: words) { return 1 }
    let kind = group.rawValue.asciiLowercased
    // In the list Space switches the check off: the words of a kind are typed without it.
    let places = [id, caughtBy, kind, does.asciiLowercased, kind.split(at: " ").joined()]
    return places.firstIndex { $0.holds(words) }.map { $0 + 2 }
  }
}
