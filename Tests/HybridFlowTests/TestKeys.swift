import Cryptography
import OpenID

/// One key an algorithm for the whole process: making RSA keys is what would take time.
enum TestKeys {
  private static let rsa = Result { try SigningKey.generate(.rs256, keyID: "key-1") }
  private static let otherRSA = Result { try SigningKey.generate(.rs256, keyID: "key-2") }
  private static let p256 = Result { try SigningKey.generate(.es256, keyID: "key-1") }
  private static let ed25519 = Result { try SigningKey.generate(.edDSA, keyID: "key-1") }
  private static let ed448 = Result {
    try SigningKey.generate(.edDSA, keyID: "key-1", edwardsCurve: .ed448)
  }

  /// The honest provider's key.
  static func key(_ algorithm: SignatureAlgorithm, ed448: Bool = false) throws -> SigningKey {
    switch algorithm {
    case .rs256: try rsa.get()
    case .rs384, .rs512, .ps256, .ps384, .ps512: try rsa.get().withAlgorithm(algorithm)
    case .es256: try p256.get()
    case .edDSA: ed448 ? try Self.ed448.get() : try ed25519.get()
    case .es384, .es512: try SigningKey.generate(algorithm, keyID: "key-1")
    case .hs256, .hs384, .hs512:
      try SigningKey(privateJWK: Self.secretJWK(), algorithm: algorithm)
    }
  }

  /// A second RSA key: a rotated one, or a stranger's.
  static func other() throws -> SigningKey { try otherRSA.get() }

  /// The client secret as a key, for HS256.
  static func secretJWK() throws -> JSONWebKey {
    guard let key = JSONWebKey(clientSecret: Sample.clientSecret) else {
      throw Unexpected("the client secret is empty")
    }
    return key
  }
}

/// Something that a test did not count on.
struct Unexpected: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
