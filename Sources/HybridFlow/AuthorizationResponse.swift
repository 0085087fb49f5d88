import OpenID

/// The authorization response as it arrived at the redirect URI.
///
/// OpenID Connect Core 1.0, section 3.3.2.5; OAuth 2.0 Form Post Response Mode, section 2.
public struct AuthorizationResponse: Sendable, Equatable {
  /// The request that carried it.
  public let request: HTTPRequest
  /// The fields in order, repeats kept; empty when they could not be decoded.
  public private(set) var fields: [FormField]
  /// Why the fields could not be decoded.
  public let fault: EncodedTextError?
  /// When it arrived.
  public let receivedAt: UnixTime
  /// Where the fields were: body, query or fragment.
  public let carrier: PastedAnswer.Carrier
  /// The names of fields in it that hold what a person types to sign in; their values are not kept.
  let credentials: [String]

  /// Whether its text tells where the fields were; pasted fields alone do not.
  public let tellsCarrier: Bool

  /// The parameters that the flow knows; others are ignored (RFC 6749, section 4.1.2).
  public static let knownNames: Set<String> = [
    "code", "id_token", "access_token", "token_type", "expires_in", "state", "iss", "error",
    "error_description", "error_uri", "refresh_token", "scope", responseField,
  ]

  /// The parameter that holds the whole answer as one JWT.
  ///
  /// JARM, section 2.3.
  public static let responseField = "response"

  /// What came around the fields, when they were opened out of a JWT that passed every check.
  public private(set) var outer: [FormField]?

  init(_ request: HTTPRequest, at now: UnixTime, tellsCarrier: Bool = true) {
    let typed = CredentialFields(request)
    self.request = typed.request
    credentials = typed.names
    self.tellsCarrier = tellsCarrier
    receivedAt = now
    let raw: [UInt8]
    if request.method == "POST", typed.repeatsAnotherForm {
      carrier = .query
      raw = Array(request.query.utf8)
    } else if request.method == "POST" {
      carrier = FragmentRelay.carries(request) ? .fragment : .body
      // RFC 9112, section 2.2: a client may end the body with a line break. No value has one that
      // is not encoded.
      let last = typed.request.body.lastIndex { $0 != 0x0D && $0 != 0x0A }
      raw = Array(typed.request.body.prefix(last.map { $0 + 1 } ?? 0))
    } else if let fragment = request.fragment {
      carrier = .fragment
      raw = Array(fragment.utf8)
    } else {
      raw = Array(request.query.utf8)
      carrier = .query
    }
    do {
      fields = try FormEncoding.decode(raw)
      fault = nil
    } catch {
      fields = []
      fault = error
    }
  }

  /// The answer that a JWT carried, once the JWT has passed every check.
  func opened(_ claims: JSONValue) -> AuthorizationResponse {
    AuthorizationResponse(opening: self, ResponseJWT.fields(of: claims))
  }

  private init(opening closed: AuthorizationResponse, _ fields: [FormField]) {
    self = closed
    (outer, self.fields) = (closed.fields, fields)
  }

  /// The JWT that holds the answer, while it is not opened; nil when there is none.
  var responseJWT: String? { outer == nil ? self[Self.responseField] : nil }

  /// Whether the page at the redirect URI has kept such a JWT in the browser: it was not asked for
  /// there.
  var keepsResponseJWT: Bool { kept.contains(Self.responseField) }

  /// Whether it is encrypted, so that nobody can tell from outside to which run it belongs.
  var isSealed: Bool { responseJWT.map(ResponseJWT.isEncrypted) ?? false }

  /// The state by which an answer is told from a stranger's before anything in it is believed.
  var apparentState: String? {
    guard let text = responseJWT else { return self["state"] }
    return ResponseJWT.state(in: text)
  }

  /// The value of a parameter; an empty one counts as absent (RFC 6749, section 3.1).
  subscript(name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// What the page at the redirect URI has kept in the browser, by name: it was not asked for there.
  var kept: [String] { (self[FragmentRelay.keptField] ?? "").split(at: " ").map(String.init) }

  /// The error, when the response is one.
  var error: OAuthError? {
    self["error"].map {
      OAuthError(
        endpoint: .authorization, code: $0, description: self["error_description"],
        uri: self["error_uri"])
    }
  }

  /// Whether it has no known parameter of an authorization response.
  var isEmpty: Bool {
    kept.isEmpty && !fields.contains { Self.knownNames.contains($0.name) } && fault == nil
  }
}
