import HybridFlow
import OpenID
import TextUI

/// Where the person's browser is, judging by the environment.
public enum BrowserReach: String, Sendable, Hashable, CaseIterable {
  /// On this machine's own desktop.
  case here
  /// Perhaps on another machine, because this session uses SSH.
  case overSSH
  /// Not on this machine: it has no display.
  case noDisplay

  /// The command that forwards the response from another machine; nil if it cannot arrive.
  public static func tunnel(to redirectURI: WebURL) -> String? {
    guard redirectURI.isLoopback else { return nil }
    let host = redirectURI.host.holds(":") ? "[\(redirectURI.host)]" : redirectURI.host
    return "ssh -L \(redirectURI.port):\(host):\(redirectURI.port) HOST"
  }
}

// What the person sees in the real browser during the wait.
extension Reader {
  func addWaiting(_ since: UnixTime, _ until: UnixTime, to document: inout Document) {
    document.add(
      .heading(
        [
          Span(
            model.summary.awaitsPaste
              ? "Sign in, and paste the answer" : "The real browser has the flow now", .title, .bold
          )
        ],
        note: [
          Span(
            "waiting \(Distance.clock(seconds: now.seconds - since.seconds)) of "
              + "\(Distance.clock(seconds: until.seconds - since.seconds)), until "
              + CivilTime(until).clock, .statusCurrent, .bold)
        ]))
    addWaitingKeys(to: &document)
    if model.summary.awaitsPaste { addPasteAdvice(to: &document) }
    addCertificate(to: &document)
    addStrays(to: &document)
    // Without a browser on this machine the alternatives come first.
    let isHere = model.summary.reach == .here && !model.summary.awaitsPaste
    if isHere { addScene(to: &document) }
    if !model.summary.awaitsPaste { addReach(to: &document) }
    addAddress(to: &document)
    if !isHere {
      document.heading("What the person sees there")
      addScene(to: &document)
    }
  }

  private func addAddress(to document: inout Document) {
    guard let url = authorizeURL else { return }
    document.heading(
      model.summary.reach == .here && !model.summary.awaitsPaste
        ? "If no window came up, open this address" : "Open this address in a browser",
      note: "\(model.keyName(of: .copyAddress)) copies it")
    document.add(.bytes(shown(url.text), .wireURL, indent: 0))
  }

  /// Adds what arrived, or was opened, without ending the wait.
  private func addStrays(to document: inout Document) {
    let notes = transcript[.prompt].notes + transcript[.authenticate].notes
    for note in notes.suffix(3) {
      document.add(
        .paragraph(
          [
            note.warns ? Verdicts.span(.warn) : Span(" "),
            Span(" " + CivilTime(note.at).clock + "  ", .textMuted),
            Span(shown(note.text), note.warns ? .statusWarn : .text),
          ], indent: 0, hanging: 2))
    }
    document.gap()
  }

  /// Adds what is on the person's screen now.
  private func addScene(to document: inout Document) {
    let host = authorizeURL?.host ?? model.summary.tenantName
    if let seen = servedPage {
      document.paragraph("The person sees there: \(seen)")
    } else {
      document.paragraph(
        "The person sees the sign-in page of \(HarmlessText.line(host)) there, or is signed in "
          + "already. No application sees what is typed into it."
          + (model.summary.pages.isEmpty ? "" : " Then perhaps:"))
      for page in model.summary.pages {
        document.add(
          .paragraph([Span("\u{2022} ", .textMuted), Span(page)], indent: 2, hanging: 2))
      }
    }
    guard !model.summary.awaitsPaste else { return document.gap() }
    document.paragraph(
      "At the end the browser posts the answer to \(model.summary.redirectURI) and shows a page "
        + "that may be closed. Where the tenant shows an error page instead, nothing will arrive.")
    document.gap()
  }

  /// The title of the last page that the demo tenant served.
  private var servedPage: String? {
    let messages = transcript[.prompt].messages + transcript[.authenticate].messages
    guard
      let last = messages.last(where: {
        $0.evidence == .observed && $0.response?.headers.mediaType == "text/html"
      }), let response = last.response, let url = try? WebURL(last.url),
      let page = try? HTMLPage(bytes: response.body, url: url), !page.title.isEmpty
    else { return nil }
    return "\u{201C}\(HarmlessText.line(page.title))\u{201D}, a page of the demo tenant."
  }

  /// What to know before the browser leaves for a sign-in whose answer goes elsewhere.
  private func addPasteAdvice(to document: inout Document) {
    guard let uri = try? WebURL(model.summary.redirectURI) else { return }
    let paste = model.keyName(of: OpenCommand.paste.action)
    document.heading("The answer goes to \(uri.origin), not to this machine")
    document.paragraph(
      "The code in it is good only once: if the site there redeems it first, you will see "
        + "invalid_grant. So keep the answer from the site, before you sign in:")
    let steps = [
      "Open the address below in a browser, and its developer tools (F12).",
      "Block the request to \(uri.origin)\(uri.path) there, and sign in.",
      "The blocked request stands under Network: copy it as cURL, or its form data, or the address "
        + "with what stands behind the #. Press \(paste) here and paste it.",
    ]
    for (index, step) in steps.enumerated() {
      document.add(
        .paragraph([Span("\(index + 1)  ", .textMuted), Span(step)], indent: 2, hanging: 3))
    }
    document.gap()
  }

  private func addWaitingKeys(to document: inout Document) {
    let keys = [
      (PaneCommand.giveUp.action, "gives up"),
      (
        PaneCommand.browser.action,
        model.summary.awaitsPaste ? "opens the browser" : "opens the browser again"
      ),
      (OpenCommand.paste.action, "pastes the answer"),
      (PaneCommand.copyAddress.action, "copies the address"),
    ]
    document.add(
      .paragraph(
        keys.flatMap {
          [
            Span(model.keyName(of: $0.0), .textStrong, .bold),
            Span(" " + $0.1 + "   ", .textMuted),
          ]
        }, indent: 0))
    document.gap()
  }

  /// Adds how the response arrives when the browser is on another machine.
  private func addReach(to document: inout Document) {
    guard let redirect = try? WebURL(model.summary.redirectURI),
      let tunnel = BrowserReach.tunnel(to: redirect)
    else { return }
    let paste = model.keyName(of: OpenCommand.paste.action)
    guard model.summary.reach != .here else {
      document.add(
        .line(
          Line([
            Span("From another machine:  ", .textMuted), Span(tunnel, .wireURL),
            Span("  or \(paste)", .textMuted),
          ])))
      return
    }
    document.heading(
      model.summary.reach == .overSSH
        ? "This session came by SSH: the browser is elsewhere"
        : "This machine has no display: the browser is elsewhere")
    document.add(
      .line(
        Line([
          Span("At the browser\u{2019}s machine:  ", .textMuted), Span(tunnel, .wireURL, .bold),
        ])))
    document.paragraph(
      "Through that tunnel the answer arrives by itself. Without it the browser ends at an error, "
        + "but has the answer: open its developer tools before the last page, under Network take "
        + "the POST to \(redirect.path), copy its form data or \u{201C}Copy as cURL\u{201D}, and "
        + "press \(paste) here.")
  }
}
