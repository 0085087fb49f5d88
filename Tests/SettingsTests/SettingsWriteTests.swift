import Foundation
import Glibc
import OpenID
import Testing

@testable import Settings
@testable import Platform

/// Nothing is lost when the settings cannot be written, and what went wrong is said.
@Suite(.serialized) struct SettingsWriteTests {
  private func complaint(_ action: () throws(UsageError) -> Void) -> String? {
    do throws(UsageError) {
      try action()
      return nil
    } catch {
      return error.message
    }
  }

  private func save(_ home: TestHome) -> String? {
    complaint { () throws(UsageError) in
      try home.settings.save(try Profile(name: "one", json: ["client_id": "web"]))
    }
  }

  private func left(_ home: TestHome) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: home.folder + "/config/hybrid-flow")
  }

  @Test func `the theme is kept beside what else stands there, in its order`() throws {
    let home = try TestHome("{\"mouse\": false, \"theme\": \"nord\", \"profiles\": {}}")
    try home.settings.save(theme: "mono")
    #expect(
      try home.read() == "{\n  \"mouse\": false,\n  \"theme\": \"mono\",\n  \"profiles\": {}\n}\n")
    let fresh = try TestHome()
    try fresh.settings.save(theme: "nord")
    #expect(try fresh.settings.read().theme == "nord")
    let mode = try FileManager.default.attributesOfItem(atPath: fresh.file)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func `a profile takes the place of the one it was`() throws {
    let home = try TestHome("{\"profiles\": {\"a\": {}, \"b\": {\"client_id\": \"x\"}, \"c\": {}}}")
    try home.settings.save(
      try Profile(name: "new", json: ["client_id": "y"]), replacing: "b")
    #expect(try home.settings.read().profiles.map(\.name) == ["a", "new", "c"])
  }

  @Test func `whoever reads meanwhile sees the old file as a whole`() throws {
    let text = "{\"theme\": \"nord\"}"
    let home = try TestHome(text)
    let reader = try FileHandle(forReadingFrom: URL(filePath: home.file))
    defer { try? reader.close() }
    let first = try reader.read(upToCount: 5) ?? Data()
    #expect(save(home) == nil)
    let rest = try reader.readToEnd() ?? Data()
    #expect(String(decoding: first + rest, as: UTF8.self) == text)
    #expect(try home.settings.read().profiles.map(\.name) == ["one"])
  }

  @Test func `a disk that is full leaves the file as it was`() throws {
    let home = try TestHome("{\"theme\": \"nord\"}")
    // The kernel stops the writing in the middle, as a full disk does.
    var before = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
    let handler = signal(SIGXFSZ, SIG_IGN)
    var small = rlimit(rlim_cur: 8, rlim_max: before.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
    let said = save(home)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
    signal(SIGXFSZ, handler)
    #expect(said?.contains("\(home.file): it cannot be written") == true, "\(said ?? "nothing")")
    #expect(try home.read() == "{\"theme\": \"nord\"}")
    #expect(try left(home) == ["settings.json"], "nothing half written is left behind")
  }

  @Test func `a folder in the place of the file is said`() throws {
    let home = try TestHome()
    try FileManager.default.createDirectory(
      atPath: home.file, withIntermediateDirectories: false)
    let said = save(home)
    #expect(said?.contains(home.file) == true && said?.contains("directory") == true)
    #expect(try left(home) == ["settings.json"])
  }

  @Test func `a folder that takes nothing is said`() throws {
    // The kernel's own folder takes no file, whoever asks.
    let kernel = SettingsFile(environment: ["HOME": "/", "XDG_CONFIG_HOME": "/proc"])
    let said = complaint { () throws(UsageError) in try kernel.save(theme: "nord") }
    #expect(
      said?.hasPrefix("/proc/hybrid-flow: the folder cannot be made:") == true, "\(said ?? "")")
  }

  @Test func `a read-only folder is said, and the file stays`() throws {
    let home = try TestHome("{}")
    let folder = home.folder + "/config/hybrid-flow"
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
    let said = try asNobody(in: home) { save(home) }
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
    #expect(said?.contains("Permission denied") == true, "\(said ?? "nothing")")
    #expect(try home.read() == "{}")
  }

  /// Root may write anywhere: where root tests, this thread is nobody to the file system for a while,
  /// and the home is nobody's.
  private func asNobody<T>(in home: TestHome, _ body: () -> T) throws -> T {
    guard getuid() == 0 else { return body() }
    let nobody: uid_t = 65534
    let folder = home.folder
    let paths =
      try [folder]
      + FileManager.default.subpathsOfDirectory(atPath: folder).map {
        "\(folder)/\($0)"
      }
    for path in paths { try #require(chown(path, nobody, nobody) == 0) }
    // Not in Swift's module of the C library. Each call tells who it was before.
    let symbol = try #require(dlsym(nil, "setfsuid"))
    let setUser = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> Int32).self)
    _ = setUser(nobody)
    defer { _ = setUser(0) }
    try #require(setUser(nobody) == Int32(nobody))
    return body()
  }

  @Test func `a link to a file that is not there yet stays a link`() throws {
    let home = try TestHome()
    let target = home.folder + "/dotfiles.json"
    try FileManager.default.createSymbolicLink(
      atPath: home.file, withDestinationPath: "../../dotfiles.json")
    #expect(save(home) == nil)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: home.file)
        == "../../dotfiles.json")
    #expect(FileManager.default.fileExists(atPath: target))
    #expect(try home.settings.read().profiles.map(\.name) == ["one"])
  }

  @Test(arguments: ["{\"theme\": 1}", "{\"profiles\"", "[]", "{\"profils\": {}}", "\u{FF}"])
  func `what cannot be read is never written over`(_ text: String) throws {
    let home = try TestHome(text)
    let said = save(home)
    #expect(said?.contains(home.file) == true, "\(said ?? "nothing")")
    #expect(
      complaint { () throws(UsageError) in try home.settings.save(theme: "nord") } != nil)
    #expect(try home.read() == text)
  }
}
