import Cryptography
import DemoTenant
import Diagnosis
import Export
import HybridFlow
import Lab
import Network
import OpenID
import Presentation
import Recording
import Redaction
import Session
import Settings
import TextUI

/// The explorer: a screen, a session, and the model between them.
///
/// One loop waits for keys, for the network and for the clock together. Nothing is drawn that has
/// not changed.
public final class ExplorerController {
  /// Times in a row that the keyboard may be at its end before it is taken for gone.
  static let emptyReadsMax = 2000
  /// Keys that are taken before the screen is drawn again.
  static let keysPerTurn = 64
  static let tickMilliseconds = 1000
  /// How long work may go on before the screen says so; what is over sooner is one frame, not two.
  static let settleMilliseconds = 60

  /// Stops the process as the shell's Ctrl-Z does, with the terminal given back meanwhile.
  public var onSuspend: () -> Void = {}
  /// What is shown.
  public internal(set) var model: ExplorerModel
  /// Where recordings are found; nil leaves the list empty.
  public var shelf: RecordingStore?
  /// The name of the recording that is gone through.
  public var replayName: String?

  private(set) var session: FlowSession
  /// The run as it was asked for, and the run as it is, perhaps with a fault of the lab.
  private(set) var honest: FlowConfiguration
  /// Whether there is a run to go back to from a recording.
  private(set) var hasLiveRun: Bool
  var configuration: FlowConfiguration
  private let screen: any Screen
  let themes: ThemeController?
  let connections: ConnectionController?
  private var isOver = false
  var isStale = true
  private var emptyReads = 0
  /// The run has changed since the last frame.
  private var isBehind = false
  /// Runs while work has just begun and what it changes is not drawn yet.
  private var settling: LoopTimer?
  private var clock: LoopTimer?
  private var wireSecrets = WireSecretReader()
  private var fault: String?
  private var rerun: Rerun?
  private var watches: [Watch] = []
  /// Waits for a terminal that takes nothing.
  private var stall: Watch?
  /// What the fault of the lab is still to show after the flow.
  var labActions = ActionQueue([])
  /// The fault that the first run is to have; nil begins honestly.
  var firstFault: LabFault?
  /// What the person typed into the demo tenant's pages.
  var signIns = SignInMemory()
  private let copier: Copier

  /// Makes a face; the screen stays the caller's to close.
  ///
  /// - Parameters:
  ///   - themes: Where `t` finds themes, and what reads them again; nil for the one theme only.
  ///   - connections: Where `c` finds connections, and what keeps the settings; nil for the one
  ///     connection only.
  ///   - capturesMouse: Whether the screen reports the mouse already.
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
  }

  /// Shows the flow until the person leaves; returns why it had to end before, if it had.
  public func run() -> String? {
    begin()
    while !isOver {
      draw()
      session.loop.turn()
    }
    end()
    return fault
  }

  /// Changes keys as the person's settings have it; what cannot be done is said on the screen.
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
    // The first frame comes before anything that takes time.
    draw()
    if let firstFault { commit(firstFault, switchesCheckOff: false) } else { restart() }
  }

  /// Tells the person something on the screen.
  public func tell(_ text: String) {
    // Before the first turn the model knows no time, and what is said would be over at once.
    model.update(
      transcript: session.machine.transcript, situation: session.machine.situation,
      at: session.loop.now)
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
    session.onChange = { [weak self] in
      self?.refresh()
      self?.carryOn()
    }
    session.tenant?.onFailure = { [weak self] why in self?.give(up: why) }
    tellOfRecorder()
  }

  /// Gives the session up for another one, and starts a run there.
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

  /// Draws what has changed.
  public func draw() {
    windClock()
    guard isStale || isBehind && settling == nil, !isStalled else { return }
    isStale = false
    isBehind = false
    screen.show(ExplorerScreen(model).frame(size: screen.size), theme: model.theme)
  }

  /// Whether the terminal is still to take the last frame.
  ///
  /// A terminal that nobody reads holds up the frames and nothing else: once it takes more, what is
  /// left is sent, and then the newest frame is drawn.
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

  private func give(up why: String) {
    fault = why
    isOver = true
  }

  /// Starts over with another way to send the client's secret.
  private func authenticate(_ method: ClientAuthenticationMethod) {
    honest.clientAuthentication = method
    configuration.clientAuthentication = method
    restart()
  }

  var summary: RunSummary {
    var summary = RunSummary(configuration)
    summary.reach = model.summary.reach
    return summary
  }

  /// The run as it was asked for.
  var liveConfiguration: FlowConfiguration { honest }

  /// Starts over with another run, or with a recording of one.
  func use(_ configuration: FlowConfiguration) {
    self.configuration = configuration
    session.attack = nil
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
    let machine = session.machine
    var secrets = wireSecrets.all(in: machine.transcript)
    if let secret = configuration.clientSecret {
      secrets.append(KnownSecret(secret.reveal(), keepsEnds: false))
    }
    model.advice = RunAdvice.match(machine.transcript, configuration).map {
      FailureAdvice(cause: $0.cause, fix: $0.fix)
    }
    model.afterActions = offered(machine.afterActions)
    model.authenticationRetry = AuthenticationRetry(machine.transcript, configuration)
    model.exchangesAtOnce = machine.exchangesAtOnce
    if machine.situation == .ready(next: .authorize) {
      model.summary.learn(from: machine.transcript, configuration)
    }
    model.update(
      transcript: machine.transcript, situation: machine.situation, at: session.loop.now,
      secrets: secrets)
    isBehind = true
    settle(machine.situation)
    goOnAfterTheFlow()
  }

  /// Waits a moment with drawing while work goes on: most of it is over before an eye could follow.
  private func settle(_ situation: Situation) {
    guard case .busy = situation else {
      settling?.cancel()
      settling = nil
      return
    }
    guard settling == nil else { return }
    // The key that began it is drawn together with what it brings.
    isStale = false
    settling = session.loop.after(milliseconds: Self.settleMilliseconds) { [weak self] in
      self?.settling = nil
    }
  }

  private func carryOn() {
    for event in rerun?.events(session.machine) ?? [] { session.post(event) }
    guard let over = rerun, over.isOver else { return }
    rerun = nil
    if over.endsWithQuestion { model.askAboutNext() }
  }

  /// Comes back in a second while the passing of a second changes something; else nothing wakes
  /// the program but a key or the network.
  private func windClock() {
    guard clock == nil, model.needsClock else { return }
    clock = session.loop.after(milliseconds: Self.tickMilliseconds) { [weak self] in
      guard let self, !self.isOver else { return }
      self.clock = nil
      self.refresh()
      for action in self.model.pulse(at: self.session.loop.now) { self.perform(action) }
    }
  }

  /// Takes the keys that are there.
  public func readKeys() {
    var count = 0
    while count < Self.keysPerTurn, !isOver, let key = screen.nextKey() {
      count += 1
      let actions = model.handle(key, at: session.loop.now, size: screen.size)
      // What begins work is drawn with its result, or when the work has gone on for a moment.
      if actions.contains(where: \.beginsWork) { isBehind = true } else { isStale = true }
      for action in actions { perform(action) }
    }
    // There may be more that was read already and that no descriptor tells of.
    if count == Self.keysPerTurn { session.loop.post { [weak self] in self?.readKeys() } }
    emptyReads = count == 0 && screen.inputHasEnded ? emptyReads + 1 : 0
    if emptyReads > Self.emptyReadsMax { give(up: "the keyboard is gone") }
  }

  func perform(_ action: ExplorerAction) {
    switch action {
    case .post(let event):
      remember(event)
      session.post(event)
    case .restart:
      // The run that was just started is not there yet: this key asked for it once more.
      if session.machine.situation != .idle || session.configuration == nil { restart() }
    case .rerun(let kind, let edit): restart(Rerun(.edit(kind, edit)))
    case .runAgain(let stage): runAgain(to: stage)
    case .quit: isOver = true
    case .authenticate(let method): authenticate(method)
    case .openBrowser: session.openBrowserAgain()
    case .copy(let text): model.tell(copier.copy(text))
    case .copyExport(let format):
      model.tell(copier.copy(exportedRun.text(as: format, theme: model.theme)))
    case .export(let format, let path): export(format, to: path)
    case .suspend: onSuspend()
    case .redraw: screen.invalidate()
    case .captureMouse(let on): screen.captureMouse(on)
    case .chooseFault: model.offer(faults: Lab.entries(for: honest.responseType))
    case .commitFault(let id, let isOff): commit(id.flatMap(Lab.fault), switchesCheckOff: isOff)
    case .chooseTheme: model.offer(themes: themes?.themes() ?? [model.theme])
    case .keepTheme(let id):
      themes?.follow(id)
      keep(theme: id)
    case .connections(let order): perform(order)
    case .toggleRecording: toggleRecording()
    case .replayToEnd: replayToEnd()
    case .listRecordings: listRecordings()
    case .openRecording(let name): openRecording(name)
    case .deleteRecording(let name): deleteRecording(name)
    case .compareWith(let name): compare(with: name)
    case .useTheme(let id): use(theme: id)
    }
  }
}
