import HybridFlow
import Lab
import OpenID
import TextUI

/// The sequence diagram: names pinned, the current message at two thirds.
///
/// It has four lanes, and a fifth one while there is an attacker.
struct SequenceDiagram {
  let arrows: [SequenceArrow]
  let content: Rect
  let shown: Stage
  /// The arrow with heavy lines; nil if nothing has happened up to the shown stage.
  let current: Int?
  /// The arrow that Enter opens: the marked one, or the current one.
  let selected: Int?
  let rowsPerArrow: Int
  /// Who has forged or spoilt a message that is drawn.
  let culprit: Culprit?
  /// The first visible row below the names.
  let top: Int
  let lastTop: Int

  init(_ model: ExplorerModel, _ content: Rect) {
    let limit = model.modes.hidesFuture ? model.shownStage : .data
    let all = SequenceArrow.all(
      in: model.seenTranscript, concealing: model.modes.verdictAsked,
      concealsAll: model.coversVerdicts, words: model.forgedWords
    ).filter { $0.stage <= limit }
    culprit =
      all.contains { $0.forgery != nil || $0.barrier != nil } ? model.seenTranscript.culprit : nil
    arrows = all
    self.content = content
    shown = model.shownStage
    let upToNow = arrows.lastIndex { $0.stage <= model.shownStage }
    // A message is preferred to the checks after it, an incoming message to our own redirect, and
    // the API's response to that of userinfo.
    func last(_ counts: (Actor) -> Bool) -> Int? {
      all.lastIndex { arrow in
        guard arrow.stage == model.shownStage, case .message(let from, _) = arrow.kind else {
          return false
        }
        return counts(from)
      }
    }
    let message =
      switch model.shownStage {
      case .callback: last { $0 != .application } ?? last { _ in true }
      case .data: last { $0 == .api } ?? last { _ in true }
      default: last { _ in true }
      }
    current = message ?? upToNow
    let position = model.scrolls[
      ScrollKey(pane: .sequence, stage: model.shownStage, view: .wire)]
    let count = arrows.count
    selected =
      position?.selected.flatMap { Int($0) }.flatMap { (0..<count).contains($0) ? $0 : nil }
      ?? current
    let height = max(1, content.height - 1)
    rowsPerArrow = arrows.count * 3 < height ? 3 : 2
    let total = arrows.count * rowsPerArrow
    lastTop = max(0, total - height)
    if let position {
      top = min(lastTop, position.block)
    } else {
      let row = (upToNow ?? 0) * rowsPerArrow
      let wanted = max(0, row + rowsPerArrow - max(rowsPerArrow, height * 2 / 3 + 1))
      let aligned = (wanted + rowsPerArrow - 1) / rowsPerArrow * rowsPerArrow
      let followed = min(aligned, (lastTop + rowsPerArrow - 1) / rowsPerArrow * rowsPerArrow)
      // The current message is visible even in a low pane.
      top = min(followed, (current ?? 0) * rowsPerArrow)
    }
  }
}
