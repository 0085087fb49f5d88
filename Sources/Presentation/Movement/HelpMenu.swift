import OpenID
import TextUI

/// The help: one screen about the place where the person is.
///
/// A row can be marked and done.
struct HelpMenu: Sendable, Equatable {
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
    case .filter:
      guard model.overlays.isEmpty else { return .stays() }
      return .closes(model.openCommandLine())
    case .close: return .closes()
    case .toggle, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save, .check,
      .compare:
      return .notMine
    }
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    // The palette is for the panes, not for the lists over them.
    command == .filter && model.overlays.all.count > 1 ? "close this list first" : nil
  }

  /// Runs the marked command in the place below.
  private func run(_ below: inout ExplorerModel) -> OverlayOutcome {
    let items = HelpPage(below).items
    guard items.indices.contains(index) else { return .stays() }
    if let reason = below.refusal(of: items[index]) {
      below.say(reason)
      return .stays()
    }
    return .closes(below.perform(items[index].command, below.layout))
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let last = max(0, HelpPage(model).items.count - 1)
    index = movement.from(index, page: max(1, model.overlayPage / 2), last: last)
  }

  /// A key that means nothing in the help does at once what the help says of it.
  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome {
    guard model.keys.binding(for: key, in: model.contexts) != nil else { return .notMine }
    return .closes(model.handle(key, at: model.now, size: model.size))
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

/// Draws the help over everything else.
enum HelpOverlay {
  static let columnsMax = 100

  static func paint(_ help: HelpMenu, _ painter: inout Painter) {
    var below = painter.model
    below.overlays[HelpMenu.self] = nil
    let size = painter.layout.size
    below.size = size
    let page = HelpPage(below)
    let wide = ScreenSize(columns: size.columns + 4, rows: size.rows)
    var box = ListBox(page.title, size: wide, columnsMax: columnsMax) {
      page.document.laid($0)
    }
    box.rect.column = max(0, (size.columns - box.rect.width) / 2)
    let items = Dictionary(
      page.blocks.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
    let lines = box.lines
    box.item = { items[lines[$0].block] }
    if page.blocks.indices.contains(help.index) {
      let block = page.blocks[help.index]
      if let first = lines.firstIndex(where: { $0.block == block }),
        let last = lines.lastIndex(where: { $0.block == block })
      {
        box.reveal(first..<(last + 1))
      }
    }
    box.paint(&painter)
    guard let notice = painter.model.notice else { return }
    let text = " \(TextFitting.fit(notice.text, box.rect.width - 6)) "
    painter.frame.put(
      text, column: box.rect.column + 2, row: box.rect.row + box.rect.height - 1,
      role: .statusInfo, surface: .overlay, emphasis: .bold)
  }
}
