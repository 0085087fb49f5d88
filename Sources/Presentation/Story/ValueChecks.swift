import HybridFlow

/// Which checks judge a value, by its name and place.
enum ValueChecks {
  /// The checks of a value; empty where none looks at it alone.
  static func ids(_ name: String, _ place: Glossary.Context) -> [CheckID] {
    guard place == .authorizationResponse || place == .tokenResponse else { return [] }
    return switch name {
    case "state": [.stateMatch]
    case "iss": [.responseIss]
    case "code": [.cHashMatch]
    case "access_token": [place == .authorizationResponse ? .atHashMatch : .backAtHash]
    case "id_token": [.idTokenSignature]
    case "token_type": [.tokenTypeFront, .tokenTypeBack]
    case "scope": [.scopeGranted]
    case "expires_in": [.expiresIn]
    default: []
    }
  }
}
