/// The JSON types of the members of a discovery document.
extension ProviderMetadata {
  /// A member with a value of another type than the specification gives it.
  public struct Mistyped: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The type it has, as JSON calls it, with its article.
    public var found: String
    /// The type it should have, in words.
    public var wanted: String

    /// All of it in one part of a sentence.
    public var words: String { "\(name) is \(found), where \(wanted) is wanted" }
  }

  private static let flags: Set<String> = [
    "claims_parameter_supported", "request_parameter_supported",
    "request_uri_parameter_supported", "require_request_uri_registration",
    "require_pushed_authorization_requests", "require_signed_request_object",
    "authorization_response_iss_parameter_supported",
    "tls_client_certificate_bound_access_tokens", "frontchannel_logout_supported",
    "frontchannel_logout_session_supported", "backchannel_logout_supported",
    "backchannel_logout_session_supported",
  ]

  private static let lists: Set<String> = [
    "response_types_supported", "response_modes_supported", "grant_types_supported",
    "subject_types_supported", "scopes_supported", "claims_supported", "claim_types_supported",
    "acr_values_supported", "display_values_supported", "prompt_values_supported",
    "ui_locales_supported", "claims_locales_supported", "code_challenge_methods_supported",
    "id_token_signing_alg_values_supported", "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported", "userinfo_signing_alg_values_supported",
    "request_object_signing_alg_values_supported", "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported", "dpop_signing_alg_values_supported",
    "authorization_signing_alg_values_supported",
    "introspection_endpoint_auth_methods_supported", "revocation_endpoint_auth_methods_supported",
  ]

  private static let texts: Set<String> = [
    "issuer", "jwks_uri", "authorization_endpoint", "token_endpoint", "userinfo_endpoint",
    "end_session_endpoint", "revocation_endpoint", "introspection_endpoint",
    "registration_endpoint", "pushed_authorization_request_endpoint",
  ]

  /// The members whose value has another type than the specification gives them; only of members that
  /// a specification has.
  ///
  /// OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2.
  public var mistyped: [Mistyped] {
    (json.members ?? []).compactMap { member in
      let (name, value) = (member.name, member.value)
      let wanted: String
      switch true {
      case Self.flags.contains(name) && value.bool == nil: wanted = "true or false"
      case Self.lists.contains(name) && value.strings == nil: wanted = "a list of texts"
      case Self.texts.contains(name) && value.string == nil: wanted = "a text"
      default: return nil
      }
      return Mistyped(name: name, found: value.typePhrase, wanted: wanted)
    }
  }

  /// The members that every document must have; the first three are needed for a login.
  ///
  /// OpenID Connect Discovery 1.0, section 3.
  public static let requiredMembers = [
    "authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported",
    "subject_types_supported", "id_token_signing_alg_values_supported",
  ]

  /// The required members that are absent.
  public var missing: [String] {
    Self.requiredMembers.filter { json[$0].map { $0 == .null } ?? true }
  }

  /// Whether nothing of a provider stands in it: it is JSON of another kind.
  public var isForeign: Bool {
    json["issuer"] == nil && missing.count == Self.requiredMembers.count
  }

  /// Whether a type of the hybrid flow is listed; nil when no types are.
  public var listsHybrid: Bool? {
    guard !responseTypes.isEmpty else { return nil }
    return ResponseType.allCases.contains { $0.isListed(in: responseTypes) }
  }

  /// Whether it is the document of Apple, which lists only `code` and answers `code id_token` too.
  public var answersHybridUnlisted: Bool {
    let claims = json["claims_supported"]?.strings ?? []
    return issuer == "https://appleid.apple.com"
      || claims.contains("real_user_status") && claims.contains("nonce_supported")
  }

  /// Why nobody is asked about the person: no userinfo endpoint is listed.
  public var nothingToFetch: String {
    answersHybridUnlisted
      ? "As at Apple, there is no userinfo endpoint: there is nothing to fetch, and that is right. "
        + "What the application may know stands in the ID token."
      : "The provider has no userinfo endpoint, and no other API was named."
  }

  /// What stands in a member that should be a list: nothing, or something of another type.
  public func state(of name: String) -> String {
    mistyped.first { $0.name == name }?.words ?? "no \(name)"
  }

  /// The members that speak of access tokens bound to the client's TLS certificate.
  ///
  /// RFC 8705, sections 3.3 and 5; the second name is of an older draft.
  public var certificateBindingMembers: [String] {
    let bound = [
      "tls_client_certificate_bound_access_tokens", "mutual_tls_sender_constrained_access_tokens",
    ]
    return bound.filter { json[$0]?.bool == true }
      + ["mtls_endpoint_aliases"].filter { json[$0]?.members?.isEmpty == false }
  }

  /// Whether access tokens are bound to the certificate that a client shows, as the provider says.
  ///
  /// RFC 8705, section 3.3.
  public var bindsAccessTokens: Bool {
    json["tls_client_certificate_bound_access_tokens"]?.bool == true
  }

  /// Whether access tokens can be bound to the client's TLS certificate.
  public var bindsTokensToCertificates: Bool { !certificateBindingMembers.isEmpty }
}
