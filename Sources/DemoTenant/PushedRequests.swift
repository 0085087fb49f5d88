import Cryptography
import OpenID

/// An authorization request that waits for the browser.
///
/// RFC 9126, section 2.2.
struct PushedRequest: Sendable {
  /// The beginning of every `request_uri` here.
  static let prefix = "urn:ietf:params:oauth:request_uri:"

  let clientID: String
  let parameters: [FormField]
  let isSigned: Bool
  var isUsed = false
}

extension DemoTenant {
  /// The endpoint for pushed authorization requests.
  ///
  /// RFC 9126, sections 2.1 to 2.3.
  mutating func push(_ call: Call) -> HTTPResponse {
    do {
      let form = try clientForm(call, at: .pushed)
      let client = try authenticateClient(form, call, at: .pushed)
      let key = try provenKey(call, at: .pushed)
      let hasNoReference = record(
        Finding(
          "pushed-no-reference", "A pushed request does not point to another one",
          expected: "no request_uri", found: form["request_uri"] == nil ? "none" : "a request_uri",
          passed: form["request_uri"] == nil, .rfc(9126, "2.1")), at: .pushed, call)
      guard hasNoReference else {
        throw OAuthError("invalid_request", "request_uri is not allowed in a pushed request")
      }
      var carriage = RequestCarriage(isPushed: true)
      var parameters = Parameters(
        fields: form.fields.filter { !Self.credentialNames.contains($0.name) })
      if let text = form["request"] {
        parameters = try opened(text, of: client, call, at: .pushed)
        carriage.isSigned = true
      }
      parameters = try bound(parameters, to: key, call)
      try judge(parameters, carriage, of: client, call)
      let reference = PushedRequest.prefix + (try unguessable())
      let seconds = settings.lifetimes.pushedRequestSeconds
      pushedRequests.keep(
        PushedRequest(
          clientID: client.id, parameters: parameters.fields, isSigned: carriage.isSigned),
        as: reference, until: call.now.adding(seconds: seconds), now: call.now)
      var response = jsonResponse(
        status: 201, ["request_uri": .string(reference), "expires_in": number(seconds)])
      addNonce(&response, call, isResource: false)
      return response
    } catch let error as OAuthError {
      return errorResponse(error)
    } catch let refusal as ProofRefusal {
      return proofResponse(refusal)
    } catch {
      return errorResponse(OAuthError("server_error", "Drawing random bytes failed"))
    }
  }

  /// The parameters with the key that the client has proved: the code will be bound to it.
  ///
  /// RFC 9449, section 10.1: a parameter that names another key is an error.
  private mutating func bound(
    _ parameters: Parameters, to key: String?, _ call: Call
  ) throws(OAuthError) -> Parameters {
    guard let key else { return parameters }
    let named = parameters[DPoP.keyParameter]
    guard let named else {
      return Parameters(fields: parameters.fields + [FormField(DPoP.keyParameter, key)])
    }
    let passed = record(
      Finding(
        "pushed-key", "dpop_jkt names the key of the proof", expected: key,
        found: shortened(named), passed: named.isIdentical(to: key), .rfc(9449, "10.1")),
      at: .pushed, call)
    guard passed else {
      throw OAuthError("invalid_request", "dpop_jkt names another key than that of the proof")
    }
    return parameters
  }

  /// What proves the client, and is no part of the request.
  private static let credentialNames = [
    "client_secret", "client_assertion", "client_assertion_type",
  ]

  /// The rules of the authorization endpoint, so that a wrong request is refused at once.
  private mutating func judge(
    _ parameters: Parameters, _ carriage: RequestCarriage, of client: TenantClient, _ call: Call
  ) throws(OAuthError) {
    let id = parameters["client_id"]
    let isOwn = record(
      Finding(
        "pushed-client", "client_id of the request is the client that pushes it",
        expected: client.id, found: shortened(id), passed: id?.isIdentical(to: client.id) == true,
        .rfc(9126, "2.1")), at: .pushed, call)
    guard isOwn else {
      throw OAuthError("invalid_request", "client_id is missing or names another client")
    }
    let uri = parameters["redirect_uri"]
    let isRegistered = uri.map { uri in client.redirectURIs.contains { $0.isIdentical(to: uri) } }
    record(
      Finding(
        "redirect-uri-registered", "The redirect URI is registered, character by character",
        expected: client.redirectURIs.joined(separator: " or "), found: shortened(uri),
        passed: isRegistered == true, .core("3.1.2.1")), at: .pushed, call)
    guard isRegistered == true else {
      throw OAuthError(
        "invalid_request",
        uri == nil
          ? "Missing required parameter: redirect_uri"
          : "Callback URL mismatch: the redirect_uri is not registered for this client")
    }
    guard let requested = parameters["response_type"].flatMap(RequestedResponse.init) else {
      throw OAuthError("unsupported_response_type", "Unsupported response type")
    }
    do throws(AuthorizeRefusal) {
      _ = try acceptMode(parameters, parameters["response_type"], requested, client)
    } catch {
      switch error {
      case .page(let refused), .answer(let refused, _): throw refused
      }
    }
    let findings =
      requestFindings(parameters, client, requested) + demandFindings(parameters, carriage)
    for (finding, _) in findings { record(finding, at: .pushed, call) }
    if let (_, error) = findings.first(where: { !$0.0.passed }) { throw error }
  }

  /// The parameters of an authorization request, from wherever they stand.
  ///
  /// - Throws: ``AuthorizeRefusal``: a page, unless a registered redirect URI stands outside.
  mutating func gathered(
    _ outside: Parameters, _ call: Call
  ) throws(AuthorizeRefusal) -> (Parameters, RequestCarriage) {
    let (reference, object) = (outside["request_uri"], outside["request"])
    guard !isAppleLike, reference != nil || object != nil else {
      return (outside, RequestCarriage())
    }
    guard reference == nil || object == nil else {
      throw .page(OAuthError("invalid_request", "Either request or request_uri, not both"))
    }
    guard let client = client(outside["client_id"]) else {
      return (outside, RequestCarriage(isPushed: reference != nil, isSigned: object != nil))
    }
    if let object {
      do throws(OAuthError) {
        let parameters = try opened(object, of: client, call, at: .authorize)
        return (
          parameters, RequestCarriage(isSigned: true, isEncrypted: CompactJWE.hasForm(object))
        )
      } catch {
        throw refusal(error, outside, client)
      }
    }
    if let reference, !reference.begins(with: PushedRequest.prefix) {
      record(
        Finding(
          "pushed-known", "The request was pushed here, by this client, and has not expired",
          expected: "a request_uri of this tenant", found: "an address elsewhere", passed: false,
          .rfc(9101, "5.2")), at: .authorize, call)
      let words = "This tenant fetches no request_uri; it takes those that were pushed here"
      throw refusal(OAuthError("request_uri_not_supported", words), outside, client)
    }
    let pushed = pushedRequests.find(reference, now: call.now)
    let isOwn = pushed?.clientID.isIdentical(to: client.id) == true
    let failed = record(
      [
        Finding(
          "pushed-known", "The request was pushed here, by this client, and has not expired",
          expected: "a request_uri of this tenant",
          found: pushed == nil
            ? "unknown or expired" : isOwn ? "pushed by this client" : "pushed by another client",
          passed: isOwn, .rfc(9126, "4")),
        Finding(
          "pushed-unused", "It has not been used before", expected: "first use",
          found: pushed?.isUsed == true ? "used before" : "first use",
          passed: pushed?.isUsed != true, .rfc(9126, "4")),
      ], at: .authorize, call)
    guard failed == nil, let pushed, let reference else {
      let words =
        failed?.rule == "pushed-unused"
        ? "This request_uri was used already" : "This request_uri is unknown or has expired"
      throw refusal(OAuthError("invalid_request_uri", words), outside, client)
    }
    pushedRequests.change(reference) { $0.isUsed = true }
    return (
      Parameters(fields: pushed.parameters),
      RequestCarriage(isPushed: true, isSigned: pushed.isSigned)
    )
  }

  /// Sends an error to a redirect URI that stands outside the object; what the object says of it is
  /// not to be trusted.
  private func refusal(
    _ error: OAuthError, _ outside: Parameters, _ client: TenantClient
  ) -> AuthorizeRefusal {
    let requested = outside["response_type"].flatMap(RequestedResponse.init)
    let usual = requested?.defaultMode ?? .fragment
    let mode = outside["response_mode"].flatMap(ResponseMode.init(rawValue:)) ?? usual
    guard let text = outside["redirect_uri"], let url = try? WebURL(text),
      client.redirectURIs.contains(where: { $0.isIdentical(to: text) }),
      settings.responseModes.contains(mode),
      ![.query, .queryJWT].contains(mode) || usual == .query
        || mode == .queryJWT && client.encryption?.responses != nil
    else { return .page(error) }
    return .answer(
      error,
      AnswerRoute(redirectURI: url, mode: mode, state: outside["state"], clientID: client.id))
  }
}
