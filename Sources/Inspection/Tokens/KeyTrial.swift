import HybridFlow
import OpenID

/// Tries whether a key can be used at all: a made-up signature is verified with it.
enum KeyTrial {
  /// Why the key cannot be used, in a sentence; nil when it can, or its kind is not known here.
  static func unusable(
    _ key: JSONWebKey, _ compute: (CryptoTask) -> CryptoFinding
  ) -> String? {
    guard let algorithm = algorithm(of: key), let token = token(algorithm) else { return nil }
    // The member alg may name an algorithm of another family: the key itself is tried.
    guard case .unusable(let reason) = compute(.signature(token, algorithm, key)) else {
      return nil
    }
    return key.keyType == "EC"
      ? "Its point is not on the curve \(key.curve ?? ""), or its coordinates are damaged "
        + "(\(reason))."
      : "It cannot be used (\(reason))."
  }

  private static func algorithm(of key: JSONWebKey) -> SignatureAlgorithm? {
    let all = SignatureAlgorithm.allCases.filter { !$0.isSymmetric }
    if let name = key.algorithmName, let named = all.first(where: { $0.rawValue == name }) {
      return named
    }
    return all.first { $0.keyType == key.keyType && $0.curve.map { $0 == key.curve } ?? true }
  }

  private static func token(_ algorithm: SignatureAlgorithm) -> CompactJWS? {
    let header: JSONValue = ["alg": .string(algorithm.rawValue)]
    for count in [64, 96, 132, 256, 57, 114] where algorithm.admitsSignature(byteCount: count) {
      let signature = Base64URL.encode([UInt8](repeating: 1, count: count))
      let text = "\(Base64URL.encode(Array(header.compactText.utf8))).e30.\(signature)"
      return try? CompactJWS(text)
    }
    return nil
  }
}
