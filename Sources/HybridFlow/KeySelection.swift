import OpenID

/// Which of the issuer's keys may have signed a token.
///
/// OpenID Connect Core 1.0, section 10.1.
///
/// The steps: the key type of the algorithm; `kid` when the token has one; `alg`, `use` and
/// `key_ops` when the key has them; the curve that fits.
public enum KeySelection: Sendable, Equatable {
  /// One key fits.
  case one(JSONWebKey)
  /// Several fit and the token names none: each is tried, and the check says so.
  case several([JSONWebKey])
  /// None fits; the reason, and whether newer keys could help.
  case none(String, newerKeysMayHelp: Bool)
  /// No search was made, because the token is refused for this reason.
  case notSought(String)
  /// No search could be made, because something is not known; why, as a clause.
  case unknown(String)

  /// Most keys that are tried for one token.
  static let triedKeysMaximum = 10

  /// Selects for a token, whose algorithm is nil when it is not the expected one, or not known.
  static func select(
    for token: CompactJWS, algorithm: SignatureAlgorithm?, isExpected: Bool, keys: SigningKeys,
    clientSecret: Known<Secret?>
  ) -> KeySelection {
    if case .ofAnother(let why) = keys { return .unknown(why) }
    if !isExpected, token.algorithmName.asciiLowercased == "none" {
      return .unknown("it is not signed")
    }
    if let algorithm, algorithm.isSymmetric {
      switch clientSecret {
      case .known(let secret): return shared(secret)
      case .unknown(let why):
        return .unknown("\(algorithm.rawValue) is keyed with a shared secret, which \(why)")
      }
    }
    if case .missing(let why) = keys { return .unknown(why) }
    guard let algorithm, case .ofIssuer(let set) = keys else {
      return .notSought("the algorithm is not the expected one")
    }
    return select(for: token, algorithm: algorithm, from: set)
  }

  /// OpenID Connect Core 1.0, 3.1.3.7 (8): the key is the UTF-8 of the client secret.
  private static func shared(_ secret: Secret?) -> KeySelection {
    let bytes = Array((secret?.reveal() ?? "").utf8)
    let key = JSONWebKey(["kty": "oct", "k": .string(Base64URL.encode(bytes))])
    return key.map(KeySelection.one) ?? .none("no client secret", newerKeysMayHelp: false)
  }

  /// Selects from a set.
  static func select(
    for token: CompactJWS, algorithm: SignatureAlgorithm, from set: JSONWebKeySet
  ) -> KeySelection {
    let ofType = set.keys.filter { $0.keyType == algorithm.keyType }
    let named: [JSONWebKey]
    if let keyID = token.keyID {
      named = ofType.filter { $0.keyID?.isIdentical(to: keyID) == true }
      if named.isEmpty {
        return .none(
          "no \(algorithm.keyType) key with kid \(keyID) among \(set.keys.count) keys",
          newerKeysMayHelp: true)
      }
    } else {
      named = ofType
    }
    let fitting = named.filter { $0.fits(algorithm) }
    switch fitting.count {
    case 0:
      let reason =
        named.isEmpty
        ? "no \(algorithm.keyType) key among \(set.keys.count) keys"
        : "the key is not for \(algorithm.rawValue) signatures (alg, use, key_ops or crv)"
      return .none(reason, newerKeysMayHelp: true)
    case 1: return .one(fitting[0])
    default: return .several(Array(fitting.prefix(triedKeysMaximum)))
    }
  }

  /// What keeps the first key that was named from being used; nil when it only is another one.
  private static func faults(of keys: [JSONWebKey]) -> String? {
    keys.first?.faults.first { $0.weight == .unusable }?.what
  }

  /// The keys to try.
  public var candidates: [JSONWebKey] {
    switch self {
    case .one(let key): [key]
    case .several(let keys): keys
    case .none, .notSought, .unknown: []
    }
  }
}
