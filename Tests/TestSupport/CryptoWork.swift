import Cryptography
import HybridFlow

/// The work that the machine leaves to libcrypto, done by libcrypto.
public enum CryptoWork {
  /// The answer to a task; what cannot be computed says why.
  public static func finding(_ task: CryptoTask) -> CryptoFinding {
    do {
      switch task {
      case .signature(let token, let algorithm, let key):
        return try Signature.verify(token, algorithm: algorithm, key: key)
          ? .signatureValid : .signatureInvalid
      case .digest(let bytes, let algorithm): return .digest(try Digest.hash(bytes, algorithm))
      }
    } catch {
      return .unusable("\(error)")
    }
  }
}
