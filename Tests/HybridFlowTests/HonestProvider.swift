import Cryptography
import OpenID

@testable import HybridFlow

/// A provider that answers as the specifications want, and whose every message can be altered.
///
/// Each hook sees the honest message and may change it; claims are changed before they are signed.
struct HonestProvider {
  typealias Edit<Value> = @Sendable (inout Value) throws -> Void

  var algorithm: SignatureAlgorithm
  /// Signs the first ID token.
  var frontKey: SigningKey
  /// Signs the second ID token.
  var backKey: SigningKey
  /// The keys that stage 1 sees.
  var published: [JSONValue]
  /// The keys that a second look sees.
  var publishedLater: [JSONValue]

  var editMetadata: Edit<JSONValue> = { _ in }
  var editDocument: Edit<HTTPResponse> = { _ in }
  var editKeySet: Edit<HTTPResponse> = { _ in }
  var editKeySetLater: Edit<HTTPResponse> = { _ in }
  var editFrontClaims: Edit<JSONValue> = { _ in }
  var editFrontHeader: Edit<JSONValue> = { _ in }
  var editFrontToken: Edit<String> = { _ in }
  var editFields: Edit<[FormField]> = { _ in }
  var editCallback: Edit<HTTPRequest> = { _ in }
  /// Signs the JWT that carries the answer, where one was asked for.
  var responseKey: SigningKey
  var editResponseClaims: Edit<JSONValue> = { _ in }
  var editResponseHeader: Edit<JSONValue> = { _ in }
  var editResponseJWT: Edit<String> = { _ in }
  /// The fields beside the JWT, or in its place.
  var editSealed: Edit<[FormField]> = { _ in }
  var editBackClaims: Edit<JSONValue> = { _ in }
  var editBackHeader: Edit<JSONValue> = { _ in }
  var editBackToken: Edit<String> = { _ in }
  var editTokens: Edit<JSONValue> = { _ in }
  var editTokenResponse: Edit<HTTPResponse> = { _ in }
  var editAPI: Edit<HTTPResponse> = { _ in }
  var editUserinfo: Edit<HTTPResponse> = { _ in }
  var editRefreshedClaims: Edit<JSONValue> = { _ in }
  var editRefreshed: Edit<JSONValue> = { _ in }
  var editRefreshedResponse: Edit<HTTPResponse> = { _ in }
  var editIntrospection: Edit<HTTPResponse> = { _ in }
  var editRevocation: Edit<HTTPResponse> = { _ in }

  init(_ algorithm: SignatureAlgorithm = .rs256, ed448: Bool = false) throws {
    self.algorithm = algorithm
    let key = try TestKeys.key(algorithm, ed448: ed448)
    frontKey = key
    backKey = key
    responseKey = key
    // A shared secret is published by nobody.
    published = [(algorithm.isSymmetric ? try TestKeys.key(.rs256) : key).publicJWK.json]
    publishedLater = published
  }

  // MARK: - Stage 1

  func metadata() throws -> JSONValue {
    let base = Sample.issuer
    var json: JSONValue = [
      "issuer": .string(base),
      "authorization_endpoint": .string(base + "authorize"),
      "token_endpoint": .string(base + "oauth/token"),
      "userinfo_endpoint": .string(base + "userinfo"),
      "jwks_uri": .string(base + ".well-known/jwks.json"),
      "response_types_supported": ["code", "id_token code", "code token", "code token id_token"],
      "response_modes_supported": ["query", "fragment", "form_post"],
      "subject_types_supported": ["public"],
      "id_token_signing_alg_values_supported": ["RS256", .string(algorithm.rawValue)],
      "token_endpoint_auth_methods_supported": [
        "client_secret_basic", "client_secret_post", "none",
      ],
    ]
    try editMetadata(&json)
    return json
  }

  func keySet(again: Bool) throws -> HTTPResponse {
    let keys: JSONValue = ["keys": .array(again ? publishedLater : published)]
    var response = Self.json(keys)
    try again ? editKeySetLater(&response) : editKeySet(&response)
    return response
  }

  var editPushed: (inout HTTPResponse) throws -> Void = { _ in }

  func pushed() throws -> HTTPResponse {
    var response = Self.json(
      ["request_uri": "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc", "expires_in": 60],
      status: 201)
    try editPushed(&response)
    return response
  }

  static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
    HTTPResponse(
      status: status,
      headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
      body: Array(value.compactText.utf8))
  }

  // MARK: - Stage 5

  /// The answer's fields for a request with these parameters.
  func answer(_ request: [FormField], at now: UnixTime) throws -> [FormField] {
    let type = AskedAnswer(request["response_type"] ?? "")
    var fields = type.hasCode ? [FormField("code", Sample.code)] : []
    if type.hasIDToken { fields.append(FormField("id_token", try frontToken(request, type, now))) }
    if type.hasAccessToken {
      fields += [
        FormField("access_token", Sample.frontAccessToken), FormField("token_type", "bearer"),
        FormField("expires_in", "7200"),
      ]
    }
    if let state = request["state"] { fields.append(FormField("state", state)) }
    // Names that nobody knows are to be ignored.
    fields.append(FormField("session_state", "0f3c"))
    try editFields(&fields)
    return try sealed(fields, request, now)
  }

  /// The fields as one JWT, where one was asked for; JARM, section 2.1.
  private func sealed(
    _ fields: [FormField], _ request: [FormField], _ now: UnixTime
  ) throws -> [FormField] {
    guard ResponseMode(rawValue: request["response_mode"] ?? "")?.isJWT == true else {
      return fields
    }
    var claims: JSONValue = [
      "iss": .string(Sample.issuer), "aud": .string(request["client_id"] ?? ""),
      "exp": .number(JSONNumber(now.seconds + 300)),
    ]
    for field in fields {
      let seconds = field.name == "expires_in" ? Int64(field.value) : nil
      claims.set(field.name, seconds.map { .number(JSONNumber($0)) } ?? .string(field.value))
    }
    try editResponseClaims(&claims)
    var header = responseKey.header(type: "JWT")
    try editResponseHeader(&header)
    var token = try responseKey.compactJWS(header: header, payload: Array(claims.compactText.utf8))
    try editResponseJWT(&token)
    var sealed = [FormField("response", token)]
    try editSealed(&sealed)
    return sealed
  }

  private func frontToken(
    _ request: [FormField], _ type: AskedAnswer, _ now: UnixTime
  ) throws -> String {
    var claims = claims(request, now)
    if type.hasCode { claims.set("c_hash", .string(try hash(Sample.code, frontKey))) }
    if type.hasAccessToken {
      claims.set("at_hash", .string(try hash(Sample.frontAccessToken, frontKey)))
    }
    try editFrontClaims(&claims)
    var header = frontKey.header(type: "JWT")
    try editFrontHeader(&header)
    var token = try frontKey.compactJWS(header: header, payload: Array(claims.prettyText.utf8))
    try editFrontToken(&token)
    return token
  }

  private func claims(_ request: [FormField], _ now: UnixTime) -> JSONValue {
    var claims: JSONValue = [
      "iss": .string(Sample.issuer), "sub": "auth0|user-1",
      "aud": .string(request["client_id"] ?? ""),
      "exp": .number(JSONNumber(now.seconds + 36_000)), "iat": .number(JSONNumber(now.seconds)),
      "auth_time": .number(JSONNumber(Sample.start.seconds)), "amr": ["pwd"],
      "name": "Jane Doe", "email": "jane@tenant.example",
    ]
    if let nonce = request["nonce"] { claims.set("nonce", .string(nonce)) }
    if let acr = request["acr_values"] { claims.set("acr", .string(acr)) }
    return claims
  }

  /// The left half of a digest, as base64url.
  func hash(_ value: String, _ key: SigningKey) throws -> String {
    let digest = key.algorithm.hashClaimDigest(curve: key.publicJWK.curve)
    let bytes = try Digest.hash(Array(value.utf8), digest)
    return Base64URL.encode(Array(bytes.prefix(bytes.count / 2)))
  }

  /// The request that brings the answer: the tenant's form, or what the page at the redirect URI
  /// hands over of a fragment.
  func callback(
    _ fields: [FormField], redirectURI: WebURL, by mode: ResponseMode = .formPost
  ) throws -> HTTPRequest {
    let body = Array(FormEncoding.encode(fields).utf8)
    let relay = FragmentRelay.path(token: "AAAAAAAAAAAAAAAAAAAAAA")
    var request = HTTPRequest(
      method: "POST", target: mode.carrier == .fragment ? relay : redirectURI.path,
      headers: [
        "Host": redirectURI.authority, "Origin": "null",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "Content-Length": String(body.count),
      ], body: body)
    try editCallback(&request)
    return request
  }

  // MARK: - Stages 8 and 10

  func tokens(_ request: [FormField], at now: UnixTime) throws -> HTTPResponse {
    var claims = claims(request, now)
    claims.set("at_hash", .string(try hash(Sample.backAccessToken, backKey)))
    claims.set("c_hash", .string(try hash(Sample.code, backKey)))
    claims.set("picture", "https://tenant.example/jane.png")
    try editBackClaims(&claims)
    var header = backKey.header()
    try editBackHeader(&header)
    var token = try backKey.compactJWS(header: header, payload: Array(claims.compactText.utf8))
    try editBackToken(&token)
    var json: JSONValue = [
      "access_token": .string(Sample.backAccessToken), "id_token": .string(token),
      "scope": .string(request["scope"] ?? ""), "expires_in": 86400, "token_type": "Bearer",
    ]
    if (request["scope"] ?? "").contains("offline_access") {
      json.set("refresh_token", "refresh-8xLOxBtZp8-8xLOxBtZp8")
    }
    try editTokens(&json)
    var response = Self.json(json)
    try editTokenResponse(&response)
    return response
  }

  // MARK: - After the flow

  func refreshed(_ request: [FormField], at now: UnixTime) throws -> HTTPResponse {
    var claims = claims(request, now)
    claims.set("at_hash", .string(try hash(Sample.refreshedAccessToken, backKey)))
    claims.remove("nonce")
    try editRefreshedClaims(&claims)
    let token = try backKey.compactJWS(
      header: backKey.header(), payload: Array(claims.compactText.utf8))
    var json: JSONValue = [
      "access_token": .string(Sample.refreshedAccessToken), "id_token": .string(token),
      "refresh_token": .string(Sample.rotatedRefreshToken), "expires_in": 86400,
      "token_type": "Bearer",
    ]
    try editRefreshed(&json)
    var response = Self.json(json)
    try editRefreshedResponse(&response)
    return response
  }

  func introspected() throws -> HTTPResponse {
    var response = Self.json(["active": true, "scope": "openid", "exp": 1_700_090_000])
    try editIntrospection(&response)
    return response
  }

  func revoked() throws -> HTTPResponse {
    var response = HTTPResponse(status: 200)
    try editRevocation(&response)
    return response
  }

  func userinfo() throws -> HTTPResponse {
    var response = Self.json(["sub": "auth0|user-1", "name": "Jane Doe"])
    try editUserinfo(&response)
    return response
  }

  /// Userinfo as a JWT; OpenID Connect Core 1.0, section 5.3.2.
  static func signedUserinfo(
    _ key: SigningKey, edit: (inout JSONValue) -> Void = { _ in }, header extra: [JSONMember] = []
  ) throws -> HTTPResponse {
    var claims: JSONValue = [
      "iss": .string(Sample.issuer), "aud": .string(Sample.clientID), "sub": "auth0|user-1",
    ]
    edit(&claims)
    var header = key.header()
    for member in extra { header.set(member.name, member.value) }
    let token = try key.compactJWS(header: header, payload: Array(claims.compactText.utf8))
    return HTTPResponse(status: 200, mediaType: "application/jwt", text: token)
  }

  func api() throws -> HTTPResponse {
    var response = Self.json(["appointments": 3])
    try editAPI(&response)
    return response
  }
}
