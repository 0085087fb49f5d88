import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The checklist of the rules of the run.
  public static let rules = DetailView(
    "rules", "Rules", applies: { $0.seenTranscript.rules != .openID }
  ) { $0.rules() }
}

extension Reader {
  /// Every rule of the checklist: whether it held, broke, or was not judged.
  func rules() -> Document {
    if isConcealed || model.coversVerdicts { return puzzle() }
    guard let told = RulesDocument(transcript) else {
      return nothing("This run has no rules beyond those of OpenID Connect.")
    }
    var document = Document()
    document.heading(told.title, note: told.summary)
    for row in told.rows {
      let isBad = row.verdict == .fail
      document.add(
        .marked(
          MarkedRow(
            mark: Verdicts.span(row.verdict), isAlarming: isBad, name: row.id, nameWidth: 3,
            said: row.text, source: row.source.short, isStrong: isBad,
            target: Target(id: "rule:\(row.id)", copies: row.text))))
      guard !row.why.isEmpty else { continue }
      document.add(
        .paragraph([Span(row.why, isBad ? .statusFail : .textMuted)], indent: 6))
    }
    return document
  }
}
