import COpenSSL
import OpenID

/// Checks signatures.
///
/// The algorithm is always the caller's choice and never the token's: a header that names another
/// one is refused. Which key to use, by `kid`, `use`, `key_ops` and `alg`, is the caller's
/// decision too.
public enum Signature {
  /// Returns whether the token's signature verifies.
  ///
  /// RFC 7515, section 5.2. Members of the header other than `alg` are not looked at; a `crit` is
  /// for the caller to refuse.
  ///
  /// - Throws: ``CryptoError`` when the key cannot be used for the algorithm, or when the header
  ///   names another algorithm.
  public static func verify(
    _ jws: CompactJWS, algorithm: SignatureAlgorithm, key: JSONWebKey
  ) throws(CryptoError) -> Bool {
    guard jws.algorithmName.isIdentical(to: algorithm.rawValue) else {
      throw .algorithmMismatch(
        header: String(jws.algorithmName.prefix(bytes: 20)), asked: algorithm)
    }
    return try verify(
      signature: jws.signature, of: jws.signingInput, algorithm: algorithm, key: key)
  }

  /// Returns whether a signature in JOSE's format is right.
  ///
  /// ECDSA: `r` and `s` side by side at full length, RFC 7518, section 3.4. PSS: a salt exactly as
  /// long as the digest, section 3.5. HMAC: compared in constant time, section 3.2; a secret
  /// shorter than the digest is taken, because clients cannot choose theirs, an empty one is not.
  ///
  /// - Throws: ``CryptoError/unusableKey(_:)`` for another `kty`, another curve, a point off the
  ///   curve, an RSA modulus under 2048 bits, or a missing or badly encoded member.
  public static func verify(
    signature: [UInt8], of input: [UInt8], algorithm: SignatureAlgorithm, key: JSONWebKey
  ) throws(CryptoError) -> Bool {
    try KeyMaterial.forVerifying(key, algorithm).verify(signature, of: input, algorithm)
  }
}

extension KeyMaterial {
  func verify(
    _ signature: [UInt8], of input: [UInt8], _ algorithm: SignatureAlgorithm
  ) throws(CryptoError) -> Bool {
    let scheme = Scheme(algorithm)
    switch self {
    case .asymmetric(let handle): return try handle.verify(signature, of: input, scheme)
    case .symmetric(let secret):
      guard case .hmac(let digest, _) = scheme else {
        throw .unusableKey("\(algorithm.rawValue) needs a key pair, not a shared secret")
      }
      return crypto_hmac_verify(
        digest, secret, secret.count, input, input.count, signature, signature.count) == 1
    }
  }

  func sign(
    _ input: [UInt8], _ algorithm: SignatureAlgorithm
  ) throws(CryptoError) -> [UInt8] {
    let scheme = Scheme(algorithm)
    switch self {
    case .asymmetric(let handle): return try handle.sign(input, scheme)
    case .symmetric(let secret):
      guard case .hmac(let digest, let byteCount) = scheme else {
        throw .unusableKey("\(algorithm.rawValue) needs a key pair, not a shared secret")
      }
      var output = [UInt8](repeating: 0, count: byteCount)
      guard
        crypto_hmac(digest, secret, secret.count, input, input.count, &output, byteCount) == 1
      else { throw .openSSL("authenticating") }
      return output
    }
  }
}

extension JSONWebKey {
  /// Makes the symmetric key of a client secret; nil for an empty one.
  ///
  /// The key is the secret's UTF-8 octets, OpenID Connect Core 1.0, section 10.1. It holds the
  /// secret: treat it like one.
  public init?(clientSecret: Secret) {
    guard !clientSecret.isEmpty else { return nil }
    self.init(["kty": "oct", "k": .string(Base64URL.encode(clientSecret.reveal().utf8))])
  }
}
