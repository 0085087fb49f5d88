import HybridFlow
import OpenID
import TextUI

/// Draws the form of a profile, and beside or below it the help of the focused setting.
enum ProfileOverlay {
  /// Rows of the second box when it is below.
  private static let sideRows = 8

  static func paint(_ form: ProfileForm, _ painter: inout Painter) {
    let size = painter.layout.size
    let (listRect, sideRect) = TwoBoxes.rects(
      painter.layout, sideRows: size.rows < 20 ? 6 : Self.sideRows)
    var items: [Int?] = []
    var box = ListBox("", size: size, columnsMax: 400) { _ in [] }
    box.title = form.original.map { "Profile \(HarmlessText.line($0))" } ?? "New profile"
    box.rect = listRect
    box.lines = lines(form, listRect.width - 6, &items)
    if let row = items.firstIndex(of: form.index) { box.reveal(row..<(row + 1)) }
    box.item = { items[$0] }
    box.paint(&painter)
    paintCaret(form, box, items, &painter)
    TwoBoxes.paint(title(form), story(form), sideRect, &painter)
  }

  private static let labelWidth = 26

  private static func labelWidth(_ width: Int) -> Int { min(labelWidth, width * 2 / 5) }

  private static func lines(
    _ form: ProfileForm, _ width: Int, _ items: inout [Int?]
  ) -> [Line] {
    var lines: [Line] = []
    var section = ""
    for (index, row) in form.rows.enumerated() where row.isShown {
      if row.section != section {
        section = row.section
        if !lines.isEmpty {
          lines.append(Line())
          items.append(nil)
        }
        lines.append(Line(TextFitting.fit(section, width), .textStrong, .bold))
        items.append(nil)
      }
      let isFocused = index == form.index
      let isWrong = form.fault?.row == row.id
      var spans = [
        isWrong ? Verdicts.span(.fail) : Span(row.isChanged ? "*" : " ", .statusInfo, .bold),
        Span(" " + TextFitting.pad(label(row), labelWidth(width)) + " ", .text),
      ]
      spans += value(row, form, isFocused, width - labelWidth(width) - 4)
      lines.append(Line(spans.fitted(width)))
      items.append(index)
    }
    lines += [Line(), Line([Span("[ Save ]", .footerKey, .bold)])]
    items += [nil, form.rows.count]
    return lines
  }

  /// `client_secret.value` is below `client_secret`, indented.
  private static func label(_ row: ProfileForm.Row) -> String {
    row.id.cut(at: ".").map { "  " + $0.after } ?? row.id
  }

  private static func value(
    _ row: ProfileForm.Row, _ form: ProfileForm, _ isFocused: Bool, _ width: Int
  ) -> [Span] {
    switch row.kind {
    case .choice:
      let text = row.value.isEmpty ? empty(row) : row.value
      let role: Role = row.value.isEmpty ? .textMuted : .textStrong
      return isFocused
        ? [
          Span("\u{2039} ", .footerKey, .bold), Span(text, role),
          Span(" \u{203A}", .footerKey, .bold),
        ]
        : [Span("  " + text, role)]
    case .secret:
      let dots = String(repeating: "\u{2022}", count: min(row.value.count, max(1, width - 2)))
      return [Span("  " + dots, .wireMasked)]
    case .text:
      if row.value.isEmpty, !isFocused { return [Span("  " + empty(row), .textMuted)] }
      if row.value.isEmpty { return [Span("  ")] }
      return [Span("  " + window(row.value, form, isFocused, width - 3).text, .textStrong)]
    }
  }

  private static func empty(_ row: ProfileForm.Row) -> String {
    row.placeholder.isEmpty ? "\u{00B7}" : row.placeholder
  }

  /// The part of a long value around the caret, and the caret's position in it.
  private static func window(
    _ value: String, _ form: ProfileForm, _ isFocused: Bool, _ width: Int
  ) -> (text: String, caret: Int) {
    guard isFocused, form.entry.caretWidth >= width else {
      return (TextFitting.fit(value, width), form.entry.caretWidth)
    }
    var head = Array(value.prefix(form.entry.caret))
    while CellWidth.width(of: String(head)) > width - 2 { head.removeFirst() }
    let text = "\u{2026}" + String(head) + String(value.dropFirst(form.entry.caret))
    return (TextFitting.fit(text, width), 1 + CellWidth.width(of: String(head)))
  }

  private static func paintCaret(
    _ form: ProfileForm, _ box: ListBox, _ items: [Int?], _ painter: inout Painter
  ) {
    guard !form.asksToLeave, let focused = form.focused, !ProfileForm.isChoice(focused.kind),
      let row = items.firstIndex(of: form.index)
    else { return }
    let width = box.rect.width - 6
    let room = width - labelWidth(width) - 4
    let caret =
      focused.kind == .secret
      ? min(form.entry.caret, room - 2)
      : window(focused.value, form, true, room - 3).caret
    let first = max(0, min(box.top, box.lines.count - box.page))
    painter.frame.cursor = (
      box.rect.column + 4 + 3 + labelWidth(width) + 2 + caret, box.rect.row + 1 + row - first
    )
    painter.frame.cursorIsVisible = true
  }

  private static func title(_ form: ProfileForm) -> String {
    form.isAtButton ? "Save" : form.focused?.id ?? ""
  }

  private static func story(_ form: ProfileForm) -> Document {
    var document = Document()
    if form.asksToLeave {
      document.paragraph(
        "Throw the changes away? y throws them away, Esc goes on with the form.", .statusWarn)
      document.gap()
    }
    if let message = form.message {
      document.paragraph(message, .statusFail)
      document.gap()
    }
    if form.isAtButton {
      document.paragraph("Enter writes the profile into the settings; so does Ctrl-S anywhere.")
    } else if let row = form.focused {
      document.paragraph(row.help.capitalized + (row.help.ends(with: ".") ? "" : "."))
    }
    if let fault = form.fault, fault.message != form.message {
      document.gap()
      document.paragraph(fault.message, .statusFail)
    }
    if !form.notes.isEmpty {
      document.gap()
      for note in form.notes { document.paragraph(note, .textMuted) }
    }
    return document
  }
}
