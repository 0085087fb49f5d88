import Testing

@testable import Presentation
@testable import TextUI
@testable import HybridFlow

struct SearchTests {
  @Test(arguments: [
    ("nonce", "the nonce and the Nonce", [4..<9, 18..<23]),
    ("Nonce", "the nonce, Nonce", [11..<16]),
    ("aa", "aaaa", [0..<2, 2..<4]), ("x", "", []), ("", "abc", []), ("é", "aÉbé", [1..<2, 3..<4]),
    ("b", "\u{65E5}b", [2..<3]), ("longer than this", "short", []),
  ])
  func `words are found in cells, whatever their case without capitals`(
    words: String, text: String, wanted: [Range<Int>]
  ) {
    #expect(Search.places(of: words, in: text) == wanted)
  }

  private func type(_ text: String, _ model: inout ExplorerModel) {
    for character in text { _ = model.press(.character(character)) }
  }

  @Test func `typing goes to the first place, n and N go round, and Esc forgets`() throws {
    var model = Sample.walk[4]
    let before = model
    type("/state", &model)
    #expect(model.context == .search)
    let places = model.searchPlaces(model.layout)
    #expect(places.count >= 2)
    let prompt = try #require(model.lines().last)
    #expect(prompt.contains("/state") && prompt.contains("1 of \(places.count)"))
    _ = model.press(.enter)
    #expect(model.context == .detail)
    for index in 1..<places.count {
      _ = model.press(.character("n"))
      #expect(model.modes.search?.current == index)
      let row = places[index].row
      let lines = model.lines(of: .detail, model.layout)
      let height = try #require(model.layout.content(of: .detail)?.height)
      let top = model.top(of: .detail, lines, height: height, model.layout)
      #expect((top..<(top + height)).contains(row))
    }
    _ = model.press(.character("n"))
    #expect(model.modes.search?.current == 0)
    #expect(model.lines().contains { $0.contains("from the top") })
    _ = model.press(.character("N"))
    #expect(model.modes.search?.current == places.count - 1)
    _ = model.press(.escape)
    #expect(model.modes.search == nil)
    type("/state", &model)
    _ = model.press(.escape)
    #expect(model.modes.search == nil && model.focus == before.focus)
  }

  @Test func `Esc while typing comes back to where the search began`() throws {
    var model = Sample.walk[4]
    let before = model.lines()
    type("/sub", &model)
    _ = model.press(.escape)
    #expect(model.lines() == before)
  }

  @Test func `every place is marked, and the current one otherwise than the others`() throws {
    var model = Sample.walk[4]
    type("/co", &model)
    let frame = ExplorerScreen(model).frame(size: Sample.size)
    let marked = frame.cells.filter { $0.surface == .selection && $0.emphasis.contains(.underline) }
    let current = frame.cells.filter { $0.emphasis.contains(.reverse) }
    #expect(current.map(\.glyph).joined().lowercased() == "co")
    #expect(!marked.isEmpty && marked.count % 2 == 0)
  }

  @Test func `what is masked is not found`() throws {
    var model = Sample.walk[4]
    let code = try #require(model.transcript[.callback].values.first { $0.name == "code" }).value
    let middle = String(code.dropFirst(10).prefix(12))
    type("/" + middle, &model)
    #expect(model.searchPlaces(model.layout).isEmpty)
    #expect(model.lines().last?.contains("does not stand in any view here") == true)
    _ = model.press(.escape, .character("s"))
    type("/" + middle, &model)
    #expect(!model.searchPlaces(model.layout).isEmpty)
  }

  @Test func `stages and arrows are searched where they have the focus`() throws {
    var model = Sample.walk[9]
    model.focus = .stages
    type("/authorize", &model)
    #expect(model.shownStage == .authorize)
    _ = model.press(.escape)
    #expect(model.shownStage == .data)
    model.focus = .sequence
    type("/token", &model)
    let layout = model.layout
    let content = try #require(layout.content(of: .sequence))
    let diagram = SequenceDiagram(model, content)
    let selected = try #require(diagram.selected)
    #expect(diagram.arrows[selected].label.contains("token"))
  }

  @Test func `n without a search says what is missing`() {
    var model = Sample.walk[4]
    #expect(model.press(.character("n")) == [])
    #expect(model.lines().contains { $0.contains("Nothing was searched for; / does.") })
  }
}
