import HybridFlow
import OpenID

/// Draws the editor of a request: its parameters, what is known about the marked one, and the
/// request as it would go over the wire now.
struct EditorOverlay {
  let model: ExplorerModel
  let editor: RequestEditor
  let rect: Rect
  let text: RequestText
  private let masker: Masker
  let problems: [RequestEditor.Problem]
  /// Where the three parts stand: the list, what is said, the request.
  let list: Rect
  let story: Rect
  let wire: Rect
  private let wireRows: [[Span]]
  private let wireMarked: Int?

  /// How wide the editor may become; longer lines are hard to follow.
  static let columnsMax = 200

  static func paint(_ painter: inout Painter) {
    guard let editor = painter.model.modes.editor else { return }
    EditorOverlay(painter.model, editor, painter.layout).paint(&painter)
  }

  init(_ model: ExplorerModel, _ editor: RequestEditor, _ layout: Layout) {
    self.model = model
    self.editor = editor
    problems = editor.problems
    masker = model.masker
    text = RequestText(editor, masker: masker)
    let size = layout.size
    let bottom = layout.status?.row ?? layout.footer.row
    let width = min(Self.columnsMax, size.columns)
    rect = Rect(
      column: (size.columns - width) / 2, row: 1, width: width, height: max(3, bottom - 1))
    let inside = Rect(
      column: rect.column + 2, row: rect.row + 1, width: max(1, width - 4),
      height: max(1, rect.height - 2))
    let laid = text.rows(inside.width, marked: editor.row?.name)
    (wireRows, wireMarked) = (laid.rows, laid.marked)
    // Two rules stand between the parts.
    let room = max(3, inside.height - 2)
    let said = room >= 24 ? 6 : room >= 16 ? 4 : 3
    let wireHeight = min(laid.rows.count, max(2, (room - said) * 9 / 20))
    let listHeight = max(1, min(editor.count, room - said - wireHeight))
    list = Rect(
      column: inside.column, row: inside.row, width: inside.width, height: listHeight)
    let rest = room - listHeight - wireHeight
    story = Rect(
      column: inside.column, row: list.row + listHeight + 1, width: inside.width,
      height: max(1, rest))
    wire = Rect(
      column: inside.column, row: story.row + story.height + 1, width: inside.width,
      height: max(0, min(wireHeight, inside.row + inside.height - story.row - story.height - 1)))
  }

  func paint(_ painter: inout Painter) {
    painter.frame.fill(rect, surface: .overlay)
    painter.box(rect, isFocused: true, surface: .overlay)
    title(&painter)
    painter.frame.cursor = (list.column, list.row)
    painter.frame.cursorIsVisible = false
    for (offset, index) in visibleRows.enumerated() {
      paintRow(index, at: list.row + offset, &painter)
    }
    rule(row: story.row - 1, "", "", &painter)
    var said = storyLines
    if said.count > story.height {
      said = Array(said.prefix(story.height - 1))
      said.append([Span("\u{2026} and more; the rows are marked.", .textMuted)])
    }
    for (offset, line) in said.prefix(story.height).enumerated() {
      painter.put(
        line, column: story.column, row: story.row + offset, surface: .overlay,
        width: story.width)
    }
    rule(row: wire.row - 1, text.title, text.size, &painter)
    let first = firstWireRow
    for (offset, line) in wireRows.dropFirst(first).prefix(wire.height).enumerated() {
      painter.put(
        line, column: wire.column, row: wire.row + offset, surface: .overlay, width: wire.width)
    }
  }

  private func title(_ painter: inout Painter) {
    let what =
      editor.draft.kind == .authorization
      ? "Edit the authorization request" : "Edit the token request"
    let place =
      model.hasLeft(editor.stage)
      ? "it has left: a new run sends it anew" : "it has not left yet"
    let room = rect.width - 6
    let whole = "\(what) \u{00B7} \(place)"
    painter.frame.put(
      " \(TextFitting.fit(CellWidth.width(of: whole) <= room ? whole : what, room)) ",
      column: rect.column + 2, row: rect.row, role: .borderFocus, surface: .overlay,
      emphasis: .bold)
    guard editor.count > list.height, let last = visibleRows.last, let first = visibleRows.first
    else { return }
    let text = " \(first + 1)\u{2013}\(last + 1) of \(editor.count) "
    let column = rect.column + rect.width - 2 - CellWidth.width(of: text)
    if column > rect.column + 4 + CellWidth.width(of: whole) {
      painter.frame.put(
        text, column: column, row: rect.row, role: .textMuted, surface: .overlay)
    }
  }

  private func rule(
    row: Int, _ left: String, _ right: String, _ painter: inout Painter
  ) {
    guard row > rect.row, row < rect.row + rect.height - 1 else { return }
    let line = String(repeating: "\u{2500}", count: max(0, list.width))
    painter.frame.put(line, column: list.column, row: row, role: .border, surface: .overlay)
    if !left.isEmpty {
      painter.frame.put(
        "\(left) ", column: list.column, row: row, role: .title, surface: .overlay,
        emphasis: .bold)
    }
    let note = " \(right)"
    if !right.isEmpty, CellWidth.width(of: left + note) + 4 < list.width {
      painter.frame.put(
        note, column: list.column + list.width - CellWidth.width(of: note), row: row,
        role: editor.isChanged ? .statusWarn : .textMuted, surface: .overlay)
    }
  }

  // MARK: The list

  private var visibleRows: Range<Int> {
    let last = max(0, editor.count - list.height)
    let top = max(0, min(last, editor.index - list.height * 2 / 3))
    return top..<min(editor.count, top + list.height)
  }

  private var nameWidth: Int {
    let longest = editor.rows.map { CellWidth.width(of: $0.name) }.max() ?? 0
    return min(28, max(16, longest))
  }
  /// Before the name: the marker, how the row differs, what is wrong with it.
  private static let marks = 6
  private var valueWidth: Int {
    let room = list.width - Self.marks - nameWidth - 1
    return hasMeanings ? max(30, room * 45 / 100) : room
  }
  private var hasMeanings: Bool { list.width >= 96 }

  private func paintRow(_ index: Int, at row: Int, _ painter: inout Painter) {
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
    let shown = model.hides(row.name) ? masker.show(FormField(row.name, value)) : value
    return TextFitting.fitMiddle(HarmlessText.line(shown), valueWidth)
  }

  /// What is being typed, as far as there is room for it around the place of the next character.
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
      isHidden = editor.row.map { model.hides($0.name) } ?? false
    case nil: return
    }
    let characters = Array(
      isHidden ? String(repeating: "\u{2022}", count: entry.text.count) : entry.text)
    var first = 0
    while CellWidth.width(of: String(characters[first..<min(entry.caret, characters.count)]))
      > room - 1
    {
      first += 1
    }
    let seen = TextFitting.hardWrap(String(characters[first...]), room).first ?? ""
    painter.frame.put(
      TextFitting.pad(seen, room), column: start, row: row, role: .text, surface: .selection,
      emphasis: [.bold, .underline])
    let before = CellWidth.width(
      of: String(characters[first..<min(entry.caret, characters.count)]))
    painter.frame.cursor = (start + min(room - 1, before), row)
    painter.frame.cursorIsVisible = true
  }

  // MARK: What is said

  private var storyLines: [[Span]] {
    var lines: [[Span]] = []
    func add(_ spans: [Span], hanging: Int = 0) {
      lines += spans.wrapped(story.width, hanging: hanging)
    }
    let mine = problems.filter { $0.names.contains(editor.row?.name ?? "") }
    for problem in mine { add(Self.spans(problem), hanging: 2) }
    if let row = editor.row, !row.name.isEmpty {
      add([
        Span(HarmlessText.line(row.name), .wireParameter, .bold),
        Span("  " + editor.meaning(of: row.name), .text),
      ])
      if !editor.choices.isEmpty {
        add([
          Span(editor.isTyping ? "Tab" : "Space", .footerKey, .bold),
          Span(" takes the next of ", .textMuted),
          Span(editor.choices.joined(separator: " \u{00B7} "), .text),
        ])
      }
      if editor.isTyping, model.hides(row.name) {
        add([Span("What is typed takes the place of the whole value.", .textMuted)])
      }
    } else if case .name? = editor.typing {
      add([
        Span("The name of the parameter. ", .text), Span("Tab", .footerKey, .bold),
        Span(" completes: " + editor.names.prefix(8).joined(separator: ", "), .textMuted),
      ])
    }
    for problem in problems where !mine.contains(problem) {
      add(Self.spans(problem), hanging: 2)
    }
    if model.hasLeft(editor.stage), editor.draft.kind == .authorization {
      add([
        Span(
          "The new run draws state, nonce and verifier afresh, unless they were changed here.",
          .textMuted)
      ])
    } else if model.hasLeft(editor.stage) {
      add([
        Span(
          "The new run begins at stage 1; the edit waits for its stage 6.", .textMuted)
      ])
    }
    if problems.isEmpty { add([Verdicts.span(.pass), Span(" No rule is broken.", .textMuted)]) }
    return lines
  }

  private static func spans(_ problem: RequestEditor.Problem) -> [Span] {
    let isFailure = problem.fails != nil
    return [
      Verdicts.span(isFailure ? .fail : .warn),
      Span(" " + HarmlessText.line(problem.text), isFailure ? .statusFail : .text),
    ]
  }

  // MARK: The request

  private var firstWireRow: Int {
    let last = max(0, wireRows.count - wire.height)
    guard last > 0, let marked = wireMarked else { return 0 }
    return max(0, min(last, marked - wire.height / 3))
  }
}
