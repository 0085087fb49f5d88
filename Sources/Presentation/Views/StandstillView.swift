import HybridFlow
import OpenID

// What stands at the top of a view while the run waits for somebody, or cannot go on.
extension Reader {
  /// What failed, why, who is to blame, and what to do.
  func addFailure(to document: inout Document) {
    // The views of an action stand below each other: its checks have said it.
    if !isAction { addLab(to: &document) }
    guard let failure = record.failure else { return }
    document.add(
      .paragraph(
        [
          Verdicts.span(.fail), Span(" " + shown(failure.message), .statusFail, .bold),
          Span(
            transcript.failure == nil
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
    for (name, text) in rows {
      document.add(
        .paragraph(
          [Span(TextFitting.pad(name, 12), .textStrong, .bold), Span(text)], indent: 2,
          hanging: 12))
    }
    document.gap()
  }

  /// What the person sees elsewhere while the real browser has the flow.
  func addWaiting(_ since: UnixTime, _ until: UnixTime, to document: inout Document) {
    document.add(
      .heading(
        [Span("The real browser has the flow now", .title, .bold)],
        note: [
          Span(
            "waiting \(Distance.clock(seconds: now.seconds - since.seconds)) of "
              + Distance.clock(seconds: until.seconds - since.seconds), .statusCurrent, .bold)
        ]))
    document.paragraph(
      "Sign in on the tenant\u{2019}s own pages, which no application sees. The browser brings the "
        + "answer to \(model.summary.redirectURI).")
    document.gap()
    addRefusal(to: &document)
    let keys: [(String, String)] = [("Esc", " gives up"), ("o", " opens the browser again")]
    document.add(
      .paragraph(
        keys.flatMap { [Span($0.0, .textStrong, .bold), Span($0.1 + "   ", .textMuted)] },
        indent: 0))
    addTunnel(to: &document)
    guard let url = authorizeURL else { return }
    document.heading("If no window came up, open this address")
    document.add(.bytes(shown(url.text), .wireURL, indent: 0))
  }

  /// That a post came which was not the answer to this run.
  private func addRefusal(to document: inout Document) {
    let refused = transcript[.callback].checks.filter(\.isOfRefused)
    guard !refused.isEmpty else { return }
    let names = refused.map(\.id.rawValue).joined(separator: ", ")
    document.add(
      .paragraph(
        [
          Verdicts.span(.warn),
          Span(" A post came that is not the answer to this run: ", .statusWarn, .bold),
          Span(
            "\(names) failed. It was refused and changed nothing; stage 5 shows it. From an old "
              + "window, or from somebody else: go on signing in."),
        ], indent: 0, hanging: 2))
    document.gap()
  }

  /// How the answer finds its way when the browser runs on another machine.
  private func addTunnel(to document: inout Document) {
    guard let redirect = try? WebURL(model.summary.redirectURI), redirect.isLoopback else {
      return
    }
    document.add(
      .line(
        Line([
          Span("Over ssh, come in with  ", .textMuted),
          Span("ssh -L \(redirect.port):localhost:\(redirect.port) HOST", .wireURL),
        ])))
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
