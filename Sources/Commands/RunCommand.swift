import Cryptography
import DemoTenant
import Diagnosis
import Explorer
import Export
import Glibc
import HybridFlow
import Network
import OpenID
import Platform
import Preflight
import Presentation
import Recording
import Redaction
import Session
import Settings
import TextUI

/// The outcome of a run without a screen.
public enum RunOutcome: Sendable, Equatable {
  /// Exit with this code.
  case exit(Int32)
  /// End by this signal, after everything was printed.
  case signal(Int32)
}

/// The output style of a run.
public struct RunStyle: Sendable {
  /// One JSON object per line instead of text for people.
  public var isJSON = false
  /// Whether secrets are shown.
  public var reveals = false
  /// Headings and lists in reading order, the story of each stage; instead of one line per message.
  public var isPlain = false
  /// Whether the plain text has every message, token and check as well, and the lessons.
  public var isFull = false
  /// Characters, colours and cards.
  public var print = PrintStyle()

  /// Makes the default style.
  public init() {}

  /// The style that the options ask for.
  ///
  /// - Throws: ``UsageError`` for two ways to print at once.
  public init(_ invocation: Invocation, _ print: PrintStyle) throws(UsageError) {
    if invocation.has(.json), let other = [Setting.plain, .full].first(where: invocation.has) {
      throw UsageError("--json and \(other.name) are two ways to print: leave one out.")
    }
    isJSON = invocation.has(.json)
    isFull = invocation.has(.full)
    isPlain = invocation.has(.plain) || isFull
    reveals = invocation.has(.reveal)
    self.print = print
  }
}

/// `hybrid-flow run`: runs the stages by itself and prints what happens.
public final class RunCommand {
  /// How long a browser may take to fetch the page with the result, unless said otherwise.
  public static let farewellMilliseconds = 2000
  /// How often it is looked whether the browser is still there.
  private static let lookMilliseconds = 20

  private let session: FlowSession
  private let configuration: FlowConfiguration
  private let style: RunStyle
  private let sink: any TextSink
  private var driver: RunDriver
  private let watch: RunWatch
  private var told = 0
  private var wireSecrets = WireSecretReader()
  private var toldActions = 0
  private var endingSignal: Int32?
  private var hasReaders = true
  private var hasToldRefusal = false
  private var hasToldRefusedRequest = false
  private let input: PastedInput?
  private let junit: JUnitOrder?
  private let farewellMilliseconds: Int

  /// Makes a command; the simulated person fills in the forms of the built-in browser.
  ///
  /// - Parameters:
  ///   - actions: The actions after the flow, in order.
  ///   - input: Where the person pastes the answer; nil where they cannot.
  ///   - junit: The report that is written at the end, if one is.
  ///   - farewellMilliseconds: How long a browser may take to fetch the page with the result.
  public init(
    session: FlowSession, configuration: FlowConfiguration, style: RunStyle, sink: any TextSink,
    person: PersonAtKeyboard = PersonAtKeyboard(), then actions: [AfterAction] = [],
    input: PastedInput? = nil, junit: JUnitOrder? = nil,
    farewellMilliseconds: Int = RunCommand.farewellMilliseconds
  ) {
    self.farewellMilliseconds = farewellMilliseconds
    self.input = input
    self.junit = junit
    self.session = session
    self.configuration = configuration
    self.style = style
    self.sink = sink
    driver = RunDriver(person: person, then: actions)
    watch = RunWatch(session)
  }

  /// Runs to the end, which always comes: every wait has a time limit.
  public func run() -> RunOutcome {
    if style.reveals { sink.complain("hybrid-flow: secrets are shown, because of --reveal.\n") }
    session.onChange = { [weak self] in self?.changed() }
    session.onBrowserURL = { [weak self] url in self?.show(url) }
    session.onListening = { [weak self] _ in self?.showCertificate() }
    session.tenant?.onFailure = { [weak self] why in
      self?.sink.complain("hybrid-flow: \(HarmlessText.line(why))\n")
    }
    if !style.isJSON { write(opening) }
    do throws(CryptoError) {
      try session.start(configuration)
    } catch {
      sink.complain("hybrid-flow: \(error)\n")
      return .exit(ExitCode.machine)
    }
    // The first words could not be written: a run that has not begun could not be abandoned.
    if endingSignal != nil { session.post(.abandoned) }
    while !isOver { session.loop.turn(maximumMilliseconds: 1000) }
    tellStages(all: true)
    leaveOutActions()
    tellResult(exit)
    if endingSignal == nil { waitForBrowser() }
    watch.stop()
    input?.stop()
    session.close()
    // The recording has gone on since the result was printed: its trouble counts too.
    return reported(endingSignal.map(RunOutcome.signal) ?? .exit(exit))
  }

  /// Lets the browser fetch the page with the result, as long as there is one that may.
  private func waitForBrowser() {
    let deadline = session.loop.monotonicMilliseconds + Int64(farewellMilliseconds)
    while !session.isQuiet || session.owesPage, session.loop.monotonicMilliseconds < deadline {
      // The end of a program wakes nobody.
      session.loop.turn(maximumMilliseconds: Self.lookMilliseconds)
    }
  }

  private func reported(_ outcome: RunOutcome) -> RunOutcome {
    guard let junit else { return outcome }
    let run = ExportedRun(
      transcript: session.machine.transcript, configuration: configuration,
      password: driver.person.password)
    return junit.write(JUnitReport(run), of: outcome, complainingTo: sink)
  }

  /// Stops the run because of a signal.
  public func stop(bySignal number: Int32) {
    guard endingSignal == nil else { return }
    endingSignal = number
    session.post(.abandoned)
  }

  /// The first failure decides; an incomplete recording counts as an error of the machine.
  private var exit: Int32 {
    session.machine.transcript.firstFailure?.exitCode
      ?? (session.recorder?.trouble == nil ? ExitCode.success : ExitCode.machine)
  }

  private var isOver: Bool {
    guard session.isOver else { return false }
    if endingSignal != nil { return true }
    return driver.isDone(session.machine)
  }

  private func changed() {
    tellStages(all: false)
    tellRefusal()
    tellActions()
    if case .browserAway = session.machine.situation {} else { input?.stop() }
    guard endingSignal == nil else { return }
    watch.look()
    for move in driver.moves(session.machine) {
      switch move {
      case .post(let event): session.post(event)
      case .leaveOut(let action, let why): leaveOut(action, why)
      case .stuck(let page):
        let text = page.page.lines.prefix(5).joined(separator: " ")
        sink.complain(
          "hybrid-flow: nobody can go on from the page at \(HarmlessText.line(page.url.origin)): "
            + HarmlessText.line(redactor.mask(text)) + "\n")
        session.post(.abandoned)
      }
    }
  }

  /// Reports the actions that the run did not reach; others that cannot be done are reported
  /// before.
  private func leaveOutActions() {
    for action in driver.actions.remaining { leaveOut(action, "the run ended before") }
  }

  private func leaveOut(_ action: AfterAction, _ why: String) {
    let why = why.capitalized + "."
    session.recorder?.leaveOut(action, why: why)
    if style.isJSON {
      write(RunJSON.text(of: RunJSON.leftOut(action, why: why)))
      sink.complain("hybrid-flow: \(action.id) was left out. \(why)\n")
    } else if style.isPlain {
      write(plain.leftOut(action, why: why))
    } else {
      write(RunText(style.print, redactor: redactor).leftOut(action, why: why))
    }
  }

  /// Reports a refused authorization response at once: a provider that loses the state would
  /// otherwise cause a silent wait.
  private func tellRefusal() {
    if !hasToldRefusedRequest, let refused = session.machine.transcript.refusedRequests.first {
      hasToldRefusedRequest = true
      sink.complain(
        "hybrid-flow: \(HarmlessText.line(refused.sentence)) "
          + (refused.remedy.map { "\($0) " } ?? "") + "Still waiting for an answer.\n")
    }
    guard !hasToldRefusal,
      session.machine.transcript[.callback].checks.contains(where: \.isOfRefused)
    else { return }
    hasToldRefusal = true
    sink.complain(
      "hybrid-flow: an answer without our state came and was refused; still waiting for ours.\n")
  }

  private func tellActions() {
    let transcript = session.machine.transcript
    while toldActions < transcript.afterwards.count {
      let action = transcript.afterwards[toldActions]
      guard action.isOver else { return }
      toldActions += 1
      write(walk.action(action, of: transcript))
    }
  }

  // MARK: Output

  private var redactor: Redactor {
    if style.reveals { return .revealing }
    let transcript = session.machine.transcript
    let own = WireSecrets.configured(configuration, password: driver.person.password)
    return Redactor(secrets: transcript.secrets + wireSecrets.all(in: transcript) + own)
  }

  private var walk: WalkText { WalkText(style: style, redactor: redactor) }

  private var plain: PlainWalk { walk.plain }

  private var opening: String {
    guard style.isPlain else { return RunText.heading(configuration, style.print.ink) }
    return plain.opening(RunSummary(configuration), tenant: configuration.issuer.text)
  }

  private func tellStages(all: Bool) {
    let stages = session.machine.transcript.stages
    while told < stages.count {
      let record = stages[told]
      let isOver = [.passed, .failed, .skipped].contains(record.status)
      guard isOver || all else { return }
      told += 1
      write(text(of: record))
    }
  }

  private func text(of record: StageRecord) -> String {
    // A script learns of the certificate before the browser leaves, as a person does.
    guard style.isJSON, record.stage == .login, let listener = ListenerText(session) else {
      return walk.stage(record, of: session.machine.transcript)
    }
    var line = RunJSON.stage(record, redactor: redactor)
    line.set("certificate", listener.json)
    return RunJSON.text(of: line)
  }

  private func tellResult(_ exit: Int32) {
    let transcript = session.machine.transcript
    if style.isJSON {
      write(
        RunJSON.text(
          of: RunJSON.result(
            transcript, configuration, exit: exit, redactor: redactor,
            trouble: session.recorder?.trouble)))
      if let failure = transcript.firstFailure {
        let text = HarmlessText.line(redactor.mask(failure.message))
        sink.complain("hybrid-flow: \(text)\n")
      }
    } else if style.isPlain {
      let diagnosis = RunDiagnosis(transcript, configuration)
      write(plain.ending(of: transcript, diagnosis: diagnosis))
    } else {
      write(RunText(style.print, redactor: redactor).result(transcript, configuration))
    }
  }

  /// Prints what the browser is shown at an https redirect URI, to be compared there.
  private func showCertificate() {
    guard !style.isJSON, let listener = ListenerText(session) else { return }
    let isRead = configuration.userAgent == .external
    write(
      style.isPlain
        ? plain.listening(at: listener.uri, listener.note, isRead: isRead)
        : listener.text(isRead: isRead))
  }

  private func show(_ url: WebURL) {
    let isOut = session.machine.transcript.afterwards.last?.isOver == false
    let takesPaste = !isOut && input != nil
    let text =
      (configuration.awaitsPaste && !isOut ? PasteAdvice(configuration.redirectURI).text : "")
      + "Sign \(isOut ? "out" : "in") with a browser:\n\n  \(url.text)\n\n"
      + (takesPaste ? PasteAdvice.invitation : tunnel)
    if style.isJSON { sink.complain(text) } else { write(text) }
    if takesPaste { readPaste() }
  }

  /// Reads the answer from standard input until one is recognised, or nothing more can come.
  private func readPaste() {
    input?.start(on: session.loop) { [weak self] found in
      guard let self else { return }
      switch found {
      case .answer(let answer): self.session.post(.answerPasted(answer))
      case .unknown(let why, let isOver):
        self.sink.complain(
          "hybrid-flow: \(HarmlessText.line(why))\n")
        guard isOver, self.configuration.awaitsPaste else { return }
        self.session.post(.abandoned)
      }
    }
  }

  /// How the response arrives when the browser is on another machine.
  private var tunnel: String {
    guard !configuration.awaitsPaste,
      BrowserReach(environment: session.options.environment) != .here,
      let command = session.redirectURI.flatMap(BrowserReach.tunnel)
    else { return "" }
    return "The answer comes to this machine. From another one:\n\n  \(command)\n\n"
  }

  private func write(_ text: String) {
    guard hasReaders, !sink.write(text) else { return }
    // The reader has gone: the run ends like any program that writes to a closed pipe.
    hasReaders = false
    stop(bySignal: SIGPIPE)
  }
}
