import OpenID
import Testing

@testable import Presentation
@testable import TextUI
@testable import HybridFlow

/// Ways through the explorer that must not be traps.
struct WayTests {
  private static let small = ScreenSize(columns: 80, rows: 24)

  @Test(arguments: [
    ScreenSize(columns: 80, rows: 24), Sample.size, ScreenSize(columns: 200, rows: 50),
    ScreenSize(columns: 60, rows: 16),
  ])
  func `from a stage not reached one key goes back to where the run stands`(size: ScreenSize) {
    var model = Sample.walk[0]
    _ = model.press(.character("9"), size: size)
    #expect(model.shownStage == .api)
    let text = model.lines(size).joined(separator: "\n")
    #expect(text.contains("the run stands at stage 1"), "\(text)")
    #expect(text.contains("esc to the run"), "\(text)")
    #expect(model.press(.escape, size: size) == [])
    #expect(model.shownStage == .login && model.looking == nil)
    #expect(!model.lines(size).joined().contains("esc to the run"))
    #expect(model.press(.right, size: size) == [.post(.advanced)])
  }

  @Test func `Esc goes back before it gives up waiting`() throws {
    var model = try Sample.browserAway()
    let stage = model.shownStage
    _ = model.press(.character("1"))
    #expect(model.press(.escape) == [] && model.shownStage == stage)
    #expect(model.press(.escape) == [.post(.abandoned)])
  }

  @Test(arguments: [false, true])
  func `paging never runs the next stage, at the end of a view either`(isPresenting: Bool) {
    for size in [Self.small, Sample.size, ScreenSize(columns: 60, rows: 16)] {
      for view in [DetailView.wire, .decoded, .checks, .holders, .explain] {
        var model = Sample.walk[4]
        model.view = view
        if isPresenting { _ = model.press(.character("p"), size: size) }
        for key in [Key.pageDown, .control("d"), .end, .down, .character("j")] {
          for _ in 0..<40 {
            #expect(model.press(key, size: size) == [], "\(key) in \(view)")
            #expect(
              model.shownStage == .callback && model.overlays[QuestionCard.self]?.stage == nil)
          }
        }
        // It has paged: the last row is seen.
        let layout = Layout(size: size, focus: .detail)
        guard layout.hasExplainPane == false || view != .explain else { continue }
        let lines = model.lines(of: .detail, layout)
        let height = layout.content(of: .detail)?.height ?? 0
        #expect(
          model.top(of: .detail, lines, height: height, layout) == max(0, lines.count - height))
        for _ in 0..<40 { #expect(model.press(.pageUp, size: size) == []) }
        #expect(model.shownStage == .callback)
      }
    }
  }

  @Test func `a clicker that sends PgDn steps where the settings say so, as README has it`() {
    let (map, faults) = KeyMap.reading([
      ("forward", ["Right", "Space", "PgDn"]), ("page-down", ["Ctrl-D"]),
    ])
    #expect(faults.isEmpty, "\(faults)")
    var model = Sample.walk[4]
    model.keys = map
    #expect(model.press(.pageDown) == [.post(.advanced)])
    _ = model.press(.character("p"), .pageDown)
    #expect(model.overlays[QuestionCard.self]?.stage == .exchange)
  }

  @Test func `presenting in a small window hides nothing between blank rows`() {
    for var model in Sample.walk {
      model.size = Self.small
      let plain = model.lines(of: .detail, Layout(size: Self.small)).count
      model.present()
      let lines = model.lines(of: .detail, Layout(size: Self.small))
      #expect(lines.count == plain, "\(model.shownStage), \(lines.map(\.text))")
    }
  }

  @Test(arguments: [
    ScreenSize(columns: 80, rows: 24), Sample.size, ScreenSize(columns: 60, rows: 16),
  ])
  func `Enter on a check scrolls its derivation into sight`(size: ScreenSize) throws {
    let layout = Layout(size: size, focus: .detail)
    let height = try #require(layout.content(of: .detail)?.height)
    for var start in [Sample.walk[4], try Sample.failed()] {
      start.view = .checks
      start.size = size
      let checks = start.transcript[.callback].checks.enumerated()
        .filter { !$0.element.derivation.isEmpty }
      #expect(checks.count > 1)
      for (index, check) in checks {
        var model = start
        let id = "check:callback:\(index)"
        let lines = model.lines(of: .detail, layout)
        let row = try #require(lines.firstIndex { $0.target?.id == id })
        // The check stands in the last row that is seen.
        model.place(top: max(0, row - height + 1), .detail, lines, layout)
        model.select(id, layout)
        _ = model.press(.enter, size: size)
        let after = model.lines(of: .detail, layout)
        let top = model.top(of: .detail, after, height: height, layout)
        let seen = after[top..<min(after.count, top + height)].map(\.text)
        #expect(
          seen.contains { $0.contains("How it was computed") }, "\(check.id) \(seen)")
        let label = check.derivation[0].label
        #expect(seen.contains { $0.contains(label.prefix(12)) }, "\(check.id) \(seen)")
        // Enter closes it again.
        _ = model.press(.enter, size: size)
        #expect(model.lines(of: .detail, layout).count == lines.count, "\(check.id)")
      }
    }
  }

  private static func type(_ text: String, _ model: inout ExplorerModel) {
    for character in text { _ = model.press(.character(character)) }
  }

  @Test func `a search goes through all views of the stage and says where`() throws {
    var model = Sample.walk[4]
    Self.type("/c_hash", &model)
    let prompt = try #require(model.lines().last)
    #expect(prompt.contains("Decoded: ") && prompt.contains("Checks: "), "\(prompt)")
    #expect(model.view != .wire)
    _ = model.press(.enter)
    let views = model.searchPlaces(model.layout).compactMap(\.view)
    var seen: [DetailView] = [model.view]
    for _ in 1..<views.count {
      _ = model.press(.character("n"))
      if seen.last != model.view { seen.append(model.view) }
      let frame = ExplorerScreen(model).frame(size: Sample.size)
      let marked = frame.cells.filter { $0.emphasis.contains(.reverse) }.map(\.glyph).joined()
      #expect(marked.lowercased() == "c_hash", "\(model.view)")
    }
    #expect(Set(seen) == Set(views) && seen.count == Set(views).count)
    _ = model.press(.character("n"))
    #expect(model.view == views[0] && model.notice?.text.contains("from the top") == true)
    _ = model.press(.character("N"))
    #expect(model.view == views.last)
    _ = model.press(.escape)
    #expect(model.modes.search == nil)
  }

  @Test func `Esc while typing goes back to the view as well`() {
    var model = Sample.walk[4]
    let before = model.lines()
    Self.type("/c_hash", &model)
    #expect(model.view != .wire)
    _ = model.press(.escape)
    #expect(model.lines() == before)
  }

  @Test func `where the lesson has its own pane it is searched too`() {
    let size = ScreenSize(columns: 200, rows: 50)
    var model = Sample.walk[4]
    for character in "/Code injection" { _ = model.press(.character(character), size: size) }
    #expect(model.focus == .explain)
    #expect(model.lines(size).last?.contains("Explain: 1") == true)
    for character in " by nobody" { _ = model.press(.character(character), size: size) }
    #expect(model.focus == .detail)
    #expect(model.lines(size).last?.contains("does not stand in any view here") == true)
  }
}
