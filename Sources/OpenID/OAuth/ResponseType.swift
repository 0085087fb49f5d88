/// The response type of an authorization request; every hybrid type contains `code`.
///
/// OAuth 2.0 Multiple Response Types, section 5; OpenID Connect Core 1.0, section 3.3.
public enum ResponseType: String, Sendable, Hashable, CaseIterable {
  /// A code and an ID token: the type that RFC 9700 names as acceptable.
  case codeIDToken = "code id_token"
  /// A code and an access token; no ID token, so nothing in the front channel protects the code.
  case codeToken = "code token"
  /// A code, an ID token and an access token.
  case codeIDTokenToken = "code id_token token"

  /// Reads a type; the order of its words does not matter.
  ///
  /// RFC 6749, section 3.1.1.
  public init?(words: String) {
    let wanted = words.split(at: " ").sorted()
    guard
      let match = Self.allCases.first(where: {
        $0.rawValue.split(at: " ").sorted() == wanted
      })
    else { return nil }
    self = match
  }

  /// Whether an ID token comes through the front channel.
  public var hasIDToken: Bool { self != .codeToken }
  /// Whether an access token comes through the front channel.
  public var hasAccessToken: Bool { self != .codeIDToken }

  /// Whether a list of metadata names this type, in any order of words.
  public func isListed(in supported: [String]) -> Bool {
    supported.contains { ResponseType(words: $0) == self }
  }
}

/// How the authorization response is delivered.
public enum ResponseMode: String, Sendable, Hashable, CaseIterable {
  /// A page whose form the browser posts to the application.
  case formPost = "form_post"
  /// After `#`, where only a script in the browser sees it; the default of every hybrid type.
  case fragment
  /// In the query; forbidden for hybrid types. OAuth 2.0 Multiple Response Types, section 5.
  case query
  /// As `form_post`, with the answer in one signed JWT. JARM, section 2.3.3.
  case formPostJWT = "form_post.jwt"
  /// As `fragment`, with the answer in one signed JWT. JARM, section 2.3.2.
  case fragmentJWT = "fragment.jwt"
  /// As `query`, with the answer in one JWT; for hybrid types it must be encrypted. JARM, section
  /// 2.3.1.
  case queryJWT = "query.jwt"
  /// The default of the response type, with the answer in one signed JWT: for hybrid types the
  /// fragment. JARM, section 2.3.4.
  case jwt

  /// Whether the answer comes as one JWT in the parameter `response`.
  public var isJWT: Bool {
    switch self {
    case .formPost, .fragment, .query: false
    case .formPostJWT, .fragmentJWT, .queryJWT, .jwt: true
    }
  }
}
