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

  /// The registered media types of JWTs, without `application/`.
  ///
  /// RFC 9068, section 2.1; RFC 9449, section 4.2; RFC 9101, section 10.8; RFC 9701, section 5;
  /// RFC 8417, section 2.3; RFC 9901, section 4; OpenID Connect Back-Channel Logout 1.0, section
  /// 2.4; OpenID Federation 1.0, section 3.1.
  private static let types: [String: PastedToken.Use] = [
    "at+jwt": .accessToken, "logout+jwt": .logoutToken, "oauth-authz-req+jwt": .requestObject,
    "dpop+jwt": .dpopProof, "token-introspection+jwt": .introspectionJWT,
    "client-authentication+jwt": .clientAssertion, "secevent+jwt": .securityEvent,
    "dc+sd-jwt": .sdJWT, "vc+sd-jwt": .sdJWT, "sd+jwt": .sdJWT, "kb+jwt": .keyBinding,
    "entity-statement+jwt": .entityStatement, "oauth-id-jag+jwt": .authorizationGrant,
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
    // Keycloak names the links of its mails and much else here.
    case let other? where claims["typ"] != nil && other != "jwt": return .unknown
    default: break
    }
    // Entra's word for tokens of programs and of people, in access tokens alone.
    return ["app", "user"].contains(claims["idtyp"]?.string) ? .accessToken : nil
  }

  /// The event of a logout token.
  ///
  /// OpenID Connect Back-Channel Logout 1.0, section 2.4.
  static let logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

  /// By the claims that only one kind has, then by what is common.
  private static func shaped(_ claims: JSONValue) -> PastedToken.Use? {
    func has(_ names: String...) -> Bool { names.contains { claims[$0] != nil } }
    if let events = claims["events"] {
      let others = (events.members ?? []).filter { !$0.name.isIdentical(to: logoutEvent) }
      return others.isEmpty ? .logoutToken : .securityEvent
    }
    if has("_sd", "_sd_alg", "vct") { return .sdJWT }
    if has("sd_hash") { return .keyBinding }
    if has("htm"), has("htu") { return .dpopProof }
    if has("token_introspection") { return .introspectionJWT }
    if let use = described(claims) { return use }
    if isRequest(claims) { return .requestObject }
    // JWT Secured Authorization Response Mode, section 2.1.
    if has("code", "response", "error"), has("aud"), !has("sub") { return .responseObject }
    if has("c_hash", "at_hash", "s_hash") { return .idToken }
    if isWorkload(claims) { return .workload }
    if isVendors(claims) { return .accessToken }
    // RFC 7523, section 3: it is for the token endpoint, and asks for a scope there.
    if isForTokenEndpoint(claims), has("scope", "sub"), has("iss"), !has("client_id") {
      return claims["iss"]?.string == claims["sub"]?.string && !has("scope", "uid")
        ? .clientAssertion : .authorizationGrant
    }
    // Scopes and what names the client that holds the token.
    if has("scope", "scp", "cid", "appid", "appidacr", "azpacr", "client_id", "gty", "permissions")
    {
      return .accessToken
    }
    if let issuer = claims["iss"]?.string, let subject = claims["sub"]?.string, has("aud"),
      issuer.isIdentical(to: subject) || AppleSecret.isOne(claims)
    {
      return .clientAssertion
    }
    if has("nonce", "auth_time", "amr", "acr"), has("aud") { return .idToken }
    if has("iss"), has("sub"), has("aud"), has("exp") { return .idToken }
    return has("sub") && !has("exp") && !has("nbf") ? .userinfo : nil
  }

  /// A document that is signed: of a federation, a provider, or a client.
  private static func described(_ claims: JSONValue) -> PastedToken.Use? {
    func has(_ names: String...) -> Bool { names.contains { claims[$0] != nil } }
    let isFederation = has("authority_hints", "metadata_policy", "trust_marks", "metadata")
    if has("jwks"), has("iss"), has("sub"), isFederation { return .entityStatement }
    if has("issuer"), has("authorization_endpoint", "token_endpoint", "jwks_uri") {
      return .signedMetadata
    }
    let isSoftware = has("software_id", "software_version", "redirect_uris", "client_name")
    return isSoftware && !has("sub") && has("iss") ? .softwareStatement : nil
  }

  /// A signed authorization request, or one for the backchannel.
  ///
  /// RFC 9101, section 4; OpenID Connect CIBA Core 1.0, section 7.1.1.
  private static func isRequest(_ claims: JSONValue) -> Bool {
    func has(_ names: String...) -> Bool { names.contains { claims[$0] != nil } }
    if has("response_type", "redirect_uri", "code_challenge"), has("client_id", "scope") {
      return true
    }
    return has("scope") && has("login_hint", "login_hint_token", "id_token_hint")
      && has("aud", "client_id")
  }

  /// What a build server or a cluster gives to the programs that run there.
  private static func isWorkload(_ claims: JSONValue) -> Bool {
    let names = [
      "kubernetes.io", "repository_owner", "job_workflow_ref", "pipeline_source", "namespace_path",
      "google",
    ]
    if names.contains(where: { claims[$0]?.members != nil || claims[$0]?.string != nil }) {
      return true
    }
    return claims["sub"]?.string?.begins(with: "spiffe://") ?? false
  }

  /// Access tokens that look like something else: Supabase's, and those that a Google service account
  /// signs for an API.
  private static func isVendors(_ claims: JSONValue) -> Bool {
    if claims["aal"] != nil, claims["role"] != nil { return true }
    return claims["iss"]?.string?.ends(with: ".gserviceaccount.com") ?? false
      && !isForTokenEndpoint(claims) && claims["uid"] == nil
  }

  private static func isForTokenEndpoint(_ claims: JSONValue) -> Bool {
    let audience = claims["aud"]?.string ?? claims["aud"]?.elements?.first?.string
    guard let audience else { return false }
    // Firebase exchanges its custom tokens there.
    let ends = ["/token", "/token.oauth2", "/google.identity.identitytoolkit.v1.IdentityToolkit"]
    return audience.begins(with: "https://") && ends.contains { audience.ends(with: $0) }
  }
}

/// The JWT that Apple takes in the place of a client secret.
enum AppleSecret {
  static let audience = "https://appleid.apple.com"
  /// The longest time that Apple lets it live: six months.
  static let secondsMax: Int64 = 15_777_000

  /// Whether these are its claims: a team of ten characters speaks for a client to Apple.
  static func isOne(_ claims: JSONValue) -> Bool {
    claims["aud"]?.string == audience && claims["iss"]?.string?.utf8.count == 10
  }
}
