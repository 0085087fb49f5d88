import Cryptography
import DemoTenant
import HybridFlow
import OpenID

/// What the client of the demo tenant needs for encrypted ID tokens and answers: a key of its own, and the
/// tenant's knowledge of it.
struct DemoEncryption {
  /// The keys that were made for the runs of a session, by kind.
  var made: [DecryptionKey.Kind: DecryptionKey] = [:]
  /// The tenant's own, for request objects.
  private var tenantKeys: [DecryptionKey.Kind: DecryptionKey] = [:]

  init(made: [DecryptionKey.Kind: DecryptionKey] = [:]) { self.made = made }

  /// The client's keys for a run; one is made where the registered algorithm has none.
  ///
  /// - Parameter own: The keys that the person gave.
  mutating func keys(
    _ configuration: inout FlowConfiguration, own: [DecryptionKey]
  ) throws(CryptoError) -> [DecryptionKey] {
    let algorithms = configuration.decryption?.registered.map(\.algorithm) ?? []
    guard !algorithms.isEmpty else { return own }
    var keys = own
    for algorithm in algorithms where !algorithm.isSymmetric {
      guard !keys.contains(where: { $0.publicJWK.keyType == algorithm.keyType }) else { continue }
      let kind: DecryptionKey.Kind = algorithm.keyType == "RSA" ? .rsa : .ec
      keys.append(try Self.key(kind, "demo-enc-\(kind)", among: &made))
    }
    // A fault of the lab may have put the key with which the client signs beside them.
    let others = configuration.decryption?.keys.filter { $0.use == "sig" } ?? []
    configuration.decryption?.keys =
      keys.map(\.publicJWK) + others.filter { other in !keys.contains { $0.publicJWK == other } }
    return keys
  }

  /// The tenant's key for the request objects of a run; nil for those that are only signed.
  mutating func requestKey(
    _ configuration: FlowConfiguration
  ) throws(CryptoError) -> DecryptionKey? {
    guard let algorithm = configuration.requestEncryption?.algorithm else { return nil }
    let kind: DecryptionKey.Kind = algorithm.keyType == "RSA" ? .rsa : .ec
    return try Self.key(kind, "tenant-enc-\(kind)", among: &tenantKeys)
  }

  /// The key of a kind, made when it is wanted first.
  private static func key(
    _ kind: DecryptionKey.Kind, _ keyID: String,
    among known: inout [DecryptionKey.Kind: DecryptionKey]
  ) throws(CryptoError) -> DecryptionKey {
    if let key = known[kind] { return key }
    let key = try DecryptionKey.generate(kind, keyID: keyID)
    known[kind] = key
    return key
  }

  /// What the tenant has registered for the client of a run; nil for tokens that are only signed.
  static func registration(_ configuration: FlowConfiguration) -> TenantEncryption? {
    guard let decryption = configuration.decryption, !decryption.registered.isEmpty else {
      return nil
    }
    return TenantEncryption(
      decryption.idTokens, responses: decryption.responses,
      keys: decryption.keys.filter { $0.keyType != "oct" })
  }
}
