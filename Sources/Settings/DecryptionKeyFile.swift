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
    var decryption = ClientDecryption()
    decryption.idTokens = try registered(.idTokenEncryption)
    decryption.responses = try registered(.responseEncryption)
    guard invocation.has(.encryptionKey) || !decryption.registered.isEmpty else { return [] }
    var keys: [DecryptionKey] = []
    if let path = invocation[.encryptionKey], readsFiles {
      keys = try DecryptionKeyFile.read(path, option: Setting.encryptionKey.place)
    }
    decryption.keys = keys.map(\.publicJWK)
    if readsFiles, !configuration.observesTenant {
      try needKey(for: decryption.idTokens, .idTokenEncryption, among: keys)
      try needKey(for: decryption.responses, .responseEncryption, among: keys)
    }
    configuration.decryption = decryption
    return keys
  }

  private func registered(_ setting: Setting) throws(UsageError) -> TokenEncryption? {
    guard let text = invocation[setting], text != "none" else { return nil }
    return try TokenEncryption.read(text, option: setting.place)
  }

  private func needKey(
    for registered: TokenEncryption?, _ setting: Setting, among keys: [DecryptionKey]
  ) throws(UsageError) {
    guard let registered, !registered.algorithm.isSymmetric,
      !keys.contains(where: { $0.publicJWK.keyType == registered.algorithm.keyType })
    else { return }
    throw UsageError(
      at: setting,
      " \(registered.text): it needs the client\u{2019}s private \(registered.algorithm.keyType) "
        + "key. Give it with --encryption-key FILE.")
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
