import HybridFlow
import Lab
import OpenID
import TextUI

/// The question of a drill: a list of checks with a filter as one types.
///
/// A word after a blank names the field.
struct DrillQuestion: Overlay {
  /// What can be answered: `none`, a family, a check.
  struct Choice: Sendable, Equatable {
    var answer: DrillAnswer
    /// What it means, in a few words.
    var about: String
    /// How far it stands in from the left.
    var indent: Int
  }

  var entry = TextEntry()
  var index = 0

  var context: KeyContext { .drillAnswer }
  var endsWithRun: Bool { true }

  static let choices: [Choice] = {
    var all = [Choice(answer: .nothing, about: "nothing is wrong in this run", indent: 0)]
    for family in DrillAnswer.families {
      all.append(Choice(answer: .family(family.id), about: family.title, indent: 0))
      all += family.checks.map { id in
        Choice(
          answer: .check(id), about: CheckID(rawValue: id)?.rule ?? "a rule of the tenant",
          indent: 2)
      }
    }
    return all
  }()

  private var words: [Substring] { entry.text.asciiLowercased.split(at: " ") }
  /// The field that was named.
  private var field: String? { words.count > 1 ? String(words[1]) : nil }

  /// The choices that fit; a family that fits brings its checks.
  var shown: [Choice] {
    guard let word = words.first.map(String.init) else { return Self.choices }
    return Self.choices.filter { choice in
      if choice.answer.word.holds(word) { return true }
      guard case .check(let id) = choice.answer else { return choice.about.holds(word) }
      return DrillAnswer.families.contains { $0.checks.contains(id) && $0.id.holds(word) }
    }
  }

  private var chosen: Choice? { shown.indices.contains(index) ? shown[index] : nil }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept:
      guard let chosen else { return .stays() }
      return .stays([.drill(.answer(chosen.answer, field: field))])
    case .close:
      guard !entry.text.isEmpty else { return .closes() }
      entry = TextEntry()
      index = 0
      return .stays()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check, .compare:
      return .notMine
    }
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    command == .accept && chosen == nil ? "no check has these letters" : nil
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    switch key {
    case .character, .paste, .backspace, .control("w"), .control("u"): break
    default: return .notMine
    }
    guard entry.edit(key) else { return .notMine }
    markBest()
    return .stays()
  }

  /// Marks the exact name, or one that begins with the letters, or the first.
  private mutating func markBest() {
    let word = words.first.map(String.init) ?? ""
    let names = shown.map(\.answer.word)
    index =
      names.firstIndex { $0 == word } ?? names.firstIndex { $0.begins(with: word) } ?? 0
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    index = movement.from(index, page: model.overlayPage, last: max(0, shown.count - 1))
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    index = item
    return .stays()
  }

  func paint(_ painter: inout Painter) {
    let head = head(painter.model)
    let shown = shown
    let names = min(30, (shown.map { $0.answer.word.utf8.count + $0.indent }.max() ?? 0))
    var box = ListBox(
      "Which check must stop this run?", size: painter.layout.size, columnsMax: 92
    ) { width in
      let rows = shown.map { choice in
        let name = String(repeating: " ", count: choice.indent) + choice.answer.word
        let isCheck = choice.indent > 0
        return Line(
          [
            Span(TextFitting.pad(name, names) + "  ", .text, isCheck ? [] : .bold),
            Span(choice.about, .textMuted),
          ].fitted(width))
      }
      return head.flatMap { $0.wrapped(width).map { Line($0) } }
        + (rows.isEmpty ? [Line("No check has these letters.", .textMuted)] : rows)
    }
    let first = box.lines.count - max(1, shown.count)
    box.rect.height = max(3, painter.layout.size.rows - 4)
    box.rect.row = 2
    pin(first, in: &box)
    box.item = { row in row >= first && row - first < shown.count ? row - first : nil }
    box.paint(&painter)
    painter.frame.cursor = (box.rect.column + 6 + entry.caretWidth, box.rect.row + 1)
    painter.frame.cursorIsVisible = true
  }

  /// Keeps the typed text and the hints in sight: only the list below them scrolls.
  private func pin(_ first: Int, in box: inout ListBox) {
    let page = max(1, box.page - first)
    let count = box.lines.count - first
    guard !shown.isEmpty else { return }
    let top = max(0, min(index - page / 3, count - page))
    let end = min(count, top + page)
    box.lines = Array(box.lines[..<first] + box.lines[(first + top)..<(first + end)])
    let marked = first + index - top
    box.selected = marked..<(marked + 1)
    box.item = { row in row >= first ? row - first + top : nil }
  }

  private func head(_ model: ExplorerModel) -> [[Span]] {
    var lines: [[Span]] = [
      [Span("> ", .footerKey, .bold), Span(entry.text)],
      [
        Span(
          field == nil
            ? "Letters find a check or a family (2 points); then, if you like, a blank and the field."
            : "Field: \(field ?? "")", .textMuted)
      ],
    ]
    let hints = model.drill?.hints ?? []
    lines += hints.map { [Span("hint  ", .statusInfo, .bold), Span($0.text)] }
    if hints.count < DrillHint.allCases.count {
      let next = DrillHint.allCases[hints.count].rawValue
      lines.append([
        Span("tab", .footerKey, .bold), Span(" hint: the \(next), \u{2212}1 point", .textMuted),
      ])
    }
    return lines + [[]]
  }
}
