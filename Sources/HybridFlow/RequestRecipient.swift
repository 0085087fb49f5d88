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
