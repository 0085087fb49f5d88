import OpenID

/// The key table for the manual.
public enum KeyDocument {
  /// The rows in the order of the table, one for each action: keys and help.
  public static let rows: [(keys: String, help: String)] = {
    var seen: Set<String> = []
    return KeyMap.all.compactMap { binding in
      guard seen.insert(binding.action).inserted else { return nil }
      return (binding.keys.map(\.name).joined(separator: " "), binding.help)
    }
  }()
}
