import Glibc
import HybridFlow
import OpenID
import Platform

/// The settings file: read strictly, and changed without touching its other content.
public struct SettingsFile: Sendable {
  /// The most bytes of the file.
  static let fileBytes = 1024 * 1024

  /// The file's path.
  public let path: String
  /// The folder that `~/` stands for.
  public let home: String

  /// The place of errors about the whole file.
  package var place: UsageError.Place { .init(file: path, []) }

  /// Finds the file by the XDG Base Directory Specification.
  public init(environment: [String: String]) {
    path = ProgramPaths(environment: environment).settingsFile
    home = environment["HOME"] ?? ""
  }

  /// Reads the settings; a missing file gives empty settings.
  ///
  /// - Throws: ``UsageError`` that names the file, the setting and what it should be.
  public func read() throws(UsageError) -> Settings {
    guard let json = try document() else { return Settings() }
    let settings = try Settings(json, path: path)
    for profile in settings.profiles {
      if case .value = profile.clientSecret { try requirePrivate(profile.name) }
    }
    return settings
  }

  /// The variables that hold secrets according to the profiles.
  ///
  /// It also reads files that ``read()`` refuses: a profile with another error may still name a
  /// variable. A file that is not JSON names none.
  var secretVariables: Set<String> {
    guard let json = try? document() else { return [] }
    var names: Set<String> = []
    for member in json.members ?? [] where member.name == "profiles" {
      for profile in member.value.members ?? [] {
        for setting in profile.value.members ?? [] where setting.name == "client_secret" {
          for origin in setting.value.members ?? [] where origin.name == "env" {
            if let name = origin.value.string { names.insert(name) }
          }
        }
      }
    }
    return names
  }

  /// Saves a profile: replaces the one of its name, or adds it at the end.
  ///
  /// With `old` it replaces the profile of that name.
  ///
  /// The file is replaced as a whole, so that a reader sees the old or the new one; only its owner
  /// can read it from then on. A symbolic link stays a link.
  ///
  /// - Throws: ``UsageError``, also when the existing file has an error.
  public func save(_ profile: Profile, replacing old: String? = nil) throws(UsageError) {
    try change { root in
      var members = (root["profiles"] ?? .object([])).members ?? []
      if let old, !old.isIdentical(to: profile.name),
        let index = members.firstIndex(where: { $0.name.isIdentical(to: old) })
      {
        members[index] = JSONMember(profile.name, profile.json)
      }
      var profiles = JSONValue.object(members)
      profiles.set(profile.name, profile.json)
      root.set("profiles", profiles)
    }
  }

  /// Saves the theme to start with: an id, or a file.
  ///
  /// - Throws: ``UsageError``, also when the existing file has an error.
  public func save(theme: String) throws(UsageError) {
    try change { root in root.set("theme", .string(theme)) }
  }

  /// Removes a profile.
  ///
  /// - Throws: ``UsageError``, also when there is no profile of this name.
  public func remove(profile name: String) throws(UsageError) {
    guard try read().profile(name) != nil else {
      throw UsageError(at: place, " there is no profile \(name).")
    }
    try change { root in
      guard var profiles = root["profiles"] else { return }
      profiles.remove(name)
      root.set("profiles", profiles)
    }
  }

  /// The settings of a profile as values of options.
  func optionValues(_ profile: Profile) -> [Setting: [String]] {
    profile.optionValues(file: absolute)
  }

  /// The absolute path of a file that a profile names.
  func absolute(_ file: String) -> String {
    if file.begins(with: "/") { return file }
    if file.begins(with: "~/") { return home + file.dropFirst(bytes: 1) }
    return (path.cut(atLast: "/").map { $0.before + "/" } ?? "") + file
  }

  private func document() throws(UsageError) -> JSONValue? {
    if access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
    let bytes = try SystemFiles.read(path, option: "settings", limitBytes: Self.fileBytes)
    do throws(JSONError) {
      return try JSONParser.parse(bytes)
    } catch {
      throw UsageError(at: place, " it is not JSON: \(error.explanation).")
    }
  }

  private func requirePrivate(_ name: String) throws(UsageError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & 0o077 == 0, status.st_uid == getuid() else {
      throw Profile.place(of: name, "client_secret", file: path).fault(
        "holds the secret itself, and others can read the file. Make it yours alone with chmod 600"
      )
    }
  }

  private func change(_ edit: (inout JSONValue) -> Void) throws(UsageError) {
    var json = try document() ?? .object([])
    _ = try Settings(json, path: path)
    edit(&json)
    _ = try Settings(json, path: path)
    let bytes = Array((json.prettyText + "\n").utf8)
    guard bytes.count <= Self.fileBytes else {
      throw UsageError(at: place, " the file would be larger than \(Self.fileBytes) bytes.")
    }
    try replace(with: bytes)
  }

  private func replace(with bytes: [UInt8]) throws(UsageError) {
    let file = Self.target(of: path)
    let folder = file.cut(atLast: "/").map { String($0.before) } ?? "."
    try Self.makeFolder(folder)
    let temporary = "\(folder)/.settings.json.\(getpid())"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw fault(errno) }
    let code = Self.write(bytes, descriptor)
    close(descriptor)
    guard code == 0 else {
      unlink(temporary)
      throw fault(code)
    }
    guard rename(temporary, file) == 0 else {
      let code = errno
      unlink(temporary)
      throw fault(code)
    }
  }

  /// The file behind a path: the target of a link, even when it does not exist yet.
  private static func target(of path: String) -> String {
    if let pointer = realpath(path, nil) {
      defer { free(pointer) }
      return String(cString: pointer)
    }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0, count < buffer.count else { return path }
    let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if link.begins(with: "/") { return link }
    return (path.cut(atLast: "/").map { $0.before + "/" } ?? "") + link
  }

  private func fault(_ code: Int32) -> UsageError {
    UsageError(at: place, " it cannot be written: \(SystemFiles.reason(code)).", errno: code)
  }

  /// Writes all bytes and syncs them to the disk; returns an error number, or 0.
  private static func write(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 {
    let code = SystemFiles.write(bytes, to: descriptor)
    guard code == 0 else { return code }
    return fsync(descriptor) == 0 ? 0 : errno
  }

  /// Makes a folder and its parents; only their owner can read new ones.
  private static func makeFolder(_ folder: String) throws(UsageError) {
    guard let (part, code) = SystemFiles.makeFolder(folder) else { return }
    throw UsageError("\(part): the folder cannot be made: \(SystemFiles.reason(code)).")
  }
}
