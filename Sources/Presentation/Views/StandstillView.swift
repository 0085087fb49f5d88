import HybridFlow
import OpenID

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
    guard let failure = record.failure, model.summary.lab == nil else { return }
    let blame =
      switch failure {
      case .provider: "the provider, or how it was set up"
      case .environment: "the machine or the network"
      case .person: "nobody: it was the person\u{2019}s choice"
      }
    var rows = [("To blame", blame)]
    if let advice = model.advice {
      rows = [("Why", shown(advice.cause))] + rows + [("What to do", shown(advice.fix))]
    }
    rows += retryRows
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
    let start = text.prefix(1).uppercased() + text.dropFirst()
    return start.isEmpty || start.hasSuffix(".") ? start : start + "."
  }
}
