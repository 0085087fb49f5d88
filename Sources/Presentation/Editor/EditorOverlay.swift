import HybridFlow
import OpenID
import Redaction
import TextUI

/// Draws the request editor: the parameters, the request as it would be sent now, and notes about
/// the marked parameter.
struct EditorOverlay {
  let model: ExplorerModel
  let editor: RequestEditor
  let rect: Rect
  let text: RequestText
  let redactor: Redactor
  let problems: [RequestEditor.Problem]
  /// The areas of the three parts: list, request and notes.
  let list: Rect
  let wire: Rect
  let story: Rect
  private let wireRows: [[Span]]
  private let wireMarked: Int?

  /// The greatest width of the editor; longer lines are hard to read.
  static let columnsMax = 200

  init(_ model: ExplorerModel, _ editor: RequestEditor, _ layout: Layout) {
    self.model = model
    self.editor = editor
    problems = editor.problems
    redactor = model.redactor
    text = RequestText(editor, redactor: redactor)
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
    // Two rules are between the parts.
    let room = max(3, inside.height - 2)
    let said = room >= 24 ? 6 : room >= 16 ? 4 : 3
    let wireHeight = min(laid.rows.count, max(2, (room - said) * 9 / 20))
    let listHeight = max(1, min(editor.count, room - said - wireHeight))
    list = Rect(
      column: inside.column, row: inside.row, width: inside.width, height: listHeight)
    wire = Rect(
      column: inside.column, row: list.row + listHeight + 1, width: inside.width,
      height: wireHeight)
    story = Rect(
      column: inside.column, row: wire.row + wireHeight + 1, width: inside.width,
      height: max(1, room - listHeight - wireHeight))
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
      if editor.isTyping, editor.hides(row.name, model) {
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
    if editor.draft.isWrapped {
      add([
        Span(
          "These parameters are signed or pushed on the back channel, which takes along a reference "
            + "to them.", .textMuted)
      ])
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
