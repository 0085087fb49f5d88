import OpenID

/// The one table of what is secret, by the names of values on the wire.
///
/// The screen, `run --json`, recordings and exports use it, each with its own replacement: see
/// ``Redactor`` for what is shown, ``EventMask`` for what is stored. Values under names that are
/// not in the table are judged by their shape: see ``SecretFinder``.
public enum SecretPolicy {
  /// How much of a value may be shown.
  public enum Kind: Sendable, Equatable {
    /// Codes, tokens and verifiers: both ends, so that equal values can be recognised.
    case endsShown
    /// Passwords, client secrets and client credentials: nothing.
    case hidden
    /// Personal data; not secret on that person's own screen, but not to be passed on.
    case personal
  }

  /// Names of values whose ends are shown.
  private static let endsShown = [
    "code", "id_token", "access_token", "refresh_token", "code_verifier", "token",
    "id_token_hint", "form_token", "auth_code", "authorization_code", "device_code", "user_code",
    "auth_req_id", "assertion", "saml_response", "saml_request",
  ]
  /// Names of values of which nothing is shown.
  private static let hidden = [
    "client_secret", "password", "client_assertion", "passwd", "passcode", "passphrase", "pwd",
    "pin", "otp", "totp", "secret", "device_secret", "api_key", "private_key",
  ]
  /// The claims of OpenID Connect Core 1.0, section 5.1, that identify a person, those of common
  /// providers, and what people type to identify themselves.
  private static let personal = [
    "sub", "subject", "name", "given_name", "family_name", "middle_name", "nickname",
    "preferred_username", "first_name", "last_name",
    "profile", "picture", "website", "email", "birthdate", "phone_number", "address", "upn",
    "unique_name", "username", "oid", "sid", "session_state", "login_hint", "ipaddr",
  ]
  /// The endings of further secret names, as in `my_token` and `subjectToken`.
  private static let endings: [(ending: String, kind: Kind)] = [
    ("token", .endsShown), ("verifier", .endsShown), ("assertion", .endsShown),
    ("secret", .hidden), ("password", .hidden), ("passwd", .hidden), ("passphrase", .hidden),
  ]

  /// Names of values that are not secret, though they may be long and random.
  ///
  /// They identify, correlate, bind or describe, and prove nothing by themselves: parameters and
  /// claims of OAuth (RFC 6749, 7636, 8693, 9101, 9126, 9207, 9396), OpenID Connect Core 1.0 and
  /// its session specifications, JWT, JWS and JWK (RFC 7515, 7517, 7519, 7800), and the numbers
  /// with which providers find a request in their logs. A reader must see them to follow the
  /// comparisons.
  private static let open: Set<String> = [
    // Identify.
    "client_id", "redirect_uri", "post_logout_redirect_uri", "request_uri", "iss", "issuer", "aud",
    "azp", "jti", "tid", "kid", "client_name", "resource", "audience",
    // Correlate and bind.
    "state", "nonce", "c_hash", "at_hash", "s_hash", "rt_hash", "ds_hash", "code_challenge",
    "dpop_jkt", "dpop_nonce", "jkt", "ath", "x5t", "x5t#S256", "trace_id", "correlation_id",
    "request_id",
    // Describe.
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

  /// The kind of a value by its name; nil when the name does not tell.
  ///
  /// `Code`, `code[]`, `"code` and `data[code]` count as `code`, and `refreshToken` as
  /// `refresh_token`.
  public static func kind(of name: String) -> Kind? {
    let plain = plain(name)
    if let kind = kinds[plain] { return kind }
    return endings.first { plain.utf8.count > $0.ending.utf8.count && plain.ends(with: $0.ending) }?
      .kind
  }

  /// The kind of a member of JSON; the short `code` of an error is not an authorization code.
  static func kind(ofMember name: String, _ value: String) -> Kind? {
    plain(name) == "code" && !SecretShape.isRandom(value) ? nil : kind(of: name)
  }

  /// Whether the value of this name is never secret, even if it is long and random.
  static func isOpen(_ name: String) -> Bool { openPlain.contains(plain(name)) }

  /// Whether a value is one of the protocol's own names, such as `access_token`.
  static func isWord(_ value: String) -> Bool {
    value.utf8.count <= 40 && (kinds[plain(value)] != nil || isOpen(value))
  }

  /// The members by which a token response differs from other JSON.
  static let answerMembers: Set<String> = [
    "access_token", "id_token", "refresh_token", "token_type", "issued_token_type", "expires_in",
    "device_code", "request_uri", "auth_req_id", "active", "code", "error",
  ]

  /// The letters and digits of a name's last part, in lower case and without a number at the end.
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

  /// What the value of a header is made of.
  enum HeaderContent: Sendable {
    /// A scheme and a credential.
    case authorization
    /// Pairs of names and secret values.
    case cookies
    /// One such pair, and attributes.
    case setCookie
    /// An address; the fields of its query and of its fragment may be secret.
    case address
    /// A credential as a whole.
    case credential
    /// Anything else.
    case text
  }

  private static let headers: [String: HeaderContent] = [
    "authorization": .authorization, "proxy-authorization": .authorization,
    "cookie": .cookies, "set-cookie": .setCookie,
    "location": .address, "content-location": .address, "referer": .address,
    "x-api-key": .credential, "api-key": .credential, "apikey": .credential,
  ]
  /// The endings of further names of credentials, as in `X-Auth-Token`.
  private static let credentialEndings = ["token", "secret", "password", "api-key"]

  /// What the value of a header is made of, by its name.
  static func content(ofHeader name: String) -> HeaderContent {
    let name = name.asciiLowercased
    return headers[name]
      ?? (credentialEndings.contains { name.ends(with: $0) } ? .credential : .text)
  }
}
