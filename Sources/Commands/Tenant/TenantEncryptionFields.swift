import DemoTenant
import OpenID
import Platform
import Settings

/// What a client of the tenant registers for encrypted ID tokens and answers, as it is given.
struct ClientEncryptionFields {
  /// `ALG` or `ALG+ENC`.
  var idTokens: String?
  /// The same, for answers in a JWT.
  var responses: String?
  /// A file with the client's public keys for encryption.
  var file: String?

  /// Registers the encryption, or refuses what lacks its other half.
  ///
  /// - Parameters:
  ///   - origin: The option, for errors.
  ///   - name: How the registration for ID tokens is called there.
  ///   - responseName: How that for answers is called there.
  ///   - fileName: How the file is called there.
  func register(
    in client: inout TenantClient, _ origin: String, _ name: String, _ responseName: String,
    _ fileName: String
  ) throws(UsageError) {
    guard idTokens != nil || responses != nil else {
      guard file == nil else {
        throw UsageError("\(origin): \(fileName) needs \(name) as well, such as RSA-OAEP+A256GCM.")
      }
      return
    }
    var encryption = TenantEncryption(nil)
    if let idTokens {
      encryption.idTokens = try .read(idTokens, option: .init(["\(origin) \(name)"]))
    }
    if let responses {
      encryption.responses = try .read(responses, option: .init(["\(origin) \(responseName)"]))
    }
    if let file {
      encryption.keys = try ClientKeySetFile.encryptionKeys(
        file, option: .init(["\(origin) \(fileName)"]))
    }
    client.encryption = encryption
    let lacking = encryption.registered.first { registered in
      var alone = client
      alone.encryption = TenantEncryption(registered, keys: encryption.keys)
      return !alone.canBeEncryptedFor
    }
    if let registered = lacking {
      throw UsageError(
        registered.algorithm.isSymmetric
          ? "\(origin): \(registered.text) makes its key from the client secret, and the client "
            + "\(client.id) has none."
          : "\(origin): \(registered.text) needs a public \(registered.algorithm.keyType) key of "
            + "the client \(client.id) with use enc. Name a file with it as \(fileName).")
    }
  }
}
