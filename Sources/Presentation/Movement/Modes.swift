import HybridFlow
import Lab
import OpenID
import TextUI

/// The modes beside the panes.
struct Modes: Sendable, Equatable {
  /// The current search; kept after typing has ended.
  var search: Search?
  /// The stage whose verdict the person is to guess; nil for none.
  var verdictAsked: Stage?
  /// The position of the replay.
  var replayPosition = 0
  /// The flow runs by itself.
  var play: Play?
  /// The presenter mode.
  var presenter: Presenter?
  /// The value that is followed.
  var follow: Follow?
  /// A drill: runs whose verdicts are hidden until the person answers.
  var drill: DrillGame?
  /// A workshop that is given.
  var workshop: WorkshopState?
  /// Whether the diagram hides what comes after the stage.
  var hidesFuture = false
}

extension ExplorerModel {
  /// The key contexts, the innermost first: an overlay gets all keys.
  var contexts: [KeyContext] {
    let context = context
    guard KeyContext.walking.contains(context) || context == .field else { return [context] }
    var contexts: [KeyContext] = []
    if modes.follow != nil, context != .field, context != .button { contexts.append(.following) }
    if modes.search != nil, context != .field, context != .button {
      contexts.append(.found)
    } else {
      contexts += labContexts
    }
    if summary.watch != nil { contexts.append(.watching) }
    if modes.drill != nil { contexts.append(.drilling) }
    if modes.workshop != nil { contexts.append(.workshop) }
    if modes.presenter != nil { contexts.append(.presenting) }
    if looking != nil, context != .field, context != .button { contexts.append(.away) }
    return contexts + [context]
  }

  /// Shows a notice until the next key, or for a few seconds.
  public mutating func tell(_ text: String) { say(text) }

  /// Handles a key in the focused text entry; nil if there is none or the key means something else.
  mutating func type(_ key: Key) -> [ExplorerAction]? {
    if !overlays.isEmpty { return handOver { $0.type(key, &$1) } }
    guard context == .field else { return nil }
    if case .paste(let text) = key {
      form?.insert(text)
      return []
    }
    // A presenter advances with one key; at the end of the text it does not move the caret.
    if modes.presenter != nil, form?.isAtEnd == true, forwardUnavailable == nil,
      keys.binding(for: key, in: .presenting)?.command == .pane(.forward)
    {
      return nil
    }
    return form?.edit(key) == true ? [] : nil
  }

  /// Handles a key without a row in the table.
  mutating func takeUnbound(_ key: Key) -> [ExplorerAction] {
    if !overlays.isEmpty { return handOver { $0.takeUnbound(key, &$1) } ?? [] }
    // A paste while the browser is away is the authorization response.
    if case .paste(let text) = key, isWaitingForBrowser { openPasteBox(text) }
    return []
  }
}
