import OpenID

/// Whether an ID token was signed by its issuer.
///
/// RFC 7515; OpenID Connect Core 1.0, section 10.1.
public enum SignatureChecks: Sendable {
  package static func all(
    _ examination: IDTokenExamination, _ findings: [CryptoFinding], _ evidence: TokenEvidence
  ) -> [Check] {
    let outer = examination.envelope.map(EncryptionChecks.all) ?? []
    guard let jws = examination.jws else {
      // What is wrong with the outside has been said, and nothing signed is inside.
      if outer.contains(where: { $0.verdict == .fail }) {
        return outer + [Check(.idTokenStructure, .skip, why: "not run: no signed token was found.")]
      }
      if examination.envelope?.isSealed == true {
        return outer + [
          Check(
            .idTokenStructure, .skip, why: "not run: encrypted; not judged without the key."),
          Check(
            .idTokenSignature, .skip, why: "not run: encrypted; not judged without the key."),
        ]
      }
      let fault: TokenError =
        if case .failure(let fault) = examination.form { fault } else {
          .missingAlgorithm
        }
      return outer + [
        Check(
          .idTokenStructure, .fail, expected: "a signed JWT in three segments",
          found: "something else", why: fault.explanation)
      ]
    }
    var checks = outer + [structure(examination)]
    checks += algorithm(jws, examination.expected, evidence)
    checks.append(critical(jws))
    checks += HeaderChecks.all(jws, examination.claims, examination.selection, evidence.judge)
    if evidence.isIDToken { checks.append(type(jws)) }
    checks += keys(jws, examination.selection, evidence)
    checks.append(
      signature(jws, examination, examination.signatures(in: findings), evidence))
    return checks
  }

  private static func structure(_ examination: IDTokenExamination) -> Check {
    if let fault = examination.claimsFault {
      return Check(
        .idTokenStructure, .fail, expected: "a JSON object with unique names",
        found: "something else", why: fault.explanation)
    }
    return Check(
      .idTokenStructure, .pass, expected: "three segments, JSON objects",
      found: "three segments, JSON objects",
      why: "Every reader sees the same header and claims.")
  }

  private static func algorithm(
    _ jws: CompactJWS, _ expected: Known<SignatureAlgorithm>, _ evidence: TokenEvidence
  ) -> [Check] {
    let name = jws.algorithmName
    guard name.asciiLowercased != "none" else {
      return [
        Check(
          .idTokenAlgNone, .fail, expected: "a signature", found: "alg \(name)",
          why: "Anybody could have written this token."),
        Check(.idTokenAlgAllowlist, .skip, why: "not run: there is no algorithm to compare."),
      ]
    }
    return [
      Check(
        .idTokenAlgNone, .pass, expected: "a signature", found: "alg \(name)",
        why: "The token claims to be signed."),
      allowlist(jws, expected, evidence.offeredAlgorithms),
    ]
  }

  private static func allowlist(
    _ jws: CompactJWS, _ expected: Known<SignatureAlgorithm>, _ offered: Known<[String]>
  ) -> Check {
    let name = jws.algorithmName
    let isListed = offered.value?.contains(name) ?? true
    switch (expected, offered) {
    case (.known(let expected), _):
      let isExpected = name.isIdentical(to: expected.rawValue)
      let why =
        if !isExpected {
          "The token chose another algorithm than the one this client expects."
        } else if !isListed {
          "It is the expected one, but the provider\u{2019}s metadata do not list it."
        } else {
          "The application decides how tokens are signed, not the token."
        }
      return Check(
        .idTokenAlgAllowlist, isExpected && isListed ? .pass : .fail,
        expected: expected.rawValue, found: name, why: why)
    case (.unknown(let why), .known(let offered)):
      return Check(
        .idTokenAlgAllowlist, isListed ? .pass : .fail, expected: offered.joined(separator: ", "),
        found: name,
        why: isListed
          ? "The issuer lists it; whether the client expects it \(why)."
          : "The issuer does not sign ID tokens like this.")
    case (.unknown(let why), .unknown):
      guard jws.algorithm == nil else {
        return .undecided(
          .idTokenAlgAllowlist, found: name, "which algorithm the client expects", why)
      }
      return Check(
        .idTokenAlgAllowlist, .warn, expected: "a known one", found: name,
        why: "No algorithm of this name can be verified here.")
    }
  }

  private static func critical(_ jws: CompactJWS) -> Check {
    let critical = jws.header["crit"]
    return Check(
      .idTokenCrit, critical == nil ? .pass : .fail, expected: "no crit",
      found: critical?.compactText ?? "no crit",
      why: critical == nil
        ? "The header demands nothing that is not understood."
        : "The header demands extensions that are not understood here.")
  }

  /// The types of other kinds of tokens, in lower case, and what those tokens are.
  private static let otherKinds = [
    "at+jwt": "an access token", "logout+jwt": "a logout token",
    "dpop+jwt": "a proof of possession", "oauth-authz-req+jwt": "an authorization request",
    "oauth-authz-resp+jwt": "an authorization answer", "secevent+jwt": "a security event",
    "token-introspection+jwt": "an introspection answer",
    "client-authentication+jwt":
      "a client\u{2019}s proof of itself", "entity-statement+jwt": "a statement of a federation",
    "jwt-vc": "a credential", "vc+sd-jwt": "a credential", "kb+jwt": "a proof of possession",
  ]

  /// Whether the token's type says that it is of another kind.
  ///
  /// RFC 7515, section 4.1.9: `application/` may be omitted, and case is ignored.
  private static func type(_ jws: CompactJWS) -> Check {
    guard let found = jws.type else {
      return Check(.idTokenTyp, .skip, why: "The header has no typ, and need not have one.")
    }
    let prefix = "application/"
    let lower = found.asciiLowercased
    let name = lower.begins(with: prefix) ? String(lower.dropFirst(prefix.count)) : lower
    // JOSE says only that it is a compact token.
    let isRight = ["jwt", "jose", "id_token+jwt", "id+jwt"].contains(name)
    // RFC 8725, section 3.11: such a type names a kind of its own.
    let kind =
      otherKinds[name] ?? (!isRight && name.ends(with: "+jwt") ? "a token of another kind" : nil)
    return Check(
      .idTokenTyp, kind == nil ? .pass : .warn, expected: "not the type of another kind",
      found: found,
      why: kind.map { "It says that it is \($0), and was given out as an ID token." }
        ?? (isRight
          ? "It does not claim to be of another kind."
          : "No kind of token with this type is known here, and no rule says what an ID token must "
            + "have."))
  }

  private static func keys(
    _ jws: CompactJWS, _ selection: KeySelection, _ evidence: TokenEvidence
  ) -> [Check] {
    let keyID = jws.keyID
    switch selection {
    case .unknown(let reason):
      return [
        Check(
          .idTokenKidKnown, .skip, found: keyID.map { "kid \($0)" }, why: "not run: \(reason).")
      ]
    case .none where !evidence.isIDToken:
      return [
        Check(
          .idTokenKidKnown, .skip, found: keyID.map { "kid \($0)" },
          why: "not run: none of the issuer\u{2019}s keys fits; an API may have keys of its own.")
      ]
    case .notSought(let reason):
      return [Check(.idTokenKidKnown, .skip, why: "not run: \(reason).")]
    case .none(let reason, _):
      return [
        Check(
          .idTokenKidKnown, .fail, expected: keyID.map { "kid \($0)" } ?? "a fitting key",
          found: reason, why: "There is no key of the issuer to verify this token with.")
      ]
    case .one(let key):
      let known = Check(
        .idTokenKidKnown, .pass, expected: keyID.map { "kid \($0)" } ?? "a fitting key",
        found: key.keyID.map { "kid \($0)" } ?? "a key without kid",
        why: "The key is among those that the issuer publishes.")
      guard keyID == nil else { return [known] }
      return [
        known,
        Check(
          .idTokenKidAbsentSingle, .pass, expected: "one fitting key", found: "one fitting key",
          why: "The token names no key; the only one that fits is used."),
      ]
    case .several(let keys):
      return [
        Check(
          .idTokenKidKnown, .pass, expected: keyID.map { "kid \($0)" } ?? "a fitting key",
          found: "\(keys.count) fitting keys",
          why: "The keys are among those that the issuer publishes."),
        Check(
          .idTokenKidAbsentMultiple, .warn, expected: "kid in the header",
          found: keyID == nil
            ? "no kid, \(keys.count) fitting keys" : "\(keys.count) keys with this kid",
          why: "Each fitting key was tried in turn."),
      ]
    }
  }

  private static func signature(
    _ jws: CompactJWS, _ examination: IDTokenExamination, _ findings: [CryptoFinding],
    _ evidence: TokenEvidence
  ) -> Check {
    if evidence.judge == .reader, let algorithm = jws.algorithm,
      !algorithm.admitsSignature(byteCount: jws.signature.count)
    {
      return cut(algorithm, jws.signature.count, evidence)
    }
    if case .unknown(let reason) = examination.selection {
      return Check(.idTokenSignature, .skip, why: "not run: \(reason).")
    }
    let candidates = examination.selection.candidates
    guard !candidates.isEmpty else {
      // The check that left no key has already failed; see `VerifiedIDToken`.
      return Check(.idTokenSignature, .skip, why: "not run: there is no key to verify it with.")
    }
    var reasons: [String] = []
    for (key, finding) in zip(candidates, findings) {
      switch finding {
      case .signatureValid:
        return Check(
          .idTokenSignature, .pass, expected: "a signature that verifies",
          found: "\(jws.algorithmName), \(name(key))",
          why: "Header and claims are what the issuer signed.",
          derivation: derivation(jws, key, "the signature verifies"))
      case .unusable(let reason): reasons.append(reason)
      case .signatureInvalid, .digest: break
      }
    }
    let found = reasons.first ?? "it does not verify with \(name(candidates[0]))"
    return Check(
      .idTokenSignature, .fail, expected: "a signature that verifies", found: found,
      why: reasons.isEmpty
        ? "Header or claims are not what the issuer signed, or somebody else signed them."
        : "The issuer\u{2019}s key cannot be used for this.",
      derivation: derivation(jws, candidates[0], found))
  }

  /// A copied token whose signature has a length that shows by itself that it is invalid.
  private static func cut(
    _ algorithm: SignatureAlgorithm, _ byteCount: Int, _ evidence: TokenEvidence
  ) -> Check {
    Check(
      .idTokenSignature, evidence.isIDToken ? .fail : .warn,
      expected: "a signature as long as \(algorithm.rawValue) makes them",
      found: "\(byteCount) \(byteCount == 1 ? "byte" : "bytes")",
      why: "No \(algorithm.rawValue) signature has this length: it was cut off at its end, or "
        + "something was added.")
  }

  private static func name(_ key: JSONWebKey) -> String {
    let keyID = key.keyID.map { "key \($0)" } ?? "the key without kid"
    return key.modulusBits.map { "\(keyID), \($0) bits" } ?? keyID
  }

  private static func derivation(
    _ jws: CompactJWS, _ key: JSONWebKey, _ result: String
  ) -> [DerivationStep] {
    [
      DerivationStep("alg in the token\u{2019}s header", jws.algorithmName),
      DerivationStep("kid in the token\u{2019}s header", jws.keyID ?? "none"),
      DerivationStep(
        jws.keyID != nil && jws.keyID == key.keyID
          ? "the key chosen: the issuer publishes it under this kid, and its type fits alg"
          : "the key chosen: among those that the issuer publishes, its type and use fit alg",
        name(key)),
      DerivationStep(
        "signing input: header and claims as they came, \(jws.signingInput.count) bytes",
        String(decoding: jws.signingInput, as: UTF8.self), isSecret: true),
      // Together with the signing input it forms the token.
      DerivationStep(
        "signature, \(jws.signature.count) bytes", Hex.text(jws.signature), isSecret: true),
      DerivationStep("libcrypto says", result),
    ]
  }
}

// The rules.
extension CheckID {
  package static let idTokenStructure = CheckID(
    "id-token-structure", .error,
    rule: "three strict base64url segments, JSON objects, no repeated names",
    shows: "tricks with parsers that read differently",
    next: "Decode the token; five parts mean that it is encrypted for a client key.",
    spec: .rfc(7515, "5.2"))

  package static let idTokenAlgNone = CheckID(
    "id-token-alg-none", .error,
    rule: "the token is signed",
    shows: "a token anybody could have written",
    next: "Set an ID token signing algorithm for the client at the provider.",
    spec: .core("2"))

  package static let idTokenAlgAllowlist = CheckID(
    "id-token-alg-allowlist", .error,
    rule: "alg is the expected one",
    shows: "algorithm confusion, such as RS256 taken for HS256",
    next: "Compare alg in the header with the client\u{2019}s setting at the provider.",
    spec: .core("3.1.3.7 (7)"))

  package static let idTokenCrit = CheckID(
    "id-token-crit", .error,
    rule: "crit names nothing that is not understood",
    shows: "an extension that changes what the signature means",
    next: "Ask the operator what the extension in crit is for.",
    spec: .rfc(7515, "4.1.11"))

  package static let idTokenTyp = CheckID(
    "id-token-typ", .warning,
    rule: "typ, if there, is not that of another kind of token",
    shows: "a token of another kind, such as an access token, taken for an ID token",
    next: "Look at typ in the header, and whether this is an ID token at all.",
    spec: .rfc(8725, "3.11"))

  package static let idTokenKidKnown = CheckID(
    "id-token-kid-known", .error,
    rule: "the key that kid names is among the issuer’s, after one more look at most",
    shows: "a rotated key, or the token of another tenant",
    next: "Compare kid in the header with the key set; look whether iss is ours.",
    spec: .core("10.1.1"))

  package static let idTokenKidAbsentSingle = CheckID(
    "id-token-kid-absent-single", .information,
    rule: "without kid, the only fitting key is used",
    shows: "a provider with one key may leave kid out",
    next: "Let the provider send kid.",
    spec: .core("10.1"))

  package static let idTokenKidAbsentMultiple = CheckID(
    "id-token-kid-absent-multiple", .warning,
    rule: "with several fitting keys, kid is there",
    shows: "confusion about which key signed",
    next: "Let the provider send kid.",
    spec: .core("10.1"))

  package static let idTokenSignature = CheckID(
    "id-token-signature", .error,
    rule: "the signature verifies with the issuer’s key",
    shows: "a forged or altered token",
    next: "Look whether the keys are the issuer\u{2019}s, and the token came whole.",
    spec: .core("3.1.3.7 (6)"))
}

extension SignatureChecks {
  static let rules: [CheckID] = [
    .idTokenStructure, .idTokenAlgNone, .idTokenAlgAllowlist, .idTokenCrit, .idTokenNoRemoteKey,
    .idTokenHeaderClaims, .idTokenTyp, .idTokenKidKnown, .idTokenKidAbsentSingle,
    .idTokenKidAbsentMultiple, .idTokenSignature,
  ]
}
