/// A JOSE signature algorithm this program can check.
///
/// RFC 7518, section 3.1; RFC 8037.
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// RSASSA-PKCS1-v1_5.
  case rs256 = "RS256"
  case rs384 = "RS384"
  case rs512 = "RS512"
  /// RSASSA-PSS.
  case ps256 = "PS256"
  case ps384 = "PS384"
  case ps512 = "PS512"
  /// ECDSA.
  case es256 = "ES256"
  case es384 = "ES384"
  case es512 = "ES512"
  /// Ed25519 or Ed448, as the key's curve says.
  case edDSA = "EdDSA"
  /// HMAC with the client secret.
  case hs256 = "HS256"
  case hs384 = "HS384"
  case hs512 = "HS512"

  /// The `kty` a key for this algorithm has.
  public var keyType: String {
    switch self {
    case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: "RSA"
    case .es256, .es384, .es512: "EC"
    case .edDSA: "OKP"
    case .hs256, .hs384, .hs512: "oct"
    }
  }

  /// The `crv` an EC key for this algorithm has.
  public var curve: String? {
    switch self {
    case .es256: "P-256"
    case .es384: "P-384"
    case .es512: "P-521"
    default: nil
    }
  }

  /// Whether signer and verifier share one secret.
  public var isSymmetric: Bool { keyType == "oct" }

  /// Whether a signature can have this length with any key: a shorter one was truncated.
  ///
  /// RFC 7518, sections 3.2 to 3.5; RFC 8037, section 3.1. RSA keys have 2048 bits or more.
  public func admitsSignature(byteCount: Int) -> Bool {
    switch self {
    case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: byteCount >= 256
    case .es256: byteCount == 64
    case .es384: byteCount == 96
    case .es512: byteCount == 132
    case .edDSA: byteCount == 64 || byteCount == 114
    case .hs256: byteCount == 32
    case .hs384: byteCount == 48
    case .hs512: byteCount == 64
    }
  }

  /// The digest for the hash claims of a token that is signed with this algorithm.
  ///
  /// OpenID Connect Core 1.0, 3.3.2.11.
  ///
  /// For EdDSA the digest depends on the key's curve.
  public func hashClaimDigest(curve: String?) -> DigestAlgorithm {
    switch self {
    case .rs256, .ps256, .es256, .hs256: .sha256
    case .rs384, .ps384, .es384, .hs384: .sha384
    case .rs512, .ps512, .es512, .hs512: .sha512
    case .edDSA: curve == "Ed448" ? .shake256x114 : .sha512
    }
  }
}

/// A digest used for hash claims and PKCE.
public enum DigestAlgorithm: String, Sendable, Hashable, CaseIterable {
  case sha256 = "SHA-256"
  case sha384 = "SHA-384"
  case sha512 = "SHA-512"
  /// SHAKE256 with 114 bytes of output, for Ed448.
  case shake256x114 = "SHAKE256 (114 bytes)"
  /// SHAKE256 with 64 bytes of output, for ML-DSA.
  case shake256x64 = "SHAKE256 (64 bytes)"

  /// Bytes of output.
  public var byteCount: Int {
    switch self {
    case .sha256: 32
    case .sha384: 48
    case .sha512, .shake256x64: 64
    case .shake256x114: 114
    }
  }
}
