import Cryptography
import DemoTenant
import HybridFlow
import Network
import OpenID
import Presentation

/// The explorer: a screen, a session, and the model between them.
///
/// One loop waits for keys, for the network and for the clock together. Nothing is drawn that has
/// not changed.
public final class ExplorerFace {
  /// Times in a row that the keyboard may be ready and have no key before it is taken for gone.
  static let emptyReadsMax = 2000
  /// Keys that are taken before the screen is drawn again.
  static let keysPerTurn = 64
  static let tickMilliseconds = 1000

  /// Stops the process as the shell's Ctrl-Z does, with the terminal given back meanwhile.
  public var onSuspend: () -> Void = {}
  /// What is shown.
  public internal(set) var model: ExplorerModel

  let session: FlowSession
  /// The run as it was asked for, and the run as it is, perhaps with a fault of the lab.
  private let honest: FlowConfiguration
  private(set) var configuration: FlowConfiguration
  private let screen: any Screen
  private let themes: ThemeKeeper?
  private var isOver = false
  private var isStale = true
  private var emptyReads = 0
  private var fault: String?
  private var watches: [Watch] = []
  private let copier: Copier

  /// Makes a face; the screen stays the caller's to close.
  ///
  /// - Parameters:
  ///   - themes: Where `t` finds themes, and what reads them again; nil for the one theme only.
  ///   - capturesMouse: Whether the screen reports the mouse already.
  public init(
    session: FlowSession, configuration: FlowConfiguration, screen: any Screen, theme: Theme,
    glyphs: GlyphSet, themes: ThemeKeeper? = nil, capturesMouse: Bool = true
  ) {
    self.session = session
    self.configuration = configuration
    honest = configuration
    self.screen = screen
    copier = Copier(screen: screen, environment: session.options.environment)
    self.themes = themes
    model = ExplorerModel(summary: RunSummary(configuration), theme: theme, glyphs: glyphs)
    model.mouseIsCaptured = capturesMouse
  }

  /// Shows the flow until the person leaves; returns why it had to end before, if it had.
  public func run() -> String? {
    begin()
    while !isOver {
      draw()
      session.loop.turn(maximumMilliseconds: Self.tickMilliseconds)
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
      model.tell("Keys in the settings: \(HarmlessText.line(first.description))\(more)")
    }
  }

  /// Draws the first frame and starts the run; ``run()`` does it too.
  public func begin() {
    session.onChange = { [weak self] in self?.refresh() }
    session.tenant?.onFailure = { [weak self] why in self?.give(up: why) }
    for descriptor in screen.inputDescriptors {
      watches.append(
        session.loop.watch(descriptor, for: .readable) { [weak self] in self?.readKeys() })
    }
    tick()
    keepTheme()
    // The first frame comes before anything that takes time.
    draw()
    restart()
  }

  /// Begins presenter mode.
  public func present() {
    model.present()
    isStale = true
  }

  private func end() {
    for watch in watches { session.loop.unwatch(watch) }
    watches = []
    themes?.stop()
    session.onChange = nil
    session.close()
  }

  /// Draws what has changed.
  public func draw() {
    guard isStale else { return }
    isStale = false
    screen.show(ExplorerScreen(model).frame(size: screen.size), theme: model.theme)
  }

  private func keepTheme() {
    guard let themes else { return }
    themes.isHeld = { [weak self] in self?.model.isChoosingTheme ?? true }
    themes.onChange = { [weak self] theme in
      self?.model.replace(theme: theme)
      self?.isStale = true
    }
    themes.onFault = { [weak self] reason in
      self?.model.refuseTheme(reason)
      self?.isStale = true
    }
    themes.start(on: session.loop)
  }

  private func give(up why: String) {
    fault = why
    isOver = true
  }

  /// Starts over with a fault of the lab, or honestly.
  private func commit(_ fault: LabFault?, switchesCheckOff: Bool) {
    guard honest.observesTenant, let tenant = session.tenant else { return }
    configuration = honest
    if let fault { fault.configure(&configuration, switchesCheckOff: switchesCheckOff) }
    tenant.commit(fault?.tenantFault)
    session.attack = fault?.attack
    model.summary = RunSummary(configuration)
    model.summary.lab = fault.map {
      LabRun(
        entry: LabEntry($0, for: configuration.responseType), isCheckOff: switchesCheckOff)
    }
    restart()
  }

  private func restart() {
    do throws(CryptoFault) {
      try session.start(configuration)
    } catch {
      give(up: error.description)
    }
    refresh()
  }

  private func refresh() {
    if let uri = session.redirectURI {
      model.summary.redirectURI = HarmlessText.line(uri.text)
    }
    let machine = session.machine
    var secrets = WireSecrets.all(in: machine.transcript)
    if let secret = configuration.clientSecret {
      secrets.append(KnownSecret(secret.reveal(), keepsEnds: false))
    }
    model.advice = RunAdvice.match(machine.transcript, configuration).map {
      FailureAdvice(cause: $0.cause, fix: $0.fix)
    }
    model.afterActions = machine.afterActions
    model.update(
      transcript: machine.transcript, situation: machine.situation, at: session.loop.now,
      secrets: secrets)
    isStale = true
  }

  private func tick() {
    session.loop.after(milliseconds: Self.tickMilliseconds) { [weak self] in
      guard let self, !self.isOver else { return }
      if self.model.needsClock { self.refresh() }
      for action in self.model.pulse(at: self.session.loop.now) { self.perform(action) }
      self.tick()
    }
  }

  /// Takes the keys that are there.
  public func readKeys() {
    var count = 0
    while count < Self.keysPerTurn, !isOver, let key = screen.nextKey() {
      count += 1
      isStale = true
      for action in model.handle(key, at: session.loop.now, size: screen.size) { perform(action) }
    }
    emptyReads = count == 0 ? emptyReads + 1 : 0
    if emptyReads > Self.emptyReadsMax { give(up: "the keyboard is gone") }
  }

  private func use(theme id: String) {
    let known = themes?.themes() ?? [model.theme]
    if let theme = known.first(where: { $0.id == id }) {
      model.use(theme: theme)
      themes?.follow(id)
    } else {
      let nearest = Spelling.nearest(to: id, among: known.map(\.id))
      model.tell(
        "There is no theme \u{201C}\(HarmlessText.line(id))\u{201D}"
          + (nearest.map { "; did you mean \($0)?" } ?? "."))
    }
  }

  func perform(_ action: ExplorerAction) {
    switch action {
    case .post(let event): session.post(event)
    case .restart:
      // The run that was just started is not there yet: this key asked for it once more.
      if session.machine.situation != .idle || session.configuration == nil { restart() }
    case .quit: isOver = true
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
    case .keepTheme(let id): themes?.follow(id)
    case .useTheme(let id): use(theme: id)
    }
  }
}
