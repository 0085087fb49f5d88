import COpenSSL
import OpenID

/// Locks and opens the content of a token, with the content key at hand.
///
/// RFC 7518, sections 5.2 and 5.3.
enum ContentEncryption {
  /// The ciphertext and its tag.
  static func encrypt(
    _ plaintext: [UInt8], _ algorithm: ContentEncryptionAlgorithm, key: [UInt8],
    vector: [UInt8], authenticatedData data: [UInt8]
  ) throws(CryptoError) -> (ciphertext: [UInt8], tag: [UInt8]) {
    guard key.count == algorithm.keyByteCount, vector.count == algorithm.vectorByteCount else {
      throw .unsupported("a content key or vector of another length")
    }
    if algorithm.isGCM {
      var output = [UInt8](repeating: 0, count: plaintext.count)
      var tag = [UInt8](repeating: 0, count: algorithm.tagByteCount)
      guard
        crypto_gcm_encrypt(
          key, key.count, vector, data, data.count, plaintext, plaintext.count, &output, &tag) == 1
      else { throw .openSSL("encrypting with \(algorithm.rawValue)") }
      return (output, tag)
    }
    let half = key.count / 2
    var output = [UInt8](repeating: 0, count: plaintext.count + 16)
    var written = 0
    guard
      crypto_cbc_encrypt(
        Array(key.suffix(half)), half, vector, plaintext, plaintext.count, &output, &written) == 1
    else { throw .openSSL("encrypting with \(algorithm.rawValue)") }
    let ciphertext = Array(output.prefix(written))
    return (ciphertext, try tag(algorithm, key, data, vector, ciphertext))
  }

  /// The plaintext; nil when the tag does not fit, or the padding.
  static func decrypt(
    _ ciphertext: [UInt8], _ algorithm: ContentEncryptionAlgorithm, key: [UInt8],
    vector: [UInt8], tag: [UInt8], authenticatedData data: [UInt8]
  ) throws(CryptoError) -> [UInt8]? {
    guard key.count == algorithm.keyByteCount, vector.count == algorithm.vectorByteCount,
      tag.count == algorithm.tagByteCount
    else { return nil }
    if algorithm.isGCM {
      var output = [UInt8](repeating: 0, count: ciphertext.count)
      return crypto_gcm_decrypt(
        key, key.count, vector, data, data.count, ciphertext, ciphertext.count, &output, tag) == 1
        ? output : nil
    }
    // The tag comes first: what was altered is never decrypted.
    guard constantTimeEqual(try self.tag(algorithm, key, data, vector, ciphertext), tag) else {
      return nil
    }
    let half = key.count / 2
    var output = [UInt8](repeating: 0, count: ciphertext.count + 16)
    var written = 0
    guard
      crypto_cbc_decrypt(
        Array(key.suffix(half)), half, vector, ciphertext, ciphertext.count, &output, &written)
        == 1
    else { return nil }
    return Array(output.prefix(written))
  }

  /// RFC 7518, section 5.2.2.1: the first half of the key makes the code, and half of it is the tag.
  private static func tag(
    _ algorithm: ContentEncryptionAlgorithm, _ key: [UInt8], _ data: [UInt8], _ vector: [UInt8],
    _ ciphertext: [UInt8]
  ) throws(CryptoError) -> [UInt8] {
    let digest =
      switch algorithm {
      case .a192CBCHS384: "SHA384"
      case .a256CBCHS512: "SHA512"
      case .a128CBCHS256, .a128GCM, .a192GCM, .a256GCM: "SHA256"
      }
    let bits = UInt64(data.count) * 8
    let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
    let input = data + vector + ciphertext + length
    let half = key.count / 2
    var code = [UInt8](repeating: 0, count: key.count)
    guard
      crypto_hmac(digest, Array(key.prefix(half)), half, input, input.count, &code, code.count) == 1
    else { throw .openSSL("authenticating") }
    return Array(code.prefix(half))
  }
}

/// The key wrapped by AES.
///
/// RFC 3394.
enum KeyWrap {
  static func wrap(_ content: [UInt8], with key: [UInt8]) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: content.count + 8)
    guard crypto_aes_wrap(key, key.count, content, content.count, &output) == 1 else {
      throw .openSSL("wrapping the content key")
    }
    return output
  }

  /// Nil when it was wrapped with another key, or altered.
  static func unwrap(_ wrapped: [UInt8], with key: [UInt8]) -> [UInt8]? {
    guard wrapped.count >= 24, wrapped.count % 8 == 0 else { return nil }
    var output = [UInt8](repeating: 0, count: wrapped.count)
    guard crypto_aes_unwrap(key, key.count, wrapped, wrapped.count, &output) == 1 else {
      return nil
    }
    return Array(output.prefix(wrapped.count - 8))
  }
}

/// The key that two parties derive from an agreement.
///
/// NIST SP 800-56A, section 5.8.1; RFC 7518, section 4.6.2.
enum ConcatKDF {
  static func derive(
    _ agreed: [UInt8], algorithm: String, partyU: [UInt8], partyV: [UInt8], byteCount: Int
  ) throws(CryptoError) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
    func counted(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }
    let information =
      counted(Array(algorithm.utf8)) + counted(partyU) + counted(partyV) + number(byteCount * 8)
    var output: [UInt8] = []
    var round = 1
    while output.count < byteCount {
      output += try Digest.hash(number(round) + agreed + information, .sha256)
      round += 1
    }
    return Array(output.prefix(byteCount))
  }
}
