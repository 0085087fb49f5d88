import HybridFlow
import OpenID
import Redaction
import TextUI

extension DetailView {
  /// The stage as a story: what happens, what matters, why it is safe.
  public static let story = DetailView("story", "Story") { $0.story() }
}

extension Reader {
  /// What happens, the values that matter, why it is safe, and the question.
  func story() -> Document {
    if let waiting = watchWaiting() { return waiting }
    var document = Document()
    if case .browserAway(_, let since, let until) = model.situation,
      model.situation.stage == stage, !model.isWatching
    {
      addWaiting(since, until, to: &document)
      return document
    }
    let story = StoryDocument(
      record, in: transcript, transcript.askedType(ResponseType(words: model.summary.responseType)),
      redactor, tellsVerdicts: !isConcealed && !model.coversVerdicts)
    addFailure(to: &document)
    addEdit(to: &document)
    if isAboutToLeave { addCertificate(to: &document) }
    if model.codeClock != .waits { addCodeClock(to: &document) }
    addMarks(of: story, to: &document)
    document.paragraph(story.sentence, .textStrong)
    if story.isAbsent {
      document.gap()
      document.paragraph(absence ?? "", .textMuted)
      return document
    }
    document.gap()
    addValues(of: story, to: &document)
    addProofs(of: story, to: &document)
    document.add(
      .paragraph(
        [Span("What breaks it? ", .textStrong, .bold), Span(story.text.breaks)], indent: 0,
        hanging: 2))
    document.add(
      .link(
        [Span("? ", .statusCurrent, .bold), Span(story.question, .textStrong, .bold)],
        note: [Span("Enter: answer", .textMuted)],
        Target(id: Self.questionTarget(stage), copies: story.question)))
    addUnseen(to: &document)
    if let leftOut = story.leftOut {
      document.paragraph("Not told here: \(leftOut). ] turns to Wire.", .textMuted)
    }
    return document
  }

  /// Adds what is special about the messages behind the story.
  private func addMarks(of story: StoryDocument, to document: inout Document) {
    if story.isPasted {
      document.paragraph("The answer was pasted by the person; nobody saw it travel.", .statusInfo)
    }
    guard !isConcealed, told.failure == nil,
      let name = record.messages.lazy.compactMap(\.tamperedBy).first
    else { return }
    document.paragraph("A message of this stage was changed by the lab: \(name).", .statusWarn)
  }

  private func addValues(of story: StoryDocument, to document: inout Document) {
    let tags = story.values.compactMap(\.news).map { CellWidth.width(of: $0) }.max()
    for value in story.values {
      let id = "story:\(stage.id):\(value.name)"
      var meaning: [Span] = []
      if let tags {
        meaning.append(Span(TextFitting.pad(value.news ?? "", tags) + "  ", .statusInfo, .bold))
      }
      if let verdict = value.verdict { meaning += [Verdicts.span(verdict), Span(" ")] }
      meaning.append(Span(value.words, .text))
      let isSecret = Self.tokenNames.contains(value.name) && !model.revealsSecrets
      document.add(
        .row(
          TableRow(
            name: "  " + value.name, value: value.value,
            valueRole: isSecret ? .wireMasked : .textStrong, fold: id, isOpen: isOpen(id),
            meaning: meaning, copies: value.value, isToken: true, isBrief: true)))
    }
    if !story.values.isEmpty { document.gap() }
  }

  private func addProofs(of story: StoryDocument, to document: inout Document) {
    document.add(
      .paragraph(
        [
          Span(story.text.reason.question + " ", .textStrong, .bold),
          Span(story.text.reason.answer),
        ], indent: 0, hanging: 2))
    let cells = story.proofs.map { proof -> [Span] in
      let mark = proof.verdict.map { [Verdicts.span($0), Span(" ")] } ?? []
      let proves = proof.proves.isEmpty ? [] : [Span(" \u{2192} " + proof.proves, .text)]
      return mark + [Span(proof.what, .wireParameter, .bold)] + proves
    }
    document.add(.grid(cells, indent: 2))
  }

  static func questionTarget(_ stage: Stage) -> String { "question:" + stage.id }
}

extension ExplorerModel {
  /// Turns to the answer, if this is the question of the shown stage; false for other targets.
  mutating func answers(_ target: Target) -> Bool {
    guard target.id.isIdentical(to: Reader.questionTarget(shownStage)) else { return false }
    turn(toAnswerOf: shownStage)
    return true
  }
}
