import OpenID

/// Where the program looks for its files, by the XDG Base Directory Specification.
public struct ProgramPaths: Sendable, Equatable {
  /// Settings and profiles.
  public var settings: String
  /// The person's own themes.
  public var themes: String
  /// Recordings.
  public var recordings: String
  /// Where a workshop tells its notes how far it is, while it is given.
  public var workshop: String

  /// Derives the paths from the environment.
  public init(environment: [String: String]) {
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "/"
    // The specification says to ignore relative paths.
    let folder = { (name: String, usual: String) in
      environment[name].flatMap { $0.begins(with: "/") ? $0 : nil } ?? home + usual
    }
    settings = folder("XDG_CONFIG_HOME", "/.config") + "/hybrid-flow"
    themes = settings + "/themes"
    recordings = folder("XDG_STATE_HOME", "/.local/state") + "/hybrid-flow"
    let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.begins(with: "/") ? $0 : nil }
    workshop = (runtime.map { $0 + "/hybrid-flow" } ?? recordings) + "/workshop.json"
  }

  /// The file with settings and profiles.
  public var settingsFile: String { settings + "/settings.json" }

  /// The paths, one per line.
  public var text: String {
    "settings   \(settingsFile)\nthemes     \(themes)\nrecordings \(recordings)\n"
      + "workshop   \(workshop)\n"
  }
}
