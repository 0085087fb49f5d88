import HybridFlow
import OpenID
import Redaction
import TextUI

/// The list of the values that can be followed, over the panes.
struct FollowMenu: Overlay {
  /// The marked row.
  var index: Int

  /// Opens the list at the value of a name.
  init(marking name: String?, _ values: [Trail.Value]) {
    index = values.firstIndex { $0.name == name } ?? 0
  }

  var context: KeyContext { .values }
  var endsWithRun: Bool { true }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: take(&model)
    case .close: .closes()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check, .compare:
      .notMine
    }
  }

  private func take(_ model: inout ExplorerModel) -> OverlayOutcome {
    let values = model.trail.followable
    guard values.indices.contains(index) else { return .stays() }
    model.follow(values[index])
    return .closes()
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let last = max(0, model.trail.followable.count - 1)
    index = movement.from(index, page: model.overlayPage, last: last)
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    index = item
    return take(&model)
  }

  func paint(_ painter: inout Painter) {
    let model = painter.model
    let values = model.trail.followable
    let names = min(20, values.map { CellWidth.width(of: $0.name) }.max() ?? 0)
    let marked = min(index, max(0, values.count - 1))
    var rows: [Int] = []
    var box = ListBox("Follow a value", size: painter.layout.size, columnsMax: 110) { width in
      rows = []
      var lines: [Line] = []
      for (number, value) in values.enumerated() {
        rows.append(lines.count)
        lines += Self.lines(value, model, names: names, width, isMarked: number == marked)
      }
      return lines
    }
    box.item = { row in rows.lastIndex { $0 <= row } }
    if rows.indices.contains(marked) { box.reveal(rows[marked]..<(rows[marked] + 1)) }
    box.paint(&painter)
  }

  private static func lines(
    _ value: Trail.Value, _ model: ExplorerModel, names: Int, _ width: Int, isMarked: Bool
  ) -> [Line] {
    let isForged = value.isForged
    let meaning = isForged ? "forged: the lab put it in" : Glossary.meaning(of: value.plainName)
    let head = [
      Span(TextFitting.pad(value.name, names), .wireParameter, .bold),
      Span("  " + TextFitting.pad(shown(value, model.redactor), valueCells), .text),
      Span("  " + TextFitting.pad(count(model.told(value)), countCells), .textMuted),
    ]
    guard let meaning else { return [Line(head.fitted(width))] }
    let role: Role = isForged ? .statusWarn : .textMuted
    if head.width + 2 + CellWidth.width(of: meaning) <= width {
      return [Line(head + [Span("  " + meaning, role)])]
    }
    // Only the marked row has room for a meaning that is longer than the row.
    let rest = isMarked ? TextFitting.wordWrap(meaning, max(8, width - 2)) : []
    return [Line(head.fitted(width))] + rest.map { Line("  " + $0, role) }
  }

  private static let valueCells = 13
  private static let countCells = 20

  /// The value as it may be shown, with its head and its tail.
  private static func shown(_ value: Trail.Value, _ redactor: Redactor) -> String {
    if value.isCookie, redactor.isActive { return Redactor.dots }
    let field = redactor.show(FormField(value.plainName, value.text))
    let isHidden = !field.isIdentical(to: value.text)
    return TextFitting.fitMiddle(
      HarmlessText.line(value.isSecret && !isHidden ? redactor.shorten(value.text) : field),
      valueCells)
  }

  /// `9 places, 1 2 3 5 8`: how many, and at which stages.
  static func count(_ places: [Place]) -> String {
    let stages = Stage.allCases.filter { stage in places.contains { $0.stage == stage } }
    return "\(places.count) \(places.count == 1 ? "place" : "places"), "
      + stages.map { String($0.number) }.joined(separator: " ")
  }
}

extension Glossary {
  /// What a value of this name is, wherever it travels.
  static func meaning(of name: String) -> String? {
    let places: [Context] = [
      .authorizationRequest, .authorizationResponse, .tokenRequest, .tokenResponse,
      .idTokenClaim, .accessTokenClaim, .joseHeader, .userinfo, .pageField, .cookie, .metadata,
      .value,
    ]
    return places.lazy.compactMap { entry(name, in: $0)?.meaning }.first
  }
}
