import TextUI

/// How many colours the terminal shows.
public enum ColorDepth: Int32, Sendable, Hashable, CaseIterable {
  /// No colours: weight, underline and reverse only.
  case monochrome = 0
  /// Eight; bold gives the bright ones.
  case eight = 8
  /// Sixteen.
  case sixteen = 16
  /// 256.
  case indexed = 256

  /// The depth for a number of colours.
  init(colors: Int32) {
    self = Self.allCases.last { $0.rawValue <= colors } ?? .monochrome
  }

  /// The most colours to use, before the terminal is asked.
  ///
  /// An option wins over the environment. `NO_COLOR` counts if it is not empty, as no-color.org
  /// says; `CLICOLOR=0` is the older form.
  public static func limit(choice: ColorChoice, environment: [String: String]) -> ColorDepth {
    switch choice {
    case .never: return .monochrome
    case .sixteen: return .sixteen
    case .indexed, .always: return .indexed
    case .automatic: return isRefused(environment) ? .monochrome : .indexed
    }
  }

  /// Whether text that is printed, and not drawn, has colours.
  ///
  /// `CLICOLOR_FORCE` asks for them in a pipe too; `NO_COLOR` wins over it.
  public static func prints(
    choice: ColorChoice, environment: [String: String], isTerminal: Bool
  ) -> Bool {
    switch choice {
    case .never: return false
    case .always, .sixteen, .indexed: return true
    case .automatic:
      if isRefused(environment) { return false }
      if let force = environment["CLICOLOR_FORCE"], force != "0", !force.isEmpty { return true }
      let name = environment["TERM"] ?? ""
      return isTerminal && !name.isEmpty && !TerminalName.isDumb(name)
    }
  }

  private static func isRefused(_ environment: [String: String]) -> Bool {
    environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["CLICOLOR"] == "0"
  }

  /// The ncurses colours and marks for a style.
  func look(of style: Style, isSelected: Bool) -> CellLook {
    var look = CellLook(foreground: -1, background: -1, emphasis: style.emphasis)
    switch self {
    case .monochrome:
      if isSelected { look.emphasis.insert(.reverse) }
    case .eight:
      look.foreground = Int32(style.foreground.ansi.index)
      look.background = Int32(style.background.ansi.index)
      if look.foreground >= 8 {
        look.foreground -= 8
        look.emphasis.insert(.bold)
      }
      if look.background >= 8 { look.background -= 8 }
    case .sixteen:
      look.foreground = Int32(style.foreground.ansi.index)
      look.background = Int32(style.background.ansi.index)
    case .indexed:
      look.foreground = style.foreground.index256.map(Int32.init) ?? -1
      look.background = style.background.index256.map(Int32.init) ?? -1
    }
    return look
  }
}

/// Colours by index, -1 for the terminal's own, and marks.
struct CellLook: Sendable, Hashable {
  var foreground: Int32
  var background: Int32
  var emphasis: Emphasis
}
