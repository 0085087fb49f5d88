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

  static let appleSecret: [Group] = [
    Group(
      Source.apple,
      [
        "iss": "the team that signs, by its ten characters", "aud": "Apple, always this address",
        "sub": "the application: its client id", "iat": "when it was made",
        "exp": "when it expires; at most six months after it was made",
      ])
  ]

  /// Claims of signed documents, credentials and events.
  static let otherToken: [Group] = [
    Group(
      .rfc(9701, "5"),
      ["token_introspection": "what the server says of the token that was asked about"]),
    Group(
      .rfc(8417, "2.2"),
      [
        "events": "what has happened, one entry for each event", "toe": "when it happened",
        "txn": "names the action that led to it",
      ]),
    Group(.rfc(9493, "3"), ["sub_id": "whom or what it is about, with the way of naming"]),
    Group(
      .rfc(9901, "4"),
      [
        "_sd": "digests of claims that may be disclosed", "_sd_alg": "how these digests were made",
        "sd_hash": "the digest of the credential and all that is disclosed with it",
      ]),
    Group(Source.verifiableCredential, ["vct": "the type of the credential"]),
    Group(.rfc(7800, "3.1"), ["cnf": "the key that the bearer must prove to have"]),
    Group(
      .rfc(7591, "2"),
      [
        "software_id": "names the software, the same for all who install it",
        "software_version": "its version",
        "software_statement": "a signed description of the client",
        "client_name": "the client's name for people", "client_uri": "the client's page",
        "redirect_uris": "where answers may be sent", "grant_types": "the grants that it will use",
        "response_types": "the response types that it will use", "jwks": "the keys of the party",
        "logo_uri": "the client's picture", "contacts": "whom to write to",
        "token_endpoint_auth_method": "how it authenticates at the token endpoint",
      ]),
    Group(
      Source.federationClaims,
      [
        "authority_hints": "who speaks for this party; the way up to a trust anchor",
        "metadata": "what the party says of itself, by its roles",
        "metadata_policy": "what those below may say of themselves",
        "trust_marks": "signed marks of others about this party",
        "constraints": "limits for those below", "source_endpoint": "where it was fetched from",
      ]),
    Group(
      .rfc(8693, "4"),
      ["act": "who acts in the person's place", "may_act": "who may act in the person's place"]),
    Group(.rfc(6749, "3.3"), ["scope": "what it asks for, or allows", "client_id": "the client"]),
    Group(
      .core("2"),
      ["nonce": "a random value of the one who asked for it", "exp": "when it expires"]),
  ]
}
