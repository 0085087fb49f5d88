import Cryptography
import OpenID

extension DemoTenant {
  /// Makes a refresh token; it and its successors share one expiry.
  mutating func makeRefreshToken(
    _ grant: Grant, until chainExpiresAt: UnixTime, _ call: Call
  ) throws(CryptoError) -> String {
    let token = try unguessable()
    refreshTokens.keep(
      RefreshRecord(
        grant: grant, chainExpiresAt: chainExpiresAt,
        proofKey: client(grant.clientID)?.isPublic == true ? call.provenKey : nil), as: token,
      until: chainExpiresAt, now: call.now)
    return token
  }

  /// Exchanges a refresh token for new tokens and replaces it.
  ///
  /// OpenID Connect Core 1.0, section 12; RFC 9700, section 4.14.2: if one is used twice, two
  /// parties have it, and the thief cannot be told from the client; so its whole chain is revoked.
  mutating func refresh(
    _ form: Parameters, _ client: TenantClient, _ call: Call
  ) throws -> JSONValue {
    guard let token = form["refresh_token"] else {
      throw OAuthError("invalid_request", "Missing required parameter: refresh_token")
    }
    let found = refreshTokens.find(token, now: call.now)
    record(
      Finding(
        "refresh-known", "The refresh token is valid", expected: "a valid refresh token",
        found: masked(token), passed: found != nil, .core("12.1")), at: .token, call)
    guard let found else {
      throw OAuthError("invalid_grant", "Unknown, expired or revoked refresh token")
    }
    let grant = found.grant
    let failed = record(
      [
        Finding(
          "refresh-client", "The refresh token was issued to this client",
          expected: grant.clientID, found: client.id,
          passed: grant.clientID.isIdentical(to: client.id), .core("12.1")),
        Finding(
          "refresh-unused", "The refresh token has not been used before", expected: "first use",
          found: found.isUsed ? "used before" : "first use", passed: !found.isUsed,
          .rfc(9700, "4.14.2")),
      ] + keyFindings("refresh-key", "The refresh token", found.proofKey, call), at: .token, call)
    if found.isUsed { revoke(grant, call) }
    if failed != nil {
      throw OAuthError("invalid_grant", "Unknown or used refresh token, or one of another key")
    }
    let wanted = form.words("scope")
    let isNarrower = Set(wanted).isSubset(of: grant.scopes)
    record(
      Finding(
        "refresh-scope", "No more is asked for than was granted",
        expected: grant.scopes.joined(separator: " "),
        found: wanted.isEmpty ? "the same" : shortened(wanted.joined(separator: " ")),
        passed: isNarrower, .rfc(6749, "6")), at: .token, call)
    guard isNarrower else { throw OAuthError("invalid_scope", "More than was granted") }
    let scopes = wanted.isEmpty ? grant.scopes : grant.scopes.filter(wanted.contains)

    let accessToken = try makeAccessToken(grant, scopes: scopes, channel: .back, call)
    let next = try makeRefreshToken(grant, until: found.chainExpiresAt, call)
    var answer: JSONValue = [
      "access_token": .string(accessToken), "refresh_token": .string(next),
    ]
    if scopes.contains("openid") {
      // Core 12.2: `auth_time` stays the same, and there is no nonce.
      let claims = try idTokenClaims(
        grant, channel: .back, nonce: nil, code: nil, accessToken: accessToken, call)
      answer.set("id_token", .string(try idToken(claims, as: .refreshedIDToken, call)))
    }
    answer.set("scope", .string(scopes.joined(separator: " ")))
    answer.set("expires_in", number(lifetime(of: .back)))
    answer.set("token_type", tokenType(call))
    refreshTokens.change(token) { $0.isUsed = true }
    return answer
  }

  /// Revokes a token at the client's request.
  ///
  /// RFC 7009, section 2: unknown tokens get the same response as revoked ones.
  mutating func revoke(_ call: Call) -> HTTPResponse {
    do throws(OAuthError) {
      let form = try clientForm(call, at: .revocation)
      let client = try authenticateClient(form, call, at: .revocation)
      guard let token = form["token"] else {
        throw OAuthError("invalid_request", "Missing required parameter: token")
      }
      let refresh = refreshTokens.find(token, now: call.now)
      let opaque = opaqueTokens.find(token, now: call.now)
      let claims = accessTokenClaims(token)
      let owner =
        refresh?.grant.clientID ?? opaque?.grant.clientID ?? claims?["client_id"]?.string
      let isOwn = owner.map { $0.isIdentical(to: client.id) } ?? true
      record(
        Finding(
          "token-client", "The token was issued to this client", expected: client.id,
          found: owner ?? "an unknown token", passed: isOwn, .rfc(7009, "2.1")),
        at: .revocation, call)
      guard isOwn else {
        throw OAuthError("invalid_grant", "The token was issued to another client")
      }
      if let refresh { revoke(refresh.grant, call) }
      if opaque != nil { opaqueTokens.forget(token) }
      if let id = claims?["jti"]?.string {
        // A revoked token must not become valid again: RFC 7009, section 2.2.1.
        guard revocations.hasRoom(for: id, now: call.now) else {
          return HTTPResponse(status: 503, headers: ["Retry-After": "60"])
        }
        let until = call.now.adding(seconds: settings.lifetimes.backAccessTokenSeconds)
        revocations.keep(true, as: id, until: until, now: call.now)
      }
      return HTTPResponse(status: 200)
    } catch {
      return errorResponse(error)
    }
  }

  /// The claims of an access token from this tenant, even if it has expired.
  func accessTokenClaims(_ text: String) -> JSONValue? {
    guard let token = try? CompactJWS(text), token.type == "at+jwt", hasOwnSignature(token) else {
      return nil
    }
    return try? token.claims()
  }
}
