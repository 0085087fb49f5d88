import Cryptography
import HybridFlow
import OpenID
import Platform

/// Reads the public keys that a client registers at the tenant: a JSON Web Key, or a set of them.
public enum ClientKeySetFile: Sendable {
  /// The most bytes of such a file.
  static let bytesMax = 256 * 1024

  /// The keys of a file; each can verify a signature.
  public static func read(_ path: String, option: UsageError.Place) throws(UsageError)
    -> [JSONWebKey]
  {
    try read(path, option: option, fault: Self.fault)
  }

  /// The keys of a file to which tokens can be encrypted; those for signatures are left out.
  public static func encryptionKeys(
    _ path: String, option: UsageError.Place
  ) throws(UsageError) -> [JSONWebKey] {
    try read(path, option: option, fault: encryptionFault).filter { $0.use != "sig" }
  }

  private static func read(
    _ path: String, option: UsageError.Place, fault: (JSONWebKey) -> String?
  ) throws(UsageError) -> [JSONWebKey] {
    let origin = "\(option.text) \(path)"
    let bytes = try SystemFiles.read(path, option: option, limitBytes: bytesMax)
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONParser.parse(bytes)
    } catch {
      throw UsageError(
        "\(origin): it is not JSON: \(error.explanation). Give a JSON Web Key or a set of them.")
    }
    let entries = json["keys"]?.elements ?? [json]
    let keys = entries.compactMap(JSONWebKey.init)
    guard !keys.isEmpty, keys.count == entries.count else {
      throw UsageError("\(origin): it holds something that is no JSON Web Key: kty is missing.")
    }
    for key in keys {
      let name = key.keyID.map { "the key \($0)" } ?? "the key without kid"
      guard key.privateMembers.isEmpty else {
        throw UsageError(
          "\(origin): \(name) is a private or shared one. Register its public half; "
            + "the private one stays with the client.")
      }
      if let fault = fault(key) { throw UsageError("\(origin): \(name): \(fault)") }
    }
    return keys
  }

  /// Why nothing can be encrypted for a key, tried once; nil when it can, or is for something else.
  private static func encryptionFault(_ key: JSONWebKey) -> String? {
    let algorithm: KeyManagementAlgorithm? =
      key.keyType == "RSA" ? .rsaOAEP : key.keyType == "EC" ? .ecdhES : nil
    guard let algorithm, key.use != "sig" else { return nil }
    do throws(CryptoError) {
      _ = try JWE.encrypt([], TokenEncryption(algorithm, .a128GCM), for: .publicKey(key))
      return nil
    } catch {
      return error.description
    }
  }

  /// Why a key cannot verify any signature; nil when it can.
  private static func fault(_ key: JSONWebKey) -> String? {
    guard let algorithm = ClientKeyFile.algorithms.first(where: key.fits) else {
      return "it is for no signature of a client (kty, crv, alg, use or key_ops)."
    }
    do throws(CryptoError) {
      _ = try Signature.verify(signature: [], of: [], algorithm: algorithm, key: key)
      return nil
    } catch {
      return error.description
    }
  }
}
