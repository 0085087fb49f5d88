import OpenID

/// Whether an ID token was encrypted as the client has registered it, and what was inside.
///
/// OpenID Connect Core 1.0, sections 3.1.3.7 (1) and 10.2; RFC 7516, section 5.2. A run in which
/// nothing is encrypted, and nothing ought to be, has none of these checks.
enum EncryptionChecks {
  static func all(_ envelope: TokenEnvelope) -> [Check] {
    guard let token = envelope.token else { return [plain(envelope.registered)] }
    let jwe: CompactJWE
    switch token {
    case .success(let read): jwe = read
    case .failure(let fault):
      return [
        Check(
          .idTokenEncryptedAsRegistered, .pass, expected: "an encrypted token",
          found: "five parts", why: "It came in the form that was registered."),
        Check(.idTokenEncAllowlist, .skip, why: "not run: the token cannot be read."),
        Check(
          .idTokenDecrypts, .fail, expected: "five parts of strict base64url",
          found: "something else", why: fault.explanation),
        Check(.idTokenNested, .skip, why: "not run: nothing was opened."),
      ]
    }
    let names = "\(jwe.algorithmName), \(jwe.contentName)"
    guard let registered = envelope.registered else {
      guard !envelope.isWitnessed else {
        return [
          Check(
            .idTokenEncryptedAsRegistered, .skip, found: "an encrypted token (\(names))",
            why: "not run: the token is encrypted, and not judged without the application\u{2019}s "
              + "private key.")
        ]
      }
      return [
        Check(
          .idTokenEncryptedAsRegistered, .fail, expected: "a token that is only signed",
          found: "an encrypted token (\(names))",
          why: "Only the client\u{2019}s private key opens it, and none was given. Give the key "
            + "with --encryption-key FILE, and what is registered with --id-token-encryption "
            + "ALG+ENC; or switch ID token encryption off for this client at the provider.")
      ]
    }
    return [
      Check(
        .idTokenEncryptedAsRegistered, .pass, expected: "an encrypted token",
        found: "an encrypted token (\(names))",
        why: "Nobody on the way can read who signed in: not the browser, and no log."),
      allowed(jwe, registered.idTokens), opened(envelope, jwe), nested(envelope, jwe),
    ]
  }

  private static func plain(_ registered: ClientDecryption?) -> Check {
    guard let registration = registered?.idTokens else {
      return Check(
        .idTokenEncryptedAsRegistered, .skip, found: "a token that is only signed",
        why: "not run: a key is given, but not what was registered for ID tokens "
          + "(--id-token-encryption).")
    }
    return Check(
      .idTokenEncryptedAsRegistered, .fail, expected: "an encrypted token (\(registration.text))",
      found: "a token that is only signed",
      why: "The provider does not have the registration, or somebody put another token in its "
        + "place. Who takes it, takes whatever anybody sends.")
  }

  /// Why a token is refused before any key is sought, as a clause; nil when it is not.
  static func refusal(_ jwe: CompactJWE, _ registered: TokenEncryption?) -> String? {
    if let why = KeyManagementAlgorithm.refusal(jwe.algorithmName) {
      return "alg \(jwe.algorithmName) is never taken: \(why)"
    }
    guard let algorithm = jwe.algorithm else {
      return "alg \(jwe.algorithmName) is not known here"
    }
    guard let content = jwe.content else { return "enc \(jwe.contentName) is not known here" }
    if let registered, registered != TokenEncryption(algorithm, content) {
      return "the client has registered \(registered.text): the client decides how tokens are "
        + "encrypted, not the token"
    }
    if jwe.header["zip"] != nil {
      return "zip: a few bytes could become so many that they fill the memory, and their length "
        + "tells of what is inside"
    }
    if jwe.header["p2c"] != nil || jwe.header["p2s"] != nil {
      return "p2c and p2s belong to passwords: the sender would decide how long the receiver "
        + "computes"
    }
    if let critical = jwe.header["crit"] {
      return "crit demands extensions that are not understood here: \(critical.compactText)"
    }
    return nil
  }

  private static func allowed(_ jwe: CompactJWE, _ registered: TokenEncryption?) -> Check {
    let names = "\(jwe.algorithmName), \(jwe.contentName)"
    let expected = registered.map { "\($0.algorithm.rawValue), \($0.content.rawValue)" }
    if let refusal = refusal(jwe, registered) {
      return Check(
        .idTokenEncAllowlist, .fail, expected: expected ?? "a known and safe pair of alg and enc",
        found: names + extras(jwe), why: "Refused before any key is used: \(refusal).")
    }
    return Check(
      .idTokenEncAllowlist, .pass, expected: expected ?? "a known and safe pair of alg and enc",
      found: names,
      why: registered == nil
        ? "Both are known and safe; what was registered is not said (--id-token-encryption)."
        : "The token is encrypted as the client has registered it.")
  }

  private static func extras(_ jwe: CompactJWE) -> String {
    let found = ["zip", "p2c", "p2s", "crit"].filter { jwe.header[$0] != nil }
    return found.isEmpty ? "" : ", with " + found.joined(separator: ", ")
  }

  /// What only the owner of the key may be told.
  static let ownersWords =
    " You are told at which step because the key is yours; a server says the same words at every "
    + "step, or it helps whoever guesses."

  private static func opened(_ envelope: TokenEnvelope, _ jwe: CompactJWE) -> Check {
    let wanted = jwe.keyID.map { "kid \($0)" } ?? "a fitting key"
    let keys: [JSONWebKey]
    switch envelope.selection {
    case .notSought:
      return Check(.idTokenDecrypts, .skip, why: "not run: the token is refused unopened.")
    case .none(let why):
      return Check(
        .idTokenDecrypts, .fail, expected: wanted, found: why,
        why: "The client has no key that opens this token.")
    case .own(let own): keys = own
    case .clientSecret: keys = []
    }
    switch envelope.outcome {
    case nil: return Check(.idTokenDecrypts, .skip, why: "not run: nothing was opened.")
    case .unusable(let why)?:
      return Check(
        .idTokenDecrypts, .fail, expected: wanted, found: why,
        why: "The client\u{2019}s key cannot be used for this.")
    case .failed(let step)?:
      return Check(
        .idTokenDecrypts, .fail, expected: "a token that this key opens", found: step.sentence,
        why: "The token is refused." + ownersWords, derivation: derivation(jwe, keys, step))
    case .content?:
      let named =
        keys.isEmpty
        ? "the key that the client secret makes"
        : keys.count == 1
          ? keys[0].keyID.map { "kid \($0)" } ?? "a key without kid" : "\(keys.count) fitting keys"
      return Check(
        .idTokenDecrypts, .pass, expected: wanted, found: named,
        why: keys.count > 1
          ? "It opens, and the tag fits. The header names none of several keys, as it must: each "
            + "was tried."
          : "It opens, and the tag fits: header and content are what was locked.",
        derivation: derivation(jwe, keys, nil))
    }
  }

  private static func derivation(
    _ jwe: CompactJWE, _ keys: [JSONWebKey], _ failed: DecryptionStep?
  ) -> [DerivationStep] {
    let key =
      keys.isEmpty
      ? "made from the client secret"
      : keys.map { $0.keyID ?? "no kid" }
        .joined(separator: ", ")
    return [
      DerivationStep("alg: how the content key travels", jwe.algorithmName),
      DerivationStep("the client\u{2019}s key", key),
      DerivationStep(
        "the encrypted key, \(jwe.encryptedKey.count) bytes",
        failed == .contentKey || failed == .header ? "no content key" : "gives the content key"),
      DerivationStep("enc: how the content is locked", jwe.contentName),
      DerivationStep(
        "the tag, over the header as it came (\(jwe.authenticatedData.count) characters), the "
          + "vector and \(jwe.ciphertext.count) bytes of ciphertext",
        failed == nil ? "fits" : failed == .tag ? "does not fit" : "not looked at"),
    ]
  }

  private static func nested(_ envelope: TokenEnvelope, _ jwe: CompactJWE) -> Check {
    guard let content = envelope.content else {
      return Check(.idTokenNested, .skip, why: "not run: nothing was opened.")
    }
    let expected = "a signed token inside, cty JWT"
    let parts = content.split(at: ".", omittingEmptySubsequences: false).count
    let isClaims = content.utf8.first == UInt8(ascii: "{")
    guard parts == 3, !isClaims else {
      return Check(
        .idTokenNested, .fail, expected: expected,
        found: isClaims
          ? "bare claims" : CompactJWE.hasForm(content) ? "an encrypted token" : "something else",
        why: "No signature is inside. Anybody can encrypt to a public key: only the signature says "
          + "who wrote it.")
    }
    guard let type = jwe.contentType else {
      return Check(
        .idTokenNested, .warn, expected: expected, found: "a signed token, no cty",
        why: "A signed token is inside, but the header does not say so, as it must.")
    }
    let isRight = ["jwt", "application/jwt"].contains(type.asciiLowercased)
    return Check(
      .idTokenNested, isRight ? .pass : .fail, expected: expected,
      found: "a signed token, cty \(type)",
      why: isRight
        ? "It was signed first and encrypted then: the signature inside is verified as ever."
        : "The header says that something else is inside than what is.")
  }
}

extension EncryptedTokenError {
  /// Why an encrypted token cannot be read, in a sentence.
  public var explanation: String {
    switch self {
    case .tooLarge(let bytes): "It is larger than \(Limit.tokenBytes) bytes: \(bytes)."
    case .partCount(let count): "An encrypted token has five parts between dots, this has \(count)."
    case .part(let name, let fault): "Its \(name) is not base64url: \(fault.explanation)."
    case .json(let fault): "Its header is not JSON: \(fault.explanation)."
    case .notAnObject: "Its header is JSON, but not an object."
    case .parameter(let name): "In its header \(name) is missing, or not a string, as it must be."
    }
  }
}

// The rules.
extension CheckID {
  package static let idTokenEncryptedAsRegistered = CheckID(
    "id-token-encrypted-as-registered", .error,
    rule: "an ID token is encrypted if, and only if, the client has registered that",
    shows: "a token put in the place of the real one, or a registration that one side lacks",
    next: "Compare id_token_encrypted_response_alg at the provider with --id-token-encryption.",
    spec: .core("3.1.3.7 (1)"))

  package static let idTokenEncAllowlist = CheckID(
    "id-token-enc-allowlist", .error,
    rule: "alg and enc are the registered ones; RSA1_5, PBES2 and zip are never taken",
    shows: "weak encryption that the sender chose",
    next: "Compare id_token_encrypted_response_alg and _enc at the provider with the header.",
    spec: .core("10.2"))

  package static let idTokenDecrypts = CheckID(
    "id-token-decrypts", .error,
    rule: "a key of the client opens the token, and the tag fits",
    shows: "a token for somebody else, or one that was altered",
    next: "Compare kid in the header with the client\u{2019}s encryption keys at the provider.",
    spec: .rfc(7516, "5.2"))

  package static let idTokenNested = CheckID(
    "id-token-nested", .error,
    rule: "a signed token is inside, and cty says so",
    shows: "claims that anybody could have encrypted",
    next: "Let the provider sign ID tokens before it encrypts them.",
    spec: .rfc(7519, "5.2"))
}

extension EncryptionChecks {
  static let rules: [CheckID] = [
    .idTokenEncryptedAsRegistered, .idTokenEncAllowlist, .idTokenDecrypts, .idTokenNested,
  ]
}
