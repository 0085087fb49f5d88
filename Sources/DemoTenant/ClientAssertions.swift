import Cryptography
import OpenID

/// Limits for the times of a client assertion.
enum AssertionLimit {
  /// The longest accepted lifetime, in seconds: a `jti` must be remembered for as long.
  static let lifetimeSeconds: Int64 = 3600
  /// The accepted difference of the client's clock, in seconds.
  static let clockSkewSeconds: Int64 = 60
}

/// A client that authenticates with a JWT of its own: `private_key_jwt`.
///
/// RFC 7521, section 4.2; RFC 7523, sections 2.2 and 3; OpenID Connect Core 1.0, section 9.
struct ClientAssertionReading {
  static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
  /// The accepted algorithms: key pairs only, because a shared secret could be a public key.
  static let algorithms = SignatureAlgorithm.allCases.filter { !$0.isSymmetric }

  /// Whether any parameter of an assertion was sent, even if the other is missing.
  let isPresent: Bool
  let type: String?
  let token: CompactJWS?
  let claims: JSONValue?

  init(_ form: Parameters) {
    let text = form["client_assertion"]
    type = form["client_assertion_type"]
    isPresent = text != nil || type != nil
    token = text.flatMap { try? CompactJWS($0) }
    claims = try? token?.claims()
  }

  /// The claimed client, in `sub`, as RFC 7523, section 3 (2.B), requires.
  var subject: String? { claims?["sub"]?.string }

  /// The registered keys that may have signed it.
  func candidates(among keys: [JSONWebKey]) -> [JSONWebKey] {
    guard let token, let algorithm = token.algorithm, !algorithm.isSymmetric else { return [] }
    return keys.filter { key in
      key.fits(algorithm)
        && (token.keyID.map { key.keyID?.isIdentical(to: $0) == true } ?? true)
    }
  }

  /// Whether one of the keys verifies it.
  func isSigned(by keys: [JSONWebKey]) -> Bool {
    // RFC 7515, 4.1.11: an extension that is not understood makes the signature invalid.
    guard let token, let algorithm = token.algorithm, token.header["crit"] == nil else {
      return false
    }
    return keys.contains { key in
      (try? Signature.verify(token, algorithm: algorithm, key: key)) ?? false
    }
  }
}

extension DemoTenant {
  /// Checks a client assertion against all rules, and records each separately.
  ///
  /// Its `jti` is used up only when all rules hold: otherwise anyone could use it up.
  mutating func verify(
    _ assertion: ClientAssertionReading, of client: TenantClient, _ call: Call,
    at endpoint: TenantEndpoint
  ) -> Bool {
    let isType = assertion.type?.isIdentical(to: ClientAssertionReading.type) == true
    let form = record(
      [
        Finding(
          "assertion-type", "The assertion is said to be a JWT",
          expected: ClientAssertionReading.type, found: shortened(assertion.type),
          passed: isType, .rfc(7523, "2.2")),
        Finding(
          "assertion-jwt", "The assertion is a signed JWT", expected: "three segments",
          found: assertion.claims == nil ? "something else" : "three segments",
          passed: assertion.claims != nil, .rfc(7523, "3")),
      ], at: endpoint, call)
    guard let claims = assertion.claims else { return false }
    let failed = record(
      signatureFindings(assertion, client) + claimFindings(claims, client, at: endpoint)
        + timeFindings(claims, call), at: endpoint, call)
    let jti = claims["jti"]?.string ?? ""
    let name = client.id + "\n" + jti
    // Used ones are not forgotten to make room: when the memory is full, no new one is accepted.
    let hasRoom = assertions.hasRoom(for: name, now: call.now)
    let isNew = !jti.isEmpty && hasRoom && assertions.find(name, now: call.now) == nil
    record(
      Finding(
        "assertion-unused", "The assertion has not been used before",
        expected: "a jti of its own",
        found: jti.isEmpty
          ? "no jti" : isNew ? masked(jti) : hasRoom ? "used before" : "too many others, unexpired",
        passed: isNew,
        .rfc(7523, "3 (7)")), at: endpoint, call)
    guard form == nil, failed == nil, isNew else { return false }
    let until = UnixTime(seconds: claims["exp"]?.integer ?? call.now.seconds)
    assertions.keep(
      true, as: name, until: until.adding(seconds: AssertionLimit.clockSkewSeconds),
      now: call.now)
    return true
  }

  private func signatureFindings(
    _ assertion: ClientAssertionReading, _ client: TenantClient
  ) -> [Finding] {
    let algorithm = assertion.token?.algorithm
    let keys = assertion.candidates(among: client.keys)
    let isSigned = assertion.isSigned(by: keys)
    let name = assertion.token?.algorithmName ?? "nothing"
    return [
      Finding(
        "assertion-algorithm", "It is signed by one half of a key pair",
        expected: demandsFAPI
          ? clientAlgorithms.map(\.rawValue).joined(separator: " or ") : "an asymmetric algorithm",
        found: shortened(name), passed: algorithm.map(clientAlgorithms.contains) ?? false,
        .core("9")),
      Finding(
        "assertion-key", "The client has registered the key",
        expected: client.keys.isEmpty
          ? "a registered key; there is none"
          : client.keys.map { $0.keyID ?? "a key without kid" }.joined(separator: " or "),
        found: shortened(assertion.token?.keyID ?? "no kid"), passed: !keys.isEmpty, .core("9")),
      Finding(
        "assertion-signature", "The client has signed it", expected: "a signature that verifies",
        found: isSigned ? "\(name), it verifies" : "it does not verify", passed: isSigned,
        .rfc(7523, "3 (9)")),
    ]
  }

  private func claimFindings(
    _ claims: JSONValue, _ client: TenantClient, at endpoint: TenantEndpoint
  ) -> [Finding] {
    let issuer = claims["iss"]?.string
    let subject = claims["sub"]?.string
    let isOwn = [issuer, subject].allSatisfy { $0?.isIdentical(to: client.id) == true }
    let audiences = claims["aud"].flatMap { $0.string.map { [$0] } ?? $0.strings } ?? []
    // RFC 9126, 2: the endpoint for pushed requests takes its own address as well.
    let own =
      [settings.issuer, address(Path.token)] + (endpoint == .pushed ? [address(Path.push)] : [])
    // With a second audience, that party could send the assertion on to us.
    let isForUs =
      !audiences.isEmpty
      && audiences.allSatisfy { audience in own.contains { $0.isIdentical(to: audience) } }
    return [
      Finding(
        "assertion-client", "iss and sub are both the client", expected: client.id,
        found: shortened("\(issuer ?? "nothing") and \(subject ?? "nothing")"), passed: isOwn,
        .core("9")),
      Finding(
        "assertion-audience", "It is meant for this tenant alone",
        expected: own.joined(separator: " or "),
        found: audiences.isEmpty ? "nothing" : shortened(audiences.joined(separator: ", ")),
        passed: isForUs, .rfc(7523, "3 (3)")),
    ]
  }

  private func timeFindings(_ claims: JSONValue, _ call: Call) -> [Finding] {
    let now = call.now.seconds
    let skew = AssertionLimit.clockSkewSeconds
    let limit = now + AssertionLimit.lifetimeSeconds + skew
    let expiry = claims["exp"]?.integer
    let starts = ["iat", "nbf"].compactMap { claims[$0] }
    let isBegun = starts.allSatisfy { value in value.integer.map { $0 <= now + skew } ?? false }
    return [
      Finding(
        "assertion-unexpired", "It ends soon, and has not ended",
        expected: "between \(now - skew) and \(limit)",
        found: expiry.map(String.init) ?? claims["exp"].map { $0.typeName } ?? "nothing",
        passed: expiry.map { $0 > now - skew && $0 <= limit } ?? false, .rfc(7523, "3 (4)")),
      Finding(
        "assertion-begun", "It was not made in the future",
        expected: "iat and nbf, if there, at most \(now + skew)",
        found: starts.isEmpty
          ? "neither" : shortened(starts.map(\.compactText).joined(separator: ", ")),
        passed: isBegun, .rfc(7523, "3 (5)")),
    ]
  }
}
