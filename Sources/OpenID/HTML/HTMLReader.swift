/// Reads tags and text of a page into what ``HTMLPage`` shows.
///
/// The work is linear in the length of the page.
struct HTMLReader {
  private(set) var title = ""
  private(set) var lines: [String] = []
  private(set) var baseHref: String?

  private var tokens: HTMLTokenizer
  private var line: [UInt8] = []
  private var openForm: Int?
  private var formTags: [HTMLTag] = []
  private var controls: [Placed] = []
  private var label: OpenLabel?
  private var labels: [String: String] = [:]
  private var button: OpenButton?
  private var select: OpenSelect?
  /// What scripts and `onload` say, as far as they call `submit`.
  private var submitting: [String] = []

  /// A control, and what decides which form it belongs to.
  private struct Placed {
    var control: HTMLControl
    var id: String
    var form: Int?
    var formID: String?
  }

  private struct OpenLabel {
    var target: String?
    var text: [UInt8] = []
    var firstControl: Int
  }

  private struct OpenButton {
    var tag: HTMLTag
    var text: [UInt8] = []
  }

  private struct OpenSelect {
    var tag: HTMLTag
    var choices: [String] = []
    var selected: Int?
    /// The option being read: its `value`, and whether it is the selected one.
    var option: (value: String?, isSelected: Bool)?
    var text: [UInt8] = []
  }

  private static let blocks: Set<String> = [
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "head", "header", "hr", "html", "label", "legend", "li", "main", "menu", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
  ]

  init(_ bytes: [UInt8]) { tokens = HTMLTokenizer(bytes) }

  /// Reads to the end of the page.
  mutating func read() throws(HTMLError) {
    while let token = tokens.next() {
      switch token {
      case .text(let bytes): text(bytes)
      case .start(let tag): try start(tag)
      case .end(let name): try end(name)
      case .raw(let tag, let bytes): try raw(tag, bytes)
      }
      guard formTags.count <= Limit.formControls else { throw .tooManyControls }
    }
    try endSelect()
    try endButton()
    endLabel()
    endLine()
  }

  private mutating func text(_ bytes: ArraySlice<UInt8>) {
    var decoded: [UInt8] = []
    HTMLEntities.append(bytes, inAttribute: false, to: &decoded)
    if select != nil {
      select?.text += decoded
    } else if button != nil {
      button?.text += decoded
    } else {
      label?.text += decoded
      line += decoded
    }
  }

  private mutating func start(_ tag: HTMLTag) throws(HTMLError) {
    if Self.blocks.contains(tag.name) { endLine() }
    switch tag.name {
    case "base": if baseHref == nil { baseHref = tag["href"] }
    case "body": note(script: tag["onload"] ?? "")
    case "form":
      // Browsers ignore a form inside a form.
      guard openForm == nil else { return }
      openForm = formTags.count
      formTags.append(tag)
    case "input": try input(tag)
    case "button":
      try endButton()
      button = OpenButton(tag: tag)
    case "label":
      endLabel()
      label = OpenLabel(target: tag["for"], firstControl: controls.count)
    case "select":
      try endSelect()
      select = OpenSelect(tag: tag)
    case "option", "optgroup":
      endOption()
      if tag.name == "option" { select?.option = (tag["value"], tag.has("selected")) }
      select?.text = []
    case "br": label?.text.append(0x20)
    default: break
    }
  }

  private mutating func end(_ name: String) throws(HTMLError) {
    if Self.blocks.contains(name) { endLine() }
    switch name {
    case "form":
      try endSelect()
      try endButton()
      openForm = nil
    case "button": try endButton()
    case "label": endLabel()
    case "option": endOption()
    case "select": try endSelect()
    default: break
    }
  }

  private mutating func raw(_ tag: HTMLTag, _ bytes: ArraySlice<UInt8>) throws(HTMLError) {
    switch tag.name {
    case "title":
      if title.isEmpty {
        title = Self.collapsed(Array(HTMLEntities.decode(bytes, inAttribute: false).utf8))
      }
    case "script": note(script: String(decoding: bytes, as: UTF8.self))
    case "textarea":
      var content = HTMLEntities.decode(bytes, inAttribute: false)
      // One line break directly after the start tag is not content.
      let rest = content.dropping(prefix: "\r\n") ?? content.dropping(prefix: "\n")
      if let rest { content = String(rest) }
      try place(
        .input(Self.field(tag, type: "textarea", value: content)), tag)
    default: break
    }
  }

  private mutating func note(script: String) {
    if Self.contains(script, "submit(") || Self.contains(script, "submit (") {
      submitting.append(script)
    }
  }

  private mutating func input(_ tag: HTMLTag) throws(HTMLError) {
    let given = (tag["type"] ?? "").trimmingBlanks.asciiLowercased
    let type = given.isEmpty ? "text" : given
    switch type {
    case "submit", "image":
      let label = tag["value"] ?? tag["alt"] ?? "Submit"
      try place(.button(pressable(tag, label: label, isImage: type == "image")), tag)
    case "button", "reset": break
    case "checkbox", "radio":
      try place(.input(Self.field(tag, type: type, value: tag["value"] ?? "on")), tag)
    default:
      // A file cannot be chosen here; a browser sends an empty name for none.
      let value = type == "file" ? "" : tag["value"] ?? ""
      try place(.input(Self.field(tag, type: type, value: value)), tag)
    }
  }

  private static func field(_ tag: HTMLTag, type: String, value: String) -> HTMLInput {
    HTMLInput(
      name: tag["name"] ?? "", value: value, type: type, label: tag["aria-label"],
      placeholder: tag["placeholder"] ?? "", isChecked: tag.has("checked"),
      isDisabled: tag.has("disabled"), choices: [])
  }

  private func pressable(_ tag: HTMLTag, label: String, isImage: Bool) -> HTMLButton {
    HTMLButton(
      name: tag["name"] ?? "", value: tag["value"] ?? "", label: label,
      action: tag["formaction"], method: tag["formmethod"].map(Self.method),
      isDisabled: tag.has("disabled"), isImage: isImage, position: controls.count)
  }

  private static func method(_ text: String) -> String {
    text.asciiLowercased == "post" ? "POST" : "GET"
  }

  private mutating func place(_ control: HTMLControl, _ tag: HTMLTag) throws(HTMLError) {
    guard controls.count < Limit.formControls else { throw .tooManyControls }
    controls.append(
      Placed(control: control, id: tag["id"] ?? "", form: openForm, formID: tag["form"]))
  }

  private mutating func endLine() {
    let text = Self.collapsed(line)
    if !text.isEmpty { lines.append(text) }
    line = []
  }

  private mutating func endLabel() {
    guard let open = label else { return }
    label = nil
    let text = Self.collapsed(open.text)
    guard !text.isEmpty else { return }
    if let target = open.target {
      if labels[target] == nil { labels[target] = text }
      return
    }
    for index in open.firstControl..<max(open.firstControl, controls.count) {
      guard case .input(var input) = controls[index].control, !input.isHidden else { continue }
      if input.label == nil { input.label = text }
      controls[index].control = .input(input)
      return
    }
  }

  private mutating func endButton() throws(HTMLError) {
    guard let open = button else { return }
    button = nil
    let type = (open.tag["type"] ?? "submit").asciiLowercased
    guard type != "button", type != "reset" else { return }
    let text = Self.collapsed(open.text)
    let label = text.isEmpty ? open.tag["aria-label"] ?? open.tag["value"] ?? "Submit" : text
    try place(.button(pressable(open.tag, label: label, isImage: false)), open.tag)
  }

  private mutating func endOption() {
    guard var open = select, let option = open.option else { return }
    if option.isSelected { open.selected = open.choices.count }
    open.choices.append(option.value ?? Self.collapsed(open.text))
    open.option = nil
    open.text = []
    select = open
  }

  private mutating func endSelect() throws(HTMLError) {
    endOption()
    guard let open = select else { return }
    select = nil
    // A choice without options has no value to send.
    guard !open.choices.isEmpty else { return }
    var input = Self.field(open.tag, type: "select", value: open.choices[open.selected ?? 0])
    input.choices = open.choices
    try place(.input(input), open.tag)
  }

  /// The forms with their controls, once the page is read.
  func forms() -> [HTMLForm] {
    var byID: [String: Int] = [:]
    for (index, tag) in formTags.enumerated() {
      if let id = tag["id"], byID[id] == nil { byID[id] = index }
    }
    var owned = Array(repeating: [HTMLControl](), count: formTags.count)
    for placed in controls {
      guard let form = placed.formID.map({ byID[$0] }) ?? placed.form else { continue }
      var control = placed.control
      if case .input(var input) = control, !placed.id.isEmpty, let text = labels[placed.id] {
        input.label = text
        control = .input(input)
      }
      owned[form].append(control)
    }
    let automatic = automaticForm(among: owned)
    return formTags.indices.map { index in
      let tag = formTags[index]
      return HTMLForm(
        id: tag["id"] ?? "", name: tag["name"] ?? "", action: tag["action"] ?? "",
        method: Self.method(tag["method"] ?? ""), controls: owned[index],
        submitsItself: index == automatic)
    }
  }

  /// The form that a script submits: the one it names, or else the first with nothing to fill in.
  private func automaticForm(among owned: [[HTMLControl]]) -> Int? {
    guard !submitting.isEmpty else { return nil }
    let candidates = formTags.indices.filter { index in
      owned[index].allSatisfy { control in
        if case .input(let input) = control { input.isHidden } else { true }
      }
    }
    // The number and length of names are limited: the search costs the page's length for each.
    let named = candidates.prefix(8).first { index in
      let names = [formTags[index]["id"], formTags[index]["name"]].compactMap(\.self)
      return names.contains { name in
        (1...100).contains(name.utf8.count) && submitting.contains { Self.contains($0, name) }
      }
    }
    return named ?? candidates.first
  }

  /// The text with every run of white space as one space, none at the ends.
  private static func collapsed(_ bytes: [UInt8]) -> String {
    let words = bytes.split(whereSeparator: HTMLTokenizer.isSpace)
    return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
  }

  /// Whether a text holds another, byte for byte.
  private static func contains(_ text: String, _ part: String) -> Bool {
    let haystack = Array(text.utf8)
    let needle = Array(part.utf8)
    guard let first = needle.first, haystack.count >= needle.count else { return false }
    return (0...(haystack.count - needle.count)).contains { start in
      haystack[start] == first
        && haystack[start..<(start + needle.count)].elementsEqual(needle)
    }
  }
}
