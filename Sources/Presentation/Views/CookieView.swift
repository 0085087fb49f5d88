import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The way of the application’s cookie: where it is set, and where it is wanted back.
  public static let cookie = DetailView(
    "cookie", "Cookie",
    applies: {
      ($0.shownStage == .authorize || $0.shownStage == .callback) && $0.seenTranscript.cookie != nil
    }
  ) { $0.cookie() }
}

extension Reader {
  /// How the cookie is set, what each request of the browser carried, and by which rule.
  func cookie() -> Document {
    if isConcealed { return puzzle() }
    guard let told = CookieDocument(transcript, redactor) else {
      return nothing(absence ?? "This application sets no cookie.")
    }
    let isEnd = stage == .callback
    // In a drill the requests are told, and what to think of them is not.
    let isCovered = model.coversVerdicts
    var document = Document()
    addFailure(to: &document)
    document.heading(
      "The application\u{2019}s cookie",
      note: isCovered ? "" : isEnd ? told.short : "set before leaving")
    add("name", told.name, to: &document)
    add("attributes", told.attributes, to: &document)
    if isEnd, !isCovered, let verdict = told.verdict, let why = told.why {
      document.add(
        .paragraph([Verdicts.span(verdict), Span(" " + why)], indent: 0, hanging: 2))
    }
    document.heading("Its way", note: "what the browser sends")
    for hop in isEnd ? told.hops : Array(told.hops.prefix(1)) { add(hop, to: &document) }
    if !isEnd {
      document.paragraph("Wanted back with the answer, at stage 5.", .textMuted)
    }
    if !isCovered { addChoices(told, isEnd, to: &document) }
    document.gap()
    document.paragraph(told.sites, .textMuted)
    return document
  }

  private func addChoices(_ told: CookieDocument, _ isEnd: Bool, to document: inout Document) {
    document.heading(
      "Each way to set it", note: isEnd ? "for this answer" : "for a form post")
    for choice in told.choices {
      document.add(
        .columns(
          [
            Verdicts.span(choice.comesBack ? .pass : .fail), Span(" "),
            Span(TextFitting.pad(choice.words, 13), .textStrong), Span(choice.why),
          ]))
    }
  }

  private func add(_ name: String, _ value: String, to document: inout Document) {
    document.add(.row(TableRow(name: name, nameRole: .wireHeader, value: value)))
  }

  private func add(_ hop: CookieDocument.Hop, to document: inout Document) {
    document.add(
      .columns([
        mark(hop), Span(" "), Span(TextFitting.pad(hop.method, 5), .wireMethod),
        Span(TextFitting.pad(hop.place, 28)), Span(" " + hop.words, .textMuted),
      ]))
  }

  private func mark(_ hop: CookieDocument.Hop) -> Span {
    if hop.isSetting { return Span("+", .statusInfo, .bold) }
    return switch hop.went {
    case true?: Span("\u{25CF}", .statusPass)
    case false?: Span("\u{00B7}", .textMuted)
    case nil: Span("?", .statusPending)
    }
  }
}
