import COpenSSL
import OpenID

/// Bytes that only who has the key can make of other bytes.
public enum MessageAuthentication {
  /// HMAC with SHA-256: 32 bytes.
  ///
  /// RFC 2104; FIPS 198-1.
  ///
  /// - Throws: ``CryptoError`` when libcrypto cannot.
  public static func code(_ bytes: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    guard
      crypto_hmac("SHA256", key, key.count, bytes, bytes.count, &output, output.count) == 1
    else { throw .openSSL("authenticating") }
    return output
  }
}
