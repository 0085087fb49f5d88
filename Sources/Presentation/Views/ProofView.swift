import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The proof of possession that goes with a request.
  public static let proof = DetailView(
    "proof", "Proof",
    applies: { ProofDocument.exists($0.shownStage, $0.seenTranscript) }
  ) { $0.proof() }
}

extension Reader {
  /// Each claim of the proof, and what it ties the request to.
  func proof() -> Document {
    if isConcealed { return puzzle() }
    guard let told = ProofDocument(stage, transcript) else {
      return nothing("The proof cannot be read: it was not kept, or it is no JWT.")
    }
    var document = Document()
    addFailure(to: &document)
    document.heading(
      "What the proof ties this request to",
      note: told.count > 1 ? "the last of \(told.count) proofs" : "header DPoP")
    let fields = told.rows.map { CellWidth.width(of: $0.field) }.max() ?? 0
    let claims = told.rows.map { CellWidth.width(of: $0.claim) }.max() ?? 0
    for row in told.rows {
      document.add(
        .paragraph(
          [
            Span(TextFitting.pad(row.field, fields), .wireParameter),
            Span(" \u{25C0}\u{2500}\u{2500}\u{2500} ", .border),
            Span(TextFitting.pad(row.claim, claims), .jsonKey, .bold), Span("  "),
            Span(shown(row.value)), Span("  " + row.how, .textMuted),
          ], indent: 0, hanging: fields + claims + 8))
    }
    document.gap()
    document.add(
      .paragraph(
        [
          Span("Signed with ", .textMuted), Span(shown(told.algorithm), .textStrong),
          Span(" by a key that never leaves the application. ", .textMuted),
          Span("The public key stands in the header of the proof: jwk.", .textMuted),
        ], indent: 0, hanging: 0))
    if let thumbprint = told.thumbprint {
      document.add(
        .paragraph(
          [Span("jkt  ", .jsonKey, .bold), Span(thumbprint)], indent: 0, hanging: 5))
      document.paragraph(binding(told), .textMuted)
    }
    document.gap()
    document.paragraph(
      stage == .api
        ? "Whoever copies this request has a token and one used proof. The next call wants a new proof, "
          + "and only the key makes one."
        : "Whoever copies this request can send it nowhere else, and not again. The key stays here.",
      .textMuted)
    return document
  }

  /// What the thumbprint of the key is for.
  private func binding(_ told: ProofDocument) -> String {
    switch stage {
    case .authorize: return "The thumbprint of that key: the code will be bound to it."
    case .api:
      guard let isBound = told.isBound, !model.coversVerdicts else {
        return "The thumbprint of that key: the token is bound to it."
      }
      return isBound
        ? "The thumbprint of that key. The access token has the same one in cnf."
        : "The thumbprint of that key. The access token has another one in cnf."
    default:
      return "The thumbprint of that key: the tenant writes it into cnf of the access token."
    }
  }
}
