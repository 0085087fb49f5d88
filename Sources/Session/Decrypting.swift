import Cryptography
import HybridFlow
import OpenID

extension DecryptionOutcome {
  /// Opens a token with the client's keys, or with the key that its secret makes.
  ///
  /// Where several keys fit, each is tried; the step that failed is that of the last.
  package init(_ task: DecryptionTask, keys: [DecryptionKey]) {
    do throws(CryptoError) {
      let fitting: [DecryptionKey]
      switch task.keys {
      case .own(let wanted):
        fitting = wanted.compactMap { jwk in keys.first { $0.publicJWK == jwk } }
      case .clientSecret(let secret): fitting = [try DecryptionKey.clientSecret(secret)]
      case .none, .notSought: fitting = []
      }
      guard !fitting.isEmpty else {
        self = .unusable("The key is not here. Give it with --encryption-key FILE.")
        return
      }
      self = .failed(.contentKey)
      for key in fitting {
        switch try JWE.decrypt(task.token, with: key) {
        case .success(let bytes):
          self = .content(Secret(String(decoding: bytes, as: UTF8.self)))
          return
        case .failure(let failure): self = .failed(failure.step)
        }
      }
    } catch {
      self = .unusable(error.description)
    }
  }
}
