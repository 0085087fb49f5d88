import OpenID

/// What FAPI 1.0 Advanced wants of ID tokens and of the API's answer; stages 5, 8 and 10.
enum ProfileTokenChecks {
  /// Claims about the person that are no business of the browser.
  ///
  /// FAPI 1.0 Part 2, section 5.2.2.1 (6), names no claims: these are the usual ones, and the
  /// numbers of Brazil's tax office.
  static let personalClaims = [
    "name", "given_name", "family_name", "email", "phone_number", "address", "birthdate", "cpf",
    "cnpj",
  ]

  /// An ID token of either channel.
  static func token(
    _ examination: IDTokenExamination, _ requested: Requested, _ channel: Channel
  ) -> [Check] {
    let isProfile = requested.configuration.rules == .fapi1Advanced
    var checks: [Check] = isProfile ? [algorithm(examination)] : []
    guard let claims = examination.claims else { return checks }
    if isProfile, channel == .front {
      checks += [stateHash(claims, requested.sent("state")), personal(claims)]
    }
    if let wanted = intentID(requested.sent("claims")) { checks.append(intent(claims, wanted)) }
    return checks
  }

  private static func algorithm(_ token: IDTokenExamination) -> Check {
    let names = FAPIAdvanced.algorithms.map(\.rawValue)
    let found = token.jws?.algorithmName ?? "none"
    let isGood = names.contains(found)
    return Check(
      .idTokenAlgProfile, isGood ? .pass : .fail, expected: names.joined(separator: " or "),
      found: found,
      why: isGood
        ? "The signature is of a kind that these rules allow."
        : "These rules allow no other signatures, even if they verify.")
  }

  private static func stateHash(_ claims: JSONValue, _ state: String?) -> Check {
    guard let state, !state.isEmpty else {
      return Check(.sHashPresent, .skip, why: "not run: no state was sent.")
    }
    let claim = claims["s_hash"]
    let isThere = claim?.string != nil
    return Check(
      .sHashPresent, isThere ? .pass : .fail, expected: "s_hash, a string",
      found: claim.map { "s_hash, \($0.typeName)" } ?? "absent",
      why: isThere
        ? "The signed token says to which state it belongs."
        : "Nothing signed says to which state this answer belongs.")
  }

  private static func personal(_ claims: JSONValue) -> Check {
    let found = personalClaims.filter { claims[$0] != nil }
    return Check(
      .frontTokenPersonalData, found.isEmpty ? .pass : .warn, expected: "none of a person",
      found: found.isEmpty ? "none" : found.joined(separator: ", "),
      why: found.isEmpty
        ? "The browser learns nothing about the person from this token."
        : "The token is readable: the browser, and whoever reads along there, learns this.")
  }

  /// The value of `openbanking_intent_id` that the request asks for.
  ///
  /// OpenID Connect Core 1.0, section 5.5.1; the claim is one of UK Open Banking.
  static func intentID(_ claims: String?) -> String? {
    let json = claims.flatMap { try? JSONParser.parse(Array($0.utf8)) }
    return json?["id_token"]?["openbanking_intent_id"]?["value"]?.string
  }

  private static func intent(_ claims: JSONValue, _ wanted: String) -> Check {
    let claim = claims["openbanking_intent_id"]
    let matches = claim?.string?.isIdentical(to: wanted) == true
    return Check(
      .intentIDMatch, matches ? .pass : .fail, expected: wanted,
      found: claim.map { $0.string ?? $0.compactText } ?? "absent",
      why: matches
        ? "The person agreed to what this application asked for."
        : "The person agreed to something else, or nothing says to what.")
  }

  /// The header with which the API repeats the name of the call.
  static func interaction(_ answer: APIAnswer, _ authorized: Authorized) -> [Check] {
    let configuration = authorized.configuration
    guard configuration.rules == .fapi1Advanced else { return [] }
    let sent = InteractionID.text(
      authorized.trusted.requested.prepared.secrets, answer.purpose)
    // A header without a value names nothing.
    let found = answer.response.headers[FAPIAdvanced.interactionHeader]
      .flatMap { $0.isEmpty ? nil : $0 }
    let matches = found.map { $0.trimmingBlanks.asciiLowercased.isIdentical(to: sent) } ?? false
    return [
      Check(
        .fapiInteractionID, matches ? .pass : .fail, expected: sent, found: found ?? "absent",
        why: matches
          ? "Both sides find this call in their logs under one name."
          : found == nil
            ? "The answer names no call: nobody can find it in the logs of the other side."
            : "The answer names another call.")
    ]
  }
}

// The rules.
extension CheckID {
  package static let idTokenAlgProfile = CheckID(
    "id-token-alg-profile", .error,
    rule: "under FAPI 1.0 Advanced an ID token is signed with PS256 or ES256",
    shows: "a signature of a weaker or unexpected kind",
    next: "Let the provider sign this client\u{2019}s ID tokens with PS256 or ES256.",
    spec: SpecReference("FAPI 1.0 Advanced", "8.6"))

  package static let sHashPresent = CheckID(
    "s-hash-present", .error,
    rule: "under FAPI 1.0 Advanced the first ID token has s_hash when state was sent",
    shows: "a state that could be swapped unseen",
    next: "Switch FAPI on for this client at the provider: only then it writes s_hash.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.3.1 (4)"))

  package static let frontTokenPersonalData = CheckID(
    "front-token-personal-data", .warning,
    rule: "under FAPI 1.0 Advanced a readable first ID token says nothing about the person",
    shows: "personal data in the browser, its history and its extensions",
    next: "Let the provider send such claims from the token endpoint or userinfo, or encrypt.",
    spec: SpecReference("FAPI 1.0 Advanced", "5.2.2.1 (6)"))

  package static let intentIDMatch = CheckID(
    "intent-id-match", .error,
    rule: "openbanking_intent_id, if it was asked for, is in the ID token and the same",
    shows: "a person\u{2019}s consent to another payment or another access",
    next: "Compare the claims parameter of the request with the claims of the ID token.",
    spec: .core("5.5.1"))

  package static let fapiInteractionID = CheckID(
    "fapi-interaction-id", .error,
    rule: "under FAPI 1.0 the API repeats x-fapi-interaction-id",
    shows: "a call that the two sides cannot find in each other\u{2019}s logs",
    next: "Look at the headers of the API\u{2019}s answer, and at proxies that drop some.",
    spec: SpecReference("FAPI 1.0 Baseline", "6.2.1"))
}

extension ProfileTokenChecks {
  static let rules: [CheckID] = [
    .idTokenAlgProfile, .sHashPresent, .frontTokenPersonalData, .intentIDMatch,
  ]
  static let answerRules: [CheckID] = [.fapiInteractionID]
}
