import HybridFlow
import TextUI

extension ExplorerModel {
  private var arrowKey: ScrollKey {
    ScrollKey(pane: .sequence, stage: shownStage, view: .wire)
  }

  /// Marks an arrow of the diagram and scrolls to it.
  mutating func select(arrow index: Int, _ layout: Layout) {
    guard let content = layout.content(of: .sequence) else { return }
    let diagram = SequenceDiagram(self, content)
    guard diagram.arrows.indices.contains(index) else { return }
    let row = index * diagram.rowsPerArrow
    // The name row and the bottom row have no arrow.
    let height = max(diagram.rowsPerArrow, content.height - 2)
    var top = diagram.top
    if row < top { top = row }
    if row + diagram.rowsPerArrow > top + height { top = row + diagram.rowsPerArrow - height }
    var position = scrolls[arrowKey] ?? ScrollPosition()
    position.block = max(0, min(top, diagram.lastTop))
    position.selected = String(index)
    scrolls[arrowKey] = position
  }

  mutating func moveArrow(_ movement: Movement, _ layout: Layout) {
    guard let content = layout.content(of: .sequence) else { return }
    let diagram = SequenceDiagram(self, content)
    guard !diagram.arrows.isEmpty else { return }
    let page = max(1, (content.height - 2) / diagram.rowsPerArrow)
    let next = movement.from(
      diagram.selected ?? 0, page: page, last: diagram.arrows.count - 1)
    select(arrow: next, layout)
  }

  /// Opens the message of the marked arrow.
  mutating func openArrow(_ layout: Layout) {
    guard let content = layout.content(of: .sequence) else { return }
    let diagram = SequenceDiagram(self, content)
    guard let index = diagram.selected else {
      show(.wire)
      return
    }
    open(arrow: diagram.arrows[index], layout)
  }

  /// Shows the content of an arrow: its message, or the checks of an actor.
  mutating func open(arrow: SequenceArrow, _ layout: Layout) {
    let record = seenTranscript[arrow.stage]
    look(at: arrow.stage)
    isTyping = false
    if case .local(let actor) = arrow.kind {
      let isPage = actor == .browser && pageOfShownStage != nil
      show(isPage ? .page : record.checks.isEmpty ? .wire : .checks)
      return
    }
    show(.wire)
    guard let message = arrow.message else { return }
    let layout = self.layout
    guard let block = Reader(self).document(.wire).anchors[message] else { return }
    let lines = lines(of: .detail, layout)
    guard let row = lines.firstIndex(where: { $0.block >= block }) else { return }
    place(top: row, .detail, lines, layout)
  }
}
