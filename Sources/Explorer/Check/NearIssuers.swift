import OpenID

/// The issuers that somebody may have meant.
enum NearIssuers {
  /// The most that are tried.
  static let maximum = 6

  /// Other forms of an issuer under which nothing was found, likely ones first.
  static func of(_ issuer: WebURL) -> [WebURL] {
    var texts: [String] = []
    let text = issuer.text
    let bare = text.hasSuffix("/") ? String(text.dropLast()) : text
    for suffix in ["/.well-known/openid-configuration", "/.well-known"] where bare.hasSuffix(suffix)
    {
      texts.append(String(bare.dropLast(suffix.count)))
    }
    if issuer.path.hasPrefix("/realms/") {
      texts.append(issuer.origin + "/auth" + issuer.path)
    } else if issuer.path.hasPrefix("/auth/realms/") {
      texts.append(issuer.origin + issuer.path.dropFirst(5))
    }
    switch ProviderPreset(issuer: issuer) {
    case .oktaOrg: texts.append(issuer.origin + "/oauth2/default")
    case .okta: texts.append(issuer.origin)
    case .entra where !bare.hasSuffix("/v2.0"): texts.append(bare + "/v2.0")
    default: break
    }
    texts.append(
      issuer.isHTTPS
        ? "http" + text.dropFirst("https".count) : "https" + text.dropFirst("http".count))
    if issuer.path != "", issuer.path != "/" {
      let segments = issuer.path.split(separator: "/")
      if segments.count > 1, let first = segments.first {
        texts.append(issuer.origin + "/" + first)
      }
      texts.append(issuer.origin + "/")
    }
    var near: [WebURL] = []
    for text in texts {
      guard let url = try? WebURL(text), url.isHTTPS || url.isLoopback, url != issuer,
        !near.contains(url)
      else { continue }
      near.append(url)
    }
    return Array(near.prefix(maximum))
  }
}
