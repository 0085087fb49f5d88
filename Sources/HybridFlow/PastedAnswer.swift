import OpenID

/// The authorization response as the person pasted it, because their browser runs elsewhere.
///
/// It may be the body of the form post, a browser's "copy as cURL" of that request, the address
/// where the browser ended, the source of the page that posts, or lines such as `code: …`.
public struct PastedAnswer: Sendable, Equatable {
  /// Where the fields were.
  public enum Carrier: String, Sendable, Hashable, CaseIterable {
    /// The body of a POST, as in form_post.
    case body
    /// The query of the redirect URI.
    case query
    /// The fragment of the redirect URI, after `#`, which no server sees.
    case fragment
  }

  /// Where the fields were.
  public let carrier: Carrier
  /// The fields in order, repeats kept; at least one is known in authorization responses.
  public let fields: [FormField]
  /// What kind of text it was, such as `a form body`.
  public let source: String
  /// Where it was sent, up to the query; nil when the text does not say.
  public let address: String?

  /// Makes a response from its parts.
  public init(carrier: Carrier, fields: [FormField], source: String, address: String? = nil) {
    (self.carrier, self.fields, self.source, self.address) = (carrier, fields, source, address)
  }

  /// The request that the browser would have sent, as far as the text tells.
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

  /// What to say when the response was sent to another address; nil when it was not.
  public func misdirection(from redirectURI: WebURL) -> String? {
    guard let address, !address.begins(with: "/") else { return nil }
    guard let sent = try? WebURL(address) else {
      return "It was sent to another application: \(address)."
    }
    guard sent.origin != redirectURI.origin || sent.path != redirectURI.path else { return nil }
    return "It was sent to \(sent.origin)\(sent.path), but this application waits at "
      + "\(redirectURI.origin)\(redirectURI.path)."
  }

  /// Its state, also where a JWT holds it; nil when there is none, or it cannot be read.
  public var state: String? {
    fields[AuthorizationResponse.responseField].map { ResponseJWT.state(in: $0) } ?? fields["state"]
  }

  /// Whether it is encrypted, so that its state cannot be read.
  public var isSealed: Bool {
    fields[AuthorizationResponse.responseField].map(ResponseJWT.isEncrypted) ?? false
  }

  /// Whether it has this state.
  public func belongs(to state: String) -> Bool { self.state?.isIdentical(to: state) == true }
}

extension HTTPRequest {
  /// The part after `#`; only a pasted response has it.
  public var fragment: String? {
    target.cut(at: "#").map { String($0.after) }
  }
}
