import Cryptography
import OpenID

/// How a client has registered that its ID tokens and its answers in a JWT are encrypted.
///
/// OpenID Connect Dynamic Client Registration 1.0, section 2; JARM, section 3. Both endpoints encrypt
/// ID tokens alike.
public struct TenantEncryption: Sendable, Equatable {
  /// `id_token_encrypted_response_alg` and `id_token_encrypted_response_enc`.
  public var idTokens: TokenEncryption?
  /// `authorization_encrypted_response_alg` and `authorization_encrypted_response_enc`.
  public var responses: TokenEncryption?
  /// The client's public keys of `use` `enc`; not needed where the client secret makes the key.
  public var keys: [JSONWebKey]

  /// Registers an encryption.
  public init(
    _ idTokens: TokenEncryption?, responses: TokenEncryption? = nil, keys: [JSONWebKey] = []
  ) {
    (self.idTokens, self.responses, self.keys) = (idTokens, responses, keys)
  }

  /// What was registered, of either kind.
  public var registered: [TokenEncryption] { [idTokens, responses].compactMap { $0 } }

  /// The first key that fits an algorithm.
  public func key(for algorithm: KeyManagementAlgorithm) -> JSONWebKey? {
    keys.first { key in
      key.keyType == algorithm.keyType && [nil, algorithm.rawValue].contains(key.algorithmName)
        && [nil, "enc"].contains(key.use)
    }
  }
}

extension TenantClient {
  /// Whether the tenant can encrypt for the client as it is registered.
  public var canBeEncryptedFor: Bool {
    guard let encryption else { return true }
    return encryption.registered.allSatisfy { registered in
      registered.algorithm.isSymmetric
        ? secret?.isEmpty == false : encryption.key(for: registered.algorithm) != nil
    }
  }
}

extension DemoTenant {
  /// A signed ID token or answer as the client has registered it: encrypted, or as it is.
  ///
  /// OpenID Connect Core 1.0, section 10.2: signed first, encrypted then.
  mutating func sealed(
    _ token: String, for clientID: String, as use: FaultyToken, _ call: Call
  ) throws(CryptoError) -> String {
    guard let client = client(clientID), let encryption = client.encryption,
      let wanted = use == .response ? encryption.responses : encryption.idTokens
    else { return token }
    let seal = Seal(client: client, keys: encryption, encryption: wanted)
    var trick: EncryptionTrick?
    for case .encryption(use, let found) in call.fault?.actions ?? [] { trick = found }
    guard let trick else { return try encrypted(token, seal) }
    if let message = message(answering: call) { admit(message, call) }
    return try spoilt(token, seal, trick, call)
  }

  /// For whom something is encrypted, and how.
  private struct Seal {
    let client: TenantClient
    let keys: TenantEncryption
    let encryption: TokenEncryption
  }

  private func spoilt(
    _ token: String, _ seal: Seal, _ trick: EncryptionTrick, _ call: Call
  ) throws(CryptoError) -> String {
    switch trick {
    case .none: return token
    case .header(let edits):
      return try encrypted(token, seal) { header in
        edits.forEach { $0.apply(to: &header, now: call.now) }
      }
    case .bareClaims:
      let claims = (try? CompactJWS(token))?.payload ?? []
      return try encrypted(String(decoding: claims, as: UTF8.self), seal)
    case .rsa15:
      let key = seal.keys.keys.first { $0.keyType == "RSA" && [nil, "enc"].contains($0.use) }
      guard let key else { throw .unusableKey("the client has registered no RSA key") }
      return try Self.refused(token, seal, .rsa15(key), key.keyID)
    case .password(let rounds):
      guard let secret = seal.client.secret else { throw .unusableKey("the client has no secret") }
      return try Self.refused(token, seal, .password(secret, rounds: rounds), nil)
    case .packed:
      return try encrypted(Self.packed(Array(token.utf8)), seal) { $0.set("zip", "DEF") }
    case .signingKey:
      let key = seal.keys.keys.first {
        $0.use == "sig" && $0.keyType == seal.encryption.algorithm.keyType
      }
      return try encrypted(token, seal, key: key)
    case .pointOffCurve:
      return try encrypted(token, seal) { header in
        guard var point = header["epk"], let x = point["x"] else { return }
        point.set("y", x)
        header.set("epk", point)
      }
    case .flippedTag:
      return Self.changing(try encrypted(token, seal), part: 4) { bytes in
        if !bytes.isEmpty { bytes[0] ^= 1 }
      }
    case .keyPart:
      return Self.changing(try encrypted(token, seal), part: 1) { bytes in
        bytes = Array(repeating: 0xA6, count: 40)
      }
    case .headerAfterwards(let edits):
      return Self.changing(try encrypted(token, seal), part: 0) { bytes in
        guard var header = try? JSONParser.parse(bytes) else { return }
        edits.forEach { $0.apply(to: &header, now: call.now) }
        bytes = Array(header.compactText.utf8)
      }
    }
  }

  private static func refused(
    _ token: String, _ seal: Seal, _ way: RefusedKeyManagement, _ keyID: String?
  ) throws(CryptoError) -> String {
    var members = [JSONMember("cty", "JWT")]
    if let keyID { members.append(JSONMember("kid", .string(keyID))) }
    return try JWE.encrypt(
      Array(token.utf8), seal.encryption.content, by: way, members: members)
  }

  /// The bytes as DEFLATE has them, in blocks that are stored as they are: a reader that unpacks gets
  /// them back.
  ///
  /// RFC 1951, section 3.2.4.
  static func packed(_ bytes: [UInt8]) -> [UInt8] {
    let blockBytes = 65_535
    var output: [UInt8] = []
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(blockBytes)
      rest = rest.dropFirst(blockBytes)
      let count = UInt16(block.count)
      output.append(rest.isEmpty ? 1 : 0)
      output += [count, ~count].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      output += block
    } while !rest.isEmpty
    return output
  }

  /// The token with one of its five parts changed after it was made.
  private static func changing(
    _ token: String, part: Int, _ change: (inout [UInt8]) -> Void
  ) -> String {
    var parts = token.split(at: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.indices.contains(part), var bytes = try? Base64URL.decode(parts[part]) else {
      return token
    }
    change(&bytes)
    parts[part] = Base64URL.encode(bytes)
    return parts.joined(separator: ".")
  }

  private func encrypted(
    _ content: String, _ seal: Seal, key other: JSONWebKey? = nil,
    alter: (inout JSONValue) -> Void = { _ in }
  ) throws(CryptoError) -> String {
    try encrypted(Array(content.utf8), seal, key: other, alter: alter)
  }

  private func encrypted(
    _ content: [UInt8], _ seal: Seal, key other: JSONWebKey? = nil,
    alter: (inout JSONValue) -> Void = { _ in }
  ) throws(CryptoError) -> String {
    var members = [JSONMember("cty", "JWT")]
    let recipient: RecipientKey
    if seal.encryption.algorithm.isSymmetric {
      guard let secret = seal.client.secret else { throw .unusableKey("the client has no secret") }
      recipient = .shared(.clientSecret(secret))
    } else {
      guard let key = other ?? seal.keys.key(for: seal.encryption.algorithm) else {
        throw .unusableKey("the client has registered none for this")
      }
      if let keyID = key.keyID { members.append(JSONMember("kid", .string(keyID))) }
      recipient = .publicKey(key)
    }
    return try JWE.encrypt(
      content, seal.encryption, for: recipient, members: members, alter: alter)
  }
}

extension TenantSettings {
  /// What the metadata list of encryption: nothing while no client has registered any.
  var encryptionMetadata: [JSONMember] {
    let subjects: [(String, KeyPath<TenantEncryption, TokenEncryption?>)] = [
      ("id_token", \.idTokens), ("authorization", \.responses),
    ]
    return subjects.flatMap { subject, registered -> [JSONMember] in
      guard clients.contains(where: { $0.encryption?[keyPath: registered] != nil }) else {
        return []
      }
      return [
        JSONMember(
          "\(subject)_encryption_alg_values_supported",
          strings(KeyManagementAlgorithm.allCases.map(\.rawValue))),
        JSONMember(
          "\(subject)_encryption_enc_values_supported",
          strings(ContentEncryptionAlgorithm.allCases.map(\.rawValue))),
      ]
    }
  }
}
