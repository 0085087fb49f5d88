import Cryptography
import OpenID

extension DemoTenant {
  /// Logout requested by the application.
  ///
  /// OpenID Connect RP-Initiated Logout 1.0, sections 2 and 3.
  mutating func logout(_ call: Call) throws(CryptoError) -> HTTPResponse {
    guard let parameters = try? call.parameters(), parameters.repeatedNames.isEmpty else {
      return try logoutError("The parameters cannot be read.")
    }
    let hint = parameters["id_token_hint"]
    let claims = hint.flatMap(hintedClaims)
    let hintedClient = client(claims?["aud"]?.string)
    record(
      Finding(
        "logout-hint", "The hint is an ID token of this tenant; it may have expired",
        expected: "a signature of this tenant, or no hint", found: masked(hint),
        passed: hint == nil || hintedClient != nil, Self.logoutSection("2")), at: .logout, call)
    if hint != nil, hintedClient == nil {
      return try logoutError("The id_token_hint is not an ID token of this tenant.")
    }
    if let id = parameters["client_id"], let hintedClient, !hintedClient.id.isIdentical(to: id) {
      return try logoutError("The client_id does not fit the id_token_hint.")
    }
    let client = hintedClient ?? client(parameters["client_id"])
    var destination: WebURL?
    if let text = parameters["post_logout_redirect_uri"] {
      let isRegistered =
        client?.postLogoutRedirectURIs.contains { $0.isIdentical(to: text) } ?? false
      record(
        Finding(
          "logout-redirect-uri", "The address to go to afterwards is registered",
          expected: client?.postLogoutRedirectURIs.joined(separator: " or ") ?? "a known client",
          found: shortened(text), passed: isRegistered, Self.logoutSection("3")),
        at: .logout, call)
      guard isRegistered, let url = try? WebURL(text) else {
        return try logoutError("The post_logout_redirect_uri is not registered.")
      }
      let honest = parameters["state"].map { [FormField("state", $0)] } ?? []
      var state = honest
      for case .logoutAnswer(let edits) in call.fault?.actions ?? [] {
        edits.forEach { $0.apply(to: &state) }
      }
      if state != honest { admit(.logoutResponse, call) }
      destination = state.isEmpty ? url : try? url.adding(state)
    }
    let session = sessions.find(call.cookie(cookieName), now: call.now)
    guard let signIn = session?.signIn else {
      // There was no cookie, but the hint names the session.
      if let id = claims?["sid"]?.string { sessions.forget { $0.signIn?.sessionID == id } }
      return try signedOut(destination)
    }
    // Without a hint that names this person, any page could have sent the browser here.
    if let session, claims?["sub"]?.string != signIn.subject {
      return try logoutQuestion(session, signIn, destination, call)
    }
    if let cookie = call.cookie(cookieName) { sessions.forget(cookie) }
    return try signedOut(destination)
  }

  /// The person has confirmed the logout.
  mutating func confirmLogout(_ call: Call) throws(CryptoError) -> HTTPResponse {
    let token = (try? call.formParameters())?["form_token"]
    guard let token, let pending = logouts.find(token, now: call.now),
      let cookie = call.cookie(cookieName),
      sessions.find(cookie, now: call.now)?.browserID == pending.browserID
    else { return try staleTransaction() }
    logouts.forget(token)
    sessions.forget(cookie)
    return try signedOut(pending.destination)
  }

  private mutating func logoutQuestion(
    _ session: BrowserSession, _ signIn: SignIn, _ destination: WebURL?, _ call: Call
  ) throws(CryptoError) -> HTTPResponse {
    let token = try unguessable()
    logouts.keep(
      PendingLogout(browserID: session.browserID, destination: destination), as: token,
      until: call.now.adding(seconds: settings.lifetimes.transactionSeconds), now: call.now)
    let person = person(subject: signIn.subject)
    return try page(
      status: 200, title: "Sign out?",
      """
      <h1>Sign out?</h1>
      <p>You are signed in as <strong>\(escaped(person?.signInName ?? signIn.subject))</strong>.</p>
      <form method="post" action="\(escaped(address(Path.confirmLogout)))">
      <input type="hidden" name="form_token" value="\(escaped(token))">
      <button type="submit">Sign out</button>
      </form>
      """)
  }

  private func signedOut(_ destination: WebURL?) throws(CryptoError) -> HTTPResponse {
    var response =
      if let destination {
        HTTPResponse(status: 303, headers: ["Location": destination.text])
      } else {
        try messagePage(
          status: 200, title: "Signed out", text: "Nobody is signed in at this tenant now.")
      }
    response.headers.add(
      "Set-Cookie", "\(cookieName)=; Path=\(basePath)/; HttpOnly; SameSite=Lax; Max-Age=0")
    return response
  }

  private func logoutError(_ text: String) throws(CryptoError) -> HTTPResponse {
    try messagePage(status: 400, title: "This sign-out cannot begin", text: text)
  }

  private static func logoutSection(_ section: String) -> SpecReference {
    SpecReference("OpenID Connect RP-Initiated Logout 1.0", section)
  }
}
