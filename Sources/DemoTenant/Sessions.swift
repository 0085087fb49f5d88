import Cryptography
import OpenID

extension DemoTenant {
  /// Cookies ignore ports, so two tenants on one machine would share a plain name.
  var cookieName: String { "demo_tenant_\(base.port)" }

  /// The session of the browser; if there is none, a new one with its cookie.
  mutating func browserSession(_ call: Call) throws(CryptoError) -> (
    BrowserSession, newCookie: String?
  ) {
    if let session = sessions.find(call.cookie(cookieName), now: call.now) { return (session, nil) }
    let session = BrowserSession(browserID: try unguessable())
    return (session, try keep(session, call))
  }

  /// Stores a session under a new name and returns its cookie.
  ///
  /// A new name at every sign-in: an attacker who planted the old one does not know the new one.
  mutating func keep(_ session: BrowserSession, _ call: Call) throws(CryptoError) -> String {
    if let old = call.cookie(cookieName) { sessions.forget(old) }
    let name = try unguessable()
    sessions.keep(
      session, as: name, until: call.now.adding(seconds: settings.lifetimes.sessionSeconds),
      now: call.now)
    let secure = base.isHTTPS ? "; Secure" : ""
    return "\(cookieName)=\(name); Path=\(basePath)/; HttpOnly; SameSite=Lax\(secure)"
  }

  /// The transaction with this name, if this browser began it.
  func transaction(of call: Call, _ id: String?) -> (Transaction, BrowserSession)? {
    guard let transaction = transactions.find(id, now: call.now),
      let session = sessions.find(call.cookie(cookieName), now: call.now),
      session.browserID == transaction.browserID
    else { return nil }
    return (transaction, session)
  }

  /// The transaction of a form, if this browser began it and the form is the tenant's own.
  mutating func transaction(
    ofForm form: Parameters?, _ call: Call, at endpoint: TenantEndpoint
  ) -> (Transaction, BrowserSession)? {
    let found = transaction(of: call, form?["state"])
    let token = form?["form_token"] ?? ""
    let isOwn = found.map { $0.0.formToken.isIdentical(to: token) } ?? false
    record(
      Finding(
        "form-token", "The form is the tenant's own, sent by the browser that began",
        expected: masked(found?.0.formToken), found: masked(form?["form_token"]), passed: isOwn,
        .rfc(6749, "10.12")), at: endpoint, call)
    return isOwn ? found : nil
  }

  mutating func staleTransaction() throws(CryptoError) -> HTTPResponse {
    try messagePage(
      status: 400, title: "This sign-in is over",
      text: "It was finished, it took too long, or another browser began it.",
      hint: "Go back to the application and begin again. Cookies must be allowed.")
  }
}
