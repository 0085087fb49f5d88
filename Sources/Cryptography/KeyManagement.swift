import COpenSSL
import OpenID

/// How the content key of a token reaches its reader.
///
/// RFC 7518, section 4.
enum KeyManagement {
  /// The digest of OAEP; nil for an algorithm that is not of RSA.
  static func oaepDigest(_ algorithm: KeyManagementAlgorithm) -> String? {
    switch algorithm {
    case .rsaOAEP: "SHA1"
    case .rsaOAEP256: "SHA256"
    case .rsaOAEP384: "SHA384"
    case .rsaOAEP512: "SHA512"
    case .ecdhES, .ecdhESA128KW, .ecdhESA192KW, .ecdhESA256KW, .direct, .a128KW, .a192KW, .a256KW,
      .a128GCMKW, .a192GCMKW, .a256GCMKW:
      nil
    }
  }

  /// Bytes of the key that both sides compute or share: for the content, or for wrapping its key.
  static func sharedByteCount(_ encryption: TokenEncryption) -> Int {
    encryption.algorithm.wrappingKeyByteCount ?? encryption.content.keyByteCount
  }

  /// The key that both sides agree on; nil where the points are of two curves.
  ///
  /// RFC 7518, section 4.6.2: the name is that of `enc` where the key is the content key.
  static func agreed(
    _ encryption: TokenEncryption, own: KeyHandle, peer: KeyHandle, header: JSONValue
  ) throws(CryptoError) -> [UInt8]? {
    guard let curve = WeierstrassCurve.allCases.first(where: { $0.groupName == own.groupName }),
      peer.groupName == own.groupName, let partyU = party("apu", header),
      let partyV = party("apv", header)
    else { return nil }
    var agreed = [UInt8](repeating: 0, count: curve.byteCount)
    let done = own.use { own in
      peer.use { crypto_derive(own, $0, &agreed, agreed.count) }
    }
    guard done == 1 else { return nil }
    let isContentKey = encryption.algorithm == .ecdhES
    return try ConcatKDF.derive(
      agreed,
      algorithm: isContentKey ? encryption.content.rawValue : encryption.algorithm.rawValue,
      partyU: partyU, partyV: partyV, byteCount: sharedByteCount(encryption))
  }

  /// What a header tells of a party: base64url, or nothing; nil for anything else.
  private static func party(_ name: String, _ header: JSONValue) -> [UInt8]? {
    guard let value = header[name] else { return [] }
    return value.string.flatMap { try? Base64URL.decode($0) }
  }

  /// The key of this length that a client secret makes: the left end of its digest.
  ///
  /// OpenID Connect Core 1.0, section 10.2.
  static func derived(_ secret: Secret, byteCount: Int) throws(CryptoError) -> [UInt8] {
    let digest: DigestAlgorithm =
      byteCount <= 32 ? .sha256 : byteCount <= 48 ? .sha384 : .sha512
    return Array(try Digest.hash(Array(secret.reveal().utf8), digest).prefix(byteCount))
  }
}

/// A key that is shared with the sender.
public enum SharedKey: Sendable {
  /// These bytes, a key of type `oct`.
  case bytes([UInt8])
  /// A client secret, from which a key of the needed length is derived.
  case clientSecret(Secret)

  /// The key itself; nil when it has another length.
  func key(_ encryption: TokenEncryption) throws(CryptoError) -> [UInt8]? {
    let count = KeyManagement.sharedByteCount(encryption)
    switch self {
    case .bytes(let bytes): return bytes.count == count ? bytes : nil
    case .clientSecret(let secret):
      return secret.isEmpty ? nil : try KeyManagement.derived(secret, byteCount: count)
    }
  }
}
