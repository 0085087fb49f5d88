import Glibc
import OpenID

/// One accepted connection: reads requests, one at a time, and writes their responses.
final class ServerConnection {
  private enum Phase {
    /// Waits for a request, or reads one.
    case reading
    /// The handler has a request; nothing is read meanwhile.
    case answering
    /// A response is being sent.
    case writing(thenClose: Bool)
    /// The last response is sent; further input is dropped, so that closing does not reset.
    case lingering
    case closed
  }

  /// The most bytes of one read.
  private static let readBytes = 16 * 1024
  /// How long a silent new connection still counts as about to send a request.
  private static let freshMilliseconds: Int64 = 250
  /// Reads of one connection in one turn, so that a fast sender does not block others.
  private static let readsPerTurn = 8

  let number: Int
  private(set) var idleSince: Int64

  private weak var server: HTTPServer?
  private let loop: PollLoop
  private let limits: ServerLimits
  private let descriptor: Int32
  private var watch: Watch?
  private var timer: LoopTimer?
  private var parser = HTTPRequestParser()
  private var phase = Phase.reading
  private var output: [UInt8] = []
  private var written = 0
  private var info: ConnectionInfo
  private var method = ""
  private var keepAlive = true
  private var saidContinue = false
  private var bodyTimerRuns = false
  private var hasEnded = false
  private var isAdvancing = false

  init(_ server: HTTPServer, number: Int, descriptor: Int32, remote: SocketAddress) {
    self.server = server
    self.number = number
    self.descriptor = descriptor
    loop = server.loop
    limits = server.limits
    idleSince = loop.monotonicMilliseconds
    let local = SocketAddress { getsockname(descriptor, $0, $1) }
    info = ConnectionInfo(
      connection: number, requestNumber: 0, remoteAddress: remote.address,
      remotePort: remote.port, localAddress: local?.address ?? "", localPort: local?.port ?? 0)
    watch = loop.watch(descriptor, for: .readable) { [weak self] in self?.becameReady() }
    startTimer(limits.headMilliseconds)
  }

  /// How much closing a connection would lose, least first.
  enum Worth: Int, Comparable {
    /// Before a request, or after the last response.
    case idle
    /// A request is arriving.
    case asking
    /// A response is being sent.
    case taking
    /// The handler has a request.
    case answering

    static func < (left: Worth, right: Worth) -> Bool { left.rawValue < right.rawValue }
  }

  /// Whether the connection is so new that its first bytes may still be on the way.
  private var isFresh: Bool {
    info.requestNumber == 0 && loop.monotonicMilliseconds - idleSince < Self.freshMilliseconds
  }

  /// How much closing this connection would lose.
  var worth: Worth {
    switch phase {
    case .reading: parser.isIdle && !isFresh ? .idle : .asking
    case .writing: .taking
    case .answering: .answering
    case .lingering, .closed: .idle
    }
  }

  // MARK: Ends

  func close() {
    if case .closed = phase { return }
    phase = .closed
    timer?.cancel()
    if let watch { loop.unwatch(watch) }
    watch = nil
    Glibc.close(descriptor)
    server?.forget(self)
  }

  func closeWhenAnswered() {
    keepAlive = false
    switch phase {
    case .reading, .lingering, .closed: close()
    case .answering: break
    case .writing: phase = .writing(thenClose: true)
    }
  }

  private func startTimer(_ milliseconds: Int) {
    timer?.cancel()
    timer = loop.after(milliseconds: milliseconds) { [weak self] in self?.timeIsUp() }
  }

  private func timeIsUp() {
    guard case .reading = phase, !parser.isIdle else { return close() }
    refuse(.tooSlow, Self.plain(408, "The request did not arrive in time.\n"))
  }

  // MARK: Events

  private func becameReady() {
    switch phase {
    case .reading: readMore()
    case .answering: close()  // Nothing was waited for: the other side has gone for good.
    case .writing: writeMore()
    case .lingering: drop()
    case .closed: break
    }
  }

  private func readMore() {
    var buffer = [UInt8](repeating: 0, count: Self.readBytes)
    for _ in 0..<Self.readsPerTurn {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        parser.append(buffer[..<count])
        if count == buffer.count { continue }
      } else if count == 0 {
        hasEnded = true
      } else if errno == EINTR {
        continue
      } else if errno != EAGAIN && errno != EWOULDBLOCK {
        if !parser.isIdle { tell(.brokenOff, nil) }
        return close()
      }
      break
    }
    advance()
  }

  private func drop() {
    var buffer = [UInt8](repeating: 0, count: Self.readBytes)
    for _ in 0..<Self.readsPerTurn {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return close() }
      if count < 0 { return }
    }
  }

  // MARK: Requests

  /// Takes requests from the parser as long as they are answered at once.
  private func advance() {
    // A handler that answers at once calls back through `answer`: then the loop continues instead.
    guard !isAdvancing else { return }
    isAdvancing = true
    defer { isAdvancing = false }
    var requests = 0
    while case .reading = phase {
      guard requests < limits.requestsPerTurn else { return goOnLater() }
      requests += 1
      do throws(HTTPError) {
        guard let message = try parser.next() else { return wantsMore() }
        begin(message)
      } catch {
        refuse(RefusedRequest.Reason(error), Self.refusal(error))
      }
    }
  }

  /// Leaves requests that have already arrived for the next turn.
  private func goOnLater() {
    // Reading on would only queue more of them.
    watch?.interest = []
    loop.post { [weak self] in
      guard let self, case .reading = self.phase else { return }
      self.advance()
    }
  }

  private func begin(_ message: HTTPRequestParser.Message) {
    phase = .answering
    timer?.cancel()
    watch?.interest = []
    saidContinue = false
    bodyTimerRuns = false
    method = message.request.method
    keepAlive = keepAlive && message.keepAlive
    info.requestNumber += 1
    guard let server else { return close() }
    server.dispatch(message.request, info, Responder(self))
  }

  private func wantsMore() {
    if hasEnded {
      if !parser.isIdle { tell(.brokenOff, nil) }
      return close()
    }
    watch?.interest = .readable
    if parser.isReadingBody && !bodyTimerRuns {
      bodyTimerRuns = true
      startTimer(limits.bodyMilliseconds)
    }
    if parser.expectsContinue && !saidContinue {
      saidContinue = true
      // A socket with an empty buffer takes these few bytes; if not, the client continues anyway.
      let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
      _ = Glibc.send(descriptor, interim, interim.count, Int32(MSG_NOSIGNAL))
    }
  }

  // MARK: Responses

  /// Sends the response to the request that is with the handler.
  func answer(_ response: HTTPResponse) {
    guard case .answering = phase else { return }
    let wantsClose =
      response.headers.all("Connection").contains { $0.asciiLowercased == "close" }
    send(response, thenClose: !keepAlive || wantsClose)
  }

  /// Answers bytes that never became a request, and reports them.
  private func refuse(_ reason: RefusedRequest.Reason, _ response: HTTPResponse) {
    var response = response
    response.headers.set("Connection", "close")
    tell(reason, response)
    send(response, thenClose: true)
  }

  private func tell(_ reason: RefusedRequest.Reason, _ response: HTTPResponse?) {
    server?.onRefused?(
      RefusedRequest(
        reason, of: parser.understood, answered: response, cookieBytes: parser.cookieBytes))
  }

  private func send(_ response: HTTPResponse, thenClose: Bool) {
    output = Self.wire(response, method: method, close: thenClose)
    written = 0
    phase = .writing(thenClose: thenClose)
    startTimer(limits.writeMilliseconds)
    writeMore()
  }

  private func writeMore() {
    while written < output.count {
      let count = output.withUnsafeBytes { bytes in
        Glibc.send(
          descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written,
          Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
        watch?.interest = .writable
        return
      }
      // A browser that left resets the connection, which does no harm.
      guard count > 0 else { return close() }
      written += count
    }
    finishWriting()
  }

  private func finishWriting() {
    output = []
    written = 0
    guard case .writing(let thenClose) = phase else { return }
    if thenClose {
      if hasEnded { return close() }
      shutdown(descriptor, Int32(SHUT_WR))
      phase = .lingering
      watch?.interest = .readable
      startTimer(limits.lingerMilliseconds)
      return
    }
    phase = .reading
    watch?.interest = .readable
    idleSince = loop.monotonicMilliseconds
    method = ""
    startTimer(limits.headMilliseconds)
    // Pipelined requests are already in the parser, or in the socket.
    advance()
  }

  // MARK: Texts

  static func plain(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(status: status, mediaType: "text/plain; charset=utf-8", text: text)
  }

  static func closing(_ status: Int, _ text: String) -> HTTPResponse {
    var response = plain(status, text)
    response.headers.add("Connection", "close")
    return response
  }

  private static func refusal(_ fault: HTTPError) -> HTTPResponse {
    switch fault {
    case .tlsHandshake:
      plain(400, "This port speaks plain http, and the request was https: use http:// here.\n")
    case .lengthRequired: plain(fault.status, "The request has a body without Content-Length.\n")
    case .bodyTooLarge:
      plain(fault.status, "The body is larger than \(Limit.requestBodyBytes) bytes.\n")
    case .headTooLarge:
      plain(
        fault.status,
        "The head is larger than \(Limit.requestHeadBytes) bytes or \(Limit.headerLines) lines.\n")
    case .unsupportedVersion: plain(fault.status, "Only HTTP/1.0 and HTTP/1.1 are spoken here.\n")
    case .badTransferEncoding:
      plain(fault.status, "The only transfer coding understood here is chunked.\n")
    case .badRequestLine, .badHeader, .badHost, .badContentLength, .conflictingLengths, .badChunk:
      plain(fault.status, "The request is not HTTP/1.1 as RFC 9112 describes it.\n")
    }
  }

  /// The response's bytes; RFC 9110, section 6.4.1, says which have no body.
  private static func wire(_ response: HTTPResponse, method: String, close: Bool) -> [UInt8] {
    var message = response
    message.reason = harmless(message.reason)
    message.headers = HTTPHeaders(
      message.headers.lines.map { HTTPHeader(harmless($0.name), harmless($0.value)) })
    if close { message.headers.set("Connection", "close") }
    let hasNoBody = message.status == 204 || message.status == 304 || message.status < 200
    if hasNoBody {
      message.headers.lines.removeAll { $0.name.asciiLowercased == "content-length" }
      return Array(message.head.utf8) + Array("\r\n\r\n".utf8)
    }
    guard method == "HEAD" else { return message.serialized() }
    message.headers.set("Content-Length", String(message.body.count))
    return Array(message.head.utf8) + Array("\r\n\r\n".utf8)
  }

  /// A line break in a header value would let its author add header lines or a body.
  private static func harmless(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else { return text }
    let bytes = text.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
    return String(decoding: bytes, as: UTF8.self)
  }
}
