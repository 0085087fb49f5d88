import OpenID
import TextUI

/// The list of keys: a row can be marked and its command run.
struct HelpMenu: Sendable, Equatable {
  /// The text that the rows must contain.
  var filter = TextEntry()
  var isFiltering = false
  /// The marked row.
  var index = 0
}

extension HelpMenu: Overlay {
  var context: KeyContext { .help }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: return run(&model)
    case .filter: isFiltering = true
    case .close:
      guard isFiltering else { return .closes() }
      self = HelpMenu()
    case .toggle, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save, .check,
      .compare:
      return .notMine
    }
    return .stays()
  }

  /// Runs the marked command in the previous context.
  private func run(_ below: inout ExplorerModel) -> OverlayOutcome {
    let items = HelpOverlay.items(self, below)
    guard items.indices.contains(index) else { return .stays() }
    if let reason = below.refusal(of: items[index]) {
      below.say(reason)
      return .stays()
    }
    return .closes(below.perform(items[index].command, below.layout))
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let last = max(0, HelpOverlay.items(self, model).count - 1)
    index = movement.from(index, page: max(1, model.overlayPage / 2), last: last)
  }

  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard isFiltering, filter.edit(key) else { return .notMine }
    index = 0
    return .stays()
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    index = item
    return run(&model)
  }

  func paint(_ painter: inout Painter) { HelpOverlay.paint(self, &painter) }
}

extension ExplorerModel {
  /// Why a row of the table does nothing now, in a sentence; nil if it works.
  func refusal(of binding: KeyBinding) -> String? {
    if binding.contexts.isDisjoint(with: contexts) {
      return "\(binding.label.capitalized) is for another place: \(Self.places(of: binding))."
    }
    return binding.unavailable(self).map { "\($0.capitalized)." }
  }

  private static func places(of binding: KeyBinding) -> String {
    KeyContext.allCases.filter { binding.contexts.contains($0) }.prefix(2).map {
      $0.title.prefix(bytes: 1).asciiLowercased + $0.title.dropFirst(bytes: 1)
    }.joined(separator: ", ")
  }
}

/// Draws the keys that are valid now, over everything else.
enum HelpOverlay {
  private struct Content {
    var document = Document()
    var items: [KeyBinding] = []
    /// The block of each item.
    var blocks: [Int] = []
  }

  /// The rows that can be marked, in order.
  static func items(_ menu: HelpMenu, _ below: ExplorerModel) -> [KeyBinding] {
    content(menu, below).items
  }

  /// The rows of the help; those of the previous context are first.
  static func lines(_ menu: HelpMenu, _ below: ExplorerModel, width: Int) -> [Line] {
    content(menu, below).document.laid(width)
  }

  private static func content(_ menu: HelpMenu, _ below: ExplorerModel) -> Content {
    let words = menu.filter.text.asciiLowercased
    var content = Content()
    let contexts = below.contexts
    for (title, rows) in below.keys.listed(for: contexts) {
      let rows = rows.filter { fits($0, words) }
      if rows.isEmpty { continue }
      content.document.heading(title)
      for row in rows {
        let isHere = !row.contexts.isDisjoint(with: contexts)
        let reason = isHere ? row.unavailable(below) : nil
        content.blocks.append(content.document.blocks.count)
        content.items.append(row)
        content.document.add(
          .row(
            TableRow(
              name: keys(row), nameRole: isHere && reason == nil ? .footerKey : .textMuted,
              value: row.label, valueRole: .text,
              meaning: [
                Span(row.help, .textMuted),
                Span(reason.map { " Not now: \($0)." } ?? "", .statusInfo),
              ].filter { !$0.text.isEmpty })))
      }
    }
    if content.items.isEmpty {
      content.document.paragraph("No action has these words.", .textMuted)
    }
    if words.isEmpty {
      content.document.heading("Mouse")
      content.document.paragraph(
        "Click a pane, a tab, a stage, an arrow or a key of the last row; the wheel scrolls what "
          + "lies under the pointer. While the program has the mouse, Shift selects text.",
        .textMuted)
    }
    return content
  }

  private static func fits(_ row: KeyBinding, _ words: String) -> Bool {
    if words.isEmpty { return true }
    let text = "\(keys(row)) \(row.label) \(row.help) \(row.action)".asciiLowercased
    return words.split(at: " ").allSatisfy { text.holds(String($0)) }
  }

  private static func keys(_ binding: KeyBinding) -> String {
    if binding.keys.isEmpty { return ":" + binding.action }
    return binding.command == .pane(.jump)
      ? binding.keyText : binding.keys.map(\.name).joined(separator: " ")
  }

  static func paint(_ help: HelpMenu, _ painter: inout Painter) {
    var below = painter.model
    below.overlays[HelpMenu.self] = nil
    let content = content(help, below)
    let title = help.isFiltering ? "Keys  /\(help.filter.text)" : "Keys"
    var box = ListBox(title, size: painter.layout.size) { content.document.laid($0) }
    // The box keeps its height during typing, so that it does not jump.
    if help.isFiltering {
      let height = painter.layout.size.rows - 2
      box.rect.row = max(0, (painter.layout.size.rows - height) / 2)
      box.rect.height = max(3, height)
    }
    let items = Dictionary(
      content.blocks.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
    let lines = box.lines
    box.item = { items[lines[$0].block] }
    if content.blocks.indices.contains(help.index) {
      let block = content.blocks[help.index]
      if let first = lines.firstIndex(where: { $0.block == block }),
        let last = lines.lastIndex(where: { $0.block == block })
      {
        box.reveal(first..<(last + 1))
      }
    }
    box.paint(&painter)
    if let notice = painter.model.notice {
      let text = " \(TextFitting.fit(notice.text, box.rect.width - 6)) "
      painter.frame.put(
        text, column: box.rect.column + 2, row: box.rect.row + box.rect.height - 1,
        role: .statusInfo, surface: .overlay, emphasis: .bold)
    }
    if help.isFiltering {
      painter.frame.cursor = (
        box.rect.column + 3 + CellWidth.width(of: "Keys  /") + help.filter.caretWidth, box.rect.row
      )
      painter.frame.cursorIsVisible = true
    }
  }
}
