import HybridFlow

extension Reader {
  /// The lesson of the stage.
  func explain() -> Document {
    var document = Document()
    document.add(
      .paragraph([Span("\(stage.number) \u{00B7} \(stage.sentence)", .title, .bold)], indent: 0))
    for paragraph in Glossary.lesson(for: stage) {
      document.gap()
      document.paragraph(paragraph)
    }
    return document
  }
}
