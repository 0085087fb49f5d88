import OpenID

/// The authorization response itself, before its tokens are examined; stage 5.
package enum CallbackChecks {
  package static func noDuplicates(_ evidence: AnswerEvidence) -> Check {
    let known = AuthorizationResponse.knownNames.union([UnsignedFieldChecks.field])
    let repeated = evidence.fields.repeatedNames.filter(known.contains)
    let isWhole = repeated.isEmpty && evidence.fault == nil
    let outcome = evidence.judge == .application ? "none is taken" : "none is to be taken"
    return Check(
      .callbackNoDuplicates, isWhole ? .pass : .fail, expected: "each parameter once",
      found: evidence.fault
        ?? (isWhole ? "each parameter once" : "repeated: " + repeated.joined(separator: ", ")),
      why: isWhole
        ? "Every reader sees the same values."
        : "Two readers could see two different answers; \(outcome).")
  }

  /// What it contains.
  static func parameters(_ evidence: AnswerEvidence) -> [Check] {
    let checks = [state(evidence)] + issuer(evidence) + [errorExclusive(evidence)]
    guard evidence["error"] == nil else { return checks }
    return checks + [typeExact(evidence), noRefreshToken(evidence)] + accessToken(evidence)
      + UnsignedFieldChecks.all(evidence)
  }

  package static func state(_ evidence: AnswerEvidence) -> Check {
    let found = evidence["state"]
    switch evidence.sentState {
    case .unknown(let why):
      guard found == nil else { return .undecided(.stateMatch, "the state that was sent", why) }
      return Check(
        .stateMatch, .warn, expected: "a state", found: "absent",
        why: "Nothing says which request this answers, unless none was sent.")
    case .known(let sent):
      guard let sent, !sent.isEmpty else {
        return Check(.stateMatch, .skip, why: "No state was sent.")
      }
      guard let found else {
        return Check(
          .stateMatch, .fail, expected: sent, found: "absent",
          why: "The answer has no state: the provider left it out, or somebody else wrote the "
            + "answer. Nothing says that it belongs to this run.")
      }
      let matches = found.isIdentical(to: sent)
      var check = Check(
        .stateMatch, matches ? .pass : .fail, expected: sent, found: found,
        why: matches
          ? "This answer belongs to this run."
          : "Somebody else began this answer, it comes from an old tab, or state was changed.")
      if !matches { check.explain(Likeness.text(found, to: sent)) }
      return check
    }
  }

  package static func issuer(_ evidence: AnswerEvidence) -> [Check] {
    let isRun = evidence.judge == .application
    // A run shows the second rule even when there is nothing to compare.
    func versus(_ why: String) -> [Check] {
      isRun ? [Check(.responseIssVsIDToken, .skip, why: why)] : []
    }
    guard let found = evidence["iss"] else {
      return [missingIssuer(evidence)] + versus("The answer has no iss.")
    }
    let first: Check
    switch evidence.issuer {
    case .unknown(let why):
      first = .undecided(.responseIss, found: found, "which issuer was asked", why)
    case .known(let expected):
      let matches = found.isIdentical(to: expected)
      let asked = isRun ? "the tenant that was asked" : "this issuer"
      var check = Check(
        .responseIss, matches ? .pass : .fail, expected: expected, found: found,
        why: matches
          ? "The answer says that it comes from \(asked)."
          : "The answer comes from another provider: a mix-up.")
      if !matches { check.explain(Likeness.issuer(found, to: expected)) }
      first = check
    }
    guard let inside = evidence.idTokenIssuer else {
      return [first] + versus("There is no iss to compare with.")
    }
    let agrees = inside.isIdentical(to: found)
    var second = Check(
      .responseIssVsIDToken, agrees ? .pass : .fail, expected: found, found: inside,
      why: agrees
        ? "Answer and ID token name the same issuer." : "Answer and ID token name two issuers.")
    if !agrees { second.explain(Likeness.issuer(found, to: inside)) }
    return [first, second]
  }

  private static func missingIssuer(_ evidence: AnswerEvidence) -> Check {
    let isRun = evidence.judge == .application
    guard evidence.promisesIssuer.value == true else {
      if evidence.sharesRedirectURI { return sharedRedirectURI(evidence) }
      return Check(
        .responseIss, .skip,
        why: isRun
          ? "The provider does not promise iss, and sent none." : "The answer has no iss.")
    }
    let outcome = isRun ? "is not taken" : "is not to be taken"
    return Check(
      .responseIss, .fail, expected: evidence.issuer.value, found: "absent",
      why: "The provider promises iss in every answer; without it this one \(outcome).")
  }

  /// Two issuers answer at one address, and this answer names neither.
  ///
  /// RFC 9700, section 4.4.2: either `iss` tells them apart, or each has a redirect URI of its own.
  private static func sharedRedirectURI(_ evidence: AnswerEvidence) -> Check {
    Check(
      .responseIss, .fail, expected: "iss, or a redirect URI for each issuer",
      found: "no iss, at a redirect URI that two issuers share",
      why: "Two providers answer at this address, and nothing says which of them did.",
      spec: .rfc(9700, "4.4.2"))
  }

  /// The names of what an answer may bring.
  private static let names = ["code", "id_token", "access_token"]

  package static func errorExclusive(_ evidence: AnswerEvidence) -> Check {
    guard evidence["error"] != nil else {
      return Check(.responseErrorExclusive, .skip, why: "The answer is no error.")
    }
    let extra = names.filter { evidence[$0] != nil }
    return Check(
      .responseErrorExclusive, extra.isEmpty ? .pass : .fail, expected: "error alone",
      found: extra.isEmpty ? "error alone" : "error and " + extra.joined(separator: ", "),
      why: extra.isEmpty
        ? "No tokens come with the error." : "An answer is an error or it is not.")
  }

  package static func typeExact(_ evidence: AnswerEvidence) -> Check {
    let found = names.filter { evidence[$0] != nil }
    let type: AskedAnswer
    switch evidence.asked {
    case .unknown(let why):
      return .undecided(
        .responseTypeExact, found: found.joined(separator: ", "),
        "the response type that was asked for", why)
    case .known(let asked): type = asked
    }
    var wanted: Set<String> = type.hasCode ? ["code"] : []
    if type.hasIDToken { wanted.insert("id_token") }
    if type.hasAccessToken { wanted.insert("access_token") }
    let missing = names.filter { wanted.contains($0) && evidence[$0] == nil }
    let extra = names.filter { !wanted.contains($0) && evidence[$0] != nil }
    return Check(
      .responseTypeExact, missing.isEmpty && extra.isEmpty ? .pass : .fail,
      expected: names.filter(wanted.contains).joined(separator: ", "),
      found: found.isEmpty ? "nothing" : found.joined(separator: ", "),
      why: !missing.isEmpty
        ? "Missing: \(missing.joined(separator: ", "))."
        : extra.isEmpty
          ? "What was asked for is there, and nothing else."
          : "Not asked for: \(extra.joined(separator: ", ")).")
  }

  package static func noRefreshToken(_ evidence: AnswerEvidence) -> Check {
    let leaked = evidence["refresh_token"] != nil
    let outcome = evidence.judge == .application ? "; it is not used" : ""
    return Check(
      .responseNoRefreshToken, leaked ? .warn : .pass, expected: "no refresh token",
      found: leaked ? "a refresh token" : "no refresh token",
      why: leaked
        ? "A long-lived credential came through the browser\(outcome)."
        : "Nothing long-lived comes through the browser.")
  }

  /// The kind and the lifetime of the access token.
  package static func accessToken(_ evidence: AnswerEvidence) -> [Check] {
    guard evidence.asked.value?.hasAccessToken ?? (evidence["access_token"] != nil) else {
      guard evidence.judge == .application else { return [] }
      return [
        Check(
          .tokenTypeFront, .skip,
          why: "not run: this response type brings no access token here.")
      ]
    }
    let found = evidence["token_type"]
    let whyNot =
      switch evidence.judge {
      case .reader: "The type is required."
      case .application where found == nil:
        "Some providers leave it out; it is required."
      case .application: "Only bearer tokens were asked for; this one needs something else."
      }
    return [
      AnswerChecks.tokenType(.tokenTypeFront, found, whyNot: whyNot),
      AnswerChecks.lifetime(field: evidence["expires_in"]),
    ]
  }

  /// Whether an answer with tokens came in a URL's query.
  package static func tokensNotInQuery(
    _ evidence: AnswerEvidence, _ carrier: PastedAnswer.Carrier
  ) -> [Check] {
    guard carrier == .query, evidence["id_token"] != nil || evidence["access_token"] != nil else {
      return []
    }
    return [
      Check(
        .requestModeNotQuery, .fail, expected: "form_post or fragment", found: "query",
        why: "Tokens in a query can end up in histories, logs and Referer headers.")
    ]
  }
}

// The rules.
extension CheckID {
  package static let callbackNoDuplicates = CheckID(
    "callback-no-duplicates", .error,
    rule: "each known parameter stands once",
    shows: "parameter pollution: two readers see two values",
    next: "Look at the Wire view: which parameter stands twice, and who adds it.",
    spec: .rfc(6749, "3.1"))

  package static let callbackSingleUse = CheckID(
    "callback-single-use", .error,
    rule: "one answer is processed for each request",
    shows: "a reload, a double submit, a replay",
    next: "Start again; close other tabs of this login.",
    spec: .rfc(6749, "4.1.2"))

  package static let stateMatch = CheckID(
    "state-match", .error,
    rule: "state is the one that was sent",
    shows: "login CSRF, or a stale browser tab",
    next: "Start again in one tab; look whether something shortens or rewrites state.",
    spec: .rfc(6749, "10.12"))

  package static let responseIss = CheckID(
    "response-iss", .error,
    rule: "iss is there when the provider promises it, and is the issuer",
    shows: "mix-up: the answer of another provider",
    next: "Compare iss of the answer with the configured issuer, character by character.",
    spec: .rfc(9207, "2.4"))

  package static let responseIssVsIDToken = CheckID(
    "response-iss-vs-id-token", .error,
    rule: "iss of the answer and of the ID token are the same",
    shows: "mix-up: two providers in one answer",
    next: "Look which server issued which: two providers are mixed.",
    spec: .rfc(9207, "2.4"))

  package static let responseTypeExact = CheckID(
    "response-type-exact", .error,
    rule: "what was asked for is there, and no token that was not",
    shows: "an injected token, or a client set up wrongly",
    next: "Compare what came with the response type and the client\u{2019}s grants.",
    spec: .core("3.3.2.5"))

  package static let responseNoRefreshToken = CheckID(
    "response-no-refresh-token", .warning,
    rule: "no refresh token comes through the browser",
    shows: "a provider that leaks a long-lived credential",
    next: "Tell the provider\u{2019}s operator.",
    spec: .rfc(6749, "4.2.2"))

  package static let responseErrorExclusive = CheckID(
    "response-error-exclusive", .error,
    rule: "an error comes without code and tokens",
    shows: "a malformed or tampered answer",
    next: "Look at the Wire view for what came beside the error.",
    spec: .core("3.1.2.6"))

  package static let tokenTypeFront = CheckID(
    "token-type-front", .error,
    rule: "token_type is Bearer, in any case",
    shows: "a token of another kind taken for a bearer token",
    next: "Look at token_type in the Wire view.",
    spec: .core("3.2.2.5"))
}

extension CallbackChecks {
  static let rules: [CheckID] = [
    .callbackMethod, .responseModeExact, .callbackContentType, .callbackNoDuplicates,
    .callbackSingleUse, .callbackNoCredentials, .errorPageClean, .stateMatch,
    .responseIss, .responseIssVsIDToken, .responseTypeExact, .responseNoRefreshToken,
    .responseErrorExclusive, .tokenTypeFront,
  ]
}
