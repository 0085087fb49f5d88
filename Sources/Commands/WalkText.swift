import Export
import HybridFlow
import Presentation
import Redaction

/// The output of a run in progress: JSON lines, headings and lists, or a table.
///
/// Live runs and recordings share it, so that their outputs are alike.
struct WalkText {
  let style: RunStyle
  let masker: Redactor

  var plain: PlainWalk { PlainWalk(masker: masker, glyphs: style.isASCII ? .ascii : .unicode) }

  func stage(_ record: StageRecord, of transcript: Transcript) -> String {
    if style.isJSON { return RunJSON.text(of: RunJSON.stage(record, masker: masker)) }
    if style.isPlain { return plain.stage(record.stage, of: transcript) }
    return RunText(isASCII: style.isASCII, masker: masker).stage(record)
  }

  func action(_ action: AfterRecord, of transcript: Transcript) -> String {
    if style.isJSON { return RunJSON.text(of: RunJSON.action(action, masker: masker)) }
    if style.isPlain { return plain.action(action, of: transcript) }
    return RunText(isASCII: style.isASCII, masker: masker).action(action)
  }
}
