import OpenID
import TextUI

/// Every command that a key can have.
public enum KeyCommand: Sendable, Hashable, CaseIterable {
  /// Moves in the focused pane or overlay.
  case move(Movement)
  /// Acts in the panes or on the run; some of these work everywhere.
  case pane(PaneCommand)
  /// Opens an overlay.
  case open(OpenCommand)
  /// Acts in the topmost overlay.
  case overlay(OverlayCommand)

  /// Every command.
  public static let allCases: [KeyCommand] =
    Movement.allCases.map(KeyCommand.move) + PaneCommand.allCases.map(KeyCommand.pane)
    + OpenCommand.allCases.map(KeyCommand.open) + OverlayCommand.allCases.map(KeyCommand.overlay)
}

/// A movement in rows that exceed the screen.
public enum Movement: String, Sendable, Hashable, CaseIterable {
  case down, up, pageDown, pageUp, top, bottom

  /// The new position after a movement.
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

/// A command for the panes, the run, or the program.
public enum PaneCommand: String, Sendable, Hashable, CaseIterable {
  case forward, back, jump, follow
  case nextPane, previousPane, nextView, previousView
  case open, restart, browser, secrets, zoom, bytes, copyAll
  case giveUp, mouse, quit, quitNow, redraw, suspend
  case nextField, previousField, press, leaveForm, toggleBox
  case nextMatch, previousMatch, clearSearch
  case nextPlace, previousPlace, stopFollowing
  case play, present, future
  case nextFault, dropCheck, runAgain
  case copyAddress, exchangeNow, otherAuthentication
  case record, toEnd
  case drillHint, endDrill
  case workshopNext, workshopBack, workshopPause
}

/// A command for an overlay; each overlay gives it its own meaning.
public enum OverlayCommand: String, Sendable, Hashable, CaseIterable {
  /// Accept what is marked, typed or asked.
  case accept
  /// Close it, or first end what was begun in it.
  case close
  /// Toggle an option of the marked row.
  case toggle
  /// Filter the rows by typed text.
  case filter
  /// Select the next or the previous choice.
  case nextChoice, previousChoice
  /// Add a row.
  case add
  /// Change the marked row.
  case edit
  /// Delete the marked row.
  case delete
  /// Restore the marked row.
  case undo
  /// Restore everything.
  case reset
  /// Save the form.
  case save
  /// Check whether it works.
  case check
  /// Compare the marked row with the run.
  case compare
}

/// One row of the key table.
public struct KeyBinding: Sendable {
  /// The action's name in settings and on the command line: `next-pane`.
  ///
  /// Rows of one name do the same.
  public let action: String
  /// The command.
  public let command: KeyCommand
  /// The keys; each of them works.
  public var keys: [Key]
  /// The keys as written in the footer.
  public var keyText: String
  /// A short label.
  public let label: String
  /// The help text, a sentence.
  public let help: String
  /// The contexts in which it is valid.
  public var contexts: Set<KeyContext>
  /// Its rank in the footer, the lowest first; nil is not shown there.
  public let footer: Int?
  private let reason: @Sendable (ExplorerModel) -> String?

  /// Why it does nothing now; nil if it works.
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

  /// Makes a row for an overlay, which decides itself whether the command works.
  init(
    _ action: String, _ command: OverlayCommand, keys: [Key], keyText: String, label: String,
    help: String, contexts: Set<KeyContext>, footer: Int?
  ) {
    self.init(action, .overlay(command), keys, keyText, label, help, contexts, footer)
  }
}

extension RawRepresentable<String> {
  /// A case name in the form of settings and command line: `next-pane`.
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
