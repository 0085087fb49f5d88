import Glibc
import OpenID

/// One accepted connection: reads requests, one at a time, and writes their responses.
final class ServerConnection {
  private enum Phase {
    /// The TLS handshake goes on.
    case greeting
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
  private let stream: ServerStream
  private var watch: Watch?
  private var timer: LoopTimer?
  private var parser = HTTPRequestParser()
  private var phase: Phase
  /// Whether the client speaks plain http although https is spoken here.
  private var isUnsecured = false
  private var output: [UInt8] = []
  private var written = 0
  private var info: ConnectionInfo
  /// What the handshake agreed on; nil for plain http.
  private var security: RequestSecurity?
  /// Whether clients are asked for a certificate here.
  private let asksForCertificates: Bool
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
    stream = ServerStream(descriptor, identity: server.identity)
    asksForCertificates = server.identity?.asksForCertificates == true
    phase = stream.isSecured ? .greeting : .reading
    loop = server.loop
    limits = server.limits
    idleSince = loop.monotonicMilliseconds
    let local = SocketAddress { getsockname(descriptor, $0, $1) }
    info = ConnectionInfo(
      connection: number, requestNumber: 0, remoteAddress: remote.address,
      remotePort: remote.port, localAddress: local?.address ?? "", localPort: local?.port ?? 0)
    watch = loop.watch(descriptor, for: .readable) { [weak self] in self?.becameReady() }
    startTimer(stream.isSecured ? limits.handshakeMilliseconds : limits.headMilliseconds)
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
    case .greeting: isFresh ? .asking : .idle
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
    stream.sayGoodbye()
    Glibc.close(descriptor)
    server?.forget(self)
  }

  func closeWhenAnswered() {
    keepAlive = false
    switch phase {
    case .greeting, .reading, .lingering, .closed: close()
    case .answering: break
    case .writing: phase = .writing(thenClose: true)
    }
  }

  private func startTimer(_ milliseconds: Int) {
    timer?.cancel()
    timer = loop.after(milliseconds: milliseconds) { [weak self] in self?.timeIsUp() }
  }

  private func timeIsUp() {
    if case .greeting = phase, stream.hasBegun { tell(.tooSlow, nil) }
    guard case .reading = phase, !parser.isIdle else { return close() }
    refuse(.tooSlow, Self.plain(408, "The request did not arrive in time.\n"))
  }

  // MARK: Events

  private func becameReady() {
    switch phase {
    case .greeting: greet()
    case .reading: readMore()
    case .answering: close()  // Nothing was waited for: the other side has gone for good.
    case .writing: writeMore()
    case .lingering: if !stream.drop(atMost: Self.readsPerTurn) { close() }
    case .closed: break
    }
  }

  /// Goes on with the TLS handshake.
  private func greet() {
    switch stream.shake() {
    case .waiting: awaitInput()
    case .done:
      security = stream.security()
      beginToRead()
    case .plain:
      isUnsecured = true
      beginToRead()
    case .failed(let fault):
      // Browsers open connections that they never use.
      guard stream.hasBegun else { return close() }
      tell(RefusedRequest.Reason(fault), nil)
      // Closing at once would take away the alert that says why.
      linger()
    }
  }

  private func beginToRead() {
    phase = .reading
    startTimer(limits.headMilliseconds)
    readMore()
  }

  private func awaitInput() {
    watch?.interest = stream.holdsOutput ? [.readable, .writable] : .readable
  }

  private func readMore() {
    var buffer = [UInt8](repeating: 0, count: Self.readBytes)
    reading: for _ in 0..<Self.readsPerTurn {
      switch stream.read(&buffer) {
      case .bytes(let count):
        parser.append(buffer[..<count])
        // A short read of a plain stream has taken everything.
        if count < buffer.count, !stream.isSecured { break reading }
      case .nothing: break reading
      case .ended:
        hasEnded = true
        break reading
      case .failed:
        if stream.refusesCertificate {
          tell(.certificateRefused, nil)
        } else if !parser.isIdle {
          tell(.brokenOff, nil)
        }
        return close()
      }
    }
    advance()
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
    if isUnsecured { return refuseUnsecured(message.request) }
    phase = .answering
    timer?.cancel()
    watch?.interest = []
    saidContinue = false
    bodyTimerRuns = false
    method = message.request.method
    keepAlive = keepAlive && message.keepAlive
    info.requestNumber += 1
    guard let server else { return close() }
    var request = message.request
    request.security = security
    server.dispatch(request, info, Responder(self))
  }

  private func wantsMore() {
    if hasEnded {
      if !parser.isIdle { tell(.brokenOff, nil) }
      return close()
    }
    awaitInput()
    if stream.holdsInput {
      loop.post { [weak self] in
        guard let self, case .reading = self.phase else { return }
        self.readMore()
      }
    }
    if parser.isReadingBody && !bodyTimerRuns {
      bodyTimerRuns = true
      startTimer(limits.bodyMilliseconds)
    }
    if parser.expectsContinue && !saidContinue {
      saidContinue = true
      // A socket with an empty buffer takes these few bytes; if not, the client continues anyway.
      _ = stream.write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), from: 0)
      awaitInput()
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

  /// Answers a request of plain http where https is spoken.
  private func refuseUnsecured(_ request: HTTPRequest) {
    let response = Self.speaksTLS(
      request, info, asksForCertificates: asksForCertificates)
    server?.onRefused?(RefusedRequest(.plainHTTP, of: request, answered: response))
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
      switch stream.write(output, from: written) {
      case .wrote(let count): written += count
      case .full:
        watch?.interest = .writable
        return
      // A browser that left resets the connection, which does no harm.
      case .failed: return close()
      }
    }
    switch stream.flush() {
    case .wrote: finishWriting()
    case .full: watch?.interest = .writable
    case .failed: close()
    }
  }

  private func finishWriting() {
    output = []
    written = 0
    guard case .writing(let thenClose) = phase else { return }
    if thenClose {
      if hasEnded { return close() }
      return linger()
    }
    phase = .reading
    awaitInput()
    idleSince = loop.monotonicMilliseconds
    method = ""
    startTimer(limits.headMilliseconds)
    // Pipelined requests are already in the parser, or in the socket.
    advance()
  }

  /// Says goodbye, and waits for the other side to close.
  private func linger() {
    stream.finish()
    phase = .lingering
    watch?.interest = .readable
    startTimer(limits.lingerMilliseconds)
  }
}
