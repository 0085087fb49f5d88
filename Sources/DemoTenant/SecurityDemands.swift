import OpenID

/// The rules that a tenant enforces beyond OpenID Connect.
public enum SecurityDemands: String, Sendable, Hashable, CaseIterable {
  /// Financial-grade API Security Profile 1.0, Part 2: Advanced.
  case fapi1Advanced = "fapi1-advanced"

  /// The refusal of a request that was not pushed, in the words of Auth0.
  static let pushRequired =
    "Pushed Authorization Requests are required by the configured compliance level"

  /// A section of FAPI 1.0 Part 2.
  static func section(_ section: String) -> SpecReference {
    SpecReference("FAPI 1.0 Advanced", section)
  }
}

extension TenantSettings {
  /// Enforces FAPI 1.0 Advanced, and signs with PS256.
  ///
  /// - Parameters:
  ///   - key: The public key of the first client, which then has no secret; nil changes no client.
  ///   - pushed: Whether requests have to be pushed.
  public mutating func demandFAPI(clientKey key: JSONWebKey? = nil, pushed: Bool = true) {
    demands = .fapi1Advanced
    demandsPush = pushed
    signingAlgorithm = .ps256
    guard let key, !clients.isEmpty else { return }
    clients[0].keys = [key]
    clients[0].secret = nil
    clients[0].tokenEndpointAuthMethod = .privateKeyJWT
  }
}

extension DemoTenant {
  /// Whether the tenant enforces FAPI 1.0 Advanced.
  var demandsFAPI: Bool { settings.demands == .fapi1Advanced }

  /// The algorithms that clients may sign with.
  var clientAlgorithms: [SignatureAlgorithm] {
    demandsFAPI ? FAPIAdvanced.algorithms : ClientAssertionReading.algorithms
  }

  /// The metadata under these rules: nothing is listed that would be refused.
  func demandingMetadata(_ metadata: JSONValue) -> JSONValue {
    guard demandsFAPI else { return metadata }
    var metadata = metadata
    let algorithms = strings(FAPIAdvanced.algorithms.map(\.rawValue))
    metadata.set("response_types_supported", [.string(ResponseType.codeIDToken.rawValue)])
    metadata.set("grant_types_supported", ["authorization_code", "refresh_token"])
    for endpoint in ["token", "revocation", "introspection"] {
      metadata.set(
        "\(endpoint)_endpoint_auth_methods_supported",
        strings(["private_key_jwt"] + certificateMethods))
      metadata.set("\(endpoint)_endpoint_auth_signing_alg_values_supported", algorithms)
    }
    metadata.set("require_pushed_authorization_requests", .bool(settings.demandsPush))
    metadata.set("require_signed_request_object", true)
    // Of the claims that may be asked for, the consent of open banking is the one that is read.
    metadata.set("claims_parameter_supported", true)
    return metadata
  }

  /// What these rules want of an authorization request, each with its error.
  func demandFindings(
    _ parameters: Parameters, _ carriage: RequestCarriage
  ) -> [(Finding, OAuthError)] {
    guard demandsFAPI else { return [] }
    let type = parameters["response_type"]
    let isHybrid = Set(spaceSeparated(type)) == ["code", "id_token"]
    let uri = parameters["redirect_uri"].flatMap { try? WebURL($0) }
    let isHTTPS = uri?.isHTTPS == true
    let isLocal = uri?.isLoopback == true
    return [
      (
        Finding(
          "par-required", "The request was pushed before the browser left",
          expected: settings.demandsPush ? "a request_uri of this tenant" : "either",
          found: carriage.isPushed ? "a pushed request" : "a request in the address",
          passed: carriage.isPushed || !settings.demandsPush, .rfc(9126, "5")),
        OAuthError("invalid_request", SecurityDemands.pushRequired)
      ),
      (
        Finding(
          "request-object-required", "The client has signed the request",
          expected: "a signed request object",
          found: carriage.isSigned ? "a signed request object" : "plain parameters",
          passed: carriage.isSigned, SecurityDemands.section("5.2.2 (1)")),
        OAuthError("invalid_request", "A signed request object is required")
      ),
      (
        Finding(
          "response-type-profile", "The response type is the one that signs the answer",
          expected: ResponseType.codeIDToken.rawValue, found: shortened(type), passed: isHybrid,
          SecurityDemands.section("5.2.2 (2)")),
        OAuthError("unsupported_response_type", "Only code id_token is allowed here")
      ),
      (
        Finding(
          "redirect-uri-profile", "The redirect URI is https; on this machine http is excused",
          expected: "https", found: shortened(uri?.origin), passed: isHTTPS || isLocal,
          SpecReference("FAPI 1.0 Baseline", "5.2.2")),
        OAuthError("invalid_request", "The redirect_uri must be https")
      ),
    ] + encryptionFindings(carriage)
  }

  /// Whether a request object that the browser carries is encrypted, where that was agreed on.
  ///
  /// As in Brazil: what is pushed needs no encryption.
  private func encryptionFindings(_ carriage: RequestCarriage) -> [(Finding, OAuthError)] {
    guard !settings.requestKeys.isEmpty, carriage.isSigned else { return [] }
    return [
      (
        Finding(
          "object-encrypted", "A request object that the browser carries is encrypted",
          expected: "an encrypted one, as agreed, or a pushed request",
          found: carriage.isPushed
            ? "a pushed request"
            : carriage.isEncrypted ? "an encrypted one" : "one that is only signed",
          passed: carriage.isPushed || carriage.isEncrypted, .rfc(9101, "10.2")),
        OAuthError(
          "invalid_request_object", "The request object must be encrypted, or the request pushed")
      )
    ]
  }

  /// The header of an answer by which the client finds its call again: the client's own value, or
  /// under these rules one of the tenant's.
  mutating func echoInteraction(_ call: Call, _ response: inout HTTPResponse) {
    let name = FAPIAdvanced.interactionHeader
    if let value = call.request.headers[name] {
      // A header is echoed only when it is what it should be.
      guard Self.isUUID(value) else { return }
      response.headers.set(name, value)
    } else if demandsFAPI, let bytes = try? randomness(16) {
      response.headers.set(name, FAPIAdvanced.interactionID(bytes))
    }
  }

  /// RFC 4122, section 3: in either case of letters.
  private static func isUUID(_ text: String) -> Bool {
    let groups = text.split(at: "-", omittingEmptySubsequences: false)
    return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && groups.joined().utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
      }
  }

  /// The value of `openbanking_intent_id` that a `claims` parameter asks for.
  ///
  /// OpenID Connect Core 1.0, section 5.5.1.
  static func intentID(_ claims: String?) -> String? {
    let json = claims.flatMap { try? JSONParser.parse(Array($0.utf8)) }
    return json?["id_token"]?["openbanking_intent_id"]?["value"]?.string
  }
}
