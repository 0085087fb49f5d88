/// The key table as documents show it: README and manual read it from here.
public enum KeyDocument {
  /// The rows in the order of the table, one for each command: keys and what they do.
  public static let rows: [(keys: String, help: String)] = {
    var seen: Set<KeyCommand> = []
    return KeyMap.all.compactMap { binding in
      guard seen.insert(binding.command).inserted else { return nil }
      return (binding.keys.map(name).joined(separator: " "), binding.help)
    }
  }()

  /// The table in Markdown.
  public static var markdown: String {
    (["| keys | what they do |", "|---|---|"]
      + rows.map { "| \(code($0.keys)) | \($0.help) |" }).joined(separator: "\n") + "\n"
  }

  private static func code(_ keys: String) -> String {
    keys.split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
  }

  /// A key as people call it.
  public static func name(_ key: Key) -> String {
    switch key {
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
}
