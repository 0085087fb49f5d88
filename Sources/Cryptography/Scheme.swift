import OpenID

/// How an algorithm signs, in libcrypto's names.
enum Scheme: Sendable, Equatable {
  case pkcs1(digest: String)
  case pss(digest: String)
  case ecdsa(digest: String, WeierstrassCurve)
  /// The curve comes from the key.
  case edwards
  case hmac(digest: String, byteCount: Int)

  init(_ algorithm: SignatureAlgorithm) {
    switch algorithm {
    case .rs256: self = .pkcs1(digest: "SHA256")
    case .rs384: self = .pkcs1(digest: "SHA384")
    case .rs512: self = .pkcs1(digest: "SHA512")
    case .ps256: self = .pss(digest: "SHA256")
    case .ps384: self = .pss(digest: "SHA384")
    case .ps512: self = .pss(digest: "SHA512")
    case .es256: self = .ecdsa(digest: "SHA256", .p256)
    case .es384: self = .ecdsa(digest: "SHA384", .p384)
    case .es512: self = .ecdsa(digest: "SHA512", .p521)
    case .edDSA: self = .edwards
    case .hs256: self = .hmac(digest: "SHA256", byteCount: 32)
    case .hs384: self = .hmac(digest: "SHA384", byteCount: 48)
    case .hs512: self = .hmac(digest: "SHA512", byteCount: 64)
    }
  }
}

/// A curve of ECDSA.
///
/// RFC 7518, section 6.2.1.1.
enum WeierstrassCurve: String, Sendable, CaseIterable {
  case p256 = "P-256"
  case p384 = "P-384"
  case p521 = "P-521"

  /// The name libcrypto reports for a key on the curve.
  var groupName: String {
    switch self {
    case .p256: "prime256v1"
    case .p384: "secp384r1"
    case .p521: "secp521r1"
    }
  }

  /// Bytes of a coordinate, of `d`, and of each half of a signature.
  var byteCount: Int {
    switch self {
    case .p256: 32
    case .p384: 48
    case .p521: 66
    }
  }
}

/// A curve of EdDSA.
///
/// RFC 8037, section 2.
public enum EdwardsCurve: String, Sendable, Hashable, CaseIterable {
  /// 128 bits of security; the one providers use.
  case ed25519 = "Ed25519"
  /// 224 bits of security.
  case ed448 = "Ed448"

  /// libcrypto's name.
  var typeName: String {
    switch self {
    case .ed25519: "ED25519"
    case .ed448: "ED448"
    }
  }

  /// Bytes of `x` and of `d`.
  var keyByteCount: Int {
    switch self {
    case .ed25519: 32
    case .ed448: 57
    }
  }

  var signatureByteCount: Int { 2 * keyByteCount }
}
