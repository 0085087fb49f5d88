import Cryptography
import OpenID
import Platform

/// Reads the client's private key: PEM, a JSON Web Key, or a set with one key.
enum ClientKeyFile {
  /// The algorithms a client may sign with; providers do not ask for others.
  static let algorithms: [SignatureAlgorithm] = [
    .rs256, .es256, .ps256, .rs384, .rs512, .ps384, .ps512, .es384, .es512, .edDSA,
  ]

  /// Reads the key from a file.
  ///
  /// - Parameters:
  ///   - algorithm: nil takes the JWK's own `alg`, or RS256, ES256 or EdDSA by the kind of key.
  ///   - keyID: nil takes the JWK's own `kid`, or the RFC 7638 thumbprint.
  ///   - option: The option that named the file.
  static func read(
    _ path: String, algorithm: SignatureAlgorithm?, keyID: String?,
    option: Setting = .clientKey
  ) throws(UsageError) -> SigningKey {
    let bytes = try SystemFiles.read(
      path, option: option.place, limitBytes: SigningKey.pemLimitBytes)
    do throws(CryptoError) {
      let key = try key(bytes, algorithm, path)
      return try keyID.map { id throws(CryptoError) in
        try key.withAlgorithm(key.algorithm, keyID: id)
      } ?? key
    } catch {
      throw UsageError(at: option, " \(path): \(error.description)\(needs(algorithm))")
    }
  }

  /// What an algorithm that somebody chose wants of a key; empty when nobody chose one.
  private static func needs(_ algorithm: SignatureAlgorithm?) -> String {
    guard let algorithm, !algorithm.isSymmetric else { return "" }
    let kind =
      algorithm == .edDSA
      ? "an Ed25519 key" : algorithm.curve.map { "an EC key of \($0)" } ?? "an RSA key"
    return " \(algorithm.rawValue) needs \(kind)."
  }

  private static func key(
    _ bytes: [UInt8], _ algorithm: SignatureAlgorithm?, _ path: String
  ) throws(CryptoError) -> SigningKey {
    guard let json = try? JSONParser.parse(bytes) else {
      if let algorithm { return try SigningKey(pem: bytes, algorithm: algorithm) }
      // RSA is tried first; its error for an EC key would only mislead.
      for usual in [SignatureAlgorithm.rs256, .edDSA] {
        if let key = try? SigningKey(pem: bytes, algorithm: usual) { return key }
      }
      return try SigningKey(pem: bytes, algorithm: .es256)
    }
    let entries = json["keys"]?.elements ?? [json]
    let keys = entries.compactMap(JSONWebKey.init).filter { !$0.privateMembers.isEmpty }
    guard keys.count == 1, let jwk = keys.first else {
      throw .unusableKey("it holds \(keys.count) private keys, not one")
    }
    let own = jwk.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:))
    let usual = algorithms.first { $0.keyType == jwk.keyType && $0.curve == jwk.curve }
    let edwards: SignatureAlgorithm? = jwk.keyType == "OKP" ? .edDSA : nil
    guard let chosen = algorithm ?? own ?? edwards ?? usual, !chosen.isSymmetric else {
      throw .unusableKey("it is no RSA, EC or OKP key")
    }
    return try SigningKey(privateJWK: jwk, algorithm: chosen)
  }
}
