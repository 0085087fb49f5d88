import HybridFlow

/// One verdict: its name, and behind it what was found or why, told whole.
struct CheckRow: Sendable {
  var verdict: Check.Verdict
  var name: String
  /// The width of the longest name beside it.
  var nameWidth: Int
  /// What was found, for a check that passed.
  var value: String?
  /// The rule or the reason.
  var said: String
  /// What is to be known before anything else, such as that the check is switched off.
  var label: String?
  /// Where the rule stands; only in a wide pane.
  var source: String?
  var isStrong = false
  var target: Target

  /// The narrowest pane in which the source is told.
  static let sourceNeeds = 84
  /// How wide the column of values is, where the reason is to stand beside it.
  private static let valueWidth = 24
  /// The most rows of a value; a longer one is cut in its middle, and whole when it is opened.
  private static let valueRows = 3

  func laid(_ width: Int) -> [Line] {
    let isBad = verdict == .fail || verdict == .warn
    let names = min(nameWidth, max(12, width * 2 / 5))
    var head = [
      Verdicts.span(verdict), Span(" "),
      Span(
        TextFitting.pad(TextFitting.fitMiddle(name, names), names) + "  ",
        isBad ? .textStrong : .text, isBad ? .bold : []),
    ]
    if let label { head += [Span(label, .statusWarn, [.bold, .reverse]), Span("  ")] }
    var note = source.map { [Span($0, .textMuted)] } ?? []
    if width < Self.sourceNeeds { note = [] }
    let room = max(1, width - head.width - (note.isEmpty ? 0 : note.width + 2))
    let rows = rows(room)
    let blank = Span(String(repeating: " ", count: head.width))
    return rows.enumerated().map { index, row in
      let spans = ((index == 0 ? head : [blank]) + row).filter { !$0.text.isEmpty }
      return index == 0
        ? Line(spans, note: note, target: target) : Line(spans)
    }
  }

  /// What stands behind the name.
  private func rows(_ room: Int) -> [[Span]] {
    let words: Role = isStrong ? .text : .textMuted
    guard let value else { return [Span(said, words)].wrapped(room) }
    let rest = room - Self.valueWidth - 2
    if CellWidth.width(of: value) <= Self.valueWidth, CellWidth.width(of: said) <= rest {
      return [[Span(TextFitting.pad(value, Self.valueWidth) + "  ", .text), Span(said, words)]]
    }
    let rows = [Span(value, .text)].wrapped(room)
    if rows.count <= Self.valueRows { return rows }
    return [[Span(TextFitting.fitMiddle(value, room), .text)]]
  }
}
