/// The metadata that a provider publishes about itself.
///
/// OpenID Connect Discovery 1.0, section 3.
///
/// The JSON is kept whole; the accessors read it and apply the defaults of the specification.
public struct ProviderMetadata: Sendable, Equatable {
  /// The document as received, or built from explicit endpoints.
  public let json: JSONValue

  /// Wraps a document; nil when it is not an object.
  public init?(_ json: JSONValue) {
    guard case .object = json else { return nil }
    self.json = json
  }

  /// The address of an issuer's document: without one final `/`, with the well-known path appended.
  ///
  /// OpenID Connect Discovery 1.0, section 4.
  ///
  /// - Throws: ``WebURLError/queryOrFragment`` for an issuer with one; section 3 allows neither.
  public static func documentURL(of issuer: WebURL) throws(WebURLError) -> WebURL {
    guard issuer.query == nil, issuer.fragment == nil else { throw .queryOrFragment }
    let base = issuer.text.dropping(suffix: "/").map { String($0) } ?? issuer.text
    return try WebURL(base + "/.well-known/openid-configuration")
  }

  /// The issuer whose document has this address; nil when it is no such address.
  ///
  /// RFC 8414, section 3, puts the well-known part between host and path; both forms are read.
  public static func issuer(ofDocument url: WebURL) -> WebURL? {
    for name in ["openid-configuration", "oauth-authorization-server"] {
      guard let (before, after) = url.text.cut(at: "/.well-known/\(name)"),
        after.isEmpty || after.begins(with: "/")
      else { continue }
      return try? WebURL("\(before)\(after)")
    }
    return nil
  }

  /// `issuer`.
  public var issuer: String? { json["issuer"]?.string }
  /// `authorization_endpoint`.
  public var authorizationEndpoint: String? { json["authorization_endpoint"]?.string }
  /// `token_endpoint`.
  public var tokenEndpoint: String? { json["token_endpoint"]?.string }
  /// `userinfo_endpoint`.
  public var userinfoEndpoint: String? { json["userinfo_endpoint"]?.string }
  /// `jwks_uri`.
  public var jwksURI: String? { json["jwks_uri"]?.string }
  /// `end_session_endpoint`.
  public var endSessionEndpoint: String? { json["end_session_endpoint"]?.string }
  /// `pushed_authorization_request_endpoint`.
  ///
  /// RFC 9126, section 5.
  public var pushedRequestEndpoint: String? {
    json["pushed_authorization_request_endpoint"]?.string
  }
  /// `require_pushed_authorization_requests`, by default false.
  ///
  /// RFC 9126, section 5.
  public var requiresPushedRequests: Bool {
    json["require_pushed_authorization_requests"]?.bool ?? false
  }
  /// `revocation_endpoint`.
  public var revocationEndpoint: String? { json["revocation_endpoint"]?.string }
  /// `introspection_endpoint`.
  ///
  /// RFC 8414, section 2.
  public var introspectionEndpoint: String? { json["introspection_endpoint"]?.string }
  /// `response_types_supported`; empty when absent, though it is required.
  public var responseTypes: [String] { json["response_types_supported"]?.strings ?? [] }
  /// `response_modes_supported`, by default query and fragment.
  public var responseModes: [String] {
    json["response_modes_supported"]?.strings ?? ["query", "fragment"]
  }
  /// `token_endpoint_auth_methods_supported`, by default client_secret_basic.
  public var tokenEndpointAuthMethods: [String] {
    json["token_endpoint_auth_methods_supported"]?.strings ?? ["client_secret_basic"]
  }
  /// `id_token_signing_alg_values_supported`; RS256 when absent, which every provider must offer.
  public var idTokenSigningAlgorithms: [String] {
    json["id_token_signing_alg_values_supported"]?.strings ?? ["RS256"]
  }
  /// `authorization_signing_alg_values_supported`; nil when the provider does not say.
  ///
  /// JARM, section 4.
  public var responseSigningAlgorithms: [String]? {
    json["authorization_signing_alg_values_supported"]?.strings
  }
  /// `scopes_supported`; nil when the provider does not say.
  public var scopes: [String]? { json["scopes_supported"]?.strings }
  /// `code_challenge_methods_supported`; nil when the provider does not say.
  ///
  /// RFC 8414, section 2.
  public var codeChallengeMethods: [String]? { json["code_challenge_methods_supported"]?.strings }
  /// Whether authorization responses carry `iss`.
  ///
  /// RFC 9207, section 3.
  public var sendsIssuerParameter: Bool {
    json["authorization_response_iss_parameter_supported"]?.bool ?? false
  }

  /// `jwks_uri` and every member whose name ends in `_endpoint`, if its value is a string; then
  /// those of ``aliases``.
  public var endpoints: [(name: String, url: String)] {
    Self.endpoints(in: json) + aliases.map { ("\(Self.aliasesMember).\($0.name)", $0.url) }
  }

  private static func endpoints(in json: JSONValue?) -> [(name: String, url: String)] {
    (json?.members ?? []).compactMap { member in
      guard member.name.ends(with: "_endpoint") || member.name == "jwks_uri",
        let url = member.value.string
      else { return nil }
      return (member.name, url)
    }
  }

  static let aliasesMember = "mtls_endpoint_aliases"

  /// The endpoints for clients with a certificate, by the names of the ordinary ones.
  ///
  /// RFC 8705, section 5.
  public var aliases: [(name: String, url: String)] { Self.endpoints(in: json[Self.aliasesMember]) }

  /// The address of an endpoint such as `token_endpoint`; for a client with a certificate its alias,
  /// where there is one.
  ///
  /// RFC 8705, section 5.
  public func endpoint(_ name: String, withCertificate: Bool) -> String? {
    let alias = withCertificate ? aliases.first { $0.name.isIdentical(to: name) }?.url : nil
    return alias ?? json[name]?.string
  }

  /// The ``endpoints`` with a fragment, which is not allowed.
  ///
  /// RFC 6749, sections 3.1 and 3.2.
  public var endpointsWithFragment: [(name: String, url: String)] {
    endpoints.filter { $0.url.utf8.contains(UInt8(ascii: "#")) }
  }
}
