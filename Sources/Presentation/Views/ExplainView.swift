import HybridFlow
import Lab
import OpenID
import TextUI

extension DetailView {
  /// The lesson.
  public static let explain = DetailView(
    "explain", "Explain", hasOwnPane: true, tellsOfRun: false
  ) { $0.explain() }
}

extension Reader {
  /// The lesson of the stage; the last stage adds when to choose this flow at all.
  func explain() -> Document {
    var document = Document()
    if let run = model.summary.lab, run.entry.stage == stage {
      document.heading("In the lab: \(run.entry.id)")
      document.gap()
      if run.isCheckOff {
        document.paragraph(
          "Switched off in this run: \(run.entry.switched.joined(separator: ", ")).", .statusFail)
        document.gap()
        document.line("What a real application would have done", .textStrong, .bold)
        document.paragraph(run.entry.rightReaction)
        document.gap()
      }
      if isConcealed {
        document.paragraph(run.entry.does)
      } else {
        document.add(run.entry)
      }
      document.gap()
    }
    add(model.lesson(for: stage), "\(stage.number) \u{00B7} ", to: &document)
    if stage == .data { add(Lessons.comparison, "", to: &document) }
    return document
  }

  private func add(_ lesson: Lesson, _ prefix: String, to document: inout Document) {
    document.heading(prefix + lesson.title)
    for paragraph in lesson.paragraphs {
      document.gap()
      document.paragraph(paragraph)
    }
    for (title, text) in lesson.remarks {
      document.gap()
      document.line(title, .textStrong, .bold)
      document.paragraph(text)
    }
    document.gap()
    document.add(
      .paragraph(
        [Span(lesson.sections.map(\.description).joined(separator: " \u{00B7} "), .textMuted)],
        indent: 0))
  }
}
