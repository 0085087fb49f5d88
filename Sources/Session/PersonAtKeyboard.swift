import HybridFlow
import OpenID

/// A simulated person who fills in the sign-in and consent forms.
///
/// Used by `run` on the demo tenant, by pictures and by tests. It looks at the fields of a form,
/// not at its address, and it gives up instead of trying a wrong password again.
public struct PersonAtKeyboard: Sendable {
  /// The most forms of one run.
  public static let mostForms = 8

  /// The user name.
  public var name: String
  /// The password.
  public var password: Secret
  /// Whether it grants the permissions.
  public var consents: Bool

  private var hasSignedIn = false
  private var forms = 0

  /// Makes a simulated person.
  public init(
    name: String = "ada@demo.example", password: Secret = Secret("hybrid"), consents: Bool = true
  ) {
    self.name = name
    self.password = password
    self.consents = consents
  }

  /// The filled-in form; nil when there is nothing to fill in, or it would not help.
  public mutating func fill(_ shown: BrowserPage) -> FormSubmission? {
    forms += 1
    guard forms <= Self.mostForms else { return nil }
    let page = shown.page
    if let form = page.forms.first(where: { $0.inputs.contains { $0.type == "password" } }) {
      guard !hasSignedIn else { return nil }
      hasSignedIn = true
      let values = form.inputs.compactMap { input -> FormField? in
        if input.type == "password" { return FormField(input.name, password.reveal()) }
        return input.isHidden || input.isCheckable ? nil : FormField(input.name, name)
      }
      return submission(page, form, values, pressing: form.buttons.first)
    }
    let refusals = ["decline", "deny", "cancel", "no", "reject"]
    for form in page.forms {
      let button = form.buttons.first { button in
        refusals.contains(button.value.asciiLowercased) != consents && !button.isDisabled
      }
      if let button { return submission(page, form, [], pressing: button) }
    }
    return nil
  }

  private func submission(
    _ page: HTMLPage, _ form: HTMLForm, _ values: [FormField], pressing button: HTMLButton?
  ) -> FormSubmission? {
    guard let action = try? page.target(of: form, pressing: button) else { return nil }
    return FormSubmission(
      action: action, method: button?.method ?? form.method,
      fields: form.submission(values: values, pressing: button))
  }
}
