import Glibc
import OpenID

/// Which colours a person asked for.
public enum ColorChoice: String, Sendable, Hashable, CaseIterable {
  /// What the environment and the terminal say.
  case automatic = "auto"
  /// None; weight, underline and reverse stay.
  case never
  /// The sixteen that every terminal has.
  case sixteen = "16"
  /// The 256 of xterm.
  case indexed = "256"
}

/// How the terminal is to be taken.
public struct TerminalOptions: Sendable, Hashable {
  /// Beats the environment.
  public var colors: ColorChoice
  /// Whether clicks and the wheel are reported from the start.
  public var mouse: Bool

  /// Makes options.
  public init(colors: ColorChoice = .automatic, mouse: Bool = true) {
    (self.colors, self.mouse) = (colors, mouse)
  }
}

/// Why there is no screen; the text says what to do instead.
public enum TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal
  /// `TERM` is unset or names a terminal without a movable cursor.
  case dumbTerminal(String?)
  /// terminfo does not describe the terminal.
  case unknownTerminal(String)
  /// A screen is open already, or the system refused a descriptor.
  case unavailable

  /// A sentence or two for standard error.
  public var description: String {
    let advice = "use \"hybrid-flow run\", which needs no screen"
    switch self {
    case .notATerminal:
      return "standard input and output are not a terminal: \(advice)"
    case .dumbTerminal(nil):
      return "TERM is not set: set it to the terminal's name, or \(advice)"
    case .dumbTerminal(let name?):
      return "TERM=\(Self.printable(name)) cannot place a cursor: \(advice)"
    case .unknownTerminal(let name):
      return "terminfo does not know TERM=\(Self.printable(name)): "
        + "install ncurses-term, set TERM=xterm-256color, or \(advice)"
    case .unavailable:
      return "the terminal cannot be taken: \(advice)"
    }
  }

  private static let nameScalarsMax = 64

  private static func printable(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars.prefix(nameScalarsMax) {
      text.unicodeScalars.append(scalar.value > 0x20 && scalar.value < 0x7F ? scalar : "?")
    }
    return text
  }
}

/// What the environment says about the terminal.
public enum TerminalEnvironment {
  static let names = ["TERM", "NO_COLOR", "CLICOLOR", "COLORFGBG", "TMUX"]

  /// The variables that this module reads, as they are now.
  public static func current() -> [String: String] {
    var values: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { values[name] = String(cString: value) }
    }
    return values
  }
}

/// The names under which a terminal may be described.
enum TerminalName {
  /// Families that understand what xterm-256color says.
  private static let xtermLike = [
    "xterm", "alacritty", "contour", "foot", "ghostty", "gnome", "iterm", "kitty", "konsole",
    "rxvt", "st-", "vte", "wezterm",
  ]
  private static let multiplexers = ["screen", "tmux"]

  /// What to try in turn for a value of `TERM`.
  ///
  /// Debian's basic terminfo lacks most newer names; a 256 colour description is preferred where
  /// 256 colours were asked for by option and the name promises fewer.
  static func candidates(for name: String, colors: ColorChoice) -> [String] {
    var names: [String] = []
    let isRich = name.ends(with: "-256color") || name.ends(with: "-direct")
    let isKnownFamily = (xtermLike + multiplexers).contains { name.begins(with: $0) }
    if colors == .indexed || colors == .sixteen, isKnownFamily, !isRich {
      names.append(name + "-256color")
    }
    names.append(name)
    if multiplexers.contains(where: { name.begins(with: $0) }) {
      names += ["screen-256color", "screen"]
    } else if xtermLike.contains(where: { name.begins(with: $0) }) {
      names += ["xterm-256color", "xterm"]
    }
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// Whether there is no use in asking terminfo.
  static func isDumb(_ name: String) -> Bool { name == "dumb" || name == "unknown" }
}
