/// Why a text is not a URL that this program uses.
public enum WebURLError: Error, Sendable, Equatable {
  /// Longer than ``Limit/urlBytes``.
  case tooLong(bytes: Int)
  /// A space, control character or non-ASCII byte, with its offset.
  case forbiddenByte(UInt8, offset: Int)
  /// No `http://` or `https://` at the start.
  case unsupportedScheme
  /// Nothing between `//` and the path, or characters that a host name cannot have.
  case badHost
  /// Not a number from 1 to 65535; 0 is allowed where it asks for a free port.
  case badPort
  /// A user name or password before the host.
  case userInformation
  /// A query or fragment where it is not allowed.
  case queryOrFragment
}

/// An absolute http or https URL, kept exactly as it was written.
///
/// Two URLs are equal when their texts are: OpenID Connect compares issuers and redirect URIs
/// character by character (OpenID Connect Core 1.0, section 3.1.2.1).
public struct WebURL: Sendable, Hashable, CustomStringConvertible {
  /// The text as given.
  public let text: String
  /// `http` or `https`, lower case.
  public let scheme: String
  /// The host as given, lower case, without the brackets of an IPv6 address.
  public let host: String
  /// The port that was written, if one was.
  public let explicitPort: Int?
  /// Everything from the first `/` after the authority up to `?` or `#`; may be empty.
  public let path: String
  /// The text after `?`, not decoded.
  public let query: String?
  /// The text after `#`, not decoded.
  public let fragment: String?

  /// Reads a URL.
  ///
  /// - Throws: ``WebURLError``. Port 0 is accepted here: it asks the listener for a free one.
  public init(_ text: String) throws(WebURLError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Limit.urlBytes else { throw .tooLong(bytes: bytes.count) }
    for (offset, byte) in bytes.enumerated() where byte <= 0x20 || byte >= 0x7F {
      throw .forbiddenByte(byte, offset: offset)
    }
    let lower = text.asciiLowercased
    let schemeLength: Int
    if lower.begins(with: "https://") {
      schemeLength = 8
      scheme = "https"
    } else if lower.begins(with: "http://") {
      schemeLength = 7
      scheme = "http"
    } else {
      throw .unsupportedScheme
    }
    let (whole, hash) = text.dropFirst(bytes: schemeLength).parting(at: "#")
    fragment = hash.map { String($0) }
    let (rest, mark) = whole.parting(at: "?")
    query = mark.map { String($0) }
    path = String(rest.from(anyOf: "/"))
    (host, explicitPort) = try Self.splitAuthority(rest.before("/"))
    self.text = text
  }

  private static func splitAuthority(
    _ authority: Substring
  ) throws(WebURLError) -> (host: String, port: Int?) {
    if authority.holds("@") { throw .userInformation }
    var name = authority
    var portText: Substring?
    if authority.begins(with: "[") {
      guard let (inside, after) = authority.dropFirst(bytes: 1).cut(at: "]") else { throw .badHost }
      name = inside
      if !after.isEmpty {
        guard let port = after.dropping(prefix: ":") else { throw .badHost }
        portText = port
      }
      guard ipv6Groups(name) != nil else { throw .badHost }
    } else {
      (name, portText) = authority.parting(at: ":")
      let allowed = name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "_"):
          true
        default: false
        }
      }
      guard !name.isEmpty, allowed, !name.begins(with: "."), !name.holds("..") else {
        throw .badHost
      }
    }
    guard let portText else { return (name.asciiLowercased, nil) }
    guard portText.utf8.count <= 5, portText.isDigits,
      let port = Int(portText), port <= 65535
    else { throw .badPort }
    return (name.asciiLowercased, port)
  }

  /// The port that a connection would use.
  public var port: Int { explicitPort ?? (scheme == "https" ? 443 : 80) }

  /// Whether the scheme is https.
  public var isHTTPS: Bool { scheme == "https" }

  /// Whether the host names this machine: `localhost`, `*.localhost`, 127.0.0.0/8, `::1`.
  public var isLoopback: Bool { Self.isLoopback(host: host) }

  /// Whether this host name or address is this machine's loopback.
  public static func isLoopback(host: String) -> Bool {
    let host = host.asciiLowercased
    if host == "localhost" || host.ends(with: ".localhost") { return true }
    if ipv4Bytes(Substring(host))?.first == 127 { return true }
    return ipv6Groups(Substring(host)) == [0, 0, 0, 0, 0, 0, 0, 1]
  }

  /// Host and port as in a `Host` header.
  public var authority: String {
    explicitPort.map { "\(bracketedHost):\($0)" } ?? bracketedHost
  }

  /// Scheme, host and port: what browsers call the origin.
  ///
  /// RFC 6454, section 6.2: the scheme's own port is left out.
  public var origin: String {
    let isDefault = explicitPort == (scheme == "https" ? 443 : 80)
    return scheme + "://" + (isDefault ? bracketedHost : authority)
  }

  private var bracketedHost: String { host.holds(":") ? "[\(host)]" : host }

  /// Path and query as in a request line; at least `/`.
  public var requestTarget: String {
    (path.isEmpty ? "/" : path) + (query.map { "?" + $0 } ?? "")
  }

  /// The query's fields, decoded; empty when there is no query.
  public func queryFields() throws(EncodedTextError) -> [FormField] {
    try FormEncoding.decode(query ?? "")
  }

  /// Returns this URL with fields added to its query, keeping what is there.
  ///
  /// RFC 6749, section 3.1. A fragment is dropped: an endpoint must not have one.
  public func adding(_ fields: [FormField]) throws(WebURLError) -> WebURL {
    if fields.isEmpty { return self }
    let base = fragment == nil ? Substring(text) : text.before("#")
    let separator = query == nil ? "?" : (query == "" || query?.ends(with: "&") == true ? "" : "&")
    return try WebURL(base + separator + PercentEncoding.query(fields))
  }

  /// Resolves a `Location` or form action against this URL.
  ///
  /// RFC 3986, section 5.2. An absolute reference is kept exactly as it was written.
  public func resolving(_ reference: String) throws(WebURLError) -> WebURL {
    let lower = reference.asciiLowercased
    if lower.begins(with: "http://") || lower.begins(with: "https://") {
      return try WebURL(reference)
    }
    if reference.begins(with: "//") { return try WebURL(scheme + ":" + reference) }
    let root = scheme + "://" + authority
    let tail = reference.from(anyOf: "?#")
    let relative = reference.before(anyOf: "?#")
    if relative.isEmpty {
      let query = tail.begins(with: "?") ? "" : self.query.map { "?" + $0 } ?? ""
      return try WebURL(root + path + query + tail)
    }
    if relative.begins(with: "/") { return try WebURL(root + Self.removingDots(relative) + tail) }
    if let scheme = relative.cut(at: ":")?.before, !scheme.holds("/") {
      throw .unsupportedScheme
    }
    let folder = path.cut(atLast: "/").map { $0.before + "/" } ?? "/"
    return try WebURL(root + Self.removingDots(folder + relative) + tail)
  }

  /// A path without `.` and `..` segments.
  ///
  /// RFC 3986, section 5.2.4.
  private static func removingDots(_ path: Substring) -> String {
    let segments = path.dropFirst(bytes: 1).split(at: "/", omittingEmptySubsequences: false)
    var kept: [Substring] = []
    for segment in segments {
      switch segment {
      case ".": break
      case "..": _ = kept.popLast()
      default: kept.append(segment)
      }
    }
    // A path that ends in a dot segment names a folder.
    if let last = segments.last, [".", ".."].contains(last) { kept.append("") }
    return "/" + kept.joined(separator: "/")
  }

  /// The text as given.
  public var description: String { text }
}
