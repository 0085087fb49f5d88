import HybridFlow
import Lab
import OpenID
import TextUI

/// Draws the list of faults, and beside or below it the details of the marked one.
enum LabOverlay {
  /// The width of the stage in a row.
  private static let place = 5
  /// The fewest columns for the details beside the list.
  private static let storyColumns = 40

  /// The width of a full row: the longest name, the stage, and the longest check.
  private static func rowColumns(_ menu: LabMenu) -> Int {
    let name = menu.entries.map { CellWidth.width(of: $0.id) }.max() ?? 0
    let check = menu.entries.map { CellWidth.width(of: $0.caughtBy) }.max() ?? 0
    return name + place + check + 4
  }

  static func paint(_ menu: LabMenu, _ painter: inout Painter) {
    let size = painter.layout.size
    // The box around a row takes ten more.
    let listColumns = rowColumns(menu) + 10
    let isWide = size.columns >= listColumns + storyColumns
    let listSize =
      isWide
      ? ScreenSize(
        columns: max(size.columns * 2 / 5, listColumns), rows: size.rows)
      : ScreenSize(columns: size.columns, rows: size.rows / 2 + 1)
    var rows: [Int] = []
    var box = ListBox(title(menu), size: listSize, columnsMax: 120) { width in
      lines(menu, width, &rows)
    }
    box.rect.height = listSize.rows - 2
    box.rect.row = 1
    if rows.indices.contains(menu.index) {
      box.reveal(rows[menu.index]..<(rows[menu.index] + 1))
    }
    box.item = { row in rows.firstIndex(of: row) }
    box.paint(&painter)
    paintCaret(menu, box.rect, &painter)
    let side =
      isWide
      ? Rect(
        column: listSize.columns - 1, row: 1, width: size.columns - listSize.columns - 1,
        height: size.rows - 2)
      : Rect(
        column: box.rect.column, row: listSize.rows - 1, width: box.rect.width,
        height: size.rows - listSize.rows - 1)
    paintStory(menu, side, &painter)
  }

  private static let typed = "Lab  /"

  /// The filter text, or a hint to type one.
  private static func title(_ menu: LabMenu) -> String {
    menu.filter.text.isEmpty
      ? (menu.isWatching
        ? "Lab: what the next login meets; type to find" : "Lab: break it on purpose; type to find")
      : typed + menu.filter.text
  }

  private static func paintCaret(_ menu: LabMenu, _ rect: Rect, _ painter: inout Painter) {
    guard !menu.filter.text.isEmpty else { return }
    let column = rect.column + 3 + CellWidth.width(of: typed) + menu.filter.caretWidth
    painter.frame.cursor = (min(column, rect.column + rect.width - 2), rect.row)
    painter.frame.cursorIsVisible = true
  }

  /// The rows of the list; `rows` is the row of each item.
  private static func lines(_ menu: LabMenu, _ width: Int, _ rows: inout [Int]) -> [Line] {
    rows = []
    let shown = menu.shown
    if shown.isEmpty {
      return [
        Line(
          "No fault has \u{201C}\(TextFitting.fit(menu.filter.text, width - 16))\u{201D}.", .text),
        Line("Esc forgets what was typed.", .textMuted),
      ]
    }
    let entries = shown.compactMap(\.self)
    let check = min(entries.map { CellWidth.width(of: $0.caughtBy) }.max() ?? 0, width * 2 / 5)
    let longest = entries.map { CellWidth.width(of: $0.id) }.max() ?? 0
    let name = max(1, min(longest, width - place - check - 4))
    var lines: [Line] = []
    var group = ""
    for item in shown {
      guard let entry = item else {
        rows.append(lines.count)
        lines.append(Line(LabMenu.honest, .text))
        continue
      }
      if entry.group.rawValue != group {
        group = entry.group.rawValue
        if !lines.isEmpty { lines.append(Line()) }
        lines.append(Line(TextFitting.fit(group, width), .textStrong, .bold))
      }
      rows.append(lines.count)
      let at = entry.afterwards.isEmpty ? "at \(entry.stage.number)" : "after"
      // A long check takes what its own name leaves.
      let wanted = CellWidth.width(of: entry.caughtBy)
      let free = width - place - 4 - CellWidth.width(of: entry.id)
      let own = wanted > check ? max(check, min(wanted, free)) : check
      let room = min(name, width - place - own - 4)
      lines.append(
        Line([
          Span(TextFitting.pad(TextFitting.fit(entry.id, room), room) + "  ", .text),
          Span(
            TextFitting.pad(at, place) + "  " + TextFitting.fit(entry.caughtBy, own),
            .textMuted),
        ]))
    }
    return lines
  }

  private static func paintStory(_ menu: LabMenu, _ rect: Rect, _ painter: inout Painter) {
    guard rect.height > 2, rect.width > 20 else { return }
    painter.frame.fill(rect, surface: .overlay)
    painter.box(rect, isFocused: false, surface: .overlay)
    let title = menu.count == 0 ? "nothing found" : menu.chosen?.id ?? LabMenu.honest
    painter.frame.put(
      " \(TextFitting.fit(title, rect.width - 6)) ", column: rect.column + 2, row: rect.row,
      role: .title, surface: .overlay, emphasis: .bold)
    let rows = story(menu).laid(rect.width - 6)
    for (offset, line) in rows.prefix(rect.height - 2).enumerated() {
      painter.put(
        line.spans, column: rect.column + 3, row: rect.row + 1 + offset, surface: .overlay,
        width: rect.width - 6)
    }
  }

  private static func story(_ menu: LabMenu) -> Document {
    guard let entry = menu.chosen else {
      var document = Document()
      document.paragraph(
        menu.count == 0
          ? "A name, a kind of fault, a check or a word of what is done: any part of it will do."
          : menu.isWatching
            ? "The next login meets an honest tenant. Only what the tenant itself does is listed: the "
              + "deeds of an attacker in the browser and of the application are not ours to do here."
            : "Nobody lies and nobody listens in. Enter starts over without a fault and goes on to "
              + "the stage on the screen.")
      return document
    }
    var document = Document()
    let names = entry.switched.joined(separator: ", ")
    if menu.switchesOff {
      document.paragraph("OFF for this run: \(names).", .statusFail)
      document.gap()
    }
    let offers = entry.canSwitchOff && !menu.switchesOff && !menu.isWatching
    if menu.isWatching {
      document.paragraph(
        "Enter: every login that begins from now on meets it, until another choice.",
        .textMuted)
      document.gap()
    }
    document.add(entry, hint: offers ? "Space switches off: \(names)." : nil)
    return document
  }
}

extension Document {
  /// Adds a fault: what happens, which check catches it, what it teaches.
  ///
  /// - Parameter hint: What the person can do about it here.
  mutating func add(_ entry: LabEntry, hint: String? = nil) {
    paragraph(entry.does)
    gap()
    line("Caught \(entry.place) by \(entry.caughtBy)", .statusPass, .bold)
    if let hint { paragraph(hint, .textMuted) }
    gap()
    paragraph(entry.lesson)
    gap()
    line("Without the check", .textStrong, .bold)
    paragraph(entry.gain)
    gap()
    paragraph(entry.sections.map(\.description).joined(separator: " \u{00B7} "), .textMuted)
  }
}
