import OpenID

/// An action that an application may take with its tokens after the flow.
public enum AfterAction: Sendable, Hashable {
  /// Exchange the refresh token for new tokens.
  ///
  /// OpenID Connect Core 1.0, section 12.
  case refresh
  /// Call the userinfo endpoint with the current access token.
  case userinfo
  /// Ask the tenant whether a token is still valid.
  ///
  /// RFC 7662, section 2.
  case introspect(TokenRecord.Use)
  /// Revoke a token.
  ///
  /// RFC 7009, section 2.
  case revoke(TokenRecord.Use)
  /// Sign the person out at the tenant.
  ///
  /// OpenID Connect RP-Initiated Logout 1.0, section 2.
  case logout

  /// Every action in the order in which a list shows them.
  public static let all: [AfterAction] = [
    .refresh, .userinfo, .introspect(.accessToken), .introspect(.refreshToken),
    .revoke(.accessToken), .revoke(.refreshToken), .logout,
  ]

  /// The id used on the command line and in `--json`.
  public var id: String {
    switch self {
    case .refresh: "refresh"
    case .userinfo: "userinfo"
    case .introspect(.accessToken): "introspect"
    case .introspect(let use): "introspect-\(use.dashed)"
    case .revoke(.refreshToken): "revoke"
    case .revoke(let use): "revoke-\(use.dashed)"
    case .logout: "logout"
    }
  }

  /// The action of an id; nil for an unknown one.
  public init?(id: String) {
    guard let action = Self.all.first(where: { $0.id == id }) else { return nil }
    self = action
  }

  /// A short title for lists.
  public var title: String {
    switch self {
    case .refresh: "Refresh the tokens"
    case .userinfo: "Ask the userinfo endpoint"
    case .introspect(let use): "Introspect the \(use.words)"
    case .revoke(let use): "Revoke the \(use.words)"
    case .logout: "Sign out at the tenant"
    }
  }

  /// The specification of the action.
  public var spec: SpecReference {
    switch self {
    case .refresh: .core("12")
    case .userinfo: .core("5.3")
    case .introspect: .rfc(7662, "2")
    case .revoke: .rfc(7009, "2")
    case .logout: SpecReference("OpenID Connect RP-Initiated Logout 1.0", "2")
    }
  }
}

extension TokenRecord.Use {
  /// The token's name in a sentence.
  var words: String {
    switch self {
    case .idToken: "ID token"
    case .accessToken: "access token"
    case .refreshToken: "refresh token"
    case .response: "response JWT"
    }
  }

  fileprivate var dashed: String {
    switch self {
    case .idToken: "id"
    case .accessToken: "access"
    case .refreshToken: "refresh"
    case .response: "response"
    }
  }
}

/// An action as it can be offered to a person.
public struct AfterOffer: Sendable, Equatable {
  /// Which action.
  public let action: AfterAction
  /// Why it cannot be done now; nil when it can.
  public let unavailable: String?

  /// Offers an action, or says why it cannot be done.
  public init(action: AfterAction, unavailable: String?) {
    (self.action, self.unavailable) = (action, unavailable)
  }
}

/// What happened in one action after the flow.
public struct AfterRecord: Sendable, Equatable {
  /// Which action.
  public let action: AfterAction
  /// Messages, values, tokens, checks and failure, in the form in which stages keep them.
  ///
  /// Its stage is the last one that ran; the records of the stages themselves stay as they were.
  public internal(set) var record: StageRecord

  /// Whether the action is over.
  public var isOver: Bool { record.endedAt != nil }
}

/// Where the browser returns to after a logout.
public enum PostLogout {
  /// The address beside a redirect URI; it must be registered at the tenant, like that one.
  ///
  /// OpenID Connect RP-Initiated Logout 1.0, section 3.
  public static func redirectURI(beside redirectURI: WebURL) -> WebURL? {
    try? WebURL(redirectURI.origin + path(beside: redirectURI))
  }

  /// The path of that address: never the path of the redirect URI.
  public static func path(beside redirectURI: WebURL) -> String {
    redirectURI.path == "/logged-out" ? "/signed-out" : "/logged-out"
  }
}
