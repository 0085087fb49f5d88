import HybridFlow
import Lab
import OpenID
import TextUI

/// A lane of the diagram: an actor's, or the attacker's.
enum SequenceLane: Hashable {
  case actor(Actor)
  case attacker
}

// How the diagram is drawn.
extension SequenceDiagram {
  /// The columns of the lifelines; the attacker stands where the message is changed.
  var lanes: [SequenceLane: Int] {
    let first = content.column + min(8, max(2, content.width / 8))
    let last = content.column + content.width - 1 - min(8, max(2, content.width / 8))
    let span = max(3, last - first)
    var order = Actor.allCases.map(SequenceLane.actor)
    if let place = attackerPlace { order.insert(.attacker, at: place) }
    return Dictionary(
      uniqueKeysWithValues: order.enumerated().map { index, lane in
        (lane, first + span * index / (order.count - 1))
      })
  }

  /// The attacker's place among the lanes; nil when there is none.
  private var attackerPlace: Int? {
    guard let arrow = arrows.first(where: { $0.leg == .fromAttacker }),
      case .message(let from, let to) = arrow.kind,
      let one = Actor.allCases.firstIndex(of: from), let two = Actor.allCases.firstIndex(of: to)
    else { return nil }
    return min(one, two) + 1
  }

  private func start(_ arrow: SequenceArrow, _ from: Actor) -> SequenceLane {
    arrow.leg == .fromAttacker ? .attacker : .actor(from)
  }

  private func end(_ arrow: SequenceArrow, _ to: Actor) -> SequenceLane {
    arrow.leg == .toAttacker ? .attacker : .actor(to)
  }

  func paint(_ painter: inout Painter) {
    guard content.height > 0 else { return }
    let lanes = lanes
    for (lane, column) in lanes { paint(lane, at: column, lanes.count, &painter) }
    for (index, arrow) in arrows.enumerated() {
      let row = index * rowsPerArrow - top + (rowsPerArrow == 3 ? 1 : 0)
      guard row >= 0, row + 1 < content.height - 1 else { continue }
      paint(arrow, index, row: content.row + 1 + row, lanes, &painter)
    }
  }

  private func paint(
    _ lane: SequenceLane, at column: Int, _ count: Int, _ painter: inout Painter
  ) {
    let name: String
    var role: Role
    let isActing = acts(lane)
    switch lane {
    case .attacker: (name, role) = ("\u{2620} Mallory", .attacker)
    case .actor(let actor):
      (name, role) = (actor.title, isActing ? .textStrong : .sequenceActor)
      if case .party(actor, let how)? = culprit {
        let hasRoom = content.width / count >= Self.roomyLane
        paint("\u{2717} " + (hasRoom ? how + " " : "") + name, .statusWarn, column, true, &painter)
        return paintLifeline(column, .sequenceLifeline, &painter)
      }
    }
    paint(name, role, column, isActing, &painter)
    role = lane == .attacker ? .attacker : .sequenceLifeline
    paintLifeline(column, role, &painter)
  }

  /// The width of a lane that has room for what is the matter with its party.
  private static let roomyLane = 26

  private func paint(
    _ name: String, _ role: Role, _ column: Int, _ isActing: Bool, _ painter: inout Painter
  ) {
    painter.frame.put(
      name, column: column - CellWidth.width(of: name) / 2, row: content.row, role: role,
      emphasis: isActing ? .bold : [])
  }

  private func paintLifeline(_ column: Int, _ role: Role, _ painter: inout Painter) {
    for row in 1..<max(1, content.height) {
      painter.frame.put("\u{2502}", column: column, row: content.row + row, role: role)
    }
  }

  /// Draws the stage of an arrow at the left edge, apart from the label.
  private func paintGutter(
    _ arrow: SequenceArrow, row: Int, role: Role, _ weight: Emphasis, _ painter: inout Painter
  ) {
    let number = arrow.stage.number
    painter.frame.put(
      number < 10 ? " \(number)" : "\(number)", column: content.column + 1, row: row, role: role,
      emphasis: weight)
  }

  private func acts(_ lane: SequenceLane) -> Bool {
    guard let current, arrows[current].stage == shown else { return false }
    switch arrows[current].kind {
    case .message(let from, let to):
      return lane == start(arrows[current], from) || lane == end(arrows[current], to)
    case .local(let one): return lane == .actor(one)
    }
  }

  private func paint(
    _ arrow: SequenceArrow, _ index: Int, row: Int, _ lanes: [SequenceLane: Int],
    _ painter: inout Painter
  ) {
    let isCurrent = index == current && arrow.stage == shown
    // What does not carry the followed value steps back.
    let carried = painter.followed?.carries(arrow)
    let isLater = painter.followed == nil ? arrow.stage > shown : carried == nil
    let lineRole: Role =
      isLater
      ? .sequenceArrowDim
      : arrow.forgery?.role
        ?? (isCurrent
          ? .sequenceArrowCurrent : arrow.channel == .back ? .sequenceBack : .sequenceFront)
    let labelRole: Role =
      isLater
      ? .sequenceArrowDim
      : arrow.forgery?.role
        ?? (isCurrent
          ? .sequenceArrowCurrent
          : carried != nil ? .follow : arrow.stage == shown ? .textStrong : .text)
    let weight: Emphasis = isCurrent || carried != nil ? .bold : []
    painter.hits.append(
      (
        Rect(column: content.column, row: row, width: content.width, height: 2),
        .arrow(arrow)
      ))
    paintGutter(
      arrow, row: row, role: isCurrent ? .sequenceArrowCurrent : .textMuted, weight, &painter)
    if let carried { painter.paintCarried(carried, column: content.column + 3, row: row) }
    if index == selected, painter.isFocused(.sequence) {
      painter.frame.put(
        "\u{25B8}", column: content.column, row: row, role: .borderFocus, emphasis: .bold)
      painter.frame.cursor = (content.column, row)
    }
    switch arrow.kind {
    case .message(let from, let to):
      guard let start = lanes[start(arrow, from)], let end = lanes[end(arrow, to)], start != end
      else { return }
      paintLabel(arrow, index, start, end, row: row, labelRole, weight, &painter)
      paintLine(
        arrow, start, end, row: row + 1, isCurrent, lineRole, Set(lanes.values), &painter)
      if let barrier = arrow.barrier, !isLater {
        paint(barrier, at: end, goesRight: end > start, row: row, &painter)
      }
    case .local(let actor):
      guard let lane = lanes[.actor(actor)] else { return }
      painter.frame.put("\u{251C}\u{254C}\u{256E}", column: lane, row: row, role: lineRole)
      painter.frame.put("\u{251C}\u{254C}\u{256F}", column: lane, row: row + 1, role: lineRole)
      let room = content.column + content.width - lane - 5
      painter.frame.put(
        " " + TextFitting.fit(arrow.label, room) + " ", column: lane + 3, row: row,
        role: labelRole, emphasis: weight)
      painter.markPlaces(index, of: .sequence, column: lane + 4, screenRow: row, width: room)
      if let barrier = arrow.barrier, !isLater {
        paint(barrier, insideLane: lane, row: row + 1, room: room, &painter)
      }
    }
  }

  private func paintLabel(
    _ arrow: SequenceArrow, _ index: Int, _ start: Int, _ end: Int, row: Int, _ role: Role,
    _ weight: Emphasis, _ painter: inout Painter
  ) {
    let (left, right) = (min(start, end), max(start, end))
    // Between neighbours every cell counts.
    let room = arrow.leg == nil ? right - left - 3 : right - left - 1
    let label = arrow.label(fitting: room)
    let width = CellWidth.width(of: label)
    let column = left + (right - left + 1 - width) / 2
    painter.frame.put(
      arrow.leg == nil ? " \(label) " : label, column: arrow.leg == nil ? column - 1 : column,
      row: row, role: role, emphasis: weight)
    if label == arrow.label {
      painter.markPlaces(index, of: .sequence, column: column, screenRow: row, width: width)
    }
  }

  private func paintLine(
    _ arrow: SequenceArrow, _ start: Int, _ end: Int, row: Int, _ isCurrent: Bool, _ role: Role,
    _ crossed: Set<Int>, _ painter: inout Painter
  ) {
    let weight: Emphasis = isCurrent ? .bold : []
    let stroke =
      arrow.forgery != nil
      ? "\u{2550}"
      : arrow.channel == .back
        ? (isCurrent ? "\u{2505}" : "\u{2504}") : (isCurrent ? "\u{2501}" : "\u{2500}")
    for column in (min(start, end) + 1)..<max(start, end) {
      let glyph = crossed.contains(column) ? "\u{253C}" : stroke
      painter.frame.put(glyph, column: column, row: row, role: role, emphasis: weight)
    }
    painter.frame.put(
      end > start ? "\u{25B6}" : "\u{25C0}", column: end > start ? end - 1 : end + 1, row: row,
      role: role, emphasis: weight)
  }

  /// Draws the check before a receiver, and its words on the far side of it.
  private func paint(
    _ barrier: Barrier, at lane: Int, goesRight: Bool, row: Int, _ painter: inout Painter
  ) {
    for (offset, text) in [barrier.title, barrier.words].enumerated() {
      painter.frame.put(
        barrier.glyph, column: lane, row: row + offset, role: barrier.role, emphasis: .bold)
      let room =
        goesRight ? content.column + content.width - lane - 3 : lane - content.column - 6
      guard room >= Self.leastWords else { continue }
      let told = " " + TextFitting.fit(text, room) + " "
      painter.frame.put(
        told, column: goesRight ? lane + 1 : lane - CellWidth.width(of: told), row: row + offset,
        role: offset == 0 ? barrier.role : .text, emphasis: offset == 0 ? .bold : [])
    }
  }

  /// Draws the check of a party that looks at what it has: under its label.
  private func paint(
    _ barrier: Barrier, insideLane lane: Int, row: Int, room: Int, _ painter: inout Painter
  ) {
    for offset in 0...1 {
      painter.frame.put(
        barrier.glyph, column: lane, row: row - offset, role: barrier.role, emphasis: .bold)
    }
    let whole = barrier.title + ": " + barrier.words
    let before = lane - content.column - 6
    // On the side with more room, when it does not fit after the lane.
    let goesLeft = CellWidth.width(of: whole) > room && before > room
    let told = " " + TextFitting.fit(whole, goesLeft ? before : room) + " "
    painter.frame.put(
      told, column: goesLeft ? lane - CellWidth.width(of: told) : lane + 3, row: row,
      role: barrier.role, emphasis: .bold)
  }

  private static let leastWords = 8
}

extension Transcript {
  /// Who commits the fault of this run; nil in an honest one.
  var culprit: Culprit? { tampering.flatMap { Lab.fault($0.faultID) }?.culprit }
}
