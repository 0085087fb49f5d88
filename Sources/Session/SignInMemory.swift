import HybridFlow
import OpenID

/// What a person sent from the pages of the demo tenant, so that a run that starts over can send it
/// again: the same name, the same yes or no.
///
/// The demo's passwords stand on its own login page. Those of a real tenant are never typed here.
public struct SignInMemory: Sendable {
  private struct Sheet: Sendable {
    /// The fields that a person sees.
    var names: [String]
    var fields: [FormField]
  }

  /// One for each kind of form, as it was sent last.
  private var sheets: [Sheet] = []

  /// Makes one that has kept nothing yet.
  public init() {}

  /// Keeps what was sent.
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

  /// A page filled in as it was before; nil for one of a kind that was never sent.
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

  /// What tells one kind of form from another: the fields that a person sees, and the buttons.
  private static func names(of form: HTMLForm) -> [String] {
    form.inputs.filter { !$0.isHidden }.map(\.name)
      + form.buttons.map { "\($0.name)=\($0.value)" }
  }
}
