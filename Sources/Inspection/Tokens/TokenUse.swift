import OpenID

/// What a token is for, by the name under which it came or by its own words.
enum TokenUse {
  /// The purpose of a token that came without a name; nil when nothing tells it.
  ///
  /// A `typ` of the header that a specification defines decides; then the claims that only one kind
  /// has; and last what is common.
  static func guess(header: JSONValue?, claims: JSONValue?) -> PastedToken.Use? {
    let type = header?["typ"]?.string.map(short) ?? ""
    if let use = types[type] { return use }
    // Entra marks an access token for Microsoft Graph by a nonce in its header.
    if header?["nonce"] != nil { return .accessToken }
    guard let claims else { return nil }
    return stated(claims) ?? shaped(claims)
  }

  /// RFC 9068, section 2.1; RFC 9449, section 4.2; RFC 9101, section 10.8; RFC 9701, section 5;
  /// OpenID Connect Back-Channel Logout 1.0, section 2.4.
  private static let types: [String: PastedToken.Use] = [
    "at+jwt": .accessToken, "logout+jwt": .logoutToken, "oauth-authz-req+jwt": .requestObject,
    "dpop+jwt": .dpopProof, "token-introspection+jwt": .introspectionJWT,
    "client-authentication+jwt": .clientAssertion,
  ]

  private static func short(_ type: String) -> String {
    let type = type.asciiLowercased
    return type.dropping(prefix: "application/").map(String.init) ?? type
  }

  /// Claims in which a provider says what the token is.
  private static func stated(_ claims: JSONValue) -> PastedToken.Use? {
    // Keycloak's typ, Cognito's token_use.
    switch (claims["typ"]?.string ?? claims["token_use"]?.string)?.asciiLowercased {
    case "bearer", "access", "dpop": return .accessToken
    case "id": return .idToken
    case "refresh", "offline": return .refreshToken
    case "logout": return .logoutToken
    default: return nil
    }
  }

  private static func shaped(_ claims: JSONValue) -> PastedToken.Use? {
    func has(_ names: String...) -> Bool { names.contains { claims[$0] != nil } }
    if has("events") { return .logoutToken }
    if has("htm"), has("htu") { return .dpopProof }
    if has("response_type") || has("redirect_uri"), has("client_id") { return .requestObject }
    if has("token_introspection") { return .introspectionJWT }
    // JWT Secured Authorization Response Mode, section 2.1.
    if has("code", "response", "error"), has("aud"), !has("sub") { return .responseObject }
    if has("c_hash", "at_hash", "s_hash") { return .idToken }
    // Scopes and what names the client that holds the token.
    if has("scope", "scp", "cid", "appid", "appidacr", "azpacr", "client_id", "gty") {
      return .accessToken
    }
    if let issuer = claims["iss"]?.string, let subject = claims["sub"]?.string, has("aud"),
      issuer.isIdentical(to: subject) || isAppleSecret(claims)
    {
      return .clientAssertion
    }
    if has("nonce", "auth_time", "amr", "acr"), has("aud") { return .idToken }
    if has("iss"), has("sub"), has("aud"), has("exp") { return .idToken }
    return has("sub") && !has("exp") ? .userinfo : nil
  }

  /// Apple's client secret: a JWT of the team, for the client, to Apple.
  private static func isAppleSecret(_ claims: JSONValue) -> Bool {
    claims["aud"]?.string == "https://appleid.apple.com"
      && claims["iss"]?.string?.utf8.count == 10
  }
}
