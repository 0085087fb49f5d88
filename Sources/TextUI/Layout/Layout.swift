/// A part of the screen that can have the focus.
public enum Pane: String, Sendable, Hashable, CaseIterable {
  /// The rail of the ten stages.
  case stages
  /// The sequence diagram.
  case sequence
  /// The views of a stage.
  case detail
  /// The lesson, if there is room for its own pane.
  case explain

  /// The title in the pane's border.
  public var title: String {
    switch self {
    case .stages: "Stages"
    case .sequence: "Sequence"
    case .detail: "Detail"
    case .explain: "Explain"
    }
  }
}

/// An arrangement of the panes; it depends on the size alone.
public enum LayoutClass: String, Sendable, Hashable, CaseIterable {
  /// Three columns, with the lesson beside the others.
  case large
  /// The rail, and the diagram above the detail.
  case medium
  /// A strip of stages, the diagram as a band, and the detail.
  case small
  /// Like small, with the lesson below.
  case portrait
  /// A strip, and one pane at a time.
  case extraSmall
  /// A notice that names the needed size.
  case tooSmall

  /// The arrangement for a size.
  public init(_ size: ScreenSize) {
    let (width, height) = (size.columns, size.rows)
    if width < Layout.minimum.columns || height < Layout.minimum.rows {
      self = .tooSmall
    } else if width >= 160, height >= 40 {
      self = .large
    } else if width >= 100, height >= 30 {
      self = .medium
    } else if width < 100, height >= 46 {
      self = .portrait
    } else if width >= 80, height >= 24 {
      self = .small
    } else {
      self = .extraSmall
    }
  }
}

/// The places of all parts, as a pure function of size, focus and zoom.
public struct Layout: Sendable, Hashable {
  /// The smallest screen on which the explorer can be used.
  public static let minimum = ScreenSize(columns: 60, rows: 16)

  /// The whole screen.
  public let size: ScreenSize
  /// The arrangement.
  public let layoutClass: LayoutClass
  /// The title row.
  public let header: Rect
  /// The one-row strip of stages, if there is no rail.
  public let strip: Rect?
  /// The row about the next step, if there is room for it.
  public let status: Rect?
  /// The row of keys.
  public let footer: Rect
  /// The visible panes.
  public let panes: [Pane: Rect]
  /// Whether the diagram is under a rule instead of in a box.
  public let sequenceIsBand: Bool

  /// Arranges the panes; the focused one is always visible.
  public init(size: ScreenSize, focus: Pane = .detail, isZoomed: Bool = false) {
    self.size = size
    layoutClass = LayoutClass(size)
    let (width, height) = (size.columns, size.rows)
    header = Rect(column: 0, row: 0, width: width, height: min(1, height))
    footer = Rect(
      column: 0, row: max(0, height - 1), width: width, height: layoutClass == .tooSmall ? 0 : 1)
    let hasRail = layoutClass == .large || layoutClass == .medium
    strip =
      hasRail || layoutClass == .tooSmall
      ? nil : Rect(column: 0, row: 1, width: width, height: 1)
    status = hasRail ? Rect(column: 0, row: height - 2, width: width, height: 1) : nil
    let top = hasRail ? 1 : 2
    let body = Rect(
      column: 0, row: top, width: width, height: max(0, height - top - (hasRail ? 2 : 1)))
    if layoutClass == .tooSmall {
      panes = [:]
      sequenceIsBand = false
    } else if isZoomed || layoutClass == .extraSmall {
      let alone = focus == .stages && !hasRail ? .detail : focus
      panes = [alone: body]
      sequenceIsBand = false
    } else {
      panes = Self.arrange(layoutClass, in: body)
      sequenceIsBand = layoutClass == .small
    }
  }

  private static func arrange(_ layoutClass: LayoutClass, in body: Rect) -> [Pane: Rect] {
    switch layoutClass {
    case .large:
      let rail = 26
      let sequence = max(58, (body.width - rail) * 46 / 100)
      let detail = body.width - rail - sequence
      let explain = max(12, body.height * 36 / 100)
      let right = rail + sequence
      return [
        .stages: Rect(column: 0, row: body.row, width: rail, height: body.height),
        .sequence: Rect(column: rail, row: body.row, width: sequence, height: body.height),
        .detail: Rect(
          column: right, row: body.row, width: detail, height: body.height - explain),
        .explain: Rect(
          column: right, row: body.row + body.height - explain, width: detail, height: explain),
      ]
    case .medium:
      let rail = 24
      let sequence = max(10, body.height * 36 / 100)
      return [
        .stages: Rect(column: 0, row: body.row, width: rail, height: body.height),
        .sequence: Rect(column: rail, row: body.row, width: body.width - rail, height: sequence),
        .detail: Rect(
          column: rail, row: body.row + sequence, width: body.width - rail,
          height: body.height - sequence),
      ]
    case .small:
      let sequence = 6 + max(0, body.height - 21) / 3
      return [
        .sequence: Rect(column: 0, row: body.row, width: body.width, height: sequence),
        .detail: Rect(
          column: 0, row: body.row + sequence, width: body.width, height: body.height - sequence),
      ]
    case .portrait:
      let sequence = body.height * 30 / 100
      let explain = max(12, body.height * 28 / 100)
      return [
        .sequence: Rect(column: 0, row: body.row, width: body.width, height: sequence),
        .detail: Rect(
          column: 0, row: body.row + sequence, width: body.width,
          height: body.height - sequence - explain),
        .explain: Rect(
          column: 0, row: body.row + body.height - explain, width: body.width, height: explain),
      ]
    case .extraSmall, .tooSmall: return [:]
    }
  }

  /// The panes that Tab visits, in order; more than are visible when one is zoomed.
  public var focusOrder: [Pane] {
    switch layoutClass {
    case .large: [.stages, .sequence, .detail, .explain]
    case .medium: [.stages, .sequence, .detail]
    case .small, .extraSmall: [.sequence, .detail]
    case .portrait: [.sequence, .detail, .explain]
    case .tooSmall: [.detail]
    }
  }

  /// Whether the lesson has its own pane, so that it is not a tab.
  public var hasExplainPane: Bool { layoutClass == .large || layoutClass == .portrait }

  /// The pane that gets the focus when this one is wanted.
  public func focus(_ wanted: Pane) -> Pane { focusOrder.contains(wanted) ? wanted : .detail }

  /// The area inside a pane's border; a large pane keeps a blank column at either side.
  public func content(of pane: Pane) -> Rect? {
    guard let rect = panes[pane] else { return nil }
    if pane == .sequence {
      return sequenceIsBand
        ? Rect(column: rect.column, row: rect.row + 1, width: rect.width, height: rect.height - 1)
        : Rect(
          column: rect.column + 1, row: rect.row + 1, width: rect.width - 2,
          height: rect.height - 2)
    }
    let roomy = layoutClass == .medium || layoutClass == .large || layoutClass == .portrait
    let padding = roomy && rect.height > 8 ? 1 : 0
    return Rect(
      column: rect.column + 2, row: rect.row + 1 + padding, width: max(0, rect.width - 4),
      height: max(0, rect.height - 2 - padding))
  }
}
