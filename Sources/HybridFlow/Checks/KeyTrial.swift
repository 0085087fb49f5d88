import OpenID

/// Tries whether the numbers of a key make a key at all: a made-up signature is verified with it.
public enum KeyTrial {
  /// Why the key cannot be used, as a clause without a full stop; nil when it can, or when its kind
  /// cannot be tried here.
  ///
  /// - Parameter compute: What libcrypto does; nothing here can calculate by itself.
  public static func unusable(
    _ key: JSONWebKey, _ compute: (CryptoTask) -> CryptoFinding
  ) -> String? {
    guard let algorithm = algorithm(of: key), let token = token(algorithm),
      case .unusable(let reason) = compute(.signature(token, algorithm, key))
    else { return nil }
    let clause = reason.dropping(prefix: "The key cannot be used: ").map(String.init) ?? reason
    return key.keyType == "EC"
      ? "its point is not on the curve \(key.curve ?? ""), or its coordinates are damaged"
      : clause.dropping(suffix: ".").map(String.init) ?? clause
  }

  /// An algorithm for the kind of the key; its member `alg` may be wrong, or for encryption.
  private static func algorithm(of key: JSONWebKey) -> SignatureAlgorithm? {
    switch (key.keyType, key.curve) {
    case ("RSA", _): .rs256
    case ("EC", "P-256"): .es256
    case ("EC", "P-384"): .es384
    case ("EC", "P-521"): .es512
    case ("OKP", "Ed25519"), ("OKP", "Ed448"): .edDSA
    default: nil
    }
  }

  private static func token(_ algorithm: SignatureAlgorithm) -> CompactJWS? {
    let header: JSONValue = ["alg": .string(algorithm.rawValue)]
    guard let count = [64, 96, 132, 256].first(where: algorithm.admitsSignature(byteCount:)) else {
      return nil
    }
    let signature = Base64URL.encode([UInt8](repeating: 1, count: count))
    return try? CompactJWS(
      "\(Base64URL.encode(Array(header.compactText.utf8))).e30.\(signature)")
  }
}
