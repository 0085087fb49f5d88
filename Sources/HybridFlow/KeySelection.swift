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

  /// Most keys that are tried for one token.
  static let triedKeysMaximum = 10

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

  /// The keys to try.
  public var candidates: [JSONWebKey] {
    switch self {
    case .one(let key): [key]
    case .several(let keys): keys
    case .none, .notSought: []
    }
  }
}
