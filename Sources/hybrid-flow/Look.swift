import Explorer
import Platform
import Settings
import Terminal
import TextUI

/// The theme in which the explorer starts.
struct Look {
  /// Every theme.
  private(set) var store: ThemeStore
  /// The theme to start with.
  private(set) var loaded: LoadedTheme
  /// Whether the terminal’s background is to choose between light and dark.
  private(set) var awaitsBackground = false
  private var isAskedFor: Bool

  /// Like the initializer, but continues without a saved theme that cannot be used.
  ///
  /// - Returns: The look, and what is wrong with the theme of the settings if something is.
  static func choose(
    _ invocation: Invocation, given: Invocation, environment: [String: String],
    colors: ColorChoice
  ) throws(UsageError) -> (look: Look, complaint: String?) {
    let isKept = !given.has(.theme)
    do throws(UsageError) {
      var look = try Look(invocation, environment: environment, colors: colors)
      if isKept, !given.has(.projector) { look.isAskedFor = false }
      return (look, nil)
    } catch {
      guard isKept, invocation.has(.theme) else { throw error }
      var plain = invocation
      plain.values[.theme] = nil
      return (
        try Look(plain, environment: environment, colors: colors),
        "The theme of the settings: \(error.message)"
      )
    }
  }

  /// Chooses the requested theme, or the one for the background that the environment tells, or the
  /// dark one until the terminal tells its own.
  init(
    _ invocation: Invocation, environment: [String: String], colors: ColorChoice
  ) throws(UsageError) {
    store = ThemeStore(folder: ProgramPaths(environment: environment).themes)
    if invocation.has(.projector), invocation.has(.theme) {
      throw UsageError("--projector is a theme itself: leave --theme or --projector out.")
    }
    let wanted =
      invocation[.theme] ?? (invocation.has(.projector) ? ThemeLibrary.lightID : nil)
    isAskedFor = wanted != nil
    var id = ThemeLibrary.darkID
    if wanted == nil, ColorDepth.limit(choice: colors, environment: environment) != .monochrome {
      let told = TerminalBackground.told(by: environment)
      if told == .light { id = ThemeLibrary.lightID }
      awaitsBackground =
        told == nil && !invocation.has(.noQuery)
        && TerminalBackground.canBeAsked(in: environment)
    }
    loaded = try store.theme(wanted ?? id)
  }

  /// Without colours, uses the theme made of weight and lines, unless another was requested.
  mutating func settle(for depth: ColorDepth) {
    guard depth == .monochrome else { return }
    awaitsBackground = false
    if !isAskedFor, let mono = try? store.theme("mono") { loaded = mono }
  }
}
