import COpenSSL
import OpenID

/// The limits for an RSA key.
enum RSALimit {
  /// RFC 7518, sections 3.3 and 3.5.
  static let leastModulusBits = 2048
  /// libcrypto's own limit; a larger key from outside would only cost time.
  static let mostModulusBits = 16384
  /// Longer exponents are not in use any more, and cost time.
  static let mostExponentBytes = 8

  static func requireSafe(
    modulusBits bits: Int, least: Int = leastModulusBits
  ) throws(CryptoError) {
    guard bits >= least else {
      throw .unusableKey("the RSA modulus has \(bits) bits, at least \(least) are needed")
    }
    guard bits <= mostModulusBits else {
      throw .unusableKey("the RSA modulus has \(bits) bits, at most \(mostModulusBits) are taken")
    }
  }

  /// With an exponent of 1 every message is its own signature; an even one has no inverse.
  static func requireSafe(exponent: [UInt8]) throws(CryptoError) {
    let significant = exponent.drop { $0 == 0 }
    guard let last = significant.last, last & 1 == 1, significant.count > 1 || last >= 3 else {
      throw .unusableKey("the RSA exponent is not an odd number above 1")
    }
    guard significant.count <= mostExponentBytes else {
      throw .unusableKey("the RSA exponent has more than \(mostExponentBytes) bytes")
    }
  }
}

/// A key that has been read and fits its algorithm.
enum KeyMaterial: Sendable {
  case asymmetric(KeyHandle)
  case symmetric([UInt8])

  /// Reads the public or the shared part of a key.
  static func forVerifying(
    _ key: JSONWebKey, _ algorithm: SignatureAlgorithm
  ) throws(CryptoError) -> KeyMaterial {
    try requireType(key, algorithm)
    switch Scheme(algorithm) {
    case .pkcs1, .pss: return .asymmetric(try rsa(key, private: false))
    case .ecdsa(_, let curve): return .asymmetric(try ec(key, curve, private: false))
    case .edwards:
      let curve = try edwardsCurve(key)
      let x = try member("x", of: key, byteCount: curve.keyByteCount)
      if let fault = EdwardsPoint.fault(x, on: curve) { throw .unusableKey("x \(fault)") }
      guard let pointer = crypto_edwards_public_key(curve.typeName, x, x.count) else {
        throw .refusedKey("x is no public key")
      }
      return .asymmetric(KeyHandle(owning: pointer))
    case .hmac: return .symmetric(try member("k", of: key))
    }
  }

  /// Reads the private part of a key.
  static func forSigning(
    _ key: JSONWebKey, _ algorithm: SignatureAlgorithm,
    leastModulusBits: Int = RSALimit.leastModulusBits
  ) throws(CryptoError) -> KeyMaterial {
    try requireType(key, algorithm)
    switch Scheme(algorithm) {
    case .pkcs1, .pss:
      return .asymmetric(try rsa(key, private: true, leastModulusBits: leastModulusBits))
    case .ecdsa(_, let curve): return .asymmetric(try ec(key, curve, private: true))
    case .edwards:
      let curve = try edwardsCurve(key)
      let d = try member("d", of: key, byteCount: curve.keyByteCount)
      guard let pointer = crypto_edwards_key_pair(curve.typeName, d, d.count) else {
        throw .refusedKey("d is no private key")
      }
      let handle = KeyHandle(owning: pointer)
      let x = try member("x", of: key, byteCount: curve.keyByteCount)
      guard try handle.edwardsPublicBytes(curve) == x else {
        throw .unusableKey("its private and public parts do not belong together")
      }
      return .asymmetric(handle)
    case .hmac: return .symmetric(try member("k", of: key))
    }
  }

  private static func requireType(
    _ key: JSONWebKey, _ algorithm: SignatureAlgorithm
  ) throws(CryptoError) {
    guard key.keyType.isIdentical(to: algorithm.keyType) else {
      throw .unusableKey("\(algorithm.rawValue) needs a key of type \(algorithm.keyType)")
    }
  }

  static func rsa(
    _ key: JSONWebKey, private isPrivate: Bool,
    leastModulusBits: Int = RSALimit.leastModulusBits
  ) throws(CryptoError) -> KeyHandle {
    let n = try member("n", of: key)
    let e = try member("e", of: key)
    try RSALimit.requireSafe(modulusBits: key.modulusBits ?? 0, least: leastModulusBits)
    try RSALimit.requireSafe(exponent: e)
    let d = isPrivate ? try member("d", of: key) : []
    if isPrivate, key.json["oth"] != nil { throw .unsupported("RSA keys with over two primes") }
    // RFC 7518, section 6.3.2: with one of these members, all of them.
    let names = ["p", "q", "dp", "dq", "qi"]
    var factors = [[UInt8]](repeating: [], count: names.count)
    if isPrivate, names.contains(where: { key.json[$0] != nil }) {
      for (index, name) in names.enumerated() { factors[index] = try member(name, of: key) }
    }
    let (p, q, dp, dq, qi) = (factors[0], factors[1], factors[2], factors[3], factors[4])
    let made = crypto_rsa_key(
      n, n.count, e, e.count, d, d.count, p, p.count, q, q.count, dp, dp.count, dq, dq.count,
      qi, qi.count)
    guard let made else { throw .refusedKey("its numbers make no RSA key") }
    return KeyHandle(owning: made)
  }

  static func ec(
    _ key: JSONWebKey, _ curve: WeierstrassCurve, private isPrivate: Bool
  ) throws(CryptoError) -> KeyHandle {
    guard let name = key.curve, name.isIdentical(to: curve.rawValue) else {
      throw .unusableKey("the curve is not \(curve.rawValue)")
    }
    // RFC 7518, sections 6.2.1.2 and 6.2.2.1: full length, zeros in front kept.
    let x = try member("x", of: key, byteCount: curve.byteCount)
    let y = try member("y", of: key, byteCount: curve.byteCount)
    let d = isPrivate ? try member("d", of: key, byteCount: curve.byteCount) : []
    let uncompressed: [UInt8] = [4]
    let point = uncompressed + x + y
    guard let made = crypto_ec_key(curve.groupName, point, point.count, d, d.count) else {
      throw .refusedKey("x and y are no point on \(curve.rawValue)")
    }
    return KeyHandle(owning: made)
  }

  private static func edwardsCurve(_ key: JSONWebKey) throws(CryptoError) -> EdwardsCurve {
    guard let name = key.curve, let curve = EdwardsCurve(rawValue: name) else {
      throw .unusableKey("the curve is neither Ed25519 nor Ed448")
    }
    return curve
  }

  static func member(
    _ name: String, of key: JSONWebKey, byteCount: Int? = nil
  ) throws(CryptoError) -> [UInt8] {
    guard key.json[name] != nil else { throw .unusableKey("it has no \(name)") }
    guard let bytes = key.bytes(name), !bytes.isEmpty else {
      throw .unusableKey("\(name) is not base64url")
    }
    if let byteCount, bytes.count != byteCount {
      throw .unusableKey("\(name) has \(bytes.count) bytes, the curve needs \(byteCount)")
    }
    return bytes
  }
}
