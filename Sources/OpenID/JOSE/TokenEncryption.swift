/// How the key of an encrypted token travels: the JOSE header's `alg`.
///
/// RFC 7518, section 4.1. Not here, on purpose: `RSA1_5`, which lets a server be asked until the
/// key is known (RFC 8017, section 7.2), and `PBES2-*`, whose sender decides how long the receiver
/// computes.
public enum KeyManagementAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// RSAES OAEP with SHA-1.
  case rsaOAEP = "RSA-OAEP"
  /// RSAES OAEP with SHA-2, for the mask too.
  case rsaOAEP256 = "RSA-OAEP-256"
  case rsaOAEP384 = "RSA-OAEP-384"
  case rsaOAEP512 = "RSA-OAEP-512"
  /// A key agreed between two curve points is the content key.
  case ecdhES = "ECDH-ES"
  /// Such a key wraps the content key.
  case ecdhESA128KW = "ECDH-ES+A128KW"
  case ecdhESA192KW = "ECDH-ES+A192KW"
  case ecdhESA256KW = "ECDH-ES+A256KW"
  /// A shared key is the content key.
  case direct = "dir"
  /// A shared key wraps the content key.
  case a128KW = "A128KW"
  case a192KW = "A192KW"
  case a256KW = "A256KW"
  /// The same with AES-GCM.
  case a128GCMKW = "A128GCMKW"
  case a192GCMKW = "A192GCMKW"
  case a256GCMKW = "A256GCMKW"

  /// The `kty` of a key for it.
  public var keyType: String {
    switch self {
    case .rsaOAEP, .rsaOAEP256, .rsaOAEP384, .rsaOAEP512: "RSA"
    case .ecdhES, .ecdhESA128KW, .ecdhESA192KW, .ecdhESA256KW: "EC"
    case .direct, .a128KW, .a192KW, .a256KW, .a128GCMKW, .a192GCMKW, .a256GCMKW: "oct"
    }
  }

  /// Whether sender and receiver share one secret.
  public var isSymmetric: Bool { keyType == "oct" }

  /// Whether the part for the encrypted key is empty.
  public var isDirect: Bool { self == .direct || self == .ecdhES }

  /// Bytes of the AES key that wraps the content key; nil where none does.
  public var wrappingKeyByteCount: Int? {
    switch self {
    case .ecdhESA128KW, .a128KW, .a128GCMKW: 16
    case .ecdhESA192KW, .a192KW, .a192GCMKW: 24
    case .ecdhESA256KW, .a256KW, .a256GCMKW: 32
    case .rsaOAEP, .rsaOAEP256, .rsaOAEP384, .rsaOAEP512, .ecdhES, .direct: nil
    }
  }

  /// Why an algorithm that exists is refused, as a clause; nil for any other name.
  public static func refusal(_ name: String) -> String? {
    if name.isIdentical(to: "RSA1_5") {
      return "its padding lets a server be asked until the content key is known (Bleichenbacher)"
    }
    return name.begins(with: "PBES2")
      ? "it is for passwords, and its p2c lets the sender decide how long the receiver computes"
      : nil
  }
}

/// How the content of an encrypted token is locked: the JOSE header's `enc`.
///
/// RFC 7518, section 5.1.
public enum ContentEncryptionAlgorithm: String, Sendable, Hashable, CaseIterable {
  /// AES in CBC mode, with an HMAC of SHA-2.
  case a128CBCHS256 = "A128CBC-HS256"
  case a192CBCHS384 = "A192CBC-HS384"
  case a256CBCHS512 = "A256CBC-HS512"
  /// AES in Galois/Counter mode.
  case a128GCM = "A128GCM"
  case a192GCM = "A192GCM"
  case a256GCM = "A256GCM"

  /// Bytes of the content key.
  public var keyByteCount: Int {
    switch self {
    case .a128GCM: 16
    case .a192GCM: 24
    case .a256GCM, .a128CBCHS256: 32
    case .a192CBCHS384: 48
    case .a256CBCHS512: 64
    }
  }

  /// Bytes of the initialization vector.
  public var vectorByteCount: Int { isGCM ? 12 : 16 }

  /// Bytes of the authentication tag.
  public var tagByteCount: Int { isGCM ? 16 : keyByteCount / 2 }

  /// Whether it is a Galois/Counter mode.
  public var isGCM: Bool {
    switch self {
    case .a128GCM, .a192GCM, .a256GCM: true
    case .a128CBCHS256, .a192CBCHS384, .a256CBCHS512: false
    }
  }
}

/// How a client has registered that its tokens are to be encrypted.
///
/// OpenID Connect Dynamic Client Registration 1.0, section 2: `id_token_encrypted_response_alg`
/// and `id_token_encrypted_response_enc`.
public struct TokenEncryption: Sendable, Hashable {
  /// How the key travels.
  public var algorithm: KeyManagementAlgorithm
  /// How the content is locked.
  public var content: ContentEncryptionAlgorithm

  /// Names a pair; the second has the default of the registration.
  public init(
    _ algorithm: KeyManagementAlgorithm, _ content: ContentEncryptionAlgorithm = .a128CBCHS256
  ) {
    (self.algorithm, self.content) = (algorithm, content)
  }

  /// Reads `ALG` or `ALG+ENC`; nil for anything else.
  ///
  /// `ECDH-ES+A128KW` is an algorithm of its own: no `enc` has such a name.
  public init?(_ text: String) {
    if let algorithm = KeyManagementAlgorithm(rawValue: text) {
      self.init(algorithm)
      return
    }
    let words = text.split(at: "+", omittingEmptySubsequences: false)
    guard words.count > 1, let last = words.last,
      let algorithm = KeyManagementAlgorithm(
        rawValue: words.dropLast().map(String.init).joined(separator: "+")),
      let content = ContentEncryptionAlgorithm(rawValue: String(last))
    else { return nil }
    self.init(algorithm, content)
  }

  /// `ALG+ENC`.
  public var text: String { "\(algorithm.rawValue)+\(content.rawValue)" }
}

/// The step at which an encrypted token could not be opened.
///
/// Only the owner of the key may be told: a server that tells a stranger answers, one question
/// after the other, what the content key is (RFC 7516, section 11.5).
public enum DecryptionStep: String, Sendable, Hashable, CaseIterable {
  /// What the header says of the key, such as `epk` or the vector of a wrapped key.
  case header
  /// The content key did not come out of its part.
  case contentKey = "content-key"
  /// The tag does not fit what it covers.
  case tag

  /// What happened, in a sentence.
  public var sentence: String {
    switch self {
    case .header: "What the header tells of the key makes no key."
    case .contentKey:
      "The content key did not come out of the encrypted key: it was made for another key, or "
        + "altered."
    case .tag:
      "The content key came out, and the tag does not fit: header, vector or ciphertext are not "
        + "what was locked."
    }
  }
}
