// Makes pages from stored parts.

extension HTMLPage {
  /// Makes a page from the parts of one that was read before.
  public init(
    url: WebURL, baseURL: WebURL, title: String, lines: [String], forms: [HTMLForm]
  ) {
    self.url = url
    self.baseURL = baseURL
    self.title = title
    self.lines = lines
    self.forms = forms
  }

  /// The same page with other texts; names and addresses of forms stay as they are.
  ///
  /// - Parameters:
  ///   - text: The new text for a visible text.
  ///   - value: The new value for an input of this name.
  public func replacing(
    url: WebURL, text: (String) -> String, value: (_ name: String, _ value: String) -> String
  ) -> HTMLPage {
    // Values first: a text may repeat one.
    let forms = forms.map { form in
      HTMLForm(
        id: form.id, name: form.name, action: form.action, method: form.method,
        controls: form.controls.map { control in
          guard case .input(var input) = control else { return control }
          input.value = value(input.name, input.value)
          return .input(input)
        }, submitsItself: form.submitsItself)
    }
    return HTMLPage(
      url: url, baseURL: baseURL, title: text(title), lines: lines.map(text), forms: forms)
  }
}

extension HTMLForm {
  /// Makes a form from the parts of one that was read before.
  public init(
    parts id: String, name: String, action: String, method: String, controls: [HTMLControl],
    submitsItself: Bool
  ) {
    self.init(
      id: id, name: name, action: action, method: method, controls: controls,
      submitsItself: submitsItself)
  }
}

extension HTMLInput {
  /// Makes an input from the parts of one that was read before.
  public init(
    parts name: String, value: String, type: String, label: String?, placeholder: String,
    isChecked: Bool, isDisabled: Bool, choices: [String]
  ) {
    self.init(
      name: name, value: value, type: type, label: label, placeholder: placeholder,
      isChecked: isChecked, isDisabled: isDisabled, choices: choices)
  }
}

extension HTMLButton {
  /// Makes a button from the parts of one that was read before.
  public init(
    parts name: String, value: String, label: String, action: String?, method: String?,
    isDisabled: Bool, isImage: Bool, position: Int
  ) {
    self.init(
      name: name, value: value, label: label, action: action, method: method,
      isDisabled: isDisabled, isImage: isImage, position: position)
  }
}
