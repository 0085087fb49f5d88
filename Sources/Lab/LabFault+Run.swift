import DemoTenant
import HybridFlow
import OpenID

/// How a fault is put into a run.
extension LabFault {
  /// The fault for the tenant; nil when the tenant is honest.
  public var tenantFault: Fault? {
    if case .tenant(let actions) = deed { Fault(id, actions) } else { nil }
  }

  /// Whether the client of the run proves who it is with a key of its own.
  public var needsClientKey: Bool {
    guard var configuration = Self.blank else { return false }
    prepare(&configuration)
    // Under other rules there is a key for every run.
    return configuration.rules == .openID && configuration.clientAuthentication == .privateKeyJWT
  }

  /// The rules by which the run is judged.
  public var rules: SecurityRules {
    guard var configuration = Self.blank else { return .openID }
    prepare(&configuration)
    return configuration.rules
  }

  /// A configuration in which only the changes of a fault show.
  private static let blank: FlowConfiguration? = (try? WebURL("http://localhost/")).map {
    FlowConfiguration(issuer: $0, clientID: "", clientSecret: nil, redirectURI: $0)
  }

  /// What happens to the authorization response on its way; nil when nothing does.
  public var attack: CallbackAttack? {
    switch deed {
    case .attacker(let attack): attack
    // For a code that is sent although a check failed, the code must be a swapped one.
    case .application(let mistakes): mistakes.contains(.exchangesAnyway) ? .swapCode : nil
    case .tenant: nil
    }
  }

  /// Sets this fault in a configuration for the demo tenant.
  public func configure(
    _ configuration: inout FlowConfiguration, type: ResponseType, checksOff: Set<CheckID> = []
  ) {
    configuration.responseType = type
    prepare(&configuration)
    if case .application(let mistakes) = deed { configuration.mistakes = Set(mistakes) }
    configuration.checksOff = checksOff
    // An oddity is nobody's deed: nothing is marked as changed.
    if group == .harmless { return }
    configuration.tampering = mark(for: type)
    configuration.tampering?.culprit = culprit.blame
  }

  /// The configuration of a careful application in the place of a careless one; nil when the
  /// application's own messages are honest.
  public func careful(
    _ configuration: FlowConfiguration, from honest: FlowConfiguration
  ) -> FlowConfiguration? {
    guard case .application = deed, attack == nil else { return nil }
    var careful = configuration
    careful.mistakes = []
    // The mistake is in what is asked for.
    if check == .accessTokenFrontUnbound { careful.responseType = .codeIDToken }
    // There the preparation is no mistake.
    guard configuration.appleTeam == nil else { return careful }
    if configuration.rules == .fapi1Advanced {
      careful.askAsFAPI()
      return careful
    }
    careful.scope = honest.scope
    careful.usesPKCE = honest.usesPKCE
    careful.responseMode = honest.responseMode
    careful.extraParameters = honest.extraParameters
    careful.assertionAudience = honest.assertionAudience
    return careful
  }

  /// The message that is spoilt; the flow marks it with the fault's id.
  ///
  /// It is known before the run, because a recording begins with it; a test compares it with what
  /// the tenant reports as spoilt.
  package func mark(for type: ResponseType) -> Tampering? {
    switch deed {
    case .attacker(.alteredRequest):
      return Tampering(
        faultID: id, stage: .prompt, from: .browser, to: .authorizationServer,
        pathSuffix: "/authorize")
    case .attacker: return callback
    case .application(let mistakes):
      if mistakes.contains(.laxCookie) {
        return Tampering(faultID: id, stage: .authorize, from: .application, to: .browser)
      }
      // What the application does with its own accounts is in no message.
      if mistakes.contains(where: \.isAboutAccounts) {
        return Tampering(faultID: id, stage: .data, from: .application, to: .application)
      }
      return mistakes.contains(.exchangesAnyway) ? callback : request(for: type)
    // A fault in two messages is marked in the first one.
    case .tenant(let actions):
      let message = actions.lazy.compactMap { $0.spoils(hasFirstIDToken: type.hasIDToken) }.first
      return message.map { Tampering(faultID: id, $0) }
    }
  }

  private var callback: Tampering {
    Tampering(faultID: id, stage: .callback, from: .browser, to: .application)
  }

  /// The request that a careless application spoils.
  private func request(for type: ResponseType) -> Tampering {
    let stage = check == .accessTokenFrontUnbound ? .authorize : stage(for: type)
    if case .tenant = catcher, stage < .exchange { return refusedRequest(at: stage) }
    switch stage {
    case .authorize:
      return Tampering(faultID: id, stage: stage, from: .application, to: .browser)
    // What the tenant refuses was wrong in the request.
    case .exchange, .verify, .tokens:
      return Tampering(faultID: id, stage: .exchange, from: .application, to: .authorizationServer)
    // What the API refuses was wrong in the call.
    case .data where then.isEmpty:
      return Tampering(faultID: id, stage: .api, from: .application, to: .api)
    case .data:
      return Tampering(
        faultID: id, stage: stage, from: .application, to: .authorizationServer,
        pathSuffix: "/oauth/token", action: then.count - 1)
    case .login, .prompt, .authenticate, .callback, .api:
      return Tampering(faultID: id, stage: .api, from: .application, to: .api)
    }
  }
}

extension LabFault {
  /// An authorization request that the tenant refuses: pushed to it, or brought by the browser.
  private func refusedRequest(at stage: Stage) -> Tampering {
    stage == .authorize
      ? Tampering(
        faultID: id, stage: .authorize, from: .application, to: .authorizationServer,
        pathSuffix: "/oauth/par")
      : Tampering(faultID: id, stage: .authorize, from: .application, to: .browser)
  }
}

extension Tampering {
  /// The place where the flow records a message of the tenant.
  init(faultID: String, _ message: SpoiltMessage) {
    let (stage, path): (Stage, String) =
      switch message {
      case .metadata: (.login, "/openid-configuration")
      case .keys: (.login, "/jwks.json")
      case .authorizationResponse: (.callback, "")
      case .tokenRequest: (.exchange, "")
      case .tokenResponse: (.tokens, "/oauth/token")
      case .refreshResponse: (.data, "/oauth/token")
      case .userinfoResponse: (.data, "/userinfo")
      case .introspectionResponse: (.data, "/oauth/introspect")
      case .apiResponse: (.data, "")
      case .logoutResponse: (.data, "/oidc/logout")
      }
    let (from, to): (Actor, Actor) =
      switch message {
      case .authorizationResponse, .logoutResponse: (.authorizationServer, .browser)
      case .tokenRequest: (.application, .authorizationServer)
      case .apiResponse: (.api, .application)
      case .metadata, .keys, .tokenResponse, .refreshResponse, .userinfoResponse,
        .introspectionResponse:
        (.authorizationServer, .application)
      }
    self.init(faultID: faultID, stage: stage, from: from, to: to, pathSuffix: path)
  }
}

extension LabFault {
  /// The response type for the fault: the requested one if the fault applies to it.
  public func shown(with type: ResponseType) -> ResponseType {
    types.contains(type) ? type : types.first ?? type
  }

  /// Sets this fault in a configuration, in a response type to which it applies.
  public func configure(_ configuration: inout FlowConfiguration, switchesCheckOff: Bool) {
    var off: Set<CheckID> = []
    if switchesCheckOff, let id = check { off = companions.union([id]) }
    configure(&configuration, type: shown(with: configuration.responseType), checksOff: off)
  }
}

/// The result of a run with a fault.
public struct LabOutcome: Sendable {
  /// A rule that was broken.
  public struct Complaint: Sendable, Equatable {
    /// The stage.
    public var stage: Stage
    /// The action after the flow; nil in the flow itself.
    public var action: AfterAction?
    /// The rule.
    public var id: CheckID
    /// Whether it stopped the run, or would have.
    public var isFailure: Bool
    /// Whether the check was switched off.
    public var isOff: Bool
  }

  /// The overall result of a run.
  public enum Status: String, Sendable, Equatable {
    /// Caught as the row says.
    case caught
    /// Not caught, or not where the row says.
    case missed
    /// Caught, but a check that the row does not name complained as well.
    case falseAlarm = "false_alarm"
    /// The check complained, was switched off, and the run went on.
    case switchedOff = "switched_off"
  }

  /// The fault; nil for an honest run.
  public let fault: LabFault?
  /// The requested response type.
  public let type: ResponseType
  /// Everything that happened.
  public let transcript: Transcript

  /// Puts an outcome together.
  public init(fault: LabFault?, type: ResponseType, transcript: Transcript) {
    self.fault = fault
    self.type = type
    self.transcript = transcript
  }

  /// The broken rules, in order.
  public var complaints: [Complaint] {
    transcript.stages.flatMap { complaints(of: $0, nil) }
      + transcript.afterwards.flatMap { complaints(of: $0.record, $0.action) }
  }

  private func complaints(of record: StageRecord, _ action: AfterAction?) -> [Complaint] {
    record.checks.filter { $0.verdict == .fail || $0.verdict == .warn }.map {
      Complaint(
        stage: record.stage, action: action, id: $0.id, isFailure: $0.verdict == .fail,
        isOff: $0.isOff)
    }
  }

  /// Every message, including those after the flow.
  public var messages: [Message] {
    transcript.messages + transcript.afterwards.flatMap(\.record.messages)
  }

  /// The rules that the tenant found broken.
  public var tenantComplaints: [String] {
    transcript.stages.flatMap(\.serverChecks).filter { $0.passed == false }.map(\.id)
  }

  /// The stage whose request the tenant found wrong.
  public var tenantStage: Stage {
    transcript.stages.first { $0.serverChecks.contains { $0.passed == false } }?.stage ?? .verify
  }

  /// Where the run stopped; nil when it reached its end.
  public var stoppedAt: Stage? { transcript.stages.first { $0.failure != nil }?.stage }

  /// The action after the flow that failed; nil when none did.
  public var stoppedAfter: AfterAction? {
    transcript.afterwards.first { $0.record.failure != nil }?.action
  }

  /// The subject in each token and response; in an attack they differ.
  public var subjects: [(where: String, subject: String)] {
    var found: [(String, String)] = []
    let places = [
      ("ID token through the browser", Channel.front), ("ID token of the token endpoint", .back),
    ]
    for (name, channel) in places {
      let claims = transcript.token(.idToken, channel)?.claims
      if let subject = claims?["sub"]?.string { found.append((name, subject)) }
    }
    for message in transcript[.data].messages where message.response?.status == 200 {
      let subject = (try? JSONParser.parse(message.body))?["sub"]?.string
      let name = message.from == .api ? "the API\u{2019}s data" : "userinfo"
      if let subject { found.append((name, subject)) }
    }
    return found.map { (where: $0.0, subject: $0.1) }
  }

  /// The complaints that the row does not name.
  public var unexpected: [CheckID] {
    var named = fault?.companions ?? []
    if let id = fault?.check { named.insert(id) }
    // A check that is switched off lets the exchange go on, so this complaint is expected.
    if complaints.contains(where: \.isOff) { named.insert(.noExchangeBeforeFrontOK) }
    return complaints.map(\.id).filter { !named.contains($0) }
  }

  /// The overall result of the run.
  public var status: Status {
    guard let fault else { return complaints.isEmpty && stoppedAt == nil ? .caught : .falseAlarm }
    let stage = fault.stage(for: type)
    switch fault.catcher {
    case .check(let id):
      let complaint = complaints.first {
        $0.id == id && $0.stage == stage && $0.action == fault.then.last
      }
      guard let complaint else { return .missed }
      if complaint.isOff { return .switchedOff }
      if fault.stops, !complaint.isFailure || !stops(by: id, fault, stage) { return .missed }
    case .information(let id, let found):
      let says = transcript[stage].checks.contains { check in
        let text = [check.found, check.why].compactMap(\.self).joined(separator: " ")
        return check.id == id && check.verdict != .skip && text.holds(found)
      }
      guard says else { return .missed }
    case .tenant(let rule):
      guard tenantComplaints.contains(rule), stoppedAt == stage else { return .missed }
    case .nothing:
      guard complaints.isEmpty else { return .falseAlarm }
      return transcript.firstFailure == nil ? .caught : .missed
    }
    return unexpected.isEmpty ? .caught : .falseAlarm
  }

  /// Whether this check ended the flow, or the action after it.
  private func stops(by id: CheckID, _ fault: LabFault, _ stage: Stage) -> Bool {
    guard let last = fault.then.last else {
      let failure = transcript.failure
      return stoppedAt == stage
        && (failure?.failedChecks.contains(id) == true || failure?.code == "provider.unreadable")
    }
    return stoppedAt == nil && stoppedAfter == last
      && transcript.firstFailure?.failedChecks.contains(id) == true
  }
}
