import Cryptography
import OpenID

extension DemoTenant {
  /// The tenant's metadata.
  ///
  /// OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2; RFC 9207, section 3.
  func metadata() -> JSONValue {
    let scopes = Scope.standard + settings.apis.flatMap(\.permissions).map(\.scope)
    let hasKeys = settings.clients.contains { !$0.keys.isEmpty }
    let methods =
      ["client_secret_basic", "client_secret_post"] + (hasKeys ? ["private_key_jwt"] : [])
      + certificateMethods
      + (settings.clients.contains(where: \.isPublic) ? ["none"] : [])
    let claims = ["sub"] + Scope.claims.flatMap(\.names)
    var metadata: JSONValue = [
      "issuer": .string(settings.issuer),
      "authorization_endpoint": .string(address(Path.authorize)),
      "token_endpoint": .string(address(Path.token)),
      "userinfo_endpoint": .string(address(Path.userinfo)),
      "jwks_uri": .string(address(Path.jwks)),
      "pushed_authorization_request_endpoint": .string(address(Path.push)),
      "revocation_endpoint": .string(address(Path.revoke)),
      "introspection_endpoint": .string(address(Path.introspect)),
      "end_session_endpoint": .string(address(Path.logout)),
      "scopes_supported": strings(scopes),
      "response_types_supported": strings(
        ["code"] + ResponseType.allCases.map(\.rawValue)),
      "response_modes_supported": strings(settings.responseModes.map(\.rawValue)),
      "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
      "subject_types_supported": ["public"],
      "authorization_signing_alg_values_supported": [.string(signingKey.algorithm.rawValue)],
      "id_token_signing_alg_values_supported": [.string(signingKey.algorithm.rawValue)],
      "token_endpoint_auth_methods_supported": strings(methods),
      "revocation_endpoint_auth_methods_supported": strings(methods),
      "introspection_endpoint_auth_methods_supported": strings(
        methods.filter { $0 != "none" }),
      "claims_supported": strings(
        ["iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid"] + claims),
      "claim_types_supported": ["normal"],
      "prompt_values_supported": ["none", "login", "consent", "select_account"],
      "code_challenge_methods_supported": ["S256"],
      "authorization_response_iss_parameter_supported": true,
      "claims_parameter_supported": false,
      "request_parameter_supported": true,
      "request_uri_parameter_supported": false,
      "request_object_signing_alg_values_supported": strings(clientAlgorithms.map(\.rawValue)),
    ]
    if !isAppleLike {
      metadata.set(DPoP.algorithmsMember, strings(proofAlgorithms.map(\.rawValue)))
    }
    for member in settings.encryptionMetadata { metadata.set(member.name, member.value) }
    for member in settings.requestKeyMetadata { metadata.set(member.name, member.value) }
    // RFC 8414, section 2: required when one of the methods uses a JWT.
    guard hasKeys || demandsFAPI else {
      return isAppleLike ? appleMetadata(metadata) : certificateMetadata(metadata)
    }
    for endpoint in ["token", "revocation", "introspection"] {
      metadata.set(
        "\(endpoint)_endpoint_auth_signing_alg_values_supported",
        strings(clientAlgorithms.map(\.rawValue)))
    }
    return isAppleLike
      ? appleMetadata(metadata) : demandingMetadata(certificateMetadata(metadata))
  }

  /// The methods of authentication with a certificate that a client has registered.
  var certificateMethods: [String] {
    guard settings.mutualTLS != nil else { return [] }
    let registered = settings.clients.compactMap(\.certificate?.method)
    return [.tlsClientAuth, .selfSignedTLSClientAuth].filter(registered.contains).map(\.rawValue)
  }

  func discovery() -> HTTPResponse { cacheable(metadata()) }

  /// The published keys.
  ///
  /// A key to which a fault has changed stays among them, whatever is committed later: tokens that it
  /// has signed may still be verified.
  func publishedKeys() throws(CryptoError) -> HTTPResponse {
    var published = keys.map(\.publicJWK.json)
    if hasRotated { published.append(try nextPublicKey()) }
    published += settings.requestKeys.map(\.publicJWK.json)
    return cacheable(["keys": .array(published)])
  }

  private func cacheable(_ value: JSONValue) -> HTTPResponse {
    var response = jsonResponse(status: 200, value)
    response.headers.set("Cache-Control", "public, max-age=60")
    return response
  }
}

func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

/// A JSON response; ``DemoTenant/handle(_:at:)`` adds that it must not be stored.
func jsonResponse(status: Int, _ value: JSONValue) -> HTTPResponse {
  HTTPResponse(status: status, mediaType: "application/json", text: value.compactText)
}

/// The scopes that OpenID Connect defines.
///
/// OpenID Connect Core 1.0, sections 5.4 and 11.
enum Scope {
  static let offlineAccess = "offline_access"
  static let standard = ["openid", "profile", "email", "address", "phone", offlineAccess]

  /// The claims that each scope requests.
  static let claims: [(scope: String, names: [String])] = [
    (
      "profile",
      [
        "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username",
        "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale",
        "updated_at",
      ]
    ),
    ("email", ["email", "email_verified"]),
    ("address", ["address"]),
    ("phone", ["phone_number", "phone_number_verified"]),
  ]

  /// The claims of a person for these scopes, in the person's order.
  static func opened(by scopes: [String], of person: Person) -> [JSONMember] {
    let names = claims.filter { scopes.contains($0.scope) }.flatMap(\.names)
    return person.claims.filter { names.contains($0.name) }
  }

  /// What a scope allows, in words.
  static func words(_ scope: String, api: API?) -> String {
    switch scope {
    case "openid": "Know that it is you"
    case "profile": "See your profile: name, nickname, picture"
    case "email": "See your e-mail address"
    case AppleHabits.nameScope: "See your name"
    case "address": "See your postal address"
    case "phone": "See your telephone number"
    case offlineAccess: "Stay signed in and work for you while you are away"
    default: api?.permissions.first { $0.scope == scope }?.description ?? scope
    }
  }
}
