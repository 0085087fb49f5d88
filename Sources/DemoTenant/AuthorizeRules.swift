import OpenID

extension DemoTenant {
  /// Checks an authorization request against the rules.
  ///
  /// First the rules that decide whether a redirect is allowed at all, then the others.
  mutating func accept(_ call: Call) throws(AuthorizeRefusal) -> AcceptedRequest {
    let outside: Parameters
    do throws(ParameterError) {
      outside = try call.parameters()
    } catch {
      throw .page(OAuthError("invalid_request", error.words))
    }
    let (parameters, carriage) = try gathered(outside, call)
    let (client, redirectURI) = try acceptClient(parameters, call)
    let text = parameters["response_type"]
    let requested = text.flatMap(RequestedResponse.init)
    let mode = try acceptMode(parameters, text, requested, client)
    if let error = appleRefusal(parameters, mode: mode) { throw .page(error) }
    let route = AnswerRoute(
      redirectURI: redirectURI, mode: mode, state: parameters["state"], clientID: client.id)
    guard let requested else {
      let error =
        text == nil
        ? OAuthError("invalid_request", "Missing required parameter: response_type")
        : OAuthError("unsupported_response_type", "Unsupported response type")
      throw .answer(error, route)
    }
    let findings =
      requestFindings(parameters, client, requested) + demandFindings(parameters, carriage)
    for (finding, _) in findings { record(finding, at: .authorize, call) }
    if let (_, error) = findings.first(where: { !$0.0.passed }) { throw .answer(error, route) }
    return AcceptedRequest(
      client: client, route: route, response: requested,
      scopes: knownScopes(parameters, client),
      requestedScopes: parameters.words("scope"), audience: parameters["audience"],
      nonce: parameters["nonce"], codeChallenge: parameters["code_challenge"],
      prompts: Set(parameters.words("prompt")),
      maxAgeSeconds: parameters["max_age"].flatMap { Int64($0) },
      loginHint: parameters["login_hint"],
      hintedSubject: parameters["id_token_hint"].flatMap { hintedClaims($0)?["sub"]?.string },
      intentID: Self.intentID(parameters["claims"]), proofKey: parameters[DPoP.keyParameter])
  }

  /// Client and redirect URI: if one is wrong, there is no redirect.
  ///
  /// RFC 6749, section 4.1.2.1.
  private mutating func acceptClient(
    _ parameters: Parameters, _ call: Call
  ) throws(AuthorizeRefusal) -> (TenantClient, WebURL) {
    let client = client(parameters["client_id"])
    record(
      Finding(
        "client-known", "The client is registered", expected: "a registered client_id",
        found: shortened(parameters["client_id"]), passed: client != nil,
        .rfc(6749, "4.1.2.1")), at: .authorize, call)
    guard let client else {
      throw .page(OAuthError("invalid_request", "Unknown client: client_id"))
    }
    let text = parameters["redirect_uri"]
    let isRegistered = text.map { text in
      client.redirectURIs.contains { $0.isIdentical(to: text) }
    }
    record(
      Finding(
        "redirect-uri-registered", "The redirect URI is registered, character by character",
        expected: client.redirectURIs.joined(separator: " or "), found: shortened(text),
        passed: isRegistered == true, .core("3.1.2.1")), at: .authorize, call)
    guard isRegistered == true, let text, let url = try? WebURL(text) else {
      throw .page(
        OAuthError(
          "invalid_request",
          text == nil
            ? "Missing required parameter: redirect_uri"
            : "Callback URL mismatch: the redirect_uri is not registered for this client"))
    }
    return (client, url)
  }

  /// How the response is delivered.
  ///
  /// OpenID Connect Core 1.0, section 3.1.2.6: an unsupported mode gets a 400 without error
  /// parameters. OAuth 2.0 Multiple Response Type Encoding Practices, section 5: tokens must not be
  /// sent in the query.
  func acceptMode(
    _ parameters: Parameters, _ type: String?, _ requested: RequestedResponse?,
    _ client: TenantClient
  ) throws(AuthorizeRefusal) -> ResponseMode {
    let looksImplicit = !Set(spaceSeparated(type)).isDisjoint(with: ["token", "id_token"])
    let fallback = requested?.defaultMode ?? (looksImplicit ? .fragment : .query)
    guard let text = parameters["response_mode"] else { return fallback }
    guard let mode = ResponseMode(rawValue: text), settings.responseModes.contains(mode) else {
      throw .page(OAuthError("invalid_request", "Unsupported response mode"))
    }
    // JARM, section 2.3.1: a JWT that is only signed hides no token.
    let isReadable =
      mode == .query || mode == .queryJWT && client.encryption?.responses == nil
    guard !isReadable || fallback == .query else {
      throw .page(
        OAuthError("invalid_request", "response_mode=\(text) is not allowed for this response type")
      )
    }
    // JARM, section 2.3.4: the default of the type.
    return mode == .jwt && fallback == .query ? .queryJWT : mode
  }

  /// Every further rule, each with its error.
  func requestFindings(
    _ parameters: Parameters, _ client: TenantClient, _ requested: RequestedResponse
  ) -> [(Finding, OAuthError)] {
    let repeated = parameters.repeatedNames
    var findings: [(Finding, OAuthError)] = [
      (
        Finding(
          "parameters-once", "No parameter stands twice", expected: "each at most once",
          found: repeated.isEmpty ? "no repeats" : shortened(repeated.joined(separator: ", ")),
          passed: repeated.isEmpty, .rfc(6749, "3.1")),
        OAuthError("invalid_request", "A parameter is repeated")
      )
    ]
    for (name, code) in [
      ("request", "request_not_supported"), ("request_uri", "request_uri_not_supported"),
      ("registration", "registration_not_supported"),
    ] where parameters[name] != nil {
      findings.append(
        (
          Finding(
            "parameters-supported",
            "The request uses what the tenant supports", expected: "no \(name)", found: name,
            passed: false, .core("3.1.2.6")),
          OAuthError(code, "The parameter \(name) is not supported")
        ))
    }
    let hasOpenID = parameters.words("scope").contains("openid")
    findings.append(
      (
        Finding(
          "scope-openid", "It is an OpenID request", expected: "openid among the scopes",
          found: shortened(parameters["scope"]), passed: hasOpenID, .core("3.1.2.1")),
        OAuthError("invalid_scope", "The scope openid is required")
      ))
    let needsNonce = requested.hasIDToken
    findings.append(
      (
        Finding(
          "nonce-present", "A nonce comes with a request for an ID token through the browser",
          expected: needsNonce ? "a nonce" : "not needed for this response type",
          found: parameters["nonce"] == nil ? "nothing" : "a nonce",
          passed: !needsNonce || parameters["nonce"] != nil, .core("3.3.2.1")),
        OAuthError("invalid_request", "Missing required parameter: nonce")
      ))
    findings += challengeFindings(parameters, client)
    findings += choiceFindings(parameters)
    if let text = parameters[DPoP.keyParameter], !isAppleLike {
      let isThumbprint = (try? Base64URL.decode(text))?.count == 32
      findings.append(
        (
          Finding(
            "dpop-jkt", "dpop_jkt is the SHA-256 thumbprint of a key", expected: "43 characters",
            found: shortened(text), passed: isThumbprint, .rfc(9449, "10")),
          OAuthError("invalid_request", "dpop_jkt is not a SHA-256 thumbprint in base64url")
        ))
    }
    return findings
  }

  /// RFC 7636, section 4.4.1: only S256; `plain` would reveal the verifier to any reader.
  private func challengeFindings(
    _ parameters: Parameters, _ client: TenantClient
  ) -> [(Finding, OAuthError)] {
    let challenge = parameters["code_challenge"]
    let method = parameters["code_challenge_method"]
    guard challenge != nil || method != nil || client.isPublic || demandsFAPI else { return [] }
    let isChallenge = challenge.flatMap { try? Base64URL.decode($0) }?.count == 32
    return [
      (
        Finding(
          "pkce-method", "The challenge method is S256", expected: "S256",
          found: shortened(method ?? (challenge == nil ? "no PKCE" : "plain, the default")),
          passed: method == "S256",
          .rfc(7636, "4.4.1")),
        OAuthError(
          "invalid_request",
          challenge == nil && method == nil
            ? "PKCE is missing: code_challenge and code_challenge_method are required"
            : "code_challenge_method must be S256")
      ),
      (
        Finding(
          "pkce-challenge", "The challenge is a SHA-256 digest", expected: "43 characters",
          found: challenge == nil ? "nothing" : masked(challenge), passed: isChallenge,
          .rfc(7636, "4.2")),
        OAuthError("invalid_request", "code_challenge is not a SHA-256 digest in base64url")
      ),
    ]
  }

  private func choiceFindings(_ parameters: Parameters) -> [(Finding, OAuthError)] {
    var findings: [(Finding, OAuthError)] = []
    if parameters["prompt"] != nil {
      let prompts = parameters.words("prompt")
      let known: Set<String> = ["none", "login", "consent", "select_account"]
      let isAlone = !prompts.contains("none") || prompts.count == 1
      findings.append(
        (
          Finding(
            "prompt-values", "The prompts are known, and none stands alone",
            expected: "none, or some of login, consent, select_account",
            found: shortened(parameters["prompt"]),
            passed: isAlone && known.isSuperset(of: prompts), .core("3.1.2.1")),
          OAuthError("invalid_request", "The prompt is unknown, or none is not alone")
        ))
    }
    if let text = parameters["max_age"] {
      let isNumber = text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && Int64(text) != nil
      findings.append(
        (
          Finding(
            "max-age-number", "max_age is a number of seconds", expected: "digits",
            found: shortened(text), passed: isNumber, .core("3.1.2.1")),
          OAuthError("invalid_request", "max_age is not a number of seconds")
        ))
    }
    if let audience = parameters["audience"] {
      findings.append(
        (
          Finding(
            "audience-known", "The audience names an API of the tenant",
            expected: settings.apis.map(\.identifier).joined(separator: " or "),
            found: shortened(audience), passed: api(audience) != nil, .rfc(8707, "2")),
          OAuthError("invalid_target", "Service not found: \(shortened(audience))")
        ))
    }
    if let hint = parameters["id_token_hint"] {
      findings.append(
        (
          Finding(
            "id-token-hint", "The hint is an ID token of this tenant",
            expected: "a signature of this tenant", found: masked(hint),
            passed: hintedClaims(hint) != nil, .core("3.1.2.2")),
          OAuthError("invalid_request", "The id_token_hint is not an ID token of this tenant")
        ))
    }
    return findings
  }

  /// The scopes known here; others are ignored.
  ///
  /// OpenID Connect Core 1.0, sections 3.1.2.1 and 11: `offline_access` is also ignored if the
  /// client or the API may not have it. The tenant may grant it without `prompt=consent`, because
  /// its consent page names it or the application is first-party.
  private func knownScopes(_ parameters: Parameters, _ client: TenantClient) -> [String] {
    let api = api(parameters["audience"])
    let permissions = api?.permissions.map(\.scope) ?? []
    var scopes: [String] = []
    for scope in parameters.words("scope") where !scopes.contains(scope) {
      if isAppleLike {
        if AppleHabits.scopes.contains(scope) { scopes.append(scope) }
        continue
      }
      if scope == Scope.offlineAccess {
        guard client.allowsOfflineAccess, api?.allowsOfflineAccess ?? true else { continue }
      }
      if Scope.standard.contains(scope) || permissions.contains(scope) { scopes.append(scope) }
    }
    return scopes
  }
}
