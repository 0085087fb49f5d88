import Cryptography
import OpenID
import TestSupport
import Testing

/// Keys made once, because RSA keys take long.
enum TestKeys {
  private static let rsa = Result { try SigningKey.generate(.rs256, keyID: "rsa") }

  static func make(_ algorithm: SignatureAlgorithm) throws -> SigningKey {
    algorithm.keyType == "RSA"
      ? try rsa.get().withAlgorithm(algorithm)
      : try SigningKey.generate(algorithm, keyID: "key")
  }

  /// A key to check with, and how to sign for it; a shared secret is its own counterpart.
  static func pair(_ algorithm: SignatureAlgorithm) throws -> (SigningKey, JSONWebKey) {
    guard algorithm.isSymmetric else {
      let key = try make(algorithm)
      return (key, key.publicJWK)
    }
    let secret = try #require(JSONWebKey(clientSecret: Secret(try Randomness.token())))
    return (try SigningKey(privateJWK: secret, algorithm: algorithm), secret)
  }
}

extension JSONWebKey {
  /// The key with one member changed, or removed.
  func with(_ name: String, _ value: JSONValue?) throws -> JSONWebKey {
    var json = json
    if let value { json.set(name, value) } else { json.remove(name) }
    return try #require(JSONWebKey(json))
  }

  func with(_ name: String, bytes: some Sequence<UInt8>) throws -> JSONWebKey {
    try with(name, .string(Base64URL.encode(bytes)))
  }
}

/// The least a relying party checks around a signature: which keys may be used at all.
enum StrictVerifier {
  /// The keys of a set that may check a token of this header.
  ///
  /// OpenID Connect Core 1.0, section 10.1.
  static func candidates(
    _ keys: [JSONWebKey], algorithm: SignatureAlgorithm, keyID: String?
  ) -> [JSONWebKey] {
    keys.filter { key in
      key.keyType == algorithm.keyType
        && (keyID == nil || key.keyID == keyID)
        && (key.algorithmName == nil || key.algorithmName == algorithm.rawValue)
        && (key.use == nil || key.use == "sig")
        && (key.operations == nil || key.operations?.contains("verify") == true)
    }
  }

  static func accepts(_ text: String, keys: [JSONWebKey]) throws -> Bool {
    let jws: CompactJWS
    do { jws = try CompactJWS(text) } catch { return false }
    guard jws.header["crit"] == nil, let algorithm = jws.algorithm else { return false }
    let keys = candidates(keys, algorithm: algorithm, keyID: jws.keyID)
    guard keys.count == 1 else { return false }
    return try Signature.verify(jws, algorithm: algorithm, key: keys[0])
  }
}

/// Whether an error is ``CryptoError/unusableKey(_:)``.
func isUnusableKey(_ error: any Error) -> Bool {
  if case .unusableKey = error as? CryptoError { true } else { false }
}
