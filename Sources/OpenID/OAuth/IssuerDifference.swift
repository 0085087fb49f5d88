/// How two issuers differ that should be equal.
///
/// OpenID Connect Discovery 1.0, section 4.3: they are compared letter by letter, so each of these is
/// another issuer.
public enum IssuerDifference: Int, Sendable, Comparable, CaseIterable {
  // In order: the smallest difference first.
  /// A slash at the end.
  case slash
  /// http in the place of https, or the other way round.
  case scheme
  /// One of them is a template with a placeholder for the tenant.
  case template
  /// The same address in another spelling: case of the host, a default port.
  case spelling
  /// Another path at the same place.
  case path
  /// Another port of this machine.
  case localPort
  /// Another host, and one of them is this machine.
  case localHost
  /// Another port at the same host.
  case port
  /// Another host.
  case host

  /// The difference between the expected issuer and the one found; nil when they are equal, or not
  /// issuers.
  public init?(expected: String, found: String) {
    if expected.isIdentical(to: found) { return nil }
    if found.holds("{") || expected.holds("{") {
      self = .template
    } else if found.isIdentical(to: expected + "/") || expected.isIdentical(to: found + "/") {
      self = .slash
    } else if Self.bare(expected).isIdentical(to: Self.bare(found)) {
      self = .scheme
    } else {
      guard let wanted = try? WebURL(expected), let seen = try? WebURL(found) else { return nil }
      let isSameHost = wanted.host.isIdentical(toIgnoringCase: seen.host)
      let isSamePath = wanted.path.isIdentical(to: seen.path)
      if isSameHost, wanted.port == seen.port {
        self = isSamePath ? .spelling : .path
      } else if isSameHost, isSamePath {
        self = wanted.isLoopback ? .localPort : .port
      } else {
        self = wanted.isLoopback || seen.isLoopback ? .localHost : .host
      }
    }
  }

  /// The order by size.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// Without scheme.
  private static func bare(_ issuer: String) -> String {
    String(issuer.dropping(prefix: "https://") ?? issuer.dropping(prefix: "http://") ?? issuer[...])
  }
}
