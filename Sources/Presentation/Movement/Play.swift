import HybridFlow
import OpenID
import TextUI

/// The mode in which the flow runs by itself.
struct Play: Sendable, Equatable {
  /// How long a stage is shown.
  static let stageSeconds: Int64 = 6
  /// The most pages that are sent in one run, in case a page comes back for ever.
  static let pagesMax = 6

  /// The time of the next step.
  var due: UnixTime
  /// The stage and page at the start of the wait; a change restarts it.
  var stage: Stage
  var page: BrowserPage?
  var pagesSent = 0
}

extension ExplorerModel {
  var playUnavailable: String? {
    if looking != nil || modes.play != nil { return nil }
    if summary.replay != nil { return forwardUnavailable }
    switch situation {
    case .finished, .failed: return forwardUnavailable
    case .pageShown: return canSignIn ? nil : "the page waits for the person"
    case .idle, .ready, .busy, .browserAway: return nil
    }
  }

  /// Whether the shown page needs no person: the demo tenant's, filled in from its own list.
  var canSignIn: Bool {
    guard summary.isDemo, let form, form.submission() != nil else { return false }
    return form.isSuggested || !form.items.contains { $0.isText }
  }

  mutating func togglePlay() -> [ExplorerAction] {
    guard modes.play == nil else {
      modes.play = nil
      say("Paused.")
      return []
    }
    // Text that the person typed into a page is sent unchanged.
    modes.play = Play(
      due: now.adding(seconds: Play.stageSeconds), stage: shownStage, page: form?.page)
    return situation == .idle ? [.restart] : []
  }

  /// Stops playing at a key; true if the key has no other effect.
  mutating func pauses(at key: Key, _ layout: Layout) -> Bool {
    guard modes.play != nil else { return false }
    switch key {
    case .resize, .mouse(.wheelUp, _, _), .mouse(.wheelDown, _, _): return false
    default: break
    }
    let binding = keys.binding(for: key, in: contexts)
    if let command = binding?.command,
      [.pane(.quitNow), .pane(.suspend), .pane(.redraw)].contains(command)
    {
      return false
    }
    modes.play = nil
    say("Paused; \(keyName(of: .play)) plays on.")
    if case .mouse = key { return false }
    return true
  }

  /// Takes the step that is due while the flow runs by itself; called at every tick.
  public mutating func pulse(at now: UnixTime) -> [ExplorerAction] {
    self.now = now
    guard var play = modes.play else { return [] }
    if play.stage != shownStage || play.page != form?.page {
      play.stage = shownStage
      play.page = form?.page
      play.due = now.adding(seconds: Play.stageSeconds)
      modes.play = play
    }
    if let end = playEnd {
      modes.play = nil
      say(end)
      return []
    }
    guard play.due <= now, overlay == nil || overlay == .card else { return [] }
    modes.play?.due = now.adding(seconds: Play.stageSeconds)
    // By then the question has been read.
    if overlay != nil { return perform(.overlay(.accept), layout) }
    if case .pageShown = situation, looking == nil, summary.replay == nil {
      modes.play?.pagesSent += 1
      guard play.pagesSent < Play.pagesMax else {
        modes.play = nil
        say("Paused: the same page comes back.")
        return []
      }
      return press()
    }
    return goForward()
  }

  /// Why it cannot continue by itself; nil if it can.
  private var playEnd: String? {
    if looking != nil || modes.verdictAsked != nil { return nil }
    if let replay = summary.replay { return replay.isAtEnd ? "Played to the end." : nil }
    switch situation {
    case .finished: return "Played to the end."
    case .failed: return "Paused: the flow stopped here."
    case .browserAway: return "Paused: the browser waits for the person."
    case .pageShown: return canSignIn ? nil : "Paused: the page waits for the person."
    case .idle, .ready, .busy: return nil
    }
  }

  /// The countdown in the title row.
  var playSpans: [Span] {
    guard let play = modes.play else { return [] }
    let left = max(0, play.due.seconds - now.seconds)
    return [
      Span("\u{25B6} plays on in ", .statusCurrent), Span("\(left) s ", .statusCurrent, .bold),
      Span("  "),
    ]
  }

  /// The usual name of an action's first key; its command name if it has none.
  func keyName(of action: String) -> String {
    keys.bindings.first { $0.action == action && !$0.keys.isEmpty }?.keys.first?.name
      ?? ":" + action
  }

  func keyName(of command: PaneCommand) -> String { keyName(of: command.action) }
}
