import COpenSSL
import OpenID

/// A public key from a file: PEM (a public key or a certificate), a JSON Web Key, or a set of them.
public enum PublicKeyFile {
  /// Reads the keys.
  ///
  /// A key from PEM has no `kid` and no `alg`: the file does not name them.
  ///
  /// - Throws: ``CryptoError`` when the text is none of them, or holds a private key in PEM.
  public static func keys(_ bytes: [UInt8]) throws(CryptoError) -> [JSONWebKey] {
    guard bytes.count <= Limit.jsonBytes else {
      throw .unusableKey("the text has more than \(Limit.jsonBytes) bytes")
    }
    if let json = try? JSONParser.parse(bytes) {
      let keys = (try? JSONWebKeySet(json))?.keys ?? JSONWebKey(json).map { [$0] } ?? []
      guard !keys.isEmpty else { throw .unusableKey("the JSON is neither a key nor a set of keys") }
      return keys
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.holds("-----BEGIN ") else {
      throw .unusableKey("the text is neither PEM nor a JSON Web Key")
    }
    guard !text.holds("PRIVATE KEY-----") else {
      throw .unusableKey(
        "it is a private key; \u{201C}openssl pkey -in FILE -pubout\u{201D} writes its public part")
    }
    guard
      let made = crypto_pem_public_key(bytes, bytes.count)
        ?? crypto_pem_certificate_key(bytes, bytes.count)
    else { throw .refusedKey("the text is neither a public key nor a certificate in PEM") }
    return [try key(KeyHandle(owning: made))]
  }

  private static func key(_ handle: KeyHandle) throws(CryptoError) -> JSONWebKey {
    guard
      let algorithm = SignatureAlgorithm.allCases.first(where: {
        (try? handle.requireFit(for: $0)) != nil
      })
    else {
      // The first reason is that of the key's own family.
      try handle.requireFit(for: handle.isOf(type: "EC") ? .es256 : .rs256)
      throw .unusableKey("no algorithm of JOSE uses such a key")
    }
    var members = [JSONMember("kty", .string(algorithm.keyType))]
    members += try handle.publicMembers(algorithm)
    guard let key = JSONWebKey(.object(members)) else {
      throw .openSSLFailure("writing the public key")
    }
    return key
  }
}
