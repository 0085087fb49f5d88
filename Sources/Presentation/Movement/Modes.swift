import HybridFlow
import OpenID
import TextUI

/// What lies over the panes, and what goes on beside them.
struct Modes: Sendable, Equatable {
  /// The list of keys.
  var help: HelpMenu?
  /// What is searched for; kept after it was typed.
  var search: Search?
  /// The command line.
  var line: CommandEntry?
  /// The row that is marked in the list of what can be copied.
  var copyIndex: Int?
  /// The first row of the notes on the stage.
  var notesTop: Int?
  /// The list of faults.
  var lab: LabMenu?
  /// The stage whose verdict is to be guessed before it is told; nil while none is.
  var verdictAsked: Stage?
  /// A request that is being changed.
  var editor: RequestEditor?
  /// The list of connections.
  var connections: ConnectionMenu?
  /// The form of a profile.
  var profile: ProfileForm?
  /// What a look at a tenant has found.
  var findings: FindingList?
  /// The box for an answer that the person brings by hand.
  var paste: PasteBox?
  /// The list of recordings.
  var recordings: RecordingsMenu?
  /// How far the recording was gone through.
  var replayPosition = 0
  /// Two runs side by side.
  var comparison: ComparisonView?
  /// The flow goes on by itself.
  var play: Play?
  /// The program presents.
  var presenter: Presenter?
  /// Whether the diagram hides what comes after the stage.
  var hidesFuture = false
}

extension ExplorerModel {
  /// Where keys go, the uppermost first: what lies over the panes has all of them.
  var contexts: [KeyContext] {
    let context = context
    guard KeyContext.walking.contains(context) || context == .field else { return [context] }
    var contexts: [KeyContext] = []
    if modes.search != nil, context != .field, context != .button {
      contexts.append(.found)
    } else {
      contexts += labContexts
    }
    if modes.presenter != nil { contexts.append(.presenting) }
    if looking != nil, context != .field, context != .button { contexts.append(.away) }
    return contexts + [context]
  }

  /// What lies over the panes now.
  var overlay: KeyContext? {
    if modes.presenter?.isBlank == true { return .blank }
    if modes.help != nil { return .help }
    if modes.line != nil { return .command }
    if picker != nil { return .themes }
    if modes.findings != nil { return .findings }
    if modes.connections?.deletes != nil || modes.profile?.asksToLeave == true { return .confirm }
    if modes.connections?.wait != nil { return .secret }
    if modes.profile != nil { return .profile }
    if modes.connections != nil { return .connections }
    if modes.paste != nil { return .paste }
    if modes.lab != nil { return .lab }
    if let editor = modes.editor { return editor.isTyping ? .value : .editor }
    if modes.recordings != nil { return .recordings }
    if modes.comparison != nil { return .comparison }
    if modes.copyIndex != nil { return .copy }
    if modes.notesTop != nil { return .notes }
    if modes.presenter?.asked != nil { return .card }
    if modes.search?.isTyping == true { return .search }
    return nil
  }

  /// Whether something lies over the panes, so that none of them has the focus.
  var isCovered: Bool {
    guard let overlay else { return false }
    return overlay != .search
  }

  /// Tells the person something until the next key, or for a few seconds.
  public mutating func tell(_ text: String) { say(text) }

  /// Takes a key into the text that is being typed; false when there is none or it means more.
  mutating func type(_ key: Key) -> Bool {
    switch overlay {
    case .help?:
      guard var help = modes.help, help.isFiltering, help.filter.edit(key) else { return false }
      help.index = 0
      modes.help = help
      return true
    case .command?:
      guard var line = modes.line, line.entry.edit(key) else { return false }
      line.chosen = nil
      modes.line = line
      return true
    case .search?:
      guard modes.search?.entry.edit(key) == true else { return false }
      findWhileTyping()
      return true
    case .value?: return modes.editor?.type(key) == true
    case .editor?:
      guard case .paste = key else { return false }
      return modes.editor?.paste(key) == true
    case .profile?: return type(intoProfile: key)
    case .secret?:
      guard case .typing(let client, var entry)? = modes.connections?.wait, entry.edit(key) else {
        return false
      }
      modes.connections?.wait = .typing(client: client, entry)
      return true
    case .paste?: return modes.paste?.edit(key, at: now) == true
    case .lab?: return type(intoLab: key)
    case nil where context == .field:
      if case .paste(let text) = key {
        form?.insert(text)
        return true
      }
      // Who presents goes on with one key; where there is nothing left to pass, it is no caret's.
      if modes.presenter != nil, form?.isAtEnd == true, forwardUnavailable == nil,
        keys.binding(for: key, in: .presenting)?.command == .forward
      {
        return false
      }
      return form?.edit(key) == true
    default: return false
    }
  }

  /// What a key does that no row of the table names.
  mutating func takeUnbound(_ key: Key, _ layout: Layout) -> [ExplorerAction] {
    switch overlay {
    case .blank?: modes.presenter?.isBlank = false
    case .card?: return reveal()
    case .copy?:
      guard case .character(let digit) = key, let number = digit.wholeNumberValue else { break }
      return take(copyAt: number - 1)
    case nil:
      // Who pastes while the browser is away means its answer.
      if case .paste(let text) = key, isWaitingForBrowser { openPasteBox(text) }
    default: break
    }
    return []
  }

  /// What the keys of the modes do.
  mutating func performMode(
    _ command: KeyCommand, _ key: Key, _ layout: Layout
  ) -> [ExplorerAction] {
    switch command {
    case .help: modes.help = HelpMenu()
    case .closeHelp: closeHelp()
    case .runHelp: return runHelp(layout)
    case .filterHelp: modes.help?.isFiltering = true
    case .search: startSearch(layout)
    case .keepSearch: keepSearch()
    case .nextMatch: findNext(by: 1, layout)
    case .previousMatch: findNext(by: -1, layout)
    case .clearSearch: clearSearch()
    case .commandLine: modes.line = CommandEntry()
    case .runLine: return runLine(layout)
    case .completeLine: completeLine(by: 1)
    case .completeBack: completeLine(by: -1)
    case .closeLine: modes.line = nil
    case .copy: modes.copyIndex = 0
    case .export: modes.line = CommandEntry(text: "export ")
    case .copyAll: return copy(id: "message")
    case .takeCopy: return take(copyAt: modes.copyIndex ?? 0)
    case .closeCopy: modes.copyIndex = nil
    case .play: return togglePlay()
    case .present: togglePresenter()
    case .future:
      modes.hidesFuture.toggle()
      say(modes.hidesFuture ? "The diagram ends at the stage." : "The diagram shows all.")
    case .notes: modes.notesTop = 0
    case .closeNotes: modes.notesTop = nil
    case .reveal: return reveal()
    case .follow: look(at: newestStage)
    case .closeCard: modes.presenter?.asked = nil
    case .blank: modes.presenter?.isBlank = true
    case .unblank: modes.presenter?.isBlank = false
    case .lab: return [.chooseFault]
    case .commitFault: return commitFault()
    case .switchCheck: modes.lab?.switchesOff.toggle()
    case .filterLab: modes.lab?.clear()
    case .closeLab: closeLab()
    case .nextFault: return nextFault()
    case .dropCheck: return dropCheck()
    case .runAgain: return runAgain()
    case .paste: openPasteBox()
    case .takePaste: return takePaste()
    case .closePaste: modes.paste = nil
    case .emptyPaste: modes.paste = PasteBox()
    case .copyAddress: return copyAddress()
    case .exchangeNow: return exchangeNow()
    case .otherAuthentication: return switchAuthentication()
    default: return performEditor(command)
    }
    return []
  }

  /// Moves in what lies over the panes; false when nothing does.
  mutating func scrollOverlay(_ command: KeyCommand, _ layout: Layout) -> Bool {
    let page = max(1, layout.size.rows - 8)
    switch overlay {
    case .help?:
      let last = max(0, HelpOverlay.items(self).count - 1)
      let index = modes.help?.index ?? 0
      modes.help?.index = Self.moved(index, command, page: max(1, page / 2), last: last)
    case .copy?:
      let last = max(0, copyEntries.count - 1)
      modes.copyIndex = Self.moved(modes.copyIndex ?? 0, command, page: page, last: last)
    case .notes?:
      let box = NotesOverlay.box(self, layout.size)
      modes.notesTop = Self.moved(
        modes.notesTop ?? 0, command, page: page, last: max(0, box.lines.count - box.page))
    case .themes?: moveTheme(command, layout)
    case .lab?:
      let last = max(0, (modes.lab?.count ?? 1) - 1)
      moveLab(to: Self.moved(modes.lab?.index ?? 0, command, page: page, last: last))
    case .editor?, .value?: moveEditor(command, page: page)
    case .connections?:
      let last = (modes.connections?.list.entries.count ?? 1) - 1
      let index = modes.connections?.index ?? 0
      moveConnections(to: Self.moved(index, command, page: page, last: last))
    case .findings?:
      let last = (modes.findings?.entries.count ?? 1) - 1
      moveFindings(
        to: Self.moved(modes.findings?.index ?? 0, command, page: page / 2, last: last))
    case .profile?: scrollProfile(command, page: page / 2)
    case .comparison?:
      guard let view = modes.comparison else { return true }
      let box = ComparisonOverlay.box(view, layout.size)
      modes.comparison?.top = Self.moved(
        view.top, command, page: page, last: max(0, box.lines.count - box.page))
    case .recordings?:
      let last = max(0, (modes.recordings?.entries.count ?? 1) - 1)
      moveRecordings(
        to: Self.moved(modes.recordings?.index ?? 0, command, page: page, last: last))
    default: return false
    }
    return true
  }

  static func moved(_ top: Int, _ command: KeyCommand, page: Int, last: Int) -> Int {
    switch command {
    case .down: min(last, top + 1)
    case .up: max(0, min(last, top) - 1)
    case .pageDown: min(last, top + page)
    case .pageUp: max(0, min(last, top) - page)
    case .top: 0
    default: last
    }
  }

  /// The mouse where something lies over the panes; nil when nothing does.
  mutating func clickOverlay(
    _ action: MouseAction, column: Int, row: Int, _ layout: Layout
  ) -> [ExplorerAction]? {
    guard let overlay, overlay != .search else { return nil }
    if overlay == .themes {
      clickThemes(action, column: column, row: row, layout)
      return []
    }
    switch action {
    case .wheelDown: _ = scrollOverlay(.down, layout)
    case .wheelUp: _ = scrollOverlay(.up, layout)
    case .press:
      var painter = Painter(self, layout)
      painter.paint()
      switch painter.hit(column: column, row: row) {
      case .command(let command)?: return perform(command, .escape, layout)
      case .item(let index)?: return press(item: index, in: overlay, layout)
      default: return closeOverlay(overlay)
      }
    }
    return []
  }

  private mutating func press(
    item index: Int, in overlay: KeyContext, _ layout: Layout
  ) -> [ExplorerAction] {
    switch overlay {
    case .help:
      modes.help?.index = index
      return runHelp(layout)
    case .copy: return take(copyAt: index)
    case .lab:
      moveLab(to: index)
      return []
    case .editor, .value: return click(editorRow: index)
    case .connections:
      moveConnections(to: index)
      return []
    case .findings:
      moveFindings(to: index)
      modes.findings?.toggle()
      return []
    case .profile: return click(setting: index)
    case .recordings:
      moveRecordings(to: index)
      return []
    case .command:
      let completions = completions
      modes.line?.take(index, of: completions)
      return runLine(layout)
    default: return []
    }
  }

  private mutating func closeOverlay(_ overlay: KeyContext) -> [ExplorerAction] {
    switch overlay {
    case .blank: modes.presenter?.isBlank = false
    case .help: modes.help = nil
    case .command: modes.line = nil
    case .copy: modes.copyIndex = nil
    case .notes: modes.notesTop = nil
    case .lab: modes.lab = nil
    case .connections: modes.connections = nil
    // A click beside the box does not throw away what was pasted.
    case .paste: break
    case .recordings: modes.recordings = nil
    case .comparison: modes.comparison = nil
    // A click shows the answer, as any other key does.
    case .card: return reveal()
    default: break
    }
    return []
  }
}
