import HybridFlow
import OpenID
import TextUI

extension DetailView {
  /// The page that the built-in browser shows.
  public static let page = DetailView(
    "page", "Page", applies: { $0.pageOfShownStage != nil }, changes: .withKeys
  ) { $0.page() }
}

extension Reader {
  /// A page of the built-in browser, as text and a form.
  func page() -> Document {
    guard let page = model.pageOfShownStage else {
      return nothing("There is no page at this stage.")
    }
    let isLive = model.form?.page == page && model.situation.stage == stage
    let form =
      isLive ? model.form ?? PageForm(page, suggests: false) : PageForm(page, suggests: false)
    var document = Document()
    let title = HarmlessText.line(page.page.title)
    document.add(
      .heading(
        [Span(title.isEmpty ? "A page" : title, .title, .bold)],
        note: [Span(HarmlessText.line(page.url.origin + page.url.path), .textMuted)]))
    if stage == .prompt, model.isPresenting {
      document.paragraph(
        "The page of the tenant, at its own address: the application sees nothing of it.",
        .statusInfo)
      document.gap()
    }
    addText(of: page, form, to: &document)
    document.gap()
    add(form, isLive: isLive, to: &document)
    addPeople(on: page, isSuggested: isLive && form.isSuggested, to: &document)
    return document
  }

  private func addText(of page: BrowserPage, _ form: PageForm, to document: inout Document) {
    let labels = Set(form.items.map(\.label))
    var lines = page.page.lines.map { HarmlessText.line($0) }
    if model.summary.isDemo, let first = people(on: page).first,
      let index = lines.firstIndex(where: { $0.begins(with: first.name) })
    {
      // The table of people is below the form; its headings are short.
      var end = index
      while end > 0, end > index - 4, lines[end - 1].split(at: " ").count <= 4 { end -= 1 }
      lines = Array(lines[..<end])
    }
    let title = HarmlessText.line(page.page.title)
    // The heading already names the page's owner and its address.
    func parts(_ text: String) -> [String] {
      text.split(at: " \u{00B7} ").map { String($0) }
    }
    let said = Set(parts(title) + [page.url.origin, page.url.origin + "/"])
    var isList = false
    for line in lines where !labels.contains(line) && !title.begins(with: line) {
      if parts(line).allSatisfy(said.contains) { continue }
      if page.status >= 400, line.ends(with: ".") {
        document.add(
          .paragraph([Verdicts.span(.fail), Span(" " + line, .statusFail, .bold)], indent: 0))
        continue
      }
      // A list follows a colon, up to the next whole sentence.
      if isList, line.ends(with: ".") {
        isList = false
        document.gap()
      }
      if isList {
        document.add(
          .paragraph([Span("\u{2022} ", .textMuted), Span(line)], indent: 2, hanging: 2))
      } else {
        document.paragraph(line)
      }
      if line.ends(with: ":") {
        isList = true
        document.gap()
      }
    }
  }

  private func people(on page: BrowserPage) -> [PageForm.Person] {
    model.summary.isDemo ? PageForm.people(on: page.page.lines) : []
  }

  private func add(_ form: PageForm, isLive: Bool, to document: inout Document) {
    let labelWidth = form.items.filter(\.isText).map { CellWidth.width(of: $0.label) }.max() ?? 0
    for (index, item) in form.items.enumerated() {
      let isFocused = isLive && model.isTyping && index == form.focus
      let ground: Role? = isFocused ? .selection : nil
      let target = isLive ? Target(id: Self.formTarget(index)) : nil
      switch item.kind {
      case .button:
        document.add(
          .line(
            Line(
              [
                Span(TextFitting.pad("", labelWidth == 0 ? 0 : min(labelWidth, 24) + 2)),
                Span(
                  "[ \(item.label) ]", isFocused ? .textStrong : .link, isFocused ? .bold : [],
                  on: ground),
              ], target: target)))
      case .field(let input) where input.isCheckable:
        document.add(
          .line(
            Line(
              [
                Span(
                  "[\(item.isChecked ? "x" : " ")] \(item.label)", .text,
                  isFocused ? .bold : [], on: ground)
              ], target: target)))
      case .field:
        let value =
          item.isPassword
          ? String(repeating: "\u{2022}", count: item.value.count) : HarmlessText.line(item.value)
        let box = Self.boxWidth
        // Of a long value the end is shown, where the person types.
        let seen =
          value.unicodeScalars.count > box - 1
          ? "\u{2026}" + String(value.suffix(box - 2)) : value
        document.add(
          .line(
            Line(
              [
                Span(
                  TextFitting.pad(item.label, min(labelWidth, 24)) + "  ", .textMuted),
                Span(TextFitting.pad(seen, box), .text, .underline, on: ground),
              ], target: target)))
      }
    }
  }

  static let boxWidth = 36

  private func addPeople(
    on page: BrowserPage, isSuggested: Bool, to document: inout Document
  ) {
    let people = people(on: page)
    guard !people.isEmpty else { return }
    let names = people.map { CellWidth.width(of: $0.name) }.max() ?? 0
    let passwords = people.map { CellWidth.width(of: $0.password) }.max() ?? 0
    document.heading(
      isSuggested ? "Demo people: Enter signs in as the first" : "Demo people",
      note: "address, password, what is special", role: isSuggested ? .statusInfo : .textMuted)
    for person in people {
      document.add(
        .paragraph(
          [
            Span(TextFitting.pad(HarmlessText.line(person.name), names) + "  "),
            Span(TextFitting.pad(HarmlessText.line(person.password), passwords) + " ", .textMuted),
            Span(HarmlessText.line(person.note)),
          ], indent: 0, hanging: names + passwords + 3))
    }
  }
}
