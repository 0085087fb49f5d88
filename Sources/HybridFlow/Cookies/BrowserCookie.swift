import OpenID

/// A cookie as a server set it, and the rules by which a browser keeps and sends it.
///
/// RFC 6265bis, sections 5.5 to 5.8: the one place of these rules, for the built-in browser, for a
/// run, and for what a file tells.
public struct BrowserCookie: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The value; print it through a ``Redactor``.
  public var value: String
  /// The host that set it, in lower case.
  public var host: String
  /// The `Domain` attribute; nil for a cookie of one host.
  public var domain: String?
  /// The `Path` attribute, or the folder of the address that set it.
  public var path: String
  /// Whether it has `Secure`.
  public var isSecure = false
  /// Whether it has `HttpOnly`: no script reads it.
  public var isHTTPOnly = false
  /// The `SameSite` attribute in lower case; nil without it.
  public var sameSite: String?
  /// When it was set.
  public var setAt: UnixTime
  /// When its time is over; nil for a cookie of the session.
  public var endsAt: UnixTime?

  /// Makes a cookie of a host, without attributes.
  public init(
    name: String, value: String = "", host: String, path: String = "/", setAt: UnixTime
  ) {
    (self.name, self.value, self.host, self.path) = (name, value, host, path)
    self.setAt = setAt
  }

  /// Reads the value of a `Set-Cookie` header; nil when it names no cookie.
  public init?(setCookie line: String, from url: WebURL, at now: UnixTime) {
    let parts = line.split(at: ";", omittingEmptySubsequences: false)
    guard let first = parts.first, let (name, value) = first.cut(at: "=") else { return nil }
    self.init(
      name: name.trimmingBlanks, value: value.trimmingBlanks, host: url.host.asciiLowercased,
      path: Self.folder(of: url.path), setAt: now)
    guard !self.name.isEmpty else { return nil }
    var lifetime: Int64?
    for part in parts.dropFirst() {
      let (name, given) = part.parting(at: "=")
      let value = (given ?? "").trimmingBlanks
      switch name.trimmingBlanks.asciiLowercased {
      case "path" where value.begins(with: "/"): path = value
      case "domain" where !value.isEmpty:
        domain = (value.dropping(prefix: ".") ?? value[...]).asciiLowercased
      case "secure": isSecure = true
      case "httponly": isHTTPOnly = true
      case "samesite": sameSite = value.asciiLowercased
      case "max-age": lifetime = Int64(value)
      case "expires":
        let date = value.replacing(bytes: "-", with: " ")
        endsAt = UnixTime(httpDate: date) ?? endsAt
      default: break
      }
    }
    if let lifetime { endsAt = now.adding(seconds: max(0, min(lifetime, Self.longestSeconds))) }
  }

  /// The longest time that a browser keeps a cookie: 400 days.
  private static let longestSeconds: Int64 = 400 * 86_400

  /// Whether it is over the moment it is set: so a server deletes a cookie.
  public var isDeletion: Bool { endsAt.map { $0 <= setAt } ?? false }

  /// Its attributes as a reader wants to see them, without its value.
  public var attributes: String {
    let parts = [
      domain.map { "Domain=\($0)" }, "Path=\(path)", isSecure ? "Secure" : nil,
      sameSite.map { "SameSite=\($0.isEmpty ? "?" : $0.capitalized)" } ?? "no SameSite",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }

  // MARK: - What a browser keeps

  /// Whether a browser keeps it when it comes from this address.
  ///
  /// A loopback address counts as secure, as in Chromium and Firefox.
  public func isKept(from url: WebURL) -> Bool {
    let isSafe = url.isHTTPS || url.isLoopback
    if isSecure, !isSafe { return false }
    if sameSite == "none", !isSecure { return false }
    // The prefixes count in any case.
    let lower = name.asciiLowercased
    if lower.begins(with: "__secure-") { return isSecure }
    if lower.begins(with: "__host-") { return isSecure && domain == nil && path == "/" }
    return true
  }

  // MARK: - What a browser sends

  /// Why a browser does not send it with a request; nil when it sends it.
  ///
  /// - Parameter isCrossSite: Whether the request comes from another site; nil where that is not
  ///   known, and then the rules about other sites withhold nothing.
  public func withheld(
    from url: WebURL, method: String, isCrossSite: Bool?, at now: UnixTime
  ) -> LostCookie.Reason? {
    let host = url.host.asciiLowercased
    if sameSite == "none", !isSecure { return .noneWithoutSecure }
    if let domain {
      guard host == domain || host.ends(with: "." + domain) else { return .host }
    } else if self.host != host {
      return .host
    }
    if isSecure, !url.isHTTPS, !url.isLoopback { return .secure }
    if !Self.path(url.path.isEmpty ? "/" : url.path, liesBelow: path) { return .path }
    if let end = endsAt, end <= now { return .expired }
    guard isCrossSite == true else { return nil }
    let isPost = method != "GET" && method != "HEAD"
    switch sameSite {
    case "strict"?: return .strict
    case "lax"?: return isPost ? .lax : nil
    case "none"?: return nil
    // No attribute, or a word that browsers do not know.
    default: return isPost ? .laxByDefault : nil
    }
  }

  /// Whether two addresses are of different sites; nil where a list of public suffixes decides, which
  /// is not here.
  ///
  /// RFC 6265bis, section 5.2. Ports do not count; `localhost` and `127.0.0.1` are two sites.
  public static func isCrossSite(from one: WebURL, to other: WebURL) -> Bool? {
    let hosts = (one.host.asciiLowercased, other.host.asciiLowercased)
    if hosts.0 == hosts.1 { return one.scheme == other.scheme ? false : nil }
    return parent(hosts.0) == parent(hosts.1) ? nil : true
  }

  /// Whether two hosts may share a cookie by its `Domain`.
  public static func mayShare(_ one: String, _ other: String) -> Bool {
    one == other || one.ends(with: "." + other) || other.ends(with: "." + one)
      || parent(one) == parent(other)
  }

  /// The last two labels of a name; an address is its own parent.
  private static func parent(_ host: String) -> Substring {
    let labels = host.split(at: ".")
    let isAddress =
      host.holds(":") || host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    return labels.count < 2 || isAddress ? host[...] : labels.suffix(2).joined(separator: ".")[...]
  }

  private static func folder(of path: String) -> String {
    guard let folder = path.cut(atLast: "/")?.before, !folder.isEmpty else { return "/" }
    return String(folder)
  }

  private static func path(_ path: String, liesBelow folder: String) -> Bool {
    guard let rest = path.dropping(prefix: folder) else { return false }
    return folder.ends(with: "/") || rest.isEmpty || rest.begins(with: "/")
  }
}

extension HTTPHeaders {
  /// The cookies that a request carries, in order, names kept as often as they stand.
  ///
  /// RFC 6265bis, section 5.8.3.
  public var sentCookies: [FormField] {
    all("Cookie").flatMap { $0.split(at: ";") }.compactMap { pair in
      let (name, value) = pair.parting(at: "=")
      let text = name.trimmingBlanks
      return text.isEmpty ? nil : FormField(text, (value ?? "").trimmingBlanks)
    }
  }
}
