import OpenID
import TestSupport
import Testing

@testable import Presentation
@testable import TextUI
@testable import HybridFlow
@testable import Session

struct ArrowTests {
  @Test func `Enter on an arrow opens its message in the wire view`() throws {
    var model = try #require(Sample.walk.last)
    model.focus = .sequence
    let content = try #require(model.layout.content(of: .sequence))
    let count = SequenceDiagram(model, content).arrows.count
    #expect(count >= 12)
    _ = model.press(.character("g"))
    for index in 0..<count {
      var opened = model
      let arrow = SequenceDiagram(model, content).arrows[index]
      #expect(SequenceDiagram(model, content).selected == index)
      #expect(model.lines().contains { $0.contains("\u{25B8}") }, "\(arrow.label)")
      _ = opened.press(.enter)
      #expect(opened.shownStage == arrow.stage && opened.focus == .detail, "\(arrow.label)")
      if let id = arrow.message {
        #expect(opened.view == .wire)
        #expect(
          opened.messageUnderMarker?.id == id || opened.transcript[arrow.stage].messages.count > 1)
      }
      _ = model.press(.character("j"))
    }
  }

  @Test func `a click on an arrow opens it, and the future can be hidden`() throws {
    var hand = try Stagehand()
    for _ in 0..<2 { hand.press(.right) }
    let size = ScreenSize(columns: 200, rows: 50)
    try hand.click("clicks Login", size: size)
    #expect(hand.model.shownStage == .login && hand.model.focus == .detail)
    #expect(hand.model.lines(size).contains { $0.contains("GET /authorize") })
    hand.press(.character("F"), size: size)
    #expect(!hand.model.lines(size).contains { $0.contains("GET /authorize") })
  }
}

struct MouseTests {
  @Test(arguments: [ScreenSize(columns: 120, rows: 36), ScreenSize(columns: 80, rows: 24)])
  func `the mouse alone walks through ten stages`(size: ScreenSize) throws {
    var hand = try Stagehand()
    hand.press(.resize, size: size)
    for _ in 0..<30 where hand.model.situation != .finished {
      switch hand.run.machine.situation {
      case .pageShown:
        // The page is left by its own button.
        let form = try #require(hand.model.form)
        let label = try #require(form.items.first { !$0.isText }?.label)
        try hand.click("[ \(label) ]", size: size)
      default: try hand.click("next", size: size)
      }
    }
    #expect(hand.model.situation == .finished && hand.model.shownStage == .data)
    try hand.click("Checks", size: size)
    #expect(hand.model.view == .checks)
    try hand.click("? help", size: size)
    #expect(hand.model.context == .help)
    hand.press(.mouse(.press, column: 0, row: 0), size: size)
    #expect(hand.model.context == .detail)
  }
}

struct RemapTests {
  @Test(arguments: [
    ("ctrl-d", Key.control("d")), ("F1", .function(1)), ("space", .character(" ")),
    ("G", .character("G")), ("PgDn", .pageDown), ("esc", .escape), ("alt-x", .alt("x")),
    ("shift-tab", .backTab), ("\u{2192}", .right), ("é", .character("é")), ("f12", .function(12)),
  ])
  func `keys are read by their names`(name: String, wanted: Key) throws {
    let key = try Key(name: name)
    #expect(key == wanted)
  }

  @Test(arguments: [
    ("ctrl-dd", "ctrl-d"), ("spcae", "space"), ("F13", "f1"), ("", nil), ("\u{1B}", nil),
    ("ctrl-m", "ctrl-a"), ("abracadabra", nil),
  ])
  func `what is no key is told with the nearest name`(name: String, nearest: String?) {
    #expect(throws: KeyNameError.self) { try Key(name: name) }
    do throws(KeyNameError) {
      _ = try Key(name: name)
    } catch {
      if let nearest { #expect(error.description.contains(nearest) || error.nearest != nil) }
    }
  }

  @Test func `every name that is shown can be read back`() throws {
    for key in KeyMap.all.flatMap(\.keys) {
      let read = try Key(name: key.name)
      #expect(read == key)
    }
  }

  @Test func `other keys take the place of the usual ones, everywhere`() throws {
    let (map, faults) = KeyMap.reading([
      ("forward", ["J", "f9"]), ("zoom", []), ("jump", []),
    ])
    #expect(faults.isEmpty)
    #expect(map != .standard && map.unbound == ["jump", "zoom"])
    var model = Sample.walk[4]
    model.keys = map
    #expect(model.press(.right) == [] && model.press(.character("J")) == [.post(.advanced)])
    #expect(model.press(.character("2")) == [] && model.shownStage == .callback)
    #expect(model.lines().last?.contains("J next") == true)
    _ = model.press(.character("?"))
    #expect(model.lines().contains { $0.contains("J F9 ") })
    _ = model.press(.escape)
    for character in ":zoom" { _ = model.press(.character(character)) }
    _ = model.press(.enter)
    #expect(model.isZoomed)
  }

  @Test func `ten keys jump in the order of the stages`() {
    let keys = "abcdefghij".map(String.init)
    let (map, faults) = KeyMap.reading([("jump", keys)])
    // Several of them mean something else already, so the usual ones stay.
    #expect(!faults.isEmpty && map == .standard)
    let functions = (1...10).map { "ctrl-\("abegkopqrs".map(String.init)[$0 - 1])" }
    let (second, none) = KeyMap.reading([("jump", functions)])
    #expect(none.isEmpty, "\(none)")
    var model = Sample.walk[9]
    model.keys = second
    _ = model.press(.control("b"))
    #expect(model.shownStage == .authorize)
  }

  @Test func `mistakes are told one by one, and the rest counts`() {
    let (map, faults) = KeyMap.reading([
      ("forwrad", ["M"]), ("zoom", ["ctrl-zz", "M"]), ("restart", ["q"]), ("close-help", []),
      ("jump", ["a"]),
    ])
    let texts = faults.map(\.description)
    #expect(texts.contains { $0.contains("forwrad") && $0.contains("forward") })
    #expect(texts.contains { $0.contains("ctrl-zz") && $0.contains("ctrl-z") })
    #expect(texts.contains { $0.contains("restart") && $0.contains("quit") })
    #expect(texts.contains { $0.contains("close-help needs a key") })
    #expect(texts.contains { $0.contains("ten keys") })
    #expect(map.overrides == ["zoom": [.character("M")]])
  }
}

struct RandomKeyTests {
  private static let keys: [Key] =
    KeyMap.all.flatMap(\.keys)
    + "abcxyz/:?é ".map { .character($0) } + [.paste("a\u{1B}b"), .resize, .delete, .alt("x")]

  @Test(.timeLimit(.minutes(2)), arguments: 0..<4)
  func `no order of keys traps, and every frame is whole`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    func next(_ limit: Int) -> Int { generator.next(below: limit) }
    let starts = [Sample.walk[4], Sample.walk[9], try Sample.atLogin().model, try Sample.hostile()]
    var model = starts[seed]
    var size = Sample.size
    for step in 0..<250 {
      if step % 25 == 0 { size = ScreenSize(columns: 1 + next(200), rows: 1 + next(60)) }
      let key: Key
      switch next(10) {
      case 0: key = .mouse(.press, column: next(size.columns), row: next(size.rows))
      case 1: key = .mouse(.wheelDown, column: next(size.columns), row: next(size.rows))
      default: key = Self.keys[next(Self.keys.count)]
      }
      _ = model.handle(key, at: model.now, size: size)
      _ = model.pulse(at: model.now.adding(seconds: Int64(next(3))))
      guard step % 5 == 0 else { continue }
      let frame = ExplorerScreen(model).frame(size: size)
      #expect(frame.size == size)
      #expect(frame.lines.allSatisfy { CellWidth.width(of: $0) <= size.columns })
    }
  }
}
