import HybridFlow
import Lab
import OpenID
import Platform
import Presentation

/// The pages of a workshop to hand out: its questions, or its answers too.
public struct WorkshopHandout: Sendable {
  private let workshop: Workshop
  private let tellsAnswers: Bool

  /// Makes the pages of a workshop.
  public init(_ workshop: Workshop, tellsAnswers: Bool) {
    (self.workshop, self.tellsAnswers) = (workshop, tellsAnswers)
  }

  /// Writes `workshop.md` and `workshop.html` into a folder, which is made if need be.
  ///
  /// - Returns: The paths.
  /// - Throws: ``UsageError`` that names the file and the reason.
  public func write(to folder: String) throws(UsageError) -> [String] {
    let name = tellsAnswers ? "workshop-answers" : "workshop"
    try OutputFolder.write(markdown, to: name + ".md", in: folder)
    try OutputFolder.write(html, to: name + ".html", in: folder)
    return [".md", ".html"].map { "\(folder)/\(name)\($0)" }
  }

  private func heading(_ index: Int) -> String {
    "\(index + 1). \(workshop.entries[index].title) (\(workshop.spanText(of: index)) min)"
  }

  /// What is told of an entry, each part with its title.
  private func parts(_ entry: WorkshopEntry) -> [(title: String, text: String)] {
    var parts = [("Question", entry.question)]
    if let id = entry.fault, tellsAnswers || !entry.isCheckOff {
      parts.append(("To see it again", "hybrid-flow explore --lab \(id)"))
    }
    guard tellsAnswers else { return parts }
    parts.append(("Answer", entry.answer))
    if let fault = entry.fault.flatMap(Lab.fault) {
      parts.append(("What is done", fault.does))
      parts.append(("Check", fault.caughtBy))
      parts.append(("Lesson", fault.lesson))
      parts.append(("To read on", fault.sections.map(\.description).joined(separator: "; ")))
    }
    return parts
  }

  /// As Markdown.
  public var markdown: String {
    var page = MarkdownText()
    page.heading(1, workshop.title)
    for (index, entry) in workshop.entries.enumerated() {
      page.heading(2, heading(index))
      for (title, text) in parts(entry) {
        page.markdown("**\(MarkdownText.plain(title)):** \(MarkdownText.plain(text))")
        page.gap()
      }
      if !tellsAnswers {
        page.markdown("Your answer:")
        page.gap()
      }
    }
    return page.text
  }

  /// As one page that needs nothing else.
  public var html: String {
    var page = HTMLText(title: workshop.title)
    page.add("h1", workshop.title)
    for (index, entry) in workshop.entries.enumerated() {
      page.add("h2", heading(index))
      for (title, text) in parts(entry) {
        page.add("p", "\(title): \(text)", class: title == "Question" ? "" : "soft")
      }
      if !tellsAnswers { page.add("p", "Your answer:", class: "soft") }
    }
    return page.html
  }
}
