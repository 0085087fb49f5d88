import Cryptography
import HybridFlow
import OpenID

extension CryptoFinding {
  /// Does a task with libcrypto.
  public init(_ task: CryptoTask) {
    do throws(CryptoError) {
      switch task {
      case .signature(let jws, let algorithm, let key):
        let isValid = try Signature.verify(jws, algorithm: algorithm, key: key)
        self = isValid ? .signatureValid : .signatureInvalid
      case .digest(let bytes, let algorithm):
        self = .digest(try Digest.hash(bytes, algorithm))
      }
    } catch {
      self = .unusable(error.description)
    }
  }
}
