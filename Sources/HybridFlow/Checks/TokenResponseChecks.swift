import OpenID

/// The token response around the second ID token; stage 8.
enum TokenResponseChecks {
  static func response(
    _ response: TokenResponse, _ http: HTTPResponse, _ trusted: Trusted
  ) -> [Check] {
    let cache = http.headers.all("Cache-Control").joined(separator: ", ")
    let noStore = cache.asciiLowercased.holds("no-store")
    let type = response.tokenType
    let isBearer = type?.asciiLowercased == "bearer"
    var checks = AnswerChecks.body(http, .tokens)
    checks += [
      accessToken(response, http),
      Check(
        .tokenResponseNoStore, noStore ? .pass : .warn, expected: "Cache-Control: no-store",
        found: cache.isEmpty ? "absent" : cache,
        why: noStore
          ? "Caches are told to keep nothing." : "A cache on the way may keep the tokens."),
      Check(
        .tokenTypeBack, isBearer ? .pass : .fail, expected: "Bearer", found: type ?? "absent",
        why: isBearer
          ? "Whoever bears the token may use it."
          : "Only bearer tokens were negotiated; this one needs something else."),
      AnswerChecks.lifetime(member: response.json["expires_in"]),
    ]
    let hasIDToken = response.idToken != nil
    checks.append(
      Check(
        .backIDTokenPresent, hasIDToken ? .pass : .fail, expected: "id_token",
        found: hasIDToken ? "id_token" : "absent",
        why: hasIDToken
          ? "An ID token came, past the browser."
          : "Without it this was no OpenID Connect request: was openid in the scope?"))
    return checks
  }

  private static func accessToken(_ response: TokenResponse, _ http: HTTPResponse) -> Check {
    let expected = "200 and a JSON object with an access token"
    guard response.accessToken != nil else {
      return Check(
        .tokenResponseStatusJSON, .fail, expected: expected, found: "no access_token",
        why: "A token response without an access token.")
    }
    guard response.accessTokenIsVisible else {
      return Check(
        .tokenResponseStatusJSON, .fail, expected: expected,
        found: "an access token with blanks, control characters or letters outside ASCII",
        why: "No header can carry it; with a line break it would write headers of its own.")
    }
    return Check(
      .tokenResponseStatusJSON, .pass, expected: expected,
      found: "HTTP \(http.status), \(http.headers.mediaType ?? "no content type")",
      why: "The token endpoint issued tokens.")
  }

  static func after(_ response: TokenResponse, _ trusted: Trusted) -> [Check] {
    [accessTokens(response, trusted), scope(response, trusted), refresh(response, trusted)]
  }

  private static func accessTokens(_ response: TokenResponse, _ trusted: Trusted) -> Check {
    guard let first = trusted.frontAccessToken, let second = response.accessToken else {
      return Check(
        .accessTokensCompare, .skip, why: "not run: only one access token was issued.")
    }
    let same = first.isIdentical(to: second)
    return Check(
      .accessTokensCompare, .pass, expected: "the same or different, both are allowed",
      found: same ? "the same token twice" : "two different tokens",
      why: same
        ? "The token that calls the API is the one that the browser saw."
        : "The token that calls the API never passed through the browser.")
  }

  private static func scope(_ response: TokenResponse, _ trusted: Trusted) -> Check {
    let asked = (trusted.requested.sent("scope") ?? "").split(at: " ").map(String.init)
    guard let text = response.scope else {
      return Check(
        .scopeGranted, .pass, expected: asked.joined(separator: " "), found: "not stated",
        why: "A missing scope means that everything asked for was granted.")
    }
    let granted = Set(text.split(at: " ").map(String.init))
    let lost = asked.filter { !granted.contains($0) }
    return Check(
      .scopeGranted, lost.isEmpty ? .pass : .warn, expected: asked.joined(separator: " "),
      found: text,
      why: lost.isEmpty
        ? "Everything that was asked for was granted."
        : "Not granted: \(lost.joined(separator: ", ")).")
  }

  private static func refresh(_ response: TokenResponse, _ trusted: Trusted) -> Check {
    let asked = (trusted.requested.sent("scope") ?? "").split(at: " ")
    guard asked.contains("offline_access") else {
      return Check(.refreshTokenExpected, .skip, why: "offline_access was not asked for.")
    }
    let came = response.refreshToken != nil
    return Check(
      .refreshTokenExpected, came ? .pass : .warn, expected: "a refresh token",
      found: came ? "a refresh token" : "none",
      why: came
        ? "The application can go on when the person is away."
        : "Perhaps consent, the grant type or the API\u{2019}s setting for offline access is missing."
    )
  }
}

// The rules.
extension CheckID {
  public static let tokenResponseStatusJSON = CheckID(
    "token-response-status-json", .error,
    rule: "the token endpoint answers 200 with a JSON object",
    shows: "the page of a proxy, an error page",
    next: "Open the Wire view: a page there comes from a proxy or a wrong URL.",
    spec: .rfc(6749, "5.1"))

  public static let tokenResponseNoStore = CheckID(
    "token-response-no-store", .warning,
    rule: "the answer forbids storing",
    shows: "tokens in caches",
    next: "Tell the operator: answers with tokens must not be stored.",
    spec: .core("3.1.3.3"))

  public static let tokenTypeBack = CheckID(
    "token-type-back", .error,
    rule: "token_type is Bearer, in any case",
    shows: "a token of another kind taken for a bearer token",
    next: "Look whether the client demands DPoP or certificate-bound tokens.",
    spec: .core("3.1.3.3"))

  public static let backIDTokenPresent = CheckID(
    "back-id-token-present", .error,
    rule: "an ID token comes with the access token",
    shows: "a request without the scope openid",
    next: "Look whether openid is granted, and compare scope in the answer.",
    spec: .core("3.1.3.3"))

  public static let accessTokensCompare = CheckID(
    "access-tokens-compare", .information,
    rule: "the two access tokens side by side",
    shows: "lifetimes and rights that differ",
    next: "Put both access tokens side by side.",
    spec: .core("3.3.3.8"))

  public static let scopeGranted = CheckID(
    "scope-granted", .warning,
    rule: "every scope that was asked for was granted",
    shows: "insufficient_scope at the API, later",
    next: "Compare scope in the answer with what was asked for; look at consent.",
    spec: .rfc(6749, "5.1"))

  public static let refreshTokenExpected = CheckID(
    "refresh-token-expected", .warning,
    rule: "a refresh token comes when offline_access was asked for",
    shows: "consent missing, or the API’s setting",
    next: "Look whether offline_access is allowed, and send prompt=consent.",
    spec: .core("11"))
}

extension TokenResponseChecks {
  static let rules: [CheckID] = [
    .tokenResponseStatusJSON, .tokenResponseNoStore, .tokenTypeBack, .backIDTokenPresent,
  ]
  static let laterRules: [CheckID] = [
    .accessTokensCompare, .scopeGranted, .refreshTokenExpected,
  ]
}
