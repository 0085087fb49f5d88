import HybridFlow
import OpenID
import TextUI

/// The form of a page in the built-in browser.
struct PageForm: Sendable, Equatable {
  /// An element of the page that can have the focus.
  struct Item: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
      case field(HTMLInput)
      case button(HTMLButton)
    }
    var form: Int
    var kind: Kind
    /// The typed text or the selected choice.
    var value: String
    var isChecked: Bool

    var isText: Bool {
      if case .field(let input) = kind {
        !input.isCheckable && input.choices.isEmpty
      } else {
        false
      }
    }
    var isPassword: Bool {
      if case .field(let input) = kind { input.type == "password" } else { false }
    }
    /// The label beside it.
    var label: String {
      switch kind {
      case .field(let input):
        return HarmlessText.line(
          input.label ?? (input.placeholder.isEmpty ? input.name : input.placeholder))
      case .button(let button): return HarmlessText.line(button.label)
      }
    }
  }

  let page: BrowserPage
  var items: [Item] = []
  var focus = 0
  /// The position of the caret, counted in characters.
  var caret = 0
  /// Whether the fields were filled in from the page's list of people.
  var isSuggested = false

  /// Reads the forms of a page; `suggests` fills in the first person of its list.
  init(_ page: BrowserPage, suggests: Bool) {
    self.page = page
    for (index, form) in page.page.forms.enumerated() where !form.submitsItself {
      for control in form.controls {
        switch control {
        case .input(let input) where !input.isHidden && !input.isDisabled && !input.name.isEmpty:
          let isBox = input.isCheckable
          items.append(
            Item(
              form: index, kind: .field(input), value: isBox ? "" : input.value,
              isChecked: input.isChecked))
        case .button(let button) where !button.isDisabled:
          items.append(Item(form: index, kind: .button(button), value: "", isChecked: false))
        case .input, .button: break
        }
      }
    }
    if suggests { suggest() }
    focus = items.firstIndex { $0.isText && $0.value.isEmpty } ?? firstStop
    caret = items.indices.contains(focus) ? items[focus].value.count : 0
  }

  /// The focus when no text is missing: the password field, or the first element of the page.
  private var firstStop: Int { items.firstIndex { $0.isPassword } ?? 0 }

  /// A person in the list of a demo page.
  struct Person: Sendable, Equatable {
    var name: String
    var password: String
    /// What is special about the person.
    var note = ""
  }

  /// The people that a demo page lists: the address, the password after it, and a note.
  static func people(on lines: [String]) -> [Person] {
    var people: [Person] = []
    let words = lines.map { $0.trimmingBlanks }
    for (index, word) in words.enumerated() where word.holds("@") {
      let isSeparator = { (scalar: Unicode.Scalar) in
        scalar == " " || scalar == "/" || scalar == "\u{00B7}"
      }
      let parts = word.unicodeScalars.split(maxSplits: 2, whereSeparator: isSeparator)
      guard let name = parts.first.map({ Substring($0) }), name.holds("@") else { continue }
      if parts.count >= 2 {
        let note = parts.count > 2 ? String(Substring(parts[2].drop(while: isSeparator))) : ""
        people.append(
          Person(name: String(name), password: String(Substring(parts[1])), note: note))
      } else if index + 1 < words.count, !words[index + 1].holds(" ") {
        let note = index + 2 < words.count && !words[index + 2].holds("@") ? words[index + 2] : ""
        people.append(Person(name: String(name), password: words[index + 1], note: note))
      }
    }
    return people
  }

  private mutating func suggest() {
    guard let person = Self.people(on: page.page.lines).first,
      let password = items.firstIndex(where: \.isPassword),
      let name = items[..<password].lastIndex(where: \.isText)
    else { return }
    // An existing name was typed, or comes from the application: it stays.
    guard items[name].value.isEmpty || items[name].value.isIdentical(to: person.name) else {
      return
    }
    items[name].value = person.name
    items[password].value = person.password
    isSuggested = true
  }

  /// Whether the caret is after the last character.
  var isAtEnd: Bool { caret == focused?.value.count }

  var focused: Item? { items.indices.contains(focus) ? items[focus] : nil }

  mutating func move(by step: Int) {
    guard !items.isEmpty else { return }
    focus = (focus + step + items.count) % items.count
    caret = items[focus].value.count
  }

  mutating func move(to index: Int) {
    guard items.indices.contains(index) else { return }
    focus = index
    caret = items[index].value.count
  }

  /// The most characters of a field.
  static let fieldCharacters = 1000

  mutating func insert(_ text: String) { _ = edit(.paste(text)) }

  /// Handles an editing key; false when the key means something else.
  mutating func edit(_ key: Key) -> Bool {
    guard items.indices.contains(focus), items[focus].isText else { return false }
    var entry = TextEntry(items[focus].value, caret: caret, limit: Self.fieldCharacters)
    guard entry.edit(key) else { return false }
    items[focus].value = entry.text
    caret = entry.caret
    return true
  }

  /// Toggles a box or selects the next choice; false at a button.
  mutating func toggle() -> Bool {
    guard case .field(let input)? = focused?.kind else { return false }
    if input.type == "checkbox" {
      items[focus].isChecked.toggle()
    } else if input.type == "radio" {
      for index in items.indices {
        if case .field(let other) = items[index].kind, other.type == "radio",
          other.name == input.name, items[index].form == items[focus].form
        {
          items[index].isChecked = index == focus
        }
      }
    } else if !input.choices.isEmpty {
      let index = input.choices.firstIndex(of: items[focus].value) ?? -1
      items[focus].value = input.choices[(index + 1) % input.choices.count]
    } else {
      return false
    }
    return true
  }

  /// The form that the focused button or Enter sends; nil if the form has no valid target.
  func submission() -> FormSubmission? {
    guard let focused else { return nil }
    let form = page.page.forms[focused.form]
    var button: HTMLButton?
    if case .button(let pressed) = focused.kind {
      button = pressed
    } else {
      button = form.buttons.first { !$0.isDisabled }
    }
    var values: [FormField] = []
    for item in items where item.form == focused.form {
      guard case .field(let input) = item.kind else { continue }
      if input.isCheckable {
        values.append(FormField(input.name, item.isChecked ? input.value : ""))
      } else {
        values.append(FormField(input.name, item.value))
      }
    }
    guard let target = try? page.page.target(of: form, pressing: button) else { return nil }
    return FormSubmission(
      action: target, method: button?.method ?? form.method,
      fields: form.submission(values: values, pressing: button))
  }
}
