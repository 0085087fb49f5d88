import HybridFlow
import Lab
import OpenID
import Redaction
import TextUI

/// The answer to a round of a drill as plain text.
public enum PlainDrill {
  /// What the points are for, what was wrong, and the lesson.
  public static func text(
    of result: DrillResult, _ round: DrillRound, in transcript: Transcript, _ redactor: Redactor,
    isASCII: Bool
  ) -> String {
    var document = Document()
    document.addDrillResult(result, round, in: transcript, redactor)
    let verdict =
      result.isRight ? "Right" : result.worth > 0 ? "The right family" : "Not this time"
    let lines =
      ["", "## \(verdict): \(result.points) point\(result.points == 1 ? "" : "s")", ""]
      + document.laid(PlainText.columns).map { $0.text } + [""]
    let glyphs: GlyphSet = isASCII ? .ascii : .unicode
    return lines.map { glyphs.applied(to: $0) + "\n" }.joined()
  }
}
