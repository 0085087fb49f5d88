import Testing

@testable import Presentation
@testable import TextUI

struct KeyMapTests {
  @Test(arguments: KeyContext.allCases)
  func `no key means two things in one place`(context: KeyContext) {
    var seen: [Key: KeyCommand] = [:]
    for binding in KeyMap.all where binding.contexts.contains(context) {
      for key in binding.keys {
        #expect(seen[key] == nil, "\(key): \(binding.command) and \(String(describing: seen[key]))")
        seen[key] = binding.command
      }
    }
  }

  @Test(arguments: KeyCommand.allCases)
  func `every command has a key, a label and a sentence`(command: KeyCommand) throws {
    let bindings = KeyMap.all.filter { $0.command == command }
    #expect(!bindings.isEmpty)
    for binding in bindings {
      #expect(!binding.keys.isEmpty && !binding.label.isEmpty && !binding.contexts.isEmpty)
      #expect(binding.help.hasSuffix("."))
      #expect(binding.label.split(separator: " ").count <= 3)
    }
  }

  @Test(arguments: KeyContext.allCases)
  func `leaving at once works everywhere`(context: KeyContext) {
    #expect(KeyMap.standard.binding(for: .control("c"), in: context)?.command == .pane(.quitNow))
    #expect(KeyMap.standard.binding(for: .control("z"), in: context)?.command == .pane(.suspend))
    #expect(KeyMap.standard.binding(for: .control("l"), in: context)?.command == .pane(.redraw))
  }

  @Test(arguments: [60, 80, 99, 100, 120, 200])
  func `the footer names whole keys that work now, and always help and quit`(columns: Int) {
    for var model in Sample.walk {
      let size = ScreenSize(columns: columns, rows: columns >= 160 ? 50 : 36)
      for focus in [Pane.detail, .sequence] {
        model.focus = focus
        let footer = model.lines(size).last ?? ""
        #expect(footer.contains("? help") && footer.hasSuffix("q quit"), "\(footer)")
        #expect(!footer.contains("\u{2026}"))
        if model.forwardUnavailable != nil { #expect(!footer.contains("\u{2192} next")) }
        let allowed = Set(
          KeyMap.all.filter { $0.footer != nil }.map { "\($0.keyText) \($0.label)" })
        let items = footer.split(separator: "  ").map { $0.drop { $0 == " " } }
        for item in items where !item.isEmpty {
          #expect(allowed.contains(String(item)), "\(item)")
        }
      }
    }
  }

  @Test func `the footer has at most eight keys and quit, and the core ones on a fresh run`() {
    for model in Sample.walk {
      for columns in [80, 120, 200] {
        let size = ScreenSize(columns: columns, rows: 50)
        let footer = model.lines(size).last ?? ""
        let items = footer.split(separator: "  ").filter { item in !item.allSatisfy { $0 == " " } }
        #expect(items.count <= 9, "\(footer)")
      }
    }
    let footer = Sample.walk[1].lines(ScreenSize(columns: 80, rows: 24)).last ?? ""
    for part in ["\u{2192} next", "[ ] view", "x lab", "f follow", "/ find", ": palette", "? help"]
    {
      #expect(footer.contains(part), "\(part) in \(footer)")
    }
  }

  @Test func `the help says why a key does nothing now`() throws {
    var model = try #require(Sample.walk.last)
    _ = model.press(.character("?"))
    let help = model.lines().joined(separator: " ")
    #expect(help.contains("Not now: the flow is complete"))
  }

  @Test func `a key that does nothing now says so`() throws {
    var model = try #require(Sample.walk.last)
    #expect(model.press(.right) == [])
    #expect(model.lines().contains { $0.contains("The flow is complete; r starts over.") })
  }
}
