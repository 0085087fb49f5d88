import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The answer as one signed message.
  public static let signedAnswer = DetailView(
    "signed", "Signed",
    applies: {
      $0.shownStage == .callback && $0.seenTranscript.token(.idToken, .front)?.claims != nil
    }
  ) { $0.signedAnswer() }
}

extension Reader {
  /// Each part of the answer, and the claim of the signed ID token that pins it.
  func signedAnswer() -> Document {
    if isConcealed { return puzzle() }
    guard let told = SignedAnswerDocument(transcript) else {
      return nothing(absence ?? "No ID token came through the browser.")
    }
    // In a drill the claims are told, and what to think of them is not.
    let isCovered = model.coversVerdicts
    var document = Document()
    addFailure(to: &document)
    document.heading("The answer as one signed message", note: "each part, and what pins it")
    let fields = told.rows.map { CellWidth.width(of: $0.field) }.max() ?? 0
    let claims = told.rows.map { CellWidth.width(of: $0.claim ?? "") }.max() ?? 0
    for row in told.rows {
      let isBad = row.verdict == .fail || row.verdict == .warn
      let mark: Span =
        isCovered
        ? Span(" ")
        : row.claim == nil && !isBad
          ? Span("\u{00B7}", .textMuted)
          : row.verdict.map(Verdicts.span) ?? Span("?", .statusPending)
      let arrow =
        row.claim == nil
        ? Span("      ") : Span(" \u{25C0}\u{2500}\u{2500}\u{2500} ", .border)
      document.add(
        .columns([
          mark, Span(" "), Span(TextFitting.pad(row.field, fields), .wireParameter), arrow,
          Span(TextFitting.pad(row.claim ?? "", claims), .jsonKey, .bold), Span("  "),
          Span(row.how, row.claim == nil ? .statusWarn : .textMuted),
        ]))
    }
    for name in told.loose {
      document.add(
        .columns([
          Span("\u{00B7} ", .textMuted), Span(TextFitting.pad(shown(name), fields), .wireParameter),
          Span("      "), Span(TextFitting.pad("", claims)), Span("  "),
          Span("no claim covers it", .textMuted),
        ]))
    }
    let rule = String(repeating: "\u{2500}", count: fields + claims + 8)
    document.line(rule, .border)
    let key = told.keyID.map { ", key \(shown($0))" } ?? ""
    document.add(
      .paragraph(
        [
          isCovered ? Span(" ") : told.signature.map(Verdicts.span) ?? Span("?", .statusPending),
          Span(" the tenant\u{2019}s signature over all these claims: "),
          Span(shown(told.algorithm), .textStrong), Span(key),
        ], indent: 0, hanging: 2))
    document.gap()
    document.paragraph(
      told.isWhole
        ? "Nothing in this answer can be exchanged without breaking the signature. That is why FAPI "
          + "wants the hybrid flow: the ID token signs the whole answer."
        : "What a claim pins cannot be exchanged unseen. For the rest the application has its own "
          + "comparison, or none.", .textMuted)
    return document
  }
}
