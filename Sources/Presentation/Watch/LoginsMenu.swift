import HybridFlow
import OpenID
import TextUI

/// The list of watched logins over the panes, the newest first.
struct LoginsMenu: Sendable, Equatable {
  /// The number of the marked login; nil for the newest.
  var marked: Int?

  func rows(_ model: ExplorerModel) -> [WatchStatus.Row] { model.summary.watch?.rows ?? [] }

  func index(_ model: ExplorerModel) -> Int {
    rows(model).firstIndex { $0.number == marked } ?? 0
  }

  func chosen(_ model: ExplorerModel) -> WatchStatus.Row? {
    let rows = rows(model)
    return rows.isEmpty ? nil : rows[index(model)]
  }
}

extension LoginsMenu: Overlay {
  var context: KeyContext { .logins }

  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome {
    switch command {
    case .accept: chosen(model).map { .closes([.showLogin($0.number)]) } ?? .stays()
    case .compare: chosen(model).map { .closes([.compareLogin($0.number)]) } ?? .stays()
    case .close: .closes()
    case .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo, .reset, .save,
      .check:
      .notMine
    }
  }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? {
    switch command {
    case .accept: chosen(model) == nil ? "nobody has logged in yet" : nil
    case .compare:
      chosen(model) == nil
        ? "nobody has logged in yet"
        : model.transcript.startedAt == nil || chosen(model)?.number == model.summary.watch?.shown
          ? "this is the login on the screen: mark another one" : nil
    case .close, .toggle, .filter, .nextChoice, .previousChoice, .add, .edit, .delete, .undo,
      .reset,
      .save, .check:
      nil
    }
  }

  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {
    let rows = rows(model)
    guard !rows.isEmpty else { return }
    let place = movement.from(index(model), page: model.overlayPage, last: rows.count - 1)
    marked = rows[place].number
  }

  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome {
    let rows = rows(model)
    if rows.indices.contains(item) { marked = rows[item].number }
    return .stays()
  }

  func paint(_ painter: inout Painter) {
    let rows = rows(painter.model)
    let head = rows.isEmpty ? 0 : 1
    var box = ListBox("Logins", size: painter.layout.size, columnsMax: 120) { width in
      lines(rows, shown: painter.model.summary.watch?.shown, width)
    }
    if !rows.isEmpty {
      let row = index(painter.model) + head
      box.reveal(row..<(row + 1))
    }
    box.item = { row in rows.indices.contains(row - head) ? row - head : nil }
    box.paint(&painter)
  }

  private func lines(_ rows: [WatchStatus.Row], shown: Int?, _ width: Int) -> [Line] {
    guard !rows.isEmpty else {
      return [
        Line("Nobody has logged in yet.", .text),
        Line("A login appears here as soon as a browser comes to the tenant.", .textMuted),
      ]
    }
    // Number, time and stage have a fixed width; the words share the rest.
    let rest = max(0, width - 37)
    let client = max(8, rest / 5)
    let person = max(8, (rest - client) * 2 / 5)
    let type = max(4, rest - person - client)
    func cell(_ text: String, _ width: Int) -> String {
      TextFitting.pad(TextFitting.fit(text, width - 1), width)
    }
    func line(_ texts: [String]) -> String {
      cell(texts[0], 5) + cell(texts[1], 9) + cell(texts[2], person) + cell(texts[3], client)
        + cell(texts[4], type) + cell(texts[5], 6)
    }
    let head = line(["", "time", "person", "client", "asks for", "stage"]) + "verdict"
    return [Line(head, .textMuted, .bold)]
      + rows.map { row in
        let verdict = row.verdict
        return Line([
          Span(
            line([
              (row.number == shown ? "\u{2022}" : " ") + "\(row.number)",
              CivilTime(row.at).clock, row.person.isEmpty ? "not yet" : row.person,
              row.client, row.responseType.isEmpty ? "nothing" : row.responseType,
              "\(row.stage.number)/10",
            ]), .text), verdict.mark,
          Span(" " + TextFitting.fit(verdict.words, 16), .textMuted),
        ])
      }
  }
}
