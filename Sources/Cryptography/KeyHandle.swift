import COpenSSL
import OpenID

/// Owns a libcrypto key.
///
/// Unchecked, because the pointer itself is not `Sendable`: the key never changes after its
/// creation, and libcrypto locks its internal caches.
final class KeyHandle: @unchecked Sendable {
  private let pointer: OpaquePointer

  /// Takes ownership of a key that a libcrypto function has made.
  init(owning pointer: OpaquePointer) { self.pointer = pointer }

  deinit { crypto_key_free(pointer) }

  /// Gives the pointer for one call and keeps the key alive until it has returned.
  func use<Result>(_ body: (OpaquePointer) -> Result) -> Result {
    withExtendedLifetime(self) { body(pointer) }
  }

  /// Length of the key in bits.
  var bits: Int { use { Int(crypto_key_bits($0)) } }

  func isOf(type: String) -> Bool { use { crypto_key_is($0, type) == 1 } }

  /// libcrypto's name for the curve of an EC key.
  var groupName: String? {
    var name = [CChar](repeating: 0, count: 64)
    guard use({ crypto_key_group($0, &name, name.count) }) == 1 else { return nil }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A number of the key, such as `n` or `qx`; as short as possible unless a length is given.
  func number(_ name: String, byteCount: Int? = nil) throws(CryptoError) -> [UInt8] {
    let count = byteCount ?? use { crypto_key_number_size($0, name) }
    var output = [UInt8](repeating: 0, count: count)
    guard count > 0, use({ crypto_key_number($0, name, &output, count) }) == 1 else {
      throw .openSSL("reading the public key")
    }
    return output
  }

  /// The public point of an Edwards key.
  func edwardsPublicBytes(_ curve: EdwardsCurve) throws(CryptoError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: curve.keyByteCount)
    guard use({ crypto_edwards_public_bytes($0, &output, output.count) }) == 1 else {
      throw .openSSL("reading the public key")
    }
    return output
  }

  /// The curve of an Edwards key.
  var edwardsCurve: EdwardsCurve? { EdwardsCurve.allCases.first { isOf(type: $0.typeName) } }
}

extension KeyHandle {
  /// Checks that a key read from PEM fits the algorithm.
  func requireFit(for algorithm: SignatureAlgorithm) throws(CryptoError) {
    switch Scheme(algorithm) {
    case .pkcs1, .pss:
      guard isOf(type: "RSA") else { throw .unusableKey("it is not an RSA key") }
      try RSALimit.requireSafe(modulusBits: bits)
      try RSALimit.requireSafe(exponent: number("e"))
    case .ecdsa(_, let curve):
      guard isOf(type: "EC") else { throw .unusableKey("it is not an EC key") }
      guard groupName == curve.groupName else {
        throw .unusableKey("\(algorithm.rawValue) needs the curve \(curve.rawValue)")
      }
    case .edwards:
      guard edwardsCurve != nil else {
        throw .unusableKey("it is neither an Ed25519 nor an Ed448 key")
      }
    case .hmac:
      throw .unusableKey("\(algorithm.rawValue) needs a shared secret, not a key pair")
    }
  }

  func sign(_ input: [UInt8], _ scheme: Scheme) throws(CryptoError) -> [UInt8] {
    let count: Int
    switch scheme {
    case .pkcs1, .pss: count = (bits + 7) / 8
    case .ecdsa(_, let curve): count = 2 * curve.byteCount
    case .edwards: count = edwardsCurve?.signatureByteCount ?? 0
    case .hmac: throw .unusableKey("a key pair makes no authentication code")
    }
    var output = [UInt8](repeating: 0, count: count)
    let done: Int32 = use { key in
      switch scheme {
      case .pkcs1(let digest):
        crypto_sign_pkcs1(key, digest, input, input.count, &output, count)
      case .pss(let digest): crypto_sign_pss(key, digest, input, input.count, &output, count)
      case .ecdsa(let digest, _):
        crypto_sign_ecdsa(key, digest, input, input.count, &output, count)
      case .edwards: crypto_sign_edwards(key, input, input.count, &output, count)
      case .hmac: 0
      }
    }
    guard done == 1 else { throw .openSSL("signing") }
    return output
  }

  func verify(
    _ signature: [UInt8], of input: [UInt8], _ scheme: Scheme
  ) throws(CryptoError) -> Bool {
    if case .edwards = scheme, let curve = edwardsCurve {
      // The first half is a point as well; libcrypto itself checks that S is below the order.
      guard signature.count == curve.signatureByteCount,
        EdwardsPoint.fault(Array(signature.prefix(curve.keyByteCount)), on: curve) == nil
      else { return false }
    }
    let outcome: Int32 = use { key in
      switch scheme {
      case .pkcs1(let digest):
        crypto_verify_pkcs1(key, digest, input, input.count, signature, signature.count)
      case .pss(let digest):
        crypto_verify_pss(key, digest, input, input.count, signature, signature.count)
      case .ecdsa(let digest, _):
        crypto_verify_ecdsa(key, digest, input, input.count, signature, signature.count)
      case .edwards: crypto_verify_edwards(key, input, input.count, signature, signature.count)
      case .hmac: -1
      }
    }
    guard outcome >= 0 else { throw .openSSL("verifying") }
    return outcome == 1
  }
}
