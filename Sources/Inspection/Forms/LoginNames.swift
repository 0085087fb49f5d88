import OpenID

/// The names of a login's values, however a program writes them.
enum LoginNames {
  /// The names of OAuth 2.0 and OpenID Connect that a paste may carry.
  static let all: Set<String> = [
    "code", "state", "nonce", "id_token", "access_token", "refresh_token", "token_type",
    "expires_in", "scope", "iss", "error", "error_description", "error_uri", "session_state",
    "response", "client_id", "client_secret", "redirect_uri", "code_verifier", "code_challenge",
    "code_challenge_method", "response_type", "response_mode", "grant_type", "client_assertion",
    "client_assertion_type", "request", "request_uri", "logout_token", "id_token_hint", "user",
    "issuer",
  ]

  /// The name as the specifications write it: `id_token` for `idToken` and `raw_id_token`.
  ///
  /// A name that means nothing here stays as it is.
  static func written(_ name: String) -> String {
    if all.contains(name) { return name }
    var snake = ""
    var wasSmall = false
    for scalar in name.unicodeScalars {
      let isLarge = ("A"..."Z").contains(scalar)
      if isLarge, wasSmall { snake += "_" }
      snake.unicodeScalars.append(scalar == "-" || scalar == "." ? "_" : scalar)
      wasSmall = !isLarge && scalar != "_"
    }
    snake = snake.asciiLowercased
    if all.contains(snake) { return snake }
    for prefix in ["raw_", "auth_", "oauth_", "oidc_", "authorization_"] {
      if let rest = snake.dropping(prefix: prefix).map(String.init), all.contains(rest) {
        return rest
      }
    }
    return aliases[snake] ?? name
  }

  private static let aliases = [
    "accesstoken": "access_token", "idtoken": "id_token", "refreshtoken": "refresh_token",
    "tokentype": "token_type", "expiresin": "expires_in", "redirecturi": "redirect_uri",
    "redirect_url": "redirect_uri", "clientid": "client_id", "verifier": "code_verifier",
    "errordescription": "error_description",
  ]
}
