import TextUI

/// A part of the screen over the panes: a list, a form, a question, or a text entry.
///
/// The topmost overlay gets keys and mouse. It has its own state; while it handles input it is not
/// in the stack, so that the model is what is below it.
protocol Overlay: Sendable, Equatable {
  /// The key context of its current state.
  var context: KeyContext { get }
  /// Whether the panes lose the focus and the mouse.
  var coversPanes: Bool { get }
  /// Whether it hides the overlays below it.
  var hidesOthers: Bool { get }
  /// Whether it concerns the run, and ends with it.
  var endsWithRun: Bool { get }

  /// Performs a command of its rows in the key table.
  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome
  /// Why a command does nothing now, as the rest of a sentence; nil if it works.
  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String?
  /// Moves the marker, or scrolls.
  mutating func move(_ movement: Movement, _ model: inout ExplorerModel)
  /// What the controller is asked for after the marker has moved.
  mutating func afterMove() -> [ExplorerAction]
  /// Handles a key in its text entry, before the key table is used.
  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome
  /// Handles a key without a row in the table.
  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome
  /// Handles a click on one of its rows.
  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome
  /// Handles a click anywhere else.
  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome
  /// Why it has to close by itself; nil while it may stay.
  func reasonToClose(in model: ExplorerModel) -> String?

  /// Draws it, its title and its cursor.
  func paint(_ painter: inout Painter)
  /// Its text entry in the last row; nil to show the keys there.
  func prompt(_ model: ExplorerModel) -> Prompt?
}

/// The result of an input that an overlay received.
enum OverlayOutcome: Sendable, Equatable {
  /// Handled, and the overlay stays; the actions are for the controller.
  case stays([ExplorerAction] = [])
  /// Handled, and the overlay closes.
  case closes([ExplorerAction] = [])
  /// Not handled.
  case notMine
}

/// A text entry in place of the footer.
struct Prompt: Sendable, Equatable {
  /// The sign before the text.
  var sign: String
  var entry: TextEntry
  /// The note at the right end.
  var note: String
}

extension Overlay {
  var coversPanes: Bool { true }
  var hidesOthers: Bool { false }
  var endsWithRun: Bool { false }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? { nil }
  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {}
  mutating func afterMove() -> [ExplorerAction] { [] }
  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome { .notMine }
  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome { .notMine }
  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome { .notMine }
  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .closes() }
  func reasonToClose(in model: ExplorerModel) -> String? { nil }
  func paint(_ painter: inout Painter) {}
  func prompt(_ model: ExplorerModel) -> Prompt? { nil }

  fileprivate func isEqual(to other: any Overlay) -> Bool { other as? Self == self }
}

/// The overlays, the topmost last; at most one of each kind.
struct OverlayStack: Sendable, Equatable {
  private(set) var all: [any Overlay] = []

  var isEmpty: Bool { all.isEmpty }
  /// The overlay that gets the keys.
  var top: (any Overlay)? { all.last }
  /// The visible overlays, from the bottom.
  var seen: ArraySlice<any Overlay> { all[(all.lastIndex(where: \.hidesOthers) ?? 0)...] }

  static func == (left: Self, right: Self) -> Bool {
    left.all.count == right.all.count && zip(left.all, right.all).allSatisfy { $0.isEqual(to: $1) }
  }

  /// The overlay of a kind; a new one replaces it, or goes to the top.
  subscript<Kind: Overlay>(_ kind: Kind.Type) -> Kind? {
    get { all.lazy.compactMap { $0 as? Kind }.first }
    set {
      let place = all.firstIndex { $0 is Kind }
      guard let newValue else {
        if let place { all.remove(at: place) }
        return
      }
      if let place { all[place] = newValue } else { all.append(newValue) }
    }
  }

  /// Adds an overlay at the top.
  mutating func push(_ overlay: some Overlay) { self[type(of: overlay)] = overlay }

  /// Adds an overlay below all others.
  mutating func slip(_ overlay: some Overlay) {
    self[type(of: overlay)] = nil
    all.insert(overlay, at: 0)
  }

  mutating func takeTop() -> (any Overlay)? { all.popLast() }

  /// Puts back an overlay that was removed, below those added since.
  mutating func putBack(_ overlay: any Overlay, at place: Int) {
    all.insert(overlay, at: min(place, all.count))
  }

  mutating func removeAll(where isOver: (any Overlay) -> Bool) { all.removeAll(where: isOver) }
}

// Passes keys, clicks and ticks to the topmost overlay.
extension ExplorerModel {
  /// The key context of the topmost overlay; nil without overlays.
  var overlay: KeyContext? { overlays.top?.context }

  /// Whether an overlay covers the panes, so that none of them has the focus.
  var isCovered: Bool { overlays.top?.coversPanes == true }

  /// The rows of one page in an overlay.
  var overlayPage: Int { max(1, size.rows - 8) }

  /// Passes input to the topmost overlay; nil if there is none, or it does not handle it.
  mutating func handOver(
    _ body: (inout any Overlay, inout ExplorerModel) -> OverlayOutcome
  ) -> [ExplorerAction]? {
    guard var overlay = overlays.takeTop() else { return nil }
    let place = overlays.all.count
    switch body(&overlay, &self) {
    case .stays(let actions):
      overlays.putBack(overlay, at: place)
      return actions
    case .closes(let actions): return actions
    case .notMine:
      overlays.putBack(overlay, at: place)
      return nil
    }
  }

  /// Handles the mouse while an overlay is open.
  mutating func clickOverlay(
    _ action: MouseAction, column: Int, row: Int, _ layout: Layout
  ) -> [ExplorerAction] {
    switch action {
    case .wheelDown: return perform(.move(.down), layout)
    case .wheelUp: return perform(.move(.up), layout)
    case .press:
      var painter = Painter(self, layout)
      painter.paint()
      switch painter.hit(column: column, row: row) {
      case .command(let command)?: return perform(command, layout)
      case .item(let index)?: return handOver { $0.click(item: index, &$1) } ?? []
      case .stage?, .view?, .line?, .arrow?, .nothing?, nil:
        return handOver { $0.clickBeside(&$1) } ?? []
      }
    }
  }

  /// Closes overlays that are no longer needed, with a notice.
  mutating func closeLateOverlays() {
    let model = self
    let reasons = overlays.all.compactMap { $0.reasonToClose(in: model) }
    guard !reasons.isEmpty else { return }
    overlays.removeAll { $0.reasonToClose(in: model) != nil }
    for reason in reasons { say(reason) }
  }
}
