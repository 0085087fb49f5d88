import HybridFlow
import OpenID

/// The rules of a token that need a digest.
struct ProofRules {
  let token: PastedToken
  let claims: JSONValue
  /// The access token that stands beside it.
  let accessToken: String?
  let compute: (CryptoTask) -> CryptoFinding

  /// The verdicts; none for a token to which no such rule belongs.
  func checks() -> [PastedCheck] {
    switch token.use {
    case .dpopProof: proofForm() + accessTokenHash() + boundKey()
    default: disclosures()
    }
  }

  private func digest(_ text: String, _ algorithm: DigestAlgorithm = .sha256) -> String? {
    bytes(Array(text.utf8), algorithm).map { Base64URL.encode($0) }
  }

  private func bytes(_ input: [UInt8], _ algorithm: DigestAlgorithm = .sha256) -> [UInt8]? {
    guard case .digest(let bytes) = compute(.digest(input, algorithm)) else { return nil }
    return bytes
  }

  /// RFC 9449, sections 4.2 and 4.3 (5) and (9).
  private func proofForm() -> [PastedCheck] {
    var checks: [PastedCheck] = []
    if let algorithm = token.jws?.algorithm, algorithm.isSymmetric {
      checks.append(
        PastedCheck(
          token.name, "dpop-alg", .fail, expected: "an asymmetric algorithm",
          found: algorithm.rawValue,
          why: "A shared secret proves nothing: whoever verifies the proof could have made it.",
          spec: .rfc(9449, "4.2")))
    }
    if let target = claims["htu"]?.string {
      let isBare = String(target.before(anyOf: "?#")).isIdentical(to: target)
      checks.append(
        PastedCheck(
          token.name, "dpop-htu", isBare ? .pass : .warn,
          expected: "an address without query and fragment", found: target,
          why: isBare
            ? "It names the address, as far as a proof names it."
            : "Query and fragment do not belong here: strict servers refuse the proof.",
          spec: .rfc(9449, "4.2")))
    }
    return checks
  }

  /// Whether the access token beside the proof is bound to its key; RFC 9449, section 6.1.
  private func boundKey() -> [PastedCheck] {
    guard let accessToken, let bound = ResponseJWT.claims(in: accessToken)?["cnf"]?["jkt"]?.string,
      let input = token.header?["jwk"].flatMap(JSONWebKey.init)?.thumbprintInput,
      let thumbprint = bytes(input).map({ Base64URL.encode($0) })
    else { return [] }
    let fits = bound.isIdentical(to: thumbprint)
    return [
      PastedCheck(
        token.name, "dpop-jkt", fits ? .pass : .fail, expected: thumbprint, found: bound,
        why: fits
          ? "The access token beside it is bound to the key of the proof."
          : "The access token is bound to another key: the proof proves nothing for it.",
        spec: .rfc(9449, "6.1"))
    ]
  }

  /// RFC 9449, section 4.2.
  private func accessTokenHash() -> [PastedCheck] {
    guard let found = claims["ath"]?.string, let accessToken, let right = digest(accessToken)
    else { return [] }
    let fits = found.isIdentical(to: right)
    return [
      PastedCheck(
        token.name, "dpop-ath", fits ? .pass : .fail, expected: right, found: found,
        why: fits
          ? "The proof belongs to the access token beside it."
          : isHex(found, accessToken)
            ? "It is the right digest in hexadecimal: base64url was wanted."
            : "The proof was made for another access token.", spec: .rfc(9449, "4.2"))
    ]
  }

  /// Whether a library wrote the right digest in the wrong way.
  private func isHex(_ found: String, _ accessToken: String) -> Bool {
    bytes(Array(accessToken.utf8)).map { Hex.text($0).isIdentical(to: found.asciiLowercased) }
      ?? false
  }

  /// RFC 9901, section 7.1.
  private func disclosures() -> [PastedCheck] {
    guard let disclosures = token.disclosures else { return [] }
    func check(_ verdict: Check.Verdict, _ found: String, _ why: String) -> [PastedCheck] {
      [
        PastedCheck(
          token.name, "sd-jwt-disclosures", verdict,
          expected: "disclosures whose digests are in the signed part", found: found, why: why,
          spec: .rfc(9901, "7.1"))
      ]
    }
    let count = disclosures.entries.count + disclosures.unreadable
    guard disclosures.unreadable == 0 else {
      return check(
        .fail, "\(disclosures.unreadable) of \(count) cannot be read",
        "A disclosure is base64url of a list with a salt, a name and a value.")
    }
    guard count > 0 else {
      return check(.skip, "none", "not run: nothing is disclosed beside the signed part.")
    }
    let names: [String: DigestAlgorithm] = [
      "sha-256": .sha256, "sha-384": .sha384, "sha-512": .sha512,
    ]
    let name = claims["_sd_alg"]?.string ?? "sha-256"
    guard let algorithm = names[name] else {
      return check(.skip, name, "not run: the digest \(name) is not known here.")
    }
    let known = disclosures.digests(in: claims)
    let strangers = disclosures.entries.filter { entry in
      digest(entry.text, algorithm).map { !known.contains($0) } ?? true
    }
    guard !strangers.isEmpty else {
      return check(
        .pass, "\(count) of \(count)", "The issuer signed the digest of all that is disclosed.")
    }
    let told = strangers.map { $0.name ?? "an element of a list" }.joined(separator: ", ")
    return check(
      .fail, "not signed: \(told)", "The issuer never signed this: it was added or changed later.")
  }
}
