import COpenSSL
import OpenID

/// For whom a token is encrypted.
public enum RecipientKey: Sendable {
  /// The public half of a key pair, RSA or EC.
  case publicKey(JSONWebKey)
  /// A key that both have.
  case shared(SharedKey)
}

/// Locks and opens encrypted tokens.
///
/// RFC 7516, sections 5.1 and 5.2. Without an algorithm in the header that this program knows, with
/// `zip` or with `crit`, nothing is opened.
public enum JWE {
  /// Locks a text.
  ///
  /// - Parameters:
  ///   - members: Header members besides `alg`, `enc` and those that the algorithm needs.
  ///   - alter: Changes the header before the tag is made over it; for tokens that are faulty on
  ///     purpose.
  /// - Throws: ``CryptoError`` when the key does not fit the algorithm.
  public static func encrypt(
    _ plaintext: [UInt8], _ encryption: TokenEncryption, for recipient: RecipientKey,
    members: [JSONMember] = [], alter: (inout JSONValue) -> Void = { _ in }
  ) throws(CryptoError) -> String {
    let algorithm = encryption.algorithm
    var header: JSONValue = [
      "alg": .string(algorithm.rawValue), "enc": .string(encryption.content.rawValue),
    ]
    for member in members { header.set(member.name, member.value) }
    var contentKey = try Randomness.bytes(encryption.content.keyByteCount)
    var carried: [UInt8] = []
    switch recipient {
    case .publicKey(let key):
      if let digest = KeyManagement.oaepDigest(algorithm) {
        carried = try oaep(contentKey, digest, KeyMaterial.rsa(key, private: false))
      } else {
        let agreed = try agreedKey(encryption, key, &header)
        if algorithm.isDirect {
          contentKey = agreed
        } else {
          carried = try KeyWrap.wrap(contentKey, with: agreed)
        }
      }
    case .shared(let shared):
      guard algorithm.isSymmetric, let key = try shared.key(encryption) else {
        throw .unusableKey("a shared key of another length, or for another algorithm")
      }
      if algorithm.isDirect {
        contentKey = key
      } else if isGCMWrap(algorithm) {
        carried = try wrapGCM(contentKey, key, &header)
      } else {
        carried = try KeyWrap.wrap(contentKey, with: key)
      }
    }
    alter(&header)
    return try locked(plaintext, encryption.content, header, carried: carried, contentKey)
  }

  /// The five parts, with the content key at hand.
  static func locked(
    _ plaintext: [UInt8], _ content: ContentEncryptionAlgorithm, _ header: JSONValue,
    carried: [UInt8], _ contentKey: [UInt8]
  ) throws(CryptoError) -> String {
    let first = Base64URL.encode(header.compactText.utf8)
    let vector = try Randomness.bytes(content.vectorByteCount)
    let locked = try ContentEncryption.encrypt(
      plaintext, content, key: contentKey, vector: vector, authenticatedData: Array(first.utf8))
    return ([first] + [carried, vector, locked.ciphertext, locked.tag].map(Base64URL.encode))
      .joined(separator: ".")
  }

  private static func oaep(
    _ content: [UInt8], _ digest: String, _ key: KeyHandle
  ) throws(CryptoError) -> [UInt8] {
    let count = (key.bits + 7) / 8
    var output = [UInt8](repeating: 0, count: count)
    guard
      key.use({ crypto_oaep_encrypt($0, digest, content, content.count, &output, count) }) == 1
    else { throw .openSSL("encrypting the content key") }
    return output
  }

  private static func agreedKey(
    _ encryption: TokenEncryption, _ key: JSONWebKey, _ header: inout JSONValue
  ) throws(CryptoError) -> [UInt8] {
    guard !encryption.algorithm.isSymmetric,
      let curve = key.curve.flatMap(WeierstrassCurve.init(rawValue:))
    else { throw .unusableKey("\(encryption.algorithm.rawValue) needs another key") }
    let peer = try KeyMaterial.ec(key, curve, private: false)
    guard let made = crypto_generate_ec(curve.groupName) else { throw .openSSL("generating a key") }
    let own = KeyHandle(owning: made)
    header.set(
      "epk",
      [
        "kty": "EC", "crv": .string(curve.rawValue),
        "x": .string(Base64URL.encode(try own.number("qx", byteCount: curve.byteCount))),
        "y": .string(Base64URL.encode(try own.number("qy", byteCount: curve.byteCount))),
      ])
    guard let agreed = try KeyManagement.agreed(encryption, own: own, peer: peer, header: header)
    else { throw .openSSL("agreeing on a key") }
    return agreed
  }

  private static func isGCMWrap(_ algorithm: KeyManagementAlgorithm) -> Bool {
    switch algorithm {
    case .a128GCMKW, .a192GCMKW, .a256GCMKW: true
    case .rsaOAEP, .rsaOAEP256, .rsaOAEP384, .rsaOAEP512, .ecdhES, .ecdhESA128KW, .ecdhESA192KW,
      .ecdhESA256KW, .direct, .a128KW, .a192KW, .a256KW:
      false
    }
  }

  /// RFC 7518, section 4.7.
  private static func wrapGCM(
    _ content: [UInt8], _ key: [UInt8], _ header: inout JSONValue
  ) throws(CryptoError) -> [UInt8] {
    let vector = try Randomness.bytes(12)
    var output = [UInt8](repeating: 0, count: content.count)
    var tag = [UInt8](repeating: 0, count: 16)
    guard
      crypto_gcm_encrypt(
        key, key.count, vector, [], 0, content, content.count, &output, &tag) == 1
    else { throw .openSSL("wrapping the content key") }
    header.set("iv", .string(Base64URL.encode(vector)))
    header.set("tag", .string(Base64URL.encode(tag)))
    return output
  }

  // MARK: - Opening

  /// The content, or the step that failed.
  ///
  /// When the content key does not come out, a random one takes its place: a stranger who measures
  /// the time learns nothing (RFC 7516, section 11.5).
  ///
  /// - Throws: ``CryptoError`` when the key cannot be used for the algorithm, or the token asks for
  ///   something that is refused.
  public static func decrypt(
    _ token: CompactJWE, with key: DecryptionKey
  ) throws(CryptoError) -> Result<[UInt8], StepFailure> {
    guard let algorithm = token.algorithm, let content = token.content else {
      throw .unsupported("an encrypted token with this alg or enc")
    }
    guard token.header["zip"] == nil, token.header["crit"] == nil else {
      throw .unsupported("an encrypted token with zip or crit")
    }
    let encryption = TokenEncryption(algorithm, content)
    var isRandom = false
    let chosen: [UInt8]
    switch try contentKey(of: token, encryption, key) {
    case .failure(let failure) where failure.step == .contentKey:
      isRandom = true
      chosen = try Randomness.bytes(content.keyByteCount)
    case .failure(let failure): return .failure(failure)
    case .success(let bytes): chosen = bytes
    }
    let plaintext = try ContentEncryption.decrypt(
      token.ciphertext, content, key: chosen, vector: token.vector, tag: token.tag,
      authenticatedData: token.authenticatedData)
    guard !isRandom, let plaintext else {
      return .failure(StepFailure(isRandom ? .contentKey : .tag))
    }
    return .success(plaintext)
  }

  /// The step that failed, as an error.
  public struct StepFailure: Error, Sendable, Equatable {
    /// Which.
    public let step: DecryptionStep
    init(_ step: DecryptionStep) { self.step = step }
  }

  /// The content key as it came out.
  private static func contentKey(
    of token: CompactJWE, _ encryption: TokenEncryption, _ key: DecryptionKey
  ) throws(CryptoError) -> Result<[UInt8], StepFailure> {
    let algorithm = encryption.algorithm
    guard algorithm.keyType == key.publicJWK.keyType else {
      throw .unusableKey(
        "\(algorithm.rawValue) needs a key of type \(algorithm.keyType), and this is "
          + key.publicJWK.keyType)
    }
    if algorithm.isDirect, !token.encryptedKey.isEmpty { return .failure(StepFailure(.header)) }
    switch key.material {
    case .pair(let handle):
      if let digest = KeyManagement.oaepDigest(algorithm) {
        return out(of: token.encryptedKey, digest, handle, encryption.content.keyByteCount)
      }
      guard let peer = try ephemeral(token.header),
        let agreed = try KeyManagement.agreed(
          encryption, own: handle, peer: peer, header: token.header)
      else { return .failure(StepFailure(.header)) }
      return algorithm.isDirect ? .success(agreed) : unwrapped(token, encryption, agreed)
    case .shared(let shared):
      guard let bytes = try shared.key(encryption) else {
        throw .unusableKey(
          "\(encryption.text) needs \(KeyManagement.sharedByteCount(encryption)) bytes")
      }
      if algorithm.isDirect { return .success(bytes) }
      return isGCMWrap(algorithm)
        ? unwrappedGCM(token, encryption, bytes) : unwrapped(token, encryption, bytes)
    }
  }

  private static func out(
    of carried: [UInt8], _ digest: String, _ handle: KeyHandle, _ wanted: Int
  ) -> Result<[UInt8], StepFailure> {
    let size = (handle.bits + 7) / 8
    // As long as the modulus, and no two texts of the same number.
    guard carried.count == size else { return .failure(StepFailure(.contentKey)) }
    var output = [UInt8](repeating: 0, count: size)
    var written = 0
    let done = handle.use {
      crypto_oaep_decrypt($0, digest, carried, carried.count, &output, output.count, &written)
    }
    guard done == 1, written == wanted else { return .failure(StepFailure(.contentKey)) }
    return .success(Array(output.prefix(written)))
  }

  /// The sender's point; nil when it is none of the curve it names.
  private static func ephemeral(_ header: JSONValue) throws(CryptoError) -> KeyHandle? {
    guard let key = header["epk"].flatMap(JSONWebKey.init), key.keyType == "EC",
      let curve = key.curve.flatMap(WeierstrassCurve.init(rawValue:))
    else { return nil }
    do throws(CryptoError) {
      return try KeyMaterial.ec(key, curve, private: false)
    } catch {
      return nil
    }
  }

  private static func unwrapped(
    _ token: CompactJWE, _ encryption: TokenEncryption, _ key: [UInt8]
  ) -> Result<[UInt8], StepFailure> {
    guard let content = KeyWrap.unwrap(token.encryptedKey, with: key),
      content.count == encryption.content.keyByteCount
    else { return .failure(StepFailure(.contentKey)) }
    return .success(content)
  }

  private static func unwrappedGCM(
    _ token: CompactJWE, _ encryption: TokenEncryption, _ key: [UInt8]
  ) -> Result<[UInt8], StepFailure> {
    func member(_ name: String, _ count: Int) -> [UInt8]? {
      guard let text = token.header[name]?.string, let bytes = try? Base64URL.decode(text),
        bytes.count == count
      else { return nil }
      return bytes
    }
    guard let vector = member("iv", 12), let tag = member("tag", 16) else {
      return .failure(StepFailure(.header))
    }
    let carried = token.encryptedKey
    var output = [UInt8](repeating: 0, count: carried.count)
    guard carried.count == encryption.content.keyByteCount,
      crypto_gcm_decrypt(
        key, key.count, vector, [], 0, carried, carried.count, &output, tag) == 1
    else { return .failure(StepFailure(.contentKey)) }
    return .success(output)
  }
}
