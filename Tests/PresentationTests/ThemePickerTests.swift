import OpenID
import Testing

@testable import Presentation
@testable import TextUI

@Suite struct ThemePickerTests {
  private static let themes = ThemeLibrary()

  private static func model() throws -> ExplorerModel {
    var model = Sample.walk[4]
    model.theme = try themes.theme("calm-dark").theme
    return model
  }

  private static func opened() throws -> ExplorerModel {
    var model = try model()
    #expect(model.handle(.character("t"), at: model.now, size: Sample.size) == [.chooseTheme])
    model.offer(themes: themes.ids.compactMap { try? themes.theme($0).theme })
    return model
  }

  @Test func `moving shows each theme at once, Enter keeps it`() throws {
    var model = try Self.opened()
    var seen = [model.theme.id]
    for _ in 1..<Self.themes.ids.count {
      #expect(model.handle(.down, at: model.now, size: Sample.size).isEmpty)
      seen.append(model.theme.id)
    }
    #expect(seen == Self.themes.ids)
    _ = model.handle(.home, at: model.now, size: Sample.size)
    _ = model.handle(.down, at: model.now, size: Sample.size)
    let kept = model.handle(.enter, at: model.now, size: Sample.size)
    #expect(kept == [.keepTheme(id: "projector-light")])
    #expect(model.theme.id == "projector-light" && !model.isChoosingTheme)
  }

  @Test(arguments: [Key.escape, .character("q")])
  func `Esc brings the theme from before back and quits nothing`(key: Key) throws {
    var model = try Self.opened()
    _ = model.handle(.end, at: model.now, size: Sample.size)
    #expect(model.theme.id == "mono")
    #expect(model.handle(key, at: model.now, size: Sample.size).isEmpty)
    #expect(model.theme.id == "calm-dark" && !model.isChoosingTheme)
  }

  @Test(arguments: ["60x16", "80x24", "120x36", "200x50", "220x70"])
  func `the list lies inside the screen and marks the theme that is shown`(text: String) throws {
    let parts = text.split(separator: "x").compactMap { Int($0) }
    let size = ScreenSize(columns: parts[0], rows: parts[1])
    var model = try Self.opened()
    for _ in Self.themes.ids {
      let lines = ExplorerScreen(model).frame(size: size).lines
      #expect(lines.contains { $0.contains("\u{25B8} \(model.theme.name)") }, "\(model.theme.id)")
      #expect(lines.contains { $0.contains("\u{250F}\u{2501} Themes ") })
      _ = model.handle(.down, at: model.now, size: size)
    }
  }

  @Test func `a click previews, the wheel moves`() throws {
    var model = try Self.opened()
    let lines = ExplorerScreen(model).frame(size: Sample.size).lines
    let row = try #require(lines.firstIndex { $0.contains("Gruvbox Dark") })
    _ = model.handle(.mouse(.press, column: 90, row: row), at: model.now, size: Sample.size)
    #expect(model.theme.id == "gruvbox-dark" && model.isChoosingTheme)
    _ = model.handle(.mouse(.wheelUp, column: 2, row: 2), at: model.now, size: Sample.size)
    #expect(model.theme.id == "nord")
  }
}
