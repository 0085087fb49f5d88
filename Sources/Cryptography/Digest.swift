import COpenSSL
import OpenID

/// The digests of hash claims, PKCE and thumbprints.
public enum Digest {
  /// Hashes bytes; the result has the algorithm's ``OpenID/DigestAlgorithm/byteCount``.
  public static func hash(
    _ bytes: [UInt8], _ algorithm: DigestAlgorithm
  ) throws(CryptoError) -> [UInt8] {
    let name =
      switch algorithm {
      case .sha256: "SHA256"
      case .sha384: "SHA384"
      case .sha512: "SHA512"
      case .shake256x114, .shake256x64: "SHAKE256"
      }
    var output = [UInt8](repeating: 0, count: algorithm.byteCount)
    guard crypto_hash(name, bytes, bytes.count, &output, output.count) == 1 else {
      throw .openSSL("hashing with \(algorithm.rawValue)")
    }
    return output
  }
}

/// The identifier of a key that is computed from the key itself.
public enum Thumbprint {
  /// Returns the SHA-256 thumbprint as base64url; nil when the key lacks a required member.
  ///
  /// RFC 7638, section 3. The thumbprint of a symmetric key is a hash of the secret: never show
  /// it.
  public static func sha256(_ key: JSONWebKey) throws(CryptoError) -> String? {
    guard let input = key.thumbprintInput else { return nil }
    return Base64URL.encode(try Digest.hash(input, .sha256))
  }
}
