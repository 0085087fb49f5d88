import Cryptography
import OpenID

/// The channel on which a token reaches the application.
enum Channel: Sendable {
  /// Through the browser.
  case front
  /// From the token endpoint.
  case back
}

extension DemoTenant {
  func lifetime(of channel: Channel) -> Int64 {
    switch channel {
    case .front: settings.lifetimes.frontAccessTokenSeconds
    case .back: settings.lifetimes.backAccessTokenSeconds
    }
  }

  /// The claims of an ID token.
  ///
  /// OpenID Connect Core 1.0, sections 2, 3.3.2.11 and 3.3.3.6. Both ID tokens of a flow describe
  /// the same sign-in; the front-channel one has fewer claims about the person.
  func idTokenClaims(
    _ grant: Grant, channel: Channel, nonce: String?, code: String?, accessToken: String?,
    _ call: Call
  ) throws(CryptoError) -> JSONValue {
    let person = person(subject: grant.subject)
    var claims: JSONValue = [
      "iss": .string(settings.issuer), "sub": .string(grant.subject),
      "aud": .string(grant.clientID), "iat": number(call.now.seconds),
      "exp": number(call.now.seconds + settings.lifetimes.idTokenSeconds),
      "auth_time": number(grant.signedInAt.seconds),
    ]
    if let nonce { claims.set("nonce", .string(nonce)) }
    if let context = person?.authenticationContext { claims.set("acr", .string(context)) }
    if let methods = person?.authenticationMethods { claims.set("amr", strings(methods)) }
    claims.set("sid", .string(grant.sessionID))
    if let code { claims.set("c_hash", .string(try hashClaim(of: code))) }
    if let accessToken { claims.set("at_hash", .string(try hashClaim(of: accessToken))) }
    if let intent = grant.intentID { claims.set("openbanking_intent_id", .string(intent)) }
    if isAppleLike { return appleClaims(claims, grant) }
    guard let person else { return claims }
    for claim in Scope.opened(by: grant.scopes, of: person)
    where channel == .back || claim.name == "name" && !demandsFAPI {
      claims.set(claim.name, claim.value)
    }
    return claims
  }

  /// The left half of a value's digest; the signature algorithm chooses the digest.
  ///
  /// OpenID Connect Core 1.0, sections 3.1.3.6 and 3.3.2.11.
  func hashClaim(of value: String) throws(CryptoError) -> String {
    let algorithm = signingKey.algorithm.hashClaimDigest(curve: signingKey.publicJWK.curve)
    let digest = try Digest.hash(Array(value.utf8), algorithm)
    return Base64URL.encode(digest.prefix(digest.count / 2))
  }

  /// An access token: a JWT for the requested API, else an opaque one for userinfo.
  mutating func makeAccessToken(
    _ grant: Grant, scopes: [String], channel: Channel, _ call: Call
  ) throws(CryptoError) -> String {
    guard let audience = grant.audience else {
      let token = try unguessable()
      opaqueTokens.keep(
        OpaqueToken(
          grant: grant, scopes: scopes, thumbprint: thumbprint(channel, call),
          proofKey: channel == .back ? call.provenKey : nil),
        as: token,
        until: call.now.adding(seconds: lifetime(of: channel)), now: call.now)
      return token
    }
    let claims = try accessTokenClaims(
      grant, scopes: scopes, audience: audience, channel: channel, call)
    guard channel == .back else { return try signed(claims, type: "at+jwt") }
    return try signed(claims, type: "at+jwt", as: .secondAccessToken, call)
  }

  /// The claims of an access token for an API.
  ///
  /// RFC 9068, section 2.2. The `jti` begins with the grant's name, by which it can be revoked.
  func accessTokenClaims(
    _ grant: Grant, scopes: [String], audience: String, channel: Channel, _ call: Call
  ) throws(CryptoError) -> JSONValue {
    let person = person(subject: grant.subject)
    var claims: JSONValue = [
      "iss": .string(settings.issuer), "sub": .string(grant.subject),
      "aud": strings([audience, address(Path.userinfo)]), "client_id": .string(grant.clientID),
      "iat": number(call.now.seconds), "exp": number(call.now.seconds + lifetime(of: channel)),
      "jti": .string(grant.id + "." + Base64URL.encode(try randomness(16))),
      "scope": .string(scopes.joined(separator: " ")),
      "auth_time": number(grant.signedInAt.seconds),
    ]
    if let context = person?.authenticationContext { claims.set("acr", .string(context)) }
    if let methods = person?.authenticationMethods { claims.set("amr", strings(methods)) }
    let cnf = confirmation(
      certificate: thumbprint(channel, call), key: channel == .back ? call.provenKey : nil)
    if let cnf { claims.set("cnf", cnf) }
    return claims
  }

  /// What binds a token to a certificate, or to a key; nil for a bearer token.
  ///
  /// RFC 8705, section 3.1; RFC 9449, section 6.1.
  func confirmation(certificate: String?, key: String?) -> JSONValue? {
    let members = [
      certificate.map { JSONMember(ClientCertificate.thumbprintMember, .string($0)) },
      key.map { JSONMember(DPoP.thumbprintMember, .string($0)) },
    ].compactMap(\.self)
    return members.isEmpty ? nil : .object(members)
  }

  /// A signed token.
  func signed(_ claims: JSONValue, type: String) throws(CryptoError) -> String {
    try signingKey.compactJWS(
      header: signingKey.header(type: type), payload: Array(claims.compactText.utf8))
  }

  /// The claims of an ID token from this tenant, even if it has expired.
  func hintedClaims(_ text: String) -> JSONValue? {
    guard let token = try? CompactJWS(text), token.type == "JWT", hasOwnSignature(token),
      let claims = try? token.claims(),
      claims["iss"]?.string?.isIdentical(to: settings.issuer) == true
    else { return nil }
    return claims
  }

  /// Whether one of the tenant's keys has signed the token, under that key's own algorithm.
  func hasOwnSignature(_ token: CompactJWS) -> Bool {
    guard let key = keys.first(where: { $0.keyID == token.keyID }) else { return false }
    let isRight = try? Signature.verify(token, algorithm: key.algorithm, key: key.publicJWK)
    return isRight ?? false
  }

  /// Revokes every token of a grant.
  mutating func revoke(_ grant: Grant, _ call: Call) {
    let until = call.now.adding(
      seconds: max(settings.lifetimes.backAccessTokenSeconds, lifetime(of: .front)))
    revocations.keep(true, as: grant.id, until: until, now: call.now)
    opaqueTokens.forget { $0.grant.id == grant.id }
    refreshTokens.forget { $0.grant.id == grant.id }
  }

  /// Whether a token, or the grant that its identifier begins with, has been revoked.
  func isRevoked(_ tokenID: String, _ call: Call) -> Bool {
    let grantID = String(tokenID.before("."))
    return revocations.find(grantID, now: call.now) == true
      || revocations.find(tokenID, now: call.now) == true
  }
}

func number(_ value: Int64) -> JSONValue { .number(JSONNumber(value)) }
