import HybridFlow
import OpenID
import TextUI

/// What goes on beside the panes.
struct Modes: Sendable, Equatable {
  /// What is searched for; kept after it was typed.
  var search: Search?
  /// The stage whose verdict is to be guessed before it is told; nil while none is.
  var verdictAsked: Stage?
  /// How far the recording was gone through.
  var replayPosition = 0
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

  /// Tells the person something until the next key, or for a few seconds.
  public mutating func tell(_ text: String) { say(text) }

  /// Takes a key into the text that is being typed; nil when there is none or it means more.
  mutating func type(_ key: Key) -> [ExplorerAction]? {
    if !overlays.isEmpty { return handOver { $0.type(key, &$1) } }
    guard context == .field else { return nil }
    if case .paste(let text) = key {
      form?.insert(text)
      return []
    }
    // Who presents goes on with one key; where there is nothing left to pass, it is no caret's.
    if modes.presenter != nil, form?.isAtEnd == true, forwardUnavailable == nil,
      keys.binding(for: key, in: .presenting)?.command == .pane(.forward)
    {
      return nil
    }
    return form?.edit(key) == true ? [] : nil
  }

  /// What a key does that no row of the table names.
  mutating func takeUnbound(_ key: Key) -> [ExplorerAction] {
    if !overlays.isEmpty { return handOver { $0.takeUnbound(key, &$1) } ?? [] }
    // Who pastes while the browser is away means its answer.
    if case .paste(let text) = key, isWaitingForBrowser { openPasteBox(text) }
    return []
  }
}
