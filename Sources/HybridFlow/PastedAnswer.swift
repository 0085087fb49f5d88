import OpenID

/// The authorization endpoint's answer as a person pasted it, because their browser runs elsewhere.
///
/// It may be the body of the form post, a browser's "copy as cURL" of that request, the address
/// that the browser ended at, the source of the page that posts, or lines such as `code: …`.
public struct PastedAnswer: Sendable, Equatable {
  /// What carried the fields.
  public enum Carrier: String, Sendable, Hashable, CaseIterable {
    /// The body of a POST, as form_post wants it.
    case body
    /// The query of the redirect URI.
    case query
    /// Behind the `#` of the redirect URI, which no server sees.
    case fragment
  }

  /// What carried the fields.
  public let carrier: Carrier
  /// The fields in their order, repeats kept; at least one means something in an answer.
  public let fields: [FormField]
  /// What the text was, such as `a form body`.
  public let source: String
  /// Where the text says it was sent, up to the query; nil where it does not say.
  public let address: String?

  /// Puts an answer together that was read before.
  public init(carrier: Carrier, fields: [FormField], source: String, address: String? = nil) {
    (self.carrier, self.fields, self.source, self.address) = (carrier, fields, source, address)
  }

  /// The request that the browser would have made; only what the text says stands in it.
  func request(to redirectURI: WebURL) -> HTTPRequest {
    let path = redirectURI.path.isEmpty ? "/" : redirectURI.path
    let text = FormEncoding.encode(fields)
    switch carrier {
    case .body:
      return HTTPRequest(
        method: "POST", target: path,
        headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(text.utf8))
    case .query: return HTTPRequest(method: "GET", target: "\(path)?\(text)")
    case .fragment: return HTTPRequest(method: "GET", target: "\(path)#\(text)")
    }
  }

  /// What to say when the answer was sent to another address; nil when it was not.
  public func misdirection(from redirectURI: WebURL) -> String? {
    guard let address, !address.begins(with: "/") else { return nil }
    guard let sent = try? WebURL(address) else {
      return "It was sent to another application: \(address)."
    }
    guard sent.origin != redirectURI.origin || sent.path != redirectURI.path else { return nil }
    return "It was sent to \(sent.origin)\(sent.path), but this application waits at "
      + "\(redirectURI.origin)\(redirectURI.path)."
  }

  /// Whether the fields bring this state back.
  public func belongs(to state: String) -> Bool { fields["state"]?.isIdentical(to: state) == true }
}

extension HTTPRequest {
  /// What stands behind `#`; only an answer that was pasted has it.
  public var fragment: String? {
    target.cut(at: "#").map { String($0.after) }
  }
}
