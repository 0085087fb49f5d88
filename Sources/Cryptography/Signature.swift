import COpenSSL
import OpenID

/// Checks signatures.
///
/// The caller always chooses the algorithm, never the token: a header that names another one is
/// refused. The caller also chooses the key, by `kid`, `use`, `key_ops` and `alg`.
public enum Signature {
  /// Returns whether the token's signature verifies.
  ///
  /// RFC 7515, section 5.2. Header members other than `alg` are ignored; the caller must refuse a
  /// `crit`.
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

  /// Returns whether a signature in JOSE format is valid.
  ///
  /// ECDSA: `r` and `s` side by side at full length, RFC 7518, section 3.4. PSS: a salt exactly as
  /// long as the digest, section 3.5. HMAC: compared in constant time, section 3.2; a secret
  /// shorter than the digest is accepted, as clients cannot choose theirs, but not an empty one.
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
  /// Makes the symmetric key for a client secret; nil for an empty one.
  ///
  /// The key is the secret's UTF-8 octets, OpenID Connect Core 1.0, section 10.1. It contains the
  /// secret, so protect it in the same way.
  public init?(clientSecret: Secret) {
    guard !clientSecret.isEmpty else { return nil }
    self.init(["kty": "oct", "k": .string(Base64URL.encode(clientSecret.reveal().utf8))])
  }
}
