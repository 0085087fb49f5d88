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

  /// What the explorer's command line takes besides the names of actions: examples and help.
  public static let lines: [(line: String, help: String)] = [
    ("stage 5", "Look at a stage, by its number or its name."),
    ("view checks", "Show a view of the stage."),
    ("follow nonce", "Follow a value through the run."),
    ("check nonce-match", "Go to a check, or say when it runs."),
    ("field c_hash 5", "Go to a field or claim, of one stage or of the first that has it."),
    ("explain 5", "Show the lesson of a stage."),
    ("term c_hash", "Say what a name means."),
    ("lab swapped-code", "Commit a fault of the lab; lab honest commits none."),
    ("rules fapi1-advanced", "Start over as banks demand it; rules openid goes back."),
    ("copy curl", "Copy something of the stage."),
    ("export har FILE", "Write the run to a file."),
    ("recording mix-up", "Go through a recording."),
    ("theme nord", "Look at a theme."),
  ]
}
