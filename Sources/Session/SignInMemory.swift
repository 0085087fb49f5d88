import HybridFlow
import OpenID

/// Remembers the forms that a person sent to the demo tenant, so that a new run can send them
/// again: the same name, the same consent.
///
/// The demo's passwords are shown on its login page. Those of a real tenant are never typed here.
public struct SignInMemory: Sendable {
  private struct Sheet: Sendable {
    /// The fields that a person sees.
    var names: [String]
    var fields: [FormField]
  }

  /// The last sent form of each kind.
  private var sheets: [Sheet] = []

  /// Makes an empty memory.
  public init() {}

  /// Remembers a form that was sent.
  public mutating func keep(_ sent: FormSubmission, on shown: BrowserPage) {
    let form = shown.page.forms.first { form in
      let hidden = form.inputs.filter { $0.isHidden && !$0.name.isEmpty }
      return (try? shown.page.target(of: form))?.text == sent.action.text
        && hidden.allSatisfy { sent.fields[$0.name] == $0.value }
        && form.inputs.allSatisfy { $0.isCheckable || sent.fields[$0.name] != nil }
    }
    guard let form else { return }
    let names = Self.names(of: form)
    sheets.removeAll { $0.names == names }
    sheets.append(Sheet(names: names, fields: sent.fields))
  }

  /// A page filled in as before; nil if a form of its kind was never sent.
  public func fill(_ shown: BrowserPage) -> FormSubmission? {
    for form in shown.page.forms {
      let names = Self.names(of: form)
      guard let sheet = sheets.first(where: { $0.names == names }) else { continue }
      let values = sheet.fields.filter { names.contains($0.name) }
      let button =
        form.buttons.first { sheet.fields[$0.name]?.isIdentical(to: $0.value) == true }
        ?? form.buttons.first
      guard let action = try? shown.page.target(of: form, pressing: button) else { continue }
      return FormSubmission(
        action: action, method: button?.method ?? form.method,
        fields: form.submission(values: values, pressing: button))
    }
    return nil
  }

  /// The names that identify a kind of form: the visible fields and the buttons.
  private static func names(of form: HTMLForm) -> [String] {
    form.inputs.filter { !$0.isHidden }.map(\.name)
      + form.buttons.map { "\($0.name)=\($0.value)" }
  }
}
