import OpenID

/// The one table of what is secret, by the names under which values travel.
///
/// The screen, `run --json`, recordings and exports read it; what each shows in a secret's place
/// is its own affair: see ``Redactor`` for what is looked at, ``EventMask`` for what is kept. Values
/// under names that stand here nowhere are judged by what they look like: see ``SecretFinder``.
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
  private static let endsShown = [
    "code", "id_token", "access_token", "refresh_token", "code_verifier", "token",
    "id_token_hint", "form_token", "auth_code", "authorization_code", "device_code", "user_code",
    "auth_req_id", "assertion", "saml_response", "saml_request",
  ]
  /// Values of which nothing is shown.
  private static let hidden = [
    "client_secret", "password", "client_assertion", "passwd", "passcode", "passphrase", "pwd",
    "pin", "otp", "totp", "secret", "device_secret", "api_key", "private_key",
  ]
  /// The claims of OpenID Connect Core 1.0, section 5.1, that name a person, those of common
  /// providers, and what people type in to say who they are.
  private static let personal = [
    "sub", "subject", "name", "given_name", "family_name", "middle_name", "nickname",
    "preferred_username",
    "profile", "picture", "website", "email", "birthdate", "phone_number", "address", "upn",
    "unique_name", "username", "oid", "sid", "session_state", "login_hint", "ipaddr",
  ]
  /// How the names of further secrets end, as in `my_token` and `subjectToken`.
  private static let endings: [(ending: String, kind: Kind)] = [
    ("token", .endsShown), ("verifier", .endsShown), ("assertion", .endsShown),
    ("secret", .hidden), ("password", .hidden), ("passwd", .hidden), ("passphrase", .hidden),
  ]

  /// Values that anybody may see, though they may be long and random.
  ///
  /// These are the parameters and claims that identify, correlate, bind or describe, and prove
  /// nothing by themselves: of OAuth (RFC 6749, 7636, 8693, 9101, 9126, 9207, 9396), OpenID Connect
  /// Core 1.0 and its session specifications, JWT, JWS and JWK (RFC 7515, 7517, 7519, 7800), and
  /// the numbers with which providers find a request in their logs. A reader has to see them to
  /// follow what is compared with what.
  private static let open: Set<String> = [
    // What identifies.
    "client_id", "redirect_uri", "post_logout_redirect_uri", "request_uri", "iss", "issuer", "aud",
    "azp", "jti", "tid", "kid", "client_name", "resource", "audience",
    // What correlates and binds.
    "state", "nonce", "c_hash", "at_hash", "s_hash", "rt_hash", "ds_hash", "code_challenge",
    "dpop_jkt", "jkt", "x5t", "x5t#S256", "trace_id", "correlation_id", "request_id",
    // What describes.
    "scope", "scp", "token_type", "issued_token_type", "requested_token_type",
    "subject_token_type", "actor_token_type", "token_type_hint", "expires_in", "response_type",
    "response_mode", "grant_type", "client_assertion_type", "code_challenge_method", "prompt",
    "display", "max_age", "ui_locales", "claims_locales", "claims", "acr", "acr_values", "amr",
    "auth_time", "exp", "iat", "nbf", "alg", "enc", "typ", "cty", "authorization_details",
    "verification_uri", "interval", "roles", "groups",
  ]

  private static let kinds = Dictionary(
    endsShown.map { (plain($0), Kind.endsShown) } + hidden.map { (plain($0), .hidden) }
      + personal.map { (plain($0), .personal) }, uniquingKeysWith: { first, _ in first })
  private static let openPlain = Set(open.map(plain))

  /// What a value is by its name; nil for one of which the name does not tell.
  ///
  /// `Code`, `code[]`, `"code` and `data[code]` are `code`, and `refreshToken` is `refresh_token`:
  /// who writes them so means the same.
  public static func kind(of name: String) -> Kind? {
    let plain = plain(name)
    if let kind = kinds[plain] { return kind }
    return endings.first { plain.utf8.count > $0.ending.utf8.count && plain.ends(with: $0.ending) }?
      .kind
  }

  /// What a member of a JSON document is; an error document’s `code` is no authorization code.
  public static func kind(ofMember name: String) -> Kind? {
    isCode(name) ? nil : kind(of: name)
  }

  /// Whether a name is `code`, however it is written.
  static func isCode(_ name: String) -> Bool { plain(name) == "code" }

  /// Whether anybody may see the value of this name, whatever it looks like.
  static func isOpen(_ name: String) -> Bool { openPlain.contains(plain(name)) }

  /// Whether a value is one of the protocol's own names, such as `access_token`.
  static func isWord(_ value: String) -> Bool {
    value.utf8.count <= 40 && (kinds[plain(value)] != nil || isOpen(value))
  }

  /// The members that tell an answer with tokens from other JSON.
  static let answerMembers: Set<String> = [
    "access_token", "id_token", "refresh_token", "token_type", "issued_token_type", "expires_in",
    "device_code", "request_uri", "auth_req_id", "active", "code", "error",
  ]

  /// The letters and digits of the last part of a name, in lower case and without a number behind.
  private static func plain(_ name: String) -> String {
    var word: [UInt8] = []
    var before: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case 0x41...0x5A, 0x61...0x7A, 0x30...0x39: word.append(byte | 0x20)
      case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "."), UInt8(ascii: ":"),
        UInt8(ascii: "/"), UInt8(ascii: " "):
        if !word.isEmpty { (before, word) = (word, []) }
      default: break
      }
    }
    if word.isEmpty { word = before }
    while word.count > 1, let last = word.last, (0x30...0x39).contains(last) { word.removeLast() }
    return String(decoding: word, as: UTF8.self)
  }

  /// Headers whose whole value is a credential; those with parts of their own are read as such.
  private static let credentialHeaders: Set<String> = [
    "x-api-key", "api-key", "apikey", "x-auth-token", "x-access-token", "x-csrf-token",
    "x-xsrf-token",
  ]

  /// Whether a header’s value is a credential as a whole.
  public static func isCredential(header name: String) -> Bool {
    let name = name.asciiLowercased
    return credentialHeaders.contains(name)
      || ["token", "secret", "password", "api-key"].contains { name.ends(with: $0) }
  }
}
