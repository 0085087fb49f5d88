import Cryptography
import OpenID

extension DemoTenant {
  /// The login page.
  mutating func showLogin(_ call: Call) throws(CryptoError) -> HTTPResponse {
    guard let (transaction, session) = transaction(of: call, (try? call.parameters())?["state"])
    else { return try staleTransaction() }
    return try loginPage(transaction, session, name: transaction.request.loginHint)
  }

  /// Handles the login form.
  mutating func signIn(_ call: Call) throws(CryptoError) -> HTTPResponse {
    let form = try? call.formParameters()
    guard let (transaction, session) = transaction(ofForm: form, call, at: .login) else {
      return try staleTransaction()
    }
    if form?["action"] == "continue", let signIn = session.signIn {
      return try signedIn(signIn, transaction, session, call)
    }
    let name = form?["username"] ?? ""
    let failures = failedSignIns.failures(of: name.asciiLowercased, now: call.now)
    let isAllowed = record(
      Finding(
        "sign-in-rate", "Not too many wrong passwords for this name",
        expected: "under \(TenantLimit.failedSignIns) in a row", found: "\(failures)",
        passed: failures < TenantLimit.failedSignIns, .rfc(6749, "10.10")), at: .login, call)
    guard isAllowed else {
      return try loginPage(
        transaction, session, name: name, status: 429,
        message: "Too many attempts. Wait a minute, then try again.")
    }
    let person = person(signInName: name)
    // A comparison is always made, so that an unknown name takes as long as a known one.
    let decoy = Secret(try unguessable())
    let isRight = Secret(form?["password"] ?? "") == (person?.password ?? decoy)
    let passed = record(
      Finding(
        "password", "Name and password belong together", expected: "the person's password",
        found: person == nil ? "nobody of this name" : isRight ? "it" : "another one",
        passed: person != nil && isRight, .core("3.1.2.3")), at: .login, call)
    guard passed, let person else {
      failedSignIns.add(
        name.asciiLowercased,
        until: call.now.adding(seconds: TenantLimit.failedSignInWindowSeconds), now: call.now)
      return try loginPage(
        transaction, session, name: name, status: 401,
        message: "That is not the right name and password. Try again.")
    }
    failedSignIns.forget(name.asciiLowercased)
    var signIn = SignIn(subject: person.subject, at: call.now, sessionID: try unguessable())
    // The same person keeps the session and the consents in it.
    if let old = session.signIn, old.subject == person.subject {
      signIn.sessionID = old.sessionID
      signIn.consents = old.consents
    }
    return try signedIn(signIn, transaction, session, call)
  }

  private mutating func signedIn(
    _ signIn: SignIn, _ transaction: Transaction, _ session: BrowserSession, _ call: Call
  ) throws(CryptoError) -> HTTPResponse {
    var session = session
    session.signIn = signIn
    transactions.change(transaction.id) { $0.signedInSubject = signIn.subject }
    var response =
      try repeatingLogin(transaction, signIn, call) ?? redirect(to: Path.resume, transaction, call)
    response.headers.add("Set-Cookie", try keep(session, call))
    return response
  }

  private func loginPage(
    _ transaction: Transaction, _ session: BrowserSession, name: String?, status: Int = 200,
    message: String? = nil
  ) throws(CryptoError) -> HTTPResponse {
    let known = transaction.request.prompts.contains("select_account") ? session.signIn : nil
    var html = "<h1>Sign in</h1>\n"
    html += "<p>to go on to <strong>\(escaped(transaction.request.client.name))</strong></p>\n"
    if let message { html += "<p class=\"message\" role=\"alert\">\(escaped(message))</p>\n" }
    html += form(
      to: Path.login, transaction,
      """
      <label for="username">E-mail address</label>
      <input id="username" name="username" type="text" inputmode="email" \
      autocomplete="username" autocapitalize="none" spellcheck="false" required \
      value="\(escaped(name ?? ""))"\(name == nil ? " autofocus" : "")>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" \
      required\(name == nil ? "" : " autofocus")>
      <button type="submit">Sign in</button>
      """)
    if let known, let person = person(subject: known.subject) {
      html += form(
        to: Path.login, transaction,
        """
        <button type="submit" name="action" value="continue" class="quiet">\
        Continue as \(escaped(person.signInName))</button>
        """)
    }
    if settings.listsPeople { html += peopleTable() }
    return try page(status: status, title: "Sign in", html)
  }

  private func peopleTable() -> String {
    let rows = settings.people.map { person in
      "<tr><td><code>\(escaped(person.signInName))</code></td>"
        + "<td><code>\(escaped(person.password.reveal()))</code></td>"
        + "<td>\(escaped(person.note))</td></tr>"
    }
    return """
      <h2>Who can sign in</h2>
      <table><thead><tr><th scope="col">E-mail address</th><th scope="col">Password</th>\
      <th scope="col">What is special</th></tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table>
      """
  }

  /// A form of a transaction, with its identifiers in hidden fields.
  func form(to path: String, _ transaction: Transaction, _ content: String) -> String {
    """
    <form method="post" action="\(escaped(address(path)))">
    <input type="hidden" name="state" value="\(escaped(transaction.id))">
    <input type="hidden" name="form_token" value="\(escaped(transaction.formToken))">
    \(content)
    </form>

    """
  }
}
