import HybridFlow
import OpenID
import Testing

@testable import Lab
@testable import Presentation
@testable import TextUI

struct CommandLineTests {
  private func entered(_ text: String, from start: ExplorerModel) -> (
    model: ExplorerModel, actions: [ExplorerAction]
  ) {
    var model = start
    _ = model.press(.character(":"))
    for character in text { _ = model.press(.character(character)) }
    let actions = model.press(.enter)
    return (model, actions)
  }

  @Test(arguments: [
    ("stage 3", Stage.prompt), ("stage prompt", .prompt), ("stage 0", .data), ("stage 10", .data),
    ("  stage  3 ", .prompt), ("back", .authenticate),
  ])
  func `stage and its neighbours move`(text: String, wanted: Stage) {
    let (model, actions) = entered(text, from: Sample.walk[4])
    #expect(
      actions.isEmpty && model.shownStage == wanted && model.overlays[CommandEntry.self] == nil)
  }

  @Test(arguments: [
    ("view checks", DetailView.checks), ("view Decoded", .decoded), ("next-view", .wire),
  ])
  func `view shows a view`(text: String, wanted: DetailView) {
    let (model, _) = entered(text, from: Sample.walk[4])
    #expect(model.view == wanted && model.focus == .detail)
  }

  @Test(arguments: [
    ("quit", ExplorerAction.quit), ("q", .quit), ("theme nord", .useTheme(id: "nord")),
    ("quit-now", .quit), ("redraw", .redraw),
    ("suspend", .suspend), ("restart", .restart), ("forward", .post(.advanced)),
    ("mouse", .captureMouse(false)), ("export har ~/A b.HAR", .export(.har, path: "~/A b.HAR")),
    ("Export SVG", .export(.svg, path: nil)),
  ])
  func `an action is done by its name`(text: String, wanted: ExplorerAction) {
    #expect(entered(text, from: Sample.walk[4]).actions == [wanted])
  }

  @Test(arguments: [
    ("sekrets", "did you mean secrets?"), ("stage 11", "There is no stage"),
    ("stage callbak", "did you mean callback?"), ("view wires", "did you mean wire?"),
    ("copy nothing-such", "There is no copy"), ("zoom in", "zoom takes no further words."),
    ("browser", "No page waits for a browser now."), ("stage", "Say which"),
    ("export hra x", "did you mean har?"), ("take-copy", "is for another place"),
    ("xyzzy", "There is no action"),
  ])
  func `what cannot be done is said, and the line stays`(text: String, wanted: String) {
    let (model, actions) = entered(text, from: Sample.walk[4])
    #expect(actions.isEmpty && model.overlays[CommandEntry.self] != nil)
    #expect(model.notice?.text.contains(wanted) == true, "\(model.notice?.text ?? "silent")")
  }

  @Test func `Tab takes the names that fit, one after the other, and Shift-Tab goes back`() {
    var model = Sample.walk[4]
    _ = model.press(.character(":"), .character("s"), .character("e"))
    #expect(model.completions.prefix(2).map(\.text) == ["search", "secrets"])
    _ = model.press(.tab)
    #expect(model.overlays[CommandEntry.self]?.entry.text == "search")
    _ = model.press(.tab)
    #expect(model.overlays[CommandEntry.self]?.entry.text == "secrets")
    _ = model.press(.backTab)
    #expect(model.overlays[CommandEntry.self]?.entry.text == "search")
    _ = model.press(.tab, .enter)
    #expect(model.revealsSecrets)
  }

  @Test func `E begins an export, and Tab completes its form`() {
    var model = Sample.walk[4]
    _ = model.press(.character("E"))
    #expect(model.overlays[CommandEntry.self]?.entry.text == "export ")
    #expect(model.completions.map(\.text) == ExportFormat.allCases.map { "export \($0.rawValue) " })
    #expect(model.press(.character("c"), .tab, .enter) == [.export(.curl, path: nil)])
    var empty = ExplorerModel(summary: Sample.summary(), theme: Sample.theme)
    #expect(empty.press(.character("E")) == [] && empty.overlays[CommandEntry.self] == nil)
    #expect(empty.notice?.text == "Nothing has happened that could be handed on.")
    #expect(empty.press(.character(":")) == [])
    for character in "export" { _ = empty.press(.character(character)) }
    #expect(empty.press(.enter) == [] && empty.notice?.text.hasPrefix("Nothing has") == true)
  }

  @Test func `a fault of the lab is committed by its name, and Tab completes it`() throws {
    var start = Sample.walk[4]
    start.faults = Lab.entries(for: .codeIDToken)
    #expect(
      entered("lab swapped-code", from: start).actions
        == [.commitFault(id: "swapped-code", switchesCheckOff: false)])
    #expect(
      entered("lab honest", from: start).actions
        == [.commitFault(id: nil, switchesCheckOff: false)])
    #expect(entered("lab", from: start).actions == [.chooseFault])
    let (wrong, actions) = entered("lab swaped-code", from: start)
    #expect(actions == [] && wrong.notice?.text.contains("did you mean swapped-code?") == true)
    var model = start
    for character in ":lab mix" { _ = model.press(.character(character)) }
    #expect(model.completions.first?.text == "lab mix-up")
    #expect(
      model.press(.tab, .enter) == [.commitFault(id: "mix-up", switchesCheckOff: false)])
    start.summary.isDemo = false
    #expect(entered("lab mix-up", from: start).model.notice?.text.contains("demo tenant") == true)
  }

  @Test func `the demo run starts over under other rules, and only the demo run`() {
    var start = Sample.walk[4]
    #expect(entered("rules fapi1-advanced", from: start).actions == [.useRules(.fapi1Advanced)])
    let (here, none) = entered("rules openid", from: start)
    #expect(none == [] && here.notice?.text == "The run is under these rules.")
    let (wrong, actions) = entered("rules fapi1-advance-d", from: start)
    #expect(actions == [] && wrong.notice?.text.contains("did you mean fapi1-advanced?") == true)
    start.summary.isDemo = false
    let (real, refused) = entered("rules fapi1-advanced", from: start)
    #expect(refused == [] && real.notice?.text.contains("real tenant") == true)
  }

  @Test func `what follows a word is completed too`() {
    var model = Sample.walk[4]
    for character in ":view ch" { _ = model.press(.character(character)) }
    #expect(model.completions.map(\.text) == ["view checks"])
    _ = model.press(.tab, .enter)
    #expect(model.view == .checks)
    for character in ":copy c" { _ = model.press(.character(character)) }
    #expect(model.completions.contains { $0.text == "copy curl" })
  }

  @Test func `every command has a key, or is reached by its name`() {
    var names = Set<String>()
    var model = Sample.walk[4]
    _ = model.press(.character(":"))
    names.formUnion(model.completions.map(\.text))
    for action in KeyMap.actions {
      let hasKey = KeyMap.all.contains { $0.action == action && !$0.keys.isEmpty }
      #expect(hasKey || names.contains(action), "\(action)")
    }
    #expect(names.contains("quit") && names.contains("stage 5") && names.contains("copy view"))
  }
}

struct HelpMenuTests {
  @Test(arguments: [Pane.detail, .sequence, .stages])
  func `the help is about the place, and fits one small screen`(pane: Pane) throws {
    for stage in Stage.allCases {
      var model = Sample.walk[stage.number - 1]
      model.focus = pane
      let size = ScreenSize(columns: 80, rows: 24)
      _ = model.press(.escape, .character("?"), size: size)
      guard model.context == .help else { continue }
      let page = HelpPage(model.belowHelp)
      let lines = page.document.laid(74)
      #expect(lines.count <= 20, "\(stage), \(lines.map(\.text))")
      #expect(page.items.contains { $0.command == .open(.commandLine) })
    }
  }

  @Test func `a view says what it shows`() {
    for view in DetailView.allCases where view != .page {
      var model = Sample.walk[7]
      model.view = view
      guard model.views(model.layout).contains(view) else { continue }
      _ = model.press(.character("?"))
      let text = model.lines().joined(separator: "\n")
      #expect(text.contains("\(view.title), stage 8"), "\(text)")
      #expect(view.about.hasSuffix(".") && view.about.count <= 70)
    }
  }

  @Test func `Enter does what is marked, and a key what it says`() {
    var model = Sample.walk[4]
    _ = model.press(.character("?"))
    while model.helpItems[model.overlays[HelpMenu.self]?.index ?? 0].command != .pane(.nextView) {
      _ = model.press(.character("j"))
    }
    _ = model.press(.enter)
    #expect(model.view == .wire && model.overlays.isEmpty)
    _ = model.press(.character("?"), .character("z"))
    #expect(model.isZoomed && model.overlays.isEmpty)
    _ = model.press(.character("?"), .character("2"))
    #expect(model.shownStage == .authorize && model.overlays.isEmpty)
    _ = model.press(.character("?"), .escape)
    #expect(model.overlays.isEmpty)
  }

  @Test func `a slash, a colon and Ctrl-P go on to the palette`() {
    for key in [Key.character("/"), .character(":"), .control("p")] {
      var model = Sample.walk[4]
      _ = model.press(.character("?"), key)
      #expect(model.context == .command && model.overlays.all.count == 1, "\(key)")
    }
  }

  @Test func `Enter on what does nothing now says why`() throws {
    var model = try #require(Sample.walk.last)
    _ = model.press(.character("?"), .enter)
    #expect(
      model.overlays[HelpMenu.self] != nil
        && model.notice?.text.contains("flow is complete") == true)
    #expect(model.lines().contains { $0.contains("The flow is complete; r starts over.") })
  }

  @Test(arguments: [ScreenSize(columns: 80, rows: 24), ScreenSize(columns: 200, rows: 50)])
  func `the marked row is always seen`(size: ScreenSize) throws {
    var model = Sample.walk[4]
    _ = model.press(.character("?"), size: size)
    for _ in model.helpItems {
      let frame = ExplorerScreen(model).frame(size: size)
      #expect(frame.lines.contains { $0.contains("\u{25B8}") && $0.contains("\u{2503}") })
      let cursor = try #require(frame.cursor)
      #expect(frame[cursor.column, cursor.row].glyph == "\u{25B8}")
      _ = model.press(.character("j"), size: size)
    }
  }

  @Test func `jump asks for the stage`() {
    var model = Sample.walk[4]
    _ = model.press(.character("?"))
    while model.helpItems[model.overlays[HelpMenu.self]?.index ?? 0].command != .pane(.jump) {
      _ = model.press(.character("j"))
    }
    _ = model.press(.enter)
    #expect(model.overlays[CommandEntry.self]?.entry.text == "stage ")
  }

  @Test func `a list over the panes has all of its keys in the help`() throws {
    for context in [KeyContext.editor, .connections, .findings] {
      var model = try OverlayTests.model(in: context)
      _ = model.press(.character("?"))
      #expect(model.context == .help, "\(context)")
      let shown = Set(model.helpItems.map(\.action))
      let own = KeyMap.all.filter {
        $0.contexts.contains(context) && $0.contexts.count < KeyContext.allCases.count
      }
      #expect(own.allSatisfy { shown.contains($0.action) }, "\(context)")
    }
  }
}
