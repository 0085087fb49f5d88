import Cryptography
import OpenID

/// An authorization response: its fields and its destination.
struct AuthorizationResponse: Sendable, Equatable {
  var route: AnswerRoute
  var fields: [FormField]
}

extension AnswerRoute {
  /// The same, in another mode.
  func by(_ mode: ResponseMode) -> AnswerRoute {
    AnswerRoute(redirectURI: redirectURI, mode: mode, state: state, clientID: clientID)
  }

  /// The mode that carries the JWT, or the fields themselves.
  var carrier: ResponseMode {
    switch mode {
    case .formPost, .formPostJWT: .formPost
    case .query, .queryJWT: .query
    case .fragment, .fragmentJWT, .jwt: .fragment
    }
  }
}

extension DemoTenant {
  /// The authorization response with code and tokens.
  ///
  /// OpenID Connect Core 1.0, sections 3.3.2.5 and 3.3.2.11.
  mutating func complete(
    _ transaction: Transaction, _ signIn: SignIn, _ call: Call
  ) throws(CryptoError) -> HTTPResponse {
    transactions.forget(transaction.id)
    let request = transaction.request
    do throws(CryptoError) {
      // Not inside the call, which would first copy self and all its memories.
      let answer = try makeAnswer(request, signIn, chosen: transaction.fault, call)
      let sent = spoilt(answer, call)
      return try deliver(sent, call)
    } catch {
      return try deliver(
        errorAnswer(OAuthError("server_error", "Signing failed"), request.route), call)
    }
  }

  /// A 307 from the login form to the redirect URI, if the fault says so: the browser sends the
  /// form again there.
  mutating func repeatingLogin(
    _ transaction: Transaction, _ signIn: SignIn, _ call: Call
  ) throws(CryptoError) -> HTTPResponse? {
    guard call.fault?.actions.contains(.loginRepeated) == true else { return nil }
    transactions.forget(transaction.id)
    let answer = try makeAnswer(
      transaction.request, signIn, chosen: transaction.fault, call)
    admit(.authorizationResponse, call)
    let location = (try? answer.route.redirectURI.adding(answer.fields))?.text
    return HTTPResponse(
      status: 307, headers: ["Location": location ?? answer.route.redirectURI.text])
  }

  /// The response to an accepted request, after the person has signed in.
  ///
  /// - Parameter fault: The fault that was chosen for the login, which its tokens carry along.
  mutating func makeAnswer(
    _ request: AcceptedRequest, _ signIn: SignIn, chosen fault: Fault?, _ call: Call
  ) throws(CryptoError) -> AuthorizationResponse {
    let grant = Grant(
      id: Base64URL.encode(try randomness(16)), clientID: request.client.id,
      subject: signIn.subject,
      scopes: request.scopes, audience: request.audience, nonce: request.nonce,
      signedInAt: signIn.at, sessionID: signIn.sessionID, fault: fault,
      intentID: request.intentID)
    if let fault {
      let until = call.now.adding(
        seconds: max(
          settings.lifetimes.refreshTokenSeconds, settings.lifetimes.backAccessTokenSeconds))
      grantFaults.keep(fault, as: grant.id, until: until, now: call.now)
    }
    let code = try unguessable()
    codes.keep(
      CodeRecord(
        grant: grant, redirectURI: request.route.redirectURI.text,
        codeChallenge: request.codeChallenge, issuedAt: call.now,
        proofKey: isAppleLike ? nil : request.proofKey),
      as: code,
      until: call.now.adding(
        seconds: settings.codesWait
          ? TenantLimit.lifetimeSeconds
          : max(settings.lifetimes.codeSeconds, TenantLimit.usedCodeMemorySeconds)),
      now: call.now)
    return try successAnswer(request, grant, code: code, call)
  }

  private mutating func successAnswer(
    _ request: AcceptedRequest, _ grant: Grant, code: String, _ call: Call
  ) throws(CryptoError) -> AuthorizationResponse {
    var fields = [FormField("code", code)]
    var accessToken: String?
    if request.response.hasAccessToken {
      let token = try makeAccessToken(grant, scopes: grant.scopes, channel: .front, call)
      accessToken = token
      codes.change(code) { $0.frontAccessToken = token }
      fields += [
        FormField("access_token", token), FormField("token_type", "Bearer"),
        FormField("expires_in", String(lifetime(of: .front))),
      ]
      // RFC 6749, 4.2.2: required where it differs from the request.
      if grant.scopes != request.requestedScopes {
        fields.append(FormField("scope", grant.scopes.joined(separator: " ")))
      }
    }
    if request.response.hasIDToken {
      var claims = try idTokenClaims(
        grant, channel: .front, nonce: grant.nonce, code: code, accessToken: accessToken, call)
      // FAPI 1.0 Part 2, 5.2.2.1 (5): so the whole answer is signed.
      if demandsFAPI, let state = request.route.state {
        claims.set("s_hash", .string(try hashClaim(of: state)))
      }
      fields.append(FormField("id_token", try idToken(claims, .front, call)))
    }
    fields += closing(request.route)
    if let user = appleUserField(request, grant, call) { fields.append(user) }
    return AuthorizationResponse(route: request.route, fields: fields)
  }

  /// The authorization response with an error, delivered in the same way as one with tokens.
  ///
  /// OAuth 2.0 Multiple Response Type Encoding Practices, section 5.
  func errorAnswer(_ error: OAuthError, _ route: AnswerRoute) -> AuthorizationResponse {
    AuthorizationResponse(
      route: route,
      fields: [
        FormField("error", error.code), FormField("error_description", error.description),
      ] + closing(route))
  }

  /// The last fields of every response: `state` as received, and the issuer.
  ///
  /// RFC 6749, section 4.1.2; RFC 9207, section 2.
  private func closing(_ route: AnswerRoute) -> [FormField] {
    var fields: [FormField] = []
    if let state = route.state { fields.append(FormField("state", state)) }
    if !isAppleLike { fields.append(FormField("iss", settings.issuer)) }
    return fields
  }

  /// The authorization response as one signed JWT, where one was asked for; encrypted as registered.
  ///
  /// JARM, section 2.1: the parameters are claims beside iss, aud and exp.
  mutating func sealed(
    _ answer: AuthorizationResponse, _ call: Call
  ) throws(CryptoError) -> AuthorizationResponse {
    guard answer.route.mode.isJWT else { return answer }
    var claims: JSONValue = [
      "iss": .string(settings.issuer), "aud": .string(answer.route.clientID),
      "exp": number(call.now.seconds + TenantLimit.responseJWTSeconds),
    ]
    for field in answer.fields where field.name != "iss" {
      let seconds = field.name == "expires_in" ? Int64(field.value) : nil
      claims.set(field.name, seconds.map(number) ?? .string(field.value))
    }
    var sealed = answer
    let token = try signed(claims, type: "JWT", as: .response, call)
    sealed.fields = [
      FormField(
        "response", try self.sealed(token, for: answer.route.clientID, as: .response, call))
    ]
    return sealed
  }

  /// Delivers an authorization response.
  mutating func deliver(
    _ opened: AuthorizationResponse, _ call: Call
  ) throws(CryptoError) -> HTTPResponse {
    let answer = try sealed(opened, call)
    let target = answer.route.redirectURI
    switch answer.route.carrier {
    case .formPost, .formPostJWT:
      return try formPostPage(answer)
    case .fragment, .fragmentJWT, .jwt:
      return HTTPResponse(
        status: 303,
        headers: ["Location": target.text + "#" + FormEncoding.encode(answer.fields)])
    case .query, .queryJWT:
      let location = (try? target.adding(answer.fields))?.text
      return HTTPResponse(status: 303, headers: ["Location": location ?? target.text])
    }
  }

  /// The page that posts itself; its button works without scripts.
  ///
  /// OAuth 2.0 Form Post Response Mode, section 2.
  private func formPostPage(_ answer: AuthorizationResponse) throws(CryptoError) -> HTTPResponse {
    let inputs = answer.fields.map { field in
      "<input type=\"hidden\" name=\"\(escaped(field.name))\" value=\"\(escaped(field.value))\">"
    }
    return try page(
      status: 200, title: "Back to the application",
      """
      <h1>Back to the application</h1>
      <p>Your browser is taking the answer to \(escaped(answer.route.redirectURI.origin)).</p>
      <form method="post" action="\(escaped(answer.route.redirectURI.text))">
      \(inputs.joined(separator: "\n"))
      <button type="submit">Go on</button>
      </form>
      <noscript><p class="hint">Without scripts the button does it.</p></noscript>
      """,
      script: "document.forms[0].submit()")
  }
}
