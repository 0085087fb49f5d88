import HybridFlow
import OpenID

/// The checks of one pasted token: the flow's own, except those that need the flow's data.
struct PastedTokenChecks {
  private let examination: PastedExamination
  private let token: PastedToken

  init(_ examination: PastedExamination, _ token: PastedToken) {
    self.examination = examination
    self.token = token
  }

  private var message: PastedMessage { examination.message }
  private var isIDToken: Bool { token.use == .idToken }
  /// Whether the provider signs it; a client signs the others.
  private var isProviders: Bool {
    token.use != .clientAssertion && token.use != .requestObject
  }

  func all() -> [PastedCheck] { list().map { PastedCheck(token.name, $0) } }

  private func list() -> [Check] {
    switch token.form {
    case .signed(let jws): return signed(jws)
    case .encrypted:
      return [
        Check(
          .idTokenStructure, .skip, found: "five segments",
          why: "not run: the token is encrypted; only who has the private key can read it.")
      ]
    case .broken(let fault):
      return [
        Check(
          .idTokenStructure, isIDToken ? .fail : .warn,
          expected: "a signed JWT in three segments", found: "a damaged one",
          why: fault.explanation)
      ]
    case .opaque(let reason):
      if isIDToken {
        return [
          Check(
            .idTokenStructure, .fail, expected: "a signed JWT in three segments",
            found: "an opaque text", why: "It is no JWT: \(reason).")
        ]
      }
      guard token.use == .accessToken else { return [] }
      return [Check(.accessTokenAud, .skip, why: "not run: the token is opaque; \(reason).")]
    }
  }

  private func signed(_ jws: CompactJWS) -> [Check] {
    let audiences = Self.audiences(token.claims)
    let client =
      examination.clientID ?? token.claims?["azp"]?.string.flatMap { azp in
        audiences.first { $0.isIdentical(to: azp) }
      } ?? audiences.first ?? ""
    // With a symmetric algorithm the key is the client secret, which this command does not ask for.
    let algorithm = jws.algorithm.flatMap { $0.isSymmetric ? nil : $0 } ?? .rs256
    guard
      let configuration = examination.configuration(
        issuer: examination.issuer, client: client, algorithm),
      let assumed = ProviderMetadata([
        "id_token_signing_alg_values_supported": [.string(jws.algorithmName)]
      ])
    else { return [] }
    var metadata = assumed
    var keys = JSONWebKeySet(keys: [])
    if case .published(let document, let set) = examination.keys, isProviders {
      (metadata, keys) = (document, set)
    }
    let work = IDTokenExamination(token.text, configuration: configuration, keys: keys)
    let context = IDTokenContext(
      unrequested: configuration, metadata: metadata, channel: .front, now: examination.now)
    let findings = work.tasks.map(examination.compute)
    var checks = SignatureChecks.all(work, findings, context)
      .filter { isIDToken || $0.id != .idTokenTyp }.map { adjusted($0, jws, metadata) }
    guard let claims = token.claims else { return checks }
    let claimChecks = ClaimChecks.all(claims, context)
    if isIDToken {
      checks += claimChecks.compactMap { adjusted($0, claims, audiences) }
      checks += nonce(claims)
      checks += hashes(claims, jws, work)
    } else {
      checks += claimChecks.filter { isAboutAnyToken($0) }
      if token.use == .accessToken {
        checks.append(
          Check(
            .accessTokenAud, .skip, found: audiences.joined(separator: ", "),
            why: "not run: which API it is for is not in this text; a client need not read it."))
      }
    }
    return checks
  }

  static func audiences(_ claims: JSONValue?) -> [String] {
    claims?["aud"].flatMap { $0.string.map { [$0] } ?? $0.strings } ?? []
  }

  // MARK: - Signature

  private func adjusted(
    _ check: Check, _ jws: CompactJWS, _ metadata: ProviderMetadata
  ) -> Check {
    switch check.id {
    case .idTokenAlgAllowlist where check.verdict != .skip: algorithm(jws, metadata)
    case .idTokenKidKnown, .idTokenKidAbsentSingle, .idTokenKidAbsentMultiple, .idTokenSignature:
      key(check, jws)
    default: check
    }
  }

  private func algorithm(_ jws: CompactJWS, _ metadata: ProviderMetadata) -> Check {
    let name = jws.algorithmName
    guard case .published = examination.keys, isIDToken else {
      let isKnown = jws.algorithm != nil
      return Check(
        .idTokenAlgAllowlist, isKnown ? .skip : .warn, expected: isKnown ? nil : "a known one",
        found: name,
        why: isKnown
          ? "not run: which algorithm the client expects is not in this text."
          : "No algorithm of this name can be verified here.")
    }
    let offered = metadata.idTokenSigningAlgorithms
    let isListed = offered.contains(name)
    return Check(
      .idTokenAlgAllowlist, isListed ? .pass : .fail, expected: offered.joined(separator: ", "),
      found: name,
      why: isListed
        ? "The issuer lists it; whether the client expects it is not in this text."
        : "The issuer does not sign ID tokens like this.")
  }

  private func key(_ check: Check, _ jws: CompactJWS) -> Check {
    func left(_ why: String) -> Check {
      let named = jws.keyID.map { "kid \($0)" }
      return Check(
        check.id, .skip, found: check.id == .idTokenKidKnown ? named : nil, why: "not run: \(why).")
    }
    if check.id == .idTokenSignature, let algorithm = jws.algorithm,
      !algorithm.admitsSignature(byteCount: jws.signature.count)
    {
      return cut(algorithm, jws.signature.count)
    }
    guard isProviders else { return left("the client signed it, not the issuer") }
    if jws.algorithmName.asciiLowercased == "none" { return left("it is not signed") }
    if jws.algorithm?.isSymmetric ?? false {
      return left("\(jws.algorithmName) is keyed with a shared secret, which is not asked for")
    }
    switch examination.keys {
    case .none: return left("there are no keys: give --issuer URL to fetch them")
    case .unreachable(let reason): return left("the keys could not be fetched: \(reason)")
    case .published:
      if !isIDToken, check.id == .idTokenKidKnown, check.verdict == .fail {
        return left("none of the issuer\u{2019}s keys fits; an API may have keys of its own")
      }
      return check
    }
  }

  /// The check for a signature whose length alone shows that it is invalid.
  private func cut(_ algorithm: SignatureAlgorithm, _ byteCount: Int) -> Check {
    Check(
      .idTokenSignature, isIDToken ? .fail : .warn,
      expected: "a signature as long as \(algorithm.rawValue) makes them",
      found: "\(byteCount) \(byteCount == 1 ? "byte" : "bytes")",
      why: "No \(algorithm.rawValue) signature has this length: it was cut off at its end, or "
        + "something was added.")
  }

  // MARK: - Claims

  /// Whether a check applies to every token with that claim: the times, and a known issuer.
  private func isAboutAnyToken(_ check: Check) -> Bool {
    switch check.id {
    case .idTokenExp, .idTokenIat: true
    case .idTokenNbf: check.verdict != .skip
    case .idTokenExpPresent, .idTokenIatPresent: check.verdict == .fail && check.found != "absent"
    case .idTokenIss: examination.issuer != nil && isProviders
    default: false
    }
  }

  private func adjusted(_ check: Check, _ claims: JSONValue, _ audiences: [String]) -> Check? {
    switch check.id {
    case .idTokenIss where examination.issuer == nil:
      Check(
        check.id, .skip, found: check.found,
        why: "not run: which issuer was asked is not known: give --issuer URL.")
    case .idTokenAud where examination.clientID == nil:
      Check(
        check.id, .skip, found: check.found,
        why: "not run: the client id is not in this text: give --client-id ID.")
    case .idTokenAudExtra where examination.clientID == nil && audiences.count > 1:
      Check(
        check.id, .warn, expected: "nobody else", found: audiences.joined(separator: ", "),
        why: "Others could use this token as well: each of them must be trusted.")
    case .idTokenAzp: authorizedParty(check, claims, audiences)
    case .idTokenExp where token.name == "id_token_hint" && check.verdict == .fail:
      Check(
        check.id, .skip, found: check.found,
        why: "A hint may be older than its token is valid.")
    case .noncePresent, .nonceMatch, .backNonceMatch: nil
    case .authTime:
      Check(check.id, .skip, why: "not run: whether max_age was sent is not in this text.")
    case .acr:
      Check(check.id, .skip, why: "not run: whether acr_values was sent is not in this text.")
    default: check
    }
  }

  private func authorizedParty(
    _ check: Check, _ claims: JSONValue, _ audiences: [String]
  ) -> Check {
    guard let value = claims["azp"] else {
      guard audiences.count > 1 else { return check }
      return Check(
        .idTokenAzp, .warn, expected: "azp beside several audiences", found: "absent",
        why: "Nothing says to which of them it was issued.")
    }
    guard examination.clientID == nil else { return check }
    let isAudience = value.string.map { azp in audiences.contains { $0.isIdentical(to: azp) } }
    return Check(
      .idTokenAzp, isAudience == true ? .pass : .warn, expected: "one of the audiences",
      found: value.string ?? value.compactText,
      why: isAudience == true
        ? "It was issued to one of those that it is for."
        : "It was issued to a party that it is not for.")
  }

  private func nonce(_ claims: JSONValue) -> [Check] {
    let match = Check(
      .nonceMatch, .skip, why: "not run: the nonce that was sent is not in this text.")
    guard let value = claims["nonce"] else {
      let isFront = message.isFrontAnswer
      return [
        Check(
          .noncePresent, isFront ? .fail : .warn, expected: "the claim nonce", found: "absent",
          why: isFront
            ? "A token that comes through the browser must have one: it could be a replay."
            : "It is required when one was sent.",
          spec: isFront ? .core("3.3.2.11") : nil)
      ]
    }
    let isText = value.string != nil
    return [
      Check(
        .noncePresent, isText ? .pass : .fail, expected: "a string", found: value.typeName,
        why: isText ? "The token is bound to some request." : "The claim is of the wrong type."),
      match,
    ]
  }

  // MARK: - Hash claims

  private func hashes(
    _ claims: JSONValue, _ jws: CompactJWS, _ work: IDTokenExamination
  ) -> [Check] {
    let hasher = Hasher(
      claims: claims, jws: jws, curve: work.selection.candidates.first?.curve,
      compute: examination.compute)
    if message.kind == .tokenResponse { return backHashes(hasher) }
    guard token.name == "id_token" || token.name == "token" else { return [] }
    var checks = front(
      hasher, .cHashPresent, .cHashMatch, "c_hash", "code", "the code",
      "It is not the code that the token was issued with. It must not be sent.")
    checks += front(
      hasher, .atHashPresent, .atHashMatch, "at_hash", "access_token", "the access token",
      "It is not the access token that the ID token was issued with.")
    guard claims["s_hash"] != nil else { return checks }
    guard let state = message["state"] else {
      checks.append(Check(.sHashMatch, .skip, why: "not run: the state is not in this text."))
      return checks
    }
    checks.append(
      hasher.compare(
        .sHashMatch, "s_hash", "the state", state, "The token was issued for another state."))
    return checks
  }

  private func front(
    _ hasher: Hasher, _ present: CheckID, _ matches: CheckID, _ claim: String, _ field: String,
    _ words: String, _ mismatch: String
  ) -> [Check] {
    let bare = words.dropFirst(bytes: 4)
    guard let value = message[field] else {
      let isThere = hasher.claims[claim] != nil
      return [
        Check(
          matches, .skip, found: isThere ? hasher.claims[claim]?.string : nil,
          why: isThere
            ? "not run: \(words) is not in this text."
            : "The token has no \(claim), and no \(bare) is in this text.")
      ]
    }
    guard hasher.claims[claim] != nil else {
      return [
        Check(
          present, .fail, expected: claim, found: "absent",
          why: "Nothing says which \(bare) belongs to this token."),
        Check(matches, .skip, why: "not run: the token has no \(claim)."),
      ]
    }
    return [
      Check(
        present, .pass, expected: claim, found: claim,
        why: "The token has the hash of the \(bare) it was issued with."),
      hasher.compare(matches, claim, words, value, mismatch),
    ]
  }

  private func backHashes(_ hasher: Hasher) -> [Check] {
    var checks: [Check] = []
    if hasher.claims["at_hash"] == nil {
      checks.append(
        Check(.backAtHash, .skip, why: "The ID token has no at_hash, and need not."))
    } else if let access = message["access_token"] {
      checks.append(
        hasher.compare(
          .backAtHash, "at_hash", "the access token", access,
          "The token was issued with another access token."))
    } else {
      checks.append(
        Check(.backAtHash, .skip, why: "not run: the access token is not in this text."))
    }
    let why =
      hasher.claims["c_hash"] == nil
      ? "The ID token has no c_hash, and need not." : "not run: the code is not in this text."
    checks.append(Check(.backCHash, .skip, why: why))
    return checks
  }

  /// Compares the hash claims of one token with the values received with it.
  private struct Hasher {
    let claims: JSONValue
    let jws: CompactJWS
    let curve: String?
    let compute: (CryptoTask) -> CryptoFinding

    func compare(
      _ id: CheckID, _ name: String, _ valueName: String, _ value: String, _ mismatch: String
    ) -> Check {
      // Without the key, the length of the signature distinguishes the two Edwards curves.
      let edwards = jws.signature.count == 114 ? "Ed448" : nil
      let digest = jws.algorithm?.hashClaimDigest(curve: curve ?? edwards)
      let item = HashChecks.Claim(
        id: id, name: name, valueName: valueName, value: value, claim: claims[name] ?? .null,
        digest: digest, finding: digest.map { compute(.digest(Array(value.utf8), $0)) },
        algorithmName: jws.algorithmName)
      return HashChecks.compare(
        item, mismatch: mismatch, match: "It is the one that the token was issued with.")
    }
  }
}
