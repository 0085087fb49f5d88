import Foundation
import Network
import Testing
import TextUI

@testable import Explorer
@testable import Settings
@testable import Platform

@Suite struct ThemeStoreTests {
  private static func file(_ id: String, inherits parent: String, title: String) -> String {
    """
    {"schema": 1, "id": "\(id)", "name": "\(id)", "author": "a person", "appearance": "dark",
     "inherits": "\(parent)", "palette": {}, "roles": {"title": "\(title)"}}
    """
  }

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private static func write(_ text: String, to name: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  private static func title(_ theme: Theme) -> UInt32? {
    theme.style(for: .title, on: .background).foreground.rgb
  }

  @Test func `a person's themes are found by name, by file, and before embedded ones`() throws {
    try Self.withFolder { folder in
      try Self.write(
        Self.file("mine", inherits: "nord", title: "#ABCDEF"), to: "mine.json", in: folder)
      try Self.write(
        Self.file("nord", inherits: "nord", title: "#FEDCBA"), to: "nord.json", in: folder)
      try Self.write("not a theme", to: "notes.txt", in: folder)
      var store = ThemeStore(folder: folder.path)
      #expect(Self.title(try store.theme("mine").theme) == 0xABCDEF)
      #expect(Self.title(try store.theme("nord").theme) == 0xFEDCBA)
      #expect(!store.listing.contains("notes"))
      try Self.withFolder { elsewhere in
        try Self.write(
          Self.file("far", inherits: "mine", title: "#010203"), to: "x.json", in: elsewhere)
        let loaded = try store.theme(elsewhere.path + "/x.json")
        #expect(Self.title(loaded.theme) == 0x010203)
        // What is kept in the settings must be found by another start, wherever that stands.
        let kept = store.settingsName("far")
        #expect(kept.hasPrefix("/") && kept.hasSuffix("/x.json"))
        var another = ThemeStore(folder: folder.path)
        #expect(Self.title(try another.theme(kept).theme) == 0x010203)
        #expect(store.settingsName("mine") == "mine" && store.settingsName("mono") == "mono")
        #expect(loaded.lineage == ["far", "mine", "nord", "nord", "calm-dark"])
      }
    }
  }

  @Test(arguments: [
    ("nrod", "‘nord’?"), ("no such thing", "theme list"), ("broken", "not valid JSON"),
    ("./missing.json", "No such file"), ("large", "larger than 65536"),
    ("evil\u{1B}[2J", "theme list"),
  ])
  func `what cannot be used says why`(name: String, words: String) throws {
    try Self.withFolder { folder in
      try Self.write("{", to: "broken.json", in: folder)
      try Self.write(String(repeating: " ", count: 70_000), to: "large.json", in: folder)
      var store = ThemeStore(folder: folder.path)
      let fault = #expect(throws: UsageError.self) { try store.theme(name) }
      #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
      #expect(fault?.message.contains("\u{1B}") == false)
    }
  }

  /// What a look finds, in words.
  private static func look(_ watch: inout ThemeWatch) -> String {
    switch watch.look() {
    case .same: "same"
    case .moving: "moving"
    case .changed(let theme): "changed \(title(theme).map { String($0, radix: 16) } ?? "")"
    case .broken(let reason): "broken: \(reason)"
    }
  }

  @Test func `a file that has come to rest is read again, and a broken one changes nothing`() throws
  {
    try Self.withFolder { folder in
      func write(_ id: String, inherits parent: String, title: String) throws {
        try Self.write(
          Self.file(id, inherits: parent, title: title), to: "\(id).json", in: folder)
      }
      try write("parent", inherits: "nord", title: "#111111")
      try write("child", inherits: "parent", title: "#222222")
      var store = ThemeStore(folder: folder.path)
      var watch = ThemeWatch(store: store, active: try store.theme("child"))
      #expect(watch.hasFiles)
      #expect(Self.look(&watch) == "same")

      // Another length each time: the clock of a file system may be coarse.
      try Self.write("{\"schema\": 1,", to: "child.json", in: folder)
      #expect(Self.look(&watch) == "moving")
      #expect(Self.look(&watch).hasPrefix("broken"))
      #expect(Self.look(&watch) == "same")

      try write("child", inherits: "nord", title: "#4444aa")
      #expect(Self.look(&watch) == "moving")
      #expect(Self.look(&watch) == "changed 4444aa")
      try write("child", inherits: "parent", title: "#5555aa")
      _ = Self.look(&watch)
      #expect(Self.look(&watch) == "changed 5555aa")

      // An ancestor counts as well.
      try write("parent", inherits: "no-such-theme", title: "#111111")
      #expect(Self.look(&watch) == "moving")
      #expect(Self.look(&watch).hasPrefix("broken: unknown theme"))
      try FileManager.default.removeItem(at: folder.appending(path: "child.json"))
      _ = Self.look(&watch)
      #expect(Self.look(&watch).hasPrefix("broken"))
      #expect(Self.look(&watch) == "same")
    }
  }

  @Test func `themes that came along are not looked at`() throws {
    var store = ThemeStore(folder: "/nonexistent")
    let watch = ThemeWatch(store: store, active: try store.theme("calm-dark"))
    #expect(!watch.hasFiles)
  }

  @Test(.timeLimit(.minutes(1)))
  func `on a loop a saved file shows within a second or so, and waits while somebody chooses`()
    throws
  {
    try Self.withFolder { folder in
      func save(_ title: String) throws {
        try Self.write(
          Self.file("mine", inherits: "nord", title: title), to: "mine.json", in: folder)
      }
      try save("#111111")
      var store = ThemeStore(folder: folder.path)
      let controller = ThemeController(store: store, active: try store.theme("mine"))
      let loop = PollLoop()
      var titles: [UInt32?] = []
      var isChoosing = true
      controller.isHeld = { isChoosing }
      controller.onChange = { titles.append(Self.title($0)) }
      controller.start(on: loop)
      defer { controller.stop() }
      try save("#222222   ")
      try save("#ABCDEF")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1)],
        ofItemAtPath: folder.path + "/mine.json")
      #expect(!loop.run(withinMilliseconds: 3 * ThemeWatch.pollMilliseconds) { !titles.isEmpty })
      isChoosing = false
      #expect(loop.run(withinMilliseconds: 10_000) { !titles.isEmpty })
      #expect(titles == [0xABCDEF])
      #expect(controller.themes().contains { $0.id == "mine" })
    }
  }
}
