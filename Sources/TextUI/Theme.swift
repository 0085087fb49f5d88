import OpenID

/// One of the sixteen colours every terminal has, or its default.
public enum ANSIColor: String, Sendable, Hashable, CaseIterable {
  case `default`
  case black, red, green, yellow, blue, magenta, cyan, white
  case brightBlack = "bright-black"
  case brightRed = "bright-red"
  case brightGreen = "bright-green"
  case brightYellow = "bright-yellow"
  case brightBlue = "bright-blue"
  case brightMagenta = "bright-magenta"
  case brightCyan = "bright-cyan"
  case brightWhite = "bright-white"

  /// 0 to 15, or -1 for the default.
  public var index: Int { (Self.allCases.firstIndex(of: self) ?? 0) - 1 }
}

/// A colour at the three depths that terminals have.
public struct ThemeColor: Sendable, Hashable {
  /// 0xRRGGBB; nil for the terminal's default.
  public var rgb: UInt32?
  /// The index for 256 colours, below 16 only for a person's ANSI colours; nil for the default.
  public var index256: UInt8?
  /// The nearest of the sixteen colours.
  public var ansi: ANSIColor

  /// Makes a colour.
  public init(rgb: UInt32?, index256: UInt8?, ansi: ANSIColor) {
    (self.rgb, self.index256, self.ansi) = (rgb, index256, ansi)
  }

  /// The terminal's default colour.
  public static let terminalDefault = ThemeColor(rgb: nil, index256: nil, ansi: .default)
}

/// The look of a cell.
public struct Style: Sendable, Hashable {
  /// The text colour.
  public var foreground: ThemeColor
  /// The background colour.
  public var background: ThemeColor
  /// Weight and lines.
  public var emphasis: Emphasis

  /// Makes a style.
  public init(foreground: ThemeColor, background: ThemeColor, emphasis: Emphasis) {
    (self.foreground, self.background, self.emphasis) = (foreground, background, emphasis)
  }
}

/// The look that a theme gives a role; nil parts come from the next shorter role.
public struct RoleStyle: Sendable, Hashable {
  /// The text colour.
  public var foreground: ThemeColor?
  /// The background colour.
  public var background: ThemeColor?
  /// Weight and lines.
  public var emphasis: Emphasis?

  /// Makes a style.
  public init(
    foreground: ThemeColor? = nil, background: ThemeColor? = nil, emphasis: Emphasis? = nil
  ) {
    (self.foreground, self.background, self.emphasis) = (foreground, background, emphasis)
  }
}

/// The look of every role.
public struct Theme: Sendable, Equatable {
  /// The name used in settings and options.
  public var id: String
  /// The name that people see.
  public var name: String
  /// Whether the background is light.
  public var isLight: Bool
  /// The looks that the theme defines, by role.
  public var roles: [Role: RoleStyle]

  /// Makes a theme.
  public init(id: String, name: String, isLight: Bool, roles: [Role: RoleStyle]) {
    (self.id, self.name, self.isLight, self.roles) = (id, name, isLight, roles)
  }

  /// The look of a cell of this role on this surface.
  ///
  /// On `selection` every role gets the bold colour of `text`: on this surface nearly every palette
  /// loses its contrast.
  public func style(for role: Role, on surface: Role, emphasis: Emphasis = []) -> Style {
    let ground = inherited(surface, \.background) ?? .terminalDefault
    let inkRole = surface == .selection ? Role.text : role
    let ink = inherited(inkRole, \.foreground) ?? .terminalDefault
    var marks = (inherited(role, \.emphasis) ?? []).union(emphasis)
    if surface == .selection { marks.formUnion([.bold, inherited(surface, \.emphasis) ?? []]) }
    return Style(foreground: ink, background: ground, emphasis: marks)
  }

  private func inherited<Part>(_ role: Role, _ part: KeyPath<RoleStyle, Part?>) -> Part? {
    var name = Substring(role.rawValue)
    while true {
      if let role = Role(rawValue: String(name)), let value = roles[role]?[keyPath: part] {
        return value
      }
      guard let above = name.cut(atLast: ".")?.before else { break }
      name = above
    }
    if let standIn = role.standIn { return inherited(standIn, part) }
    return roles[Role.surfaces.contains(role) ? .background : .text]?[keyPath: part]
  }
}
