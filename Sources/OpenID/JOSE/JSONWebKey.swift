/// A JSON Web Key.
///
/// RFC 7517, section 4.
public struct JSONWebKey: Sendable, Equatable {
  /// The key's members as received.
  public let json: JSONValue
  /// `kty`: RSA, EC, OKP or oct.
  public let keyType: String

  /// Reads a key; nil when it is not an object or has no `kty`, and such a key is to be ignored.
  public init?(_ json: JSONValue) {
    guard case .object = json, let keyType = json["kty"]?.string else { return nil }
    self.json = json
    self.keyType = keyType
  }

  /// `kid`.
  public var keyID: String? { json["kid"]?.string }
  /// `use`.
  public var use: String? { json["use"]?.string }
  /// `alg`.
  public var algorithmName: String? { json["alg"]?.string }
  /// `crv`.
  public var curve: String? { json["crv"]?.string }
  /// `key_ops`.
  public var operations: [String]? { json["key_ops"]?.strings }

  /// Whether the key may verify signatures of an algorithm: type and curve must fit, and `alg`,
  /// `use` and `key_ops` where present.
  ///
  /// A member of the wrong JSON type does not count as absent. RFC 7517, section 4.
  public func fits(_ algorithm: SignatureAlgorithm) -> Bool {
    func states(_ name: String, _ fits: (JSONValue) -> Bool) -> Bool {
      json[name].map(fits) ?? true
    }
    let curves: [String]? =
      algorithm == .edDSA ? ["Ed25519", "Ed448"] : algorithm.curve.map { [$0] }
    return keyType == algorithm.keyType && states("kid") { $0.string != nil }
      && states("alg") { $0.string == algorithm.rawValue } && states("use") { $0.string == "sig" }
      && states("key_ops") { $0.strings?.contains("verify") ?? false }
      && (curves.map { curves in curve.map(curves.contains) ?? false } ?? true)
  }

  /// A member that is base64url, decoded; nil when absent or badly encoded.
  public func bytes(_ name: String) -> [UInt8]? {
    guard let text = json[name]?.string else { return nil }
    return try? Base64URL.decode(text)
  }

  /// The length of an RSA modulus in bits; nil for other keys.
  public var modulusBits: Int? {
    guard keyType == "RSA", let modulus = bytes("n") else { return nil }
    let significant = modulus.drop { $0 == 0 }
    guard let first = significant.first else { return 0 }
    return significant.count * 8 - first.leadingZeroBitCount
  }

  /// The names of private or symmetric members, which no published set may have.
  ///
  /// OpenID Connect Discovery 1.0, section 3.
  public var privateMembers: [String] { Self.privateMembers(of: json) }

  /// The members that no published key may have; RFC 7518, section 6, and RFC 8037, section 2.
  public static let privateMemberNames: Set<String> = [
    "d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv",
  ]

  static func privateMembers(of json: JSONValue) -> [String] {
    (json.members ?? []).map(\.name).filter(privateMemberNames.contains)
  }

  /// The thumbprint's input: the required members, in order, without spaces.
  ///
  /// RFC 7638, section 3.
  public var thumbprintInput: [UInt8]? {
    let names: [String]
    switch keyType {
    case "RSA": names = ["e", "kty", "n"]
    case "EC": names = ["crv", "kty", "x", "y"]
    case "OKP": names = ["crv", "kty", "x"]
    case "oct": names = ["k", "kty"]
    default: return nil
    }
    var members: [JSONMember] = []
    for name in names {
      guard let value = json[name], value.string != nil else { return nil }
      members.append(JSONMember(name, value))
    }
    return Array(JSONValue.object(members).compactText.utf8)
  }
}

/// Why a document is not a JWK set that this program can use.
public enum KeySetError: Error, Sendable, Equatable {
  /// There is no `keys` array, for this reason.
  case noKeys(String)
  /// More than ``Limit/keysPerSet``.
  case tooMany(count: Int)

  /// What is wrong, without a full stop.
  public var explanation: String {
    switch self {
    case .noKeys(let why): why
    case .tooMany(let count): "more than \(Limit.keysPerSet) keys: \(count)"
    }
  }
}

/// A JWK set.
///
/// RFC 7517, section 5.
public struct JSONWebKeySet: Sendable, Equatable {
  /// An entry with private or symmetric members, whether or not it can be read as a key.
  public struct Leak: Sendable, Equatable {
    /// `kid`, when it has one.
    public let keyID: String?
    /// Its place in the set, from 1.
    public let place: Int
    /// The names of those members.
    public let members: [String]
  }

  /// The keys that could be read, in order.
  public let keys: [JSONWebKey]
  /// How many entries were not keys and were ignored.
  public var ignored: Int { ignoredPlaces.count }
  /// Their places in the set, from 1.
  public let ignoredPlaces: [Int]
  /// The entries that publish private or symmetric key material.
  public let leaks: [Leak]

  /// Makes a set.
  public init(keys: [JSONWebKey]) {
    self.keys = keys
    ignoredPlaces = []
    leaks = Self.leaks(keys.map(\.json))
  }

  /// Reads a set.
  ///
  /// - Throws: ``KeySetError``.
  public init(_ json: JSONValue) throws(KeySetError) {
    guard let entries = json["keys"]?.elements else { throw .noKeys(Self.instead(json)) }
    guard entries.count <= Limit.keysPerSet else { throw .tooMany(count: entries.count) }
    keys = entries.compactMap(JSONWebKey.init)
    ignoredPlaces = entries.indices.filter { JSONWebKey(entries[$0]) == nil }.map { $0 + 1 }
    leaks = Self.leaks(entries)
  }

  /// What stands there in the place of a set.
  private static func instead(_ json: JSONValue) -> String {
    if let value = json["keys"] {
      return "\u{201C}keys\u{201D} is \(value.typePhrase) there, where an array is wanted"
    }
    if let elements = json.elements {
      return elements.contains { JSONWebKey($0) != nil }
        ? "it is the bare list of keys, without {\"keys\": \u{2026}} around it"
        : "it is an array, and no object with \u{201C}keys\u{201D}"
    }
    if JSONWebKey(json) != nil {
      return "it is one key, and no set: \u{201C}keys\u{201D} is missing"
    }
    if json["issuer"] != nil || json["jwks_uri"] != nil {
      return "it is a discovery document; the keys stand where its jwks_uri points"
    }
    let members = json.members ?? []
    if !members.isEmpty,
      members.allSatisfy({ $0.value.string.map { $0.holds("-----BEGIN") } ?? false })
    {
      return "it holds certificates or keys in PEM by their kid, not in the form of RFC 7517"
    }
    if json["error"] != nil || json["message"] != nil { return "it is an error" }
    return "there is no array \u{201C}keys\u{201D} in it"
  }

  private static func leaks(_ entries: [JSONValue]) -> [Leak] {
    entries.enumerated().compactMap { index, entry in
      let members = JSONWebKey.privateMembers(of: entry)
      return members.isEmpty
        ? nil : Leak(keyID: entry["kid"]?.string, place: index + 1, members: members)
    }
  }
}
