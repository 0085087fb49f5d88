import HybridFlow
import OpenID
import TextUI

// What stands at the top of a view while the run waits for somebody, or cannot go on.
extension Reader {
  /// What failed, why, who is to blame, and what to do.
  func addFailure(to document: inout Document) {
    if isConcealed { return }
    addOverruled(to: &document)
    // The views of an action stand below each other: its checks have said it.
    if !isAction { addLab(to: &document) }
    guard let failure = record.failure else { return }
    document.add(
      .paragraph(
        [
          Verdicts.span(.fail), Span(" " + shown(failure.message), .statusFail, .bold),
          Span(
            transcript.stop == nil
              ? " The flow itself is complete." : " The flow stops here.", .text),
        ], indent: 0, hanging: 2))
    addBlame(to: &document)
  }

  /// Why the run failed, who is to blame, and what to do.
  func addBlame(to document: inout Document) {
    // In the lab nobody is to blame but who was asked to do it, and that stands there already.
    guard record.failure != nil, model.summary.lab == nil else { return }
    var rows = [("To blame", transcript.blame?.words ?? "nobody")]
    if let advice = model.advice {
      rows = [("Why", shown(advice.cause))] + rows + [("What to do", shown(advice.fix))]
    }
    rows += retryRows + againRows
    for (name, text) in rows {
      document.add(
        .paragraph(
          [Span(TextFitting.pad(name, 12), .textStrong, .bold), Span(text)], indent: 2,
          hanging: 12))
    }
    document.gap()
  }
}

/// What is probably the matter, and what to do about it.
public struct FailureAdvice: Sendable, Equatable {
  /// Why it happened, in a sentence.
  public var cause: String
  /// What to do.
  public var fix: String

  /// Makes a piece of advice.
  ///
  /// Both become sentences, if they are none.
  public init(cause: String, fix: String) {
    (self.cause, self.fix) = (Self.sentence(cause), Self.sentence(fix))
  }

  private static func sentence(_ text: String) -> String {
    let start = text.capitalized
    return start.isEmpty || start.ends(with: ".") ? start : start + "."
  }
}
