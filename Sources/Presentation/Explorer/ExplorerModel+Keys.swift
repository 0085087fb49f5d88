import HybridFlow
import OpenID
import TextUI

extension ExplorerModel {
  /// Handles a person's input, and returns the actions for the controller.
  public mutating func handle(
    _ key: Key, at now: UnixTime, size: ScreenSize
  ) -> [ExplorerAction] {
    self.now = now
    notice = nil
    self.size = size
    let layout = Layout(size: size, focus: focus, isZoomed: isZoomed)
    focus = layout.focus(focus)
    if pauses(at: key, layout) { return [] }
    switch key {
    case .resize: return []
    case .mouse(let action, let column, let row):
      return handleMouse(action, column: column, row: row, layout)
    default: break
    }
    if layout.layoutClass == .tooSmall {
      return key == .character("q") || key == .control("c") ? [.quit] : []
    }
    if let actions = type(key) { return actions }
    guard let binding = keys.binding(for: key, in: contexts) else { return takeUnbound(key) }
    if binding.command == .pane(.jump), let index = binding.keys.firstIndex(of: key) {
      look(at: Stage(rawValue: index + 1))
      return []
    }
    if let reason = binding.unavailable(self) {
      say(reason.capitalized + ".")
      return []
    }
    return perform(binding.command, layout)
  }

  /// The context of the next key.
  public var context: KeyContext {
    if let overlay { return overlay }
    switch focus {
    case .stages: return .stages
    case .sequence: return .sequence
    case .explain: return .explain
    case .detail:
      guard isTyping, view == .page, modes.workshop == nil, let form, situation.stage == shownStage
      else { return .detail }
      return form.focused?.isText == true ? .field : .button
    }
  }

  mutating func say(_ text: String) {
    notice = Notice(text: text, until: now.adding(seconds: 3))
  }

  /// Performs a command from a key, a click, the help or the command line.
  mutating func perform(_ command: KeyCommand, _ layout: Layout) -> [ExplorerAction] {
    switch command {
    case .move(let movement):
      guard overlays.isEmpty else {
        return handOver { overlay, model in
          overlay.move(movement, &model)
          return .stays(overlay.afterMove())
        } ?? []
      }
      scroll(movement, layout)
      return []
    case .pane(let command): return perform(command, layout)
    case .open(let command): return open(command)
    case .overlay(let command): return handOver { $0.perform(command, &$1) } ?? []
    }
  }

  private mutating func perform(
    _ command: PaneCommand, _ layout: Layout
  ) -> [ExplorerAction] {
    switch command {
    case .forward: return goForward()
    case .back: look(at: shownStage.previous)
    case .jump: return openCommandLine("stage ")
    case .follow: look(at: newestStage)
    case .nextPane: movePane(by: 1, layout)
    case .previousPane: movePane(by: -1, layout)
    case .nextView: moveView(by: 1, layout)
    case .previousView: moveView(by: -1, layout)
    case .open: return open(layout)
    case .restart: return [.restart]
    case .browser: return [isWaitingForBrowser ? .openBrowser : .post(.browserRequested)]
    case .secrets:
      revealsSecrets.toggle()
      say(revealsSecrets ? "Secrets are shown." : "Secrets are masked.")
    case .zoom: isZoomed.toggle()
    case .bytes: toggleBytes()
    case .copyAll: return copy(id: "message")
    case .giveUp: return [.post(.abandoned)]
    case .mouse:
      mouseIsCaptured.toggle()
      say(mouseIsCaptured ? "The mouse is ours again." : "The mouse is free for selecting text.")
      return [.captureMouse(mouseIsCaptured)]
    case .quit, .quitNow: return [.quit]
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .nextField: form?.move(by: 1)
    case .previousField: form?.move(by: -1)
    case .press: return press()
    case .toggleBox: if form?.toggle() != true { return press() }
    case .leaveForm: isTyping = false
    case .nextMatch: findNext(by: 1, layout)
    case .previousMatch: findNext(by: -1, layout)
    case .clearSearch: clearSearch()
    case .nextPlace: goToPlace(by: 1)
    case .previousPlace: goToPlace(by: -1)
    case .stopFollowing: stopFollowing()
    case .play: return togglePlay()
    case .present: togglePresenter()
    case .future: toggleFuture()
    case .nextFault: return nextFault()
    case .dropCheck: return dropCheck()
    case .runAgain: return runAgain()
    case .copyAddress: return copyAddress()
    case .exchangeNow: return exchangeNow()
    case .otherAuthentication: return switchAuthentication()
    case .record: return [.toggleRecording]
    case .drillHint: return [.drill(.hint)]
    case .endDrill: return [.drill(.end)]
    case .workshopNext: return [.workshop(.step(1))]
    case .workshopBack: return [.workshop(.step(-1))]
    case .workshopPause: return [.workshop(.pause)]
    case .toEnd:
      looking = nil
      return [.replayToEnd]
    }
    return []
  }

  private mutating func toggleFuture() {
    modes.hidesFuture.toggle()
    say(modes.hidesFuture ? "The diagram ends at the stage." : "The diagram shows all.")
  }

  /// Shows a stage; for the newest one the view follows the run again.
  mutating func look(at stage: Stage?) {
    guard let stage else { return }
    looking = stage == newestStage ? nil : stage
    let hasPage = pageOfShownStage != nil
    if view == .page, !hasPage {
      view = viewBeforePage ?? .story
    } else if looking == nil, form != nil {
      view = .page
      isTyping = true
    }
  }

  mutating func goForward() -> [ExplorerAction] {
    if looking == nil, tellVerdict() { return [] }
    if ask() { return [] }
    if looking != nil {
      look(at: shownStage.next)
      return []
    }
    if summary.replay != nil { return [.post(.advanced)] }
    if summary.watch != nil { return [] }
    switch situation {
    case .ready: return [.post(.advanced)]
    case .idle: return [.restart]
    case .pageShown where modes.presenter != nil && canSignIn: return press()
    case .busy, .pageShown, .browserAway, .finished, .failed: return []
    }
  }

  private mutating func movePane(by step: Int, _ layout: Layout) {
    let order = layout.focusOrder
    let index = order.firstIndex(of: focus) ?? 0
    focus = order[(index + step + order.count) % order.count]
    if focus == .detail, form != nil, view == .page { isTyping = true }
  }

  private mutating func moveView(by step: Int, _ layout: Layout) {
    let views = views(layout)
    let index = views.firstIndex(of: shownView(layout)) ?? 0
    show(views[(index + step + views.count) % views.count])
  }

  /// Shows a view of the shown stage.
  public mutating func show(_ view: DetailView) {
    // A person who opens the checks wants the verdict.
    if view == .checks, conceals(shownStage) { _ = tellVerdict() }
    self.view = view
    focus = .detail
    if view == .page, form != nil { isTyping = true }
  }

  mutating func press() -> [ExplorerAction] {
    guard let submission = form?.submission() else {
      say("This form goes nowhere.")
      return []
    }
    return [.post(.formFilled(submission))]
  }
}

// Why a key does nothing now.
extension ExplorerModel {
  var forwardUnavailable: String? {
    if looking != nil {
      return shownStage == .data
        ? "this is the last stage; \(keyName(of: .follow)) goes back to stage \(newestStage.number)"
        : nil
    }
    if modes.verdictAsked != nil { return nil }
    if let drillRefusal { return drillRefusal }
    if isWatching, summary.replay?.isAtEnd != false {
      return "this is all that has happened so far"
    }
    if let replay = summary.replay {
      return replay.isAtEnd ? "this is the end of the recording; r goes through it again" : nil
    }
    switch situation {
    case .idle, .ready: return nil
    case .busy: return "still at work"
    // A presenter has no hand free for Enter.
    case .pageShown where modes.presenter != nil && canSignIn: return nil
    case .pageShown: return "the page waits: Tab or Enter goes to it"
    case .browserAway: return "the browser is away; Esc gives up"
    case .finished: return "the flow is complete; \(keyName(of: .restart)) starts over"
    case .failed:
      return "the flow stopped here; \(keyName(of: .runAgain)) runs again to here, "
        + "\(keyName(of: .restart)) starts over"
    }
  }

  var browserUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    return switch situation {
    case .pageShown, .browserAway: nil
    case .ready(let next) where next == .prompt || next == .authenticate: nil
    case .busy(.prompt, _): nil
    case .idle, .ready, .busy, .finished, .failed: "no page waits for a browser now"
    }
  }

  var giveUpUnavailable: String? {
    if let replayRefusal { return replayRefusal }
    if case .browserAway = situation { return nil }
    return "nothing lies open"
  }

  var openUnavailable: String? {
    switch focus {
    case .stages: nil
    case .sequence: nil
    case .explain: "nothing to open here"
    case .detail:
      view == .page && form != nil && looking == nil || selectedTarget != nil
        ? nil : "nothing to open here"
    }
  }
}
