import OpenID

/// Signed userinfo.
///
/// OpenID Connect Core 1.0, section 5.3.2.
struct UserinfoExamination: Sendable, Equatable {
  let form: Result<CompactJWS, TokenError>
  let claims: JSONValue?
  private let candidates: [JSONWebKey]
  private let algorithm: SignatureAlgorithm?

  init(_ text: String, _ authorized: Authorized) {
    let token: CompactJWS
    do throws(TokenError) {
      token = try CompactJWS(text)
      form = .success(token)
    } catch {
      form = .failure(error)
      (claims, candidates, algorithm) = (nil, [], nil)
      return
    }
    claims = try? token.claims()
    // RFC 7515, section 4.1.11: an extension that is not understood makes the signature invalid.
    guard let named = token.algorithm, !named.isSymmetric, token.header["crit"] == nil else {
      (candidates, algorithm) = ([], nil)
      return
    }
    algorithm = named
    candidates = KeySelection.select(for: token, algorithm: named, from: authorized.keys).candidates
  }

  var tasks: [CryptoTask] {
    guard let token = try? form.get(), let algorithm else { return [] }
    return candidates.map { .signature(token, algorithm, $0) }
  }

  /// Whether one of the issuer's keys verifies it.
  func isValid(_ findings: [CryptoFinding]) -> Bool {
    !candidates.isEmpty && findings.contains(.signatureValid)
  }
}

/// The call to the API and its response; stages 9 and 10.
enum APIChecks {
  static func request(_ authorized: Authorized) -> [Check] {
    let isInQuery = authorized.putsTokenInQuery
    let header = "Authorization: " + authorized.scheme
    return [
      choice(authorized),
      Check(
        .bearerHeaderOnly, isInQuery ? .fail : .pass, expected: header,
        found: isInQuery ? "access_token in the URL" : header,
        why: isInQuery
          ? "URLs can end up in histories, logs and Referer headers, and the token with them."
          : "It stands in no URL, where histories, logs and Referer headers would find it."),
      audience(authorized),
    ]
  }

  private static func choice(_ authorized: Authorized) -> Check {
    let expected = "the access token of the token endpoint"
    let second = authorized.accessToken
    guard authorized.usedAccessToken.isIdentical(to: second) else {
      return Check(
        .useSecondAccessToken, .warn, expected: expected,
        found: "the access token that came through the browser",
        why:
          "Scripts and extensions that read along in the browser can call the API with it as well.")
    }
    let front = authorized.trusted.frontAccessToken
    let differs = front.map { !$0.isIdentical(to: second) } ?? true
    return Check(
      .useSecondAccessToken, .pass, expected: expected, found: expected,
      why: differs
        ? "It never passed through the browser."
        : "It is the same text that the browser saw: the provider issued one token twice.")
  }

  private static func audience(_ authorized: Authorized) -> Check {
    guard let token = try? CompactJWS(authorized.accessToken), let claims = try? token.claims()
    else {
      return Check(
        .accessTokenAud, .skip,
        why: "The access token is opaque: only the API can say what it is good for.")
    }
    let audiences = claims["aud"].flatMap { $0.string.map { [$0] } ?? $0.strings } ?? []
    guard let wanted = authorized.configuration.audience else {
      return Check(
        .accessTokenAud, .skip, found: audiences.joined(separator: ", "),
        why: "No audience was asked for; the client has no business reading the token anyway.")
    }
    let names = audiences.contains { $0.isIdentical(to: wanted) }
    return Check(
      .accessTokenAud, names ? .pass : .warn, expected: wanted,
      found: audiences.isEmpty ? "absent" : audiences.joined(separator: ", "),
      why: names
        ? "The API will find itself named in the token."
        : "The API will not find itself named: expect invalid_token.")
  }

  static func answer(
    _ answer: APIAnswer, _ authorized: Authorized, _ examination: UserinfoExamination?,
    _ findings: [CryptoFinding]
  ) -> [Check] {
    var checks: [Check] = []
    if let header = answer.response.headers["WWW-Authenticate"] {
      let challenge = bearerChallenge(answer.response)
      let words = (challenge?.parameters ?? []).map { "\($0.name)=\($0.value)" }
      checks.append(
        Check(
          .apiWWWAuthenticate, .pass, found: header,
          why: challenge == nil
            ? "The header cannot be read."
            : "It says \(words.isEmpty ? "nothing more" : words.joined(separator: ", "))."))
    } else if answer.purpose == .api {
      checks.append(
        Check(.apiWWWAuthenticate, .skip, why: "The API had nothing to say about the token."))
    }
    checks += ProfileTokenChecks.interaction(answer, authorized)
    guard answer.purpose == .userinfo, answer.response.status == 200 else { return checks }
    checks += AnswerChecks.body(answer.response, .userinfo)
    let reading: UserinfoSubject
    if let examination {
      checks.append(signed(examination, findings, authorized))
      reading = UserinfoSubject(signed: examination)
    } else {
      checks.append(Check(.userinfoSigned, .skip, why: "The userinfo is plain JSON, not signed."))
      reading = UserinfoSubject(answer.response.body)
    }
    checks.append(reading.check(against: authorized.idToken.claims["sub"]?.string ?? ""))
    return checks
  }

  private static func signed(
    _ examination: UserinfoExamination, _ findings: [CryptoFinding], _ authorized: Authorized
  ) -> Check {
    let issuer = authorized.configuration.issuer.text
    let clientID = authorized.configuration.clientID
    let audiences =
      examination.claims?["aud"].flatMap { $0.string.map { [$0] } ?? $0.strings } ?? []
    var wrong: [String] = []
    var absent: [String] = []
    if !examination.isValid(findings) { wrong.append("signature") }
    let named = examination.claims?["iss"]
    if named == nil { absent.append("iss") }
    if named != nil, named?.string?.isIdentical(to: issuer) != true { wrong.append("iss") }
    if examination.claims?["aud"] == nil { absent.append("aud") }
    if examination.claims?["aud"] != nil,
      !audiences.contains(where: { $0.isIdentical(to: clientID) })
    {
      wrong.append("aud")
    }
    guard !wrong.isEmpty || absent.isEmpty else {
      // Core 1.0, section 5.3.2: signed userinfo SHOULD have them.
      return Check(
        .userinfoSigned, .warn, expected: "signature, iss and aud",
        found: "a signature; absent: " + absent.joined(separator: ", "),
        why: "The issuer signed this profile, but it does not say by whom and for whom it was "
          + "made: \(absent.joined(separator: " and ")) should be there.")
    }
    return Check(
      .userinfoSigned, wrong.isEmpty ? .pass : .fail, expected: "signature, iss and aud",
      found: wrong.isEmpty ? "signature, iss and aud" : "wrong: " + wrong.joined(separator: ", "),
      why: wrong.isEmpty
        ? "The issuer signed this profile, for us."
        : wrong.contains("signature")
          ? "Anybody could have written this profile."
          : "This profile is signed, but not by this issuer for this application.")
  }

  /// The error in an API's response.
  ///
  /// RFC 6750, section 3.1.
  static func refusal(_ answer: APIAnswer) -> OAuthError? {
    guard !(200..<300).contains(answer.response.status) else { return nil }
    let challenge = bearerChallenge(answer.response)
    let words = ResponseWords(answer.response)
    return OAuthError(
      endpoint: answer.purpose == .userinfo ? .userinfo : .api,
      code: challenge?["error"] ?? words.code ?? "",
      description: challenge?["error_description"] ?? words.description,
      uri: challenge?["error_uri"] ?? words.uri, status: answer.response.status)
  }

  /// The bearer challenge, or else the first one: a server may name several schemes.
  private static func bearerChallenge(_ response: HTTPResponse) -> AuthenticationChallenge? {
    let challenges = response.headers.all("WWW-Authenticate")
      .flatMap(AuthenticationChallenge.challenges)
    return challenges.first { $0.isScheme("Bearer") && $0["error"] != nil }
      ?? challenges.first { $0["error"] != nil } ?? challenges.first { $0.isScheme("Bearer") }
      ?? challenges.first
  }

  /// Why userinfo with status 200 cannot be read.
  static func unreadableUserinfo(_ answer: APIAnswer) -> String? {
    guard answer.purpose == .userinfo, answer.response.status == 200,
      answer.response.headers.mediaType != "application/jwt"
    else { return nil }
    do throws(JSONError) {
      _ = try JSONParser.parse(answer.response.body)
      return nil
    } catch {
      // A check of its own says this.
      if case .twice = UserinfoSubject(answer.response.body) { return nil }
      return answer.response.unusable("The userinfo endpoint", error)
    }
  }
}

// The rules.
extension CheckID {
  package static let useSecondAccessToken = CheckID(
    "use-second-access-token", .warning,
    rule: "the API gets the access token of the back channel",
    shows: "a token that others may have seen in use",
    next: "Use the access token of the token endpoint.",
    spec: .rfc(9700, "2.1.2"))

  package static let bearerHeaderOnly = CheckID(
    "bearer-header-only", .error,
    rule: "the access token stands in the Authorization header alone",
    shows: "a token in URLs, and from there in logs",
    next: "Send the access token in the Authorization header alone.",
    spec: .rfc(6750, "2"))

  package static let apiWWWAuthenticate = CheckID(
    "api-www-authenticate", .information,
    rule: "what WWW-Authenticate says is read",
    shows: "an error only the API can explain",
    next: "Read WWW-Authenticate in the Wire view.",
    spec: .rfc(6750, "3"))

  package static let userinfoSub = CheckID(
    "userinfo-sub", .error,
    rule: "sub of the userinfo is that of the ID token",
    shows: "the profile of somebody else",
    next: "Look whose access token was used: sub is another person\u{2019}s.",
    spec: .core("5.3.2"))

  package static let userinfoSigned = CheckID(
    "userinfo-signed", .error,
    rule: "signed userinfo verifies, with our iss and aud",
    shows: "forged userinfo",
    next: "Compare the signature\u{2019}s key, iss and aud with issuer and client id.",
    spec: .core("5.3.2"))

  package static let accessTokenAud = CheckID(
    "access-token-aud", .information,
    rule: "the access token, if it can be read, names the API",
    shows: "an access token for another API",
    next: "Ask for a token for this API: audience, resource or one of its scopes.",
    spec: .rfc(9068, "4"))
}

extension APIChecks {
  static let rules: [CheckID] = [
    .useSecondAccessToken, .bearerHeaderOnly, .apiWWWAuthenticate, .userinfoSub, .userinfoSigned,
    .accessTokenAud,
  ]
}
