import HybridFlow
import OpenID
import TextUI

// Stage 7: the tenant's checks, beside what can be inferred from outside.
extension Reader {
  /// Adds the tenant’s ledger if it is visible, and the explorer's inferences from the response.
  func addLedger(to document: inout Document) {
    guard !isConcealed, !record.serverChecks.isEmpty else { return }
    // Failures come first; the rest in the order of the checks.
    let checks =
      told.ledger.filter { $0.passed == false } + told.ledger.filter { $0.passed != false }
    if answers(.ledger) { document.opensHere() }
    guard checks.contains(where: \.isObserved) else {
      return addInference(checks, to: &document)
    }
    let outside = told.inferences
    let names = checks.map { CellWidth.width(of: $0.what) }.max() ?? 0
    document.heading("The tenant\u{2019}s ledger, and what is known from outside")
    document.add(
      .columns([
        Span(
          TextFitting.pad("  observed at the tenant", min(names, Self.ledgerWidth) + 3),
          .textMuted, .bold), Span("known from outside", .textMuted, .bold),
      ]))
    for check in checks {
      let known = outside.first { Self.counterpart(of: check.id) == $0.id }
      let what = Self.cell(check.what, min(names, Self.ledgerWidth))
      document.add(
        .columns(
          [Self.mark(check.passed), Span(" "), Span(what, .textStrong)]
            + (known.map {
              [Self.mark($0.passed), Span(" " + basis(of: $0))]
            } ?? [Span("\u{00B7} not to be seen", .textMuted)]),
          note: [Span(check.source.short, .textMuted)]))
      if !check.detail.isEmpty {
        document.add(.paragraph([Span(check.detail, .textMuted)], indent: 4))
      }
    }
    document.gap()
    document.add(
      .paragraph(
        [
          Span("Observed ", .textStrong, .bold),
          Span("is what the demo tenant wrote down itself. ", .textMuted),
          Span("Inferred ", .textStrong, .bold),
          Span(
            "is what an application may conclude from the answer: a tenant that skips a check would "
              + "answer just the same.", .textMuted),
        ], indent: 0))
    addOwnList(besides: checks, to: &document)
  }

  private static let ledgerWidth = 39
  /// Without a second column, a rule has more room.
  private static let inferenceWidth = 48

  /// A text padded to its column, always with a gap after it.
  private static func cell(_ text: String, _ width: Int) -> String {
    TextFitting.pad(text, width) + " "
  }

  /// The basis of an inferred check.
  private func basis(of check: LedgerLine) -> String {
    check.passed == nil ? "not shown" : check.detail
  }

  /// Adds the checks of a tenant without a visible ledger, with the basis of each.
  private func addInference(_ checks: [LedgerLine], to document: inout Document) {
    document.heading("What the tenant must verify", note: "none of it can be observed")
    let names = checks.map { CellWidth.width(of: $0.what) }.max() ?? 0
    for check in checks {
      let what = Self.cell(check.what, min(names, Self.inferenceWidth))
      let basis =
        check.passed == nil ? "not shown: \(check.detail)" : check.detail
      document.add(
        .columns(
          [
            Self.mark(check.passed), Span(" "), Span(what, .textStrong), Span(basis, .textMuted),
          ], note: [Span(check.source.short, .textMuted)]))
    }
    document.gap()
    document.paragraph(
      "Inferred is not observed: a tenant that skips a check would answer just the same. With the "
        + "demo tenant this stage shows the tenant\u{2019}s own ledger.", .textMuted)
  }

  /// Adds the explorer's inferences that the ledger does not contain.
  private func addOwnList(besides checks: [LedgerLine], to document: inout Document) {
    let named = Set(checks.compactMap { Self.counterpart(of: $0.id) })
    let missing = told.inferences.filter { !named.contains($0.id) }
    guard !missing.isEmpty else { return }
    document.heading("On the explorer\u{2019}s list only")
    for check in missing {
      document.add(
        .line(
          Line(
            [Self.mark(check.passed), Span(" "), Span(check.what)],
            note: [Span(check.detail, .textMuted)])))
    }
  }

  private static func mark(_ passed: Bool?) -> Span {
    switch passed {
    case true?: Verdicts.span(.pass)
    case false?: Verdicts.span(.fail)
    case nil: Span("?", .statusPending)
    }
  }

  /// The inference that corresponds to a rule of the ledger.
  private static func counterpart(of rule: String) -> String? {
    switch rule {
    case "client-authenticated", "assertion-signature": "client-authenticated"
    case "code-known", "code-unexpired": "code-known"
    case "code-unused": "code-unused"
    case "code-client": "code-client"
    case "code-redirect-uri": "redirect-uri"
    case "code-pkce": "pkce"
    default: nil
    }
  }
}
