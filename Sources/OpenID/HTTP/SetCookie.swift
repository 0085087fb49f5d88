/// A `Set-Cookie` header: a cookie that a server sets, as a browser reads it.
///
/// RFC 6265, sections 4.1 and 5.2; SameSite is of its revision.
public struct SetCookie: Sendable, Equatable {
  /// The cookie's name.
  public let name: String
  /// How long its value is, in bytes; the value itself is a secret of browser and server.
  public let valueBytes: Int
  /// The attributes under their usual names, an empty value for one without; the last one counts.
  public let attributes: [FormField]

  private static let names = [
    "Expires", "Max-Age", "Domain", "Path", "Secure", "HttpOnly", "SameSite", "Partitioned",
    "Priority",
  ]

  /// Reads the value of a header; nil when it names no cookie.
  public init?(header: String) {
    let parts = header.split(at: ";", omittingEmptySubsequences: false).map(\.trimmingSpace)
    guard let first = parts.first, let (name, value) = first.cut(at: "="), !name.isEmpty else {
      return nil
    }
    self.name = String(name)
    valueBytes = value.utf8.count
    attributes = parts.dropFirst().compactMap { part in
      let (word, value) = part.parting(at: "=")
      guard let known = Self.names.first(where: { $0.isIdentical(toIgnoringCase: String(word)) })
      else { return word.isEmpty ? nil : FormField(String(word), String(value ?? "")) }
      return FormField(known, String(value ?? ""))
    }
  }

  /// The last value of an attribute; nil without it.
  public subscript(name: String) -> String? { attributes.last { $0.name == name }?.value }

  /// What a browser makes of it.
  public enum Fate: Sendable, Equatable {
    /// The browser drops it, for this reason as a clause.
    case dropped(String)
    /// It comes back with a form post from another site.
    case comesBack
    /// It does not, for this reason as a clause.
    case staysAway(String)
  }

  /// Whether the cookie comes back with the cross-site form post of a login.
  ///
  /// RFC 6265bis, sections 4.1.3 and 5.6.
  public var fate: Fate {
    let isSecure = self["Secure"] != nil
    let rule = (self["SameSite"] ?? "").asciiLowercased
    if name.begins(with: "__Secure-"), !isSecure {
      return .dropped("its name begins with __Secure-, and it is not Secure")
    }
    if name.begins(with: "__Host-"), !isSecure || self["Domain"] != nil || self["Path"] != "/" {
      return .dropped("its name begins with __Host-, which wants Secure, Path=/ and no Domain")
    }
    switch rule {
    case "none" where !isSecure: return .dropped("SameSite=None wants Secure as well")
    case "none": return .comesBack
    case "strict": return .staysAway("SameSite=Strict keeps it out of every request from elsewhere")
    case "lax": return .staysAway("SameSite=Lax lets it out for links, not for a form post")
    default:
      return .staysAway(
        "SameSite is \(rule.isEmpty ? "absent" : "no known word"), which browsers read as Lax; "
          + "Chrome makes an exception in the first two minutes")
    }
  }
}
