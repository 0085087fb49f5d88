import HybridFlow
import OpenID

// An answer that was asked for as one JWT: JARM.
extension RunFacts {
  /// The answer came without the signature that was asked for, or with one that was not.
  func answerUnsigned(_ check: Check) -> DiagnosisMatch {
    let mode = sent("response_mode") ?? configuration.responseMode.rawValue
    let listed = metadata?.responseModes ?? []
    let isListed = listed.contains(mode)
    guard mode.ends(with: "jwt") else {
      return made(
        "run-jwt-not-asked-for", .medium, .provider,
        "The answer came as one JWT, and response_mode=\(mode) was asked for.",
        "Add --response-mode form_post.jwt if the provider always answers so.",
        values: Self.values(of: check), basis: "the request shows it", source: "JARM, section 2.3")
    }
    return made(
      "run-answer-unsigned", isListed ? .medium : .high, .provider,
      isListed
        ? "The provider lists \(mode), and its answer came without a signature: it may not be "
          + "switched on for this client, or somebody took the signature away on the way."
        : "The provider does not list \(mode): it ignored the mode and answered without a signature.",
      isListed
        ? "Look at the client\u{2019}s settings for signed answers (authorization_signed_response_alg),"
          + " and start again."
        : "Ask for a mode that it lists, as --response-mode form_post.",
      values: Self.values(of: check), basis: "its metadata and its answer were compared",
      source: "JARM, section 2.3")
  }

  /// The JWT that carries the answer cannot be used.
  func responseJWT(_ check: Check) -> DiagnosisMatch? {
    if check.id == .jarmStructure {
      guard check.found?.begins(with: "five segments") == true else { return nil }
      return made(
        "run-answer-encrypted", .high, .settings,
        "The provider encrypts its answers for a key of this client, and none was given here.",
        "Give the key with --encryption-key FILE, or take authorization_encrypted_response_alg out of"
          + " the client\u{2019}s registration.",
        values: Self.values(of: check), basis: "the JWT has five segments",
        source: "JARM, section 2.2")
    }
    if check.id == .jarmAlg {
      guard let found = check.found, let algorithm = SignatureAlgorithm(rawValue: found) else {
        return nil
      }
      let listed = metadata?.responseSigningAlgorithms ?? []
      if algorithm.isSymmetric || !(listed.isEmpty || listed.contains(found)) {
        let expected =
          listed.isEmpty
          ? "Only signatures by a key of the provider are taken here."
          : "Its metadata list \(listed.joined(separator: ", ")) for signed answers."
        return made(
          "run-answer-algorithm-not-listed", .medium, .provider,
          "The header of the answer says \(found). \(expected) Either this client is registered for "
            + "another algorithm than the metadata say, or the answer is not the provider\u{2019}s.",
          "Do not use the answer. Look at authorization_signed_response_alg of the client: it has to "
            + "be one that the metadata list.",
          values: Self.values(of: check), basis: "the header of the JWT says so",
          source: "JARM, section 3")
      }
      return made(
        "run-answer-algorithm", .high, .settings,
        "The provider signs its answers to this client with \(found); here "
          + "\(configuration.idTokenAlgorithm.rawValue) is expected.",
        "--id-token-alg \(found) accepts it here, or set authorization_signed_response_alg to "
          + "\(configuration.idTokenAlgorithm.rawValue) for this client at the provider.",
        values: Self.values(of: check), basis: "the header of the JWT says so",
        source: "JARM, section 3")
    }
    return made(
      "run-answer-signature", .medium, .provider,
      "No key of the provider\u{2019}s set verifies the signature of the answer: the set is old, or "
        + "the answer was changed on the way.",
      "Start again; if it stays, compare kid with the keys of jwks_uri. Do not use the answer.",
      values: Self.values(of: check), basis: "every key that fits was tried",
      source: "JARM, section 2.4")
  }
}
