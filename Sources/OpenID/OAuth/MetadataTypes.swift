/// The JSON types of the members of a discovery document.
extension ProviderMetadata {
  /// A member with a value of another type than the specification gives it.
  public struct Mistyped: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The type it has, as JSON calls it.
    public var found: String
    /// The type it should have, in words.
    public var wanted: String

    /// All of it in one part of a sentence.
    public var words: String { "\(name) is a \(found), where \(wanted) is wanted" }
  }

  private static let flags: Set<String> = [
    "claims_parameter_supported", "request_parameter_supported",
    "request_uri_parameter_supported", "require_request_uri_registration",
    "require_pushed_authorization_requests", "require_signed_request_object",
    "authorization_response_iss_parameter_supported",
    "tls_client_certificate_bound_access_tokens",
  ]

  /// The members whose value has another type than the specification gives them.
  ///
  /// OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2.
  public var mistyped: [Mistyped] {
    (json.members ?? []).compactMap { member in
      let (name, value) = (member.name, member.value)
      let isList = name.ends(with: "_supported") && !Self.flags.contains(name)
      let isText = name == "issuer" || name == "jwks_uri" || name.ends(with: "_endpoint")
      let wanted: String
      switch true {
      case Self.flags.contains(name) && value.bool == nil: wanted = "true or false"
      case isList && value.strings == nil: wanted = "a list of texts"
      case isText && value.string == nil: wanted = "a text"
      default: return nil
      }
      return Mistyped(name: name, found: value.typeName, wanted: wanted)
    }
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

  /// Whether access tokens can be bound to the client's TLS certificate.
  public var bindsTokensToCertificates: Bool { !certificateBindingMembers.isEmpty }
}
