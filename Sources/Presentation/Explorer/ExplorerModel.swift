import Diagnosis
import HybridFlow
import OpenID
import Redaction
import TextUI

/// What the explorer shows and where the person stands in it: a value without clock or I/O.
///
/// Statuses come from the transcript whenever a frame is drawn; only what belongs to the view is
/// kept here: focus, scroll positions, what lies open, what is being typed.
public struct ExplorerModel: Sendable, Equatable {
  /// What is known about the run as a whole.
  public var summary: RunSummary
  /// How roles look; carried for the screen that shows the frames.
  public var theme: Theme
  /// Which characters may be drawn.
  public var glyphs: GlyphSet
  /// Everything that happened.
  public private(set) var transcript = Transcript()
  /// What to do about the failure, where the run has one.
  public var advice: FailureAdvice?
  /// The other way to send the client's secret, where the tenant refused the client.
  public var authenticationRetry: AuthenticationRetry?
  /// Whether stages 6 to 8 run as soon as the answer is trusted.
  public var exchangesAtOnce = false
  /// Whether a fault of the lab is guessed at before its verdict is told.
  public var asksForVerdicts = false
  /// What the run waits for.
  public private(set) var situation: Situation = .idle
  /// What can be done after the flow; empty before its end.
  public var afterActions: [AfterOffer] = [] {
    didSet { if afterActions != oldValue { stamp = Stamp() } }
  }
  /// The time of the last event.
  public internal(set) var now = UnixTime(milliseconds: 0)

  /// The runs from before the edits of a request, the newest first.
  var staleRuns: [StaleRun] = []
  /// What an edit changes about the run that it replaces; nil while nothing is replaced.
  var rerunReason: String?
  /// Whether the edit of a token request waits until the new run comes to stage 6.
  var waitsForExchange = false
  /// Secrets beside those that the transcript knows; given with ``update(transcript:situation:at:secrets:)``.
  private(set) var knownSecrets: [KnownSecret] = []
  /// The stage that is looked at; nil follows the run.
  var looking: Stage?
  var focus: Pane = .detail
  var view: DetailView = .wire
  /// The view to come back to when the page is gone.
  var viewBeforePage: DetailView?
  var isZoomed = false
  var revealsSecrets = false
  /// Whether the program takes the mouse, or leaves it to the terminal.
  public var mouseIsCaptured = true
  /// The faults of the lab, in the order of its list.
  public var faults: [LabEntry] = []
  /// Whether there are connections to choose from.
  public var offersConnections = true
  /// What Enter opened, or closed where it stands open by itself.
  var toggled: Set<String> = []
  var scrolls: [ScrollKey: ScrollPosition] = [:]
  /// What lies over the panes.
  var overlays = OverlayStack()
  /// What goes on beside the panes.
  var modes = Modes()
  /// Which key does what.
  public var keys = KeyMap.standard
  var form: PageForm?
  var isTyping = false
  var notice: Notice?
  /// The size of the last key or frame.
  var size = ScreenSize(columns: 80, rows: 24)
  /// Replaced whenever the transcript changes, so that what was laid out is known to be old.
  var stamp = Stamp()
  let memo = LayoutMemo()

  /// Makes a model that shows an idle run.
  public init(summary: RunSummary, theme: Theme, glyphs: GlyphSet = .unicode) {
    (self.summary, self.theme, self.glyphs) = (summary, theme, glyphs)
  }

  /// Takes what the machine knows now; called after every turn of it and every tick of the clock.
  ///
  /// - Parameter secrets: What must not be seen beside the secrets of the transcript: some pass by
  ///   in messages before the flow takes them in.
  public mutating func update(
    transcript: Transcript, situation: Situation, at now: UnixTime, secrets: [KnownSecret] = []
  ) {
    self.now = now
    if let notice, notice.until < now { self.notice = nil }
    // The same recording from its beginning has the same time once more.
    let position = summary.replay?.position ?? 0
    let startedAnew =
      transcript.startedAt != self.transcript.startedAt || position < modes.replayPosition
    modes.replayPosition = position
    if startedAnew { keepStale(self.transcript) }
    if transcript != self.transcript || secrets != knownSecrets {
      self.transcript = transcript
      if transcript[.exchange].draft?.isEdited == true { waitsForExchange = false }
      knownSecrets = secrets
      stamp = Stamp()
    }
    if startedAnew { forgetTheWalk() }
    let (before, stageBefore) = (self.situation, newestStage)
    self.situation = situation
    // What was said of a browser that is away is not true any more when the answer has come.
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

  /// Whether messages are shown byte by byte.
  var showsBytes: Bool { toggled.contains(Self.bytesID) }
  private static let bytesID = "view:bytes"

  /// Turns the messages into bytes and back.
  mutating func toggleBytes() {
    if view == .wire || !showsBytes { toggle(Self.bytesID) }
    view = .wire
    focus = .detail
    // The rows of the one are not those of the other.
    scrolls = scrolls.filter { $0.key.pane != .detail || $0.key.view != .wire }
    say(showsBytes ? "Byte by byte; w goes back." : "The messages, read.")
  }

  /// What decides how secrets are shown.
  var masker: Redactor {
    let earlier = staleRuns.flatMap { $0.transcript.secrets + $0.secrets }
    return revealsSecrets
      ? .revealing : Redactor(secrets: transcript.secrets + knownSecrets + earlier)
  }

  /// Whether the passing of a second changes the screen.
  public var needsClock: Bool {
    if notice != nil || modes.play != nil { return true }
    switch situation {
    case .browserAway: return true
    case .busy: return true
    case .idle, .ready, .pageShown, .finished, .failed: break
    }
    if let codeClock, codeClock != .waits { return true }
    return view == .decoded && !seenTranscript[shownStage].tokens.isEmpty
  }

  /// The newest stage of the run.
  public var newestStage: Stage {
    if let stage = situation.stage { return stage }
    return transcript.stages.last { $0.startedAt != nil }?.stage ?? .login
  }

  /// The stage on the screen.
  public var shownStage: Stage { looking ?? newestStage }

  /// The page that the shown stage has, filled in or as it was.
  var pageOfShownStage: BrowserPage? {
    if let form, situation.stage == shownStage { return form.page }
    return seenTranscript[shownStage].page
  }

  /// The views that the shown stage has in this arrangement.
  func views(_ layout: Layout) -> [DetailView] {
    DetailView.allCases.filter {
      switch $0 {
      case .page: pageOfShownStage != nil
      case .explain: !layout.hasExplainPane
      case .after:
        shownStage == newestStage && !(afterActions.isEmpty && transcript.afterwards.isEmpty)
      case .compare: shownStage == .tokens && Reader.hasPair(seenTranscript)
      case .wire, .decoded, .checks, .holders: true
      }
    }
  }

  /// The view in the detail pane; the wanted one where it exists.
  func shownView(_ layout: Layout) -> DetailView { views(layout).contains(view) ? view : .wire }

  private mutating func forgetTheWalk() {
    looking = nil
    toggled = []
    scrolls = [:]
    leavePage()
    overlays.removeAll(where: \.endsWithRun)
    modes.verdictAsked = nil
    if view == .checks { view = .wire }
  }

  private mutating func show(_ page: BrowserPage) {
    form = PageForm(page, suggests: summary.isDemo)
    if view != .page { viewBeforePage = view }
    view = .page
    isTyping = true
    focus = .detail
    looking = nil
  }

  /// Turns to a page that the person of a recording had before them.
  private mutating func showRecorded() {
    if view != .page { viewBeforePage = view }
    view = .page
    looking = nil
  }

  private mutating func leavePage() {
    form = nil
    isTyping = false
    if view == .page { view = viewBeforePage ?? .wire }
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

/// Names a place that keeps a scroll position of its own.
struct ScrollKey: Sendable, Hashable {
  var pane: Pane
  var stage: Stage
  var view: DetailView
}

/// Where a pane stands: a block and a row in it, so that it is found again in another width.
struct ScrollPosition: Sendable, Hashable {
  var block = 0
  var row = 0
  /// Whether block and row were chosen; else the view stands where it opens.
  var isPlaced = false
  /// The id of the thing that Enter opens.
  var selected: String?
}

/// A message that goes away by itself.
struct Notice: Sendable, Equatable {
  var text: String
  var until: UnixTime
}
