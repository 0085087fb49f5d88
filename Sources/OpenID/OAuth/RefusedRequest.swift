/// A request that the loopback server's HTTP layer refused before the application saw it.
///
/// Any program on this machine can send one, so nothing in it is trusted, and only a short part is
/// kept: no body, no cookies, no credentials.
public struct RefusedRequest: Sendable, Equatable {
  /// Why it was refused.
  public enum Reason: String, Sendable, Hashable, CaseIterable {
    /// It began with a TLS handshake, but the server speaks plain HTTP.
    case tls
    /// It was plain http, but the server speaks https.
    case plainHTTP = "plain_http"
    /// Its sender does not accept the server's certificate, and said so in the TLS handshake.
    case certificateRefused = "certificate_refused"
    /// Its sender speaks only versions before TLS 1.2.
    case oldTLS = "old_tls"
    /// No TLS connection came about, for another reason.
    case noTLS = "no_tls"
    /// Its cookies alone filled more than half of the limit for a head.
    case cookies = "too_many_cookies"
    /// Its head has more lines than ``Limit/headerLines`` or more bytes than
    /// ``Limit/requestHeadBytes``.
    case headTooLarge = "head_too_large"
    /// Its body is larger than ``Limit/requestBodyBytes``.
    case bodyTooLarge = "body_too_large"
    /// It is a POST without a length.
    ///
    /// RFC 9110, section 15.5.12.
    case noLength = "no_length"
    /// It names a host that this server does not serve.
    case otherHost = "other_host"
    /// It is not HTTP/1.1 as RFC 9112 describes it.
    case malformed
    /// It was not complete in time.
    case tooSlow = "too_slow"
    /// Its sender closed the connection before the end; there was no response.
    case brokenOff = "broken_off"
  }

  /// The longest target that is kept, in bytes.
  public static let targetBytes = 8 * 1024
  /// The longest header value that is kept, in bytes.
  public static let valueBytes = 256
  /// The header lines that are kept: those that tell what was sent, and from where.
  static let keptHeaders: Set<String> = [
    "host", "origin", "content-type", "content-length", "transfer-encoding", "expect",
    "user-agent", "connection",
  ]

  /// Why it was refused.
  public var reason: Reason
  /// What could be read of it; nil when not even its first line could.
  public var request: HTTPRequest?
  /// The response to it; nil when its sender had already closed the connection.
  public var response: HTTPResponse?
  /// How many bytes of cookies had arrived by then.
  public var cookieBytes: Int

  /// Makes a refused request from its parts; use ``init(_:of:answered:cookieBytes:)`` for one that
  /// comes from the wire.
  public init(
    reason: Reason, request: HTTPRequest?, response: HTTPResponse?, cookieBytes: Int = 0
  ) {
    self.reason = reason
    self.request = request
    self.response = response
    self.cookieBytes = cookieBytes
  }

  /// Keeps the parts of a request that may be shown.
  public init(
    _ reason: Reason, of request: HTTPRequest?, answered response: HTTPResponse?,
    cookieBytes: Int = 0
  ) {
    let isFull = reason == .headTooLarge && cookieBytes > Limit.requestHeadBytes / 2
    self.init(
      reason: isFull ? .cookies : reason, request: request.map(Self.shortened),
      response: response, cookieBytes: cookieBytes)
  }

  private static func shortened(_ request: HTTPRequest) -> HTTPRequest {
    HTTPRequest(
      method: cut(request.method, 32), target: cut(request.target, targetBytes),
      headers: HTTPHeaders(
        request.headers.lines.filter { keptHeaders.contains($0.name.asciiLowercased) }
          .map { HTTPHeader($0.name, cut($0.value, valueBytes)) }))
  }

  private static func cut(_ text: String, _ bytes: Int) -> String {
    guard text.utf8.count > bytes else { return text }
    return String(decoding: text.utf8.prefix(bytes), as: UTF8.self)
  }

  /// The status of the response to it.
  public var status: Int? { response?.status }

  /// Method and path, nothing else; nil when its first line could not be read.
  public var line: String? { request?.description }

  /// Why it was refused, as the end of a sentence.
  public var why: String {
    switch reason {
    case .tls: "it was https, and plain http is spoken there"
    case .plainHTTP: "it was plain http, and https is spoken there"
    case .certificateRefused:
      "its sender does not trust the certificate of this address, and broke off before the request"
    case .oldTLS: "its sender speaks only versions of TLS before 1.2"
    case .noTLS: "it is no TLS connection that both sides can speak"
    case .cookies: "it brought \(cookieBytes) bytes of cookies and more, which leaves no room"
    case .headTooLarge:
      "its head is larger than \(Limit.requestHeadBytes) bytes or \(Limit.headerLines) lines"
    case .bodyTooLarge: "its body is larger than \(Limit.requestBodyBytes) bytes"
    case .noLength: "it has a body and does not say how long it is"
    case .otherHost: "it names a host under which the application does not answer"
    case .malformed: "it is not HTTP/1.1 as RFC 9112 describes it"
    case .tooSlow: "it did not arrive to its end in time"
    case .brokenOff: "its sender left before its end"
    }
  }

  /// What the person can do while the run waits, a sentence; nil when there is nothing to say.
  public var remedy: String? {
    switch reason {
    case .certificateRefused:
      "If the browser shows a warning, compare the fingerprint, and go on from there. To have "
        + "none, give a certificate that it trusts with --tls-cert and --tls-key, as mkcert makes."
    case .plainHTTP: "The redirect URI has to be registered, and opened, with https."
    case .tls, .oldTLS, .noTLS, .cookies, .headTooLarge, .bodyTooLarge, .noLength, .otherHost,
      .malformed, .tooSlow, .brokenOff:
      nil
    }
  }
}

extension RefusedRequest.Reason {
  /// The reason for an error of the parser.
  public init(_ fault: HTTPError) {
    switch fault {
    case .tlsHandshake: self = .tls
    case .headTooLarge: self = .headTooLarge
    case .bodyTooLarge: self = .bodyTooLarge
    case .lengthRequired: self = .noLength
    case .badRequestLine, .unsupportedVersion, .badHeader, .badHost, .badContentLength,
      .conflictingLengths, .badTransferEncoding, .badChunk:
      self = .malformed
    }
  }
}
