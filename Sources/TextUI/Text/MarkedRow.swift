/// A row with a mark: its name, then the value found or the reason, in full.
public struct MarkedRow: Sendable {
  /// The mark of the result, one cell wide.
  public var mark: Span
  /// Whether the name is highlighted, because something is wrong.
  public var isAlarming: Bool
  package var name: String
  /// The width of the longest name beside it.
  public var nameWidth: Int
  /// The value that was found, if it is good.
  public var value: String?
  /// The rule or the reason.
  public var said: String
  /// What the reader must know first, such as that a check is switched off.
  public var label: String?
  /// The specification of the rule; shown in a wide pane only.
  public var source: String?
  package var isStrong = false
  package var target: Target

  /// Makes a row with a mark.
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

  /// The narrowest pane that shows the source.
  public static let sourceNeeds = 84
  /// The width of the column of values if the reason is beside it.
  private static let valueWidth = 24
  /// The most rows of a value; a longer one is shortened in its middle until it is opened.
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

  /// The content after the name.
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
