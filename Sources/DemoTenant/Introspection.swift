import OpenID

extension DemoTenant {
  /// Tells a client whether a token that was issued to it is still active.
  ///
  /// RFC 7662, section 2. For another client's token the response is only that it is not active.
  mutating func introspect(_ call: Call) -> HTTPResponse {
    do throws(OAuthError) {
      let form = try clientForm(call, at: .introspection)
      let client = try authenticateClient(form, call, at: .introspection)
      // RFC 7662, section 2.1: the caller must authenticate, or tokens could be guessed.
      let isConfidential = !client.isPublic
      record(
        Finding(
          "introspection-client", "The client can prove who it is", expected: "a client secret",
          found: isConfidential
            ? client.secret != nil
              ? "a client secret"
              : client.certificate == nil ? "a client key" : "a client certificate"
            : "a public client",
          passed: isConfidential,
          .rfc(7662, "2.1")), at: .introspection, call)
      guard isConfidential else {
        throw OAuthError("invalid_client", "A public client cannot ask about tokens")
      }
      guard let token = form["token"] else {
        throw OAuthError("invalid_request", "Missing required parameter: token")
      }
      let known = knowledge(of: token, call)
      let isOwn = known?.clientID.map { $0.isIdentical(to: client.id) } ?? false
      record(
        Finding(
          "token-active", "The token is active, and this client\u{2019}s",
          expected: "an active token of \(client.id)",
          found: known == nil ? "not active: \(masked(token))" : known?.clientID ?? "no client",
          passed: isOwn, .rfc(7662, "2.2")), at: .introspection, call)
      guard let known, isOwn else { return jsonResponse(status: 200, ["active": false]) }
      return jsonResponse(status: 200, known.answer)
    } catch {
      return errorResponse(error)
    }
  }

  /// The data of an active token; nil for any other.
  private func knowledge(of text: String, _ call: Call) -> (clientID: String?, answer: JSONValue)? {
    if let refresh = refreshTokens.find(text, now: call.now) {
      guard !refresh.isUsed else { return nil }
      return (
        refresh.grant.clientID,
        answer(refresh.grant, scopes: refresh.grant.scopes, expiry: refresh.chainExpiresAt)
      )
    }
    if let opaque = opaqueTokens.find(text, now: call.now) {
      var answer = answer(opaque.grant, scopes: opaque.scopes, expiry: nil)
      answer.set("token_type", Self.type(isBound: opaque.proofKey != nil))
      if let cnf = confirmation(certificate: opaque.thumbprint, key: opaque.proofKey) {
        answer.set("cnf", cnf)
      }
      return (opaque.grant.clientID, answer)
    }
    guard let claims = accessTokenClaims(text), let id = claims["jti"]?.string,
      !isRevoked(id, call), let expiry = claims["exp"]?.integer, call.now.seconds < expiry
    else { return nil }
    let isBound = DPoP.thumbprint(in: claims) != nil
    var answer: JSONValue = ["active": true, "token_type": Self.type(isBound: isBound)]
    for name in ["scope", "client_id", "sub", "aud", "iss", "exp", "iat", "jti", "cnf"] {
      if let value = claims[name] { answer.set(name, value) }
    }
    return (claims["client_id"]?.string, answer)
  }

  private static func type(isBound: Bool) -> JSONValue {
    .string(isBound ? DPoP.tokenType : "Bearer")
  }

  private func answer(_ grant: Grant, scopes: [String], expiry: UnixTime?) -> JSONValue {
    var answer: JSONValue = [
      "active": true, "scope": .string(scopes.joined(separator: " ")),
      "client_id": .string(grant.clientID), "sub": .string(grant.subject),
      "iss": .string(settings.issuer),
    ]
    if let expiry { answer.set("exp", number(expiry.seconds)) }
    return answer
  }
}
