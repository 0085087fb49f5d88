import COpenSSL
import OpenID

/// Ways of carrying a content key that this program never takes: for tokens that are faulty on
/// purpose.
public enum RefusedKeyManagement: Sendable {
  /// `RSA1_5`, for a public key; RFC 7518, section 4.2.
  case rsa15(JSONWebKey)
  /// `PBES2-HS256+A128KW`, with a password and a number of rounds; RFC 7518, section 4.8.
  case password(Secret, rounds: Int)
}

extension JWE {
  /// Locks a text in a way that no reader should take, and really so: a reader that takes it opens
  /// it.
  ///
  /// - Throws: ``CryptoError`` when the key is none of RSA, or the rounds are none.
  public static func encrypt(
    _ plaintext: [UInt8], _ content: ContentEncryptionAlgorithm, by way: RefusedKeyManagement,
    members: [JSONMember] = []
  ) throws(CryptoError) -> String {
    let contentKey = try Randomness.bytes(content.keyByteCount)
    let name =
      switch way {
      case .rsa15: "RSA1_5"
      case .password: "PBES2-HS256+A128KW"
      }
    var header: JSONValue = ["alg": .string(name), "enc": .string(content.rawValue)]
    for member in members { header.set(member.name, member.value) }
    let carried: [UInt8]
    switch way {
    case .rsa15(let key): carried = try rsa15(contentKey, KeyMaterial.rsa(key, private: false))
    case .password(let password, let rounds):
      let salt = try Randomness.bytes(16)
      header.set("p2s", .string(Base64URL.encode(salt)))
      header.set("p2c", .number(JSONNumber(Int64(rounds))))
      let key = try passwordKey(password, Array(name.utf8) + [0] + salt, rounds: rounds)
      carried = try KeyWrap.wrap(contentKey, with: key)
    }
    return try locked(plaintext, content, header, carried: carried, contentKey)
  }

  private static func rsa15(_ content: [UInt8], _ key: KeyHandle) throws(CryptoError) -> [UInt8] {
    let count = (key.bits + 7) / 8
    var output = [UInt8](repeating: 0, count: count)
    guard key.use({ crypto_rsa15_encrypt($0, content, content.count, &output, count) }) == 1 else {
      throw .openSSL("encrypting the content key")
    }
    return output
  }

  /// The wrapping key of 16 bytes; RFC 7518, section 4.8.1.1.
  static func passwordKey(
    _ password: Secret, _ salt: [UInt8], rounds: Int
  ) throws(CryptoError) -> [UInt8] {
    let text = password.reveal()
    var output = [UInt8](repeating: 0, count: 16)
    guard rounds > 0, let count = Int32(exactly: rounds),
      crypto_pbkdf2(text, text.utf8.count, salt, salt.count, count, &output, output.count) == 1
    else { throw .openSSL("making a key from a password") }
    return output
  }
}
