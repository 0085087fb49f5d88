import Cryptography
import OpenID

/// The habits of a real product that a tenant can take over.
public enum TenantHabit: String, Sendable, Hashable, CaseIterable {
  /// Those of Sign in with Apple.
  ///
  /// By its metadata and by what public threads tell; Apple's own server was not asked.
  case apple
}

/// What Apple does otherwise than other providers.
enum AppleHabits {
  /// The scopes that exist.
  static let scopes = ["openid", "email", nameScope]
  /// The scope for the name.
  static let nameScope = "name"
  /// The longest time that a client secret may live, in seconds.
  static let secretSecondsMax: Int64 = 15_777_000
  /// The claims that the metadata list.
  static let claims = [
    "aud", "email", "email_verified", "exp", "iat", "is_private_email", "iss", "nonce",
    "nonce_supported", "real_user_status", "sub", "transfer_sub",
  ]
  /// The paths that are not there.
  static let missingPaths: Set<String> = [
    Path.userinfo, Path.introspect, Path.logout, Path.confirmLogout, Path.push,
  ]
  /// The metadata that are not there.
  static let missingMembers = [
    "userinfo_endpoint", "introspection_endpoint", "end_session_endpoint",
    "introspection_endpoint_auth_methods_supported", "prompt_values_supported",
    "code_challenge_methods_supported", "authorization_response_iss_parameter_supported",
    "claims_parameter_supported", "request_parameter_supported",
    "request_uri_parameter_supported", "grant_types_supported", "claim_types_supported",
    "authorization_signing_alg_values_supported",
    "pushed_authorization_request_endpoint", "request_object_signing_alg_values_supported",
  ]
}

extension TenantSettings {
  /// Gives the tenant the habits of Apple, with one client whose team has this key.
  ///
  /// Codes live five minutes, as there.
  public mutating func takeAppleHabits(team: String, key: JSONWebKey) {
    habits.insert(.apple)
    lifetimes.codeSeconds = 300
    guard !clients.isEmpty else { return }
    clients[0].appleTeam = team
    clients[0].keys = [key]
    clients[0].secret = nil
    clients[0].tokenEndpointAuthMethod = .post
  }
}

extension DemoTenant {
  /// Whether the tenant behaves as Apple does.
  var isAppleLike: Bool { settings.habits.contains(.apple) }

  /// The metadata as Apple has them: without much, and with `code` as the only response type.
  func appleMetadata(_ metadata: JSONValue) -> JSONValue {
    var metadata = metadata
    for name in AppleHabits.missingMembers { metadata.remove(name) }
    metadata.set("response_types_supported", ["code"])
    metadata.set("scopes_supported", strings(AppleHabits.scopes))
    metadata.set("claims_supported", strings(AppleHabits.claims))
    for endpoint in ["token", "revocation"] {
      metadata.set("\(endpoint)_endpoint_auth_methods_supported", ["client_secret_post"])
      metadata.remove("\(endpoint)_endpoint_auth_signing_alg_values_supported")
    }
    metadata.remove("introspection_endpoint_auth_signing_alg_values_supported")
    return metadata
  }

  /// The claims of an ID token as Apple has them: e-mail address, no name, booleans as texts.
  func appleClaims(_ claims: JSONValue, _ grant: Grant) -> JSONValue {
    var claims = claims
    for name in ["acr", "amr", "sid", "name"] { claims.remove(name) }
    claims.set("nonce_supported", true)
    guard grant.scopes.contains("email"), let person = person(subject: grant.subject),
      let email = person.claims.first(where: { $0.name == "email" })?.value
    else { return claims }
    let isVerified =
      person.claims.first { $0.name == "email_verified" }?.value == JSONValue.bool(true)
    claims.set("email", email)
    claims.set("email_verified", .string(isVerified ? "true" : "false"))
    claims.set("is_private_email", "false")
    return claims
  }

  /// The field `user`, at the first consent of a person to a client only; nobody signs it.
  mutating func appleUserField(_ request: AcceptedRequest, _ grant: Grant, _ call: Call)
    -> FormField?
  {
    let wanted = Set(grant.scopes).intersection([AppleHabits.nameScope, "email"])
    guard isAppleLike, !wanted.isEmpty, let person = person(subject: grant.subject) else {
      return nil
    }
    let pair = request.client.id + "\n" + grant.subject
    guard introduced.find(pair, now: call.now) == nil else { return nil }
    introduced.keep(
      true, as: pair, until: call.now.adding(seconds: TenantLimit.lifetimeSeconds), now: call.now)
    func claim(_ name: String) -> JSONValue? { person.claims.first { $0.name == name }?.value }
    var user: JSONValue = .object([])
    if wanted.contains(AppleHabits.nameScope) {
      user.set(
        "name",
        [
          "firstName": claim("given_name") ?? "", "lastName": claim("family_name") ?? "",
        ])
    }
    if wanted.contains("email"), let email = claim("email") { user.set("email", email) }
    return FormField("user", user.compactText)
  }

  /// Why Apple would show a page instead of an answer: nil when it would not.
  func appleRefusal(_ parameters: Parameters, mode: ResponseMode) -> OAuthError? {
    guard isAppleLike, mode != .formPost, mode != .formPostJWT,
      !Set(parameters.words("scope")).isDisjoint(with: [AppleHabits.nameScope, "email"])
    else { return nil }
    return OAuthError(
      "invalid_request", "response_mode must be form_post when name or email scope is requested.")
  }

  // MARK: The client secret

  /// Checks a client secret that is a JWT, each rule separately.
  ///
  /// The key of the team signs it with ES256, and says so in `kid`; `iss` is the team, `sub` the
  /// client, `aud` the provider, and it lives for half a year at most.
  mutating func verifyAppleSecret(
    _ secret: Secret?, of client: TenantClient, _ call: Call, at endpoint: TenantEndpoint
  ) -> Bool {
    let token = secret.flatMap { try? CompactJWS($0.reveal()) }
    let claims = try? token?.claims()
    let form = record(
      Finding(
        "secret-jwt", "The client secret is a signed JWT", expected: "three segments",
        found: secret == nil ? "nothing" : claims == nil ? "something else" : "three segments",
        passed: claims != nil, .rfc(7519, "7.2")), at: endpoint, call)
    guard form, let token, let claims else { return false }
    return record(
      appleSignature(token, client) + appleParties(claims, client) + appleTimes(claims, call),
      at: endpoint, call) == nil
  }

  private func appleSignature(_ token: CompactJWS, _ client: TenantClient) -> [Finding] {
    let key = client.keys.first { key in
      token.keyID.map { key.keyID?.isIdentical(to: $0) == true } ?? false
    }
    let isSigned =
      key.flatMap { try? Signature.verify(token, algorithm: .es256, key: $0) } ?? false
    return [
      Finding(
        "secret-algorithm", "It is signed with ES256", expected: "ES256",
        found: shortened(token.algorithmName), passed: token.algorithm == .es256,
        .rfc(7518, "3.4")),
      Finding(
        "secret-key", "Its kid is a key of the team",
        expected: client.keys.compactMap(\.keyID).joined(separator: " or "),
        found: shortened(token.keyID ?? "no kid"), passed: key != nil, .rfc(7515, "4.1.4")),
      Finding(
        "secret-signature", "The team has signed it", expected: "a signature that verifies",
        found: isSigned ? "it verifies" : "it does not verify",
        passed: isSigned && token.algorithm == .es256 && token.header["crit"] == nil,
        .rfc(7515, "5.2")),
    ]
  }

  private func appleParties(_ claims: JSONValue, _ client: TenantClient) -> [Finding] {
    let wanted = [
      ("secret-team", "iss is the team", "iss", client.appleTeam ?? ""),
      ("secret-subject", "sub is the client", "sub", client.id),
      ("secret-audience", "aud is this provider", "aud", settings.issuer),
    ]
    return wanted.map { rule, statement, name, expected in
      let found = claims[name]?.string
      return Finding(
        rule, statement, expected: expected, found: shortened(found ?? "nothing"),
        passed: found?.isIdentical(to: expected) == true, .rfc(7519, "4.1"))
    }
  }

  private func appleTimes(_ claims: JSONValue, _ call: Call) -> [Finding] {
    let now = call.now.seconds
    let skew = AssertionLimit.clockSkewSeconds
    let (issued, expiry) = (claims["iat"]?.integer, claims["exp"]?.integer)
    let life = expiry.flatMap { end in
      issued.flatMap { start in
        let (life, overflow) = end.subtractingReportingOverflow(start)
        return overflow ? nil : life
      }
    }
    return [
      Finding(
        "secret-begun", "It was not made in the future", expected: "iat at most \(now + skew)",
        found: issued.map(String.init) ?? "nothing",
        passed: issued.map { $0 <= now + skew } ?? false,
        .rfc(7519, "4.1.6")),
      Finding(
        "secret-unexpired", "It has not ended", expected: "exp after \(now - skew)",
        found: expiry.map(String.init) ?? "nothing",
        passed: expiry.map { $0 > now - skew } ?? false,
        .rfc(7519, "4.1.4")),
      Finding(
        "secret-lifetime", "It lives half a year at most",
        expected: "at most \(AppleHabits.secretSecondsMax) s",
        found: life.map { "\($0) s" } ?? "nothing",
        passed: life.map { $0 >= 0 && $0 <= AppleHabits.secretSecondsMax } ?? false,
        .rfc(7519, "4.1.4")),
    ]
  }
}
