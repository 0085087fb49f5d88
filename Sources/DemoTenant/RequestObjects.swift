import Cryptography
import OpenID

/// How the parameters of an authorization request reached the tenant.
struct RequestCarriage: Sendable, Equatable {
  /// Over the back channel, before the browser came.
  var isPushed = false
  /// Inside a JWT that the client has signed.
  var isSigned = false
  /// Inside a JWT that is encrypted for the tenant as well.
  var isEncrypted = false
}

/// An authorization request as a JWT that the client has signed.
///
/// RFC 9101, sections 4 to 6.
struct RequestObjectReading {
  /// The claims of the JWT itself, which are no parameters.
  private static let ownClaims: Set<String> = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"]
  /// The accepted difference of the client's clock, in seconds.
  static let clockSkewSeconds: Int64 = 60

  let token: CompactJWS?
  let claims: JSONValue?

  init(_ text: String) {
    token = try? CompactJWS(text)
    claims = try? token?.claims()
  }

  /// The parameters inside, in order; an array becomes several of one name.
  var parameters: [FormField] {
    (claims?.members ?? []).filter { !Self.ownClaims.contains($0.name) }.flatMap { member in
      let values = member.value.elements ?? [member.value]
      return values.map { FormField(member.name, $0.string ?? $0.compactText) }
    }
  }

  /// The registered keys that may have signed it.
  private func candidates(_ client: TenantClient, _ algorithms: [SignatureAlgorithm])
    -> [JSONWebKey]
  {
    guard let token, let algorithm = token.algorithm, algorithms.contains(algorithm) else {
      return []
    }
    return client.keys.filter { key in
      key.fits(algorithm)
        && (token.keyID.map { key.keyID?.isIdentical(to: $0) == true } ?? true)
    }
  }

  func signatureFindings(
    _ client: TenantClient, _ algorithms: [SignatureAlgorithm]
  ) -> [Finding] {
    let keys = candidates(client, algorithms)
    let isSigned = keys.contains { key in
      guard let token, let algorithm = token.algorithm else { return false }
      return (try? Signature.verify(token, algorithm: algorithm, key: key)) ?? false
    }
    let name = token?.algorithmName ?? "nothing"
    let critical = token?.header["crit"]
    return [
      Finding(
        "object-crit", "The header demands no extension", expected: "no crit",
        found: shortened(critical.map { "crit: \($0.compactText)" } ?? "no crit"),
        passed: critical == nil, .rfc(7515, "4.1.11")),
      Finding(
        "object-algorithm", "The request object is signed with an allowed algorithm",
        expected: algorithms.map(\.rawValue).joined(separator: " or "), found: shortened(name),
        passed: token?.algorithm.map(algorithms.contains) ?? false, .rfc(9101, "6.1")),
      Finding(
        "object-key", "The client has registered the key",
        expected: client.keys.isEmpty
          ? "a registered key; there is none"
          : client.keys.map { $0.keyID ?? "a key without kid" }.joined(separator: " or "),
        found: shortened(token?.keyID ?? "no kid"), passed: !keys.isEmpty, .rfc(9101, "6.2")),
      Finding(
        "object-signature", "The client has signed the request object",
        expected: "a signature that verifies",
        found: isSigned ? "\(name), it verifies" : "it does not verify", passed: isSigned,
        .rfc(9101, "6.2")),
    ]
  }

  /// - Parameter isStrict: Whether `aud` must be there, as FAPI 1.0 Advanced wants.
  func claimFindings(_ clientID: String, issuer: String, isStrict: Bool) -> [Finding] {
    let inside = claims?["client_id"]?.string
    let sender = claims?["iss"]?.string
    let isOwn =
      inside?.isIdentical(to: clientID) == true
      && (sender.map { $0.isIdentical(to: clientID) } ?? true)
    let audiences = claims?["aud"].flatMap { $0.string.map { [$0] } ?? $0.strings } ?? []
    let isForUs =
      audiences.isEmpty
      ? !isStrict && claims?["aud"] == nil : audiences.contains { $0.isIdentical(to: issuer) }
    let nested = ["request", "request_uri"].filter { claims?[$0] != nil }
    return [
      Finding(
        "object-client", "client_id inside is the client, and so is iss",
        expected: clientID, found: shortened("\(inside ?? "nothing") and \(sender ?? "no iss")"),
        passed: isOwn, .rfc(9101, "5")),
      Finding(
        "object-audience", "The request object is meant for this tenant",
        expected: issuer,
        found: audiences.isEmpty ? "nothing" : shortened(audiences.joined(separator: ", ")),
        passed: isForUs, .rfc(9101, "4")),
      Finding(
        "object-flat", "No other request object is inside",
        expected: "neither request nor request_uri",
        found: nested.isEmpty ? "neither" : nested.joined(separator: ", "), passed: nested.isEmpty,
        .rfc(9101, "4")),
    ]
  }

  /// - Parameter isStrict: Whether both times must be there, at most an hour apart.
  func timeFindings(now: Int64, isStrict: Bool) -> [Finding] {
    let skew = Self.clockSkewSeconds
    let limit = FAPIAdvanced.requestObjectSecondsMax
    let (start, end) = (claims?["nbf"], claims?["exp"])
    let unexpired = end.map { $0.integer.map { $0 > now - skew } ?? false } ?? !isStrict
    let begun = start.map { $0.integer.map { $0 <= now + skew } ?? false } ?? !isStrict
    var findings = [
      Finding(
        "object-unexpired", "The request object has not expired",
        expected: "exp after \(now - skew)", found: shortened(end?.compactText), passed: unexpired,
        .rfc(7519, "4.1.4")),
      Finding(
        "object-begun", "The request object is valid already",
        expected: "nbf at most \(now + skew)", found: shortened(start?.compactText), passed: begun,
        .rfc(7519, "4.1.5")),
    ]
    guard isStrict else { return findings }
    let age = start?.integer.map { now.subtractingReportingOverflow($0) }
    let life = end?.integer.flatMap { end in
      start?.integer.map { end.subtractingReportingOverflow($0) }
    }
    let isYoung = age.map { !$0.overflow && $0.partialValue <= limit + skew } ?? false
    let isShort = life.map { !$0.overflow && $0.partialValue <= limit } ?? false
    findings.append(
      Finding(
        "object-lifetime", "It lives an hour at most, and began an hour ago at most",
        expected: "nbf, and exp at most \(limit) s later",
        found: life.map { $0.overflow ? "too long" : "\($0.partialValue) s" }
          ?? "nbf or exp missing",
        passed: isYoung && isShort, SecurityDemands.section("5.2.2 (13) and (17)")))
    return findings
  }
}

extension DemoTenant {
  /// The parameters inside a signed request object, once every rule holds.
  ///
  /// What stands outside is not used, apart from `client_id`.
  /// RFC 9101, section 6.3; OpenID Connect Core 1.0, section 6.1.
  mutating func opened(
    _ text: String, of client: TenantClient, _ call: Call, at endpoint: TenantEndpoint
  ) throws(OAuthError) -> Parameters {
    let reading = RequestObjectReading(try decrypted(text, call, at: endpoint))
    let isJWT = record(
      Finding(
        "object-jwt", "The request object is a signed JWT", expected: "three segments",
        found: reading.claims == nil ? "something else" : "three segments",
        passed: reading.claims != nil, .rfc(9101, "4")), at: endpoint, call)
    guard isJWT else {
      throw OAuthError("invalid_request_object", "Invalid request object: object-jwt")
    }
    let failed = record(
      reading.signatureFindings(client, clientAlgorithms)
        + reading.claimFindings(client.id, issuer: settings.issuer, isStrict: demandsFAPI)
        + reading.timeFindings(now: call.now.seconds, isStrict: demandsFAPI), at: endpoint, call)
    if let failed {
      throw OAuthError("invalid_request_object", "Invalid request object: \(failed.rule)")
    }
    return Parameters(fields: reading.parameters)
  }
}
