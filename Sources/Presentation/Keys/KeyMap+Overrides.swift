import OpenID
import TextUI

/// An error in the person's own keys; the valid changes are used.
public enum KeyMapError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no such action.
  case unknownAction(String, nearest: String?)
  /// A word does not name a key.
  case unknownKey(action: String, KeyNameError)
  /// Two actions use the key in the same context.
  case clash(key: String, action: String, other: String, place: String)
  /// Jumping to a stage takes ten keys in the order of the stages, or none.
  case jumpNeedsTenKeys(Int)
  /// The action can be reached only by key, and has none.
  case unbound(String)

  /// A sentence about what to change.
  public var description: String {
    switch self {
    case .unknownAction(let name, let nearest):
      return "\u{201C}\(HarmlessText.line(String(name.prefix(scalars: 40))))\u{201D} is no action"
        + (nearest.map { "; did you mean \u{201C}\($0)\u{201D}?" } ?? ".")
    case .unknownKey(let action, let fault): return "\(action): \(fault)"
    case .clash(let key, let action, let other, let place):
      return "\(key) cannot mean both \(action) and \(other) (\(place)); \(action) keeps its keys."
    case .jumpNeedsTenKeys(let count):
      return "jump takes ten keys, one a stage, or none; there are \(count)."
    case .unbound(let action):
      return "\(action) needs a key: without one there is no way out of where it is valid."
    }
  }
}

extension KeyMap: Equatable {
  /// Two maps are equal if they have the same changes.
  public static func == (left: KeyMap, right: KeyMap) -> Bool { left.overrides == right.overrides }

  /// The default keys.
  public static let standard = KeyMap()

  /// The name of every action, in the order of the table.
  public static let actions: [String] = {
    var seen: Set<String> = []
    return all.map(\.action).filter { seen.insert($0).inserted }
  }()

  /// The commands that leave a context which only its own key leaves.
  private static let exits: Set<KeyCommand> = [
    .overlay(.close), .pane(.quitNow), .pane(.clearSearch), .pane(.leaveForm),
  ]

  /// Reads the person's keys: action names with key names; an empty list removes the keys.
  ///
  /// Errors are reported and left out; the other changes are used.
  public static func reading(
    _ changes: [(action: String, keys: [String])]
  ) -> (map: KeyMap, faults: [KeyMapError]) {
    var map = KeyMap()
    var faults: [KeyMapError] = []
    for (action, names) in changes {
      guard actions.contains(action) else {
        faults.append(
          .unknownAction(action, nearest: Spelling.nearest(to: action, among: actions)))
        continue
      }
      var keys: [Key] = []
      for name in names {
        do throws(KeyNameError) {
          let key = try Key(name: name)
          if !keys.contains(key) { keys.append(key) }
        } catch {
          faults.append(.unknownKey(action: action, error))
        }
      }
      if keys.isEmpty, !names.isEmpty { continue }
      if let fault = map.refusal(of: keys, for: action) {
        faults.append(fault)
        continue
      }
      map.set(keys, for: action)
    }
    faults += map.settleClashes()
    return (map, faults)
  }

  private func refusal(of keys: [Key], for action: String) -> KeyMapError? {
    if action == PaneCommand.jump.action, !keys.isEmpty, keys.count != 10 {
      return .jumpNeedsTenKeys(keys.count)
    }
    let isExit = Self.all.contains { $0.action == action && Self.exits.contains($0.command) }
    return keys.isEmpty && isExit ? .unbound(action) : nil
  }

  /// Keys that came later than settings may have: they give way to the person's own.
  private static let yielding: [String: Key] = [
    OpenCommand.commandLine.action: .control("p"), PaneCommand.future.action: .character("F"),
  ]

  /// Takes a later key away from its action where the person uses it otherwise.
  private mutating func yield() {
    for (action, key) in Self.yielding where overrides[action] == nil {
      let isTaken = overrides.values.contains { $0.contains(key) }
      guard isTaken else { continue }
      for index in bindings.indices where bindings[index].action == action {
        bindings[index].keys.removeAll { $0 == key }
      }
    }
  }

  private mutating func set(_ keys: [Key], for action: String) {
    overrides[action] = keys
    rebuild()
  }

  private mutating func rebuild() {
    var seen: Set<String> = []
    bindings = []
    for var binding in Self.all {
      guard let keys = overrides[binding.action] else {
        bindings.append(binding)
        continue
      }
      // The rows of an action differ only in their keys, so one is enough.
      guard seen.insert(binding.action).inserted else { continue }
      binding.keys = keys
      binding.keyText = keys.first?.name ?? ""
      binding.contexts = Self.all.filter { $0.action == binding.action }
        .reduce(into: []) { $0.formUnion($1.contexts) }
      bindings.append(binding)
    }
    yield()
  }

  /// Resets changed actions to their default keys until no key has two meanings in a context.
  private mutating func settleClashes() -> [KeyMapError] {
    var faults: [KeyMapError] = []
    while let clash = firstClash() {
      let loser = overrides[clash.second.action] != nil ? clash.second : clash.first
      let other = loser.action == clash.second.action ? clash.first : clash.second
      guard overrides.removeValue(forKey: loser.action) != nil else { break }
      faults.append(
        .clash(
          key: clash.key.name, action: loser.action, other: other.action,
          place: clash.context.title))
      rebuild()
    }
    return faults
  }

  private func firstClash() -> (
    key: Key, context: KeyContext, first: KeyBinding, second: KeyBinding
  )? {
    for context in KeyContext.allCases {
      var seen: [Key: KeyBinding] = [:]
      for binding in bindings where binding.contexts.contains(context) {
        for key in binding.keys {
          if let first = seen[key], first.action != binding.action {
            return (key, context, first, binding)
          }
          seen[key] = binding
        }
      }
    }
    return nil
  }

  /// The actions without a key.
  public var unbound: [String] {
    Self.actions.filter { action in
      !bindings.contains { $0.action == action && !$0.keys.isEmpty }
    }
  }

  /// The binding of a key in a context.
  public func binding(for key: Key, in context: KeyContext) -> KeyBinding? {
    bindings.first { $0.contexts.contains(context) && $0.keys.contains(key) }
  }

  /// The binding of a key in nested contexts, the innermost first.
  public func binding(for key: Key, in contexts: [KeyContext]) -> KeyBinding? {
    contexts.lazy.compactMap { binding(for: key, in: $0) }.first
  }
}
