import Cryptography
import HybridFlow
import OpenID
import Platform

/// Reads the client's private keys for encrypted tokens: PEM, a JSON Web Key, or a set of them.
public enum DecryptionKeyFile: Sendable {
  /// The keys of a file.
  ///
  /// Its errors name the file and the key, never a part of one.
  public static func read(
    _ path: String, option: UsageError.Place
  ) throws(UsageError) -> [DecryptionKey] {
    let bytes = try SystemFiles.read(path, option: option, limitBytes: SigningKey.pemLimitBytes)
    let origin = "\(option.text) \(path)"
    guard let json = try? JSONParser.parse(bytes) else {
      do throws(CryptoError) {
        return [try DecryptionKey(pem: bytes)]
      } catch {
        throw UsageError(
          "\(origin): \(error.description) Give the private key as PEM without a password, as a "
            + "JSON Web Key, or as a set of them.")
      }
    }
    let entries = json["keys"]?.elements ?? [json]
    let keys = entries.compactMap(JSONWebKey.init)
    guard !keys.isEmpty, keys.count == entries.count else {
      throw UsageError("\(origin): it holds something that is no JSON Web Key: kty is missing.")
    }
    var output: [DecryptionKey] = []
    for key in keys {
      let name = key.keyID.map { "the key \($0)" } ?? "the key without kid"
      guard !key.privateMembers.isEmpty else {
        throw UsageError(
          "\(origin): \(name) is a public one. Only its private half opens a token.")
      }
      do throws(CryptoError) {
        output.append(try DecryptionKey(privateJWK: key))
      } catch {
        throw UsageError("\(origin): \(name): \(error.description)")
      }
    }
    return output
  }
}

extension ConnectionReader {
  /// Reads what is known of encrypted tokens; returns the keys.
  func readEncryption(
    _ configuration: inout FlowConfiguration
  ) throws(UsageError) -> [DecryptionKey] {
    // A preset may have set one, which "none" takes away.
    let registers = invocation[.idTokenEncryption].map { $0 != "none" } ?? false
    guard invocation.has(.encryptionKey) || registers else { return [] }
    var decryption = ClientDecryption()
    if let text = invocation[.idTokenEncryption], registers {
      decryption.idTokens = try TokenEncryption.read(text, option: Setting.idTokenEncryption.place)
    }
    var keys: [DecryptionKey] = []
    if let path = invocation[.encryptionKey], readsFiles {
      keys = try DecryptionKeyFile.read(path, option: Setting.encryptionKey.place)
    }
    decryption.keys = keys.map(\.publicJWK)
    let isDemo = configuration.observesTenant
    if let registered = decryption.idTokens, readsFiles, !isDemo,
      !registered.algorithm.isSymmetric,
      !keys.contains(where: { $0.publicJWK.keyType == registered.algorithm.keyType })
    {
      throw UsageError(
        at: .idTokenEncryption,
        " \(registered.text): it needs the client\u{2019}s private \(registered.algorithm.keyType) "
          + "key. Give it with --encryption-key FILE.")
    }
    configuration.decryption = decryption
    return keys
  }
}

extension TokenEncryption {
  /// Reads `ALG` or `ALG+ENC` of an option.
  public static func read(
    _ text: String, option: UsageError.Place
  ) throws(UsageError) -> TokenEncryption {
    if let encryption = TokenEncryption(text) { return encryption }
    let name = String(text.before("+"))
    if let why = KeyManagementAlgorithm.refusal(text) ?? KeyManagementAlgorithm.refusal(name) {
      throw UsageError("\(option.text) \(text): it is not taken here: \(why).")
    }
    let algorithms = KeyManagementAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
    let contents = ContentEncryptionAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
    throw UsageError(
      "\(option.text) \(text): give ALG or ALG+ENC, such as RSA-OAEP+A256GCM. ALG is one of "
        + "\(algorithms); ENC is one of \(contents).")
  }
}
