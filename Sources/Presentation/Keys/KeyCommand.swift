import OpenID
import TextUI

/// Everything a key can do.
public enum KeyCommand: Sendable, Hashable, CaseIterable {
  /// Moves in what has the keys: a pane, or what lies over the panes.
  case move(Movement)
  /// Does something in the panes or with the run; some of it works everywhere.
  case pane(PaneCommand)
  /// Opens something over the panes.
  case open(OpenCommand)
  /// Does something in what lies uppermost over the panes.
  case overlay(OverlayCommand)

  /// Every command.
  public static let allCases: [KeyCommand] =
    Movement.allCases.map(KeyCommand.move) + PaneCommand.allCases.map(KeyCommand.pane)
    + OpenCommand.allCases.map(KeyCommand.open) + OverlayCommand.allCases.map(KeyCommand.overlay)
}

/// A step in rows that are longer than the screen.
public enum Movement: String, Sendable, Hashable, CaseIterable {
  case down, up, pageDown, pageUp, top, bottom

  /// The place that is come to from another one.
  func from(_ place: Int, page: Int, last: Int) -> Int {
    switch self {
    case .down: min(last, place + 1)
    case .up: max(0, min(last, place) - 1)
    case .pageDown: min(last, place + page)
    case .pageUp: max(0, min(last, place) - page)
    case .top: 0
    case .bottom: last
    }
  }
}

/// What a key does in the panes, with the run, or with the program.
public enum PaneCommand: String, Sendable, Hashable, CaseIterable {
  case forward, back, jump, follow
  case nextPane, previousPane, nextView, previousView
  case open, restart, browser, secrets, zoom, bytes, copyAll
  case giveUp, mouse, quit, quitNow, redraw, suspend
  case nextField, previousField, press, leaveForm, toggleBox
  case nextMatch, previousMatch, clearSearch
  case play, present, future
  case nextFault, dropCheck, runAgain
  case copyAddress, exchangeNow, otherAuthentication
  case record, toEnd
}

/// What a key does in a list or form over the panes; each means it in its own way.
public enum OverlayCommand: String, Sendable, Hashable, CaseIterable {
  /// Do what is marked, typed or asked.
  case accept
  /// Leave it, or first what was begun in it.
  case close
  /// Switch something of the marked row on or off.
  case toggle
  /// Find rows by what is typed.
  case filter
  /// Take the next choice, or the one before.
  case nextChoice, previousChoice
  /// Add a row.
  case add
  /// Change the marked row.
  case edit
  /// Take the marked row away.
  case delete
  /// The marked row as it was.
  case undo
  /// Everything as it was.
  case reset
  /// Write what was filled in.
  case save
  /// Look whether it works.
  case check
  /// Lay the marked row beside the run.
  case compare
}

/// One row of the key table.
public struct KeyBinding: Sendable {
  /// The name in settings and in the command line: `next-pane`.
  ///
  /// Rows of one name do the same.
  public let action: String
  /// What it does.
  public let command: KeyCommand
  /// The keys, all alike.
  public var keys: [Key]
  /// The keys as they are written in the footer.
  public var keyText: String
  /// A word or two.
  public let label: String
  /// A sentence.
  public let help: String
  /// Where it is valid.
  public var contexts: Set<KeyContext>
  /// Its place in the footer, the lowest first; nil keeps it out.
  public let footer: Int?
  private let reason: @Sendable (ExplorerModel) -> String?

  /// Why it does nothing now; nil when it works.
  public func unavailable(_ model: ExplorerModel) -> String? {
    guard case .overlay(let command) = command else { return reason(model) }
    return model.overlays.top?.unavailable(command, model)
  }

  private init(
    _ action: String, _ command: KeyCommand, _ keys: [Key], _ keyText: String, _ label: String,
    _ help: String, _ contexts: Set<KeyContext>, _ footer: Int?,
    _ reason: @escaping @Sendable (ExplorerModel) -> String? = { _ in nil }
  ) {
    (self.action, self.command, self.keys, self.keyText) = (action, command, keys, keyText)
    (self.label, self.help, self.contexts, self.footer) = (label, help, contexts, footer)
    self.reason = reason
  }

  init(
    command: PaneCommand, keys: [Key], keyText: String, label: String, help: String,
    contexts: Set<KeyContext>, footer: Int?,
    unavailable: @escaping @Sendable (ExplorerModel) -> String?
  ) {
    self.init(
      command.action, .pane(command), keys, keyText, label, help, contexts, footer, unavailable)
  }

  init(
    open: OpenCommand, keys: [Key], keyText: String, label: String, help: String,
    contexts: Set<KeyContext>, footer: Int?,
    unavailable: @escaping @Sendable (ExplorerModel) -> String?
  ) {
    self.init(open.action, .open(open), keys, keyText, label, help, contexts, footer, unavailable)
  }

  init(
    move: Movement, action: String? = nil, keys: [Key], keyText: String, label: String,
    help: String, contexts: Set<KeyContext>, footer: Int?
  ) {
    self.init(
      action ?? move.action, .move(move), keys, keyText, label, help, contexts, footer)
  }

  /// A row of something over the panes, which says itself why it does nothing.
  init(
    _ action: String, _ command: OverlayCommand, keys: [Key], keyText: String, label: String,
    help: String, contexts: Set<KeyContext>, footer: Int?
  ) {
    self.init(action, .overlay(command), keys, keyText, label, help, contexts, footer)
  }
}

extension RawRepresentable<String> {
  /// The name of a command in settings and in the command line: `next-pane`.
  fileprivate var kebab: String {
    rawValue.utf8.map { byte in
      let isCapital = byte != byte.asciiLowercased
      return (isCapital ? "-" : "") + String(Unicode.Scalar(byte.asciiLowercased))
    }.joined()
  }
}

extension Movement {
  /// The name in settings and in the command line.
  var action: String { kebab }
}

extension PaneCommand {
  /// The name in settings and in the command line.
  var action: String { kebab }
}

extension OpenCommand {
  /// The name in settings and in the command line.
  var action: String { kebab }
}
