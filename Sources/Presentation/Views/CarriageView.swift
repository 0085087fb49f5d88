import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// Where each parameter of a signed or pushed request stands.
  public static let carriage = DetailView(
    "carriage", "Signed request",
    applies: {
      $0.shownStage == .authorize && $0.seenTranscript[.authorize].draft?.isWrapped == true
    },
    isEmpty: { RequestCarriageDocument($0.seenTranscript) == nil }
  ) { $0.carriage() }
}

extension Reader {
  private static let columns = ["browser", "signed", "pushed"]

  /// Outside, inside the request object, at PAR: who signs what, and who can see what.
  func carriage() -> Document {
    if isConcealed { return puzzle() }
    guard let told = RequestCarriageDocument(transcript) else {
      return nothing(absence ?? "The request was not sent.")
    }
    var document = Document()
    addFailure(to: &document)
    document.heading(
      "Where each parameter stands",
      note: told.isPushed ? "pushed first (RFC 9126)" : "by value (RFC 9101)")
    let shares = told.rows.count { $0.isOutside }
    document.paragraph(
      "The browser\u{2019}s address has \(shares) of \(told.rows.count); "
        + (told.algorithm == nil
          ? "none is signed." : "\(told.rows.count { $0.isInside }) are signed."),
      .textMuted)
    let width = min(24, told.rows.map { CellWidth.width(of: $0.name) }.max() ?? 0) + 2
    let widths = Self.columns.map { CellWidth.width(of: $0) }
    document.add(
      .cells(
        [Span(TextFitting.pad("", width))], Self.columns.map { Span($0, .textStrong, .bold) },
        widths: widths))
    for row in told.rows {
      let marks = [row.isOutside, row.isInside, row.isPushed]
      document.add(
        .cells(
          [Span(TextFitting.pad(shown(row.name), width), .wireParameter)],
          marks.enumerated().map { column, isThere in
            isThere
              ? Span("\u{25CF}", column == 0 ? .statusWarn : .statusPass)
              : Span("\u{00B7}", .textMuted)
          }, widths: widths))
    }
    addSigner(told, to: &document)
    return document
  }

  private func addSigner(_ told: RequestCarriageDocument, to document: inout Document) {
    document.gap()
    func add(_ name: String, _ text: String) {
      document.add(
        .paragraph([Span(name + "  ", .textStrong, .bold), Span(text)], indent: 0, hanging: 2))
    }
    add(
      "browser",
      told.isPushed
        ? "It carries a reference, which is good once and says nothing. Whoever reads along there "
          + "learns no more."
        : "It carries the request object. Whoever reads along can read it, and cannot change it.")
    if let algorithm = told.algorithm {
      let key = told.keyID.map { ", key \(shown($0))" } ?? ""
      add(
        "signed",
        "By the client, with \(shown(algorithm))\(key). The tenant uses what is inside, and nothing "
          + "that stands beside it.")
    } else {
      add("signed", "Nothing: the tenant knows who pushed it, and cannot prove it to others.")
    }
    if told.isPushed {
      add(
        "pushed",
        "From the application to the tenant over the back channel, where the client proves itself.")
    }
  }
}
