import OpenID
import TextUI

/// A word that does not name a key.
public struct KeyNameError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The word.
  public let word: String
  /// The key that may have been meant.
  public let nearest: String?

  /// A sentence about what to write instead.
  public var description: String {
    let shown = HarmlessText.line(String(word.prefix(scalars: 40)))
    return "\u{201C}\(shown)\u{201D} is no key"
      + (nearest.map { "; did you mean \u{201C}\($0)\u{201D}?" } ?? ".")
  }
}

extension Key {
  /// The key's usual name: `Ctrl-D`, `F1`, `Space`, an arrow as its sign.
  public var name: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let character): "Ctrl-" + character.uppercased()
    case .alt(let character): "Alt-" + String(character)
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .backspace: "Backspace"
    case .delete: "Delete"
    case .up: "\u{2191}"
    case .down: "\u{2193}"
    case .left: "\u{2190}"
    case .right: "\u{2192}"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .home: "Home"
    case .end: "End"
    case .function(let number): "F\(number)"
    case .mouse: "mouse"
    case .paste: "paste"
    case .resize: "resize"
    }
  }

  private static let words: [String: Key] = [
    "space": .character(" "), "enter": .enter, "return": .enter, "esc": .escape,
    "escape": .escape, "tab": .tab, "shift-tab": .backTab, "backtab": .backTab,
    "backspace": .backspace, "delete": .delete, "del": .delete, "up": .up, "down": .down,
    "left": .left, "right": .right, "pgup": .pageUp, "pageup": .pageUp, "pgdn": .pageDown,
    "pagedown": .pageDown, "home": .home, "end": .end, "\u{2191}": .up, "\u{2193}": .down,
    "\u{2190}": .left, "\u{2192}": .right,
  ]

  /// Reads a key name of the settings: `q`, `G`, `ctrl-d`, `alt-x`, `F1`, `space`, `pgdn`.
  ///
  /// Words may have any case; a single character means itself.
  public init(name text: String) throws(KeyNameError) {
    if text.count == 1, let character = text.first, HarmlessText.line(text) == text {
      self = character == " " ? .character(" ") : Self.words[text] ?? .character(character)
      return
    }
    let word = text.asciiLowercased
    if let key = Self.words[word] {
      self = key
      return
    }
    let known = Self.known
    if let key = known[word] {
      self = key
      return
    }
    if word.begins(with: "alt-"), text.count == 5, let character = text.last,
      HarmlessText.line(text) == text
    {
      self = .alt(character)
      return
    }
    let names = Array(Self.words.keys).sorted() + known.keys.sorted()
    throw KeyNameError(word: text, nearest: Spelling.nearest(to: word, among: names))
  }

  /// Control with each letter that reaches a program, and the function keys.
  private static var known: [String: Key] {
    var keys: [String: Key] = [:]
    // In a terminal, Control with H, I, J and M is Backspace, Tab or Enter.
    for letter in "abcdefgklnopqrstuvwxyz" { keys["ctrl-\(letter)"] = .control(letter) }
    for number in 1...12 { keys["f\(number)"] = .function(number) }
    return keys
  }
}
