import DemoTenant
import HybridFlow
import Lab
import Network
import OpenID
import Session

/// The lab's faults against an application: honest logins first, then one fault after the other.
public final class Trial {
  /// What is told while it runs.
  public enum Progress: Sendable {
    /// Nobody listens at the start address yet.
    case waiting(seconds: Int)
    /// The honest logins are over.
    case honest(HonestLogin)
    /// A fault is tried now, with its number among those that are.
    case trying(LabFault, number: Int, of: Int)
    /// A fault is done.
    case done(TrialResult)
  }

  /// How a trial ended.
  public struct Report: Sendable {
    /// The honest logins.
    public var honest: HonestLogin
    /// Every fault, in the order of the lab.
    public var results: [TrialResult]
    /// Why the application did not sign in any more at the end; nil when it did.
    public var lateFailure: HonestLoginError?

    /// The results with a verdict of this word.
    public func results(_ word: String) -> [TrialResult] {
      results.filter { $0.verdict.word == word }
    }
  }

  /// Restarts the application, or gives up when it is stopped; returns why it could not.
  public typealias Restart = (_ isStopped: () -> Bool) -> String?

  /// Called while it runs.
  public var onProgress: ((Progress) -> Void)?

  private let visitor: Visitor
  private let subject: TrialSubject
  private let issuer: WebURL
  private let people: [Person]
  private let restart: Restart?
  /// How long the application may take to be there again, in milliseconds.
  private static let restartMilliseconds = 30_000
  /// How long is waited for an application that does not listen yet: some read the tenant's
  /// documents when they start, and can only be started now.
  private static let startMilliseconds = 10_000

  /// Prepares a trial.
  ///
  /// - Parameters:
  ///   - host: The tenant, with the application registered.
  ///   - chromium: The browser that visits the application; nil: the built-in one.
  ///   - restart: Restarts the application; nil if it cannot be.
  public init(
    loop: PollLoop, host: TenantHost, subject: TrialSubject, people: [Person],
    options: ClientOptions = ClientOptions(), chromium: ChromiumProgram? = nil,
    restart: Restart? = nil
  ) {
    visitor = Visitor(
      loop: loop, host: host, subject: subject, options: options, chromium: chromium)
    (self.subject, self.people, self.restart) = (subject, people, restart)
    issuer = host.issuer
  }

  /// Whether it was stopped.
  public var isStopped: Bool { visitor.isStopped }

  /// Ends it as soon as the request under way allows.
  public func stop() { visitor.isStopped = true }

  /// The honest logins, and what is learnt from them.
  ///
  /// - Throws: ``HonestLoginError`` when there is none.
  public func learn(type wanted: ResponseType? = nil) throws(HonestLoginError) -> HonestLogin {
    visitor.waitForTenant()
    var visits: [Visit] = []
    for _ in 0..<2 {
      var visit = visitor.login(asksAgain: true)
      if visits.isEmpty, visitor.foundNobody {
        onProgress?(.waiting(seconds: Self.startMilliseconds / 1000))
        if visitor.waitForApplication(milliseconds: Self.startMilliseconds) {
          visit = visitor.login(asksAgain: true)
        }
      }
      if let error = error(in: visit) { throw error }
      visits.append(visit)
    }
    let declined = visitor.login(nil, .refusal, asksAgain: true)
    let asked = visits[0].tenant.authorizations.last ?? []
    guard let type = ResponseType(words: asked["response_type"] ?? ""),
      wanted.map({ $0 == type }) ?? true
    else {
      throw .otherType(asked["response_type"] ?? "nothing", wanted ?? .codeIDToken)
    }
    guard
      let signs = SignInSigns(
        honest: visits, declined: declined, text: subject.signedInText, people: people)
    else { throw .indistinguishable(visits, text: subject.signedInText) }
    var traits = ApplicationTraits(
      type, asked, visits, runsScripts: visitor.runsScripts)
    traits.encryption = subject.client.encryption?.idTokens
    traits.encryptsResponses = subject.client.encryption?.responses != nil
    if traits.asksUserinfo {
      let marked = visitor.login(
        UserinfoMark.marked(Fault("marked", [])), asksAgain: signs.asksAgain)
      traits.showsUserinfo = marked.pages.contains(where: UserinfoMark.isShown)
      let without = visitor.login(
        Fault(
          "userinfo-fails",
          [
            .response(.userinfo, .body(mediaType: "text/plain", text: "")),
            .response(.userinfo, .status(500)),
          ]), asksAgain: false)
      if case .noAnswer = without.end { traits.breaksWithoutUserinfo = true }
    }
    let agent = visits.lazy.flatMap(\.tenant.exchanges).compactMap(\.userAgent).first
    return HonestLogin(visits: visits, traits: traits, signs: signs, userAgent: agent)
  }

  private func error(in visit: Visit) -> HonestLoginError? {
    HonestLoginError(visit, subject: subject, issuer: issuer, person: people.first)
  }

  /// Tries faults, those that need a restart at the end.
  public func run(_ faults: [LabFault], _ honest: HonestLogin) -> Report {
    let plans = faults.map { ($0, Applicability($0, honest.traits)) }
    let now = plans.filter { $0.1 == .applies }
    let later = restart == nil ? [] : plans.filter { $0.1 == .appliesAfterRestart }
    var found: [String: TrialResult] = [:]
    for (fault, plan) in plans {
      found[fault.id] = untried(fault, plan, honest)
      if let result = found[fault.id] { onProgress?(.done(result)) }
    }
    let count = now.count + later.count
    for (number, (fault, plan)) in (now + later).enumerated() where !isStopped {
      onProgress?(.trying(fault, number: number + 1, of: count))
      let result = attempt(fault, honest, restarts: plan == .appliesAfterRestart)
      found[fault.id] = result
      onProgress?(.done(result))
    }
    var report = Report(honest: honest, results: faults.compactMap { found[$0.id] })
    if count > 0, !isStopped {
      report.lateFailure = failureAtTheEnd(restarts: !later.isEmpty, honest)
    }
    return report
  }

  /// The result of a fault that is not tried; nil for one that is.
  private func untried(
    _ fault: LabFault, _ plan: Applicability, _ honest: HonestLogin
  ) -> TrialResult? {
    let verdict: TrialVerdict
    switch plan {
    case .applies: return nil
    case .appliesAfterRestart where restart != nil: return nil
    case .appliesAfterRestart:
      verdict = .notApplicable(
        "needs --restart: your application keeps what the tenant publishes")
    case .shownByHonestLogin:
      guard let deed = OwnDeed.all[fault.id] else { return nil }
      let shown = deed.judge(honest.traits, honest.visits)
      if fault.isWarningOnly, case .letThrough(let why) = shown {
        verdict = .notApplicable("a warning only, and an application may go on. Here: \(why)")
      } else {
        verdict = shown
      }
    case .no(let why): verdict = .notApplicable(why)
    }
    return TrialResult(
      fault: fault, stage: fault.stage(for: honest.traits.type), verdict: verdict, seen: [],
      seconds: 0)
  }

  /// Where an application fetches an attacker's keys if it follows an address in a token.
  private var strangersKeys: String {
    (issuer.text.dropping(suffix: "/").map(String.init) ?? issuer.text)
      + DemoTenant.strangersKeysPath
  }

  private func attempt(
    _ fault: LabFault, _ honest: HonestLogin, restarts: Bool
  ) -> TrialResult {
    let stage = fault.stage(for: honest.traits.type)
    var committed = fault.tenantFault
    if fault.spoiltMessages(honest.traits.type).contains(.userinfoResponse) {
      committed = committed.map(UserinfoMark.marked)
    }
    committed = committed.map { $0.pointing(to: strangersKeys) }
    if restarts, let why = restartApplication(meeting: committed) {
      return TrialResult(
        fault: fault, stage: stage, verdict: .unclear("the restart failed: \(why)"), seen: [],
        seconds: 0)
    }
    let between = fault.attack.map { Passage.Between.attacker($0) } ?? .nobody
    let visit = visitor.login(
      committed, between, asksAgain: honest.signs.asksAgain, isUnderWay: restarts)
    let evidence = TrialEvidence(
      fault: fault, visit: visit, signs: honest.signs, traits: honest.traits)
    return TrialResult(
      fault: fault, stage: stage, verdict: evidence.verdict, seen: evidence.seen,
      seconds: visit.seconds)
  }

  /// Restarts the application, while the tenant commits a fault already; why it failed.
  private func restartApplication(meeting fault: Fault?) -> String? {
    guard let restart else { return "there is no --restart" }
    visitor.commit(fault)
    if let why = restart({ [visitor] in visitor.isStopped }) { return why }
    return visitor.waitForApplication(milliseconds: Self.restartMilliseconds)
      ? nil : "it did not answer within \(Self.restartMilliseconds / 1000) s"
  }

  /// Whether the application still signs in: otherwise the last verdicts are worth nothing.
  private func failureAtTheEnd(restarts: Bool, _ honest: HonestLogin) -> HonestLoginError? {
    if restarts, let why = restartApplication(meeting: nil) {
      return .late("The application did not come back after the last restart: \(why).")
    }
    let visit = visitor.login(asksAgain: honest.signs.asksAgain)
    if let error = error(in: visit) { return error }
    if case .signedIn = honest.signs.judge(visit) { return nil }
    return .late("The last honest login, after all faults, does not end as the first ones did.")
  }
}

extension HonestLoginError {
  static func late(_ cause: String) -> HonestLoginError {
    HonestLoginError(
      cause: cause,
      fix:
        "A fault may have left it in a state in which nothing works: then “caught” says little. Try single faults with --only.",
      seen: [])
  }
}

extension ApplicationTraits {
  /// What two honest logins show.
  init(
    _ type: ResponseType, _ request: [FormField], _ visits: [Visit], runsScripts: Bool
  ) {
    let tenant = visits.map(\.tenant)
    let last = tenant.last
    self.init(
      type: type, request: request,
      takesFormPost: ["form_post", "form_post.jwt"].contains(request["response_mode"]),
      // The default of every hybrid response type.
      takesFragment: ResponseMode(rawValue: request["response_mode"] ?? "fragment")?.isInFragment
        ?? false,
      redeemsCode: tenant.contains { !$0.codeExchanges.isEmpty },
      asksUserinfo: tenant.contains { $0.calls.contains { $0.service == .userinfo } },
      callsAPI: tenant.contains { $0.calls.contains { $0.service == .api } },
      refreshes: tenant.contains { !$0.refreshes.isEmpty },
      signsOutAtTenant: tenant.contains { $0.logouts > 0 },
      fetchesMetadataAgain: (last?.discoveries ?? 0) > 0,
      fetchesKeysAgain: (last?.keyFetches ?? 0) > 0, showsUserinfo: false,
      runsScripts: runsScripts)
  }
}
