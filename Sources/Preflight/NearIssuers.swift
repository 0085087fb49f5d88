import Diagnosis
import OpenID

/// The issuers that may have been meant.
enum NearIssuers {
  /// The most issuers that are tried.
  static let maximum = 8

  /// Other forms of an issuer that was not found, likely ones first.
  static func of(_ issuer: WebURL) -> [WebURL] {
    var texts: [String] = []
    let text = issuer.text
    let bare = text.dropping(suffix: "/").map { String($0) } ?? text
    if let named = ProviderMetadata.issuer(ofDocument: issuer) { texts.append(named.text) }
    if let start = bare.dropping(suffix: "/.well-known") { texts.append(String(start)) }
    if issuer.path.begins(with: "/realms/") {
      texts.append(issuer.origin + "/auth" + issuer.path)
    } else if issuer.path.begins(with: "/auth/realms/") {
      texts.append(issuer.origin + issuer.path.dropFirst(bytes: 5))
    }
    switch ProviderPreset(issuer: issuer) {
    case .oktaOrg: texts.append(issuer.origin + "/oauth2/default")
    case .okta: texts.append(issuer.origin)
    case .entra where !bare.ends(with: "/v2.0"): texts.append(bare + "/v2.0")
    default: break
    }
    texts.append(
      issuer.isHTTPS
        ? "http" + text.dropFirst(bytes: 5) : "https" + text.dropFirst(bytes: 4))
    if issuer.path != "", issuer.path != "/" {
      let segments = issuer.path.split(at: "/")
      if segments.count > 1, let first = segments.first {
        texts.append(issuer.origin + "/" + first)
      }
      texts.append(issuer.origin + "/")
    } else {
      // Where products that are mounted below a path usually stand.
      texts += ["/o", "/oidc", "/oauth2", "/auth"].map { issuer.origin + $0 }
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
