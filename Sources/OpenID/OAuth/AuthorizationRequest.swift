/// The request that starts the flow.
///
/// OpenID Connect Core 1.0, sections 3.1.2.1 and 3.3.2.1.
public struct AuthorizationRequest: Sendable, Equatable {
  /// The provider's authorization endpoint.
  public var endpoint: WebURL
  /// The parameters in the order in which they are sent.
  public var parameters: [FormField]

  /// Makes a request.
  public init(endpoint: WebURL, parameters: [FormField]) {
    self.endpoint = endpoint
    self.parameters = parameters
  }

  /// The URL that the browser is sent to.
  public func url() throws(WebURLError) -> WebURL { try endpoint.adding(parameters) }
}

/// How a client proves who it is.
///
/// OpenID Connect Core 1.0, section 9.
public enum ClientAuthenticationMethod: String, Sendable, Hashable, CaseIterable {
  /// Client id and secret in the `Authorization` header.
  case basic = "client_secret_basic"
  /// Client id and secret as form fields.
  case post = "client_secret_post"
  /// A JWT signed with the client's private key.
  case privateKeyJWT = "private_key_jwt"
  /// A certificate that an authority issued, shown in the TLS handshake.
  ///
  /// RFC 8705, section 2.1.
  case tlsClientAuth = "tls_client_auth"
  /// A certificate that the client made itself and registered, shown in the TLS handshake.
  ///
  /// RFC 8705, section 2.2.
  case selfSignedTLSClientAuth = "self_signed_tls_client_auth"
  /// No proof: a public client.
  case none

  /// Whether the proof is a certificate in the TLS handshake.
  public var usesCertificate: Bool { self == .tlsClientAuth || self == .selfSignedTLSClientAuth }
}

/// Client authentication as it stands on the wire.
///
/// RFC 6749, section 2.3.1.
public enum ClientAuthentication {
  /// The `Authorization` header of `client_secret_basic`.
  ///
  /// Id and secret are form-encoded before base64, which servers tend to forget.
  public static func basicHeader(clientID: String, secret: Secret) -> String {
    let pair = FormEncoding.encode(clientID) + ":" + FormEncoding.encode(secret.reveal())
    return "Basic " + Base64.encode(Array(pair.utf8))
  }

  /// The id and secret of a Basic header; nil when it is not a Basic header.
  public static func readBasicHeader(_ header: String) -> (clientID: String, secret: Secret)? {
    let parts = header.split(at: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].asciiLowercased == "basic",
      let bytes = try? Base64.decode(parts[1].trimmingBlanks),
      let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let id = try? FormEncoding.decodeComponent(bytes[..<colon], plusIsSpace: true),
      let secret = try? FormEncoding.decodeComponent(bytes[(colon + 1)...], plusIsSpace: true)
    else { return nil }
    return (id, Secret(secret))
  }
}

/// A form that a client posts when it must authenticate: the token request, or a pushed
/// authorization request.
///
/// OpenID Connect Core 1.0, section 3.1.3.1; RFC 9126, section 2.1.
///
/// The fields carry the code and its verifier, so the type prints none of them.
public struct TokenRequest: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The endpoint of the provider.
  public var endpoint: WebURL
  /// The form fields in the order in which they are sent.
  public var fields: [FormField]
  /// How the client proves who it is.
  public var method: ClientAuthenticationMethod
  /// The client's identifier.
  public var clientID: String
  /// The client's secret; nil for a public client.
  public var clientSecret: Secret?
  /// The signed JWT of `private_key_jwt`.
  public var assertion: Secret?

  /// `client_assertion_type`.
  ///
  /// RFC 7523, section 2.2.
  public static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

  /// Makes a request from its grant fields; ``httpRequest()`` adds the client authentication.
  public init(
    endpoint: WebURL, fields: [FormField], method: ClientAuthenticationMethod, clientID: String,
    clientSecret: Secret?
  ) {
    self.endpoint = endpoint
    self.fields = fields
    self.method = method
    self.clientID = clientID
    self.clientSecret = clientSecret
  }

  /// The method and endpoint, nothing else.
  public var description: String { "POST " + endpoint.origin + endpoint.path }
  /// Nothing: `dump` would print the fields otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The request as it goes over the wire.
  public func httpRequest() -> HTTPRequest {
    var form = fields
    var headers: HTTPHeaders = [
      "Host": endpoint.authority, "Accept": "application/json",
      "Content-Type": "application/x-www-form-urlencoded",
    ]
    switch method {
    case .basic:
      headers.add(
        "Authorization",
        ClientAuthentication.basicHeader(clientID: clientID, secret: clientSecret ?? Secret("")))
    case .post:
      name(in: &form)
      form.append(FormField("client_secret", clientSecret?.reveal() ?? ""))
    case .privateKeyJWT:
      // Optional beside the assertion (RFC 7521, section 4.2), but some providers want it.
      name(in: &form)
      form.append(FormField("client_assertion_type", Self.assertionType))
      form.append(FormField("client_assertion", assertion?.reveal() ?? ""))
    // RFC 8705, section 2: the certificate does not name the client, so the body must.
    case .tlsClientAuth, .selfSignedTLSClientAuth: if !clientID.isEmpty { name(in: &form) }
    case .none: name(in: &form)
    }
    let body = Array(FormEncoding.encode(form).utf8)
    headers.add("Content-Length", String(body.count))
    return HTTPRequest(method: "POST", url: endpoint, headers: headers, body: body)
  }

  /// A pushed request already carries the client id.
  private func name(in form: inout [FormField]) {
    if form["client_id"] == nil { form.append(FormField("client_id", clientID)) }
  }
}
