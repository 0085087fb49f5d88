import HybridFlow
import OpenID
import TextUI

// The top of a view while the run waits, or cannot continue.
extension Reader {
  /// Adds what failed, why, who is responsible, and what to do.
  func addFailure(to document: inout Document) {
    if isConcealed { return }
    addOverruled(to: &document)
    // An action's views are below each other: its checks already show it.
    if !isAction { addLab(to: &document) }
    guard let failure = told.failure else { return }
    document.add(
      .paragraph(
        [
          Verdicts.span(.fail), Span(" " + failure, .statusFail, .bold),
          Span(
            transcript.stop == nil
              ? " The flow itself is complete." : " The flow stops here.", .text),
        ], indent: 0, hanging: 2))
    addBlame(to: &document)
  }

  /// Adds why the run failed, who is responsible, and what to do.
  func addBlame(to document: inout Document) {
    // In the lab the fault is on purpose, and the view already says so.
    guard record.failure != nil, model.summary.lab == nil else { return }
    var rows = [("To blame", RunDocument(transcript, redactor).blame.words)]
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

/// The probable cause of a failure, and what to do about it.
public struct FailureAdvice: Sendable, Equatable {
  /// The cause, in a sentence.
  public var cause: String
  /// What to do.
  public var fix: String

  /// Makes a piece of advice.
  ///
  /// Both texts are turned into sentences.
  public init(cause: String, fix: String) {
    (self.cause, self.fix) = (Self.sentence(cause), Self.sentence(fix))
  }

  private static func sentence(_ text: String) -> String {
    let start = text.capitalized
    return start.isEmpty || start.ends(with: ".") ? start : start + "."
  }
}
