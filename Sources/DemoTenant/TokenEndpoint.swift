import Cryptography
import OpenID

extension DemoTenant {
  /// The token endpoint.
  ///
  /// OpenID Connect Core 1.0, sections 3.1.3 and 12.
  mutating func token(_ call: Call) -> HTTPResponse {
    do {
      let form = try clientForm(call, at: .token)
      let client = try authenticateClient(form, call, at: .token)
      var call = call
      call.provenKey = try provenKey(call, at: .token)
      try requireProof(of: client, call)
      let type = form["grant_type"]
      let passed = record(
        Finding(
          "grant-type", "The grant type is one of the tenant's",
          expected: "authorization_code or refresh_token", found: shortened(type),
          passed: type == "authorization_code" || type == "refresh_token", .rfc(6749, "5.2")),
        at: .token, call)
      guard passed else {
        throw type == nil
          ? OAuthError("invalid_request", "Missing required parameter: grant_type")
          : OAuthError("unsupported_grant_type", "Unsupported grant type")
      }
      let answer =
        type == "refresh_token"
        ? try refresh(form, client, call) : try exchange(form, client, call)
      var response = jsonResponse(status: 200, answer)
      addNonce(&response, call, isResource: false)
      return response
    } catch let error as OAuthError {
      return errorResponse(error)
    } catch let refusal as ProofRefusal {
      return proofResponse(refusal)
    } catch {
      return errorResponse(OAuthError("server_error", "Signing failed"))
    }
  }

  /// Refuses a client that has registered to get bound tokens alone, and sends no proof.
  ///
  /// RFC 9449, section 5.2.
  private mutating func requireProof(
    of client: TenantClient, _ call: Call
  ) throws(OAuthError) {
    guard client.demandsProof else { return }
    let passed = record(
      Finding(
        "dpop-required", "A client that has registered dpop_bound_access_tokens sends a proof",
        expected: "a DPoP header", found: call.provenKey == nil ? "none" : "a DPoP header",
        passed: call.provenKey != nil, .rfc(9449, "5.2")), at: .token, call)
    guard passed else {
      throw OAuthError("invalid_request", "This client has to send a DPoP proof")
    }
  }

  /// Exchanges the code for tokens.
  private mutating func exchange(
    _ form: Parameters, _ client: TenantClient, _ call: Call
  ) throws -> JSONValue {
    guard let code = form["code"] else {
      throw OAuthError("invalid_request", "Missing required parameter: code")
    }
    let found = codes.find(code, now: call.now)
    record(
      Finding(
        "code-known", "The tenant has given out this code", expected: "a code of this tenant",
        found: masked(code), passed: found != nil, .core("3.1.3.2")), at: .token, call)
    guard let found else { throw OAuthError("invalid_grant", "Invalid authorization code") }
    if call.fault?.codeDelaySeconds != nil { admit(.tokenRequest, call) }
    let failed = record(try codeFindings(found, form, client, call), at: .token, call)
    // Any use by its own client uses up the code; a second use revokes what the first one issued.
    // RFC 6749, section 4.1.2.
    if found.isUsed { revoke(found.grant, call) }
    if found.grant.clientID.isIdentical(to: client.id) { codes.change(code) { $0.isUsed = true } }
    if let failed {
      throw OAuthError(
        "invalid_grant",
        failed.rule == "code-pkce"
          ? "Failed to verify code verifier" : "Invalid authorization code: \(failed.rule)")
    }
    let repeats = call.fault?.actions.contains(.sameAccessToken) ?? false
    if repeats, found.frontAccessToken != nil { admit(.tokenResponse, call) }
    return try answer(
      found.grant, scopes: found.grant.scopes, code: code,
      accessToken: repeats ? found.frontAccessToken : nil, call)
  }

  /// What the tenant verifies before it exchanges a code, each rule separately.
  ///
  /// OpenID Connect Core 1.0, section 3.1.3.2; RFC 7636, section 4.6.
  private func codeFindings(
    _ record: CodeRecord, _ form: Parameters, _ client: TenantClient, _ call: Call
  ) throws(CryptoError) -> [Finding] {
    let uri = form["redirect_uri"]
    return [
      ageFinding(record, call),
      Finding(
        "code-unused", "The code has not been used before", expected: "first use",
        found: record.isUsed ? "used before" : "first use", passed: !record.isUsed,
        .core("3.1.3.2")),
      Finding(
        "code-client", "The code was issued to this client", expected: record.grant.clientID,
        found: client.id, passed: record.grant.clientID.isIdentical(to: client.id),
        .core("3.1.3.2")),
      Finding(
        "code-redirect-uri", "The redirect URI is that of the request",
        expected: record.redirectURI, found: shortened(uri),
        passed: uri?.isIdentical(to: record.redirectURI) ?? false, .core("3.1.3.2")),
      try verifierFinding(record.codeChallenge, form["code_verifier"]),
      Finding(
        "code-openid", "The code comes from an OpenID request",
        expected: "openid among the scopes",
        found: record.grant.scopes.joined(separator: " "),
        passed: record.grant.scopes.contains("openid"), .core("3.1.3.2")),
    ] + keyFindings("code-key", "The code", record.proofKey, call)
  }

  /// The age of the code by the clock; if codes do not age, only a fault's delay counts.
  private func ageFinding(_ record: CodeRecord, _ call: Call) -> Finding {
    let limit = settings.lifetimes.codeSeconds
    let late = call.fault?.codeDelaySeconds
    let waited =
      settings.codesWait ? 0 : call.now.milliseconds - record.issuedAt.milliseconds
    let age = waited + (late ?? 0) * 1000
    let stands = settings.codesWait && late == nil
    return Finding(
      "code-unexpired", "The code is not too old", expected: "at most \(limit) s",
      found: "\(age / 1000) s"
        + (stands ? ": in the demo the clock for codes waits while you read" : ""),
      passed: age <= limit * 1000, .rfc(6749, "4.1.2"))
  }

  /// RFC 7636, section 4.6, and RFC 9700, section 4.8.2: a verifier without a challenge suggests
  /// that an attacker removed the challenge from the authorization request.
  private func verifierFinding(
    _ challenge: String?, _ verifier: String?
  ) throws(CryptoError) -> Finding {
    let statement = "The code verifier fits the challenge"
    guard let challenge else {
      return Finding(
        "code-pkce", statement, expected: "no verifier, because no challenge was sent",
        found: verifier == nil ? "no verifier" : "a verifier", passed: verifier == nil,
        .rfc(9700, "4.8.2"))
    }
    let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    let bytes = Array((verifier ?? "").utf8)
    let isWellFormed = (43...128).contains(bytes.count) && bytes.allSatisfy(allowed.contains)
    let digest = Base64URL.encode(try Digest.hash(bytes, .sha256))
    return Finding(
      "code-pkce", statement, expected: masked(challenge),
      found: verifier == nil
        ? "no verifier" : isWellFormed ? masked(digest) : "not 43 to 128 allowed characters",
      passed: isWellFormed && digest.isIdentical(to: challenge), .rfc(7636, "4.6"))
  }

  /// The tokens of the back channel.
  ///
  /// OpenID Connect Core 1.0, sections 3.1.3.3 and 3.3.3.
  private mutating func answer(
    _ grant: Grant, scopes: [String], code: String, accessToken known: String?, _ call: Call
  ) throws(CryptoError) -> JSONValue {
    let accessToken: String
    if let known {
      accessToken = known
    } else {
      accessToken = try makeAccessToken(grant, scopes: scopes, channel: .back, call)
    }
    let claims = try idTokenClaims(
      grant, channel: .back, nonce: grant.nonce, code: code, accessToken: accessToken, call)
    var answer: JSONValue = ["access_token": .string(accessToken)]
    // Apple gives a refresh token to everybody.
    if grant.scopes.contains(Scope.offlineAccess) || isAppleLike {
      let until = call.now.adding(seconds: settings.lifetimes.refreshTokenSeconds)
      answer.set("refresh_token", .string(try makeRefreshToken(grant, until: until, call)))
    }
    answer.set("id_token", .string(try idToken(claims, .back, call)))
    answer.set("scope", .string(scopes.joined(separator: " ")))
    answer.set("expires_in", number(lifetime(of: .back)))
    // A token of the front channel that a fault sends again is bound to nothing.
    answer.set("token_type", known == nil ? tokenType(call) : "Bearer")
    return answer
  }
}
