import OpenID

/// The key table for documents: README and manual.
public enum KeyDocument {
  /// The rows in the order of the table, one for each action: keys and help.
  public static let rows: [(keys: String, help: String)] = {
    var seen: Set<String> = []
    return KeyMap.all.compactMap { binding in
      guard seen.insert(binding.action).inserted else { return nil }
      return (binding.keys.map(\.name).joined(separator: " "), binding.help)
    }
  }()

  /// The table in Markdown.
  public static var markdown: String {
    (["| keys | what they do |", "|---|---|"]
      + rows.map { "| \(code($0.keys)) | \($0.help) |" }).joined(separator: "\n") + "\n"
  }

  private static func code(_ keys: String) -> String {
    keys.split(at: " ").map { "`\($0)`" }.joined(separator: " ")
  }
}
