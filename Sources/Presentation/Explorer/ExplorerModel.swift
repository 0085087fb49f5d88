import Diagnosis
import HybridFlow
import OpenID
import Redaction
import TextUI

/// The state of the explorer's screen: a value without clock or I/O.
///
/// Statuses are read from the transcript for every frame; only the state of the view is stored
/// here: focus, scroll positions, open rows, typed text.
public struct ExplorerModel: Sendable, Equatable {
  /// The summary of the run.
  public var summary: RunSummary {
    didSet { if summary != oldValue { stamp = Stamp() } }
  }
  /// The look of the roles; passed to the screen that shows the frames.
  public var theme: Theme
  /// The characters that may be drawn.
  public var glyphs: GlyphSet
  /// The transcript of the run.
  public private(set) var transcript = Transcript()
  /// The cause of the failure, if the run has one.
  public var advice: CauseDocument? {
    didSet { if advice != oldValue { stamp = Stamp() } }
  }
  /// The other client authentication method, if the tenant refused the client.
  public var authenticationRetry: AuthenticationRetry? {
    didSet { if authenticationRetry != oldValue { stamp = Stamp() } }
  }
  /// Whether stages 6 to 8 run as soon as the authorization response is trusted.
  public var exchangesAtOnce = false
  /// Whether the person guesses the verdict on a lab fault before it is shown.
  public var asksForVerdicts = false
  /// What the run waits for.
  public private(set) var situation: Situation = .idle
  /// What can be done after the flow; empty before its end.
  public var afterActions: [AfterOffer] = [] {
    didSet { if afterActions != oldValue { stamp = Stamp() } }
  }
  /// The time of the last event.
  public internal(set) var now = UnixTime(milliseconds: 0)

  /// The runs from before edits of a request, the newest first.
  var staleRuns: [StaleRun] = []
  /// How an edit changes the run that it replaces; nil without a replacement.
  var rerunReason: String?
  /// Whether an edit of the token request waits until the new run reaches stage 6.
  var waitsForExchange = false
  /// What a fault of the lab has changed in messages of the run, by their ids.
  private(set) var forgedWords: [Int: ForgedWords] = [:]
  /// Secrets besides the transcript's, from ``update(transcript:situation:at:secrets:)``.
  private(set) var knownSecrets: [KnownSecret] = []
  /// The shown stage; nil follows the run.
  var looking: Stage?
  var focus: Pane = .detail
  var view: DetailView = .story
  /// The view to return to when the page is gone.
  var viewBeforePage: DetailView?
  var isZoomed = false
  var revealsSecrets = false
  /// Whether the program uses the mouse, or leaves it to the terminal.
  public var mouseIsCaptured = true
  /// The faults of the lab, in the order of its list.
  public var faults: [LabEntry] = []
  /// Whether there are connections to choose from.
  public var offersConnections = true
  /// The recordings and themes that can be opened by their names.
  public private(set) var knownNames: KnownNames?
  /// Whether the controller can be asked for them.
  public var offersNames = false
  /// The ids of targets whose default state Enter has changed.
  var toggled: Set<String> = []
  var scrolls: [ScrollKey: ScrollPosition] = [:]
  /// The overlays over the panes.
  var overlays = OverlayStack()
  /// The modes, such as search or presenting.
  var modes = Modes()
  /// The key map.
  public var keys = KeyMap.standard {
    didSet { if keys != oldValue { stamp = Stamp() } }
  }
  var form: PageForm?
  var isTyping = false
  var notice: Notice?
  /// The size of the last key or frame.
  var size = ScreenSize(columns: 80, rows: 24)
  /// Replaced whenever something changes that documents read, so that old layouts are recognized.
  var stamp = Stamp()
  let memo = LayoutMemo()
  let trails = TrailMemo()

  /// Makes a model that shows an idle run.
  public init(summary: RunSummary, theme: Theme, glyphs: GlyphSet = .unicode) {
    (self.summary, self.theme, self.glyphs) = (summary, theme, glyphs)
  }

  /// Takes the machine's state; called after each of its events and each clock tick.
  ///
  /// - Parameter secrets: Secrets to hide in addition to those of the transcript: some appear in
  ///   messages before the flow reads them.
  public mutating func update(
    transcript: Transcript, situation: Situation, at now: UnixTime, secrets: [KnownSecret] = []
  ) {
    self.now = now
    if let notice, notice.until < now { self.notice = nil }
    // A recording that is restarted may have the same time again.
    let position = summary.replay?.position ?? 0
    let startedAnew =
      transcript.startedAt != self.transcript.startedAt || position < modes.replayPosition
    modes.replayPosition = position
    if startedAnew { keepStale(self.transcript) }
    if transcript != self.transcript || secrets != knownSecrets {
      self.transcript = transcript
      forgedWords = transcript.changedMessages.reduce(into: [:]) { $0[$1.id] = ForgedWords($1) }
      if transcript[.exchange].draft?.isEdited == true { waitsForExchange = false }
      knownSecrets = secrets
      stamp = Stamp()
    }
    if startedAnew { forgetTheWalk() }
    let (before, stageBefore) = (self.situation, newestStage)
    self.situation = situation
    if situation != before { stamp = Stamp() }
    // A notice about an absent browser is outdated when the response has arrived.
    if case .browserAway = before {
      if case .browserAway = situation {} else { notice = nil }
    }
    if !startedAnew { stayAtCallback(before: stageBefore, after: newestStage) }
    closeLateOverlays()
    if case .pageShown(_, let page) = situation {
      if summary.replay != nil {
        if before != situation { showRecorded() }
      } else if form?.page != page {
        show(page)
      }
    } else if form != nil || (summary.replay != nil && before != situation) {
      leavePage()
    }
    if before != situation { askForVerdict() }
    if case .failed(let stage, _) = situation, before != situation, modes.verdictAsked == nil {
      turn(toFailureIn: stage)
    }
  }

  /// Takes the answer to ``ExplorerAction/tellNames``.
  public mutating func know(_ names: KnownNames) {
    knownNames = names
    var below = self
    below.overlays[CommandEntry.self] = nil
    overlays[CommandEntry.self]?.take(rows: below.paletteRows)
  }

  /// Whether messages are shown byte by byte.
  var showsBytes: Bool { toggled.contains(Self.bytesID) }
  private static let bytesID = "view:bytes"

  /// Switches the messages between text and bytes.
  mutating func toggleBytes() {
    if view == .wire || !showsBytes { toggle(Self.bytesID) }
    view = .wire
    focus = .detail
    // The scroll positions of one form are not those of the other.
    scrolls = scrolls.filter { $0.key.pane != .detail || $0.key.view != .wire }
    say(showsBytes ? "Byte by byte; w goes back." : "The messages, read.")
  }

  /// The redactor that decides how secrets are shown.
  var redactor: Redactor {
    let earlier = staleRuns.flatMap { $0.transcript.secrets + $0.secrets }
    return revealsSecrets
      ? .revealing : Redactor(secrets: transcript.secrets + knownSecrets + earlier)
  }

  /// Whether the screen changes with every second.
  public var needsClock: Bool {
    if notice != nil || modes.play != nil || modes.workshop?.clock.since != nil { return true }
    switch situation {
    case .browserAway: return true
    case .busy: return true
    case .idle, .ready, .pageShown, .finished, .failed: break
    }
    if let codeClock, codeClock != .waits { return true }
    return view.changes == .withTime && !seenTranscript[shownStage].tokens.isEmpty
  }

  /// The newest stage of the run.
  public var newestStage: Stage {
    if let stage = situation.stage { return stage }
    return transcript.stages.last { $0.startedAt != nil }?.stage ?? .login
  }

  /// The stage on the screen.
  public var shownStage: Stage { looking ?? newestStage }

  /// The page of the shown stage, filled in or as it was.
  var pageOfShownStage: BrowserPage? {
    if let form, situation.stage == shownStage { return form.page }
    return seenTranscript[shownStage].page
  }

  private mutating func forgetTheWalk() {
    looking = nil
    toggled = []
    scrolls = [:]
    leavePage()
    overlays.removeAll(where: \.endsWithRun)
    modes.verdictAsked = nil
    modes.follow?.place = nil
    if view == .checks { view = .story }
  }

  private mutating func show(_ page: BrowserPage) {
    form = PageForm(page, suggests: summary.isDemo)
    if view != .page { viewBeforePage = view }
    view = .page
    isTyping = true
    focus = .detail
    looking = nil
  }

  /// Shows the page that the person of a recording saw.
  private mutating func showRecorded() {
    if view != .page { viewBeforePage = view }
    view = .page
    looking = nil
  }

  private mutating func leavePage() {
    form = nil
    isTyping = false
    if view == .page { view = viewBeforePage ?? .story }
    viewBeforePage = nil
  }

  mutating func turn(toFailureIn stage: Stage) {
    looking = nil
    focus = .detail
    isZoomed = false
    if transcript[stage].checks.contains(where: { $0.verdict == .fail }) {
      view = .checks
      scrolls[ScrollKey(pane: .detail, stage: stage, view: .checks)] = nil
    } else {
      view = .wire
    }
  }
}

/// Identifies a scroll position.
struct ScrollKey: Sendable, Hashable {
  var pane: Pane
  var stage: Stage
  var view: DetailView
}

/// A scroll position: a block and a row in it, so that it is valid at any width.
struct ScrollPosition: Sendable, Hashable {
  var block = 0
  var row = 0
  /// Whether block and row were chosen; otherwise the view has its opening position.
  var isPlaced = false
  /// The id of the marked target.
  var selected: String?
}

/// A message that disappears by itself.
struct Notice: Sendable, Equatable {
  var text: String
  var until: UnixTime
}
