import Cryptography
import OpenID

/// How a client has registered that its ID tokens are encrypted.
///
/// OpenID Connect Dynamic Client Registration 1.0, section 2. Both endpoints encrypt alike.
public struct TenantEncryption: Sendable, Equatable {
  /// `id_token_encrypted_response_alg` and `id_token_encrypted_response_enc`.
  public var idTokens: TokenEncryption
  /// The client's public keys of `use` `enc`; not needed where the client secret makes the key.
  public var keys: [JSONWebKey]

  /// Registers an encryption.
  public init(_ idTokens: TokenEncryption, keys: [JSONWebKey] = []) {
    (self.idTokens, self.keys) = (idTokens, keys)
  }

  /// The first key that fits the algorithm.
  public var key: JSONWebKey? {
    keys.first { key in
      key.keyType == idTokens.algorithm.keyType
        && [nil, idTokens.algorithm.rawValue].contains(key.algorithmName)
        && [nil, "enc"].contains(key.use)
    }
  }
}

extension TenantClient {
  /// Whether the tenant can encrypt for the client as it is registered.
  public var canBeEncryptedFor: Bool {
    guard let encryption else { return true }
    return encryption.idTokens.algorithm.isSymmetric
      ? secret?.isEmpty == false : encryption.key != nil
  }
}

extension DemoTenant {
  /// A signed ID token as the client has registered it: encrypted, or as it is.
  ///
  /// OpenID Connect Core 1.0, section 10.2: signed first, encrypted then.
  mutating func sealed(
    _ token: String, for clientID: String, as use: FaultyToken, _ call: Call
  ) throws(CryptoError) -> String {
    guard let client = client(clientID), let encryption = client.encryption else { return token }
    var trick: EncryptionTrick?
    for case .encryption(use, let found) in call.fault?.actions ?? [] { trick = found }
    guard let trick else { return try encrypted(token, client, encryption) }
    if let message = message(answering: call) { admit(message, call) }
    return try spoilt(token, client, encryption, trick, call)
  }

  private func spoilt(
    _ token: String, _ client: TenantClient, _ encryption: TenantEncryption,
    _ trick: EncryptionTrick, _ call: Call
  ) throws(CryptoError) -> String {
    switch trick {
    case .none: return token
    case .header(let edits):
      return try encrypted(token, client, encryption) { header in
        edits.forEach { $0.apply(to: &header, now: call.now) }
      }
    case .bareClaims:
      let claims = (try? CompactJWS(token))?.payload ?? []
      return try encrypted(String(decoding: claims, as: UTF8.self), client, encryption)
    case .signingKey:
      let key = encryption.keys.first {
        $0.use == "sig" && $0.keyType == encryption.idTokens.algorithm.keyType
      }
      return try encrypted(token, client, encryption, key: key)
    case .pointOffCurve:
      return try encrypted(token, client, encryption) { header in
        guard var point = header["epk"], let x = point["x"] else { return }
        point.set("y", x)
        header.set("epk", point)
      }
    case .flippedTag:
      return Self.changing(try encrypted(token, client, encryption), part: 4) { bytes in
        if !bytes.isEmpty { bytes[0] ^= 1 }
      }
    case .keyPart:
      return Self.changing(try encrypted(token, client, encryption), part: 1) { bytes in
        bytes = Array(repeating: 0xA6, count: 40)
      }
    case .headerAfterwards(let edits):
      return Self.changing(try encrypted(token, client, encryption), part: 0) { bytes in
        guard var header = try? JSONParser.parse(bytes) else { return }
        edits.forEach { $0.apply(to: &header, now: call.now) }
        bytes = Array(header.compactText.utf8)
      }
    }
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
    _ content: String, _ client: TenantClient, _ encryption: TenantEncryption,
    key other: JSONWebKey? = nil, alter: (inout JSONValue) -> Void = { _ in }
  ) throws(CryptoError) -> String {
    var members = [JSONMember("cty", "JWT")]
    let recipient: RecipientKey
    if encryption.idTokens.algorithm.isSymmetric {
      guard let secret = client.secret else { throw .unusableKey("the client has no secret") }
      recipient = .shared(.clientSecret(secret))
    } else {
      guard let key = other ?? encryption.key else {
        throw .unusableKey("the client has registered none for this")
      }
      if let keyID = key.keyID { members.append(JSONMember("kid", .string(keyID))) }
      recipient = .publicKey(key)
    }
    return try JWE.encrypt(
      Array(content.utf8), encryption.idTokens, for: recipient, members: members, alter: alter)
  }
}

extension TenantSettings {
  /// What the metadata list of encryption: nothing while no client has registered any.
  var encryptionMetadata: [JSONMember] {
    guard clients.contains(where: { $0.encryption != nil }) else { return [] }
    return [
      JSONMember(
        "id_token_encryption_alg_values_supported",
        strings(KeyManagementAlgorithm.allCases.map(\.rawValue))),
      JSONMember(
        "id_token_encryption_enc_values_supported",
        strings(ContentEncryptionAlgorithm.allCases.map(\.rawValue))),
    ]
  }
}
