import HybridFlow
import OpenID

extension Reader {
  /// Which actor holds which value by the end of the stage: why form post, why the code.
  func holders() -> Document {
    let values = heldValues()
    guard !values.isEmpty else {
      return nothing(absence ?? "No value of this run exists yet.")
    }
    var document = Document()
    document.heading("Who holds what by the end of stage \(stage.number)")
    document.add(
      .line(
        Line(
          [Span(TextFitting.pad("", 16))]
            + Actor.allCases.map {
              Span(TextFitting.pad($0.word, 13), .textStrong, .bold)
            })))
    for value in values {
      var spans = [Span(TextFitting.pad(HarmlessText.line(value.name), 16), .wireParameter)]
      for actor in Actor.allCases {
        let holds = value.holders.contains(actor)
        let isExposed = holds && value.isSecret && actor == .browser
        spans.append(
          Span(
            TextFitting.pad(holds ? (isExposed ? "\u{25CF} !" : "\u{25CF}") : "\u{00B7}", 13),
            isExposed ? .statusWarn : holds ? .text : .textMuted))
      }
      document.add(.line(Line(spans)))
    }
    document.gap()
    document.add(
      .paragraph(
        [
          Span("\u{25CF} ", .text), Span("holds it   ", .textMuted),
          Span("\u{25CF} ! ", .statusWarn),
          Span(
            "a secret in the browser: scripts, extensions and whoever sits there can read it",
            .textMuted),
        ], indent: 0))
    document.gap()
    document.paragraph(
      "What the browser holds can be read and changed there. So the answer travels by form post, "
        + "which no history and no log keeps; the code is worth nothing without the verifier and "
        + "the client secret, which never pass through it; and the tokens that count come past it.",
      .textMuted)
    return document
  }

  /// The values up to this stage, each once, with everybody who has come to hold it.
  private func heldValues() -> [FlowValue] {
    var values: [FlowValue] = []
    for record in transcript.stages where record.stage <= stage {
      for value in record.values {
        if let index = values.firstIndex(where: {
          $0.name == value.name && $0.value.isIdentical(to: value.value)
        }) {
          values[index].holders += value.holders.filter { !values[index].holders.contains($0) }
        } else {
          var named = value
          // Two tokens of one kind are told apart by the order in which they came.
          if values.contains(where: { $0.name == value.name }) { named.name += " (2)" }
          values.append(named)
        }
      }
    }
    return values
  }
}
