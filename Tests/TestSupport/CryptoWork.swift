import Cryptography
import HybridFlow
import OpenID

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

  /// What comes of opening a token with the one key there is, or with the client secret.
  public static func opened(_ task: DecryptionTask, with key: DecryptionKey?) -> DecryptionOutcome {
    do {
      var key = key
      if case .clientSecret(let secret) = task.keys { key = try DecryptionKey.clientSecret(secret) }
      guard let key else { return .unusable("There is no key.") }
      switch try JWE.decrypt(task.token, with: key) {
      case .success(let bytes): return .content(Secret(String(decoding: bytes, as: UTF8.self)))
      case .failure(let failure): return .failed(failure.step)
      }
    } catch {
      return .unusable("\(error)")
    }
  }
}
