import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The account that the login opened; stage 10.
  public static let account = DetailView(
    "account", "Account",
    applies: { $0.shownStage == .data && $0.seenTranscript[.data].account != nil }
  ) { $0.account() }
}

extension Reader {
  /// The accounts before, the key, and the row that the person got.
  func account() -> Document {
    if isConcealed { return puzzle() }
    guard let told = told.account else { return nothing(absence ?? "No account was looked up.") }
    // In a drill the accounts are told, and what to think of the choice is not.
    let isCovered = model.coversVerdicts
    var document = Document()
    addFailure(to: &document)
    document.heading("Whose account?", note: isCovered ? "" : told.short)
    for part in told.key {
      document.add(
        .row(
          TableRow(
            name: part.name, nameRole: .jsonKey, value: part.value,
            meaning: [Span("looked up by it", .textMuted)])))
    }
    if !isCovered {
      document.add(
        .paragraph(
          [
            told.isWrong ? Verdicts.span(.fail) : Verdicts.span(.pass),
            Span(" " + told.briefSentence.capitalized),
          ], indent: 0, hanging: 2))
    }
    document.heading("The accounts of this application", note: "\(told.rows.count) rows")
    for row in told.rows {
      add(
        row, isWrong: told.isWrong && !isCovered, isStopped: told.isStopped && !isCovered,
        to: &document)
    }
    if !isCovered { addKeys(told, to: &document) }
    document.gap()
    document.paragraph(
      "Only iss and sub together name one person for good. An e-mail address is what an issuer wrote "
        + "there; a sub is unique at its own issuer only.", .textMuted)
    return document
  }

  private func addKeys(_ told: AccountDocument, to document: inout Document) {
    document.heading("By which key, to whom")
    for (key, leads, isWrong) in told.alternatives {
      document.add(
        .columns(
          [
            Verdicts.span(isWrong ? .fail : .pass), Span(" "),
            Span(TextFitting.pad(key, 20), .textStrong), Span(leads),
          ]))
    }
  }

  private func add(
    _ row: AccountDocument.Row, isWrong: Bool, isStopped: Bool, to document: inout Document
  ) {
    let arrow =
      row.isReached
      ? Span(isStopped ? "\u{25B7} " : "\u{25B6} ", isWrong ? .statusFail : .statusCurrent, .bold)
      : Span("  ")
    document.add(
      .line(
        Line(
          [
            arrow, Span("\(row.number)  ", .textMuted), Span(row.owner, .textStrong, .bold),
            Span("  " + row.email),
          ], note: [Span(row.mark, row.mark == "new" ? .statusInfo : .statusWarn)])))
    document.add(
      .paragraph(
        [
          Span(row.openedBy, .textMuted),
          Span(row.subject.isEmpty ? "" : "  " + row.subject, .textMuted),
        ], indent: 5, hanging: 0))
  }
}
