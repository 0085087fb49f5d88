import Export
import HybridFlow
import Presentation
import Redaction

/// What is printed of a walk as it goes on: JSON lines, headings and lists, or a table.
///
/// One for a live run and for a recording, so that they read alike.
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
