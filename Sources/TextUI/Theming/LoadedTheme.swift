import OpenID

extension LoadedTheme {
  /// Merges a theme with its ancestors and fills in missing colours.
  ///
  /// The theme is first, then its parent, and so on.
  init(lineage: [ThemeFile]) throws(ThemeError) {
    self = try MergedFiles(lineage: lineage).loaded()
  }
}

/// The files of a theme and its ancestors as one.
private struct MergedFiles {
  private let lineage: [ThemeFile]
  private var palette: [String: ThemeFile.PaletteColor] = [:]
  private var entries: [Role: ThemeFile.RoleEntry] = [:]
  private var tags: [String] = []

  init(lineage: [ThemeFile]) {
    self.lineage = lineage
    for file in lineage.reversed() {
      palette.merge(file.palette) { _, child in child }
      for (role, entry) in file.roles {
        var merged = entries[role] ?? ThemeFile.RoleEntry()
        if let ink = entry.foreground { merged.foreground = ink }
        if let ground = entry.background { merged.background = ground }
        if let emphasis = entry.emphasis { merged.emphasis = emphasis }
        entries[role] = merged
      }
    }
    // Tags are not inherited: a child has other colours than its parent.
    tags = lineage.first?.tags ?? []
  }

  func loaded() throws(ThemeError) -> LoadedTheme {
    guard let file = lineage.first else { throw .notAnObject }
    var roles: [Role: RoleStyle] = [:]
    var grounds: [LinearColor] = []
    for (role, entry) in entries {
      guard let name = entry.background else { continue }
      let color = fitted(try color(name, at: "roles.\(role.rawValue).bg"), floor: 0, grounds: [])
      roles[role, default: RoleStyle()].background = color
      if role == .background || role == .panel || role == .overlay,
        let rgb = color.index256.flatMap(IndexedPalette.rgb)
      {
        grounds.append(LinearColor(rgb: rgb))
      }
    }
    for (role, entry) in entries {
      roles[role, default: RoleStyle()].emphasis = entry.emphasis
      guard let name = entry.foreground else { continue }
      roles[role, default: RoleStyle()].foreground = fitted(
        try color(name, at: "roles.\(role.rawValue).fg"),
        floor: ThemeLinter.floor(for: role, tags: tags) ?? 0, grounds: grounds)
    }
    let isLight = lineage.lazy.compactMap(\.isLight).first ?? false
    return LoadedTheme(
      theme: Theme(id: file.id, name: file.name, isLight: isLight, roles: roles),
      author: file.author, tags: tags, lineage: lineage.map(\.id),
      warnings: lineage.flatMap(\.warnings))
  }

  private func color(
    _ name: String, at member: String
  ) throws(ThemeError) -> ThemeFile.PaletteColor {
    if let known = palette[name] { return known }
    if let ansi = ANSIColor(rawValue: name) {
      return ThemeFile.PaletteColor(
        rgb: nil, index256: ansi.index >= 0 ? UInt8(ansi.index) : nil, ansi: ansi)
    }
    if name.utf8.first == 0x23 {
      guard let rgb = ThemeFile.rgb(name) else { throw .badColor(member: member, text: name) }
      return ThemeFile.PaletteColor(rgb: rgb)
    }
    throw .unknownColor(
      member: member, name: name,
      nearest: Spelling.nearest(to: name, among: palette.keys.sorted()))
  }

  private func fitted(
    _ color: ThemeFile.PaletteColor, floor: Double, grounds: [LinearColor]
  ) -> ThemeColor {
    guard let rgb = color.rgb else {
      return ThemeColor(rgb: nil, index256: color.index256, ansi: color.ansi ?? .default)
    }
    return ThemeColor(
      rgb: rgb,
      index256: color.index256 ?? IndexedPalette.nearest(to: rgb, floor: floor, on: grounds),
      ansi: color.ansi ?? (grounds.isEmpty ? .default : IndexedPalette.nearestANSI(to: rgb)))
  }
}
