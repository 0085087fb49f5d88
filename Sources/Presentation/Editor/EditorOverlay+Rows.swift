import HybridFlow
import OpenID
import Redaction
import TextUI

// The rows of the editor: parameters, and the two buttons below them.
extension EditorOverlay {
  var visibleRows: Range<Int> {
    let last = max(0, editor.count - list.height)
    let top = max(0, min(last, editor.index - list.height * 2 / 3))
    return top..<min(editor.count, top + list.height)
  }

  private var nameWidth: Int {
    let longest = editor.rows.map { CellWidth.width(of: $0.name) }.max() ?? 0
    return min(28, max(16, longest))
  }
  /// The width of the marks before the name: the marker, the change, the problem.
  private static let marks = 6
  private var valueWidth: Int {
    let room = list.width - Self.marks - nameWidth - 1
    return hasMeanings ? max(30, room * 45 / 100) : room
  }
  private var hasMeanings: Bool { list.width >= 96 }

  func paintRow(_ index: Int, at row: Int, _ painter: inout Painter) {
    let isMarked = index == editor.index
    let line = Rect(column: list.column, row: row, width: list.width, height: 1)
    if isMarked {
      painter.frame.fill(line, surface: .selection)
      painter.frame.put(
        "\u{25B8}", column: list.column, row: row, role: .borderFocus, surface: .selection,
        emphasis: .bold)
      painter.frame.cursor = (list.column, row)
    }
    let surface: Role = isMarked ? .selection : .overlay
    let spans =
      editor.rows.indices.contains(index) ? spans(of: index) : [button(index)]
    painter.put(
      spans.map {
        isMarked ? Span($0.text, .text, $0.emphasis.union(.bold), on: .selection) : $0
      },
      column: list.column + 2, row: row, surface: surface, width: list.width - 2)
    painter.hits.append((line, .item(index)))
    if isMarked, editor.isTyping { paintEntry(row, &painter) }
  }

  private func button(_ index: Int) -> Span {
    if index == editor.addIndex { return Span("[ Add a parameter ]", .footerKey, .bold) }
    guard editor.isChanged else { return Span("[ Apply ]", .footerKey, .bold) }
    let failing = editor.failing
    guard failing.isEmpty else {
      return Span(
        "[ Apply anyway ]  \(ExplorerModel.list(failing)) will fail", .statusFail, .bold)
    }
    let what =
      model.hasLeft(editor.stage) ? "a new run with this request" : "\u{2192} then sends it"
    return Span("[ Apply ]  \(what)", .footerKey, .bold)
  }

  private func spans(of index: Int) -> [Span] {
    let row = editor.rows[index]
    let isOut = row.isRemoved
    let change = editor.change(at: index)
    let (sign, role): (String, Role) =
      switch change {
      case .none, .notSent: (" ", .text)
      case .changed: ("*", .statusWarn)
      case .added: ("+", .statusWarn)
      case .removed: ("-", .statusWarn)
      }
    let mine = problems.filter { $0.names.contains(row.name) }
    let mark =
      mine.contains { $0.fails != nil }
      ? Verdicts.span(.fail) : mine.isEmpty ? Span(" ") : Verdicts.span(.warn)
    let name = HarmlessText.line(row.name)
    var spans = [
      Span(sign + " ", role, .bold), mark, Span(" "),
      Span(
        TextFitting.pad(TextFitting.fit(name, nameWidth), nameWidth) + " ",
        isOut ? .textMuted : .wireParameter),
      Span(
        TextFitting.pad(shownValue(index), valueWidth),
        isOut ? .textMuted : change == .none ? .text : .statusWarn),
    ]
    if hasMeanings, !row.name.isEmpty {
      let room = list.width - Self.marks - nameWidth - valueWidth - 2
      spans.append(Span(" " + TextFitting.fit(editor.meaning(of: row.name), room), .textMuted))
    }
    return spans
  }

  private func shownValue(_ index: Int) -> String {
    let row = editor.rows[index]
    if row.name.isEmpty { return "" }
    if editor.change(at: index) == .notSent { return "(not sent)" }
    if row.isRemoved { return "(taken out)" }
    let value = editor.value(at: index)
    if value.isEmpty { return "(empty)" }
    let shown = editor.hides(row.name, model) ? redactor.show(FormField(row.name, value)) : value
    return TextFitting.fitMiddle(HarmlessText.line(shown), valueWidth)
  }

  /// The text being typed, as far as there is room around the caret.
  private func paintEntry(_ row: Int, _ painter: inout Painter) {
    let start: Int
    let room: Int
    let entry: TextEntry
    var isHidden = false
    switch editor.typing {
    case .name(let name)?:
      (entry, start, room) = (name, list.column + Self.marks, nameWidth)
    case .value(let value, _)?:
      (entry, start) = (value, list.column + Self.marks + nameWidth + 1)
      room = valueWidth
      isHidden = editor.row.map { editor.hides($0.name, model) } ?? false
    case nil: return
    }
    // A value may come from outside, and one character may take several cells.
    let characters = entry.text.map { isHidden ? "\u{2022}" : HarmlessText.line(String($0)) }
    let caret = min(entry.caret, characters.count)
    var first = 0
    while CellWidth.width(of: characters[first..<caret].joined()) > room - 1 { first += 1 }
    let seen = TextFitting.hardWrap(characters[first...].joined(), room).first ?? ""
    painter.frame.put(
      TextFitting.pad(seen, room), column: start, row: row, role: .text, surface: .selection,
      emphasis: [.bold, .underline])
    let before = CellWidth.width(of: characters[first..<caret].joined())
    painter.frame.cursor = (start + min(room - 1, before), row)
    painter.frame.cursorIsVisible = true
  }
}
