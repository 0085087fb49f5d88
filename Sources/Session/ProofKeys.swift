import Cryptography
import HybridFlow
import OpenID

// The keys of proofs of possession, RFC 9449: who signs, and what.
extension FlowConfiguration {
  /// Names the keys for proofs of a run, made for it unless the person has one; none without proofs.
  ///
  /// - Parameter own: The person's own key.
  mutating func equipWithProofKeys(own: SigningKey?) throws(CryptoError) -> [SigningKey] {
    (proofKey, otherProofKey) = (nil, nil)
    guard let algorithm = proofAlgorithm else { return [] }
    let key: SigningKey
    if let own { key = own } else { key = try SigningKey.generate(algorithm, keyID: "") }
    proofKey = try ProofKey(key)
    guard observesTenant, mistakes.contains(.swapsProofKey) else { return [key] }
    let other = try SigningKey.generate(.es256, keyID: "")
    otherProofKey = try ProofKey(other)
    return [key, other]
  }
}

extension ProofKey {
  /// Names a key that signs proofs.
  init(_ key: SigningKey) throws(CryptoError) {
    guard let input = key.publicJWK.thumbprintInput,
      let members = try? JSONParser.parse(input),
      let thumbprint = try Thumbprint.sha256(key.publicJWK)
    else { throw .unusableKey("it has no public part") }
    self.init(algorithm: key.algorithm, publicKey: members, thumbprint: thumbprint)
  }
}

extension SigningTask {
  /// The key whose public part the header of a proof shows.
  func proofKey(among keys: [SigningKey]) -> SigningKey? {
    guard let shown = header["jwk"].flatMap(JSONWebKey.init)?.thumbprintInput else { return nil }
    return keys.first { $0.publicJWK.thumbprintInput == shown }
  }

  /// The claims, with the digest of the access token that a proof goes with.
  ///
  /// RFC 9449, section 4.2.
  func allClaims() throws(CryptoError) -> JSONValue {
    guard let boundToken else { return claims }
    let digest = try Digest.hash(Array(boundToken.token.reveal().utf8), .sha256)
    var claims = claims
    claims.set(
      "ath", .string(boundToken.isWellWritten ? Base64URL.encode(digest) : Hex.text(digest)))
    return claims
  }

  /// Whether a signed JWT says what this task wants.
  func isDone(by token: Secret) -> Bool {
    guard let jws = try? CompactJWS(token.reveal()), let found = try? jws.claims(),
      let wanted = try? allClaims()
    else { return false }
    return found == wanted && (purpose != .possession || jws.header == header)
  }
}

/// The keys for proofs in pictures and golden files: published here, and so worthless.
enum PictureProofKeys {
  /// Names the keys of a run with proofs.
  static func equip(_ configuration: inout FlowConfiguration) throws -> [SigningKey] {
    guard let algorithm = configuration.proofAlgorithm else { return [] }
    let key = try make(algorithm)
    configuration.proofKey = try ProofKey(key)
    let other = try TeamKey.make()
    configuration.otherProofKey = try ProofKey(other)
    return [key, other]
  }

  /// Of RFC 7517, appendix A.2, or of RFC 8037, appendix A, whose signatures are always the same.
  private static func make(_ algorithm: SignatureAlgorithm) throws -> SigningKey {
    let json: JSONValue
    switch algorithm.keyType {
    case "EC":
      json = [
        "kty": "EC", "crv": "P-256", "kid": "",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
      ]
    case "OKP":
      json = [
        "kty": "OKP", "crv": "Ed25519", "kid": "",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      ]
    default: return try PictureKey.make().withAlgorithm(algorithm, keyID: "")
    }
    guard let key = JSONWebKey(json) else { throw CryptoError.unusableKey("the key for proofs") }
    return try SigningKey(privateJWK: key, algorithm: algorithm)
  }
}
