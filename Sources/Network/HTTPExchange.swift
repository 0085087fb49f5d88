import OpenID

/// A request as actually sent, the response, and what is known about the connection.
///
/// Bodies and queries carry codes and tokens, so the type prints neither.
public struct HTTPExchange: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// The request with the header lines that were actually sent, in order.
  public var request: HTTPRequest
  /// The response; header lines in order and in their case, the body byte for byte.
  public var response: HTTPResponse
  /// The request line and header lines as sent, byte for byte, with the empty line.
  public var sentHead: [UInt8]
  /// The status line and header lines as received, byte for byte, with the empty line.
  public var receivedHead: [UInt8]
  /// The HTTP version in the status line, such as `HTTP/1.1`.
  public var version: String
  /// The times of the exchange.
  public var timing: TransferTiming
  /// The numeric address that answered; empty when unknown.
  public var remoteAddress: String
  /// The port that answered; 0 when unknown.
  public var remotePort: Int
  /// Whether the connection of an earlier exchange was reused.
  public var reusedConnection: Bool
  /// The result of the TLS handshake; nil for plain http.
  public var tls: TLSAgreement?

  /// Makes an exchange, for tests and recordings.
  public init(
    request: HTTPRequest, response: HTTPResponse, sentHead: [UInt8] = [],
    receivedHead: [UInt8] = [], version: String = "HTTP/1.1",
    timing: TransferTiming = TransferTiming(), remoteAddress: String = "", remotePort: Int = 0,
    reusedConnection: Bool = false, tls: TLSAgreement? = nil
  ) {
    self.request = request
    self.response = response
    self.sentHead = sentHead
    self.receivedHead = receivedHead
    self.version = version
    self.timing = timing
    self.remoteAddress = remoteAddress
    self.remotePort = remotePort
    self.reusedConnection = reusedConnection
    self.tls = tls
  }

  /// Request line without query, and status.
  public var description: String { "\(request) -> \(response)" }
  /// Nothing: `dump` would print the bytes otherwise.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The times of an exchange, counted from its start.
public struct TransferTiming: Sendable, Equatable {
  /// Until the name was resolved.
  public var nameLookupMilliseconds: Double
  /// Until the connection was established.
  public var connectMilliseconds: Double
  /// Until the TLS handshake was done; 0 without one.
  public var handshakeMilliseconds: Double
  /// Until the first byte of the response.
  public var firstByteMilliseconds: Double
  /// Until the response was complete.
  public var totalMilliseconds: Double

  /// Makes a timing.
  public init(
    nameLookupMilliseconds: Double = 0, connectMilliseconds: Double = 0,
    handshakeMilliseconds: Double = 0, firstByteMilliseconds: Double = 0,
    totalMilliseconds: Double = 0
  ) {
    self.nameLookupMilliseconds = nameLookupMilliseconds
    self.connectMilliseconds = connectMilliseconds
    self.handshakeMilliseconds = handshakeMilliseconds
    self.firstByteMilliseconds = firstByteMilliseconds
    self.totalMilliseconds = totalMilliseconds
  }
}

/// The result of a TLS handshake.
public struct TLSAgreement: Sendable, Equatable {
  /// The protocol, such as `TLSv1.3`.
  public var version: String
  /// The cipher suite, such as `TLS_AES_256_GCM_SHA384`.
  public var cipher: String
  /// When the server's certificate expires; nil when that is unknown.
  public var expires: UnixTime?

  /// Makes an agreement.
  public init(version: String, cipher: String, expires: UnixTime? = nil) {
    self.version = version
    self.cipher = cipher
    self.expires = expires
  }
}

/// Why there was no response.
///
/// The description names host and port and what to do, never a path, a query or a body.
public enum TransportError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The host name could not be resolved.
  case cannotResolve(host: String)
  /// Nothing answered at the address.
  case cannotConnect(host: String, port: Int, reason: String)
  /// The response was not complete in time.
  case timedOut(host: String, port: Int, milliseconds: Int)
  /// The handshake or the certificate failed.
  case tls(host: String, port: Int, reason: String)
  /// The response is larger than the limit.
  case tooLarge(host: String, port: Int, what: ResponsePart, limitBytes: Int)
  /// The received bytes are not an HTTP/1 response.
  case notHTTP(host: String, port: Int)
  /// The connection ended before the response did.
  case brokenOff(host: String, port: Int, reason: String)
  /// Plain http to another machine is not allowed; nothing was sent.
  case insecureURL(host: String, port: Int)
  /// The request is invalid; nothing was sent.
  case invalidRequest(reason: String)
  /// The file with additional authorities cannot be used; nothing was sent.
  case unusableAuthorities(file: String, reason: String)
  /// Anything else, in libcurl's words, or in ours with the code 0.
  case other(host: String, port: Int, code: Int, reason: String)

  /// The part of a response that was too large.
  public enum ResponsePart: String, Sendable {
    /// Status line and header lines.
    case head
    /// The body.
    case body
  }

  /// What happened and what to do, for a person.
  public var description: String {
    switch self {
    case .cannotResolve(let host):
      "no address found for \(host): check the spelling and the network connection"
    case .cannotConnect(let host, let port, let reason):
      "cannot connect to \(host) port \(port) (\(reason)): check that the server runs and that"
        + " no firewall is between"
    case .timedOut(let host, let port, let milliseconds):
      "no complete answer from \(host) port \(port) within \(Self.seconds(milliseconds)):"
        + " try again, or allow more with --timeout"
    case .tls(let host, let port, let reason):
      "no trusted TLS connection to \(host) port \(port) (\(reason)): check the host name and"
        + " the clock; add a private authority with --ca"
    case .tooLarge(let host, let port, let what, let limit):
      "the response's \(what.rawValue) from \(host) port \(port) is larger than \(limit) bytes:"
        + " check that the URL is the right one"
    case .notHTTP(let host, let port):
      "what \(host) port \(port) answered is not HTTP: check scheme and port of the URL"
    case .brokenOff(let host, let port, let reason):
      "\(host) port \(port) ended the connection before the answer was complete (\(reason)):"
        + " try again, and look at the server's log"
    case .insecureURL(let host, let port):
      "plain http to \(host) port \(port) is refused, because it is not this machine: use https"
    case .invalidRequest(let reason): "the request cannot be sent: \(reason)"
    case .unusableAuthorities(let file, let reason):
      "the authorities in \(file) cannot be used (\(reason)): give a readable PEM file to --ca"
    case .other(let host, let port, let code, let reason):
      "the request to \(host) port \(port) failed (\(reason)"
        + (code == 0 ? ")" : "; libcurl code \(code))")
    }
  }

  private static func seconds(_ milliseconds: Int) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
