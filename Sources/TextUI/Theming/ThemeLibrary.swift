import OpenID
import Themes

/// A theme ready for use, with its description.
public struct LoadedTheme: Sendable, Equatable {
  /// The look of every role.
  public var theme: Theme
  /// The author, and the source of the design.
  public var author: String
  /// Its purposes.
  public var tags: [String]
  /// The theme and its ancestors, itself first.
  public var lineage: [String]
  /// Parts that were not understood and are left out.
  public var warnings: [String]

  /// Makes a loaded theme.
  public init(
    theme: Theme, author: String, tags: [String], lineage: [String], warnings: [String]
  ) {
    self.theme = theme
    self.author = author
    self.tags = tags
    self.lineage = lineage
    self.warnings = warnings
  }
}

/// All themes: built in, embedded, and added from the person's folder.
///
/// A file is decoded when its theme is requested, so that a start decodes one theme only. A
/// person's file may have the id of an embedded one and inherit from it.
public struct ThemeLibrary: Sendable {
  /// The most ancestors of a theme.
  public static let ancestorsMax = 4
  /// The theme for dark backgrounds.
  public static let darkID = "calm-dark"
  /// The theme for light backgrounds and projectors.
  public static let lightID = "projector-light"

  private var added: [(id: String, bytes: [UInt8])] = []

  /// Makes a library with the program's own themes.
  public init() {}

  /// Adds a person's file, or replaces an earlier one.
  ///
  /// - Parameter id: The file's name without `.json`.
  public mutating func add(id: String, bytes: [UInt8]) {
    if let known = added.firstIndex(where: { $0.id == id }) {
      added[known].bytes = bytes
    } else {
      added.append((id, bytes))
    }
  }

  /// Removes a person's file.
  public mutating func remove(id: String) { added.removeAll { $0.id == id } }

  /// The ids in the order of the list: embedded, the person's own, built in.
  public var ids: [String] {
    let own = added.map(\.id).filter { !EmbeddedThemes.ids.contains($0) && !Self.isBuiltIn($0) }
    return EmbeddedThemes.ids + own.sorted() + ["terminal", "mono"]
  }

  private static func isBuiltIn(_ id: String) -> Bool { id == "terminal" || id == "mono" }

  /// Decodes a theme and its ancestors.
  public func theme(_ id: String) throws(ThemeError) -> LoadedTheme {
    var files: [ThemeFile] = []
    var seen: [Place] = []
    var next: String? = id
    while let wanted = next {
      // A file that inherits its own id means the theme that it hides.
      let isHidden = files.last?.id == wanted && seen.last?.isAdded == true
      let (file, place) = try file(wanted, hidden: isHidden)
      let lineage = seen.map(\.id) + [wanted]
      guard !seen.contains(place) else { throw .inheritanceCycle(lineage) }
      guard files.count <= Self.ancestorsMax else { throw .inheritanceTooDeep(lineage) }
      files.append(file)
      seen.append(place)
      next = file.inherits
    }
    return try LoadedTheme(lineage: files)
  }

  /// Decodes one file on top of the library, without adding it: for `theme check`.
  public func theme(checking bytes: [UInt8]) throws(ThemeError) -> LoadedTheme {
    let id = try ThemeFile.decode(bytes).id
    var copy = self
    copy.add(id: id, bytes: bytes)
    return try copy.theme(id)
  }

  private struct Place: Hashable {
    var id: String, isAdded: Bool
  }

  private func file(
    _ id: String, hidden: Bool
  ) throws(ThemeError) -> (ThemeFile, Place) {
    if !hidden, let own = added.first(where: { $0.id == id }) {
      var file = try ThemeFile.decode(own.bytes)
      if file.id != id {
        file.warnings.append(
          "the file is named \(ThemeError.quoted(id)), the theme \(ThemeError.quoted(file.id))")
        file.id = id
      }
      return (file, Place(id: id, isAdded: true))
    }
    let place = Place(id: id, isAdded: false)
    switch id {
    case "terminal": return (.terminal, place)
    case "mono": return (.mono, place)
    default:
      guard let bytes = EmbeddedThemes.bytes(of: id) else {
        throw .unknownTheme(id: id, nearest: Spelling.nearest(to: id, among: ids))
      }
      return (try ThemeFile.decode(bytes), place)
    }
  }
}
