import HybridFlow
import OpenID
import TextUI

/// Draws the list of connections, and beside or below it the details of the marked one.
enum ConnectionOverlay {
  static func paint(_ menu: ConnectionMenu, _ painter: inout Painter) {
    let (listRect, sideRect) = TwoBoxes.rects(painter.layout)
    var box = ListBox("Connections", size: painter.layout.size, columnsMax: 400) { _ in [] }
    box.rect = listRect
    box.lines = lines(menu, listRect.width - 6)
    box.reveal(menu.index..<(menu.index + 1))
    box.item = { $0 < menu.list.entries.count ? $0 : nil }
    box.paint(&painter)
    paintSide(menu, sideRect, &painter)
  }

  private static func lines(_ menu: ConnectionMenu, _ width: Int) -> [Line] {
    func widest(_ text: (ConnectionEntry) -> String) -> Int {
      menu.list.entries.map { CellWidth.width(of: text($0)) }.max() ?? 0
    }
    let nameWidth = min(max(12, widest(\.name)), max(8, width / 2))
    let further = [widest(\.issuer), widest(\.clientID), widest(\.responseType)]
    let hasRoom = nameWidth + further.reduce(8, +) <= width
    return menu.list.entries.map { entry in
      let isInUse = entry.id == menu.list.inUse
      var spans = [
        isInUse ? Span("\u{25CF} ", .statusCurrent, .bold) : Span("  "),
        Span(TextFitting.pad(entry.name, nameWidth) + "  ", isInUse ? .textStrong : .text),
      ]
      if entry.fault != nil {
        spans += [Verdicts.span(.fail), Span(" cannot be used", .statusFail)]
      } else {
        spans.append(Span(TextFitting.pad(entry.issuer, further[0]), .textMuted))
        if hasRoom {
          spans += [
            Span("  " + TextFitting.pad(entry.clientID, further[1])),
            Span("  " + entry.responseType, .textMuted),
          ]
        }
      }
      return Line(spans.fitted(width))
    }
  }

  private static func paintSide(_ menu: ConnectionMenu, _ rect: Rect, _ painter: inout Painter) {
    let title = menu.chosen?.name ?? ""
    let focus = TwoBoxes.paint(title, document(menu), rect, &painter)
    guard case .typing(_, let entry)? = menu.wait, let focus else { return }
    painter.frame.cursor = (
      min(focus.column + 2 + entry.text.count, rect.column + rect.width - 3), focus.row
    )
    painter.frame.cursorIsVisible = true
  }

  private static func document(_ menu: ConnectionMenu) -> Document {
    var document = Document()
    if let name = menu.deletes {
      document.paragraph(
        "Delete the profile \u{201C}\(HarmlessText.line(name))\u{201D} from the settings? "
          + "y deletes it, Esc keeps it.", .statusWarn)
      document.gap()
    }
    switch menu.wait {
    case .program(let program)?:
      document.paragraph(
        "Waiting for the secret from \(program)\u{2026} Esc gives up.", .statusInfo)
      document.gap()
    case .typing(let client, let entry)?:
      document.paragraph("Client secret of \(client); Enter goes on, Esc gives up.", .statusInfo)
      document.add(
        .line(
          Line(
            [
              Span("\u{25B8} ", .borderFocus, .bold),
              Span(String(repeating: "\u{2022}", count: entry.text.count), .wireMasked),
            ], target: Target(id: TwoBoxes.focusID))))
      document.gap()
    case nil: break
    }
    if let message = menu.message {
      document.paragraph(message, menu.isBad ? .statusFail : .statusPass)
      document.gap()
    }
    if let fault = menu.list.fault {
      document.paragraph(
        "The settings cannot be read; the demo tenant works without them. Mend the file: nothing "
          + "is written over it.", .statusFail)
      document.paragraph(fault)
      document.gap()
    }
    if let entry = menu.chosen { document.add(entry, isInUse: entry.id == menu.list.inUse) }
    document.gap()
    document.paragraph("Settings: \(menu.list.path)", .textMuted)
    return document
  }
}

extension Document {
  fileprivate mutating func add(_ entry: ConnectionEntry, isInUse: Bool) {
    if isInUse { line("The connection in use", .statusCurrent, .bold) }
    if let fault = entry.fault {
      paragraph(fault, .statusFail)
      gap()
    }
    for (name, value) in [
      ("issuer", entry.issuer), ("client id", entry.clientID),
      ("response type", entry.responseType), ("client secret", entry.secret),
    ] where !value.isEmpty {
      add(.row(TableRow(name: name, nameRole: .textMuted, value: value)))
    }
    if entry.id == .demo {
      gap()
      paragraph(
        "It is part of the program and needs no account. a adds a tenant of your own.", .textMuted)
    }
  }
}

/// Two boxes over the panes: a list, and beside or below it the details of the marked row.
enum TwoBoxes {
  /// The target of the row with the text entry.
  static let focusID = "typing"

  static func rects(_ layout: Layout, sideRows: Int? = nil) -> (list: Rect, side: Rect) {
    let size = layout.size
    let all = full(layout)
    if size.columns >= 110 {
      let width = size.columns / 2
      return (
        Rect(column: 0, row: 1, width: width, height: all.height),
        Rect(column: width, row: 1, width: size.columns - width, height: all.height)
      )
    }
    let below = sideRows ?? all.height / 2
    let height = max(3, all.height - below)
    return (
      Rect(column: 0, row: 1, width: size.columns, height: height),
      Rect(column: 0, row: 1 + height, width: size.columns, height: below)
    )
  }

  /// The area between the header and the rows for status and keys.
  static func full(_ layout: Layout) -> Rect {
    let end = layout.status?.row ?? layout.footer.row
    return Rect(column: 0, row: 1, width: layout.size.columns, height: max(3, end - 1))
  }

  /// Draws the second box, and returns the position of the row with the text entry.
  @discardableResult
  static func paint(
    _ title: String, _ document: Document, _ rect: Rect, _ painter: inout Painter
  ) -> (column: Int, row: Int)? {
    guard rect.height > 2, rect.width > 20 else { return nil }
    painter.frame.fill(rect, surface: .overlay)
    painter.box(rect, isFocused: false, surface: .overlay)
    painter.frame.put(
      " \(TextFitting.fit(title, rect.width - 6)) ", column: rect.column + 2, row: rect.row,
      role: .title, surface: .overlay, emphasis: .bold)
    let rows = document.laid(rect.width - 6)
    var focus: (Int, Int)?
    for (offset, line) in rows.prefix(rect.height - 2).enumerated() {
      let isCut = offset == rect.height - 3 && rows.count > rect.height - 2
      let row = rect.row + 1 + offset
      let spans =
        isCut ? line.spans.fitted(rect.width - 8) + [Span(" \u{2026}", .textMuted)] : line.spans
      painter.put(
        spans, column: rect.column + 3, row: row, surface: .overlay, width: rect.width - 6)
      if line.target?.id == focusID { focus = (rect.column + 3, row) }
    }
    return focus
  }
}
