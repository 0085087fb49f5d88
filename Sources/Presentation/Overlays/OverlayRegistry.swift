// All overlays are registered here; the rest is in their own files.
//
// To add a list or a form: write a file with a type that conforms to `Overlay` and its rows of the
// key table (`extension KeyMap`); add here its context, the command and the line that open it, and
// its rows in `all`. The compiler and OverlayTests report what is missing.

/// Where a key is valid; the text is its name in the help.
public enum KeyContext: String, Sendable, Hashable, CaseIterable {
  /// The rail of stages has the focus.
  case stages = "On the stages"
  /// The diagram has the focus.
  case sequence = "On the diagram"
  /// A view of a stage has the focus.
  case detail = "On a view"
  /// The lesson's own pane has the focus.
  case explain = "On the lesson"
  /// A text field of a page has the focus.
  case field = "In a field of the page"
  /// A button or box of a page has the focus.
  case button = "On a button of the page"
  /// The help is open.
  case help = "In this help"
  /// The list of themes is open.
  case themes = "In the list of themes"
  /// A value is followed; in addition to the pane's own keys.
  case following = "While following a value"
  /// The list of values to follow is open.
  case values = "In the list of values"
  /// A search has matches; in addition to the pane's own keys.
  case found = "After a search"
  /// A search is being typed.
  case search = "While searching"
  /// The command line is open.
  case command = "In the command line"
  /// The list of texts to copy is open.
  case copy = "In the list of copies"
  /// The notes of the stage are open.
  case notes = "In the notes"
  /// A fault of the lab was caught; in addition to the pane's own keys.
  case caught = "After a catch in the lab"
  /// A check of the application has stopped a run of the lab; in addition to the pane's own keys.
  case held = "Where a check has stopped a fault"
  /// Presenter mode; in addition to the pane's own keys.
  case presenting = "While presenting"
  /// The shown stage is not the run's; in addition to the pane's own keys.
  case away = "At another stage than the run"
  /// A question is asked before the next stage.
  case card = "At a question"
  /// The screen is blank.
  case blank = "While the screen is blank"
  /// The list of faults is open.
  case lab = "In the lab"
  /// The request editor is open.
  case editor = "In the editor of a request"
  /// A value is being typed in the request editor.
  case value = "In a value of a request"
  /// The list of connections is open.
  case connections = "In the list of connections"
  /// The form of a profile is open.
  case profile = "In the form of a profile"
  /// The findings of a check of a tenant are open.
  case findings = "In what a check has found"
  /// The explorer waits for the client secret.
  case secret = "While the secret is waited for"
  /// A yes-or-no question is open.
  case confirm = "At a yes or no"
  /// The box for a pasted authorization response is open.
  case paste = "In the box for an answer"
  /// A drill: the verdicts are covered; in addition to the pane's own keys.
  case drilling = "In a drill"
  /// The question of a drill is open.
  case drillAnswer = "At the question of a drill"
  /// The answer to a round of a drill, or its score, is shown.
  case drillCard = "At the answer of a drill"
  /// A workshop is given; in addition to the pane's own keys.
  case workshop = "In a workshop"
  /// The question of a workshop is shown.
  case workshopCard = "At a question of a workshop"
  /// The list of recordings is open.
  case recordings = "In the list of recordings"
  /// Logins of another application are watched; in addition to the pane's own keys.
  case watching = "While watching logins"
  /// The list of logins is open.
  case logins = "In the list of logins"
  /// The comparison of two runs is open.
  case comparison = "Between two runs"

  /// The context's name in the help.
  public var title: String { rawValue }

  /// The contexts without typing and without overlays.
  public static let walking: Set<KeyContext> = [.stages, .sequence, .detail, .explain, .button]
  /// The lists that also use a pane's keys for paging and for both ends.
  static let lists: Set<KeyContext> = [
    .help, .copy, .notes, .themes, .editor, .connections, .findings, .recordings, .comparison,
    .values, .logins,
  ]
}

/// A command that opens an overlay.
public enum OpenCommand: String, Sendable, Hashable, CaseIterable {
  case help, search, commandLine, copy, export, notes, blank, themes, lab, edit, connections, check
  case paste, recordings, followValue, drill, drillAnswer, workshop, logins
}

extension ExplorerModel {
  /// Opens an overlay, or asks the controller for its content.
  mutating func open(_ command: OpenCommand) -> [ExplorerAction] {
    switch command {
    case .help: overlays.push(HelpMenu())
    case .search: startSearch()
    case .commandLine: return openCommandLine()
    case .copy: overlays.push(CopyMenu())
    case .export: return openCommandLine("export ")
    case .notes: overlays.push(NotesBox())
    case .blank: overlays.push(BlankScreen())
    case .themes: return [.chooseTheme]
    case .lab: return [.chooseFault]
    case .edit: openEditor()
    case .connections: return [.connections(.list)]
    case .check: return checkConnection()
    case .paste: openPasteBox()
    case .recordings: return [.listRecordings]
    case .followValue: followMarked()
    case .drill: return [.drill(.begin)]
    case .drillAnswer: openDrillQuestion()
    case .workshop: return [.workshop(.toggle)]
    case .logins: overlays.push(LoginsMenu(marked: summary.watch?.shown))
    }
    return []
  }
}

extension KeyMap {
  /// Every default binding, in the order of help and documents.
  public static let all: [KeyBinding] =
    moving + looking + finding + following + doing + presenting + typing + helping + entering
    + choosing + breaking + drilling + teaching + editing + connecting + answering + recording
    + watching
}
