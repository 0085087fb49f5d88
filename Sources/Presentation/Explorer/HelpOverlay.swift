import HybridFlow

/// The keys that are valid now, over everything else.
enum HelpOverlay {
  /// The rows of the help: what is valid where the person was, first.
  static func lines(_ model: ExplorerModel, width: Int) -> [Line] {
    var below = model
    below.helpTop = nil
    var document = Document()
    for (title, rows) in KeyMap.listed(for: below.context) {
      document.heading(title)
      for row in rows {
        let reason = row.unavailable(below)
        document.add(
          .row(
            TableRow(
              name: keys(row), nameRole: reason == nil ? .footerKey : .textMuted,
              value: row.label, valueRole: .text,
              meaning: [
                Span(row.help, .textMuted),
                Span(reason.map { " Not now: \($0)." } ?? "", .statusInfo),
              ].filter { !$0.text.isEmpty }, meaningRows: 9)))
      }
    }
    document.heading("Mouse")
    document.paragraph(
      "Click a pane, a tab, a stage, an arrow or a key of the last row; the wheel scrolls what lies "
        + "under the pointer.", .textMuted)
    return document.laid(width)
  }

  private static func keys(_ binding: KeyBinding) -> String {
    let others = binding.keys.compactMap { name($0) }
    return binding.command == .jump ? binding.keyText : others.joined(separator: " ")
  }

  /// How a key is written.
  static func name(_ key: Key) -> String? {
    switch key {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let character): "Ctrl-" + String(character).uppercased()
    case .alt(let character): "Alt-\(character)"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .backspace: "Backspace"
    case .delete: "Del"
    case .up: "\u{2191}"
    case .down: "\u{2193}"
    case .left: "\u{2190}"
    case .right: "\u{2192}"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .home: "Home"
    case .end: "End"
    case .function(let number): "F\(number)"
    case .mouse, .paste, .resize: nil
    }
  }

  static func paint(_ painter: inout Painter) {
    let size = painter.layout.size
    let width = min(84, size.columns - 4)
    let lines = lines(painter.model, width: width - 4)
    let height = min(lines.count + 2, size.rows - 2)
    let rect = Rect(
      column: (size.columns - width) / 2, row: (size.rows - height) / 2, width: width,
      height: height)
    painter.frame.fill(rect, surface: .overlay)
    painter.box(rect, isFocused: true, surface: .overlay)
    painter.frame.put(
      " Keys ", column: rect.column + 2, row: rect.row, role: .borderFocus, surface: .overlay,
      emphasis: .bold)
    let page = height - 2
    let top = min(painter.model.helpTop ?? 0, max(0, lines.count - page))
    for index in 0..<max(0, page) where top + index < lines.count {
      painter.put(
        lines[top + index].spans, column: rect.column + 2, row: rect.row + 1 + index,
        surface: .overlay, width: width - 4)
    }
    if lines.count > page {
      let text = " \(top + 1)\u{2013}\(min(lines.count, top + page)) of \(lines.count) "
      painter.frame.put(
        text, column: rect.column + width - 2 - CellWidth.width(of: text), row: rect.row,
        role: .textMuted, surface: .overlay)
    }
    painter.frame.cursor = (rect.column + 2, rect.row + 1)
    painter.frame.cursorIsVisible = false
  }
}
