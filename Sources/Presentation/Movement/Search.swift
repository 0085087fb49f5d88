import HybridFlow
import OpenID
import TextUI

/// A search in all views of the stage, or in the focused rail or diagram.
struct Search: Sendable, Equatable {
  var entry = TextEntry()
  /// The index of the current match.
  var current = 0

  /// The cells of the matches in a row; a search without capitals ignores case.
  static func places(of words: String, in text: String) -> [Range<Int>] {
    guard !words.isEmpty, !text.isEmpty else { return [] }
    let isExact = words.unicodeScalars.contains { $0.properties.isUppercase }
    if words.utf8.allSatisfy({ $0 < 0x80 }), text.utf8.allSatisfy({ $0 < 0x80 }) {
      func folded(_ text: String) -> [UInt8] {
        text.utf8.map { !isExact && (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      }
      return ranges(of: folded(words), in: folded(text))
    }
    func folded(_ text: String) -> [String] {
      text.unicodeScalars.map { isExact ? String($0) : $0.properties.lowercaseMapping }
    }
    let letters = text.unicodeScalars.map { CellWidth.width(of: String($0)) }
    var starts = [0]
    for width in letters { starts.append(starts[starts.count - 1] + width) }
    return ranges(of: folded(words), in: folded(text)).map {
      starts[$0.lowerBound]..<starts[$0.upperBound]
    }
  }

  private static func ranges<Unit: Equatable>(of part: [Unit], in whole: [Unit]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    while start + part.count <= whole.count {
      if whole[start] == part[0], whole[start..<(start + part.count)].elementsEqual(part) {
        found.append(start..<(start + part.count))
        start += part.count
      } else {
        start += 1
      }
    }
    return found
  }
}

/// The line for typing a search; the panes show the matches at once.
struct SearchPrompt: Overlay {
  /// The pane's position before the search.
  struct Origin: Sendable, Equatable {
    var key: ScrollKey
    var position: ScrollPosition?
    var looking: Stage?
    var focus: Pane
    var view: DetailView
    /// The row at which the search starts.
    var row: Int
  }
  let origin: Origin

  var context: KeyContext { .search }
  var coversPanes: Bool { false }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept:
      model.keepSearch()
      return .closes()
    case .close, .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo,
      .reset, .save, .check, .compare:
      return .notMine
    }
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard model.modes.search?.entry.edit(key) == true else { return .notMine }
    model.findWhileTyping(from: origin)
    return .stays()
  }

  func prompt(_ model: ExplorerModel) -> Prompt? {
    guard let search = model.modes.search else { return nil }
    return Prompt(
      sign: "/", entry: search.entry,
      note: search.entry.text.isEmpty ? "Esc ends the search" : model.searchCount(model.layout))
  }
}

/// Rows to search: of a pane, and of a view in it.
struct SearchedRows {
  var pane: Pane
  /// The view; nil in rail and diagram.
  var view: DetailView?
  var rows: [String]
}

/// A match: a row of a pane, and the cells in it.
struct SearchPlace: Sendable, Equatable {
  var pane: Pane
  /// The view that the row belongs to; nil in rail and diagram.
  var view: DetailView?
  var row: Int
  var cells: Range<Int>
}

extension ExplorerModel {
  var matchUnavailable: String? {
    guard let search = modes.search, !search.entry.text.isEmpty else {
      return "nothing was searched for; / does"
    }
    return nil
  }

  /// The rows to search, as shown: with a view in focus those of every view.
  func searchedRows(_ layout: Layout) -> [SearchedRows] {
    switch focus {
    case .stages:
      return [SearchedRows(pane: .stages, rows: Stage.allCases.map { "\($0.number) \($0.title)" })]
    case .sequence:
      let rows =
        layout.content(of: .sequence).map { SequenceDiagram(self, $0).arrows.map(\.label) } ?? []
      return [SearchedRows(pane: .sequence, rows: rows)]
    case .detail, .explain:
      let lesson: [(Pane, DetailView)] =
        layout.content(of: .explain) == nil ? [] : [(.explain, .explain)]
      let sections = views(layout).map { (Pane.detail, $0) } + lesson
      // If one pane is visible at a time, the others have no rows now.
      return sections.filter { layout.content(of: $0.0) != nil }.map { pane, view in
        SearchedRows(pane: pane, view: view, rows: lines(of: pane, view, layout).map(\.text))
      }
    }
  }

  /// All matches, view by view.
  func searchPlaces(_ layout: Layout) -> [SearchPlace] {
    guard let words = modes.search?.entry.text, !words.isEmpty else { return [] }
    return searchedRows(layout).flatMap { section in
      section.rows.enumerated().flatMap { row, text in
        Search.places(of: words, in: text).map {
          SearchPlace(pane: section.pane, view: section.view, row: row, cells: $0)
        }
      }
    }
  }

  mutating func startSearch() {
    let layout = layout
    modes.search = Search()
    overlays.push(
      SearchPrompt(
        origin: SearchPrompt.Origin(
          key: scrollKey(focus, layout), position: scrolls[scrollKey(focus, layout)],
          looking: looking, focus: focus, view: view, row: firstRow(layout))))
  }

  /// The row of the focused pane at which a search continues.
  private func firstRow(_ layout: Layout) -> Int {
    switch focus {
    case .stages: return shownStage.number - 1
    case .sequence:
      return layout.content(of: .sequence).flatMap { SequenceDiagram(self, $0).selected } ?? 0
    case .detail, .explain:
      let lines = lines(of: focus, layout)
      return top(of: focus, lines, height: layout.content(of: focus)?.height ?? 1, layout)
    }
  }

  fileprivate mutating func findWhileTyping(from origin: SearchPrompt.Origin) {
    let layout = layout
    restore(origin)
    let places = searchPlaces(layout)
    let row = origin.row
    // From here on, then in the views after this one, and finally from the start.
    let (pane, shown) = (focus, shownPlace(layout))
    let here = places.firstIndex { $0.pane == pane && $0.view == shown && $0.row >= row }
    let later = places.firstIndex { order($0, layout) > order(pane, shown, layout) }
    guard let index = here ?? later ?? places.indices.first else {
      modes.search?.current = 0
      return
    }
    go(to: index, places, layout)
  }

  /// The view in the focused pane; nil in rail and diagram.
  private func shownPlace(_ layout: Layout) -> DetailView? {
    switch focus {
    case .stages, .sequence: nil
    case .detail: shownView(layout)
    case .explain: .explain
    }
  }

  private func order(_ place: SearchPlace, _ layout: Layout) -> Int {
    order(place.pane, place.view, layout)
  }

  /// The position of a view among the searched ones.
  private func order(_ pane: Pane, _ view: DetailView?, _ layout: Layout) -> Int {
    let views = views(layout)
    return pane == .explain ? views.count : view.flatMap { views.firstIndex(of: $0) } ?? 0
  }

  private mutating func restore(_ origin: SearchPrompt.Origin) {
    scrolls[origin.key] = origin.position
    looking = origin.looking
    (focus, view) = (origin.focus, origin.view)
  }

  mutating func keepSearch() {
    guard let search = modes.search, !search.entry.text.isEmpty else {
      modes.search = nil
      return
    }
    say(searchCount(layout))
  }

  mutating func clearSearch() {
    if let prompt = overlays[SearchPrompt.self] {
      restore(prompt.origin)
      overlays[SearchPrompt.self] = nil
    }
    modes.search = nil
  }

  mutating func findNext(by step: Int, _ layout: Layout) {
    let places = searchPlaces(layout)
    guard let search = modes.search, !places.isEmpty else {
      say(searchCount(layout))
      return
    }
    let here = min(search.current, places.count - 1)
    let (next, hint) = Round.step(from: here, by: step, of: places.count)
    go(to: next, places, layout)
    if overlays[SearchPrompt.self] == nil { say(searchCount(self.layout) + hint) }
  }

  /// `2 of 5`, and the views with matches; or a note that there are none.
  func searchCount(_ layout: Layout) -> String {
    guard let search = modes.search else { return "" }
    if search.entry.text.isEmpty { return "" }
    let places = searchPlaces(layout)
    let count = places.count
    let words = "\u{201C}\(TextFitting.fit(search.entry.text, 24))\u{201D}"
    if count == 0 {
      return "\(words) does not stand "
        + (focus == .detail || focus == .explain ? "in any view here" : "here")
    }
    var found: [(view: DetailView, count: Int)] = []
    for place in places {
      guard let view = place.view else { continue }
      if found.last?.view == view {
        found[found.count - 1].count += 1
      } else {
        found.append((view, 1))
      }
    }
    let parts = found.map { "\($0.view.title): \($0.count)" }
    return "\(words)  \(min(search.current, count - 1) + 1) of \(count)"
      + (parts.isEmpty ? "" : "  " + parts.joined(separator: ", "))
  }

  private mutating func go(to index: Int, _ places: [SearchPlace], _ layout: Layout) {
    modes.search?.current = index
    let place = places[index]
    let row = place.row
    switch place.pane {
    case .stages: look(at: Stage(rawValue: row + 1))
    case .sequence: select(arrow: row, layout)
    case .detail, .explain:
      if place.pane == .detail, let wanted = place.view, wanted != shownView(layout) {
        view = wanted
      }
      focus = place.pane
      bring(row: row, of: place.pane, layout)
    }
  }

  /// Scrolls a row of a view into sight, and marks it.
  mutating func bring(row: Int, of pane: Pane, _ layout: Layout) {
    guard let content = layout.content(of: pane) else { return }
    let lines = lines(of: pane, layout)
    guard lines.indices.contains(row) else { return }
    let top = top(of: pane, lines, height: content.height, layout)
    if !(top..<(top + content.height)).contains(row) {
      let last = max(0, lines.count - content.height)
      place(top: min(last, max(0, row - content.height / 3)), pane, lines, layout)
    }
    if pane == .detail, let id = lines[row].target?.id { select(id, layout) }
  }
}

extension Painter {
  /// Marks the matches in a row that was just painted.
  mutating func markPlaces(_ row: Int, of pane: Pane, column: Int, screenRow: Int, width: Int) {
    guard let search = model.modes.search, model.focus == pane else { return }
    let view: DetailView? =
      pane == .explain ? .explain : pane == .detail ? model.shownView(layout) : nil
    for (index, place) in places.enumerated()
    where place.row == row && place.pane == pane && place.view == view {
      let isCurrent = index == min(search.current, places.count - 1)
      for cell in place.cells where cell < width {
        let at = column + cell
        frame[at, screenRow].surface = .selection
        // Never by colour alone: the current match is reversed, the others are underlined.
        frame[at, screenRow].emphasis.insert(isCurrent ? [.reverse, .bold] : .underline)
      }
    }
  }

  /// Draws the text entry in place of the footer; false if there is none.
  mutating func paintPrompt() -> Bool {
    let rect = layout.footer
    guard let prompt = model.overlays.top?.prompt(model) else { return false }
    let (entry, right) = (prompt.entry, prompt.note)
    let room = max(8, rect.width - CellWidth.width(of: right) - 6)
    let shown = TextFitting.fit(entry.text, room)
    put(
      [Span(" " + prompt.sign, .footerKey, .bold), Span(shown, .textStrong)], column: 0,
      row: rect.row,
      width: rect.width)
    let space = rect.width - CellWidth.width(of: shown) - 6
    if space > 8 {
      let text = TextFitting.fit(right, space)
      put(
        [Span(text, .textMuted)], column: rect.width - CellWidth.width(of: text) - 1,
        row: rect.row)
    }
    frame.cursor = (min(rect.width - 1, 2 + min(room, entry.caretWidth)), rect.row)
    frame.cursorIsVisible = true
    return true
  }
}
