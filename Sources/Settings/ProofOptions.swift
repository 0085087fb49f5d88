import Cryptography
import HybridFlow
import OpenID
import Platform

/// The proofs of possession of a run, RFC 9449.
extension ConnectionReader {
  /// Reads whether access tokens are bound to a key, and the key if the person has one.
  func readProof(
    _ configuration: inout FlowConfiguration, _ session: inout SessionOptions
  ) throws(UsageError) {
    guard let name = try choice(.dpop), let algorithm = SignatureAlgorithm(rawValue: name) else {
      guard !invocation.has(.dpopKey) else {
        throw UsageError(at: .dpopKey, " needs --dpop: it signs the proofs.")
      }
      return
    }
    configuration.proofAlgorithm = algorithm
    guard let path = invocation[.dpopKey], readsFiles else { return }
    let key = try ClientKeyFile.read(path, algorithm: algorithm, keyID: nil, option: .dpopKey)
    session.proofKey = key
  }
}
