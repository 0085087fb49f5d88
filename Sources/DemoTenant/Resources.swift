import Cryptography
import OpenID

/// Why a bearer token is refused.
///
/// RFC 6750, section 3.1.
struct BearerRefusal: Error {
  var status: Int
  /// Without an error code if no token was sent at all.
  var error: OAuthError?
  var scope: String?
  /// Whether the token should have come with a proof of possession.
  var wantsProof = false
  /// The nonce for the next proof.
  var nonce: String?

  /// RFC 9449, sections 7.1 and 9.
  static func boundToken(_ error: OAuthError, nonce: String? = nil) -> BearerRefusal {
    BearerRefusal(status: 401, error: error, wantsProof: true, nonce: nonce)
  }

  static let noToken = BearerRefusal(status: 401)

  static func invalidRequest(_ description: String) -> BearerRefusal {
    BearerRefusal(status: 400, error: OAuthError("invalid_request", description))
  }

  static func invalidToken(_ description: String) -> BearerRefusal {
    BearerRefusal(status: 401, error: OAuthError("invalid_token", description))
  }

  static func insufficientScope(_ scope: String) -> BearerRefusal {
    BearerRefusal(
      status: 403, error: OAuthError("insufficient_scope", "The scope \(scope) is missing"),
      scope: scope)
  }
}

/// What a bearer token allows.
struct Access {
  var subject: String
  var scopes: [String]
}

extension DemoTenant {
  /// The userinfo endpoint.
  ///
  /// OpenID Connect Core 1.0, section 5.3.
  mutating func userinfo(_ call: Call) -> HTTPResponse {
    do throws(BearerRefusal) {
      let token = try bearerToken(call, at: .userinfo)
      let access: Access
      if let opaque = opaqueTokens.find(token.text, now: call.now) {
        record(
          Finding(
            "token-valid", "The access token is valid", expected: "a valid token",
            found: masked(token.text), passed: true, .core("5.3.1")), at: .userinfo, call)
        try requireCertificate(opaque.thumbprint, call, at: .userinfo)
        try requireKey(opaque.proofKey, token, call, at: .userinfo)
        access = Access(subject: opaque.grant.subject, scopes: opaque.scopes)
      } else {
        access = try verifiedAccess(
          token, audience: address(Path.userinfo), call, at: .userinfo)
      }
      try require("openid", access, call, at: .userinfo)
      guard let person = person(subject: access.subject) else {
        throw .invalidToken("The person is not here any more")
      }
      var response = jsonResponse(
        status: 200,
        .object(
          [JSONMember("sub", .string(person.subject))]
            + Scope.opened(by: access.scopes, of: person)))
      echoInteraction(call, &response)
      addNonce(&response, call, isResource: true)
      return response
    } catch {
      var response = refuse(error, realm: "userinfo", call)
      echoInteraction(call, &response)
      return response
    }
  }

  /// An API as a separate resource server: it knows only the tenant's keys.
  mutating func answerAPI(_ call: Call, api: API, resource: APIResource) -> HTTPResponse {
    do throws(BearerRefusal) {
      let token = try bearerToken(call, at: .api)
      let access = try verifiedAccess(token, audience: api.identifier, call, at: .api)
      try require(resource.scope, access, call, at: .api)
      var response = jsonResponse(
        status: 200, .object([JSONMember("sub", .string(access.subject))] + resource.content))
      echoInteraction(call, &response)
      addNonce(&response, call, isResource: true)
      return response
    } catch {
      var response = refuse(error, realm: api.identifier, call)
      echoInteraction(call, &response)
      return response
    }
  }

  /// The token in the `Authorization` header, or at the userinfo endpoint in a form sent by POST; in
  /// one place only, and in no other.
  ///
  /// RFC 6750, section 2.
  private mutating func bearerToken(
    _ call: Call, at endpoint: TenantEndpoint
  ) throws(BearerRefusal) -> PresentedToken {
    let headers = call.request.headers.all("Authorization")
    let query = (try? FormEncoding.decode(call.request.query))?["access_token"]
    let isForm = call.request.headers.mediaType == "application/x-www-form-urlencoded"
    let form = isForm ? (try? FormEncoding.decode(call.request.body)) ?? [] : []
    let bodies = form.filter { $0.name == "access_token" }.map(\.value)
    let body = bodies.first
    if endpoint == .userinfo, !demandsFAPI, call.isPOST, headers.isEmpty, query == nil,
      bodies.count == 1,
      let body, !body.isEmpty
    {
      record(
        Finding(
          "bearer-in-body",
          "The token comes in a form sent by POST, and only there; the header is the better place",
          expected: "Authorization: Bearer, or one access_token in a form", found: "a form",
          passed: true, .rfc(6750, "2.2")), at: endpoint, call)
      return PresentedToken(text: body, scheme: "bearer")
    }
    let isOnlyHeader = query == nil && body == nil && headers.count <= 1
    record(
      Finding(
        "bearer-header", "The token comes in the Authorization header, and only there",
        expected: "Authorization: Bearer or DPoP",
        found: !isOnlyHeader
          ? "another place or twice" : headers.first.map { _ in "a header" } ?? "nothing",
        passed: isOnlyHeader && !headers.isEmpty, .rfc(6750, "2.1")), at: endpoint, call)
    guard isOnlyHeader else {
      throw .invalidRequest("Send the token once, in the Authorization header")
    }
    guard let header = headers.first else { throw .noToken }
    let parts = header.split(at: " ", omittingEmptySubsequences: true)
    guard let scheme = parts.first?.asciiLowercased,
      ["bearer", DPoP.tokenType.asciiLowercased].contains(scheme)
    else { throw .noToken }
    guard parts.count == 2 else { throw .invalidRequest("Malformed Authorization header") }
    return PresentedToken(text: String(parts[1]), scheme: scheme)
  }

  /// Verifies an access token as RFC 9068, section 4, requires of every resource server.
  private mutating func verifiedAccess(
    _ presented: PresentedToken, audience: String, _ call: Call, at endpoint: TenantEndpoint
  ) throws(BearerRefusal) -> Access {
    let text = presented.text
    let token = try? CompactJWS(text)
    let claims = try? token?.claims()
    record(
      Finding(
        "token-jwt", "The access token is a JWT", expected: "three segments",
        found: masked(text), passed: claims != nil, .rfc(9068, "4")), at: endpoint, call)
    guard let token, let claims else { throw .invalidToken("The token is no JWT") }
    let type = token.type?.asciiLowercased
    let audiences = claims["aud"]?.strings ?? claims["aud"]?.string.map { [$0] } ?? []
    let expiry = claims["exp"]?.integer
    let id = claims["jti"]?.string
    let subject = claims["sub"]?.string
    let failed = record(
      [
        Finding(
          "token-type", "It is an access token, not an ID token", expected: "at+jwt",
          found: shortened(token.type),
          passed: type == "at+jwt" || type == "application/at+jwt", .rfc(9068, "4")),
        Finding(
          "token-signature", "The tenant has signed it",
          expected: keys.map { "\($0.algorithm.rawValue) by \($0.keyID)" }
            .joined(separator: " or "),
          found: shortened("\(token.algorithmName) by \(token.keyID ?? "no key")"),
          passed: hasOwnSignature(token), .rfc(9068, "4")),
        Finding(
          "token-issuer", "It names the tenant", expected: settings.issuer,
          found: shortened(claims["iss"]?.string),
          passed: claims["iss"]?.string?.isIdentical(to: settings.issuer) ?? false,
          .rfc(9068, "4")),
        Finding(
          "token-audience", "It is meant for this resource", expected: audience,
          found: shortened(audiences.joined(separator: ", ")),
          passed: audiences.contains { $0.isIdentical(to: audience) }, .rfc(9068, "4")),
        Finding(
          "token-unexpired", "It has not expired", expected: "after \(call.now.seconds)",
          found: expiry.map(String.init) ?? "nothing",
          passed: expiry.map { call.now.seconds < $0 } ?? false, .rfc(9068, "4")),
        Finding(
          "token-unrevoked", "It has not been revoked", expected: "not revoked",
          found: id.map { isRevoked($0, call) } ?? false ? "revoked" : "not revoked",
          passed: id.map { !isRevoked($0, call) } ?? false, .rfc(6750, "3.1")),
      ], at: endpoint, call)
    if let failed { throw .invalidToken(failed.statement + ": no") }
    try requireCertificate(ClientCertificate.thumbprint(in: claims), call, at: endpoint)
    try requireKey(DPoP.thumbprint(in: claims), presented, call, at: endpoint)
    guard let subject else { throw .invalidToken("The token has no subject") }
    return Access(subject: subject, scopes: spaceSeparated(claims["scope"]?.string))
  }

  private mutating func require(
    _ scope: String, _ access: Access, _ call: Call, at endpoint: TenantEndpoint
  ) throws(BearerRefusal) {
    let passed = record(
      Finding(
        "token-scope", "It allows what is asked for", expected: scope,
        found: shortened(access.scopes.joined(separator: " ")),
        passed: access.scopes.contains(scope), .rfc(6750, "3.1")), at: endpoint, call)
    guard passed else { throw .insufficientScope(scope) }
  }

  /// An error response with its challenge.
  ///
  /// RFC 6750, section 3; RFC 9449, sections 7.1 and 7.2.
  private func refuse(_ refusal: BearerRefusal, realm: String, _ call: Call) -> HTTPResponse {
    let scheme = call.request.headers["Authorization"]?.before(" ").asciiLowercased
    let isProof = refusal.wantsProof || scheme == DPoP.tokenType.asciiLowercased
    let algorithms = "algs=\"\(proofAlgorithms.map(\.rawValue).joined(separator: " "))\""
    var challenge = (isProof ? DPoP.tokenType : "Bearer") + " realm=\"\(quotable(realm))\""
    if isProof { challenge += ", " + algorithms }
    var body: JSONValue = ["error": "unauthorized"]
    if let error = refusal.error {
      challenge += ", error=\"\(error.code)\", error_description=\"\(error.description)\""
      body = ["error": .string(error.code), "error_description": .string(error.description)]
    }
    if let scope = refusal.scope { challenge += ", scope=\"\(quotable(scope))\"" }
    // Who sends no token learns of both schemes.
    if refusal.error == nil, !isProof, !isAppleLike {
      challenge += ", \(DPoP.tokenType) " + algorithms
    }
    var response = jsonResponse(status: refusal.status, body)
    response.headers.add("WWW-Authenticate", challenge)
    if let nonce = refusal.nonce { response.headers.set(DPoP.nonceHeader, nonce) }
    return response
  }
}
