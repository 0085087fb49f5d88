import HybridFlow
import OpenID
import TextUI

/// Two runs side by side, shown over the panes.
struct ComparisonView: Sendable, Equatable {
  var comparison: RunComparison
  /// The first visible row.
  var top = 0
}

extension ExplorerModel {
  /// Shows this comparison; the answer to ``ExplorerAction/compareWith(name:)``.
  public mutating func offer(comparison: RunComparison) {
    overlays[RecordingsMenu.self] = nil
    overlays.push(ComparisonView(comparison: comparison))
  }
}

extension ComparisonView: Overlay {
  var context: KeyContext { .comparison }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .close: .closes()
    case .accept, .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo,
      .reset, .save, .check, .compare:
      .notMine
    }
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let box = box(model.size)
    top = movement.from(
      top, page: model.overlayPage, last: max(0, box.lines.count - box.page))
  }

  private func box(_ size: ScreenSize) -> ListBox {
    var box = ListBox("Two runs side by side", size: size, columnsMax: 160) { width in
      comparison.lines(width: width)
    }
    box.top = top
    return box
  }

  func paint(_ painter: inout Painter) { box(painter.layout.size).paint(&painter) }
}

extension RunComparison {
  /// The comparison as rows of a width: differences in full, equal rows as a count.
  func lines(width: Int) -> [Line] {
    var lines = [
      Line([
        Span("first   ", .textMuted), Span(TextFitting.fit(names.first, width - 8), .title, .bold),
      ]),
      Line([
        Span("second  ", .textMuted), Span(TextFitting.fit(names.second, width - 8), .title, .bold),
      ]),
    ]
    for part in Part.allCases {
      let rows = rows.filter { $0.part == part }
      guard !rows.isEmpty else { continue }
      lines += [Line(), Line(heading(part), .title, .bold)]
      var places: [String] = []
      for row in rows where !places.contains(row.place) { places.append(row.place) }
      var same = 0
      for place in places {
        let here = rows.filter { $0.place == place }
        if part == .requests || part == .tokens, here.allSatisfy({ $0.kind == .same }) {
          same += 1
        } else {
          add(here, place, width, to: &lines)
        }
      }
      if same > 0 {
        let what = part == .requests ? "request" : "token"
        let words = same == 1 ? "1 \(what) is" : "\(same) \(what)s are"
        lines.append(
          Line(TextFitting.fit("\(words) the same in everything", width), .textMuted))
      }
      if part == .verdicts, !rows.contains(where: { $0.kind != .same }) {
        lines.append(Line("  Every check came out the same.", .textMuted))
      }
    }
    return lines
  }

  private func heading(_ part: Part) -> String {
    let changed = Kind.allCases.filter { $0 != .same && $0 != .fresh }
      .reduce(0) { $0 + count(part, $1) }
    if part == .timing { return part.title }
    return "\(part.title): \(changed) \(changed == 1 ? "differs" : "differ"), "
      + "\(count(part, .same)) the same"
  }

  private func add(_ rows: [Row], _ place: String, _ width: Int, to lines: inout [Line]) {
    // Passed checks that only one run made are many, and say little.
    let quiet = rows.filter(Self.isQuiet)
    let shown = rows.filter {
      ($0.kind != .same || $0.part == .timing) && !Self.isQuiet($0)
    }
    let same = rows.count { $0.kind == .same }
    // A stage without changes needs no row.
    if shown.isEmpty, quiet.isEmpty, rows.first?.part == .verdicts { return }
    if !place.isEmpty {
      var line = Line(TextFitting.fit(place, width), .textStrong, .bold)
      if same > 0 { line.spans.append(Span("   \(same) the same", .textMuted)) }
      line.spans = line.spans.fitted(width)
      lines.append(line)
    }
    let nameWidth = min(32, max(8, (shown.map { CellWidth.width(of: $0.name) }.max() ?? 0) + 2))
    for row in shown { add(row, nameWidth, width, to: &lines) }
    for (kind, words) in [(Kind.onlyFirst, "first"), (.onlySecond, "second")] {
      let count = quiet.count { $0.kind == kind }
      guard count > 0 else { continue }
      let checks = count == 1 ? "1 check was" : "\(count) checks were"
      let mark = kind == .onlyFirst ? "\u{2039} " : "\u{203A} "
      lines.append(
        Line([
          Span("  " + mark, .textMuted),
          Span(
            TextFitting.fit("\(checks) made in the \(words) run only, and held", width - 4),
            .textMuted),
        ]))
    }
  }

  private static func isQuiet(_ row: Row) -> Bool {
    guard row.part == .verdicts, row.name != "stage" else { return false }
    switch row.kind {
    case .onlyFirst, .onlySecond: return ["pass", "skip"].contains(row.first ?? row.second ?? "")
    case .differs, .fresh, .same: return false
    }
  }

  private func add(_ row: Row, _ nameWidth: Int, _ width: Int, to lines: inout [Line]) {
    let mark: Span =
      switch row.kind {
      case .differs: Span("\u{2260} ", Self.role(row), .bold)
      case .onlyFirst: Span("\u{2039} ", Self.role(row), .bold)
      case .onlySecond: Span("\u{203A} ", Self.role(row), .bold)
      case .fresh: Span("\u{00B7} ", .textMuted)
      case .same: Span("  ")
      }
    let role = row.kind == .fresh || row.kind == .same ? Role.textMuted : Self.role(row)
    let name = Span(
      TextFitting.pad(TextFitting.fit(row.name, nameWidth), nameWidth), .jsonKey)
    let column = max(4, (width - nameWidth - 6) / 2)
    func text(_ value: String?) -> String { value ?? "\u{2013}" }
    let values = [text(row.first), text(row.second)]
    let fits = values.allSatisfy { CellWidth.width(of: $0) <= column }
    if fits || row.kind == .fresh {
      let shown = values.map { TextFitting.pad(TextFitting.fit($0, column), column) }
      lines.append(
        Line([
          Span("  "), mark, name, Span(shown[0], role), Span("  "), Span(shown[1], role),
        ]))
      return
    }
    // Values that do not fit side by side are below each other, in full.
    lines.append(Line([Span("  "), mark, Span(TextFitting.fit(row.name, width - 4), .jsonKey)]))
    for (label, value) in zip(["first   ", "second  "], values) {
      for (index, part) in TextFitting.hardWrap(value, max(8, width - 14)).enumerated() {
        lines.append(
          Line([
            Span("      "), Span(index == 0 ? label : "        ", .textMuted), Span(part, role),
          ]))
      }
    }
  }

  /// The role of a row; a verdict that got worse has its own.
  private static func role(_ row: Row) -> Role {
    guard row.part == .verdicts else { return .statusWarn }
    switch row.worst {
    case .fail?: return .statusFail
    case .warn?: return .statusWarn
    case .pass?, .skip?, nil: return .textStrong
    }
  }

  /// The comparison as text for pipes and files.
  public func text(width: Int, glyphs: GlyphSet) -> String {
    lines(width: width).map { line in
      let text = line.text.trimmingBlanksAtEnd
      guard glyphs == .ascii else { return text + "\n" }
      return text.unicodeScalars.map { $0 == "\u{2260}" ? "#" : GlyphSet.plain($0) }.joined() + "\n"
    }.joined()
  }
}
