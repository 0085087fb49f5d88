import Glibc
import OpenID

/// The colours that a person asked for.
public enum ColorChoice: String, Sendable, Hashable, CaseIterable {
  /// Decided by the environment and the terminal.
  case automatic = "auto"
  /// Colours, whatever the environment says, and also where text is printed into a pipe.
  case always
  /// No colours; weight, underline and reverse stay.
  case never
  /// The sixteen colours of every terminal.
  case sixteen = "16"
  /// The 256 colours of xterm.
  case indexed = "256"
}

/// The options for the terminal.
public struct TerminalOptions: Sendable, Hashable {
  /// Wins over the environment.
  public var colors: ColorChoice
  /// Whether clicks and the wheel are reported from the start.
  public var mouse: Bool

  /// Makes options.
  public init(colors: ColorChoice = .automatic, mouse: Bool = true) {
    (self.colors, self.mouse) = (colors, mouse)
  }
}

/// Why the screen cannot be opened; the text says what to do instead.
public enum TerminalError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Standard input or output is a file or a pipe.
  case notATerminal
  /// `TERM` is unset or names a terminal without a movable cursor.
  case dumbTerminal(String?)
  /// terminfo does not describe the terminal.
  case unknownTerminal(String)
  /// A screen is already open, or the system refused a descriptor.
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

/// The environment of the terminal.
public enum TerminalEnvironment {
  static let names = ["TERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORFGBG", "TMUX"]

  /// The current values of the variables that this module reads.
  public static func current() -> [String: String] {
    var values: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { values[name] = String(cString: value) }
    }
    return values
  }
}

/// The terminfo names to try for a terminal.
enum TerminalName {
  /// Families that understand the sequences of xterm-256color.
  private static let xtermLike = [
    "xterm", "alacritty", "contour", "foot", "ghostty", "gnome", "iterm", "kitty", "konsole",
    "rxvt", "st-", "vte", "wezterm",
  ]
  private static let multiplexers = ["screen", "tmux"]

  /// The names to try for a value of `TERM`, in order.
  ///
  /// Debian's basic terminfo lacks most newer names; a 256 colour description is preferred if the
  /// option asks for 256 colours and the name has fewer.
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

  /// Whether it is useless to ask terminfo.
  static func isDumb(_ name: String) -> Bool { name == "dumb" || name == "unknown" }
}
