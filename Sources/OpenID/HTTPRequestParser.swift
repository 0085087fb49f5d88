/// Why a request to the loopback server was refused.
///
/// RFC 9112.
public enum HTTPFault: Error, Sendable, Equatable {
  /// Not HTTP/1.x, or a request line with other than three parts.
  case badRequestLine
  /// A version other than 1.0 or 1.1.
  case unsupportedVersion
  /// The first byte of a TLS handshake: somebody typed https.
  case tlsHandshake
  /// A header line that RFC 9112, section 5, does not allow; obsolete folding included.
  case badHeader
  /// More lines than ``Limit/headerLines`` or more bytes than ``Limit/requestHeadBytes``.
  case headTooLarge
  /// A body larger than ``Limit/requestBodyBytes``.
  case bodyTooLarge
  /// A `Content-Length` that is not one number. RFC 9112, section 6.3.
  case badContentLength
  /// `Content-Length` and `Transfer-Encoding` together: a smuggling attempt or a broken sender.
  case conflictingLengths
  /// A transfer coding other than `chunked`, or a broken chunk.
  case badTransferEncoding
  /// A POST without a length. RFC 9110, section 15.5.12.
  case lengthRequired

  /// The status code that answers this fault.
  public var status: Int {
    switch self {
    case .badRequestLine, .badHeader, .badContentLength, .conflictingLengths, .tlsHandshake: 400
    case .unsupportedVersion: 505
    case .headTooLarge: 431
    case .bodyTooLarge: 413
    case .badTransferEncoding: 501
    case .lengthRequired: 411
    }
  }
}

/// Reads HTTP/1.1 requests as their bytes arrive; each byte is looked at a bounded number of times.
///
/// Feed it with ``append(_:)``, ask with ``next()``. After a fault the connection is done for.
public struct HTTPRequestParser: Sendable {
  private var buffer: [UInt8] = []
  private var scanned = 0
  private var state: State = .head

  private enum State: Sendable {
    case head
    case body(HTTPRequest, length: Int, keepAlive: Bool)
    case chunked(HTTPRequest, ChunkedBody, keepAlive: Bool)
    case failed(HTTPFault)
  }

  /// A whole request, and whether its connection stays open for another.
  public struct Message: Sendable, Equatable {
    /// The request.
    public var request: HTTPRequest
    /// Whether the sender expects the connection to stay open.
    public var keepAlive: Bool
  }

  /// Makes a parser for a new connection.
  public init() {}

  /// Whether nothing of a next request has arrived yet.
  public var isIdle: Bool {
    if case .head = state { buffer.isEmpty } else { false }
  }

  /// Whether a head was read whose body is still on its way.
  public var isReadingBody: Bool {
    switch state {
    case .body, .chunked: true
    case .head, .failed: false
    }
  }

  /// Whether a head with `Expect: 100-continue` was read whose body has not begun.
  public private(set) var expectsContinue = false

  /// Takes bytes from the connection.
  public mutating func append(_ bytes: some Sequence<UInt8>) { buffer.append(contentsOf: bytes) }

  /// Returns the next whole request, or nil when more bytes are needed.
  ///
  /// - Throws: ``HTTPFault``, again and again once it has happened.
  public mutating func next() throws(HTTPFault) -> Message? {
    do throws(HTTPFault) {
      while true {
        switch state {
        case .failed(let fault): throw fault
        case .head:
          guard let head = try takeHead() else { return nil }
          try begin(head)
        case .body(var request, let length, let keepAlive):
          guard buffer.count >= length else { return nil }
          request.body = Array(buffer.prefix(length))
          buffer.removeFirst(length)
          return finish(request, keepAlive)
        case .chunked(var request, var body, let keepAlive):
          let done = try body.take(from: &buffer)
          guard done else {
            state = .chunked(request, body, keepAlive: keepAlive)
            return nil
          }
          request.body = body.bytes
          return finish(request, keepAlive)
        }
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  private mutating func finish(_ request: HTTPRequest, _ keepAlive: Bool) -> Message {
    state = .head
    scanned = 0
    expectsContinue = false
    return Message(request: request, keepAlive: keepAlive)
  }

  /// Cuts the head off the buffer: lines up to an empty one.
  private mutating func takeHead() throws(HTTPFault) -> [ArraySlice<UInt8>]? {
    if buffer.first == 0x16 { throw .tlsHandshake }
    // RFC 9112, 2.2: an empty line in front of a request line is skipped.
    while buffer.starts(with: [0x0D, 0x0A]) { buffer.removeFirst(2) }
    var index = max(0, scanned - 3)
    while index + 3 < buffer.count {
      if buffer[index] == 0x0D, buffer[index + 1] == 0x0A, buffer[index + 2] == 0x0D,
        buffer[index + 3] == 0x0A
      {
        guard index <= Limit.requestHeadBytes else { throw .headTooLarge }
        let lines = try Self.lines(of: buffer[..<index])
        buffer.removeFirst(index + 4)
        return lines
      }
      index += 1
    }
    scanned = buffer.count
    guard buffer.count <= Limit.requestHeadBytes else { throw .headTooLarge }
    return nil
  }

  private static func lines(of head: ArraySlice<UInt8>) throws(HTTPFault) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = head.startIndex
    var index = start
    while index < head.endIndex {
      let byte = head[index]
      if byte == 0x0D, index + 1 < head.endIndex, head[index + 1] == 0x0A {
        lines.append(head[start..<index])
        index += 2
        start = index
        continue
      }
      // A bare CR, LF or NUL hides header lines from one reader and not from another.
      if byte == 0x0D || byte == 0x0A || byte == 0 { throw .badHeader }
      index += 1
    }
    lines.append(head[start...])
    guard lines.count <= Limit.headerLines + 1 else { throw .headTooLarge }
    return lines
  }

  private mutating func begin(_ lines: [ArraySlice<UInt8>]) throws(HTTPFault) {
    let parts = lines[0].split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty,
      parts[0].allSatisfy(Self.isTokenByte), parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw .badRequestLine }
    let version = String(decoding: parts[2], as: UTF8.self)
    guard version.hasPrefix("HTTP/") else { throw .badRequestLine }
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else { throw .unsupportedVersion }
    var headers = HTTPHeaders()
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
        line[..<colon].allSatisfy(Self.isTokenByte)
      else { throw .badHeader }
      let value = String(decoding: line[line.index(after: colon)...], as: UTF8.self)
      headers.add(String(decoding: line[..<colon], as: UTF8.self), value.trimmingBlanks)
    }
    let request = HTTPRequest(
      method: String(decoding: parts[0], as: UTF8.self),
      target: String(decoding: parts[1], as: UTF8.self), headers: headers)
    let connection = headers.all("Connection").joined(separator: ",").lowercased()
    let keepAlive =
      version == "HTTP/1.1" ? !connection.contains("close") : connection.contains("keep-alive")
    expectsContinue = headers["Expect"]?.lowercased() == "100-continue"
    state = try Self.bodyState(request, keepAlive: keepAlive)
  }

  private static func bodyState(
    _ request: HTTPRequest, keepAlive: Bool
  ) throws(HTTPFault) -> State {
    let lengths = request.headers.all("Content-Length")
    let codings = request.headers.all("Transfer-Encoding")
    if !codings.isEmpty {
      guard lengths.isEmpty else { throw .conflictingLengths }
      guard codings.count == 1, codings[0].lowercased() == "chunked" else {
        throw .badTransferEncoding
      }
      return .chunked(request, ChunkedBody(), keepAlive: keepAlive)
    }
    guard let text = lengths.first else {
      let mayHaveBody = request.method == "POST" || request.method == "PUT"
      if mayHaveBody { throw .lengthRequired }
      return .body(request, length: 0, keepAlive: keepAlive)
    }
    guard lengths.count == 1, !text.isEmpty, text.count <= 18,
      text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let length = Int(text)
    else { throw .badContentLength }
    guard length <= Limit.requestBodyBytes else { throw .bodyTooLarge }
    return .body(request, length: length, keepAlive: keepAlive)
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

/// A body in chunks.
///
/// RFC 9112, section 7.1; trailers are read and dropped.
private struct ChunkedBody: Sendable {
  var bytes: [UInt8] = []
  private var inTrailer = false
  private var trailerBytes = 0

  /// Takes whole chunks off the buffer; returns whether the last one was among them.
  mutating func take(from buffer: inout [UInt8]) throws(HTTPFault) -> Bool {
    while true {
      guard let end = Self.lineEnd(in: buffer) else {
        guard buffer.count <= 1024 else { throw .badTransferEncoding }
        return false
      }
      if inTrailer {
        trailerBytes += end + 2
        guard trailerBytes <= Limit.requestHeadBytes else { throw .headTooLarge }
        buffer.removeFirst(end + 2)
        if end == 0 { return true }
        continue
      }
      let digits = buffer[..<end].prefix { $0 != UInt8(ascii: ";") }
      guard !digits.isEmpty, digits.count <= 8,
        let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0
      else { throw .badTransferEncoding }
      guard bytes.count + size <= Limit.requestBodyBytes else { throw .bodyTooLarge }
      if size == 0 {
        buffer.removeFirst(end + 2)
        inTrailer = true
        continue
      }
      guard buffer.count >= end + 2 + size + 2 else { return false }
      bytes.append(contentsOf: buffer[(end + 2)..<(end + 2 + size)])
      guard buffer[end + 2 + size] == 0x0D, buffer[end + 3 + size] == 0x0A else {
        throw .badTransferEncoding
      }
      buffer.removeFirst(end + 2 + size + 2)
    }
  }

  private static func lineEnd(in buffer: [UInt8]) -> Int? {
    var index = 0
    let limit = min(buffer.count - 1, 1024)
    while index < limit {
      if buffer[index] == 0x0D, buffer[index + 1] == 0x0A { return index }
      index += 1
    }
    return nil
  }
}
