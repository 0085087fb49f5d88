import OpenID

/// A theme as a file: a palette, and the looks of the roles.
///
/// The format is a JSON object with the members `schema` (1), `id`, `name`, `author`, `appearance`
/// (`light` or `dark`), `tags`, `inherits`, `palette` and `roles`; `description` and `notes` are
/// comments. Reading is strict: an invalid value rejects the file, an unknown member gives a
/// warning. A file may come from any source, so its texts are made harmless before display.
public struct ThemeFile: Sendable, Equatable {
  /// The most bytes of a file.
  public static let bytesMax = 64 * 1024

  /// A colour of the palette; missing parts are derived from the others.
  public struct PaletteColor: Sendable, Hashable {
    /// 0xRRGGBB; nil for one of the terminal's own colours.
    public var rgb: UInt32?
    /// The index for 256 colours.
    public var index256: UInt8?
    /// One of the sixteen colours.
    public var ansi: ANSIColor?

    /// Makes a colour.
    public init(rgb: UInt32?, index256: UInt8? = nil, ansi: ANSIColor? = nil) {
      (self.rgb, self.index256, self.ansi) = (rgb, index256, ansi)
    }
  }

  /// The look of a role: names of the palette, names of the sixteen colours, or `#RRGGBB`.
  public struct RoleEntry: Sendable, Hashable {
    /// The text colour.
    public var foreground: String?
    /// The background colour.
    public var background: String?
    /// Weight and lines.
    public var emphasis: Emphasis?

    /// Makes an entry.
    public init(
      foreground: String? = nil, background: String? = nil, emphasis: Emphasis? = nil
    ) {
      (self.foreground, self.background, self.emphasis) = (foreground, background, emphasis)
    }
  }

  /// The name used in settings and options; also the name of the file.
  public var id: String
  /// The name that people see; the id when none is given.
  public var name: String
  /// The author, and the source of the design.
  public var author: String
  /// Whether the background is light; nil to inherit it.
  public var isLight: Bool?
  /// Its purposes: `projector`, `high-contrast`, `cvd-safe`.
  public var tags: [String]
  /// The theme that it is based on.
  public var inherits: String?
  /// The colours by name.
  public var palette: [String: PaletteColor]
  /// The looks of the roles it defines.
  public var roles: [Role: RoleEntry]
  /// Parts that were not understood and are left out, one sentence each.
  public var warnings: [String]

  /// Makes a theme without a file.
  public init(
    id: String, name: String, author: String, isLight: Bool?, tags: [String] = [],
    inherits: String? = nil, palette: [String: PaletteColor] = [:], roles: [Role: RoleEntry]
  ) {
    (self.id, self.name, self.author, self.isLight) = (id, name, author, isLight)
    (self.tags, self.inherits, self.palette, self.roles) = (tags, inherits, palette, roles)
    warnings = []
  }

  /// Reads a file.
  ///
  /// - Throws: ``ThemeError`` with the member that is wrong.
  public static func decode(_ bytes: [UInt8]) throws(ThemeError) -> ThemeFile {
    guard bytes.count <= bytesMax else { throw .tooLarge(bytes: bytes.count) }
    let json: JSONValue
    do { json = try JSONParser.parse(bytes) } catch { throw .notJSON(error) }
    guard let members = json.members else { throw .notAnObject }
    guard let schema = json["schema"] else { throw .missing(member: "schema") }
    guard schema.integer == 1 else { throw .unsupportedSchema(schema.compactText) }

    let id = try text("id", of: json)
    guard let id else { throw .missing(member: "id") }
    guard isID(id) else {
      throw .wrongValue(member: "id", expected: "lower-case letters, digits and hyphens")
    }
    let inherits = try text("inherits", of: json)
    var file = ThemeFile(
      id: id, name: HarmlessText.line(try text("name", of: json) ?? id),
      author: HarmlessText.line(try text("author", of: json) ?? ""),
      isLight: try appearance(of: json), inherits: inherits, roles: [:])
    if file.isLight == nil, inherits == nil { throw .missing(member: "appearance") }
    if let tags = json["tags"] {
      guard let names = tags.strings else {
        throw .wrongValue(member: "tags", expected: "a list of words")
      }
      file.tags = names.map(HarmlessText.line)
    }
    file.palette = try palette(of: json)
    try file.readRoles(of: json)
    for member in members where !knownMembers.contains(member.name) {
      file.warn("member", member.name, among: knownMembers)
    }
    return file
  }

  private static let knownMembers = [
    "schema", "id", "name", "author", "appearance", "tags", "inherits", "palette", "roles",
    "description", "notes", "$schema",
  ]

  package static func isID(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy {
        ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D
      }
  }

  private mutating func warn(_ kind: String, _ name: String, among known: [String]) {
    let nearest = Spelling.nearest(to: name, among: known)
    warnings.append(
      "unknown \(kind) \(ThemeError.quoted(name))\(ThemeError.hint(nearest))")
  }

  private static func text(
    _ member: String, of json: JSONValue
  ) throws(ThemeError) -> String? {
    guard let value = json[member] else { return nil }
    guard let text = value.string else { throw .wrongValue(member: member, expected: "a string") }
    return text
  }

  private static func appearance(of json: JSONValue) throws(ThemeError) -> Bool? {
    switch try text("appearance", of: json) {
    case nil: return nil
    case "light": return true
    case "dark": return false
    default: throw .wrongValue(member: "appearance", expected: "‘light’ or ‘dark’")
    }
  }
}

// MARK: - Colours and roles

extension ThemeFile {
  private static func palette(
    of json: JSONValue
  ) throws(ThemeError) -> [String: PaletteColor] {
    guard let value = json["palette"] else { return [:] }
    guard let members = value.members else {
      throw .wrongValue(member: "palette", expected: "an object")
    }
    var palette: [String: PaletteColor] = [:]
    for entry in members {
      palette[entry.name] = try color(entry.value, at: "palette.\(entry.name)")
    }
    return palette
  }

  private static func color(
    _ value: JSONValue, at member: String
  ) throws(ThemeError) -> PaletteColor {
    if let text = value.string {
      guard let rgb = rgb(text) else { throw .badColor(member: member, text: text) }
      return PaletteColor(rgb: rgb)
    }
    guard value.members != nil else {
      throw .wrongValue(member: member, expected: "a colour or an object with ‘hex’")
    }
    guard let hex = value["hex"] else { throw .missing(member: "\(member).hex") }
    guard let rgb = rgb(hex.string ?? "") else {
      throw .badColor(member: "\(member).hex", text: hex.string ?? hex.compactText)
    }
    var color = PaletteColor(rgb: rgb)
    if let index = value["c256"] {
      // The person can set 0 to 15 to any colour.
      guard let number = index.integer, (16...255).contains(number) else {
        throw .wrongValue(member: "\(member).c256", expected: "a number from 16 to 255")
      }
      color.index256 = UInt8(number)
    }
    if let name = value["c16"] {
      guard let ansi = ANSIColor(rawValue: name.string ?? "") else {
        let nearest = Spelling.nearest(
          to: name.string ?? "", among: ANSIColor.allCases.map(\.rawValue))
        throw .unknownColor(
          member: "\(member).c16", name: name.string ?? name.compactText, nearest: nearest)
      }
      color.ansi = ansi
    }
    return color
  }

  /// The number 0xRRGGBB for `#RRGGBB`.
  public static func rgb(_ text: String) -> UInt32? {
    guard text.utf8.count == 7, let digits = text.dropping(prefix: "#") else { return nil }
    guard digits.utf8.first != 0x2B, digits.utf8.first != 0x2D else { return nil }
    return UInt32(digits, radix: 16)
  }

  private mutating func readRoles(of json: JSONValue) throws(ThemeError) {
    guard let value = json["roles"] else {
      if inherits == nil { throw .missing(member: "roles") }
      return
    }
    guard let members = value.members else {
      throw .wrongValue(member: "roles", expected: "an object")
    }
    for entry in members {
      guard let role = Role(rawValue: entry.name) else {
        warn("role", entry.name, among: Role.allCases.map(\.rawValue))
        continue
      }
      roles[role] = try roleEntry(entry.value, at: entry.name)
    }
  }

  private mutating func roleEntry(
    _ value: JSONValue, at member: String
  ) throws(ThemeError) -> RoleEntry {
    if let name = value.string { return RoleEntry(foreground: name) }
    guard let parts = value.members else {
      throw .wrongValue(member: member, expected: "a colour or an object with ‘fg’, ‘bg’, ‘attrs’")
    }
    var entry = RoleEntry(
      foreground: try Self.text("fg", of: value), background: try Self.text("bg", of: value))
    if let attributes = value["attrs"] {
      guard let names = attributes.strings else {
        throw .wrongValue(member: "\(member).attrs", expected: "a list of words")
      }
      var emphasis: Emphasis = []
      for name in names {
        if let mark = Self.marks[name] {
          emphasis.insert(mark)
        } else {
          warn("attribute", name, among: Self.marks.keys.sorted())
        }
      }
      entry.emphasis = emphasis
    }
    for part in parts where !["fg", "bg", "attrs"].contains(part.name) {
      warn("member", "\(member).\(part.name)", among: ["fg", "bg", "attrs"])
    }
    return entry
  }

  /// Dim and italic are left out: terminals show them at half strength, or not at all.
  private static let marks: [String: Emphasis] = [
    "bold": .bold, "underline": .underline, "reverse": .reverse,
  ]
}
