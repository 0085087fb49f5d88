import HybridFlow
import OpenID
import TextUI

/// What the followed value lights up on the screen.
struct FollowedMarks {
  /// The rows of the shown view, with what stands there.
  private(set) var rows: [String: Place.Relation] = [:]
  /// The row where one is.
  private(set) var current: String?
  /// The messages that carry the value, or only a digest of it.
  private(set) var messages: [Int: Place.Relation] = [:]
  /// The stages at which something compares it.
  private(set) var checked: Set<Stage> = []
  /// The stages at which it stands.
  private(set) var stages: Set<Stage> = []

  /// The marks of a model; nil when nothing is followed.
  init?(_ model: ExplorerModel, _ layout: Layout) {
    guard let follow = model.modes.follow else { return nil }
    let (stage, view) = (model.shownStage, model.shownView(layout))
    if let value = model.followedValue, view == .holders {
      // It is held at later stages too, where nothing new is to be told.
      rows[TrailReader.holderRow(value.text)] = .itself
    }
    let places = model.followedPlaces
    let here = follow.place ?? places.first
    for place in places {
      stages.insert(place.stage)
      if place.kind == .check { checked.insert(place.stage) }
      if let message = place.message, messages[message] != .itself {
        messages[message] = place.relation
      }
      guard place.stage == stage, place.view == view else { continue }
      rows[place.row] = place.relation
      if let here, here.isSameRow(as: place) { current = place.row }
    }
  }

  /// What an arrow of the diagram carries; nil for nothing.
  func carries(_ arrow: SequenceArrow) -> Place.Relation? {
    if let message = arrow.message { return messages[message] }
    guard case .local = arrow.kind, checked.contains(arrow.stage) else { return nil }
    return .itself
  }

  /// The mark of a row or arrow, which tells more than its colour.
  static func sign(_ relation: Place.Relation, isCurrent: Bool) -> Span {
    let glyph = relation == .digest ? "#" : isCurrent ? "\u{25C6}" : "\u{25C7}"
    return Span(glyph, .follow, isCurrent ? [.bold, .reverse] : .bold)
  }
}

extension Painter {
  /// Lights up a row of the detail pane that was just painted, when the followed value stands there.
  mutating func light(_ line: Line, in content: Rect, row: Int) {
    guard let followed, let place = line.place, let relation = followed.rows[place] else { return }
    let isCurrent = followed.current == place
    let end = content.column + content.width
    for column in (content.column + 1)..<max(content.column + 1, end) {
      frame[column, row].surface = .selection
    }
    guard line.row == 0 else { return }
    let sign = FollowedMarks.sign(relation, isCurrent: isCurrent)
    frame.put(
      sign.text, column: content.column, row: row, role: sign.role, emphasis: sign.emphasis)
    let words: String? =
      switch relation {
      case .itself: nil
      case .inside: "\(model.modes.follow?.name ?? "") inside"
      case .digest: "a hash of it"
      }
    guard let words else { return }
    let text = " \(words)"
    let start = end - CellWidth.width(of: text)
    guard start > content.column + 1,
      (max(content.column + 1, start - 1)..<end).allSatisfy({ frame[$0, row].glyph == " " })
    else { return }
    frame.put(text, column: start, row: row, role: .text, surface: .selection, emphasis: .bold)
  }

  /// Marks an arrow of the diagram that carries the followed value.
  mutating func paintCarried(_ relation: Place.Relation, column: Int, row: Int) {
    let sign = FollowedMarks.sign(relation, isCurrent: false)
    frame.put(sign.text, column: column, row: row, role: sign.role, emphasis: sign.emphasis)
  }

  /// Draws what is followed in the border of a pane, where the screen has no row for it.
  mutating func paintFollowLine() {
    guard layout.status == nil, let spans = model.followLine(layout.size.columns - 6) else {
      return
    }
    let pane: Pane = layout.panes[.detail] == nil ? model.focus : .detail
    guard let rect = layout.panes[pane], rect.height > 2 else { return }
    let text = [Span(" ")] + spans.fitted(rect.width - 6) + [Span(" ")]
    put(text, column: rect.column + 2, row: rect.row + rect.height - 1)
  }

  /// Marks the stages at which the followed value stands, before their own mark.
  mutating func paintFollowed(_ stage: Stage, column: Int, row: Int) {
    guard let followed, followed.stages.contains(stage) else { return }
    let sign = FollowedMarks.sign(.itself, isCurrent: stage == model.shownStage)
    frame.put(sign.text, column: column, row: row, role: sign.role, emphasis: .bold)
  }
}
