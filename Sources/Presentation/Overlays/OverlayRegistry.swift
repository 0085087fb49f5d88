// Everything that can lie over the panes is registered here, and is else its own file's affair.
//
// To add a list or a form: a file with a type that conforms to `Overlay` and its rows of the key
// table (`extension KeyMap`); here its context, the command that opens it, the line that opens it,
// and its rows in `all`. The compiler and OverlayTests name what is forgotten.

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
  /// A text field of a page is being typed into.
  case field = "In a field of the page"
  /// A button or box of a page has the focus.
  case button = "On a button of the page"
  /// The help lies over everything.
  case help = "In this help"
  /// The list of themes lies over the panes.
  case themes = "In the list of themes"
  /// Something was searched for; beside the pane's own keys.
  case found = "After a search"
  /// The words of a search are being typed.
  case search = "While searching"
  /// The command line is open.
  case command = "In the command line"
  /// The list of what can be copied lies over the panes.
  case copy = "In the list of copies"
  /// The notes of the stage lie over the panes.
  case notes = "In the notes"
  /// A fault of the lab was noticed; beside the pane's own keys.
  case caught = "After a catch in the lab"
  /// A check of the application has stopped a run of the lab; beside the pane's own keys.
  case held = "Where a check has stopped a fault"
  /// The program presents; beside the pane's own keys.
  case presenting = "While presenting"
  /// Another stage is looked at than the one at which the run stands; beside the pane's own keys.
  case away = "At another stage than the run"
  /// A question is asked before the next stage.
  case card = "At a question"
  /// The screen is blank.
  case blank = "While the screen is blank"
  /// The list of faults lies over the panes.
  case lab = "In the lab"
  /// The editor of a request lies over the panes.
  case editor = "In the editor of a request"
  /// A value is being typed in the editor of a request.
  case value = "In a value of a request"
  /// The list of connections lies over the panes.
  case connections = "In the list of connections"
  /// A profile is being filled in.
  case profile = "In the form of a profile"
  /// What a look at a tenant has found lies over the panes.
  case findings = "In what a check has found"
  /// The client secret is waited for.
  case secret = "While the secret is waited for"
  /// A question is to be answered with yes or no.
  case confirm = "At a yes or no"
  /// The box for a pasted answer lies over the panes.
  case paste = "In the box for an answer"
  /// The list of recordings lies over the panes.
  case recordings = "In the list of recordings"
  /// Two runs lie side by side over the panes.
  case comparison = "Between two runs"

  /// The context's name in the help.
  public var title: String { rawValue }

  /// Where nothing is being typed and nothing lies over the panes.
  public static let walking: Set<KeyContext> = [.stages, .sequence, .detail, .explain, .button]
  /// The lists that take the keys of a pane for a page more and for both ends.
  static let lists: Set<KeyContext> = [
    .help, .copy, .notes, .themes, .editor, .connections, .findings, .recordings, .comparison,
  ]
}

/// What opens something over the panes.
public enum OpenCommand: String, Sendable, Hashable, CaseIterable {
  case help, search, commandLine, copy, export, notes, blank, themes, lab, edit, connections, check
  case paste, recordings
}

extension ExplorerModel {
  /// Opens something over the panes, or asks the outside for what is to be offered in it.
  mutating func open(_ command: OpenCommand) -> [ExplorerAction] {
    switch command {
    case .help: overlays.push(HelpMenu())
    case .search: startSearch()
    case .commandLine: overlays.push(CommandEntry())
    case .copy: overlays.push(CopyMenu())
    case .export: overlays.push(CommandEntry(text: "export "))
    case .notes: overlays.push(NotesBox())
    case .blank: overlays.push(BlankScreen())
    case .themes: return [.chooseTheme]
    case .lab: return [.chooseFault]
    case .edit: openEditor()
    case .connections: return [.connections(.list)]
    case .check: return checkConnection()
    case .paste: openPasteBox()
    case .recordings: return [.listRecordings]
    }
    return []
  }
}

extension KeyMap {
  /// Every binding, with the keys that nobody has changed; in the order of help and documents.
  public static let all: [KeyBinding] =
    moving + looking + finding + doing + presenting + typing + helping + entering
    + choosing + breaking + editing + connecting + answering + recording
}
