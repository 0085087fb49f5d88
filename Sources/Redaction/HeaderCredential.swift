import OpenID

/// What a request's header proves, for those that write a variable in its place.
public enum HeaderCredential: Sendable, Equatable {
  /// A token (RFC 6750, section 2.1).
  case bearer(String)
  /// A token that is bound to a key (RFC 9449, section 7.1).
  case bound(String)
  /// The proof of that key, good for one request (RFC 9449, section 4.1).
  case proof(String)
  /// A client's id as written, and its secret (RFC 7617; RFC 6749, section 2.3.1).
  case basic(user: String, secret: String)
  /// Another scheme, or what cannot be read.
  case other
  /// Cookies.
  case cookies

  /// Reads a header; nil for one that is no credential as a whole.
  public init?(_ header: HTTPHeader) {
    switch header.name.asciiLowercased {
    case "cookie": self = .cookies
    case "dpop": self = .proof(header.value)
    case "authorization":
      self = .other
      guard case .credential(let value, let scheme)? = MessagePart.parts(of: header).last else {
        return
      }
      let text = String(value).trimmingBlanks
      if scheme == "bearer" { self = .bearer(text) }
      if scheme == "dpop" { self = .bound(text) }
      if scheme == "basic", let bytes = try? Base64.decode(text),
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
        let secret = try? FormEncoding.decodeComponent(bytes[(colon + 1)...], plusIsSpace: true)
      {
        self = .basic(user: String(decoding: bytes[..<colon], as: UTF8.self), secret: secret)
      }
    default: return nil
    }
  }
}
