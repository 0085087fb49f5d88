import Cryptography
import OpenID

extension DemoTenant {
  /// The consent page.
  mutating func showConsent(_ call: Call) throws(CryptoError) -> HTTPResponse {
    guard let (transaction, session) = transaction(of: call, (try? call.parameters())?["state"]),
      let signIn = session.signIn
    else { return try staleTransaction() }
    return try consentPage(transaction, signIn)
  }

  /// Handles the consent form.
  ///
  /// OpenID Connect Core 1.0, section 3.1.2.4.
  mutating func decide(_ call: Call) throws(CryptoError) -> HTTPResponse {
    let form = try? call.formParameters()
    guard let (transaction, session) = transaction(ofForm: form, call, at: .consent),
      var signIn = session.signIn, let name = call.cookie(cookieName)
    else { return try staleTransaction() }
    // Only the person who was shown the page can agree.
    guard let shown = form?["subject"], shown.isIdentical(to: signIn.subject) else {
      return try consentPage(transaction, signIn)
    }
    let action = form?["action"]
    guard action == "accept" || action == "decline" else {
      return try consentPage(transaction, signIn)
    }
    let request = transaction.request
    let accepted = record(
      Finding(
        "consent", "The person allows what is asked for",
        expected: request.scopes.joined(separator: " "),
        found: action == "accept" ? "allowed" : "declined", passed: action == "accept",
        .core("3.1.2.4")), at: .consent, call)
    guard accepted else {
      return try end(transaction, OAuthError("access_denied", "The person declined"), call)
    }
    signIn.consents[request.client.id, default: []].formUnion(request.scopes)
    sessions.change(name) { $0.signIn = signIn }
    transactions.change(transaction.id) { $0.consentedSubject = signIn.subject }
    return redirect(to: Path.resume, transaction, call)
  }

  private func consentPage(_ transaction: Transaction, _ signIn: SignIn) throws(CryptoError)
    -> HTTPResponse
  {
    let request = transaction.request
    let api = api(request.audience)
    let items = request.scopes.map { scope in
      "<li>\(escaped(Scope.words(scope, api: api))) <code>\(escaped(scope))</code></li>"
    }
    let person = person(subject: signIn.subject)
    let title = "Allow \(request.client.name)?"
    var html = """
      <h1>\(escaped(title))</h1>
      <p>You are <strong>\(escaped(person?.signInName ?? signIn.subject))</strong>. \
      <strong>\(escaped(request.client.name))</strong> asks to:</p>
      <ul>
      \(items.joined(separator: "\n"))
      </ul>

      """
    if let api { html += "<p class=\"hint\">Some of it at the \(escaped(api.name)).</p>\n" }
    html += form(
      to: Path.consent, transaction,
      """
      <input type="hidden" name="subject" value="\(escaped(signIn.subject))">
      <button type="submit" name="action" value="accept">Allow</button>
      <button type="submit" name="action" value="decline" class="quiet">Decline</button>
      """)
    return try page(status: 200, title: title, html)
  }
}
