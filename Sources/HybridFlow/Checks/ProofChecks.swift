import OpenID

/// Access tokens that are bound to a key, and the nonces in the proofs of that key: DPoP.
///
/// RFC 9449. They are made in runs with a key for proofs only.
package enum ProofChecks {
  // MARK: The metadata

  /// What the metadata say against the proofs that this run will send; nil when nothing.
  ///
  /// RFC 9449, section 5.1.
  static func unlisted(_ configuration: FlowConfiguration, _ metadata: ProviderMetadata) -> String?
  {
    guard let algorithm = configuration.proofKey?.algorithm.rawValue else { return nil }
    guard let listed = metadata.json[DPoP.algorithmsMember]?.strings else {
      return
        "The metadata have no \(DPoP.algorithmsMember): the provider may not look at proofs, and "
        + "give tokens that are not bound."
    }
    guard !listed.contains(algorithm) else { return nil }
    return
      "The provider lists \(listed.joined(separator: ", ")) for proofs, and ours are signed with "
      + "\(algorithm)."
  }

  // MARK: The token response

  /// What a token response says of the binding; with the type that bearer tokens have instead.
  static func response(_ response: TokenResponse, _ configuration: FlowConfiguration) -> [Check] {
    guard let key = configuration.proofKey else {
      return [
        AnswerChecks.tokenType(
          .tokenTypeBack, response.tokenType,
          whyNot: isBound(response.tokenType)
            ? "A token of this type wants a proof with each call: ask for it with --dpop."
            : "Only bearer tokens were negotiated; this one needs something else.")
      ]
    }
    return [tokenType(response.tokenType)] + accessToken(response.accessToken, key)
  }

  /// Whether tokens of this type are bound to a key.
  static func isBound(_ tokenType: String?) -> Bool {
    tokenType?.asciiLowercased == DPoP.tokenType.asciiLowercased
  }

  private static func tokenType(_ found: String?) -> Check {
    let isGood = isBound(found)
    return Check(
      .dpopTokenType, isGood ? .pass : .fail, expected: DPoP.tokenType, found: found ?? "absent",
      why: isGood
        ? "The provider says that the token is bound to the key of the proof."
        : found?.asciiLowercased == "bearer"
          ? "The provider did not bind it: it may not know DPoP, or it is switched off for this "
            + "client. Whoever has the token can use it."
          : "A client that wants a bound token must not use one of another type.")
  }

  private static func accessToken(_ token: String?, _ key: ProofKey) -> [Check] {
    guard let token else { return [] }
    func verdict(_ verdict: Check.Verdict, _ found: String, _ why: String) -> [Check] {
      [
        Check(
          .dpopCnf, verdict, expected: key.thumbprint, found: found, why: why,
          derivation: [
            DerivationStep("the public key, members in order", key.publicKey.compactText),
            DerivationStep("its SHA-256, base64url", key.thumbprint),
          ])
      ]
    }
    guard let claims = (try? CompactJWS(token)).flatMap({ try? $0.claims() }) else {
      return verdict(
        .skip, "an opaque token",
        "Only the provider can say what it is bound to: ask with --then introspect.")
    }
    guard let found = DPoP.thumbprint(in: claims) else {
      return verdict(
        .fail, claims["cnf"] == nil ? "no cnf" : "cnf without jkt",
        "An API that reads the token does not learn that it is bound, and takes it from anybody.")
    }
    return found.isIdentical(to: key.thumbprint)
      ? verdict(.pass, found, "Whoever copies the token cannot use it without the private key.")
      : verdict(
        .fail, found, "It is bound to another key: an API that looks will refuse our proofs.")
  }

  // MARK: Introspection

  /// Whether introspection tells the same key as the one whose proofs were sent.
  static func introspection(_ answer: JSONValue, _ after: Afterwards) -> [Check] {
    guard let key = after.configuration.proofKey, answer["active"]?.bool == true else { return [] }
    let found = DPoP.thumbprint(in: answer)
    let isSame = found?.isIdentical(to: key.thumbprint) == true
    return [
      Check(
        .cnfSameInIntrospection, isSame ? .pass : .fail, expected: key.thumbprint,
        found: found ?? "no cnf with jkt",
        why: isSame
          ? "An API that asks learns to which key the token is bound."
          : found == nil
            ? "An API that asks does not learn that the token is bound, and takes it from anybody."
            : "An API that asks would want proofs by another key than ours.",
        spec: .rfc(9449, "6.2"))
    ]
  }

  // MARK: Nonces

  /// Whether the next proof has the nonce that the server has just given.
  static func nonce(_ used: String?, wanted: String) -> Check {
    let isGood = used?.isIdentical(to: wanted) == true
    return Check(
      .dpopNonceHonoured, isGood ? .pass : .fail, expected: wanted, found: used ?? "no nonce",
      why: isGood
        ? "The server wants a nonce of its own in the proof: it shows that the proof was made just "
          + "now. The request goes out once more, with it."
        : used == nil
          ? "The server asked for a nonce, and the next proof has none: it would ask again."
          : "This is the nonce of another server: each gives its own.")
  }

  /// Whether the second try was enough.
  static func retried(_ nonce: ProofNonce, isFirst: Bool = false) -> Check {
    let why =
      !nonce.isDemanded
      ? "With the nonce the proof was taken."
      : isFirst
        ? "The server asks for a nonce and gives none, so no second try can have it."
        : "The proof had the nonce that the server had just given, and it asks again. More tries "
          + "would not end."
    return Check(
      .dpopRetryOnce, nonce.isDemanded ? .fail : .pass,
      expected: isFirst ? "one DPoP-Nonce" : "an answer to the second try",
      found: isFirst ? nonce.found : nonce.isDemanded ? DPoP.useNonce : "an answer", why: why)
  }
}

// The rules.
extension CheckID {
  package static let dpopTokenType = CheckID(
    "dpop-token-type", .error,
    rule: "token_type is DPoP when a proof was sent",
    shows: "an access token that is bound to nothing",
    next: "Look whether the provider lists dpop_signing_alg_values_supported, and whether DPoP is "
      + "switched on for this client.",
    spec: .rfc(9449, "5"))

  package static let dpopCnf = CheckID(
    "dpop-cnf", .error,
    rule: "cnf of the access token is the thumbprint of the key that signs the proofs",
    shows: "a token that is not bound, or is bound to another key",
    next: "Compare jkt with the SHA-256 thumbprint of the jwk in the proof (RFC 7638).",
    spec: .rfc(9449, "6.1"))

  package static let dpopNonceHonoured = CheckID(
    "dpop-nonce-honoured", .error,
    rule: "a proof has the nonce that this server gave last",
    shows: "use_dpop_nonce again and again",
    next: "Keep DPoP-Nonce of each server, and put it into the next proof for that server.",
    spec: .rfc(9449, "8"))

  package static let dpopRetryOnce = CheckID(
    "dpop-retry-once", .error,
    rule: "a request that lacked a nonce is answered when it comes with one",
    shows: "a server that asks for a nonce for ever",
    next: "Ask the provider\u{2019}s maker whether the nonce that it gives is one that it takes, "
      + "on every node.",
    spec: .rfc(9449, "8"))
}

extension ProofChecks {
  static let rules: [CheckID] = [
    .dpopTokenType, .dpopCnf, .dpopNonceHonoured, .dpopRetryOnce,
  ]
}
