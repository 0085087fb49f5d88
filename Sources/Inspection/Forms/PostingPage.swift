import OpenID

/// The source of a page whose form posts itself to the application.
///
/// OAuth 2.0 Form Post Response Mode, section 2.
enum PostingPage {
  /// The form's fields and its action; nil when the text is no such page.
  static func read(_ text: String) -> (action: String?, fields: [FormField])? {
    guard text.holds("<") else { return nil }
    // Fields alone, copied from a page, have lost their form.
    let hasForm = text.asciiLowercased.holds("<form")
    return fields(hasForm ? text : "<form method=post action=\"/\">\(text)</form>")
      .map { (hasForm ? $0.action : nil, $0.fields) }
  }

  private static func fields(_ text: String) -> (action: String, fields: [FormField])? {
    guard let base = try? WebURL("http://localhost/"),
      let page = try? HTMLPage(bytes: Array(text.utf8), url: base)
    else { return nil }
    for form in page.forms where form.method.isIdentical(toIgnoringCase: "POST") {
      let fields = form.submission(values: [], pressing: nil)
      let known = Set(fields.map(\.name)).intersection([
        "code", "id_token", "access_token", "error", "response",
      ])
      if !known.isEmpty, let action = try? page.target(of: form) { return (action.text, fields) }
    }
    return nil
  }
}
