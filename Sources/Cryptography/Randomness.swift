import COpenSSL
import OpenID

/// Unguessable values for `state`, `nonce`, `code_verifier`, `jti`, codes and tokens.
public enum Randomness {
  /// The most that one call gives.
  public static let requestLimitBytes = 1024 * 1024

  /// Returns bytes of libcrypto's generator for secrets.
  ///
  /// - Throws: ``CryptoFault`` for a count below 0 or above ``requestLimitBytes``, or when the
  ///   system has no randomness to give; there is no weaker substitute.
  public static func bytes(_ count: Int) throws(CryptoFault) -> [UInt8] {
    guard count >= 0, count <= requestLimitBytes else {
      throw .unsupported("\(count) random bytes at once")
    }
    var output = [UInt8](repeating: 0, count: count)
    guard crypto_random(&output, count) == 1 else { throw .openSSL("drawing random bytes") }
    return output
  }

  /// Returns random bytes as base64url without padding.
  ///
  /// 32 bytes make the 43 characters RFC 7636, section 4.1, asks of a code verifier at least.
  public static func token(byteCount: Int = 32) throws(CryptoFault) -> String {
    Base64URL.encode(try bytes(byteCount))
  }
}
