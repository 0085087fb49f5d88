import OpenID

// The words of tokens that are no ID tokens, and of headers that mean something else there.
extension Glossary {
  static let encryptedHeader: [Group] = [
    Group(
      .rfc(7516, "4.1"),
      [
        "alg": "how the key of the content was encrypted, or agreed on",
        "enc": "how the content is encrypted", "zip": "how the content was compressed",
        "kid": "whose key it was encrypted for; the receiver has the private one",
        "typ": "what it is: JWT for most tokens",
        "cty": "what lies inside; JWT for a signed token in an encrypted one",
        "crit": "names that must be understood, or else the token is refused",
        "jku": "where the receiver's key stands", "jwk": "the receiver's key",
        "x5u": "where the receiver's certificate stands", "x5c": "the receiver's certificate",
        "x5t": "SHA-1 thumbprint of the receiver's certificate",
        "x5t#S256": "SHA-256 thumbprint of the receiver's certificate",
      ]),
    Group(
      .rfc(7518, "4.6.1"),
      [
        "epk": "the sender's key for this one message", "apu": "about the sender",
        "apv": "about the receiver",
      ]),
    Group(
      .rfc(7518, "4.7.1"),
      ["iv": "the start value of the key's encryption", "tag": "the seal of the key's encryption"]),
    Group(
      .rfc(7518, "4.8.1"),
      ["p2s": "the salt of a password's key", "p2c": "how often the password is hashed"]),
    Group(
      .rfc(7519, "5.3"),
      [
        "iss": "who issued it, copied outside", "sub": "whom it is about, copied outside",
        "aud": "whom it is for, copied outside",
      ]),
  ]

  /// The header of a token that a client signs.
  static let clientHeader: [Group] = [
    Group(
      .rfc(7515, "4.1"),
      [
        "alg": "how the client has signed it", "kid": "which of the client's keys has signed it",
        "typ": "what kind of JWT it is", "cty": "what the payload is",
        "crit": "names that must be understood, or else the token is refused",
        "jwk": "the client's public key; a DPoP proof brings its own",
        "x5c": "the client's certificate, with the chain",
        "x5t": "SHA-1 thumbprint of the client's certificate",
        "x5t#S256": "SHA-256 thumbprint of the client's certificate",
      ])
  ]

  static let logoutToken: [Group] = [
    Group(
      Source.logoutToken,
      [
        "iss": "the tenant that signs somebody out", "aud": "the application that is told",
        "iat": "when it was made", "exp": "when it expires; soon",
        "jti": "names this one message; a second one with it is a repetition",
        "sub": "who is signed out", "sid": "the session that has ended",
        "events": "says that this is a logout", "nonce": "must not be there",
      ])
  ]

  static let dpopProof: [Group] = [
    Group(
      .rfc(9449, "4.2"),
      [
        "jti": "names this one proof; a server takes it once", "htm": "the method of the request",
        "htu": "the address of the request, without query and fragment",
        "iat": "when it was made; servers take it for a short time",
        "ath": "the hash of the access token that goes with it",
        "nonce": "what the server gave to be repeated here",
        "exp": "when it expires", "nbf": "not valid before this time",
      ])
  ]

  /// Claims of a signed response or request that are not parameters.
  static let envelope: [Group] = [
    Group(
      .rfc(7519, "4.1"),
      [
        "iss": "who has signed it", "aud": "whom it is for", "exp": "when it expires; soon",
        "iat": "when it was made", "nbf": "not valid before this time",
        "jti": "names this one token", "sub": "whom it is about",
      ])
  ]
}
