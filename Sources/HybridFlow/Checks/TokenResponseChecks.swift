import OpenID

/// The token response around the second ID token; stage 8.
package enum TokenResponseChecks {
  static func response(
    _ response: TokenResponse, _ http: HTTPResponse, _ trusted: Trusted
  ) -> [Check] {
    AnswerChecks.body(http, .tokens) + [
      accessToken(response, .known(http)), noStore(.known(http.headers)),
    ] + ProofChecks.response(response, trusted.configuration) + [
      AnswerChecks.lifetime(member: response.json["expires_in"]),
      idToken(response, followsCode: .known(true)),
    ]
  }

  package static func noStore(_ headers: Known<HTTPHeaders>) -> Check {
    switch headers {
    case .unknown(let why): return .undecided(.tokenResponseNoStore, "the headers", why)
    case .known(let headers):
      let cache = headers.all("Cache-Control").joined(separator: ", ")
      let noStore = cache.asciiLowercased.holds("no-store")
      return Check(
        .tokenResponseNoStore, noStore ? .pass : .warn, expected: "Cache-Control: no-store",
        found: cache.isEmpty ? "absent" : cache,
        why: noStore
          ? "Caches are told to keep nothing." : "A cache on the way may keep the tokens.")
    }
  }

  /// Whether an ID token came; after a refresh token it may be left out.
  package static func idToken(_ response: TokenResponse, followsCode: Known<Bool>) -> Check {
    let isKnown = followsCode.value != nil
    guard response.idToken != nil else {
      return Check(
        .backIDTokenPresent, isKnown ? .fail : .warn, expected: "id_token", found: "absent",
        why: isKnown
          ? "Without it this was no OpenID Connect request: was openid in the scope?"
          : "It is required after a code; after a refresh token it may be left out.")
    }
    return Check(
      .backIDTokenPresent, .pass, expected: "id_token", found: "id_token",
      why: isKnown
        ? "An ID token came, on the back channel." : "An ID token came with the access token.")
  }

  package static func accessToken(
    _ response: TokenResponse, _ http: Known<HTTPResponse>
  ) -> Check {
    let body = "a JSON object with an access token"
    let expected = http.value == nil ? body : "200 and " + body
    guard response.accessToken != nil else {
      return Check(
        .tokenResponseStatusJSON, .fail, expected: expected, found: "no access_token",
        why: "A token response without an access token.")
    }
    switch http {
    case .unknown(let why):
      return Check(
        .tokenResponseStatusJSON, .pass, expected: expected, found: "an access token",
        why: "It is a token response; its HTTP status \(why).")
    case .known(let http):
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
  package static let tokenResponseStatusJSON = CheckID(
    "token-response-status-json", .error,
    rule: "the token endpoint answers 200 with a JSON object",
    shows: "the page of a proxy, an error page",
    next: "Open the Wire view: a page there comes from a proxy or a wrong URL.",
    spec: .rfc(6749, "5.1"))

  package static let tokenResponseNoStore = CheckID(
    "token-response-no-store", .warning,
    rule: "the answer forbids storing",
    shows: "tokens in caches",
    next: "Tell the operator: answers with tokens must not be stored.",
    spec: .core("3.1.3.3"))

  package static let tokenTypeBack = CheckID(
    "token-type-back", .error,
    rule: "token_type is Bearer, in any case",
    shows: "a token of another kind taken for a bearer token",
    next: "Look whether the client demands DPoP or certificate-bound tokens.",
    spec: .core("3.1.3.3"))

  package static let backIDTokenPresent = CheckID(
    "back-id-token-present", .error,
    rule: "an ID token comes with the access token",
    shows: "a request without the scope openid",
    next: "Look whether openid is granted, and compare scope in the answer.",
    spec: .core("3.1.3.3"))

  package static let accessTokensCompare = CheckID(
    "access-tokens-compare", .information,
    rule: "the two access tokens side by side",
    shows: "lifetimes and rights that differ",
    next: "Put both access tokens side by side.",
    spec: .core("3.3.3.8"))

  package static let scopeGranted = CheckID(
    "scope-granted", .warning,
    rule: "every scope that was asked for was granted",
    shows: "insufficient_scope at the API, later",
    next: "Compare scope in the answer with what was asked for; look at consent.",
    spec: .rfc(6749, "5.1"))

  package static let refreshTokenExpected = CheckID(
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
