import OpenID

/// The one table of what is secret, by the names under which values travel.
///
/// The screen, `run --json`, recordings and exports read it; what each shows in a secret's place
/// is its own affair: see ``Masker`` for what is looked at, ``EventMask`` for what is kept.
public enum SecretPolicy {
  /// How much of a value may be seen.
  public enum Kind: Sendable, Equatable {
    /// Codes, tokens and verifiers: head and tail, so that equal values are seen to be equal.
    case endsShown
    /// Passwords, client secrets and what proves a client: nothing.
    case hidden
    /// What tells of a person; no secret on the screen of that person, but nothing to hand on.
    case personal
  }

  /// Values of which head and tail are shown.
  private static let endsShown: Set<String> = [
    "code", "id_token", "access_token", "refresh_token", "code_verifier", "token",
    "id_token_hint", "form_token",
  ]
  /// Values of which nothing is shown.
  private static let hidden: Set<String> = [
    "client_secret", "password", "client_assertion", "passwd", "passcode", "pwd", "otp", "totp",
  ]
  /// The claims of OpenID Connect Core 1.0, section 5.1, that name a person, those of common
  /// providers, and what people type in to say who they are.
  private static let personal: Set<String> = [
    "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
    "profile", "picture", "website", "email", "birthdate", "phone_number", "address", "upn",
    "unique_name", "username", "oid", "sid", "session_state", "login_hint", "ipaddr",
  ]

  /// What a value is by its name; nil for one that anybody may see.
  public static func kind(of name: String) -> Kind? {
    if endsShown.contains(name) { return .endsShown }
    if hidden.contains(name) { return .hidden }
    return personal.contains(name) ? .personal : nil
  }

  /// What a member of a JSON document is; an error document’s `code` is no authorization code.
  public static func kind(ofMember name: String) -> Kind? {
    name == "code" ? nil : kind(of: name)
  }

  /// Headers whose whole value is a credential; those with parts of their own are read as such.
  private static let credentialHeaders: Set<String> = [
    "x-api-key", "api-key", "apikey", "x-auth-token", "x-access-token", "x-csrf-token",
    "x-xsrf-token",
  ]

  /// Whether a header’s value is a credential as a whole.
  public static func isCredential(header name: String) -> Bool {
    credentialHeaders.contains(name.asciiLowercased)
  }
}
