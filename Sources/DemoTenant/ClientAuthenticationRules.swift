import OpenID

extension DemoTenant {
  /// Authenticates the client of a request.
  ///
  /// RFC 6749, sections 2.3 and 5.2; OpenID Connect Core 1.0, section 9.
  mutating func authenticateClient(
    _ form: Parameters, _ call: Call, at endpoint: TenantEndpoint
  ) throws(OAuthError) -> TenantClient {
    let header = call.request.headers["Authorization"]
    let basic = header.flatMap(ClientAuthentication.readBasicHeader)
    let assertion = ClientAssertionReading(form)
    let isOneMethod =
      [header != nil, form["client_secret"] != nil, assertion.isPresent].filter(\.self).count <= 1
    record(
      Finding(
        "client-auth-once", "The client proves itself in one way",
        expected: "the header or the form", found: isOneMethod ? "one way" : "several",
        passed: isOneMethod, .rfc(6749, "2.3")), at: endpoint, call)
    guard isOneMethod else {
      throw OAuthError("invalid_request", "Two client authentication methods at once")
    }
    recordClientID(form, call, at: endpoint)
    let id = header == nil ? form["client_id"] ?? assertion.subject : basic?.clientID
    let client = client(id)
    record(
      Finding(
        "client-known", "The client is registered", expected: "a registered client_id",
        found: shortened(id), passed: client != nil, .core("3.1.3.2")), at: endpoint, call)
    let isSameClient =
      header == nil || form["client_id"].map { $0.isIdentical(to: id ?? "") } ?? true
    let secret = header == nil ? form["client_secret"].map(Secret.init) : basic?.secret
    let method: ClientAuthenticationMethod =
      assertion.isPresent
      ? .privateKeyJWT
      : header != nil
        ? .basic : secret != nil ? .post : client?.certificate?.method ?? .none
    var proves = matches(secret, of: client, by: method) && isSameClient
    if method == .privateKeyJWT, let client {
      proves = verify(assertion, of: client, call, at: endpoint)
    } else if method.usesCertificate, let client {
      proves = verifyCertificate(form, of: client, call, at: endpoint)
    } else if let client, client.appleTeam != nil {
      proves = verifyAppleSecret(secret, of: client, call, at: endpoint) && isSameClient
    }
    if demandsFAPI {
      record(
        Finding(
          "client-auth-profile", "The client has a key, and no secret",
          expected: FAPIAdvanced.clientAuthentication.map(\.rawValue).joined(separator: " or "),
          found: method.rawValue, passed: FAPIAdvanced.clientAuthentication.contains(method),
          SecurityDemands.section("5.2.2 (14)")), at: endpoint,
        call)
    }
    let isAllowed =
      allows(method, client)
      && (!demandsFAPI || FAPIAdvanced.clientAuthentication.contains(method))
    let isRight = proves && isAllowed
    let wrong = isAllowed ? Self.fault(of: method, client) : "not registered for it"
    record(
      Finding(
        "client-authenticated", "The client is who it says it is",
        expected: client.map(Self.expectation) ?? "the client's secret",
        found: method.rawValue + (isRight ? "" : ", " + wrong),
        passed: client != nil && isRight, .core("9")), at: endpoint, call)
    guard let client, isRight else {
      throw OAuthError("invalid_client", "Client authentication failed")
    }
    return client
  }

  /// What does not hold where a client has not proved itself by this method.
  private static func fault(
    of method: ClientAuthenticationMethod, _ client: TenantClient?
  ) -> String {
    switch method {
    case .privateKeyJWT: "its assertion does not hold"
    case .tlsClientAuth, .selfSignedTLSClientAuth: "its certificate does not hold"
    case .basic, .post, .none:
      client?.appleTeam == nil ? "another secret or client" : "its signed secret does not hold"
    }
  }

  private static func expectation(_ client: TenantClient) -> String {
    if client.appleTeam != nil { return "a secret signed by the team" }
    if let method = client.tokenEndpointAuthMethod { return method.rawValue }
    if let certificate = client.certificate { return certificate.method.rawValue }
    if client.secret == nil, !client.keys.isEmpty { return "the client's signature" }
    return "the client's secret"
  }

  private func matches(
    _ secret: Secret?, of client: TenantClient?, by method: ClientAuthenticationMethod
  ) -> Bool {
    guard let client, method != .privateKeyJWT, !method.usesCertificate else { return false }
    // A client with a registered key is not public: without proof it is refused.
    guard let registered = client.secret else { return secret == nil && client.isPublic }
    guard let secret else { return false }
    return secret == registered
  }

  private func allows(_ method: ClientAuthenticationMethod, _ client: TenantClient?) -> Bool {
    guard let wanted = client?.tokenEndpointAuthMethod else { return true }
    return wanted == method
  }

  /// The form body of an endpoint for clients, without repeated parameters.
  mutating func clientForm(
    _ call: Call, at endpoint: TenantEndpoint
  ) throws(OAuthError) -> Parameters {
    let form: Parameters
    do throws(ParameterError) {
      form = try call.formParameters()
    } catch {
      throw OAuthError("invalid_request", error.words)
    }
    let repeated = form.repeatedNames
    let passed = record(
      Finding(
        "parameters-once", "No parameter stands twice", expected: "each at most once",
        found: repeated.isEmpty ? "no repeats" : shortened(repeated.joined(separator: ", ")),
        passed: repeated.isEmpty, .rfc(6749, "3.2")), at: endpoint, call)
    guard passed else { throw OAuthError("invalid_request", "A parameter is repeated") }
    return form
  }

  /// An error response to a client.
  ///
  /// RFC 6749, section 5.2. A 401 always has a challenge (RFC 9110, section 15.5.2).
  func errorResponse(_ error: OAuthError) -> HTTPResponse {
    let isClient = error.code == "invalid_client"
    var response = jsonResponse(
      status: isClient ? 401 : error.code == "server_error" ? 500 : 400,
      ["error": .string(error.code), "error_description": .string(error.description)])
    if isClient {
      response.headers.add("WWW-Authenticate", "Basic realm=\"\(quotable(settings.name))\"")
    }
    return response
  }
}

/// A text that is safe in a quoted string of a header.
func quotable(_ text: String) -> String { OAuthError("", text).description }
