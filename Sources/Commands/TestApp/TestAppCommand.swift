import DemoTenant
import Export
import Glibc
import HybridFlow
import Lab
import Network
import OpenID
import Platform
import Recording
import Session
import Settings
import TextUI
import Trial

/// `hybrid-flow test-app`: commits the lab's faults against an application, and says what it caught.
public final class TestAppCommand {
  private let order: TestAppOrder
  private let loop: PollLoop
  private let sink: any TextSink
  private let text: TestAppText
  private let isJSON: Bool
  /// Whether progress is shown on standard error, which is a terminal.
  private let showsProgress: Bool
  private let trial: Trial
  private let host: TenantHost
  /// Records the first login, which is an honest one; nil when nothing is recorded.
  private let recorder: Recorder?
  private var watch: LoginWatch?
  private let startedAt = ContinuousClock.now
  private var hasReaders = true
  private var signal: Int32?

  /// Opens the tenant's port.
  ///
  /// - Throws: ``TenantHostError``.
  public init(
    _ order: TestAppOrder, loop: PollLoop, sink: any TextSink, style: PrintStyle, isJSON: Bool,
    showsProgress: Bool, recorder: Recorder? = nil
  ) throws(TenantHostError) {
    (self.order, self.loop, self.sink) = (order, loop, sink)
    (self.isJSON, self.showsProgress) = (isJSON, showsProgress)
    text = TestAppText(style: style)
    let host = try TenantHost(loop: loop, bind: order.tenant.bind, port: order.tenant.port) {
      order.tenant.settings(port: $0)
    }
    self.host = host
    self.recorder = recorder
    if recorder != nil { watch = LoginWatch(host, loop: loop) }
    let people = TenantSettings.demoPeople(issuer: host.issuer.text)
    let restart = order.restart.map { words in
      { (isStopped: () -> Bool) in
        Self.run(words, order.childEnvironment, loop, until: isStopped)
      }
    }
    trial = Trial(
      loop: loop, host: host, subject: order.subject, people: people, options: order.client,
      chromium: order.chromium, restart: restart)
  }

  /// The longest that a restart may take, in milliseconds.
  private static let restartMilliseconds = 60_000

  private static func run(
    _ words: [String], _ environment: ChildEnvironment, _ loop: PollLoop,
    until isStopped: () -> Bool
  ) -> String? {
    var ending: String??
    let run = ProgramRun(
      words, environment: environment, loop: loop, timeoutMilliseconds: restartMilliseconds
    ) { ending = .some($0) }
    while ending == nil, !isStopped() { loop.turn() }
    return withExtendedLifetime(run) { ending ?? "it was stopped" }
  }

  /// The faults that can be tried, and what must catch each.
  public static func list(_ faults: [LabFault], style: PrintStyle) -> String {
    LabText(style: style).list(faults, harmless: [])
  }

  /// Ends it because of a signal.
  public func stop(bySignal number: Int32) {
    signal = number
    trial.stop()
    loop.post {}
  }

  /// Tests the application; returns how the process ends.
  public func run() -> RunOutcome {
    defer { host.stop() }
    if let warning = TenantCommand.warning(bind: order.tenant.bind) { sink.complain(warning) }
    if !isJSON { write(text.opening(order, issuer: host.issuer)) }
    trial.onProgress = { [weak self] in self?.tell($0) }
    let report: Trial.Report
    do throws(HonestLoginError) {
      let honest = try trial.learn(type: order.type)
      tell(.honest(honest))
      if let plan = order.plan { return go(through: plan, honest) }
      report = trial.run(order.faults, honest)
    } catch {
      clearProgress()
      return signal.map { .signal($0) } ?? finish(error)
    }
    clearProgress()
    if let signal { return .signal(signal) }
    return finish(report)
  }

  private func tell(_ progress: Trial.Progress) {
    switch progress {
    case .waiting(let seconds):
      sink.complain(
        "hybrid-flow: nobody listens at \(HarmlessText.line(order.subject.start.origin)) yet. The "
          + "tenant is there: start your application now. Waiting for \(seconds) s.\n")
    case .honest(let honest):
      record()
      write(isJSON ? TestAppJSON.line(honest) : text.honest(honest))
    case .trying(let fault, let number, let count):
      if showsProgress { sink.complain("\r\u{1B}[K  \(number)/\(count)  \(fault.id)") }
    case .done(let result):
      if isJSON, order.plan == nil { write(TestAppJSON.line(result)) }
    }
  }

  /// Writes what the tenant has seen of the first login.
  private func record() {
    guard let recorder, let watch else { return }
    self.watch = nil
    watch.stop()
    guard let login = watch.logins.logins.first else { return }
    recorder.take(login.recording())
    recorder.stop()
  }

  private func clearProgress() { if showsProgress { sink.complain("\r\u{1B}[K") } }

  // MARK: - The end

  private func finish(_ error: HonestLoginError) -> RunOutcome {
    write(
      isJSON
        ? TestAppJSON.line(error) + TestAppJSON.line(nil, exit: ExitCode.person)
        : text.failure(error))
    let outcome = RunOutcome.exit(ExitCode.person)
    guard let junit = order.junit else { return ended(outcome) }
    return ended(junit.write(JUnitReport(error), of: outcome, complainingTo: sink))
  }

  private func finish(_ report: Trial.Report) -> RunOutcome {
    let exit = Self.exit(report)
    write(
      isJSON
        ? TestAppJSON.line(report, exit: exit)
        : text.report(report, seconds: seconds, exit: exit))
    var outcome = RunOutcome.exit(exit)
    if let path = order.markdown {
      let markdown = TestAppMarkdown(order, issuer: host.issuer).text(report)
      do throws(UsageError) {
        try ExportFile.write(markdown, to: path, replaces: false)
      } catch {
        sink.complain("hybrid-flow: --markdown \(HarmlessText.line(error.message))\n")
        if exit == ExitCode.success { outcome = .exit(ExitCode.machine) }
      }
    }
    if let junit = order.junit {
      outcome = junit.write(JUnitReport(report), of: outcome, complainingTo: sink)
    }
    return ended(outcome)
  }

  /// Goes through a certification plan in the variant of what the application asks for.
  private func go(through plan: CertificationPlan, _ honest: HonestLogin) -> RunOutcome {
    guard let variant = TestAppPlan(plan, honest, order.subject.client) else {
      sink.complain(
        "hybrid-flow: --plan \(plan.name.rawValue) has no '\(honest.traits.type.rawValue)'.\n")
      return .exit(ExitCode.usage)
    }
    if let why = variant.obstacle(honest.traits) {
      sink.complain("hybrid-flow: \(why)\n")
      return .exit(ExitCode.usage)
    }
    let report = trial.run(variant.rows, honest)
    clearProgress()
    if let signal { return .signal(signal) }
    let results = variant.results(report)
    let isGood = !results.contains { $0.isRight == false || $0.word == "unclear" }
    let late = report.lateFailure
    let exit = isGood ? (late == nil ? ExitCode.success : ExitCode.person) : ExitCode.check
    write(
      isJSON
        ? variant.json(results, exit: exit)
        : variant.text(results, style: text.style)
          + (late.map { "\n\($0.cause) \($0.fix)\n" } ?? ""))
    let outcome = RunOutcome.exit(exit)
    return ended(
      order.junit?.write(variant.junit(results), of: outcome, complainingTo: sink) ?? outcome)
  }

  /// Success only if everything that could be tried was caught, by an application that still works.
  static func exit(_ report: Trial.Report) -> Int32 {
    let isGood = report.results("let_through").isEmpty && report.results("unclear").isEmpty
    if isGood, report.lateFailure != nil { return ExitCode.person }
    return isGood ? ExitCode.success : ExitCode.check
  }

  private func ended(_ outcome: RunOutcome) -> RunOutcome {
    if recorder?.trouble != nil, outcome == .exit(ExitCode.success) {
      return .exit(ExitCode.machine)
    }
    return hasReaders ? outcome : .signal(SIGPIPE)
  }

  private var seconds: Double {
    let (whole, parts) = startedAt.duration(to: .now).components
    return Double(whole) + Double(parts) / 1e18
  }

  private func write(_ text: String) {
    if hasReaders, !sink.write(text) { hasReaders = false }
  }
}
