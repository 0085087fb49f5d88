import TextUI

/// Something that lies over the panes: a list, a form, a question, or a line that is typed.
///
/// It has the keys and the mouse while it lies uppermost. It keeps its own state; while it handles
/// something it is not in the stack, so that the model is what lies below it.
protocol Overlay: Sendable, Equatable {
  /// Where its keys are looked up now.
  var context: KeyContext { get }
  /// Whether the panes lose the focus and the mouse.
  var coversPanes: Bool { get }
  /// Whether nothing is seen of what lies between it and the panes.
  var hidesOthers: Bool { get }
  /// Whether it is about the run, and goes with it.
  var endsWithRun: Bool { get }

  /// Does what a key of its rows in the table says.
  mutating func perform(
    _ command: OverlayCommand, _ model: inout ExplorerModel
  ) -> OverlayOutcome
  /// Why a command does nothing now, in words that go on a sentence; nil when it works.
  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String?
  /// Moves the marker, or scrolls.
  mutating func move(_ movement: Movement, _ model: inout ExplorerModel)
  /// Takes a key into what is typed in it; before the table is asked.
  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome
  /// Takes a key that no row of the table names.
  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome
  /// A click on a row that it has drawn.
  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome
  /// A click on anything else.
  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome
  /// Why it has to close although nobody closed it; nil while it may stay.
  func reasonToClose(in model: ExplorerModel) -> String?

  /// Draws it, its title and its cursor.
  func paint(_ painter: inout Painter)
  /// What is typed in the last row; nil where the keys are named there.
  func prompt(_ model: ExplorerModel) -> Prompt?
}

/// What became of something that an overlay was handed.
enum OverlayOutcome: Sendable, Equatable {
  /// It is done, and the overlay stays; the actions are for the outside.
  case stays([ExplorerAction] = [])
  /// It is done, and the overlay closes.
  case closes([ExplorerAction] = [])
  /// It means nothing here.
  case notMine
}

/// A line that is typed in the place of the footer.
struct Prompt: Sendable, Equatable {
  /// The sign before it.
  var sign: String
  var entry: TextEntry
  /// What stands at its right end.
  var note: String
}

extension Overlay {
  var coversPanes: Bool { true }
  var hidesOthers: Bool { false }
  var endsWithRun: Bool { false }

  func unavailable(_ command: OverlayCommand, _ model: ExplorerModel) -> String? { nil }
  mutating func move(_ movement: Movement, _ model: inout ExplorerModel) {}
  mutating func type(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome { .notMine }
  mutating func takeUnbound(_ key: Key, _ model: inout ExplorerModel) -> OverlayOutcome { .notMine }
  mutating func click(item: Int, _ model: inout ExplorerModel) -> OverlayOutcome { .notMine }
  mutating func clickBeside(_ model: inout ExplorerModel) -> OverlayOutcome { .closes() }
  func reasonToClose(in model: ExplorerModel) -> String? { nil }
  func paint(_ painter: inout Painter) {}
  func prompt(_ model: ExplorerModel) -> Prompt? { nil }

  fileprivate func isEqual(to other: any Overlay) -> Bool { other as? Self == self }
}

/// What lies over the panes, the uppermost last; of each kind one at most.
struct OverlayStack: Sendable, Equatable {
  private(set) var all: [any Overlay] = []

  var isEmpty: Bool { all.isEmpty }
  /// What has the keys.
  var top: (any Overlay)? { all.last }
  /// What is to be drawn, from below.
  var seen: ArraySlice<any Overlay> { all[(all.lastIndex(where: \.hidesOthers) ?? 0)...] }

  static func == (left: Self, right: Self) -> Bool {
    left.all.count == right.all.count && zip(left.all, right.all).allSatisfy { $0.isEqual(to: $1) }
  }

  /// The overlay of a kind; set, it takes the place of the one that is there, or lies uppermost.
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

  /// Lays something over everything else.
  mutating func push(_ overlay: some Overlay) { self[type(of: overlay)] = overlay }

  /// Lays something over the panes, below what lies there already.
  mutating func slip(_ overlay: some Overlay) {
    self[type(of: overlay)] = nil
    all.insert(overlay, at: 0)
  }

  mutating func takeTop() -> (any Overlay)? { all.popLast() }

  /// Puts back what was taken, below what was laid there since.
  mutating func putBack(_ overlay: any Overlay, at place: Int) {
    all.insert(overlay, at: min(place, all.count))
  }

  mutating func removeAll(where isOver: (any Overlay) -> Bool) { all.removeAll(where: isOver) }
}

// Keys, clicks and the passing of time go to what lies uppermost.
extension ExplorerModel {
  /// Where the keys of the uppermost overlay are looked up; nil when nothing lies over the panes.
  var overlay: KeyContext? { overlays.top?.context }

  /// Whether something lies over the panes, so that none of them has the focus.
  var isCovered: Bool { overlays.top?.coversPanes == true }

  /// Rows of a screen that a page of an overlay moves by.
  var overlayPage: Int { max(1, size.rows - 8) }

  /// Hands something to the uppermost overlay; nil when nothing lies there, or it means nothing.
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

  /// The mouse where something lies over the panes.
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

  /// Closes what nobody waits for any more, and says so.
  mutating func closeLateOverlays() {
    let model = self
    let reasons = overlays.all.compactMap { $0.reasonToClose(in: model) }
    guard !reasons.isEmpty else { return }
    overlays.removeAll { $0.reasonToClose(in: model) != nil }
    for reason in reasons { say(reason) }
  }
}
