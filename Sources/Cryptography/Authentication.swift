import COpenSSL
import OpenID

/// Message authentication codes, which only a holder of the key can make.
public enum MessageAuthentication {
  /// HMAC with SHA-256: 32 bytes.
  ///
  /// RFC 2104; FIPS 198-1.
  ///
  /// - Throws: ``CryptoError`` when libcrypto fails.
  public static func code(_ bytes: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    guard
      crypto_hmac("SHA256", key, key.count, bytes, bytes.count, &output, output.count) == 1
    else { throw .openSSL("authenticating") }
    return output
  }
}
