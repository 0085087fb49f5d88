import Glibc
import OpenID

/// The proxy of a request, and why it is that one.
public struct ProxyChoice: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The variable that names it.
  public let variable: String
  /// Its URL as the variable has it, perhaps with a password.
  let url: String
  /// Its host and port, without user name and password.
  public let place: String
  /// Whether the variable holds a user name or password.
  public let hasCredentials: Bool

  init(variable: String, url: String) {
    self.variable = variable
    self.url = url
    let address = url.cut(at: "://")?.after ?? url[...]
    let authority = address.before(anyOf: "/?#")
    hasCredentials = authority.holds("@")
    let host = authority.cut(atLast: "@")?.after ?? authority
    let name = host.cut(atLast: ":")?.after
    let hasPort = name?.isDigits == true
    // libcurl's own, where the variable has none.
    let usual = url.asciiLowercased.begins(with: "https://") ? 443 : 1080
    place = hasPort ? String(host) : "\(host):\(usual)"
  }

  /// Place and variable, no password.
  public var description: String { "\(place) (\(variable))" }
  /// Nothing: `dump` would print the password otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The proxy for a URL, by the variables that curl reads; nil for none.
  ///
  /// This machine is never asked for through a proxy. Plain http goes to this machine only, so
  /// `http_proxy` has no effect.
  static func of(_ url: WebURL, _ environment: [String: String]) -> ProxyChoice? {
    guard url.isHTTPS, !url.isLoopback else { return nil }
    let found = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].lazy
      .compactMap { name in environment[name].map { (name, $0.trimmingBlanks) } }.first
    guard let (name, value) = found, !value.isEmpty else { return nil }
    let excepted = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
    guard !excepts(excepted, url) else { return nil }
    return ProxyChoice(variable: name, url: value)
  }

  /// Whether a list of exceptions has the host: a name with all below it, an address or a range.
  static func excepts(_ list: String, _ url: WebURL) -> Bool {
    let host = url.host.asciiLowercased
    let address = bytes(of: host)
    for entry in list.asciiLowercased.split(atAnyOf: ", \t") {
      if entry.utf8.elementsEqual("*".utf8) { return true }
      if let (network, length) = entry.cut(at: "/") {
        if let address, let network = bytes(of: String(network)), let bits = Int(length),
          covers(network, bits, address)
        {
          return true
        }
        continue
      }
      var name = String(entry)
      if let (before, port) = entry.cut(atLast: ":"), port.isDigits, !before.holds(":") {
        guard Int(port) == url.port else { continue }
        name = String(before)
      }
      name = name.dropping(prefix: ".").map { String($0) } ?? name
      guard !name.isEmpty else { continue }
      if host.isIdentical(to: name) { return true }
      if address == nil, host.ends(with: "." + name) { return true }
    }
    return false
  }

  private static func bytes(of text: String) -> [UInt8]? {
    let bare = text.utf8.filter { $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") }
    let host = String(decoding: bare, as: UTF8.self)
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
    var six = in6_addr()
    if inet_pton(AF_INET6, host, &six) == 1 { return withUnsafeBytes(of: six) { Array($0) } }
    return nil
  }

  private static func covers(_ network: [UInt8], _ bits: Int, _ address: [UInt8]) -> Bool {
    guard network.count == address.count, (0...network.count * 8).contains(bits) else {
      return false
    }
    let whole = bits / 8
    guard network[..<whole] == address[..<whole] else { return false }
    let rest = bits % 8
    return rest == 0 || (network[whole] ^ address[whole]) >> (8 - rest) == 0
  }
}

/// Why a proxy did not bring the request to its host.
public struct ProxyFailure: Sendable, Equatable {
  /// What it was.
  public enum Kind: Sendable, Equatable {
    /// There is no address for its name.
    case unresolved
    /// Nothing answers there.
    case unreachable(reason: String)
    /// It was asked for a tunnel, and said nothing in time.
    case silent(milliseconds: Int)
    /// It was asked for a tunnel, and answered this status.
    case status(Int)
    /// Anything else, in libcurl's words.
    case other(reason: String)
  }
  /// What it was.
  public var kind: Kind
  /// Its host and port.
  public var place: String
  /// The variable that names it.
  public var variable: String
  /// Whether a user name or password was there to send.
  public var hasCredentials: Bool

  init(_ kind: Kind, _ proxy: ProxyChoice) {
    self.kind = kind
    place = proxy.place
    variable = proxy.variable
    hasCredentials = proxy.hasCredentials
  }

  /// A stable word for scripts.
  public var code: String {
    switch kind {
    case .unresolved: "proxy_unresolved"
    case .unreachable: "proxy_unreachable"
    case .silent: "proxy_silent"
    case .status(407): "proxy_authentication"
    case .status(403): "proxy_forbidden"
    case .status: "proxy_status"
    case .other: "proxy"
    }
  }

  func happened(_ host: String, _ port: Int) -> String {
    let name = "the proxy \(place)"
    switch kind {
    case .unresolved: return "no address found for \(name)"
    case .unreachable(let reason): return "\(name) cannot be reached (\(reason))"
    case .silent(let milliseconds):
      return "\(name) opened no way to \(host) port \(port) within "
        + TransportError.seconds(milliseconds)
    case .status(407):
      return "\(name) wants a user name and password"
        + (hasCredentials ? ", and did not take those it got (407)" : " (407)")
    case .status(403): return "\(name) does not allow \(host) port \(port) (403)"
    case .status(let status):
      return "\(name) answered \(status) when it was asked for \(host) port \(port)"
    case .other(let reason): return "\(name) did not bring the request to \(host) (\(reason))"
    }
  }

  func remedy(_ host: String) -> String {
    let way = "or name \(host) in no_proxy, if it can be reached without"
    switch kind {
    case .unresolved, .unreachable:
      return "correct \(variable), which names the proxy, or start the proxy, \(way)"
    case .silent, .other: return "look at the log of the proxy, which \(variable) names, \(way)"
    case .status(407):
      return "write them into \(variable) as http://USER:PASSWORD@\(place), \(way)"
    case .status(403): return "ask who runs the proxy to allow it, \(way)"
    case .status(502), .status(503), .status(504):
      return "the proxy itself does not reach it: look at its log, \(way)"
    case .status: return "ask who runs the proxy, \(way)"
    }
  }
}
