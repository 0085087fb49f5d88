import Glibc
import OpenID
import Platform
import Settings
import TextUI

/// All themes that a person can choose: the program's themes, and the person's own files.
public struct ThemeStore {
  /// The most files that are read from the folder.
  public static let filesMax = 200

  /// The themes.
  public private(set) var library = ThemeLibrary()
  private var paths: [String: String] = [:]
  /// The reasons why files could not be read, by file.
  private var unreadable: [String: String] = [:]

  private let folder: String

  /// Reads the person's folder; a missing one counts as empty.
  public init(folder: String) {
    self.folder = folder
    refresh()
  }

  /// The id, or the absolute path for a theme that was named by its file.
  func settingsName(_ id: String) -> String {
    guard let path = paths[id], path != folder + "/" + id + Self.suffix,
      let resolved = realpath(path, nil)
    else { return id }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Reads the folder again.
  mutating func refresh() {
    for name in Self.names(in: folder) {
      let id = String(name.dropLast(bytes: Self.suffix.utf8.count))
      paths[id] = folder + "/" + name
      read(id)
    }
  }

  private static let suffix = ".json"

  private static func names(in folder: String) -> [String] {
    SystemFiles.names(in: folder, most: filesMax) { name in
      name.ends(with: suffix) && name.utf8.count > suffix.utf8.count && !name.begins(with: ".")
    }.sorted()
  }

  private mutating func read(_ id: String) {
    guard let path = paths[id] else { return }
    do throws(UsageError) {
      let bytes = try SystemFiles.read(path, option: "theme", limitBytes: ThemeFile.bytesMax)
      library.add(id: id, bytes: bytes)
      unreadable[id] = nil
    } catch {
      library.remove(id: id)
      unreadable[id] = error.message
    }
  }

  /// The theme of a name, or of a file if the name looks like a path.
  ///
  /// A file's id comes from its content, and hides a theme with the same id.
  ///
  /// - Throws: ``UsageError`` that says what is wrong, with the nearest name.
  public mutating func theme(_ nameOrFile: String) throws(UsageError) -> LoadedTheme {
    guard nameOrFile.holds("/") || nameOrFile.ends(with: Self.suffix) else {
      return try named(nameOrFile)
    }
    let bytes = try SystemFiles.read(
      nameOrFile, option: "theme", limitBytes: ThemeFile.bytesMax)
    do throws(ThemeError) {
      let id = try ThemeFile.decode(bytes).id
      library.add(id: id, bytes: bytes)
      paths[id] = nameOrFile
      unreadable[id] = nil
      return try library.theme(id)
    } catch {
      throw UsageError("theme \(nameOrFile): \(error).")
    }
  }

  private func named(_ id: String) throws(UsageError) -> LoadedTheme {
    if let reason = unreadable[id] { throw UsageError(reason) }
    do throws(ThemeError) {
      return try library.theme(id)
    } catch {
      if case .unknownTheme(let missing, _) = error, missing == id {
        let end = error.description.ends(with: "?") ? "" : "."
        throw UsageError("\(error)\(end) \"hybrid-flow theme list\" names them all.")
      }
      throw UsageError("theme \(paths[id] ?? id): \(error).")
    }
  }

  /// All usable themes, in the order of the list.
  public var themes: [Theme] { library.ids.compactMap { try? library.theme($0).theme } }

  /// The output of `theme list`: id, background, name, and the file of a person's own.
  public var listing: String {
    let ids = library.ids + unreadable.keys.sorted()
    let width = ids.map { HarmlessText.line($0).count }.max() ?? 0
    var text = ""
    for id in ids {
      let name = HarmlessText.line(id)
      text += name + String(repeating: " ", count: width - name.count) + "  "
      let own = paths[id].map { "  (\(HarmlessText.line($0)))" } ?? ""
      do throws(UsageError) {
        let theme = try named(id).theme
        text += "\(theme.isLight ? "light" : "dark ")  \(HarmlessText.line(theme.name))\(own)\n"
      } catch {
        text += "broken \(HarmlessText.line(error.message))\n"
      }
    }
    return text
  }

  // MARK: Changes

  /// Time and size of the files of a theme and its ancestors; empty without files.
  func stamps(of loaded: LoadedTheme) -> [FileStamp] {
    loaded.lineage.compactMap { paths[$0] }.map(FileStamp.init)
  }

  /// Reads the files of a theme and its ancestors again.
  mutating func reload(_ loaded: LoadedTheme) throws(ThemeError) -> LoadedTheme {
    for id in loaded.lineage { read(id) }
    return try library.theme(loaded.theme.id)
  }
}

/// Identifies a state of a file without reading it.
struct FileStamp: Sendable, Equatable {
  private var seconds = 0
  private var nanoseconds = 0
  private var bytes: Int64 = -1

  /// The stamp of the current file; a missing file has a stamp too.
  init(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return }
    seconds = facts.st_mtim.tv_sec
    nanoseconds = facts.st_mtim.tv_nsec
    bytes = Int64(facts.st_size)
  }
}

/// Checks the active theme's files for changes, and reads them when they have stopped changing.
struct ThemeWatch {
  /// The time between two checks.
  static let pollMilliseconds = 400
  /// How long a file must stay unchanged: an editor may write it in several steps.
  static let restMilliseconds = 100

  /// The result of a check.
  enum Finding {
    /// No change.
    case same
    /// A change that may continue: check again after the rest time.
    case moving
    /// The new theme.
    case changed(Theme)
    /// The theme cannot be used; the previous one stays.
    case broken(String)
  }

  /// The themes to choose from.
  private(set) var store: ThemeStore
  private var active: LoadedTheme
  private var known: [FileStamp]
  private var seen: [FileStamp]

  init(store: ThemeStore, active: LoadedTheme) {
    (self.store, self.active) = (store, active)
    known = store.stamps(of: active)
    seen = known
  }

  /// Whether there are files to check.
  var hasFiles: Bool { !known.isEmpty }

  /// Reads the folder again, for new files.
  mutating func refresh() { store.refresh() }

  /// Follows another theme from now on.
  mutating func follow(_ id: String) {
    guard let loaded = try? store.theme(id) else { return }
    self = ThemeWatch(store: store, active: loaded)
  }

  mutating func look() -> Finding {
    let now = store.stamps(of: active)
    guard now != known else {
      seen = now
      return .same
    }
    guard now == seen else {
      seen = now
      return .moving
    }
    known = now
    do throws(ThemeError) {
      active = try store.reload(active)
      // It may inherit from other files now.
      known = store.stamps(of: active)
      seen = known
      return .changed(active.theme)
    } catch {
      return .broken(error.description)
    }
  }
}
