import HybridFlow
import OpenID

/// Addresses and forms: what stands in a query, a fragment or a body.
extension PastedReader {
  /// A URL, a request target, or only a query or fragment.
  static func address(_ text: String) -> PastedMessage? {
    guard !text.utf8.contains(0x20) else { return nil }
    for (mark, carrier) in [("?", "query"), ("#", "fragment")] {
      if let rest = text.dropping(prefix: mark) {
        return form(routed(String(rest)), carrier: carrier)
      }
    }
    guard hasScheme(text) || text.begins(with: "/"), text.holds(anyOf: "?#") else { return nil }
    // The fragment contains the response, even if the redirect URI has a query of its own.
    let (front, fragment) = text.parting(at: "#")
    let parts = [
      fragment.map { (String($0), "fragment") },
      front.cut(at: "?").map { (String($0.after), "query") },
    ]
    for (part, carrier) in parts.compactMap({ $0 }) {
      guard var message = form(routed(part), carrier: carrier) else { continue }
      message.address = String(text.before(anyOf: "?#"))
      return message
    }
    return nil
  }

  /// Without what a router of a browser application puts in front: `#/`, `#!/`, `#/path?`.
  private static func routed(_ part: String) -> String {
    guard part.begins(with: "/") || part.begins(with: "!") else { return part }
    if let (front, rest) = part.cut(at: "?"), !front.holds("=") { return String(rest) }
    var rest = part[...]
    while let next = rest.dropping(prefix: "/") ?? rest.dropping(prefix: "!") { rest = next }
    return String(rest)
  }

  /// RFC 3986, section 3.1; mobile applications have schemes of their own.
  static func hasScheme(_ text: String) -> Bool {
    guard let colon = text.utf8.prefix(64).firstIndex(of: UInt8(ascii: ":")) else { return false }
    let scheme = text[..<colon]
    return scheme.utf8.first.map { (0x61...0x7A).contains($0.asciiLowercased) } ?? false
      && scheme.utf8.allSatisfy {
        $0 < 0x80 && ($0.isASCIIWord || [0x2B, 0x2D, 0x2E].contains($0)) && $0 != UInt8(ascii: "_")
      }
  }

  /// Fields, when at least one of their names is known.
  static func form(_ text: String, carrier: String) -> PastedMessage? {
    guard text.utf8.contains(UInt8(ascii: "=")), !text.utf8.contains(where: { $0 <= 0x20 }) else {
      return nil
    }
    func unreadable(_ fault: String) -> PastedMessage? {
      let names = text.utf8.split(separator: UInt8(ascii: "&"))
        .map { String($0.prefix { $0 != UInt8(ascii: "=") }) ?? "" }
      guard names.contains(where: AuthorizationResponse.knownNames.contains) else { return nil }
      return PastedMessage(
        carrier == "body" ? .formBody : .callback, carrier: carrier, fault: fault)
    }
    guard text.utf8.count(where: { $0 == UInt8(ascii: "&") }) < formFields else {
      return unreadable("There are more than \(formFields) fields.")
    }
    let fields: [FormField]
    do throws(EncodedTextError) {
      fields = try FormEncoding.decode(text)
    } catch {
      return unreadable("A percent sign is not followed by two digits, or it is not UTF-8.")
    }
    guard let kind = kind(of: fields, carrier) else { return nil }
    return PastedMessage(kind, carrier: carrier, fields: fields)
  }

  static func kind(of fields: [FormField], _ carrier: String) -> PastedMessage.Kind? {
    let names = Set(fields.map(\.name))
    if names.contains("grant_type") { return .tokenRequest }
    if names.contains("response_type") || names.contains("request_uri") { return .authorizeURL }
    if names.contains("client_id"), !names.isDisjoint(with: ["redirect_uri", "request"]) {
      return .authorizeURL
    }
    let answers = ["code", "id_token", "access_token", "error", "response", "logout_token"]
    guard !names.isDisjoint(with: answers) else { return nil }
    return carrier == "body" ? .formBody : .callback
  }
}
