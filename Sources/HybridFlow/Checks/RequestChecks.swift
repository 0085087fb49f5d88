import OpenID

/// Checks on the application's authorization request; stage 2.
public enum RequestChecks {
  /// - Parameter encrypted: Whether the client has registered that answers in a JWT are encrypted.
  package static func all(
    _ parameters: Known<[FormField]>, _ judge: Judge, encrypted: Bool = false
  ) -> [Check] {
    switch parameters {
    case .unknown(let why): rules.map { .undecided($0, "the parameters", why) }
    case .known(let fields):
      [
        scope(fields), nonce(fields, judge), state(fields), pkce(fields, judge),
        mode(fields, judge, encrypted),
      ]
    }
  }

  private static func scope(_ fields: [FormField]) -> Check {
    let scopes = (fields["scope"] ?? "").split(at: " ")
    let asked = scopes.contains("openid")
    return Check(
      .requestOpenIDScope, asked ? .pass : .fail, expected: "openid",
      found: scopes.isEmpty ? "no scope" : scopes.joined(separator: " "),
      why: asked
        ? "This is an OpenID Connect request."
        : "Without openid this is plain OAuth: add it to the scope.")
  }

  private static func nonce(_ fields: [FormField], _ judge: Judge) -> Check {
    let value = fields["nonce"] ?? ""
    if value.isEmpty {
      let asked = AskedAnswer(fields["response_type"] ?? "")
      return Check(
        .requestNonce, asked.hasIDToken ? .fail : .warn,
        expected: "a random nonce", found: "absent",
        why: "Nothing would bind the ID token to this request.")
    }
    // Base64url carries six bits a character. A reader sees only the length: a short value may be
    // random all the same.
    let bits = value.utf8.count * 6
    return Check(
      .requestNonce, bits >= 128 ? .pass : judge == .reader ? .warn : .fail,
      expected: "at least 128 random bits",
      found: "\(value.utf8.count) characters, at most \(bits) bits",
      why: bits >= 128
        ? "The ID token must bring this value back." : "A nonce this short can be guessed.")
  }

  private static func state(_ fields: [FormField]) -> Check {
    let value = fields["state"] ?? ""
    let bits = value.utf8.count * 6
    return Check(
      .requestState, bits >= 128 ? .pass : .warn, expected: "at least 128 random bits",
      found: value.isEmpty ? "absent" : "\(value.utf8.count) characters, at most \(bits) bits",
      why: bits >= 128
        ? "The answer must bring this value back; it is used once."
        : "Somebody else\u{2019}s answer could be passed off as ours.")
  }

  private static func pkce(_ fields: [FormField], _ judge: Judge) -> Check {
    guard judge == .application || AskedAnswer(fields["response_type"] ?? "").hasCode else {
      return Check(.requestPKCE, .skip, why: "not run: no code is asked for.")
    }
    let challenge = fields["code_challenge"]
    let method = fields["code_challenge_method"] ?? "plain"
    guard let challenge else {
      return Check(
        .requestPKCE, .warn, expected: "an S256 code challenge", found: "absent",
        why: "Nothing ties the code to this login: a stolen one could be slipped into another.")
    }
    if method == "S256", let fault = CodeChallenge(s256: challenge).fault {
      return Check(
        .requestPKCE, .warn, expected: "43 characters of base64url",
        found: "\(challenge.utf8.count) characters", why: fault)
    }
    return Check(
      .requestPKCE, method == "S256" ? .pass : .warn, expected: "S256", found: method,
      why: method == "S256"
        ? "Only who knows the verifier can redeem the code."
        : "With plain, anyone who sees the request knows the verifier.")
  }

  private static func mode(
    _ fields: [FormField], _ judge: Judge, _ encrypted: Bool
  ) -> Check {
    let given = fields["response_mode"].flatMap { $0.isEmpty ? nil : $0 }
    if judge == .reader, let check = otherMode(given, fields) { return check }
    let mode = given ?? fields["response_mode"] ?? "fragment"
    // JARM, section 2.3.1: query.jwt with tokens only where the JWT is encrypted.
    if encrypted, mode == ResponseMode.queryJWT.rawValue {
      return Check(
        .requestModeNotQuery, .pass, expected: "form_post or fragment", found: mode,
        why: "The client has registered that the JWT is encrypted: in the address nobody can read "
          + "what is in it.")
    }
    let isQuery = mode == "query" || mode == ResponseMode.queryJWT.rawValue
    return Check(
      .requestModeNotQuery, isQuery ? .fail : .pass, expected: "form_post or fragment",
      found: judge == .reader && given == nil ? "fragment, by default" : mode,
      why: mode == ResponseMode.queryJWT.rawValue
        ? "A signature hides nothing: the code and the tokens in the JWT can be read in histories, "
          + "logs and Referer headers. Only an encrypted JWT may stand in a query."
        : isQuery
          ? "A query can end up in histories, logs and Referer headers; hybrid answers must not use it."
          : "No code and no token is asked for in a URL\u{2019}s query.")
  }

  /// A mode that the hybrid flow does not have, or a request that is not of this flow.
  private static func otherMode(_ mode: String?, _ fields: [FormField]) -> Check? {
    if let mode, ResponseMode(rawValue: mode) == nil {
      let isJARM = mode.ends(with: "jwt")
      return Check(
        .requestModeNotQuery, isJARM ? .pass : .warn, expected: "form_post or fragment",
        found: mode,
        why: isJARM
          ? "The answer comes as a signed token." : "This mode is in none of the standards here.")
    }
    guard Set((fields["response_type"] ?? "").split(at: " ").map(String.init)) == ["code"] else {
      return nil
    }
    return Check(
      .requestModeNotQuery, .pass, expected: "any", found: mode ?? "query, by default",
      why: "A code alone may stand in a query.")
  }
}

// The rules.
extension CheckID {
  package static let requestOpenIDScope = CheckID(
    "request-openid-scope", .error,
    rule: "openid is among the scopes",
    shows: "no ID token, and undefined behaviour",
    next: "Add openid to the scopes.",
    spec: .core("3.1.2.1"))

  package static let requestNonce = CheckID(
    "request-nonce", .error,
    rule: "a nonce of at least 128 random bits is sent when an ID token is asked for",
    shows: "a replayed ID token",
    next: "Let the explorer make the nonce; look at the extra parameters.",
    spec: .core("3.3.2.1"))

  package static let requestState = CheckID(
    "request-state", .warning,
    rule: "a random state, used once, is sent",
    shows: "login CSRF: an answer that somebody else started",
    next: "Let the explorer make the state; look at the extra parameters.",
    spec: .rfc(6749, "10.12"))

  package static let requestPKCE = CheckID(
    "request-pkce", .warning,
    rule: "an S256 code challenge is sent",
    shows: "a stolen code redeemed by its thief",
    next: "Switch PKCE on.",
    spec: .rfc(9700, "2.1.1"))

  package static let requestModeNotQuery = CheckID(
    "request-mode-not-query", .error,
    rule: "the response mode is not query",
    shows: "tokens in URLs, from where histories, logs and Referer headers take them",
    next: "Take response_mode=query out of the extra parameters.",
    spec: .multipleResponseTypes("5"))
}

extension RequestChecks {
  static let rules: [CheckID] = [
    .requestOpenIDScope, .requestNonce, .requestState, .requestPKCE, .requestModeNotQuery,
  ]
}
