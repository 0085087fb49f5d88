import Glibc
import OpenID

/// Unguessable values for `state`, `nonce`, `code_verifier`, `jti`, codes and tokens.
public enum Randomness {
  /// The most bytes that one call returns.
  public static let requestLimitBytes = 1024 * 1024
  /// The most bytes that the system returns in one call.
  private static let entropyBytes = 256

  /// Returns bytes from the system's random generator, getentropy(3).
  ///
  /// libcrypto's generator is seeded from it, and it needs no library before the first frame.
  ///
  /// - Throws: ``CryptoError`` for a count below 0 or above ``requestLimitBytes``, or when the
  ///   system has no random bytes; there is no weaker substitute.
  public static func bytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    guard count >= 0, count <= requestLimitBytes else {
      throw .unsupported("\(count) random bytes at once")
    }
    var output = [UInt8](repeating: 0, count: count)
    for start in stride(from: 0, to: count, by: entropyBytes) {
      let part = min(entropyBytes, count - start)
      let outcome = output.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { getentropy($0 + start, part) } ?? 0
      }
      guard outcome == 0 else { throw .noRandomness(reason: String(cString: strerror(errno))) }
    }
    return output
  }

  /// Returns random bytes as base64url without padding.
  ///
  /// 32 bytes make 43 characters, the minimum for a code verifier (RFC 7636, section 4.1).
  public static func token(byteCount: Int = 32) throws(CryptoError) -> String {
    Base64URL.encode(try bytes(byteCount))
  }
}
