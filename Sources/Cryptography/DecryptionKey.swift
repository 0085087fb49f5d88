import COpenSSL
import OpenID

/// A private key, or a shared one, that opens encrypted tokens.
///
/// It cannot print itself; libcrypto erases a private key when the last reference is released.
public final class DecryptionKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The public half, as it is registered at the provider; of a shared key nothing but its names.
  ///
  /// Members in the order `kty`, `use`, `alg` where the key names one, `kid`, then the key itself.
  public let publicJWK: JSONWebKey
  let material: Material

  enum Material: Sendable {
    case pair(KeyHandle)
    case shared(SharedKey)
  }

  private init(_ material: Material, _ publicJWK: JSONWebKey) {
    (self.material, self.publicJWK) = (material, publicJWK)
  }

  /// The kinds of a new key.
  public enum Kind: Sendable, CaseIterable {
    /// RSA with 2048 bits.
    case rsa
    /// A point on P-256.
    case ec
  }

  /// Makes a new key pair; one of RSA takes a fraction of a second.
  public static func generate(_ kind: Kind, keyID: String) throws(CryptoError) -> DecryptionKey {
    let made =
      switch kind {
      case .rsa: crypto_generate_rsa(SigningKey.generatedModulusBits)
      case .ec: crypto_generate_ec(WeierstrassCurve.p256.groupName)
      }
    guard let made else { throw .openSSL("generating a key") }
    return try DecryptionKey(KeyHandle(owning: made), keyID: keyID, algorithm: nil)
  }

  /// Takes a client secret as the key.
  public static func clientSecret(_ secret: Secret) throws(CryptoError) -> DecryptionKey {
    try DecryptionKey(shared: .clientSecret(secret), names: [])
  }

  /// Reads a private JSON Web Key: RSA, EC, or a shared one of type oct.
  public convenience init(privateJWK key: JSONWebKey) throws(CryptoError) {
    switch key.keyType {
    case "RSA":
      try self.init(KeyMaterial.rsa(key, private: true), of: key)
    case "EC":
      guard let curve = key.curve.flatMap(WeierstrassCurve.init(rawValue:)) else {
        throw .unusableKey("the curve is none of P-256, P-384 and P-521")
      }
      try self.init(KeyMaterial.ec(key, curve, private: true), of: key)
    case "oct":
      let bytes = try KeyMaterial.member("k", of: key)
      try self.init(shared: .bytes(bytes), names: Self.names(of: key))
    default: throw .unusableKey("it is no RSA, EC or oct key")
    }
  }

  /// Reads an unencrypted private key in PEM: PKCS #8, PKCS #1 or SEC 1; its `kid` is the RFC 7638
  /// thumbprint.
  public convenience init(pem: [UInt8]) throws(CryptoError) {
    guard pem.count <= SigningKey.pemLimitBytes else {
      throw .unusableKey("the PEM text has more than \(SigningKey.pemLimitBytes) bytes")
    }
    guard let made = crypto_pem_key_pair(pem, pem.count) else {
      throw .refusedKey("the text is no unencrypted private key in PEM")
    }
    try self.init(KeyHandle(owning: made), keyID: nil, algorithm: nil)
  }

  private convenience init(_ handle: KeyHandle, of key: JSONWebKey) throws(CryptoError) {
    try self.init(handle, keyID: key.keyID, algorithm: key.algorithmName, use: key.use)
  }

  private static func names(of key: JSONWebKey) -> [JSONMember] {
    ["use", "alg", "kid"].compactMap { name in
      key.json[name].map { JSONMember(name, $0) }
    }
  }

  private convenience init(shared: SharedKey, names: [JSONMember]) throws(CryptoError) {
    guard let jwk = JSONWebKey(.object([JSONMember("kty", "oct")] + names)) else {
      throw .openSSLFailure("naming the key")
    }
    self.init(.shared(shared), jwk)
  }

  private convenience init(
    _ handle: KeyHandle, keyID: String?, algorithm: String?, use: String? = "enc"
  ) throws(CryptoError) {
    var members: [JSONMember]
    let type: String
    if handle.isOf(type: "RSA") {
      try RSALimit.requireSafe(modulusBits: handle.bits)
      type = "RSA"
      members = [
        Self.member("n", try handle.number("n")), Self.member("e", try handle.number("e")),
      ]
    } else if handle.isOf(type: "EC"),
      let curve = WeierstrassCurve.allCases.first(where: { $0.groupName == handle.groupName })
    {
      type = "EC"
      members = [
        JSONMember("crv", .string(curve.rawValue)),
        Self.member("x", try handle.number("qx", byteCount: curve.byteCount)),
        Self.member("y", try handle.number("qy", byteCount: curve.byteCount)),
      ]
    } else {
      throw .unusableKey("it is neither an RSA key nor one on P-256, P-384 or P-521")
    }
    let named = [JSONMember("kty", .string(type))] + members
    var keyID = keyID
    if keyID == nil, let bare = JSONWebKey(.object(named)) {
      keyID = try Thumbprint.sha256(bare)
    }
    var json: JSONValue = ["kty": .string(type)]
    if let use { json.set("use", .string(use)) }
    if let algorithm { json.set("alg", .string(algorithm)) }
    if let keyID { json.set("kid", .string(keyID)) }
    for member in members { json.set(member.name, member.value) }
    guard let jwk = JSONWebKey(json) else { throw .openSSLFailure("writing the public key") }
    self.init(.pair(handle), jwk)
    try requireMatchingParts(handle, type)
  }

  private static func member(_ name: String, _ bytes: [UInt8]) -> JSONMember {
    JSONMember(name, .string(Base64URL.encode(bytes)))
  }

  /// Locks and opens a test message: libcrypto also accepts two parts that do not match.
  private func requireMatchingParts(_ handle: KeyHandle, _ type: String) throws(CryptoError) {
    let probe = TokenEncryption(type == "RSA" ? .rsaOAEP : .ecdhES, .a128GCM)
    guard
      let text = try? JWE.encrypt([1], probe, for: .publicKey(publicJWK)),
      let token = try? CompactJWE(text),
      case .success([1])? = try? JWE.decrypt(token, with: self)
    else { throw .unusableKey("its private and public parts do not belong together") }
  }

  /// Its type, nothing else.
  public var description: String { "DecryptionKey (\(publicJWK.keyType))" }
  /// Nothing: `dump` would print a shared key otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
