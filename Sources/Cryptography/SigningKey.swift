import COpenSSL
import OpenID

/// A private key, or a shared secret, that signs with one algorithm.
///
/// It can be made on one thread and used on others. It cannot print itself; libcrypto erases a
/// private key when the last reference is released.
public final class SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The most bytes of a PEM file.
  public static let pemLimitBytes = 64 * 1024
  /// The modulus length of a generated RSA key, in bits.
  public static let generatedModulusBits = 2048

  /// The algorithm of its signatures.
  public let algorithm: SignatureAlgorithm
  /// The `kid`; empty when the key has none.
  public let keyID: String
  /// The public key with which others verify its signatures.
  ///
  /// Members in the order `kty`, `use`, `alg`, `kid`, then the key itself. A shared secret has no
  /// public part, so its entry ends after `kid` and cannot leak into a published set.
  public let publicJWK: JSONWebKey
  private let material: KeyMaterial

  private init(
    _ material: KeyMaterial, _ algorithm: SignatureAlgorithm, keyID: String?
  ) throws(CryptoError) {
    let members = try Self.publicMembers(material, algorithm)
    self.algorithm = algorithm
    if let keyID {
      self.keyID = keyID
    } else {
      self.keyID = try Self.derivedKeyID(members, algorithm)
    }
    var json: JSONValue = [
      "kty": .string(algorithm.keyType), "use": "sig", "alg": .string(algorithm.rawValue),
    ]
    if !self.keyID.isEmpty { json.set("kid", .string(self.keyID)) }
    for member in members { json.set(member.name, member.value) }
    guard let jwk = JSONWebKey(json) else { throw .openSSLFailure("writing the public key") }
    publicJWK = jwk
    self.material = material
  }

  /// Makes a new key.
  ///
  /// An RSA key takes a fraction of a second, so do not generate it on the drawing thread.
  ///
  /// - Parameter edwardsCurve: The curve of an EdDSA key; other algorithms imply theirs.
  public static func generate(
    _ algorithm: SignatureAlgorithm, keyID: String, edwardsCurve: EdwardsCurve = .ed25519
  ) throws(CryptoError) -> SigningKey {
    let made: OpaquePointer?
    switch Scheme(algorithm) {
    case .pkcs1, .pss: made = crypto_generate_rsa(generatedModulusBits)
    case .ecdsa(_, let curve): made = crypto_generate_ec(curve.groupName)
    case .edwards: made = crypto_generate_edwards(edwardsCurve.typeName)
    case .hmac(_, let byteCount):
      let secret = try Randomness.bytes(byteCount)
      return try SigningKey(.symmetric(secret), algorithm, keyID: keyID)
    }
    guard let made else { throw .openSSL("generating a key") }
    return try SigningKey(.asymmetric(KeyHandle(owning: made)), algorithm, keyID: keyID)
  }

  /// Reads a private JSON Web Key: RSA with or without the Chinese remainder members, EC, OKP, or
  /// oct.
  ///
  /// Its own `alg`, `use` and `key_ops` are ignored. Without a `kid` the RFC 7638 thumbprint is
  /// used, except for a shared secret, whose thumbprint would help to guess it.
  ///
  /// - Throws: ``CryptoError/unusableKey(_:)`` also when the private and public members do not
  ///   match.
  public convenience init(
    privateJWK: JSONWebKey, algorithm: SignatureAlgorithm
  ) throws(CryptoError) {
    let material = try KeyMaterial.forSigning(privateJWK, algorithm)
    try Self.requireMatchingParts(material, algorithm)
    try self.init(material, algorithm, keyID: privateJWK.keyID)
  }

  /// Reads an RSA key that is too short on purpose, from 1024 bits on: for a tenant that is to be
  /// caught signing with it.
  package convenience init(
    weakRSA privateJWK: JSONWebKey, algorithm: SignatureAlgorithm
  ) throws(CryptoError) {
    let material = try KeyMaterial.forSigning(privateJWK, algorithm, leastModulusBits: 1024)
    try self.init(material, algorithm, keyID: privateJWK.keyID)
  }

  /// Reads an unencrypted private key in PEM: PKCS #8, PKCS #1 or SEC 1.
  ///
  /// - Parameter keyID: The `kid`; nil takes the RFC 7638 thumbprint.
  public convenience init(
    pem: [UInt8], algorithm: SignatureAlgorithm, keyID: String? = nil
  ) throws(CryptoError) {
    guard pem.count <= Self.pemLimitBytes else {
      throw .unusableKey("the PEM text has more than \(Self.pemLimitBytes) bytes")
    }
    guard let made = crypto_pem_key_pair(pem, pem.count) else {
      throw .refusedKey("the text is no unencrypted private key in PEM")
    }
    let handle = KeyHandle(owning: made)
    try handle.requireFit(for: algorithm)
    try Self.requireMatchingParts(.asymmetric(handle), algorithm)
    try self.init(.asymmetric(handle), algorithm, keyID: keyID)
  }

  /// Returns the same key for another algorithm of its family, such as PS256 for RS256.
  ///
  /// - Parameter keyID: The `kid` of the new entry; nil keeps the old one.
  public func withAlgorithm(
    _ other: SignatureAlgorithm, keyID: String? = nil
  ) throws(CryptoError) -> SigningKey {
    guard other.keyType == algorithm.keyType, other.curve == algorithm.curve else {
      throw .unusableKey("a key for \(algorithm.rawValue) does not sign \(other.rawValue)")
    }
    return try SigningKey(material, other, keyID: keyID ?? self.keyID)
  }

  /// Signs bytes; the result is in JOSE format, for ECDSA `r` and `s` side by side.
  public func sign(_ input: [UInt8]) throws(CryptoError) -> [UInt8] {
    try material.sign(input, algorithm)
  }

  /// Returns whether a signature of this key is valid; the only way for a generated secret.
  public func verify(signature: [UInt8], of input: [UInt8]) throws(CryptoError) -> Bool {
    try material.verify(signature, of: input, algorithm)
  }

  /// Makes a token from a header, used unchanged, and a payload, byte for byte.
  ///
  /// The caller sets the header's `alg` and `kid`, because faulty tokens are also made on purpose.
  /// See ``header(type:)`` for the usual header.
  public func compactJWS(header: JSONValue, payload: [UInt8]) throws(CryptoError) -> String {
    let input = Base64URL.encode(header.compactText.utf8) + "." + Base64URL.encode(payload)
    return input + "." + Base64URL.encode(try sign(Array(input.utf8)))
  }

  /// The usual header of a token signed with this key: `alg`, `kid` and, when given, `typ`.
  public func header(type: String? = nil) -> JSONValue {
    var header: JSONValue = ["alg": .string(algorithm.rawValue)]
    if !keyID.isEmpty { header.set("kid", .string(keyID)) }
    if let type { header.set("typ", .string(type)) }
    return header
  }

  /// The algorithm, nothing else.
  public var description: String { "SigningKey (\(algorithm.rawValue))" }
  /// Nothing: `dump` would print a shared secret otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SigningKey {
  private static func publicMembers(
    _ material: KeyMaterial, _ algorithm: SignatureAlgorithm
  ) throws(CryptoError) -> [JSONMember] {
    guard case .asymmetric(let handle) = material else { return [] }
    switch Scheme(algorithm) {
    case .pkcs1, .pss:
      return [member("n", try handle.number("n")), member("e", try handle.number("e"))]
    case .ecdsa(_, let curve):
      return [
        JSONMember("crv", .string(curve.rawValue)),
        member("x", try handle.number("qx", byteCount: curve.byteCount)),
        member("y", try handle.number("qy", byteCount: curve.byteCount)),
      ]
    case .edwards:
      guard let curve = handle.edwardsCurve else { throw .unusableKey("it is no Edwards key") }
      return [
        JSONMember("crv", .string(curve.rawValue)),
        member("x", try handle.edwardsPublicBytes(curve)),
      ]
    case .hmac: return []
    }
  }

  private static func member(_ name: String, _ bytes: [UInt8]) -> JSONMember {
    JSONMember(name, .string(Base64URL.encode(bytes)))
  }

  private static func derivedKeyID(
    _ members: [JSONMember], _ algorithm: SignatureAlgorithm
  ) throws(CryptoError) -> String {
    let named = [JSONMember("kty", .string(algorithm.keyType))] + members
    guard !members.isEmpty, let key = JSONWebKey(.object(named)) else { return "" }
    return try Thumbprint.sha256(key) ?? ""
  }

  /// Signs and verifies a test message: libcrypto also accepts two parts that do not match.
  private static func requireMatchingParts(
    _ material: KeyMaterial, _ algorithm: SignatureAlgorithm
  ) throws(CryptoError) {
    let probe = Array("probe".utf8)
    guard let signature = try? material.sign(probe, algorithm),
      (try? material.verify(signature, of: probe, algorithm)) == true
    else { throw .unusableKey("its private and public parts do not belong together") }
  }
}
