import Cryptography
import DemoTenant
import Diagnosis
import Export
import HybridFlow
import Lab
import Network
import OpenID
import Preflight
import Presentation
import Recording
import Redaction
import Session
import Settings
import TextUI

/// The explorer: a screen, a session, and the model between them.
///
/// One loop waits for keys, network and clock together. Only changes are drawn.
public final class ExplorerController {
  /// How often in a row the keyboard may report its end before it counts as gone.
  static let emptyReadsMax = 2000
  /// How many keys are handled before the screen is drawn again.
  static let keysPerTurn = 64
  static let tickMilliseconds = 1000
  /// How long work may take before the screen shows it; faster work is one frame, not two.
  static let settleMilliseconds = 60

  /// Stops the process like the shell's Ctrl-Z, and releases the terminal meanwhile.
  public var onSuspend: () -> Void = {}
  /// The model of the screen.
  public internal(set) var model: ExplorerModel
  /// The store of recordings; nil leaves the list empty.
  public var store: RecordingStore?
  /// The name of the replayed recording.
  public var replayName: String?

  private(set) var session: FlowSession
  /// The requested configuration, and the current one, perhaps with a lab fault.
  private(set) var honest: FlowConfiguration
  /// Whether there is a live run to return to from a recording.
  var hasLiveRun: Bool
  var configuration: FlowConfiguration
  let screen: any Screen
  let themes: ThemeController?
  let connections: ConnectionController?
  var isOver = false
  var isStale = true
  private var emptyReads = 0
  /// Whether a key has come.
  private(set) var hasKeys = false
  /// Whether the run has changed since the last frame.
  var isBehind = false
  /// Runs while new work is not drawn yet.
  private var settling: LoopTimer?
  private var clock: LoopTimer?
  private var wireSecrets = WireSecretReader()
  private var fault: String?
  var rerun: Rerun?
  private var watches: [Watch] = []
  /// Waits for a terminal that does not take output.
  private var stall: Watch?
  /// The actions after the flow at which the fault shows.
  var labActions = ActionQueue([])
  /// The fault of the first run; nil for an honest one.
  var firstFault: LabFault?
  /// The workshop to begin with; nil for none.
  var firstWorkshop: Workshop?
  /// Where the notes of a workshop read how far it is; nil without notes.
  public var workshopFile: WorkshopStatusFile?
  /// The drill to begin with; nil for none.
  var firstDrill: Drill?
  /// The logins of another application; nil outside of `watch`.
  var logins: WatchedBook?
  /// The drill that was left last.
  var lastDrill: DrillGame?
  /// The forms that the person sent to the demo tenant.
  var signIns = SignInMemory()
  let copier: Copier

  /// Makes a controller; the caller closes the screen.
  ///
  /// - Parameters:
  ///   - themes: Finds and reloads the themes of `t`; nil for the one theme only.
  ///   - connections: Finds the connections of `c`, and saves settings; nil for the one connection
  ///     only.
  ///   - capturesMouse: Whether the screen already reports the mouse.
  public init(
    session: FlowSession, configuration: FlowConfiguration, screen: any Screen, theme: Theme,
    glyphs: GlyphSet, themes: ThemeController? = nil, connections: ConnectionController? = nil,
    capturesMouse: Bool = true
  ) {
    self.session = session
    self.configuration = configuration
    honest = configuration
    self.screen = screen
    copier = Copier(screen: screen, options: session.options)
    self.themes = themes
    self.connections = connections
    hasLiveRun = session.replay == nil
    model = ExplorerModel(summary: RunSummary(configuration), theme: theme, glyphs: glyphs)
    model.summary.reach = BrowserReach(environment: session.options.environment)
    model.mouseIsCaptured = capturesMouse
    model.offersConnections = connections != nil
    model.faults = Lab.entries(for: configuration.responseType)
    model.asksForVerdicts = true
    model.offersNames = true
  }

  /// Shows the flow until the person quits; returns why it had to end early, if it had.
  public func run() -> String? {
    begin()
    while !isOver {
      draw()
      session.loop.turn()
    }
    end()
    return fault
  }

  /// Uses the keys of the person's settings; errors are shown on the screen.
  public func use(keys: [(command: String, keys: [String])]) {
    guard !keys.isEmpty else { return }
    let (map, faults) = KeyMap.reading(keys.map { (action: $0.command, keys: $0.keys) })
    model.keys = map
    if let first = faults.first {
      let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
      tell("Keys in the settings: \(first.description)\(more)")
    }
  }

  /// Draws the first frame and starts the run; ``run()`` does it too.
  public func begin() {
    listen()
    for descriptor in screen.inputDescriptors {
      watches.append(
        session.loop.watch(descriptor, for: .readable) { [weak self] in self?.readKeys() })
    }
    keepTheme()
    // The first frame comes before any slow work.
    draw()
    if let firstWorkshop {
      give(firstWorkshop)
    } else if let firstDrill {
      beginDrill(firstDrill)
    } else if logins != nil {
      beginWatching()
    } else if let firstFault {
      commit(firstFault, switchesCheckOff: false)
    } else {
      restart()
    }
  }

  /// Shows a notice on the screen.
  public func tell(_ text: String) {
    // Before the first turn the model has no time, and a notice would disappear at once.
    let told = told(session.machine)
    model.update(
      transcript: told.transcript, situation: told.situation, at: session.loop.now)
    model.tell(HarmlessText.line(text))
  }

  /// Begins presenter mode.
  public func present() {
    model.present()
    isStale = true
  }

  private func end() {
    settling?.cancel()
    clock?.cancel()
    for watch in watches { session.loop.unwatch(watch) }
    if let stall { session.loop.unwatch(stall) }
    watches = []
    themes?.stop()
    connections?.endCheck()
    connections?.resolver.cancel()
    session.onChange = nil
    session.close()
  }

  private func listen() {
    let watch = RunWatch(session)
    session.onChange = { [weak self] in
      watch.look()
      self?.refresh()
      self?.carryOn()
    }
    session.tenant?.onFailure = { [weak self] why in self?.give(up: why) }
    tellOfRecorder()
  }

  /// Replaces the session by another one, and starts a run there.
  func change(to other: FlowSession, _ configuration: FlowConfiguration) {
    session.onChange = nil
    session.tenant?.onFailure = nil
    session.close()
    session.tenant?.stop()
    other.recorder = session.recorder
    session = other
    hasLiveRun = true
    replayName = nil
    honest = configuration
    self.configuration = configuration
    signIns = SignInMemory()
    listen()
    restart()
  }

  /// Draws the changes.
  public func draw() {
    windClock()
    guard isStale || isBehind && settling == nil, !isStalled else { return }
    isStale = false
    isBehind = false
    screen.show(ExplorerScreen(model).frame(size: screen.size), theme: model.theme)
  }

  /// Whether the terminal has not taken the last frame yet.
  ///
  /// A blocked terminal delays the frames and nothing else: when it takes output again, the rest is
  /// sent, and then the newest frame is drawn.
  private var isStalled: Bool {
    screen.push()
    guard let descriptor = screen.stalledDescriptor else { return false }
    if stall == nil {
      stall = session.loop.watch(descriptor, for: .writable) { [weak self] in
        guard let self, let stall = self.stall else { return }
        self.session.loop.unwatch(stall)
        self.stall = nil
      }
    }
    return true
  }

  func give(up why: String) {
    fault = why
    isOver = true
  }

  /// Starts over with another client authentication method.
  func authenticate(_ method: ClientAuthenticationMethod) {
    honest.clientAuthentication = method
    configuration.clientAuthentication = method
    restart()
  }

  var summary: RunSummary {
    var summary = RunSummary(configuration)
    summary.reach = model.summary.reach
    return summary
  }

  /// The requested configuration.
  var liveConfiguration: FlowConfiguration { honest }

  /// Starts over with another run, or with a recording of one.
  func use(_ configuration: FlowConfiguration) {
    self.configuration = configuration
    session.attack = nil
    session.carefulConfiguration = nil
    session.tenant?.commit(nil)
    model.summary = summary
    model.summary.lab = labRun(of: configuration)
    restart()
  }

  func restart(_ rerun: Rerun? = nil) {
    self.rerun = rerun
    labActions = ActionQueue((model.summary.lab?.entry.id).flatMap(Lab.fault)?.then ?? [])
    do throws(CryptoError) {
      try session.start(configuration)
    } catch {
      give(up: error.description)
    }
    refresh()
  }

  func refresh() {
    showRecording()
    if let uri = session.redirectURI {
      model.summary.redirectURI = HarmlessText.line(uri.text)
    }
    model.summary.certificate = CertificateNote(session, configuration)
    let machine = session.machine
    let secrets =
      wireSecrets.all(in: machine.transcript) + WireSecrets.configured(configuration)
    let diagnosis = RunDiagnosis(machine.transcript, configuration)
    model.advice = diagnosis.map(CauseDocument.init)
    model.afterActions = offered(machine.afterActions)
    model.authenticationRetry = diagnosis?.retry
    model.exchangesAtOnce = machine.exchangesAtOnce
    if machine.situation == .ready(next: .authorize) {
      model.summary.learn(from: machine.transcript, configuration)
    }
    let told = told(machine)
    if model.coversVerdicts {
      (model.advice, model.authenticationRetry, model.afterActions) = (nil, nil, [])
    }
    model.update(
      transcript: told.transcript, situation: told.situation, at: session.loop.now,
      secrets: secrets)
    isBehind = true
    settle(machine.situation)
    goOnAfterTheFlow()
  }

  /// Delays drawing for a moment while work continues: most of it ends before it could be seen.
  private func settle(_ situation: Situation) {
    guard case .busy = situation else {
      settling?.cancel()
      settling = nil
      return
    }
    guard settling == nil else { return }
    // The key that began it is drawn together with the result.
    isStale = false
    settling = session.loop.after(milliseconds: Self.settleMilliseconds) { [weak self] in
      self?.settling = nil
    }
  }

  func carryOn() {
    for event in rerun?.events(session.machine) ?? [] { session.post(event) }
    guard let over = rerun, over.isOver else { return }
    rerun = nil
    if over.endsWithQuestion { model.askAboutNext() }
    arriveIfThere()
  }

  /// Updates every second while the screen shows a running time; otherwise only a key or the
  /// network wakes the program.
  private func windClock() {
    guard clock == nil, model.needsClock else { return }
    clock = session.loop.after(milliseconds: Self.tickMilliseconds) { [weak self] in
      guard let self, !self.isOver else { return }
      self.clock = nil
      self.refresh()
      for action in self.model.pulse(at: self.session.loop.now) { self.perform(action) }
    }
  }

  /// Reads the pending keys.
  public func readKeys() {
    var count = 0
    while count < Self.keysPerTurn, !isOver, let key = screen.nextKey() {
      count += 1
      hasKeys = true
      let actions = model.handle(key, at: session.loop.now, size: screen.size)
      // A key that starts work is drawn with its result, or when the work has taken a moment.
      if actions.contains(where: \.beginsWork) { isBehind = true } else { isStale = true }
      for action in actions { perform(action) }
    }
    // More keys may be buffered, which no descriptor reports.
    if count == Self.keysPerTurn { session.loop.post { [weak self] in self?.readKeys() } }
    emptyReads = count == 0 && screen.inputHasEnded ? emptyReads + 1 : 0
    if emptyReads > Self.emptyReadsMax { give(up: "the keyboard is gone") }
  }
}
