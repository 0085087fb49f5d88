import OpenID

/// What a request to the tenant is for, by its path.
public enum TenantService: Sendable, Equatable {
  /// The discovery document.
  case discovery
  /// The published keys.
  case keys
  /// The keys of an attacker, to which a forged token may point.
  case strangersKeys
  /// The authorization endpoint.
  case authorize
  /// A page on the way from there to the answer.
  case page
  /// The endpoint for pushed authorization requests.
  case push
  /// The token endpoint.
  case token
  /// The userinfo endpoint.
  case userinfo
  /// The introspection endpoint.
  case introspection
  /// The revocation endpoint.
  case revocation
  /// One of the APIs.
  case api
  /// The logout endpoint.
  case logout
  /// Pages, pictures, and what else there is.
  case other
}

extension TenantSettings {
  /// The service at a path of a request, which may have a query behind it.
  public func service(at target: String) -> TenantService {
    let base = (try? WebURL(issuer))?.path ?? ""
    let prefix = base.dropping(suffix: "/") ?? base[...]
    let path = target.before("?")
    guard let rest = path.dropping(prefix: prefix + "/") else { return .other }
    let below = "/" + rest
    switch below {
    case Path.discovery: return .discovery
    case Path.jwks: return .keys
    case Path.strangersKeys: return .strangersKeys
    case Path.authorize: return .authorize
    case Path.resume, Path.login, Path.consent: return .page
    case Path.push: return .push
    case Path.token: return .token
    case Path.introspect: return .introspection
    case Path.revoke: return .revocation
    case Path.userinfo: return .userinfo
    case Path.logout: return .logout
    default:
      return apis.contains { $0.resources.contains { $0.path.isIdentical(to: below) } }
        ? .api : .other
    }
  }
}
