import HybridFlow

/// One verdict on one row: what does not fit as a whole is left out, so that no row wraps.
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

  func laid(_ width: Int) -> Line {
    let isBad = verdict == .fail || verdict == .warn
    let names = min(nameWidth, max(12, width * 2 / 5))
    var spans = [
      Verdicts.span(verdict), Span(" "),
      Span(
        TextFitting.pad(TextFitting.fitMiddle(name, names), names) + "  ",
        isBad ? .textStrong : .text, isBad ? .bold : []),
    ]
    if let label { spans += [Span(label, .statusWarn, [.bold, .reverse]), Span("  ")] }
    var note = source.map { [Span($0, .textMuted)] } ?? []
    if width < Self.sourceNeeds { note = [] }
    let room = width - spans.width - (note.isEmpty ? 0 : note.width + 2)
    let words: Role = isStrong ? .text : .textMuted
    if let value {
      let isShort = CellWidth.width(of: value) <= Self.valueWidth
      let rest = room - Self.valueWidth - 2
      if isShort, CellWidth.width(of: said) <= rest {
        spans.append(Span(TextFitting.pad(value, Self.valueWidth) + "  ", .text))
        spans.append(Span(said, words))
      } else {
        spans.append(Span(TextFitting.fit(value, max(0, room)), .text))
      }
    } else {
      spans.append(Span(TextFitting.fit(said, max(0, room)), words))
    }
    return Line(spans.filter { !$0.text.isEmpty }, note: note, target: target)
  }
}
