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
  /// The proxy through which it went; nil for none.
  public var proxy: ProxyChoice?

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
  /// The server's certificate; nil when it is not known.
  public var certificate: PeerCertificate?
  /// Whether the server asked for a certificate of the client.
  public var asksForCertificate = false

  /// Makes an agreement.
  public init(version: String, cipher: String, expires: UnixTime? = nil) {
    self.version = version
    self.cipher = cipher
    self.expires = expires
  }
}
