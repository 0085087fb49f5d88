/// A row with a mark: its name, and behind it what was found or why, told whole.
public struct MarkedRow: Sendable {
  /// What it came to, a cell wide.
  public var mark: Span
  /// Whether the name stands out, because something is wrong.
  public var isAlarming: Bool
  package var name: String
  /// The width of the longest name beside it.
  public var nameWidth: Int
  /// What was found, where that is good.
  public var value: String?
  /// The rule or the reason.
  public var said: String
  /// What is to be known before anything else, such as that a check is switched off.
  public var label: String?
  /// Where the rule stands; only in a wide pane.
  public var source: String?
  package var isStrong = false
  package var target: Target

  /// Puts one together from its parts.
  public init(
    mark: Span, isAlarming: Bool, name: String, nameWidth: Int, value: String? = nil,
    said: String, label: String? = nil, source: String? = nil, isStrong: Bool = false,
    target: Target
  ) {
    self.mark = mark
    self.isAlarming = isAlarming
    self.name = name
    self.nameWidth = nameWidth
    self.value = value
    self.said = said
    self.label = label
    self.source = source
    self.isStrong = isStrong
    self.target = target
  }

  /// The narrowest pane in which the source is told.
  public static let sourceNeeds = 84
  /// How wide the column of values is, where the reason is to stand beside it.
  private static let valueWidth = 24
  /// The most rows of a value; a longer one is cut in its middle, and whole when it is opened.
  private static let valueRows = 3

  package func laid(_ width: Int) -> [Line] {
    let names = min(nameWidth, max(12, width * 2 / 5))
    var head = [
      mark, Span(" "),
      Span(
        TextFitting.pad(TextFitting.fitMiddle(name, names), names) + "  ",
        isAlarming ? .textStrong : .text, isAlarming ? .bold : []),
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
