import Export
import HybridFlow
import Presentation
import Redaction
import TextUI

/// The output of a run in progress: JSON lines, headings and lists, or a table.
///
/// Live runs and recordings share it, so that their outputs are alike.
struct WalkText {
  let style: RunStyle
  let redactor: Redactor

  var plain: PlainWalk {
    PlainWalk(
      redactor: redactor, glyphs: style.print.isASCII ? .ascii : .unicode, isFull: style.isFull)
  }

  func stage(_ record: StageRecord, of transcript: Transcript) -> String {
    if style.isJSON { return RunJSON.text(of: RunJSON.stage(record, redactor: redactor)) }
    if style.isPlain { return plain.stage(record.stage, of: transcript) }
    return RunText(style.print, redactor: redactor).stage(record)
  }

  func action(_ action: AfterRecord, of transcript: Transcript) -> String {
    if style.isJSON { return RunJSON.text(of: RunJSON.action(action, redactor: redactor)) }
    if style.isPlain { return plain.action(action, of: transcript) }
    return RunText(style.print, redactor: redactor).action(action)
  }
}
