import Cryptography
import OpenID

/// Where an authorization response goes, and how.
struct AnswerRoute: Sendable, Equatable {
  let redirectURI: WebURL
  let mode: ResponseMode
  let state: String?
  /// The client, for which an answer in a JWT is made.
  let clientID: String
}

/// The requested response type.
struct RequestedResponse: Sendable {
  let words: Set<String>

  /// Reads a response type; word order does not matter, and a repeated word makes it invalid.
  ///
  /// OAuth 2.0 Multiple Response Type Encoding Practices, section 5.
  init?(_ text: String) {
    let list = spaceSeparated(text)
    words = Set(list)
    guard words.count == list.count, words == ["code"] || ResponseType(words: text) != nil else {
      return nil
    }
  }

  var hasIDToken: Bool { words.contains("id_token") }
  var hasAccessToken: Bool { words.contains("token") }
  var isHybrid: Bool { words.count > 1 }
  var defaultMode: ResponseMode { isHybrid ? .fragment : .query }
}

/// An authorization request that passed all rules.
///
/// OpenID Connect Core 1.0, section 3.1.2.1.
struct AcceptedRequest: Sendable {
  let client: TenantClient
  let route: AnswerRoute
  let response: RequestedResponse
  /// The requested scopes that are known here.
  let scopes: [String]
  /// All requested scopes, known or not.
  let requestedScopes: [String]
  let audience: String?
  let nonce: String?
  let codeChallenge: String?
  let prompts: Set<String>
  let maxAgeSeconds: Int64?
  let loginHint: String?
  /// The subject of the `id_token_hint`.
  let hintedSubject: String?
  /// The `openbanking_intent_id` that the `claims` parameter asks for.
  var intentID: String?
  /// The thumbprint of the key to which the code is to be bound.
  ///
  /// RFC 9449, section 10.
  var proofKey: String?
}

/// Why an authorization request is refused.
enum AuthorizeRefusal: Error {
  /// Shown on a page, without a redirect: the redirect URI is not trusted, or not understood.
  case page(OAuthError)
  /// Sent to the application.
  case answer(OAuthError, AnswerRoute)
}

extension DemoTenant {
  /// The authorization endpoint.
  ///
  /// OpenID Connect Core 1.0, section 3.1.2: by GET and by POST.
  mutating func authorize(_ call: Call) throws(CryptoError) -> HTTPResponse {
    let request: AcceptedRequest
    do throws(AuthorizeRefusal) {
      request = try accept(call)
    } catch {
      return try refuse(error, call)
    }
    let (session, newCookie) = try browserSession(call)
    let transaction = Transaction(
      id: try unguessable(), request: request, browserID: session.browserID,
      formToken: try unguessable(), fault: call.chosenFault)
    transactions.keep(
      transaction, as: transaction.id,
      until: call.now.adding(seconds: settings.lifetimes.transactionSeconds), now: call.now)
    var response = try proceed(transaction, session, call)
    if let newCookie { response.headers.add("Set-Cookie", newCookie) }
    return response
  }

  /// Continues a transaction after login or consent, in the browser that began it.
  mutating func resume(_ call: Call) throws(CryptoError) -> HTTPResponse {
    guard let (transaction, session) = transaction(of: call, (try? call.parameters())?["state"])
    else { return try staleTransaction() }
    return try proceed(transaction, session, call)
  }

  /// The next step of a transaction: login, consent, or the response.
  ///
  /// OpenID Connect Core 1.0, section 3.1.2.3.
  private mutating func proceed(
    _ transaction: Transaction, _ session: BrowserSession, _ call: Call
  ) throws(CryptoError) -> HTTPResponse {
    let request = transaction.request
    let isSilent = request.prompts.contains("none")
    let signIn = freshSignIn(transaction, session, call)
    // Recorded once the person is signed in, or if `prompt=none` forbids a login page.
    if signIn != nil || isSilent {
      record(
        Finding(
          "signed-in", "Somebody is signed in, as recently as the request wants",
          expected: request.maxAgeSeconds.map { "at most \($0) s ago" } ?? "signed in",
          found: signIn.map { "\(call.now.seconds - $0.at.seconds) s ago" } ?? "not signed in so",
          passed: signIn != nil, .core("3.1.2.3")), at: .authorize, call)
    }
    guard let signIn else {
      if isSilent {
        return try end(transaction, OAuthError("login_required", "Login required"), call)
      }
      return redirect(to: Path.login, transaction, call)
    }
    if let hinted = request.hintedSubject, !hinted.isIdentical(to: signIn.subject) {
      return try end(
        transaction, OAuthError("login_required", "The id_token_hint names somebody else"), call)
    }
    let isAllowed = hasConsent(transaction, signIn)
    if isAllowed || isSilent {
      record(
        Finding(
          "consent-given", "What is asked for is allowed",
          expected: request.scopes.joined(separator: " "),
          found: !isAllowed
            ? "not asked yet" : request.client.firstParty ? "first-party application" : "allowed",
          passed: isAllowed, .core("3.1.2.4")), at: .authorize, call)
    }
    guard isAllowed else {
      if isSilent {
        return try end(transaction, OAuthError("consent_required", "Consent required"), call)
      }
      return redirect(to: Path.consent, transaction, call)
    }
    return try complete(transaction, signIn, call)
  }

  /// The sign-in that this request may use; nil when the person must sign in again.
  private func freshSignIn(
    _ transaction: Transaction, _ session: BrowserSession, _ call: Call
  ) -> SignIn? {
    guard let signIn = session.signIn else { return nil }
    // A sign-in made for this very request is always fresh enough.
    if transaction.signedInSubject == signIn.subject { return signIn }
    let request = transaction.request
    if !request.prompts.isDisjoint(with: ["login", "select_account"]) { return nil }
    if let hinted = request.hintedSubject, !hinted.isIdentical(to: signIn.subject) { return nil }
    guard let limit = request.maxAgeSeconds else { return signIn }
    // Core 3.1.2.1: max_age=0 asks for the same as prompt=login.
    return limit > 0 && call.now.seconds - signIn.at.seconds <= limit ? signIn : nil
  }

  private func hasConsent(_ transaction: Transaction, _ signIn: SignIn) -> Bool {
    if transaction.consentedSubject == signIn.subject { return true }
    let request = transaction.request
    if request.prompts.contains("consent") { return false }
    if request.client.firstParty { return true }
    return signIn.consents[request.client.id]?.isSuperset(of: request.scopes) ?? false
  }

  /// Redirects to a page of the tenant: 302 as Auth0 does, 303 after a form.
  ///
  /// RFC 9700, section 4.12: never 307, which would send the password again.
  func redirect(to path: String, _ transaction: Transaction, _ call: Call) -> HTTPResponse {
    let query = PercentEncoding.query([FormField("state", transaction.id)])
    return HTTPResponse(
      status: call.isPOST ? 303 : 302, headers: ["Location": address(path) + "?" + query])
  }

  /// Ends a transaction with an error that is sent to the application.
  mutating func end(
    _ transaction: Transaction, _ error: OAuthError, _ call: Call
  ) throws(CryptoError) -> HTTPResponse {
    transactions.forget(transaction.id)
    return try deliver(errorAnswer(error, transaction.request.route), call)
  }

  mutating func refuse(
    _ refusal: AuthorizeRefusal, _ call: Call
  ) throws(CryptoError) -> HTTPResponse {
    switch refusal {
    case .page(let error):
      try messagePage(
        status: 400, title: "This sign-in cannot begin",
        text: "\(error.description) (\(error.code)).",
        hint: "Nothing was sent to the application, because the tenant cannot tell where to.")
    case .answer(let error, let route): try deliver(errorAnswer(error, route), call)
    }
  }
}
