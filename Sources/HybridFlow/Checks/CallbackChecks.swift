import OpenID

/// The authorization response itself, before its tokens are examined; stage 5.
enum CallbackChecks {
  /// How it was delivered.
  static func delivery(_ answer: AuthorizationResponse) -> [Check] {
    let method = answer.request.method
    let type = answer.request.headers.mediaType
    let isPost = method == "POST"
    let coding = answer.request.headers.contentCoding
    let isForm = type == "application/x-www-form-urlencoded" && coding == nil
    let repeated = answer.fields.repeatedNames.filter(AuthorizationResponse.knownNames.contains)
    return [
      Check(
        .callbackMethod, isPost ? .pass : .fail, expected: "POST",
        found: answer.carrier == .fragment ? "\(method), with the answer behind the #" : method,
        why: why(answer.carrier)),
      isPost
        ? Check(
          .callbackContentType, isForm ? .pass : .fail,
          expected: "application/x-www-form-urlencoded",
          found: (type ?? "absent") + (coding.map { ", compressed: \($0)" } ?? ""),
          why: isForm ? "It is what a browser\u{2019}s form sends." : "No browser form sends this.")
        : Check(.callbackContentType, .skip, why: "not run: there is no body."),
      Check(
        .callbackNoDuplicates, repeated.isEmpty && answer.fault == nil ? .pass : .fail,
        expected: "each parameter once",
        found: answer.fault != nil
          ? "a body that cannot be decoded"
          : repeated.isEmpty
            ? "each parameter once" : "repeated: " + repeated.joined(separator: ", "),
        why: repeated.isEmpty && answer.fault == nil
          ? "Every reader sees the same values."
          : "Two readers could see two different answers; none is taken."),
      Check(
        .callbackSingleUse, .pass, expected: "the first answer", found: "the first answer",
        why: "Further ones are answered, but not processed."),
    ]
  }

  private static func why(_ carrier: PastedAnswer.Carrier) -> String {
    switch carrier {
    case .body: "The answer came in a body, not in a URL."
    case .query: "The provider ignored form_post: histories and logs can keep what it sent."
    case .fragment:
      "The provider ignored form_post and used the fragment, which browsers keep to themselves: "
        + "no server sees it, and scripts of the page do."
    }
  }

  /// What it contains.
  static func parameters(
    _ answer: AuthorizationResponse, _ requested: Requested, _ token: IDTokenExamination?
  ) -> [Check] {
    [state(answer, requested)] + issuer(answer, requested, token)
      + [errorExclusive(answer)]
      + (answer.error == nil ? contents(answer, requested) : [])
  }

  static func state(_ answer: AuthorizationResponse, _ requested: Requested) -> Check {
    let sent = requested.sent("state") ?? ""
    guard !sent.isEmpty else { return Check(.stateMatch, .skip, why: "No state was sent.") }
    let found = answer["state"]
    let matches = found?.isIdentical(to: sent) == true
    return Check(
      .stateMatch, matches ? .pass : .fail, expected: sent, found: found ?? "absent",
      why: matches
        ? "This answer belongs to this run."
        : "Somebody else began this answer, it comes from an old tab, or state was changed.")
  }

  private static func issuer(
    _ answer: AuthorizationResponse, _ requested: Requested, _ token: IDTokenExamination?
  ) -> [Check] {
    let expected = requested.configuration.issuer.text
    let promised = requested.prepared.metadata.sendsIssuerParameter
    guard let found = answer["iss"] else {
      let versus = Check(.responseIssVsIDToken, .skip, why: "The answer has no iss.")
      guard promised else {
        return [
          Check(.responseIss, .skip, why: "The provider does not promise iss, and sent none."),
          versus,
        ]
      }
      return [
        Check(
          .responseIss, .fail, expected: expected, found: "absent",
          why: "The provider promises iss in every answer; without it this one is not taken."),
        versus,
      ]
    }
    let matches = found.isIdentical(to: expected)
    let first = Check(
      .responseIss, matches ? .pass : .fail, expected: expected, found: found,
      why: matches
        ? "The answer says that it comes from the tenant that was asked."
        : "The answer comes from another provider: a mix-up.")
    guard let inside = token?.claims?["iss"]?.string else {
      return [first, Check(.responseIssVsIDToken, .skip, why: "There is no iss to compare with.")]
    }
    let agrees = inside.isIdentical(to: found)
    return [
      first,
      Check(
        .responseIssVsIDToken, agrees ? .pass : .fail, expected: found, found: inside,
        why: agrees
          ? "Answer and ID token name the same issuer."
          : "Answer and ID token name two issuers."),
    ]
  }

  private static func errorExclusive(_ answer: AuthorizationResponse) -> Check {
    guard answer.error != nil else {
      return Check(.responseErrorExclusive, .skip, why: "The answer is no error.")
    }
    let extra = ["code", "id_token", "access_token"].filter { answer[$0] != nil }
    return Check(
      .responseErrorExclusive, extra.isEmpty ? .pass : .fail, expected: "error alone",
      found: extra.isEmpty ? "error alone" : "error and " + extra.joined(separator: ", "),
      why: extra.isEmpty
        ? "No tokens come with the error." : "An answer is an error or it is not.")
  }

  private static func contents(_ answer: AuthorizationResponse, _ requested: Requested) -> [Check] {
    let type = requested.asked
    var wanted: Set<String> = type.hasCode ? ["code"] : []
    if type.hasIDToken { wanted.insert("id_token") }
    if type.hasAccessToken { wanted.insert("access_token") }
    let names = ["code", "id_token", "access_token"]
    let missing = names.filter { wanted.contains($0) && answer[$0] == nil }
    let extra = names.filter { !wanted.contains($0) && answer[$0] != nil }
    let found = names.filter { answer[$0] != nil }
    var checks = [
      Check(
        .responseTypeExact, missing.isEmpty && extra.isEmpty ? .pass : .fail,
        expected: names.filter(wanted.contains).joined(separator: ", "),
        found: found.isEmpty ? "nothing" : found.joined(separator: ", "),
        why: !missing.isEmpty
          ? "Missing: \(missing.joined(separator: ", "))."
          : extra.isEmpty
            ? "What was asked for is there, and nothing else."
            : "Not asked for: \(extra.joined(separator: ", ")).")
    ]
    let leaked = answer["refresh_token"] != nil
    checks.append(
      Check(
        .responseNoRefreshToken, leaked ? .warn : .pass, expected: "no refresh token",
        found: leaked ? "a refresh token" : "no refresh token",
        why: leaked
          ? "A long-lived credential came through the browser; it is not used."
          : "Nothing long-lived comes through the browser."))
    checks.append(tokenType(answer, type))
    if type.hasAccessToken { checks.append(AnswerChecks.lifetime(field: answer["expires_in"])) }
    return checks
  }

  private static func tokenType(_ answer: AuthorizationResponse, _ type: AskedAnswer) -> Check {
    guard type.hasAccessToken else {
      return Check(
        .tokenTypeFront, .skip, why: "not run: this response type brings no access token here.")
    }
    let found = answer["token_type"]
    let isBearer = found?.asciiLowercased == "bearer"
    return Check(
      .tokenTypeFront, isBearer ? .pass : .fail, expected: "Bearer", found: found ?? "absent",
      why: isBearer
        ? "Whoever bears the token may use it."
        : found == nil
          ? "Some providers leave it out; it is required."
          : "Only bearer tokens were asked for; this one needs something else.")
  }
}

// The rules.
extension CheckID {
  public static let callbackMethod = CheckID(
    "callback-method", .error,
    rule: "the answer comes by POST",
    shows: "a provider that ignores form_post",
    next: "Look whether response_mode=form_post was sent and is supported.",
    spec: .formPost("2"))

  public static let callbackContentType = CheckID(
    "callback-content-type", .error,
    rule: "the body is application/x-www-form-urlencoded",
    shows: "a sender that is no browser form",
    next: "Look what sent the answer: no browser form does it this way.",
    spec: .formPost("2"))

  public static let callbackNoDuplicates = CheckID(
    "callback-no-duplicates", .error,
    rule: "each known parameter stands once",
    shows: "parameter pollution: two readers see two values",
    next: "Look at the Wire view: which parameter stands twice, and who adds it.",
    spec: .rfc(6749, "3.1"))

  public static let callbackSingleUse = CheckID(
    "callback-single-use", .error,
    rule: "one answer is processed for each request",
    shows: "a reload, a double submit, a replay",
    next: "Start again; close other tabs of this login.",
    spec: .rfc(6749, "4.1.2"))

  public static let stateMatch = CheckID(
    "state-match", .error,
    rule: "state is the one that was sent",
    shows: "login CSRF, or a stale browser tab",
    next: "Start again in one tab; look whether something shortens or rewrites state.",
    spec: .rfc(6749, "10.12"))

  public static let responseIss = CheckID(
    "response-iss", .error,
    rule: "iss is there when the provider promises it, and is the issuer",
    shows: "mix-up: the answer of another provider",
    next: "Compare iss of the answer with the configured issuer, character by character.",
    spec: .rfc(9207, "2.4"))

  public static let responseIssVsIDToken = CheckID(
    "response-iss-vs-id-token", .error,
    rule: "iss of the answer and of the ID token are the same",
    shows: "mix-up: two providers in one answer",
    next: "Look which server issued which: two providers are mixed.",
    spec: .rfc(9207, "2.4"))

  public static let responseTypeExact = CheckID(
    "response-type-exact", .error,
    rule: "what was asked for is there, and no token that was not",
    shows: "an injected token, or a client set up wrongly",
    next: "Compare what came with the response type and the client\u{2019}s grants.",
    spec: .core("3.3.2.5"))

  public static let responseNoRefreshToken = CheckID(
    "response-no-refresh-token", .warning,
    rule: "no refresh token comes through the browser",
    shows: "a provider that leaks a long-lived credential",
    next: "Tell the provider\u{2019}s operator.",
    spec: .rfc(6749, "4.2.2"))

  public static let responseErrorExclusive = CheckID(
    "response-error-exclusive", .error,
    rule: "an error comes without code and tokens",
    shows: "a malformed or tampered answer",
    next: "Look at the Wire view for what came beside the error.",
    spec: .core("3.1.2.6"))

  public static let tokenTypeFront = CheckID(
    "token-type-front", .error,
    rule: "token_type is Bearer, in any case",
    shows: "a token of another kind taken for a bearer token",
    next: "Look at token_type in the Wire view.",
    spec: .core("3.2.2.5"))
}

extension CallbackChecks {
  static let rules: [CheckID] = [
    .callbackMethod, .callbackContentType, .callbackNoDuplicates, .callbackSingleUse, .stateMatch,
    .responseIss, .responseIssVsIDToken, .responseTypeExact, .responseNoRefreshToken,
    .responseErrorExclusive, .tokenTypeFront,
  ]
}
