/// Measures whether a theme is readable: contrast, and the distance between the verdict colours.
///
/// Both true colours and 256 colours are measured, on every background of text.
public enum ThemeLinter {
  /// The measured contrast of a text colour on a background.
  public struct Contrast: Sendable, Hashable {
    /// The role of the text.
    public var role: Role
    /// The role of the background.
    public var surface: Role
    /// Whether the index for 256 colours was measured, or the true colour.
    public var isIndexed: Bool
    /// From 1 to 21.
    public var ratio: Double
    /// The lowest allowed ratio.
    public var floor: Double
    /// Whether it is readable.
    public var passes: Bool { ratio >= floor }
  }

  /// The distances between the verdict colours for one colour vision deficiency.
  public struct Separation: Sendable, Hashable {
    /// The colour vision deficiency.
    public var deficiency: ColorDeficiency
    /// CIELAB distances of the three verdicts.
    public var passFail: Double, warnFail: Double, passWarn: Double
    /// The smallest distance.
    public var least: Double { min(passFail, warnFail, passWarn) }
  }

  /// The results for one theme.
  public struct Report: Sendable, Equatable {
    /// The theme's id.
    public var id: String
    /// Every pair, in the order of the roles.
    public var contrasts: [Contrast]
    /// The distances for each deficiency.
    public var separations: [Separation]
    /// What must be changed, one sentence each.
    public var failures: [String]
    /// What is allowed only because sign and word differ too.
    public var notices: [String]
    /// The lowest ratio of text outside the selection; nil when the terminal chooses the colours.
    public func leastTextContrast(isIndexed: Bool) -> Double? {
      contrasts.filter {
        $0.isIndexed == isIndexed && $0.floor >= 4.5 && $0.surface != .selection
      }.map(\.ratio).min()
    }
  }

  /// The lowest allowed contrast of a role; nil for backgrounds.
  ///
  /// WCAG 2.2: 4.5 for text (1.4.3), 7 for the text of high-contrast themes (1.4.6), 3 for lines
  /// and arrows (1.4.11).
  public static func floor(for role: Role, tags: [String]) -> Double? {
    if Role.surfaces.contains(role) { return nil }
    switch role {
    case .border, .borderFocus, .sequenceLifeline, .sequenceArrow, .sequenceArrowDim,
      .sequenceArrowCurrent, .cursor:
      return 3
    case .text, .textMuted, .textStrong:
      return tags.contains("high-contrast") ? 7 : 4.5
    default:
      return 4.5
    }
  }

  /// Distances below this are reported.
  public static let separationNoticed = 15.0
  /// The least distance of pass and fail in a theme that claims to be safe for colour-blind people.
  public static let separationSafe = 30.0

  /// Measures a theme.
  public static func report(on loaded: LoadedTheme) -> Report {
    let theme = loaded.theme
    var report = Report(
      id: theme.id, contrasts: [], separations: separations(of: theme), failures: [], notices: [])
    for role in Role.allCases {
      guard let floor = floor(for: role, tags: loaded.tags) else { continue }
      for surface in [Role.background, .panel, .overlay] {
        report.contrasts += contrasts(of: role, on: surface, floor: floor, theme: theme)
      }
    }
    let floor = floor(for: .text, tags: loaded.tags) ?? 4.5
    report.contrasts += contrasts(of: .text, on: .selection, floor: floor, theme: theme)
    report.failures = report.contrasts.filter { !$0.passes }.map {
      let depth = $0.isIndexed ? "256 colours" : "true colour"
      return "\($0.role.rawValue) on \($0.surface.rawValue), \(depth): "
        + "\(oneDigit($0.ratio)):1, needs \(oneDigit($0.floor)):1"
    }
    for separation in report.separations {
      let name = separation.deficiency.rawValue
      if loaded.tags.contains("cvd-safe"), separation.passFail < separationSafe {
        report.failures.append(
          "\(name): pass and fail are \(oneDigit(separation.passFail)) apart, "
            + "a cvd-safe theme needs \(oneDigit(separationSafe))")
      } else if separation.least < separationNoticed {
        report.notices.append(
          "\(name): two verdicts are \(oneDigit(separation.least)) apart; signs and words differ")
      }
    }
    return report
  }

  private static func contrasts(
    of role: Role, on surface: Role, floor: Double, theme: Theme
  ) -> [Contrast] {
    let style = theme.style(for: role, on: surface)
    var found: [Contrast] = []
    if let ink = style.foreground.rgb, let ground = style.background.rgb {
      found.append(
        Contrast(
          role: role, surface: surface, isIndexed: false,
          ratio: LinearColor(rgb: ink).contrast(with: LinearColor(rgb: ground)), floor: floor))
    }
    if let ink = style.foreground.index256.flatMap(IndexedPalette.rgb),
      let ground = style.background.index256.flatMap(IndexedPalette.rgb)
    {
      found.append(
        Contrast(
          role: role, surface: surface, isIndexed: true,
          ratio: LinearColor(rgb: ink).contrast(with: LinearColor(rgb: ground)), floor: floor))
    }
    return found
  }

  private static func separations(of theme: Theme) -> [Separation] {
    func ink(_ role: Role) -> LinearColor? {
      theme.style(for: role, on: .background).foreground.rgb.map(LinearColor.init(rgb:))
    }
    guard let pass = ink(.statusPass), let fail = ink(.statusFail), let warn = ink(.statusWarn)
    else { return [] }
    return ColorDeficiency.allCases.map { deficiency in
      let (p, f, w) = (
        pass.seen(with: deficiency), fail.seen(with: deficiency), warn.seen(with: deficiency)
      )
      return Separation(
        deficiency: deficiency, passFail: p.difference(from: f), warnFail: w.difference(from: f),
        passWarn: p.difference(from: w))
    }
  }

  /// One digit after the point, never rounded up: 4.49 is not 4.5.
  public static func oneDigit(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded(.down))
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension ThemeLinter.Report {
  /// The results as text.
  public var lines: [String] {
    var lines = [id]
    let depths: [(name: String, isIndexed: Bool)] = [("true colour", false), ("256 colours", true)]
    for depth in depths {
      guard let least = leastTextContrast(isIndexed: depth.isIndexed) else { continue }
      let rules = contrasts.filter { $0.isIndexed == depth.isIndexed && $0.floor < 4.5 }
      let selected = contrasts.first {
        $0.isIndexed == depth.isIndexed && $0.surface == .selection
      }
      lines.append(
        "  \(depth.name): text at least \(ThemeLinter.oneDigit(least)):1, "
          + "lines at least \(ThemeLinter.oneDigit(rules.map(\.ratio).min() ?? 0)):1, "
          + "selected \(ThemeLinter.oneDigit(selected?.ratio ?? 0)):1")
    }
    for separation in separations {
      lines.append(
        "  \(separation.deficiency.rawValue): pass–fail \(Int(separation.passFail)), "
          + "warn–fail \(Int(separation.warnFail)), pass–warn \(Int(separation.passWarn))")
    }
    return lines + failures.map { "  fails: \($0)" } + notices.map { "  note: \($0)" }
  }
}
