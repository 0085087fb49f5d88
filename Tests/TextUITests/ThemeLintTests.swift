import Foundation
import Testing
import TestSupport
import TextUI
import Themes

/// The themes of the folder: each can be read, at both depths, on every ground.
struct ThemeLintTests {
  static let everyID = ThemeLibrary().ids

  @Test(
    "a theme of the program keeps its contrasts and decodes without a warning", arguments: everyID)
  func passesTheLinter(id: String) throws {
    let loaded = try ThemeLibrary().theme(id)
    #expect(loaded.theme.id == id)
    #expect(loaded.warnings == [])
    #expect(!loaded.author.isEmpty)
    let report = ThemeLinter.report(on: loaded)
    #expect(report.failures == [])
    if ProcessInfo.processInfo.environment["THEME_FIGURES"] != nil {
      print(report.lines.joined(separator: "\n"))
    }
  }

  /// Lowest text contrast in true colour and 256, then pass–fail, warn–fail and pass–warn for
  /// protanopia, deuteranopia and tritanopia: worked out by another program when the palettes were
  /// chosen.
  @Test(
    "the figures of each palette are the ones it was chosen for",
    arguments: [
      ("projector-light", 7.0, 4.9, [17, 15, 7, 17, 2, 18, 100, 39, 65]),
      ("calm-dark", 7.4, 7.4, [14, 36, 25, 9, 26, 34, 77, 21, 59]),
      ("high-contrast-dark", 8.2, 8.1, [36, 60, 26, 7, 41, 35, 101, 36, 69]),
      ("okabe-ito-light", 5.5, 5.8, [75, 4, 77, 90, 9, 83, 97, 54, 43]),
      ("okabe-ito-dark", 5.9, 6.1, [89, 40, 115, 101, 25, 113, 107, 57, 60]),
      ("nord", 4.5, 4.8, [24, 36, 13, 11, 28, 19, 46, 20, 31]),
      ("gruvbox-dark", 4.6, 5.0, [50, 54, 5, 22, 33, 11, 66, 43, 26]),
      ("selenized-white", 5.0, 4.9, [15, 14, 0, 14, 4, 10, 113, 66, 52]),
    ])
  func hasItsFigures(id: String, trueColor: Double, indexed: Double, distances: [Int]) throws {
    let report = ThemeLinter.report(on: try ThemeLibrary().theme(id))
    let measured = try #require(report.leastTextContrast(isIndexed: false))
    #expect(abs(measured - trueColor) < 0.1)
    let measuredIndexed = try #require(report.leastTextContrast(isIndexed: true))
    #expect(abs(measuredIndexed - indexed) < 0.1)
    let found = report.separations.flatMap { [$0.passFail, $0.warnFail, $0.passWarn] }
    #expect(found.count == 9)
    for (found, expected) in zip(found, distances) {
      #expect(abs(found - Double(expected)) < 1, "\(found) for \(expected)")
    }
  }

  @Test("every file of the folder is embedded, under its own name")
  func embedsTheFolder() throws {
    let folder = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Themes")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    #expect(Set(names) == Set(EmbeddedThemes.ids))
    for (id, bytes) in EmbeddedThemes.all {
      let file = folder.appendingPathComponent("\(id).json")
      #expect(try Array(Data(contentsOf: file)) == bytes)
    }
    let credits = try String(
      contentsOf: folder.appendingPathComponent("CREDITS.md"), encoding: .utf8)
    for id in EmbeddedThemes.ids { #expect(credits.contains("`\(id)`")) }
  }

  @Test("an embedded theme says how each of the roles looks", arguments: EmbeddedThemes.ids)
  func coversTheRoles(id: String) throws {
    let theme = try ThemeLibrary().theme(id).theme
    #expect(Set(theme.roles.keys) == Set(Role.allCases))
    for role in Role.allCases {
      let style = try #require(theme.roles[role])
      let isSurface = Role.surfaces.contains(role)
      #expect((style.background != nil) == isSurface, "\(role.rawValue)")
      #expect((style.foreground != nil) == !isSurface, "\(role.rawValue)")
    }
  }

  @Test("light themes are light, dark themes are dark", arguments: EmbeddedThemes.ids)
  func knowsItsGround(id: String) throws {
    let theme = try ThemeLibrary().theme(id).theme
    let ground = try #require(theme.style(for: .text, on: .background).background.rgb)
    #expect(theme.isLight == (LinearColor(rgb: ground).luminance > 0.179))
  }

  @Test("a theme that cannot be read fails with the pair and the figure")
  func findsFaults() throws {
    let text = """
      {"schema": 1, "id": "pale", "inherits": "projector-light", "tags": ["cvd-safe"],
       "palette": {"muted": {"hex": "#999999", "c256": 246}}}
      """
    let report = ThemeLinter.report(on: try ThemeLibrary().theme(checking: Array(text.utf8)))
    #expect(report.failures.contains("text.muted on background, true colour: 2.8:1, needs 4.5:1"))
    #expect(report.failures.contains { $0.hasPrefix("text.muted on panel, 256 colours: ") })
    #expect(report.failures.contains { $0.hasPrefix("deuteranopia: pass and fail are ") })
  }
}

/// The arithmetic behind the linter.
struct ColorMathTests {
  @Test("contrasts are those of WCAG")
  func contrasts() {
    let (white, black) = (LinearColor(rgb: 0xFFFFFF), LinearColor(rgb: 0))
    #expect(abs(white.contrast(with: black) - 21) < 0.001)
    #expect(abs(black.contrast(with: white) - 21) < 0.001)
    // The lightest grey that passes on white, and the next one, which does not.
    #expect(LinearColor(rgb: 0x767676).contrast(with: white) >= 4.5)
    #expect(LinearColor(rgb: 0x777777).contrast(with: white) < 4.5)
  }

  @Test("differences are zero for the same colour and about 100 from black to white")
  func differences() {
    let (white, black) = (LinearColor(rgb: 0xFFFFFF), LinearColor(rgb: 0))
    #expect(white.difference(from: white) == 0)
    #expect(abs(white.difference(from: black) - 100) < 0.1)
  }

  @Test("greys stay grey for every deficiency", arguments: ColorDeficiency.allCases)
  func keepsGreys(deficiency: ColorDeficiency) {
    let grey = LinearColor(rgb: 0x808080)
    #expect(grey.seen(with: deficiency).difference(from: grey) < 0.01)
  }

  @Test(
    "the 256 colours are xterm’s",
    arguments: [(16, 0x000000), (231, 0xFFFFFF), (24, 0x005F87), (232, 0x080808), (255, 0xEEEEEE)])
  func indexes(index: UInt8, rgb: UInt32) {
    #expect(IndexedPalette.rgb(index) == rgb)
    #expect(IndexedPalette.nearest(to: rgb) == index)
  }

  @Test("the sixteen that people recolour have no colour of ours", arguments: UInt8(0)...15)
  func leavesTheFirstSixteen(index: UInt8) {
    #expect(IndexedPalette.rgb(index) == nil)
  }

  @Test("an index found for ink keeps its contrast", arguments: 1...40)
  func keepsTheFloor(seed: Int) throws {
    var walk = SeededGenerator(seed: UInt64(seed))
    let grounds = [LinearColor(rgb: 0xFFFFFF), LinearColor(rgb: 0xEEEEEE)]
    let wanted = UInt32(truncatingIfNeeded: walk.next()) & 0xFFFFFF
    let found = IndexedPalette.nearest(to: wanted, floor: 4.5, on: grounds)
    let color = LinearColor(rgb: try #require(IndexedPalette.rgb(found)))
    for ground in grounds { #expect(color.contrast(with: ground) >= 4.5) }
  }

  @Test(
    "colours find their namesake among the sixteen",
    arguments: [
      (0xE01010, ANSIColor.red), (0x10A010, .green), (0xE0D000, .yellow), (0x1020E0, .blue),
      (0xC010C0, .magenta), (0x10B0B8, .cyan), (0x808080, .default), (0xFFFFFF, .default),
    ])
  func namesColors(rgb: Int, name: ANSIColor) {
    #expect(IndexedPalette.nearestANSI(to: UInt32(rgb)) == name)
  }
}
