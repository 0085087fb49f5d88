import Cryptography
import OpenID

/// Limits of proofs of possession.
///
/// RFC 9449, section 11.1, speaks of seconds or minutes.
enum ProofLimit {
  /// The greatest age of a proof, in seconds.
  static let secondsMax: Int64 = 300
  /// How far it may lie in the future, in seconds: clocks differ.
  static let skewSeconds: Int64 = 60
  /// How long a nonce is given out, in seconds; it is taken for as long again.
  static let nonceSeconds: Int64 = 120
}

/// Why a proof of possession is refused.
struct ProofRefusal: Error, Equatable {
  let error: OAuthError
  /// The nonce that the next proof must have; nil when that is not what was wrong.
  var nonce: String?
}

/// The nonces of one of the tenant's two sides: where tokens are issued, and where they are used.
///
/// RFC 9449, sections 8 and 9: the two keep theirs apart.
struct ProofNonces: Sendable {
  private var newest: (text: String, since: UnixTime)?
  private var former: (text: String, since: UnixTime)?

  /// The nonce that is given out now.
  mutating func current(
    at now: UnixTime, drawing draw: () throws(CryptoError) -> String
  ) throws(CryptoError) -> String {
    if let newest, now.seconds < newest.since.seconds + ProofLimit.nonceSeconds {
      return newest.text
    }
    let text = try draw()
    former = newest
    newest = (text, now)
    return text
  }

  /// Whether a nonce was given out here, and not too long ago.
  func takes(_ text: String, at now: UnixTime) -> Bool {
    [newest, former].compactMap(\.self).contains {
      $0.text.isIdentical(to: text)
        && now.seconds < $0.since.seconds + ProofLimit.nonceSeconds * 2
    }
  }

  /// Whether it is the newest one; otherwise the answer brings a newer.
  func isNewest(_ text: String?) -> Bool { text.map { newest?.text == $0 } ?? false }
}

extension DemoTenant {
  /// The algorithms that proofs may be signed with.
  var proofAlgorithms: [SignatureAlgorithm] {
    demandsFAPI ? FAPIAdvanced.algorithms : DPoP.algorithms
  }

  /// The thumbprint of the key that a request proves; nil for a request without a proof.
  ///
  /// Each rule of RFC 9449, section 4.3, is recorded separately.
  ///
  /// - Parameter accessToken: The token that goes with the request, at a resource.
  mutating func provenKey(
    _ call: Call, at endpoint: TenantEndpoint, accessToken: String? = nil
  ) throws(ProofRefusal) -> String? {
    let headers = call.request.headers.all(DPoP.header)
    guard !headers.isEmpty, !isAppleLike else { return nil }
    let proof = try readProof(headers, call, at: endpoint)
    let failed = record(
      headerFindings(proof) + requestFindings(proof, call) + tokenFindings(proof, accessToken),
      at: endpoint, call)
    if let failed { throw refusal(failed) }
    try requireNonce(proof, call, at: endpoint, isResource: accessToken != nil)
    try requireFirstUse(proof, call, at: endpoint)
    return proof.thumbprint
  }

  /// A proof that can be read.
  private struct Proof {
    let jws: CompactJWS
    let claims: JSONValue
    let key: JSONWebKey?
    var thumbprint: String? { key.flatMap { try? Thumbprint.sha256($0) } }
    /// Its name among the used ones: a digest, because a `jti` may be long.
    ///
    /// RFC 9449, section 11.1.
    var name: String {
      let text = (thumbprint ?? "") + "\n" + (self.text("jti") ?? "")
      return (try? Digest.hash(Array(text.utf8), .sha256)).map { Base64URL.encode($0) } ?? text
    }

    /// Whether the key that it brings has signed it.
    var isSigned: Bool {
      // RFC 7515, 4.1.11: an extension that is not understood makes the signature invalid.
      guard let key, let algorithm = jws.algorithm, !algorithm.isSymmetric, key.fits(algorithm),
        jws.header["crit"] == nil
      else { return false }
      return (try? Signature.verify(jws, algorithm: algorithm, key: key)) ?? false
    }

    func text(_ name: String) -> String? {
      claims[name]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  private func refusal(_ finding: Finding) -> ProofRefusal {
    ProofRefusal(
      error: OAuthError(
        DPoP.invalidProof, "Invalid DPoP proof (\(finding.rule)): \(finding.found)"))
  }

  private mutating func readProof(
    _ headers: [String], _ call: Call, at endpoint: TenantEndpoint
  ) throws(ProofRefusal) -> Proof {
    let count = Finding(
      "dpop-one-header", "There is one DPoP header", expected: "one", found: "\(headers.count)",
      passed: headers.count == 1, .rfc(9449, "4.3 (1)"))
    record(count, at: endpoint, call)
    if !count.passed { throw refusal(count) }
    let jws = try? CompactJWS(headers[0])
    let claims = try? jws?.claims()
    let form = Finding(
      "dpop-form", "The proof is one signed JWT", expected: "three parts, JSON in two of them",
      found: claims == nil ? "\(headers[0].utf8.count) bytes that are none" : "a JWT",
      passed: claims != nil, .rfc(9449, "4.3 (2)"))
    record(form, at: endpoint, call)
    guard let jws, let claims else { throw refusal(form) }
    return Proof(jws: jws, claims: claims, key: jws.header["jwk"].flatMap(JSONWebKey.init))
  }

  /// What the header says, and the signature.
  private func headerFindings(_ proof: Proof) -> [Finding] {
    let algorithm = proof.jws.algorithm
    let isUsable = algorithm.map(proofAlgorithms.contains) ?? false
    let isSigned = proof.isSigned
    let secret = proof.key?.privateMembers ?? []
    return [
      Finding(
        "dpop-typ", "Its typ says what it is", expected: DPoP.type,
        found: shortened(proof.jws.type),
        passed: proof.jws.type?.asciiLowercased == DPoP.type, .rfc(9449, "4.3 (4)")),
      Finding(
        "dpop-alg", "Its algorithm has a public and a private key",
        expected: "one of \(proofAlgorithms.map(\.rawValue).joined(separator: ", "))",
        found: shortened(proof.jws.algorithmName), passed: isUsable, .rfc(9449, "4.3 (5)")),
      Finding(
        "dpop-jwk", "It brings its public key, and not the private one",
        expected: "jwk, public members alone",
        found: proof.key == nil
          ? "no usable jwk"
          : secret.isEmpty ? "a public key" : "private: \(secret.joined(separator: ", "))",
        passed: proof.thumbprint != nil && secret.isEmpty, .rfc(9449, "4.3 (7)")),
      Finding(
        "dpop-signature", "That key has signed it", expected: "a signature that verifies",
        found: isSigned ? "it verifies" : "it does not verify", passed: isSigned,
        .rfc(9449, "4.3 (6)")),
    ]
  }

  /// Whether the proof was made for this very request, just now.
  private func requestFindings(_ proof: Proof, _ call: Call) -> [Finding] {
    let names = ["jti", "htm", "htu"].filter { proof.text($0) == nil }
    let made = proof.claims["iat"]?.integer
    let missing = names + (made == nil ? ["iat"] : [])
    let now = call.now.seconds
    let targets = addresses(of: call)
    return [
      Finding(
        "dpop-claims", "It has every claim that a proof needs", expected: "jti, htm, htu, iat",
        found: missing.isEmpty ? "all" : "missing: " + missing.joined(separator: ", "),
        passed: missing.isEmpty, .rfc(9449, "4.3 (3)")),
      Finding(
        "dpop-htm", "It names the method of this request", expected: call.request.method,
        found: shortened(proof.text("htm")),
        passed: proof.text("htm")?.isIdentical(to: call.request.method) == true,
        .rfc(9449, "4.3 (8)")),
      Finding(
        "dpop-htu", "It names the address of this request",
        expected: targets.map(\.text).joined(separator: " or "),
        found: shortened(proof.text("htu")),
        passed: proof.text("htu").map { htu in targets.contains { DPoP.isTarget(htu, of: $0) } }
          ?? false, .rfc(9449, "4.3 (9)")),
      Finding(
        "dpop-fresh", "It was made just now",
        expected: "iat between \(now - ProofLimit.secondsMax) and \(now + ProofLimit.skewSeconds)",
        found: made.map(String.init) ?? "nothing",
        passed: made.map {
          $0 >= now - ProofLimit.secondsMax && $0 <= now + ProofLimit.skewSeconds
        } ?? false, .rfc(9449, "4.3 (11)")),
    ]
  }

  /// The addresses under which a request can be meant: the tenant's own, and the one for
  /// certificates.
  private func addresses(of call: Call) -> [WebURL] {
    let path = basePath + (call.path ?? "")
    let origins = [base.origin] + [settings.mutualTLS?.origin].compactMap(\.self)
    return origins.compactMap { try? WebURL($0 + path) }
  }

  /// Whether it was made for the token that goes with it.
  private func tokenFindings(_ proof: Proof, _ accessToken: String?) -> [Finding] {
    guard let accessToken else { return [] }
    let digest = try? Digest.hash(Array(accessToken.utf8), .sha256)
    let wanted = digest.map { Base64URL.encode($0) }
    let found = proof.text("ath")
    let isHex = digest.map { Hex.text($0) == found?.asciiLowercased } ?? false
    return [
      Finding(
        "dpop-ath", "It has the digest of this access token", expected: wanted ?? "a digest",
        found: isHex ? "the right digest, in hexadecimal" : shortened(found),
        passed: wanted.map { found?.isIdentical(to: $0) == true } ?? false,
        .rfc(9449, "4.3 (12)"))
    ]
  }

  private mutating func requireNonce(
    _ proof: Proof, _ call: Call, at endpoint: TenantEndpoint, isResource: Bool
  ) throws(ProofRefusal) {
    guard settings.demandsProofNonce else { return }
    let found = proof.text("nonce")
    let stock = isResource ? resourceNonces : serverNonces
    let isOther = found.map { (isResource ? serverNonces : resourceNonces).takes($0, at: call.now) }
    let passed = record(
      Finding(
        "dpop-nonce", "It has a nonce that was given out here", expected: "a nonce of this side",
        found: found == nil
          ? "none" : isOther == true ? "a nonce of the other side" : shortened(found),
        passed: found.map { stock.takes($0, at: call.now) } ?? false, .rfc(9449, "4.3 (10)")),
      at: endpoint, call)
    guard !passed else { return }
    throw ProofRefusal(
      error: OAuthError(DPoP.useNonce, "The proof needs the nonce of the header DPoP-Nonce"),
      nonce: nonce(isResource: isResource, call))
  }

  /// The nonce for the next proof; nil only when no random bytes can be drawn.
  mutating func nonce(isResource: Bool, _ call: Call) -> String? {
    let draw = { [randomness] () throws(CryptoError) -> String in
      Base64URL.encode(try randomness(16))
    }
    return isResource
      ? try? resourceNonces.current(at: call.now, drawing: draw)
      : try? serverNonces.current(at: call.now, drawing: draw)
  }

  private mutating func requireFirstUse(
    _ proof: Proof, _ call: Call, at endpoint: TenantEndpoint
  ) throws(ProofRefusal) {
    let name = proof.name
    let hasRoom = proofs.hasRoom(for: name, now: call.now)
    let finding = Finding(
      "dpop-once", "It has not been used before", expected: "a jti of its own",
      found: proofs.find(name, now: call.now) != nil
        ? "used before" : hasRoom ? "first use" : "too many others, not yet expired",
      passed: hasRoom && proofs.find(name, now: call.now) == nil, .rfc(9449, "11.1"))
    record(finding, at: endpoint, call)
    if !finding.passed { throw refusal(finding) }
    // For as long as it could still count as fresh.
    let until = call.now.adding(seconds: ProofLimit.secondsMax + ProofLimit.skewSeconds + 1)
    proofs.keep(true, as: name, until: until, now: call.now)
  }
}
