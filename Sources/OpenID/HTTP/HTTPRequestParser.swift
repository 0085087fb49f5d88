/// Why a request to the loopback server was refused.
///
/// RFC 9112.
public enum HTTPError: Error, Sendable, Equatable {
  /// Not HTTP/1.x, or a request line that does not have three parts.
  case badRequestLine
  /// A version other than 1.0 or 1.1.
  case unsupportedVersion
  /// The first byte of a TLS handshake: https was used instead of http.
  case tlsHandshake
  /// A header line that RFC 9112, section 5, does not allow; obsolete folding included.
  case badHeader
  /// No `Host`, or more than one. RFC 9112, section 3.2.
  case badHost
  /// More lines than ``Limit/headerLines`` or more bytes than ``Limit/requestHeadBytes``.
  case headTooLarge
  /// A body larger than ``Limit/requestBodyBytes``.
  case bodyTooLarge
  /// A `Content-Length` that is not one number. RFC 9112, section 6.3.
  case badContentLength
  /// `Content-Length` and `Transfer-Encoding` together: a smuggling attempt or a broken sender.
  case conflictingLengths
  /// A transfer coding other than `chunked`, or one in HTTP/1.0. RFC 9112, section 6.1.
  case badTransferEncoding
  /// A chunk that RFC 9112, section 7.1, does not allow.
  case badChunk
  /// A POST without a length. RFC 9110, section 15.5.12.
  case lengthRequired

  /// The status code of the response to this error.
  public var status: Int {
    switch self {
    case .badRequestLine, .badHeader, .badHost, .badContentLength, .conflictingLengths, .badChunk,
      .tlsHandshake:
      400
    case .unsupportedVersion: 505
    case .headTooLarge: 431
    case .bodyTooLarge: 413
    case .badTransferEncoding: 501
    case .lengthRequired: 411
    }
  }
}

/// Reads HTTP/1.1 requests as their bytes arrive; each byte is read a bounded number of times.
///
/// Add bytes with ``append(_:)``, then call ``next()``. After an error the connection is unusable.
public struct HTTPRequestParser: Sendable {
  private var buffer = ByteQueue()
  /// Bytes of an unfinished head that were searched for its end without success.
  private var scanned = 0
  private var skippedBytes = 0
  private var state: State = .head
  private var request = HTTPRequest(method: "", target: "")
  private var keepAlive = false
  private var asksToContinue = false

  private enum State: Sendable {
    case head
    case body(length: Int)
    case chunked(ChunkedBody)
    case failed(HTTPError)
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

  /// Whether no byte of a next request has arrived yet.
  public var isIdle: Bool {
    if case .head = state { buffer.isEmpty } else { false }
  }

  /// What could be read of an incomplete or refused request: its first line and its complete header
  /// lines; nil without a first line.
  public var understood: HTTPRequest? {
    guard request.method.isEmpty else {
      return HTTPRequest(method: request.method, target: request.target, headers: request.headers)
    }
    var lines = unfinishedLines
    guard lines.count > 1, let first = Self.requestLine(lines.removeFirst()) else { return nil }
    // The last line may be incomplete.
    let headers = lines.dropLast().compactMap { try? Self.header($0) }
    return HTTPRequest(method: first.method, target: first.target, headers: HTTPHeaders(headers))
  }

  /// How many bytes of cookies the incomplete or refused request has.
  public var cookieBytes: Int {
    guard request.method.isEmpty else {
      return request.headers.all("Cookie").reduce(0) { $0 + $1.utf8.count }
    }
    let name = Array("cookie:".utf8)
    return unfinishedLines.reduce(0) { total, line in
      let start = line.prefix(name.count)
      let isCookie =
        start.count == name.count && zip(start, name).allSatisfy { $0 | 0x20 == $1 }
      return isCookie ? total + line.count - name.count : total
    }
  }

  /// The lines of a head whose end was not found.
  private var unfinishedLines: [ArraySlice<UInt8>] {
    buffer.bytes.prefix(Limit.requestHeadBytes)
      .split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { $0.last == 0x0D ? $0.dropLast() : $0 }
  }

  /// Whether a head was read and its body is not complete yet.
  public var isReadingBody: Bool {
    switch state {
    case .body, .chunked: true
    case .head, .failed: false
    }
  }

  /// Whether a head with `Expect: 100-continue` was read whose body has not begun.
  public var expectsContinue: Bool { asksToContinue && buffer.isEmpty }

  /// Takes bytes from the connection.
  public mutating func append(_ bytes: some Sequence<UInt8>) {
    buffer.append(bytes)
  }

  /// Returns the next whole request, or nil when more bytes are needed.
  ///
  /// - Throws: ``HTTPError``; after the first error, every call throws it again.
  public mutating func next() throws(HTTPError) -> Message? {
    do throws(HTTPError) {
      while true {
        switch state {
        case .failed(let fault): throw fault
        case .head:
          guard let head = try takeHead() else { return nil }
          try begin(head)
        case .body(let length):
          guard buffer.count >= length else { return nil }
          request.body = Array(buffer.bytes.prefix(length))
          buffer.removeFirst(length)
          return finish()
        case .chunked(var body):
          // The body's bytes go straight to the request: a copy in the state would double the
          // memory with every chunk.
          let done = try body.take(from: &buffer, into: &request.body)
          if !buffer.isEmpty || !request.body.isEmpty { asksToContinue = false }
          state = .chunked(body)
          return done ? finish() : nil
        }
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  private mutating func finish() -> Message {
    let message = Message(request: request, keepAlive: keepAlive)
    state = .head
    scanned = 0
    skippedBytes = 0
    asksToContinue = false
    request = HTTPRequest(method: "", target: "")
    return message
  }

  /// Cuts the head off the buffer: lines up to an empty one.
  private mutating func takeHead() throws(HTTPError) -> [ArraySlice<UInt8>]? {
    // RFC 9112, 2.2: an empty line in front of a request line is skipped.
    while buffer.bytes.starts(with: [0x0D, 0x0A]) {
      buffer.removeFirst(2)
      scanned = 0
      skippedBytes += 2
      guard skippedBytes <= Limit.requestHeadBytes else { throw .headTooLarge }
    }
    if buffer.bytes.first == 0x16 { throw .tlsHandshake }
    let bytes = buffer.bytes
    let start = bytes.startIndex
    var index = start + max(0, scanned - 3)
    while index + 3 < bytes.endIndex {
      if bytes[index] == 0x0D, bytes[index + 1] == 0x0A, bytes[index + 2] == 0x0D,
        bytes[index + 3] == 0x0A
      {
        guard index - start <= Limit.requestHeadBytes else { throw .headTooLarge }
        let lines = try Self.lines(of: bytes[..<index])
        buffer.removeFirst(index + 4 - start)
        return lines
      }
      index += 1
    }
    scanned = bytes.count
    // The last three bytes may belong to the end of the head.
    guard bytes.count <= Limit.requestHeadBytes + 3 else { throw .headTooLarge }
    return nil
  }

  private static func lines(of head: ArraySlice<UInt8>) throws(HTTPError) -> [ArraySlice<UInt8>] {
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
      // One parser may end a header line at a bare CR, LF or NUL, and another may not.
      if byte == 0x0D || byte == 0x0A || byte == 0 { throw .badHeader }
      index += 1
    }
    lines.append(head[start...])
    guard lines.count <= Limit.headerLines + 1 else { throw .headTooLarge }
    return lines
  }

  private mutating func begin(_ lines: [ArraySlice<UInt8>]) throws(HTTPError) {
    guard let (method, target, version) = Self.requestLine(lines[0]) else { throw .badRequestLine }
    request = HTTPRequest(method: method, target: target)
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else { throw .unsupportedVersion }
    // One by one, so that the lines before an error are still known.
    for line in lines.dropFirst() { request.headers.lines.append(try Self.header(line)) }
    let headers = request.headers
    let hosts = headers.all("Host").count
    guard hosts == 1 || hosts == 0 && version == "HTTP/1.0" else { throw .badHost }
    let connection = headers.all("Connection").joined(separator: ",").split(at: ",")
      .map { $0.asciiLowercased.trimmingBlanks }
    keepAlive =
      version == "HTTP/1.1" ? !connection.contains("close") : connection.contains("keep-alive")
    let expectation = headers["Expect"].map { $0.asciiLowercased }
    asksToContinue = version == "HTTP/1.1" && expectation == "100-continue"
    if version == "HTTP/1.0", headers["Transfer-Encoding"] != nil { throw .badTransferEncoding }
    state = try Self.bodyState(request)
  }

  /// The three parts of a first line.
  private static func requestLine(
    _ line: ArraySlice<UInt8>
  ) -> (method: String, target: String, version: String)? {
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty,
      parts[0].allSatisfy(isTokenByte), parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      parts[2].starts(with: "HTTP/".utf8)
    else { return nil }
    return (
      String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self),
      String(decoding: parts[2], as: UTF8.self)
    )
  }

  /// Reads one header line.
  ///
  /// RFC 9110, section 5.5: control characters other than a tab are not allowed in a value.
  static func header(_ line: ArraySlice<UInt8>) throws(HTTPError) -> HTTPHeader {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(isTokenByte)
    else { throw .badHeader }
    let value = line[(colon + 1)...]
    guard value.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else { throw .badHeader }
    return HTTPHeader(
      String(decoding: line[..<colon], as: UTF8.self),
      String(decoding: value, as: UTF8.self).trimmingBlanks)
  }

  private static func bodyState(_ request: HTTPRequest) throws(HTTPError) -> State {
    let lengths = request.headers.all("Content-Length")
    let codings = request.headers.all("Transfer-Encoding")
    if !codings.isEmpty {
      guard lengths.isEmpty else { throw .conflictingLengths }
      guard codings.count == 1, codings[0].asciiLowercased.isIdentical(to: "chunked") else {
        throw .badTransferEncoding
      }
      return .chunked(ChunkedBody())
    }
    guard let text = lengths.first else {
      let mayHaveBody = request.method == "POST" || request.method == "PUT"
      if mayHaveBody { throw .lengthRequired }
      return .body(length: 0)
    }
    guard lengths.count == 1, text.utf8.count <= 18, text.isDigits, let length = Int(text)
    else { throw .badContentLength }
    guard length <= Limit.requestBodyBytes else { throw .bodyTooLarge }
    return .body(length: length)
  }
}
