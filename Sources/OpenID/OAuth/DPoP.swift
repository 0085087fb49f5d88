/// What Demonstrating Proof of Possession (RFC 9449) names and counts; of clients as of providers.
///
/// A proof is a JWT that the client signs for one request. It says: whoever sends this request holds
/// this key. A token that is bound to the key is worth nothing without it.
public enum DPoP {
  /// The header of a request that carries the proof: section 4.1.
  public static let header = "DPoP"
  /// The header of an answer that carries a nonce for the next proof: section 8.
  public static let nonceHeader = "DPoP-Nonce"
  /// The `typ` of a proof: section 4.2.
  public static let type = "dpop+jwt"
  /// The type of a token that is bound to a key, and the scheme by which it is sent.
  ///
  /// Sections 5 and 7.1; both are compared without regard to case.
  public static let tokenType = "DPoP"
  /// The parameter of the authorization request that binds the code to a key: section 10.
  public static let keyParameter = "dpop_jkt"
  /// The member of `cnf` that binds a token to a key: section 6.1.
  public static let thumbprintMember = "jkt"
  /// The error of a proof that is refused: section 5.
  public static let invalidProof = "invalid_dpop_proof"
  /// The error of a proof that lacks the nonce: sections 8 and 9.
  public static let useNonce = "use_dpop_nonce"
  /// The member of the metadata that lists the algorithms of proofs: section 5.1.
  public static let algorithmsMember = "dpop_signing_alg_values_supported"
  /// The algorithms that can sign a proof; a shared secret would prove nothing: section 4.2.
  public static let algorithms = SignatureAlgorithm.allCases.filter { !$0.isSymmetric }

  /// The thumbprint to which a token or an introspection answer is bound; nil without one.
  ///
  /// Section 6.1.
  public static func thumbprint(in claims: JSONValue?) -> String? {
    claims?["cnf"]?[thumbprintMember]?.string
  }

  /// The address as a proof names it, without query and fragment: section 4.2.
  public static func target(_ url: WebURL) -> String {
    String(url.text.before(anyOf: "?#"))
  }

  /// Whether an address that a proof names is this one, as a server compares `htu`.
  ///
  /// Section 4.3 (9): query and fragment do not count, nor does what RFC 3986, sections 6.2.2 and
  /// 6.2.3, calls the same: the letters of scheme and host, a port that the scheme implies, an empty
  /// path, and `%` where none is needed.
  public static func isTarget(_ text: String, of url: WebURL) -> Bool {
    guard let named = try? WebURL(text) else { return false }
    return named.scheme == url.scheme && named.host == url.host && named.port == url.port
      && URIBytes.normalPath(named).isIdentical(to: URIBytes.normalPath(url))
  }
}
