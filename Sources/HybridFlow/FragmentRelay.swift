import OpenID

/// The way of an answer behind the `#`: the page at the redirect URI reads it and posts it to the
/// application.
///
/// Browsers never send the fragment of an address. OAuth 2.0 Multiple Response Type Encoding
/// Practices, section 2.1; RFC 3986, section 3.5.
public enum FragmentRelay {
  /// The field that lists what the page has not handed over, by name.
  public static let keptField = "kept_in_browser"
  /// The field with the address that a person pasted, because scripts are off.
  public static let pastedField = "pasted"
  /// Most bytes of a fragment that are read.
  public static let maximumBytes = 64 * 1024

  private static let folder = "/fragment/"
  /// The bytes of a one-time path: 128 random bits in base64url.
  private static let tokenBytes = 22

  /// The path to which one page posts, once.
  public static func path(token: String) -> String { folder + token }

  /// Whether a path is one of these, spent or not.
  public static func isPath(_ path: String) -> Bool {
    guard let token = path.dropping(prefix: folder), token.utf8.count == tokenBytes else {
      return false
    }
    return (try? Base64URL.decode(token)) != nil
  }

  /// Whether a request hands a fragment over.
  public static func carries(_ request: HTTPRequest) -> Bool {
    request.method == "POST" && isPath(request.path)
  }

  /// What the page hands over: everything, or what holds no secret, with the names of the rest.
  ///
  /// An application that has not asked for the fragment is told what came, and gets nothing of it.
  public static func fields(of all: [FormField], takesEverything: Bool) -> [FormField] {
    if takesEverything { return all }
    let kept = all.map(\.name).filter { !harmless.contains($0) }
    let told = all.filter { harmless.contains($0.name) }
    return kept.isEmpty ? told : told + [FormField(keptField, kept.joined(separator: " "))]
  }

  /// The fields of an answer that hold no secret.
  public static let harmless = [
    "error", "error_description", "error_uri", "state", "iss", keptField,
  ]

  /// The answer in a text that was copied from the address bar.
  public static func fields(inAddress text: String) -> [FormField] {
    let line = text.trimmingBlanks.prefix(bytes: maximumBytes)
    let part = line.cut(at: "#")?.after ?? line.cut(at: "?")?.after ?? Substring(line)
    return (try? FormEncoding.decode(String(part))) ?? []
  }
}
