import OpenID

/// The provider's key for an encrypted request object.
///
/// OpenID Connect Core 1.0, sections 10.2 and 10.2.1; RFC 9101, section 4.
extension SigningTask.Recipient {
  /// Why there is none, in a sentence.
  package struct LackError: Error, Sendable, Equatable {
    package let why: String
  }

  /// The first published key that fits.
  ///
  /// - Throws: ``LackError`` when none does.
  package static func choose(
    _ encryption: TokenEncryption, from keys: JSONWebKeySet
  ) throws(LackError) -> SigningTask.Recipient {
    let fitting = keys.keys.filter { key in
      key.keyType == encryption.algorithm.keyType && key.use.map { $0 == "enc" } ?? false
        && key.algorithmName.map { $0 == encryption.algorithm.rawValue } ?? true
    }
    guard let key = fitting.first else {
      throw LackError(
        why: "The request object is to be encrypted with \(encryption.algorithm.rawValue), and the "
          + "provider publishes no \(encryption.algorithm.keyType) key with use enc for it.")
    }
    return SigningTask.Recipient(encryption: encryption, key: key)
  }
}

extension SigningTask.Recipient {
  /// The same with a public key of nobody here under the name of the right one: RFC 7517, appendix
  /// A.1.
  var withForeignKey: SigningTask.Recipient {
    let json: JSONValue = [
      "kty": "EC", "crv": "P-256", "use": "enc", "kid": .string(key.keyID ?? ""),
      "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
      "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    ]
    return SigningTask.Recipient(encryption: encryption, key: JSONWebKey(json) ?? key)
  }
}
