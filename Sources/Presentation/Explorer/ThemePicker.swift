import OpenID
import TextUI

/// The list of themes over the panes: the marked theme is used at once.
struct ThemePicker: Sendable, Equatable {
  /// The themes to choose from.
  var themes: [Theme]
  /// The marked row.
  var index: Int
  /// The theme to restore if none is chosen.
  var before: Theme

  /// The width of the list with its border.
  static let width = 44
}

extension ExplorerModel {
  /// Opens the list of themes; the answer to ``ExplorerAction/chooseTheme``.
  public mutating func offer(themes: [Theme]) {
    guard !themes.isEmpty else { return }
    let index = themes.firstIndex { $0.id == theme.id } ?? 0
    overlays.push(ThemePicker(themes: themes, index: index, before: theme))
  }

  /// Whether the list of themes is open.
  public var isChoosingTheme: Bool { overlays[ThemePicker.self] != nil }

  /// Uses a theme that was requested by name.
  public mutating func use(theme: Theme) {
    self.theme = theme
    say("Theme \(HarmlessText.line(theme.name)); t and Enter keep one.")
  }

  /// Uses the new version of a theme whose file has changed.
  public mutating func replace(theme: Theme) {
    self.theme = theme
    say("The theme was read again.")
  }

  /// Shows why a changed theme is not used.
  public mutating func refuseTheme(_ reason: String) {
    say("The theme stays as it was: \(HarmlessText.line(reason))")
  }
}

extension ThemePicker: Overlay {
  var context: KeyContext { .themes }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept:
      let theme = model.theme
      model.say(
        "Theme \(HarmlessText.line(theme.name)); --theme \(HarmlessText.line(theme.id)) starts "
          + "with it.")
      return .closes([.keepTheme(id: theme.id)])
    case .close:
      model.theme = before
      return .closes()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check, .compare:
      return .notMine
    }
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let page = max(1, model.size.rows - 6)
    show(movement.from(index, page: page, last: themes.count - 1), &model)
  }

  private mutating func show(_ index: Int, _ model: inout ExplorerModel) {
    guard themes.indices.contains(index) else { return }
    self.index = index
    model.theme = themes[index]
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    show(item, &model)
    return .stays()
  }

  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .stays() }
}

extension ThemePicker {
  /// Draws the list at the right, so that most of the screen shows the marked theme.
  func paint(_ painter: inout Painter) {
    let size = painter.layout.size
    let width = min(Self.width, size.columns - 4)
    let height = min(themes.count + 4, size.rows - 3)
    let page = height - 4
    guard page > 0, width > 8 else { return }
    let rect = Rect(
      column: size.columns - width - 2, row: max(1, (size.rows - height) / 2), width: width,
      height: height)
    painter.frame.fill(rect, surface: .overlay)
    painter.box(rect, isFocused: true, surface: .overlay)
    painter.frame.put(
      " Themes ", column: rect.column + 2, row: rect.row, role: .borderFocus, surface: .overlay,
      emphasis: .bold)
    let top = max(0, min(index - page / 2, themes.count - page))
    for offset in 0..<page where top + offset < themes.count {
      paint(
        themes[top + offset], at: top + offset, &painter,
        Rect(column: rect.column + 1, row: rect.row + 1 + offset, width: width - 2, height: 1))
    }
    if themes.count > page {
      let text = " \(index + 1) of \(themes.count) "
      painter.frame.put(
        text, column: rect.column + width - 2 - CellWidth.width(of: text), row: rect.row,
        role: .textMuted, surface: .overlay)
    }
    let verdicts = [
      Span("\u{2713} passed  ", .statusPass, .bold), Span("\u{2717} failed  ", .statusFail, .bold),
      Span("! warned  ", .statusWarn, .bold), Span("link", .link),
    ]
    painter.put(
      verdicts, column: rect.column + 2, row: rect.row + height - 2, surface: .overlay,
      width: width - 4)
  }

  private func paint(
    _ theme: Theme, at index: Int, _ painter: inout Painter, _ rect: Rect
  ) {
    let isChosen = index == self.index
    let surface: Role = isChosen ? .selection : .overlay
    if isChosen {
      painter.frame.fill(rect, surface: .selection)
      painter.frame.cursor = (rect.column + 1, rect.row)
      painter.frame.cursorIsVisible = false
    }
    painter.hits.append((rect, .item(index)))
    let ground = theme.isLight ? "light" : "dark "
    let name = TextFitting.pad(HarmlessText.line(theme.name), max(1, rect.width - 11))
    painter.put(
      [
        Span(isChosen ? "\u{25B8} " : "  ", .borderFocus, .bold), Span(name),
        Span("  " + ground, .textMuted),
      ], column: rect.column + 1, row: rect.row, surface: surface, width: rect.width - 1)
  }
}
